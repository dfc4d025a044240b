/** @slow builds the package for Python, and installs the CDK for Python from PyPI */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APPS, DOORS, generatePackage, PolyglotProject, programOf, VERSIONS } from './polyglot-project';
import { findInterpreters, prepareUv } from '../lambda-runtime/python-environments';
import { scratchFolder } from '../src/synthesis';

const project = new PolyglotProject();
const environment = scratchFolder();
const python = path.join(environment, 'bin/python');

beforeAll(() => {
  const uv = prepareUv();
  const source = generatePackage('python');
  execFileSync(uv, ['build', '--quiet', '--wheel', '--out-dir', path.join(source, 'dist'), source]);
  const [wheel] = readdirSync(path.join(source, 'dist')).filter((file) => file.endsWith('.whl'));
  execFileSync(uv, ['venv', '--quiet', '--python', findInterpreters().at(-1)!.executable, environment]);
  execFileSync(uv, [
    'pip', 'install', '--quiet', '--python', python,
    path.join(source, 'dist', wheel), `aws-cdk-lib==${VERSIONS['aws-cdk-lib']}`, `constructs==${VERSIONS.constructs}`,
  ]);
}, 600_000);

test('a stack in Python makes the template that a stack in JavaScript makes', () => {
  const stack = path.join(project.stackFolder, 'app.py');
  writeFileSync(stack, [
    'import aws_cdk as cdk',
    'from cdk_wrapped_web_app import WrappedWebApp',
    'app = cdk.App()',
    "stack = cdk.Stack(app, 'Web')",
    `for entry in ${JSON.stringify(APPS)}:`,
    `    for door in ${JSON.stringify(DOORS)}:`,
    "        WrappedWebApp(stack, f'{entry}-{door}'.replace('/', '-'), entry=entry, front_door=door)",
    'app.synth()',
  ].join('\n'));
  expect(project.synthesize([python, stack])).toEqual(project.expected());
});

test('so does the stack of docs/languages/python.md', () => {
  const stack = path.join(project.stackFolder, 'page.py');
  writeFileSync(stack, programOf('python.md', 'python'));
  expect(project.synthesize([python, stack])).toEqual(project.expectedOfPages());
});

/** Lines of a stack, and what is told about them in a folder that has no node_modules. */
const MISTAKES = [
  ["WrappedWebApp(stack, 'Door', entry='src/app.ts', front_door='abl')", 'Web/Door: frontDoor must be one of function-url, http-api, rest-api, alb or a FrontDoor, got "abl"'],
  ["WrappedWebApp(stack, 'Entry', entry='src/ap.ts')", 'Web/Entry: entry src/ap.ts does not exist; it is looked up from the working directory, as <project>/src/ap.ts'],
  ["WrappedWebApp(stack, 'Name', entry='src/app.ts', frontDoor='alb')", "WrappedWebApp.__init__() got an unexpected keyword argument 'frontDoor'"],
  ["AppSource.node('src/app.ts', minfy=True)", "AppSource.node() got an unexpected keyword argument 'minfy'"],
  // The command works without a package.json.
  ["WrappedWebApp(stack, 'Tool', entry='src/app.ts')", 'Web/Tool: esbuild is needed to bundle <project>/src/app.ts but is not installed; run: npm install --save-dev esbuild'],
];

test('mistakes are told as in TypeScript', () => {
  rmSync(path.join(project.folder, 'node_modules'), { recursive: true });
  const file = path.join(project.stackFolder, 'mistakes.py');
  writeFileSync(file, [
    'import aws_cdk as cdk',
    'from cdk_wrapped_web_app import AppSource, WrappedWebApp',
    "stack = cdk.Stack(cdk.App(), 'Web')",
    ...MISTAKES.flatMap(([line]) => ['try:', `    ${line}`, "    print('no error')", 'except Exception as error:', '    print(error)']),
  ].join('\n'));
  const output = execFileSync(python, [file], { cwd: project.folder, env: project.environment({ CDK_OUTDIR: scratchFolder() }), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(output.replaceAll(project.folder, '<project>').trim().split('\n')).toEqual(MISTAKES.map(([, error]) => expect.stringContaining(error)));
});
