import { Project } from '../project';

test('fails for an asset that does not exist', () => {
  const project = new Project({ 'package.json': {}, 'src/app.ts': '' });
  expect(() => project.bundle('src/app.ts', { assets: ['views'] })).toThrow(
    `Stack/Web: asset "views" does not exist; it is looked up from the project root, as ${project.path('views')}`);
});

test('fails for an asset outside of the project', () => {
  const project = new Project({ 'web/package.json': {}, 'web/src/app.ts': '', 'shared/logo.svg': '' });
  expect(() => project.bundle('web/src/app.ts', { assets: ['../shared'] })).toThrow(
    `Stack/Web: asset "../shared" is outside of the project root ${project.path('web')}, so the app could not find it on Lambda; move or copy it into the project`);
});

test('fails if an asset is the whole project', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { assets: ['.'] })).toThrow('Stack/Web: asset "." is the whole project; list only the files and folders that the app reads');
});
