/** @slow installs packages from npm */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { Project, say } from '../project';

test('packages are installed in the version of the project', () => {
  const version = '2.1.3';
  const project = new Project({
    'package.json': {},
    'src/app.ts': `import ms from 'ms'; ${say("[ms('1s'), require.resolve('ms'), require('ms/package.json').version]")}`,
    'node_modules/ms/package.json': { name: 'ms', version, exports: {} },
  });
  const app = project.bundle('src/app.ts', { nodeModules: ['ms'] });
  expect(app.load('src/app.cjs')).toEqual([1000, path.join(app.directory, 'node_modules/ms/index.js'), version]);
  expect(JSON.parse(app.read('package.json')).dependencies).toEqual({ ms: version });
  expect(existsSync(path.join(app.directory, 'node_modules/.package-lock.json'))).toBe(false);
  // The asset contains no times, cache or paths of this machine, so the next installation gives the same hash.
  expect(project.bundle('src/app.ts', { nodeModules: ['ms'] }).hash).toBe(app.hash);
});

test('the package.json of the app does not change, and its .npmrc is not uploaded', () => {
  const project = new Project({
    'package.json': { name: 'app' },
    '.npmrc': 'fund=false\n',
    'app.ts': '',
    'node_modules/ms/package.json': { name: 'ms', version: '2.1.3' },
  });
  const app = project.bundle('app.ts', { nodeModules: ['ms'], assets: ['package.json'] });
  expect(app.read('package.json')).toBe('{"name":"app"}');
  expect(readdirSync(app.directory).sort()).toEqual(['app.cjs', 'app.cjs.map', 'app.mjs', 'node_modules', 'package.json']);
});

test('what the packages depend on comes from the lock file of the project, also at the root of a monorepo', () => {
  const packages = (folder: string) => ({
    [`${folder}/debug`]: { version: '4.3.4', resolved: 'https://registry.npmjs.org/debug/-/debug-4.3.4.tgz', dependencies: { ms: '2' } },
    [`${folder}/ms`]: { version: '2.1.1', resolved: 'https://registry.npmjs.org/ms/-/ms-2.1.1.tgz' },
    [`${folder}/left-pad`]: { version: '1.3.0', resolved: 'https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz' },
  });
  const project = new Project({
    'package.json': { workspaces: ['web'] },
    'package-lock.json': {
      lockfileVersion: 3,
      packages: { '': { workspaces: ['web'] }, 'web': { dependencies: { 'debug': '^4', 'left-pad': '1' } }, 'node_modules/web': { resolved: 'web', link: true }, ...packages('node_modules') },
    },
    'web/package.json': { dependencies: { 'debug': '^4', 'left-pad': '1' } },
    'web/app.ts': '',
    'node_modules/debug/package.json': { name: 'debug', version: '4.3.4' },
  });
  const app = project.bundle('web/app.ts', { nodeModules: ['debug'] });
  expect(readdirSync(path.join(app.directory, 'node_modules')).sort()).toEqual(['debug', 'ms']);
  expect(JSON.parse(app.read('node_modules/ms/package.json')).version).toBe('2.1.1');
});

describe('install scripts', () => {
  const scripted = () => {
    const project = new Project({
      'package.json': {},
      'app.ts': '',
      'node_modules/scripted/package.json': { name: 'scripted', version: '1.0.0' },
      'source/package.json': { name: 'scripted', version: '1.0.0', scripts: { postinstall: 'node -e "require(\'fs\').writeFileSync(\'ran\', \'\')"' } },
    });
    const packed = spawnSync('npm', ['pack', '--silent'], { cwd: project.path('source'), encoding: 'utf8' }).stdout.trim();
    project.write('package-lock.json', {
      lockfileVersion: 3,
      packages: { '': { dependencies: { scripted: '1.0.0' } }, 'node_modules/scripted': { version: '1.0.0', resolved: `file:${project.path(`source/${packed}`)}`, hasInstallScript: true } },
    });
    return project;
  };
  const written = () => jest.mocked(process.stderr.write).mock.calls.map(([text]) => String(text)).join('');
  beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));
  afterEach(() => jest.restoreAllMocks());

  test('run, and their packages are named', () => {
    const app = scripted().bundle('app.ts', { nodeModules: ['scripted'] });
    expect(existsSync(path.join(app.directory, 'node_modules/scripted/ran'))).toBe(true);
    expect(written()).toContain('Stack/Web: packages with install scripts were installed: scripted; ignoreScripts: true forbids the scripts\n');
  });

  test('do not run with ignoreScripts', () => {
    const app = scripted().bundle('app.ts', { nodeModules: ['scripted'], ignoreScripts: true });
    expect(existsSync(path.join(app.directory, 'node_modules/scripted/ran'))).toBe(false);
    expect(written()).toContain('Stack/Web: the install scripts of scripted did not run, because of ignoreScripts\n');
  });
});

test('fails for lock files of several package managers', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', 'package-lock.json': {}, 'yarn.lock': '', 'node_modules/ms/package.json': { version: '2.1.3' } });
  expect(() => project.bundle('app.ts', { nodeModules: ['ms'] })).toThrow(
    `Stack/Web: nodeModules cannot be installed, because ${project.root} has lock files of several package managers, package-lock.json and yarn.lock; remove those that are not used`);
});

test('fails if the package manager of the lock file is not installed', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', 'pnpm-lock.yaml': '', 'node_modules/ms/package.json': { version: '2.1.3' } });
  const { PATH } = process.env;
  process.env.PATH = project.root;
  try {
    expect(() => project.bundle('app.ts', { nodeModules: ['ms'] })).toThrow(/cannot install nodeModules ms: pnpm install .* failed: spawnSync pnpm ENOENT; .*pnpm-lock.yaml needs pnpm/);
  } finally {
    process.env.PATH = PATH;
  }
});

test('fails if npm cannot install a package, with the error of npm', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', 'node_modules/ms/package.json': { name: 'ms', version: '0.0.0-none' } });
  expect(() => project.bundle('app.ts', { nodeModules: ['ms'] })).toThrow(/Stack\/Web: cannot install nodeModules ms: npm install [^]*failed: [^]*ms@0\.0\.0-none/);
});

test.each([
  ['package-lock.json', 'npm install sharp'],
  ['pnpm-lock.yaml', 'pnpm add sharp'],
  ['yarn.lock', 'yarn add sharp'],
])('fails for a package that is not installed in a project with %s, and says: %s', (lockFile, command) => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', [lockFile]: '' });
  expect(() => project.bundle('app.ts', { nodeModules: ['sharp'] })).toThrow(
    `Stack/Web: nodeModules names "sharp", which ${project.path('app.ts')} cannot import, because it is not installed; run: ${command}`);
});
