/** Scripts that are bundled for a command, and run as the handler of commands runs them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AppSource, NodeAppOptions, WebAppCommand, WrappedWebApp } from '../../../src';
import { PACKAGE_ROOT } from '../../../src/bundling/package-root';
import { Project } from '../bundling/project';
import { scratchFolder } from '../synthesis';

const HANDLER = path.join(PACKAGE_ROOT, 'lib/lambda-runtime/node/command-layer/wrapped-web-app-command.mjs');

interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly directory: string;
}

/** Bundles a project's script, and runs it in the folder of its asset. */
function run(files: { [file: string]: string | object }, script: string, options: NodeAppOptions = {}): Run {
  const project = new Project({ 'package.json': {}, 'app.js': 'module.exports = (req, res) => res.end();', ...files });
  const app = new cdk.App({ outdir: scratchFolder() });
  const stack = new cdk.Stack(app, 'Stack');
  const web = new WrappedWebApp(stack, 'Web', { entry: AppSource.node(project.path('app.js'), options) });
  const command = new WebAppCommand(stack, 'Migrate', { app: web, entry: project.path(script) });
  const assembly = app.synth();
  const { Properties } = assembly.getStackByName('Stack').template.Resources[stack.getLogicalId(command.handler.node.defaultChild as cdk.CfnElement)];
  const directory = path.join(assembly.directory, `asset.${path.parse(Properties.Code.S3Key).name}`);
  const program = `import { handler } from ${JSON.stringify(HANDLER)};
    const log = console.log; console.log = () => {};
    handler({ args: ['--plan'] }, { getRemainingTimeInMillis: () => 20000 }).then(({ output }) => log(output), ({ message }) => { log(message); process.exitCode = 1; });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, ...Properties.Environment.Variables },
  });
  return { status, output: stdout.trim() + stderr, directory };
}

test('a script in TypeScript runs with its imports, its assets and its arguments, at its own path', () => {
  const { output, directory } = run({
    'scripts/migrate.ts': `
      import { readFileSync } from 'node:fs';
      import { steps } from '../src/steps';
      const named: string = readFileSync('migrations/0001.sql', 'utf8');
      console.log(steps, named, process.argv.slice(2), __filename, require.main === module);`,
    'src/steps.ts': 'export const steps = 7;',
    'migrations/0001.sql': 'CREATE TABLE users',
  }, 'scripts/migrate.ts', { assets: ['migrations'] });
  expect(output).toBe(`7 CREATE TABLE users [ '--plan' ] ${directory}/scripts/migrate.ts true`);
  // What is asked for is the script, so nothing of a web app is in its code.
  expect(existsSync(path.join(directory, 'app.cjs'))).toBe(false);
});

test.each([
  ['CommonJS', 'scripts/run.cjs', "const helper = require('./helper.cjs'); module.exports = main; function main() { console.log('ran with', helper); } if (require.main === module) main();",
    'scripts/helper.cjs', "module.exports = 'help'; if (require.main === module) console.log('the helper ran');"],
  ['an ES module', 'scripts/run.mjs', "import { fileURLToPath } from 'node:url'; import { helper } from './helper.mjs'; if (process.argv[1] === fileURLToPath(import.meta.url)) console.log('ran with', helper);",
    'scripts/helper.mjs', "import { pathToFileURL } from 'node:url'; export const helper = 'help'; if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log('the helper ran');"],
  ['an ES module with import.meta.main', 'scripts/run.mjs', "import { helper } from './helper.mjs'; if (import.meta.main) console.log('ran with', helper);",
    'scripts/helper.mjs', "export const helper = 'help'; if (import.meta.main) console.log('the helper ran');"],
  ['a script that awaits at its top', 'scripts/run.ts', "import { helper } from './helper'; await Promise.resolve(); console.log('ran with', helper);", 'scripts/helper.ts', "export const helper = 'help';"],
])('%s knows that it is the program, and its modules know that they are not', (_, script, text, helper, helperText) => {
  expect(run({ [script]: text, [helper]: helperText }, script).output).toBe('ran with help');
});

test('an error in a script has the line of its source, and its exit code is that of the command', () => {
  const { status, output } = run({ 'scripts/broken.ts': 'interface Unused { a: number }\n\nfunction fail(): never {\n  throw new Error("no database");\n}\nfail();\n' }, 'scripts/broken.ts');
  expect([status, output]).toEqual([1, expect.stringContaining('the command node scripts/broken --plan ended with exit code 1')]);
  expect(output).toMatch(/scripts\/broken\.ts:4/);
});

test('fails where a script cannot be bundled', () => {
  expect(() => run({ 'scripts/migrate.ts': "import './nowhere';" }, 'scripts/migrate.ts')).toThrow(/Stack\/Migrate: cannot bundle .*scripts\/migrate\.ts:\n.*Could not resolve "\.\/nowhere"/s);
});
