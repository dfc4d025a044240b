import { Project, say } from '../project';

test('flags of esbuild are added to the other options', () => {
  const source = `console.log('noise'); declare const A: number, B: number; ${say('[A, B]')}`;
  const app = new Project({ 'package.json': {}, 'app.ts': source }).bundle('app.ts', {
    define: { A: '1' },
    externalModules: ['a-module'],
    esbuildArgs: { '--drop:console': true, '--define:B': '2', '--external:another': true, '--log-limit': '0', '--ignore-annotations': '' },
  });
  expect(app.load('app.cjs')).toEqual([1, 2]);
});

test('fails for a flag that does not exist', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { esbuildArgs: { 'log-limit': '1' } })).toThrow(
    /Stack\/Web: cannot bundle [^]*esbuildArgs must be flags such as --log-limit or --drop:console, got "log-limit"/);
  expect(() => project.bundle('app.ts', { esbuildArgs: { '--no-such': true } })).toThrow(/Invalid option in build\(\) call: "noSuch"/);
});
