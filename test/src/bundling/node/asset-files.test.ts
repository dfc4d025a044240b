import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AppSource, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

test('secrets in the output folder of a framework are not uploaded, unless exclude takes them back', () => {
  const project = new Project({ 'package.json': {}, 'app.js': '', 'dist/page.html': '', 'dist/.env': 'SECRET=1', 'dist/.env.production': '', 'dist/.well-known/x': '' });
  const made = project.bundle('app.js', { assets: ['dist'], exclude: ['!.env.production'] });
  expect((readdirSync(made.directory, { recursive: true }) as string[]).filter(file => file.startsWith('dist/')).sort())
    .toEqual(['dist/.env.production', 'dist/.well-known', 'dist/.well-known/x', 'dist/page.html']);
  expect(JSON.parse(readFileSync(`${made.directory}.contents.json`, 'utf8'))).toMatchObject({ leftOut: [{ path: 'dist/.env', reason: 'may hold secrets' }] });
});

test('fails if an asset is itself a file that is not uploaded', () => {
  const project = new Project({ 'package.json': {}, 'app.js': '', '.env': 'SECRET=1' });
  expect(() => project.bundle('app.js', { assets: ['.env'] })).toThrow(
    'Stack/Web: asset ".env" is not uploaded: may hold secrets; remove it from assets, or upload it nevertheless with exclude: ["!/.env"]');
  expect(project.bundle('app.js', { assets: ['.env'], exclude: ['!/.env'] }).read('.env')).toBe('SECRET=1');
});

test('fails for a link in an asset that leads out of the project', () => {
  const project = new Project({ 'package.json': {}, 'app.js': '', 'public/a.css': '' });
  symlinkSync(scratchFolder(), project.path('public/more'));
  expect(() => project.bundle('app.js', { assets: ['public'] })).toThrow(`Stack/Web: the link ${project.path('public/more')} leads out of ${project.root}, to `);
});

test('after an error nothing half copied is left in the output of the CDK', () => {
  const project = new Project({ 'package.json': {}, 'app.js': 'a syntax error', 'public/a.css': '' });
  const outdir = scratchFolder();
  const stack = new cdk.Stack(new cdk.App({ outdir }), 'Stack');
  expect(() => new WrappedWebApp(stack, 'Web', { entry: AppSource.node(path.join(project.root, 'app.js'), { assets: ['public'] }) })).toThrow('Stack/Web: cannot bundle');
  expect(readdirSync(outdir)).toEqual([]);
});

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
