import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AppSource, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project, say } from '../project';

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
    'Stack/Web: asset ".env" is not uploaded: may hold secrets; remove it from assets, or upload it anyway with exclude: ["!/.env"]');
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
    `Stack/Web: asset "../shared" is outside of the project root ${project.path('web')}, so the app could not find it on Lambda; set projectRoot to a folder above both`);
});

test('fails if an asset is the whole project', () => {
  const project = new Project({ 'package.json': {}, 'app.ts': '' });
  expect(() => project.bundle('app.ts', { assets: ['.'] })).toThrow('Stack/Web: asset "." is the whole project; list only the files and folders that the app reads');
});

describe('an asset that Lambda would load instead of the bundle', () => {
  test.each([
    ['the source of the entry', { 'src/app.js': `${say('__filename')}\nexports.source = true;` }, 'src/app.js', 'src/app-bundle.handler'],
    ['a folder with the name of the bundle', { 'src/app.ts': say('__filename'), 'src/app/page.html': '' }, 'src/app.ts', 'src/app-bundle.handler'],
    ['the source, and one with the other name', { 'src/app.js': say('__filename'), 'src/app-bundle.js': '' }, 'src/app.js', 'src/app-bundle-bundle.handler'],
  ])('does not hide it: %s', (_, files, entry, handler) => {
    const bundle = new Project({ 'package.json': {}, ...files }).bundle(entry, { assets: ['src'] });
    expect(bundle.handler).toBe(handler);
    expect(bundle.load(handler.replace('.handler', '.cjs'))).toBe(path.join(bundle.directory, entry));
  });

  test('other assets do not change its name', () => {
    const project = new Project({ 'package.json': {}, 'src/app.js': '', 'src/app.css': '', 'src/pages/app.js': '' });
    expect(project.bundle('src/app.js', { assets: ['src/app.css', 'src/pages'] }).handler).toBe('src/app.handler');
  });
});

describe('projectRoot', () => {
  const MONOREPO = { 'package.json': {}, 'web/package.json': {}, 'web/src/app.ts': say('[process.cwd(), __filename]'), 'shared/logo.svg': '<svg/>' };

  test('makes assets of other packages of a monorepo possible', () => {
    const project = new Project(MONOREPO);
    const bundle = project.bundle('web/src/app.ts', { projectRoot: project.root, assets: ['shared'] });
    expect(bundle.handler).toBe('web/src/app.handler');
    expect(bundle.read('shared/logo.svg')).toBe('<svg/>');
    expect(bundle.load('web/src/app.cjs')).toEqual([bundle.directory, path.join(bundle.directory, 'web/src/app.ts')]);
  });

  test('fails if the entry is not in it', () => {
    const project = new Project(MONOREPO);
    expect(() => project.bundle('web/src/app.ts', { projectRoot: project.path('shared') })).toThrow(
      `Stack/Web: the entry ${project.path('web/src/app.ts')} is not in projectRoot "${project.path('shared')}"`);
  });

  test('the asset hash is the same in every directory', () => {
    const hashes = [new Project(MONOREPO), new Project(MONOREPO)].map(project => project.bundle('web/src/app.ts', { projectRoot: project.root }).hash);
    expect(hashes[1]).toBe(hashes[0]);
  });
});
