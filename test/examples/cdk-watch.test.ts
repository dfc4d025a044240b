/** @slow starts the CDK CLI, which watches each example */
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { scratchFolder } from '../src/synthesis';

const ROOT = path.join(__dirname, '../..');
const CDK = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** Files that no deployment needs, or that tools write while the developer works. Each is added to the copy of an example. */
const IGNORED = [
  'cdk.out/manifest.json',
  'cdk.context.json',
  'node_modules/express/index.js',
  'node_modules/cdk-wrapped-web-app/lib/index.js',
  '.git/HEAD',
  '.venv/lib/site-packages/flask/app.py',
];
const IGNORED_IN_PYTHON_APPS = [
  '__pycache__/main.cpython-313.pyc',
  'package/__pycache__/module.cpython-313.pyc',
  '.venv/lib/site-packages/flask/app.py',
];

/** Each example, a file of its app, and the folder with the sources of a Python app. */
const EXAMPLES: { example: string; file: string; pythonFolder?: string; generated?: string[] }[] = [
  { example: 'express', file: 'src/app.ts' },
  { example: 'cloudfront', file: 'src/app.ts' },
  { example: 'hono-streaming', file: 'src/app.ts' },
  { example: 'nestjs-rest-api', file: 'src/notes.service.ts' },
  { example: 'flask-rest-api', file: 'app/main.py', pythonFolder: 'app' },
  { example: 'fastapi-function-url', file: 'app/main.py', pythonFolder: 'app' },
  { example: 'python-stack', file: 'web/main.py', pythonFolder: 'web' },
  { example: 'django-alb', file: 'site/guestbook/views.py', pythonFolder: 'site', generated: ['site/db.sqlite3', 'site/db.sqlite3-journal', 'site/staticfiles/staticfiles.json'] },
];

const processes: ChildProcess[] = [];
afterEach(() => processes.splice(0).forEach(one => one.kill()));

/** The CDK watches the folder of cdk.json only, and this one has its app outside of it, as its page says. */
const NOT_WATCHED = ['monorepo-http-api/infra'];

test('every example is watched here', () => {
  const examples = execFileSync('git', ['ls-files', 'examples/*/cdk.json'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  expect([...EXAMPLES.map(({ example }) => example), ...NOT_WATCHED].map(folder => `examples/${folder}/cdk.json`).sort()).toEqual(examples.sort());
});

test.each(EXAMPLES)('cdk watch deploys $example when $file changes, and ignores generated files', async ({ example, file, pythonFolder, generated = [] }) => {
  const ignored = [...IGNORED, ...pythonFolder ? IGNORED_IN_PYTHON_APPS.map(name => `${pythonFolder}/${name}`) : [], ...generated];
  const added = ['src/plain.js', 'src/module.mjs', 'src/data.json', ...pythonFolder ? [`${pythonFolder}/__init__.py`] : []];
  const sources = filesOf(example).filter(name => !['README.md', 'cdk.json'].includes(name) && !name.split('/').some(part => part.startsWith('.')));
  const folder = copyOf(example, [...ignored, ...added]);

  const watch = startWatch(folder);
  await watch.has("Triggering initial 'cdk deploy'");
  const observed = watch.output().matchAll(/'watch' is observing the file '(.*)' for changes/g);
  expect(new Set([...observed].map(([, name]) => name))).toEqual(new Set([...sources, ...added]));

  for (const name of ignored) appendFileSync(path.join(folder, name), ' ');
  appendFileSync(path.join(folder, file), '\n');
  await watch.has(`Detected change to '${file}' (type: change)`);
  expect(watch.output().match(/Detected change to '.*?'/g)).toEqual([`Detected change to '${file}'`]);
});

/** The files of an example that are in the repository, relative to its folder. */
function filesOf(example: string): string[] {
  return execFileSync('git', ['ls-files'], { cwd: path.join(ROOT, 'examples', example), encoding: 'utf8' }).trim().split('\n');
}

function copyOf(example: string, added: string[]): string {
  const folder = path.join(scratchFolder(), example);
  for (const name of filesOf(example)) cpSync(path.join(ROOT, 'examples', example, name), path.join(folder, name));
  for (const name of added) {
    mkdirSync(path.join(folder, name, '..'), { recursive: true });
    writeFileSync(path.join(folder, name), name.endsWith('.json') ? '{}' : '');
  }
  return folder;
}

/** Starts the real CLI with the settings of the example, but with an app that has no stacks: nothing is bundled or deployed. */
function startWatch(folder: string) {
  const assembly = new cdk.App({ outdir: scratchFolder() }).synth().directory;
  const app = path.join(scratchFolder(), 'no-stacks.cjs');
  writeFileSync(app, `require('node:fs').cpSync(${JSON.stringify(assembly)}, process.env.CDK_OUTDIR, { recursive: true });`);
  const child = spawn(process.execPath, [CDK, 'watch', '--app', `"${process.execPath}" "${app}"`, '--no-notices', '--no-version-reporting'], {
    cwd: folder,
    env: { ...process.env, HOME: scratchFolder(), CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => output += chunk);

  return {
    output: () => output,
    /** Waits until the CLI has printed a text. */
    has: (text: string) => new Promise<void>((resolve, reject) => {
      const check = () => output.includes(text) && resolve();
      child.stdout.on('data', check);
      child.stderr.on('data', check);
      child.on('exit', code => reject(new Error(`cdk watch ended with ${code} and did not print ${JSON.stringify(text)}:\n${output}`)));
      check();
    }),
  };
}
