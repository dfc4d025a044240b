/** @slow builds the package for Python, and installs the CDK for Python from PyPI */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APPS, DOORS, generatePackage, MISTAKES, PolyglotProject, programOf, ROOT, VERSIONS } from './polyglot-project';
import { findInterpreters, prepareUv } from '../lambda-runtime/python-environments';
import { send } from '../local/fixtures/http-client';
import { lines, serveAssembly } from '../local/fixtures/serving';
import { scratchFolder } from '../src/synthesis';

const project = new PolyglotProject();
const environment = scratchFolder();
const python = path.join(environment, 'bin/python');
// The version that the functions have, where this machine has it, so that what is bundled for it can be served.
const interpreters = findInterpreters();
const interpreter = interpreters.find(({ version }) => version === '3.13') ?? interpreters.at(-1)!;

beforeAll(() => {
  const uv = prepareUv();
  process.env.PATH = [path.dirname(python), path.dirname(uv), process.env.PATH].join(path.delimiter);
  const source = generatePackage('python');
  execFileSync(uv, ['build', '--quiet', '--wheel', '--out-dir', path.join(source, 'dist'), source]);
  const [wheel] = readdirSync(path.join(source, 'dist')).filter((file) => file.endsWith('.whl'));
  execFileSync(uv, ['venv', '--quiet', '--python', interpreter.executable, environment]);
  execFileSync(uv, [
    'pip', 'install', '--quiet', '--python', python, '--requirements', path.join(EXAMPLE, 'requirements.txt'),
    path.join(source, 'dist', wheel), `aws-cdk-lib==${VERSIONS['aws-cdk-lib']}`, `constructs==${VERSIONS.constructs}`,
  ]);
}, 600_000);

/** A stack with all apps behind all doors, and that of the page. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'app.py': [
    'import aws_cdk as cdk',
    'from cdk_wrapped_web_app import WrappedWebApp',
    'app = cdk.App()',
    "stack = cdk.Stack(app, 'Web')",
    `for entry in ${JSON.stringify(APPS)}:`,
    `    for door in ${JSON.stringify(DOORS)}:`,
    "        WrappedWebApp(stack, f'{entry}-{door}'.replace('/', '-'), entry=entry, front_door=door)",
    'app.synth()',
  ].join('\n'),
  'page.py': programOf('python.md', 'python'),
};

/** Runs programs one after the other, and keeps their templates. In one process, since Python needs seconds to import the CDK. */
const RUN_ALL = [
  'import os, runpy, shutil, sys',
  'for program in sys.argv[1:]:',
  "    runpy.run_path(program, run_name='__main__')",
  "    shutil.move(os.path.join(os.environ['CDK_OUTDIR'], 'Web.template.json'), f'{program}.template.json')",
].join('\n');

test('a stack in Python makes the template that a stack in JavaScript makes, and so does that of docs/languages/python.md', () => {
  const files = Object.entries(PROGRAMS).map(([name, program]) => {
    const file = path.join(project.stackFolder, name);
    writeFileSync(file, program);
    return file;
  });
  execFileSync(python, ['-c', RUN_ALL, ...files], { cwd: project.folder, env: project.environment({ CDK_OUTDIR: scratchFolder() }), stdio: ['ignore', 'pipe', 'pipe'] });
  const [app, page] = files.map((file) => JSON.parse(readFileSync(`${file}.template.json`, 'utf8')));
  expect(app).toEqual(project.expected());
  expect(page).toEqual(project.expectedOfPages());
});

const EXAMPLE = path.join(ROOT, 'examples/python-stack');

test('examples/python-stack synthesizes and serves', async () => {
  const assembly = scratchFolder();
  const { app } = JSON.parse(readFileSync(path.join(EXAMPLE, 'cdk.json'), 'utf8'));
  execFileSync('sh', ['-c', app], { cwd: EXAMPLE, env: project.environment({ CDK_OUTDIR: assembly }), stdio: ['ignore', 'pipe', 'pipe'] });
  const [{ url }] = (await serveAssembly(assembly)).doors;
  expect((await send(url, { path: '/' })).body.toString()).toContain('Dice with 20 sides');
  const rolled = await send(url, { path: '/roll', method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'dice=3' });
  expect([rolled.status, rolled.headers.location]).toEqual([302, [expect.stringMatching(/^\/\?roll=\d+&roll=\d+&roll=\d+$/)]]);
  expect((await send(url, { path: rolled.headers.location[0] })).body.toString()).toMatch(/You rolled \d+, \d+, \d+\./);
  expect(lines.join('\n')).not.toMatch(/error/i);
  // Its page calls the command that comes with the package.
  expect(existsSync(path.join(environment, 'bin/cdk-wrapped-web-app'))).toBe(true);
});

test('the links on the page of the package on PyPI lead somewhere', () => {
  const packages = path.join(environment, 'lib', `python${interpreter.version}`, 'site-packages');
  const [metadata] = readdirSync(packages).filter((name) => /^cdk_wrapped_web_app-.*\.dist-info$/.test(name));
  const page = readFileSync(path.join(packages, metadata, 'METADATA'), 'utf8');
  const links = [...page.matchAll(/\]\(([^)\s]+)\)|\s(?:src|srcset|href)="([^"]+)"/g)].map(([, link, attribute]) => link ?? attribute);
  expect(links.length).toBeGreaterThan(40);
  expect(links.filter((link) => !/^https:\/\//.test(link))).toEqual([]);
});

/** What Python itself says of names that are wrong. */
const WRONG_NAMES = [
  ["WrappedWebApp(stack, 'Name', entry='src/app.ts', frontDoor='alb')", "WrappedWebApp.__init__() got an unexpected keyword argument 'frontDoor'"],
  ["AppSource.node('src/app.ts', minfy=True)", "AppSource.node() got an unexpected keyword argument 'minfy'"],
];

test('mistakes are told as in TypeScript', () => {
  const mistakes = [
    ...MISTAKES.map(([id, entry, door, error]) => [`WrappedWebApp(stack, '${id}', entry='${entry}', front_door='${door}')`, error]),
    ...WRONG_NAMES,
  ];
  const file = path.join(project.stackFolder, 'mistakes.py');
  writeFileSync(file, [
    'import aws_cdk as cdk',
    'from cdk_wrapped_web_app import AppSource, WrappedWebApp',
    "stack = cdk.Stack(cdk.App(), 'Web')",
    ...mistakes.flatMap(([line]) => ['try:', `    ${line}`, "    print('no error')", 'except Exception as error:', '    print(error)']),
  ].join('\n'));
  expect(project.told([python, file])).toEqual(mistakes.map(([, error]) => expect.stringContaining(error)));
});
