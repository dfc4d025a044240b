import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { Project } from '../../project';

test.each<[string, object]>([
  ['has a package for each platform', { optionalDependencies: { '@img/sharp-linux-x64': '1' } }],
  ['is compiled during its installation', { gypfile: true }],
  ['finds its native code through another package', { dependencies: { 'node-gyp-build': '1' } }],
])('warns about a bundled package that %s, and not about others', (_, packageJson) => {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const files = {
    'node_modules/fast/package.json': { name: 'fast', ...packageJson },
    'node_modules/fast/index.js': '',
    'node_modules/plain/package.json': { name: 'plain', optionalDependencies: { fast: '1' } },
    'node_modules/plain/index.js': "require('fast');",
  };
  new Project({ 'package.json': {}, 'app.ts': "import 'plain';", ...files }).bundle('app.ts');
  const warnings = stderr.mock.calls.map(([text]) => String(text)).join('').match(/\S+ has native code.*/g);
  stderr.mockRestore();
  expect(warnings).toEqual([expect.stringContaining('fast has native code, which is not in the bundle; add "fast" to nodeModules, which installs it for Lambda')]);
});

test('names the dependency that brings the package where the app cannot import it itself, as with pnpm', () => {
  const store = 'node_modules/.pnpm';
  const project = new Project({
    'package.json': { dependencies: { client: '1' } },
    'app.ts': "import './database';",
    'database.ts': "import 'client';",
    [`${store}/client@1.0.0/node_modules/client/package.json`]: { name: 'client', dependencies: { between: '1' } },
    [`${store}/client@1.0.0/node_modules/client/index.js`]: "require('between');",
    [`${store}/between@1.0.0/node_modules/between/package.json`]: { name: 'between', dependencies: { fast: '1' } },
    [`${store}/between@1.0.0/node_modules/between/index.js`]: "require('fast');",
    [`${store}/fast@1.0.0/node_modules/fast/package.json`]: { name: 'fast', gypfile: true },
    [`${store}/fast@1.0.0/node_modules/fast/index.js`]: "require('./lib/fast'); require('fs').readFileSync(require('path').join(__dirname, 'data.txt'));",
    [`${store}/fast@1.0.0/node_modules/fast/lib/fast.js`]: '',
    [`${store}/fast@1.0.0/node_modules/fast/data.txt`]: 'data',
  });
  const link = (from: string, to: string) => {
    mkdirSync(path.dirname(project.path(from)), { recursive: true });
    symlinkSync(project.path(to), project.path(from));
  };
  link('node_modules/client', `${store}/client@1.0.0/node_modules/client`);
  link(`${store}/client@1.0.0/node_modules/between`, `${store}/between@1.0.0/node_modules/between`);
  link(`${store}/between@1.0.0/node_modules/fast`, `${store}/fast@1.0.0/node_modules/fast`);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  project.bundle('app.ts');
  const text = stderr.mock.calls.map(([line]) => String(line)).join('');
  stderr.mockRestore();
  const advice = 'add "client", which depends on it, to nodeModules, which installs it for Lambda';
  expect(text).toContain(`fast has native code, which is not in the bundle; ${advice}`);
  expect(text).toContain(`fast reads files beside its code, which are not in the bundle: data.txt (in index.js); ${advice}`);
});

test('native code that was not built fails when the package is loaded, as on plain Node, and not the bundling', () => {
  const files = {
    'node_modules/ssh/package.json': { name: 'ssh', optionalDependencies: { features: '1' } },
    'node_modules/ssh/index.js': "let features; try { features = require('features'); } catch {} module.exports = features ?? 'without';",
    'node_modules/features/package.json': { name: 'features' },
    'node_modules/features/lib/index.js': "module.exports = require('../build/Release/features.node');",
    'node_modules/features/index.js': "module.exports = require('./lib');",
    'node_modules/both/package.json': { name: 'both' },
    'node_modules/both/index.js': "module.exports = require('./main.node');",
    'node_modules/both/main.node.js': "module.exports = ' and both';",
  };
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const bundle = new Project({ 'package.json': {}, 'app.ts': "import both from 'both'; import ssh from 'ssh'; export default (_request: unknown, response: any) => response.end(ssh + both);", ...files }).bundle('app.ts');
  const text = stderr.mock.calls.map(([line]) => String(line)).join('');
  stderr.mockRestore();
  expect(text).toContain('features has native code, which is not in the bundle; add "features" to nodeModules');
  expect(text).not.toContain('both has native code');
  expect(bundle.get('app.cjs', '/').body).toBe('without and both');
});
