/** @slow installs packages from npm */
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

test('fails if npm cannot install a package, with the error of npm', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '', 'node_modules/ms/package.json': { name: 'ms', version: '0.0.0-none' } });
  expect(() => project.bundle('app.ts', { nodeModules: ['ms'] })).toThrow(/Stack\/Web: cannot install nodeModules ms: npm install [^]*failed: [^]*ms@0\.0\.0-none/);
});

test('fails for a package that is not installed in the project', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { nodeModules: ['sharp'] })).toThrow(
    `Stack/Web: nodeModules names "sharp", which ${project.path('app.ts')} cannot import, because it is not installed; run: npm install sharp`);
});
