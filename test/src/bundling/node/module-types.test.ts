import { Bundle, Project } from '../project';

/** The type of the nearest package.json in the asset. */
function typeAt(bundle: Bundle, file: string): unknown {
  return JSON.parse(bundle.read(file)).type;
}

test.each([[{}, undefined], [{ type: 'module' }, 'module'], [{ type: 'commonjs', name: 'secret', scripts: {} }, 'commonjs']])(
  'the asset of a project with the package.json %j says its type, and nothing else', (packageJson, type) => {
    const bundle = new Project({ 'package.json': packageJson, 'app.ts': '', 'lib/x.js': '' }).bundle('app.ts', { assets: ['lib'] });
    expect(JSON.parse(bundle.read('package.json'))).toEqual({ type });
  });

test('a package.json among the assets stays as it is', () => {
  const bundle = new Project({ 'package.json': { name: 'app', version: '1.2.3' }, 'app.ts': '' }).bundle('app.ts', { assets: ['package.json'] });
  expect(JSON.parse(bundle.read('package.json'))).toEqual({ name: 'app', version: '1.2.3' });
});

test('assets of another package of a monorepo keep its type', () => {
  const project = new Project({ 'package.json': {}, 'web/package.json': { type: 'module' }, 'web/app.ts': '', 'web/plugins/a.js': '', 'lib/b.js': '' });
  const bundle = project.bundle('web/app.ts', { projectRoot: project.root, assets: ['web/plugins', 'lib'] });
  expect([typeAt(bundle, 'package.json'), typeAt(bundle, 'web/package.json')]).toEqual([undefined, 'module']);
});
