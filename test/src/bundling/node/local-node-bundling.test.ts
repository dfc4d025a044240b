import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { Bundle, Project, say } from '../project';

const APP = `import { greet } from 'greeter';\n${say("{ greeting: greet('Ada'), app: __filename }")}\nexport default (req, res) => res.end();\n`;

const GREETER = {
  'package.json': { name: 'greeter', version: '1.2.3', main: 'index.js' },
  'index.js': "exports.greet = name => 'hello ' + name;",
};

function packageAt(folder: string, files: { [file: string]: string | object } = GREETER) {
  return Object.fromEntries(Object.entries(files).map(([file, content]) => [`${folder}/${file}`, content]));
}

function expectToWork(bundle: Bundle, file = 'src/app.cjs'): void {
  expect(bundle.load(file)).toEqual({ greeting: 'hello Ada', app: path.join(bundle.directory, 'src/app.ts') });
}

test('an app with its own node_modules is bundled', () => {
  expectToWork(new Project({ 'package.json': { name: 'app' }, 'src/app.ts': APP, ...packageAt('node_modules/greeter') }).bundle('src/app.ts'));
});

test('an app in a monorepo is bundled with the packages at the root of the monorepo', () => {
  const project = new Project({
    'package.json': { name: 'mono', workspaces: ['packages/*'] },
    'package-lock.json': { name: 'mono', lockfileVersion: 3 },
    'packages/web/package.json': { name: 'web' },
    'packages/web/src/app.ts': APP,
    ...packageAt('node_modules/greeter'),
  });
  expectToWork(project.bundle('packages/web/src/app.ts'));
});

test('a package of the same monorepo is bundled through its link', () => {
  const project = new Project({
    'package.json': { name: 'mono', workspaces: ['packages/*'] },
    'packages/web/package.json': { name: 'web' },
    'packages/web/src/app.ts': APP,
    'packages/greeter/package.json': { name: 'greeter', main: 'src/index.ts' },
    'packages/greeter/src/index.ts': 'export const greet = (name: string): string => `hello ${name}`;',
    'node_modules/.keep': '',
  });
  symlinkSync('../packages/greeter', project.path('node_modules/greeter'));
  expectToWork(project.bundle('packages/web/src/app.ts'));
});

test("an app with pnpm's node_modules is bundled, each package with its own dependencies", () => {
  const project = new Project({
    'package.json': { name: 'app' },
    'src/app.ts': APP,
    'node_modules/.pnpm/greeter@1.2.3/node_modules/greeter/package.json': { name: 'greeter', main: 'index.js', dependencies: { words: '1' } },
    'node_modules/.pnpm/greeter@1.2.3/node_modules/greeter/index.js': "exports.greet = name => require('words').hello + ' ' + name;",
    'node_modules/.pnpm/words@1.0.0/node_modules/words/index.js': "exports.hello = 'hello';",
  });
  symlinkSync('.pnpm/greeter@1.2.3/node_modules/greeter', project.path('node_modules/greeter'));
  symlinkSync('../../words@1.0.0/node_modules/words', project.path('node_modules/.pnpm/greeter@1.2.3/node_modules/words'));
  expectToWork(project.bundle('src/app.ts'));
});

test('a linked library outside of the project is bundled', () => {
  const library = new Project(GREETER);
  const project = new Project({ 'package.json': { name: 'app' }, 'src/app.ts': APP, 'node_modules/.keep': '' });
  symlinkSync(library.root, project.path('node_modules/greeter'));
  expectToWork(project.bundle('src/app.ts'));
});

test('a project behind a symbolic link is bundled', () => {
  const project = new Project({ 'package.json': { name: 'app' }, 'src/app.ts': APP, ...packageAt('node_modules/greeter') });
  const elsewhere = new Project({});
  symlinkSync(project.root, elsewhere.path('link'));
  expectToWork(elsewhere.bundle('link/src/app.ts'));
});

test.each([
  ['no lock file', {}],
  ['two lock files', { 'package-lock.json': '{}', 'yarn.lock': '' }],
])('a project with %s is bundled', (_, locks) => {
  expectToWork(new Project({ 'package.json': { name: 'app' }, 'src/app.ts': APP, ...packageAt('node_modules/greeter'), ...locks }).bundle('src/app.ts'));
});

describe('the asset hash', () => {
  const files = {
    'package.json': { name: 'app' },
    'src/app.ts': `${APP}export const url = import.meta.url;`,
    'public/style.css': 'body { margin: 0 }',
    ...packageAt('node_modules/greeter'),
  };

  test('is the same for the same input in two directories', () => {
    const [one, two] = [new Project(files), new Project(files)].map(project => project.bundle('src/app.ts', { assets: ['public'] }));
    expect(two.hash).toBe(one.hash);
    expect(two.directory).not.toBe(one.directory);
  });

  test('does not depend on the folder of this library, because the bundle contains none of its paths', () => {
    const project = new Project(files);
    const bundle = project.bundle('src/app.ts', { sourcesContent: true });
    for (const file of ['src/app.cjs', 'src/app.cjs.map']) {
      expect(bundle.read(file)).not.toContain(path.resolve(__dirname, '../../../..'));
      expect(bundle.read(file)).not.toContain(project.root);
    }
    expect(JSON.parse(bundle.read('src/app.cjs.map')).sources).toEqual(expect.arrayContaining([
      'app.ts',
      '../node_modules/greeter/index.js',
      'cdk-wrapped-web-app:lambda-runtime/node/serve-module.mjs',
    ]));
  });

  test('changes with the code, with an asset and with an option', () => {
    const project = new Project(files);
    const hashes = [project.bundle('src/app.ts', { assets: ['public'] }).hash, project.bundle('src/app.ts', { assets: ['public'], minify: true }).hash];
    project.write('public/style.css', 'body { margin: 1px }');
    hashes.push(project.bundle('src/app.ts', { assets: ['public'] }).hash);
    project.write('src/app.ts', `${APP}// changed\nconsole.log(1);`);
    hashes.push(project.bundle('src/app.ts', { assets: ['public'] }).hash);
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('in one stack', () => {
  test('two apps with different entries in one folder have different bundles', () => {
    const project = new Project({ 'package.json': {}, 'src/one.ts': say('1'), 'src/two.ts': say('2') });
    const [one, two] = project.bundles([{ entry: 'src/one.ts' }, { entry: 'src/two.ts' }]);
    expect([one.load('src/one.cjs'), two.load('src/two.cjs')]).toEqual([1, 2]);
  });

  test('two apps with one entry and different options have different bundles', () => {
    const project = new Project({ 'package.json': {}, 'src/app.ts': `declare const N: number; ${say('N')}` });
    const [one, two] = project.bundles([
      { entry: 'src/app.ts', options: { define: { N: '1' } } },
      { entry: 'src/app.ts', options: { define: { N: '2' } } },
    ]);
    expect([one.load('src/app.cjs'), two.load('src/app.cjs')]).toEqual([1, 2]);
  });

  test('two apps with the same entry and options share one bundle', () => {
    const project = new Project({ 'package.json': {}, 'src/app.ts': say('1') });
    const [one, two] = project.bundles([{ entry: 'src/app.ts' }, { entry: 'src/app.ts', props: { frontDoor: 'http-api' } }]);
    expect(two.directory).toBe(one.directory);
    expect(readdirSync(path.dirname(one.directory)).filter(name => /^asset\.\w+$/.test(name))).toHaveLength(1);
  });
});

test('the esbuild of the project is used instead of the one of this library', () => {
  const project = new Project({ 'package.json': {}, 'src/app.ts': say('1') });
  mkdirSync(project.path('node_modules/esbuild'), { recursive: true });
  const own = path.dirname(require.resolve('esbuild/package.json'));
  cpSync(path.join(own, 'package.json'), project.path('node_modules/esbuild/package.json'));
  project.write('node_modules/esbuild/lib/main.js', "exports.build = async () => { throw new Error('the project has its own'); };");
  expect(() => project.bundle('src/app.ts')).toThrow('the project has its own');
});
