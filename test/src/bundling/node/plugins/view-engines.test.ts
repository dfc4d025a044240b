import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { Project } from '../../project';

const APP = `
  const express = require('express');
  const app = express();
  app.set('view engine', 'ejs');
  app.get('/', (req, res) => res.render('index', { name: 'Ada' }));
  module.exports = app;
`;

function projectWith(dependencies: object): Project {
  const project = new Project({ 'package.json': { dependencies }, 'src/app.js': APP, 'views/index.ejs': '<p>hello <%= name %></p>' });
  mkdirSync(project.path('node_modules'));
  for (const name of ['express', 'ejs']) symlinkSync(path.join(__dirname, '../../../../../node_modules', name), project.path(`node_modules/${name}`));
  return project;
}

test.each(['commonjs', 'module'])('a template engine that Express requires by its name is in the bundle: %s', type => {
  const project = projectWith({ express: '*', ejs: '*' });
  const file = type === 'module' ? 'src/app.mjs' : 'src/app.cjs';
  const bundle = project.bundle('src/app.js', { assets: ['views'], format: type === 'module' ? 'esm' : 'cjs' });
  expect(bundle.get(file, '/')).toMatchObject({ statusCode: 200, body: '<p>hello Ada</p>' });
});

test('a template engine that is not a dependency of the project is not in the bundle', () => {
  const [without, including] = [projectWith({ express: '*' }), projectWith({ express: '*', ejs: '*' })].map(project => project.bundle('src/app.js').read('src/app.cjs'));
  expect(without).not.toContain('node_modules/ejs');
  expect(including).toContain('node_modules/ejs');
});

test('in a monorepo, a dependency of the package of the app is one too', () => {
  const project = new Project({
    'package.json': {},
    'web/package.json': { dependencies: { ejs: '*' } },
    'web/src/app.js': APP.replace('app.get(', 'app.set("views", "web/views"); app.get('),
    'web/views/index.ejs': '<p>hello <%= name %></p>',
  });
  // As pnpm does, which puts no package at the root.
  mkdirSync(project.path('web/node_modules'));
  for (const name of ['express', 'ejs']) symlinkSync(path.join(__dirname, '../../../../../node_modules', name), project.path(`web/node_modules/${name}`));
  const bundle = project.bundle('web/src/app.js', { projectRoot: project.root, assets: ['web/views'] });
  expect(bundle.get('web/src/app.cjs', '/')).toMatchObject({ statusCode: 200, body: '<p>hello Ada</p>' });
});
