import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { EsbuildRunner, runInProcess } from '../../../../src/bundling/node/esbuild-runner';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

const ROOT = path.join(__dirname, '../../../..');
// A thread runs the built package.
const { runInThread }: { runInThread: () => EsbuildRunner } = require(path.join(ROOT, 'lib/bundling/node/esbuild-thread.js')); // eslint-disable-line @typescript-eslint/no-require-imports

const project = new Project({
  'package.json': { name: 'app' },
  'app.ts': "import { greet } from 'greeter';\nrequire(process.argv[9]);\nexport default () => greet(__filename);\n",
  'node_modules/greeter/index.js': "exports.greet = name => 'hello ' + name;",
});

function bundle(run: EsbuildRunner) {
  const outputDirectory = scratchFolder();
  const warnings = run({
    esbuild: require.resolve('esbuild'),
    runtimeDirectory: path.join(ROOT, 'lib/lambda-runtime/node'),
    outputDirectory,
    entry: { file: project.path('app.ts'), relativeFile: 'app.ts', projectRoot: project.root, isModule: false, exportName: undefined },
    bundle: 'app',
    nodeVersion: '24',
    options: {},
  });
  return { warnings, files: contentsOf(outputDirectory) };
}

function contentsOf(directory: string) {
  const files = (readdirSync(directory, { recursive: true }) as string[]).filter(file => statSync(path.join(directory, file)).isFile()).sort();
  return Object.fromEntries(files.map(file => [file, readFileSync(path.join(directory, file), 'utf8')]));
}

test('a thread bundles as a process does, each time with the sources as they are then', () => {
  const inThread = runInThread();
  const first = bundle(inThread);
  expect(first).toEqual(bundle(runInProcess));
  expect(first.warnings).toContain('require(process.argv[9])');

  project.write('node_modules/greeter/index.js', "exports.greet = name => 'good evening ' + name;");
  const second = bundle(inThread);
  expect(second).toEqual(bundle(runInProcess));
  expect(second.files['app.cjs']).toContain('good evening');

  project.write('app.ts', 'import "missing";');
  expect(() => bundle(inThread)).toThrow(/Could not resolve "missing"/);
  expect(() => bundle(runInProcess)).toThrow(/Could not resolve "missing"/);

  project.write('app.ts', 'export default () => 1;');
  expect(bundle(inThread)).toEqual(bundle(runInProcess));
});
