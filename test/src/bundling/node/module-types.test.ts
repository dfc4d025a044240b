import { Bundle, Project } from '../project';

/** The type of the nearest package.json in the asset. */
function typeAt(bundle: Bundle, file: string): unknown {
  return JSON.parse(bundle.read(file)).type;
}

test.each([[{}], [{ type: 'module' }], [{ type: 'commonjs', name: 'shop', version: '1.2.3' }]])(
  'the asset of a project has its type, name and version, and nothing else: %j', (packageJson) => {
    const files = { 'package.json': { ...packageJson, scripts: {}, secret: 1 }, 'app.ts': '', 'lib/x.js': '' };
    const bundle = new Project(files).bundle('app.ts', { assets: ['lib'] });
    expect(JSON.parse(bundle.read('package.json'))).toEqual(packageJson);
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
