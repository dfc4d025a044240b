import { Project, say } from '../../project';

const framework = (statement: string, packageJson: object = {}) => ({
  'package.json': {},
  'app.js': `require('framework'); ${say('1')}`,
  'node_modules/framework/package.json': { name: 'framework', main: 'lib/index.js', ...packageJson },
  'node_modules/framework/lib/package.json': { type: 'commonjs' },
  'node_modules/framework/lib/index.js': `exports.later = () => ${statement};`,
});

test.each([
  ["require('@nestjs/microservices')"],
  ["require('class-validator/package.json')"],
  ["require.resolve('cache-manager')"],
  ["import('optional-esm')"],
])('an optional package of a framework can be missing: %s', statement => {
  expect(new Project(framework(statement)).bundle('app.js').load('app.cjs')).toBe(1);
});

test('an optional package is bundled if it is installed', () => {
  const project = new Project({ ...framework("require('extra')"), 'node_modules/extra/index.js': "module.exports = 'the extra';" });
  expect(project.bundle('app.js').read('app.cjs')).toContain('the extra');
});

test('fails for a missing package in the dependencies of another package', () => {
  const project = new Project(framework("require('needed')", { dependencies: { needed: '1' } }));
  expect(() => project.bundle('app.js')).toThrow(/node_modules\/framework\/lib\/index.js:1:30: ERROR: Could not resolve "needed"|Could not resolve "needed"/);
});

test('fails for a missing package that the app itself requires', () => {
  const project = new Project({ 'package.json': {}, 'src/app.js': "require('forgotten');" });
  expect(() => project.bundle('src/app.js')).toThrow(/Could not resolve "forgotten"[^]*src\/app.js:1:8/);
});
