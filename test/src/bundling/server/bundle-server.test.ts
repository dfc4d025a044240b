import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { unpackArchive } from '../../../../local/assembly/unpack-archive';
import { AppSource, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Bundle, Project } from '../project';

async function unpacked(archive: string): Promise<string> {
  const directory = scratchFolder();
  await unpackArchive(archive, directory);
  return directory;
}

const FILES = {
  'build/package.json': { type: 'module' },
  'build/index.js': "import { createServer } from 'node:http'; createServer((req, res) => res.end('built')).listen(process.env.PORT);",
  'build/chunks/a.js': 'export const a = 1;',
};

test('the folder is uploaded as it is, with the runtime beside it', () => {
  const bundle = new Project(FILES).server('build', { entry: 'index.js' });
  expect(readdirSync(bundle.directory).sort()).toEqual(['chunks', 'index.js', 'package.json', 'wrapped-web-app-handler.mjs', 'wrapped-web-app-runtime.mjs']);
  for (const file of ['index.js', 'chunks/a.js']) expect(bundle.read(file)).toBe(FILES[`build/${file}` as keyof typeof FILES]);
  expect(bundle.handler).toBe('wrapped-web-app-handler.handler');
  expect(bundle.get('wrapped-web-app-handler.mjs', '/').body).toBe('built');
});

test('other folders and files are laid into it, and replace what is there', () => {
  const project = new Project({ ...FILES, 'public/a.txt': 'a', 'other/chunks/a.js': 'other', 'LICENSE': 'free' });
  const bundle = project.server('build', {
    entry: 'index.js',
    assets: { 'public': project.path('public'), 'deep/er': project.path('public'), 'chunks': project.path('other/chunks'), 'LICENSE': project.path('LICENSE') },
  });
  expect([bundle.read('public/a.txt'), bundle.read('deep/er/a.txt'), bundle.read('chunks/a.js'), bundle.read('LICENSE')]).toEqual(['a', 'a', 'other', 'free']);
});

test('the entry may be laid into the folder', () => {
  const project = new Project({ ...FILES, 'start.mjs': "import './index.js';" });
  const bundle = project.server('build', { entry: 'start.mjs', assets: { 'start.mjs': project.path('start.mjs') } });
  expect(bundle.get('wrapped-web-app-handler.mjs', '/').body).toBe('built');
});

test('files keep their times, by which servers tell whether a file changed and how old a page is, and the hash does not depend on them', async () => {
  const project = new Project(FILES);
  const before = project.server('build', { entry: 'index.js' }).hash;
  const times = { 'index.js': '2026-03-04T05:06:08.000Z', 'chunks/a.js': '2025-12-31T23:59:58.000Z', 'package.json': '1980-01-01T00:00:00.000Z' };
  for (const [file, time] of Object.entries(times)) utimesSync(project.path(`build/${file}`), new Date(time), new Date(time));
  // Older than a zip can tell.
  utimesSync(project.path('build/package.json'), 0, 0);
  const { archive, hash } = project.server('build', { entry: 'index.js' });
  const copy = await unpacked(archive);
  expect(Object.fromEntries(Object.keys(times).map(file => [file, statSync(path.join(copy, file)).mtime.toISOString()]))).toEqual(times);
  expect(hash).toBe(before);
});

test('the asset hash is the same in every directory, and changes with a file, a laid file and an argument', () => {
  const [one, two] = [new Project(FILES), new Project(FILES)];
  const hash = (project: Project, args?: string[]) => project.server('build', { entry: 'index.js', args }).hash;
  expect(hash(two)).toBe(hash(one));
  const hashes = [hash(one), hash(one, ['x'])];
  one.write('build/chunks/a.js', 'changed');
  hashes.push(hash(one));
  expect(new Set(hashes).size).toBe(3);
});

describe('with links', () => {
  /** The layout of pnpm: a package finds its own version of another beside the place that its link leads to. */
  function linked(): Project {
    const project = new Project({
      'build/package.json': { type: 'module' },
      'build/index.js': "import { createServer } from 'node:http'; import a from 'a'; createServer((req, res) => res.end(a)).listen(3000);",
      'build/node_modules/.pnpm/a@1/node_modules/a/index.js': "module.exports = 'a with ' + require('b');",
      'build/node_modules/.pnpm/b@2/node_modules/b/index.js': "module.exports = 'b 2';",
    });
    symlinkSync('.pnpm/a@1/node_modules/a', project.path('build/node_modules/a'));
    symlinkSync('../../b@2/node_modules/b', project.path('build/node_modules/.pnpm/a@1/node_modules/b'));
    return project;
  }

  test('the folder becomes a zip in which links are links', async () => {
    const bundle = linked().server('build', { entry: 'index.js' });
    const copy = new Bundle(bundle.hash, await unpacked(bundle.archive), bundle.handler);
    expect(copy.get('wrapped-web-app-handler.mjs', '/').body).toBe('a with b 2');
  });

  test('each file is counted and listed once, also if packages link to each other', () => {
    const project = linked();
    symlinkSync('../../a@1/node_modules/a', project.path('build/node_modules/.pnpm/b@2/node_modules/a'));
    const { directory } = project.server('build', { entry: 'index.js' });
    const { files, packages } = JSON.parse(readFileSync(`${directory}.contents.json`, 'utf8'));
    expect(files.filter((file: string) => file.startsWith('node_modules/'))).toEqual([
      'node_modules/.pnpm/a@1/node_modules/a/index.js',
      'node_modules/.pnpm/a@1/node_modules/b',
      'node_modules/.pnpm/b@2/node_modules/a',
      'node_modules/.pnpm/b@2/node_modules/b/index.js',
      'node_modules/a',
    ]);
    expect(packages).toContainEqual({ name: 'b', bytes: "module.exports = 'b 2';".length, files: 1 });
  });

  test('the asset hash is the same in every directory', () => {
    expect(linked().server('build', { entry: 'index.js' }).hash).toBe(linked().server('build', { entry: 'index.js' }).hash);
  });

  test('an absolute link within the folder becomes relative', async () => {
    const project = linked();
    symlinkSync(project.path('build/chunks'), project.path('build/linked'));
    mkdirSync(project.path('build/chunks'));
    const copy = await unpacked(project.server('build', { entry: 'index.js' }).archive);
    expect(readlinkSync(path.join(copy, 'linked'))).toBe('chunks');
  });

  test.each([
    ['a link that leads out of the folder', '../../other'],
    ['an absolute link', '/etc'],
  ])('fails on %s', (_, target) => {
    const project = linked();
    mkdirSync(project.path('other'));
    symlinkSync(target, project.path('build/node_modules/out'));
    expect(() => project.server('build', { entry: 'index.js' })).toThrow(
      `Stack/Web: the link ${project.path('build/node_modules/out')} leads out of ${project.path('build')}, to ${target}, so it cannot be uploaded; `);
    expect(() => project.server('build', { entry: 'index.js', exclude: ['/node_modules/out'] })).not.toThrow();
  });
});

test('secrets and what only development needs are left out, unless exclude takes them back, and are listed beside the asset', () => {
  const project = new Project({
    ...FILES,
    'build/.env.production': 'SECRET=1',
    'build/.env': 'SECRET=2',
    'build/node_modules/a/index.d.ts': '',
    'build/node_modules/a/index.js.map': '',
    'build/chunks/a.js.map': '',
    'public/.env': '',
    'public/.well-known/security.txt': '',
  });
  const { directory } = project.server('build', { entry: 'index.js', exclude: ['!.env.production'], assets: { 'client/public': project.path('public') } });
  const files = readdirSync(directory, { recursive: true }) as string[];
  expect(files).toEqual(expect.arrayContaining(['.env.production', 'chunks/a.js.map', 'client/public/.well-known/security.txt']));
  expect(JSON.parse(readFileSync(`${directory}.contents.json`, 'utf8')).leftOut).toEqual([
    { path: '.env', reason: 'may hold secrets' },
    { path: 'node_modules/a/index.d.ts', reason: 'types, which only a compiler reads' },
    { path: 'node_modules/a/index.js.map', reason: 'a source map of a package' },
    { path: 'client/public/.env', reason: 'may hold secrets' },
  ]);
});

test.each([
  ['is told at synth', ['.env', '.env.production'], undefined, '.env, .env.production of the server are not uploaded, because settings may be secrets; set the variables that the server needs '
    + 'with environment, or upload a file without secrets with exclude: ["!/.env"]'],
  ['is not told of files that are uploaded', ['.env.production'], ['!/.env.production'], undefined],
  ['is not told without such files', [], undefined, undefined],
])('which settings are left out %s', (_, settings, exclude, message) => {
  const project = new Project({ ...FILES, ...Object.fromEntries(settings.map(name => [`build/${name}`, 'SECRET=1'])), 'build/node_modules/a/.env': '' });
  const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
  new WrappedWebApp(stack, 'Web', { entry: AppSource.server(project.path('build'), { entry: 'index.js', exclude }) });
  expect(Annotations.fromStack(stack).findInfo('/Stack/Web', Match.anyValue()).map(({ entry }) => entry.data)).toEqual(message === undefined ? [] : [message]);
});

test('commandHooks build the server, and change what is uploaded', () => {
  const project = new Project({ 'package.json': {}, 'source.js': FILES['build/index.js'] });
  const commandHooks = {
    beforeBundling: () => ['mkdir build', 'cp source.js build/index.mjs', 'touch build/notes.txt'],
    afterBundling: (_: string, output: string) => [`rm ${output}/notes.txt`],
  };
  const bundle = project.server('build', { entry: 'index.mjs', commandHooks });
  expect(readdirSync(bundle.directory).sort()).toEqual(['index.mjs', 'wrapped-web-app-handler.mjs', 'wrapped-web-app-runtime.mjs']);
  expect(() => new Project({}).server('build', { entry: 'index.mjs', commandHooks: { ...commandHooks, beforeBundling: () => [] } })).toThrow('build does not exist');
});

test('fails on a server that is larger than Lambda allows, and names the largest folders', () => {
  const project = new Project({ ...FILES, 'build/node_modules/@scope/small/a.txt': 'x', 'build/node_modules/big/b.txt': '', 'build/data/c.txt': '' });
  truncateSync(project.path('build/node_modules/big/b.txt'), 240_000_000);
  truncateSync(project.path('build/data/c.txt'), 30_000_000);
  expect(() => project.server('build', { entry: 'index.js' })).toThrow(
    /^Stack\/Web: the bundle has 258 MB unzipped, but Lambda accepts 250 MB, layers included; the largest parts are big \(229 MB\), data\/ \(29 MB\), /);
});

test.each([[{}, true], [{ '.next/static': 'static' }, false]])('the scripts and styles of a Next site are missed unless they are laid into it: %j', (assets, warns) => {
  const project = new Project({ 'standalone/server.js': '', 'standalone/.next/BUILD_ID': 'x', 'static/a.css': '' });
  const stack = new cdk.Stack(new cdk.App({ outdir: scratchFolder() }), 'Stack');
  const paths = Object.fromEntries(Object.entries(assets).map(([target, source]) => [target, project.path(source)]));
  new WrappedWebApp(stack, 'Web', { entry: AppSource.server(project.path('standalone'), { entry: 'server.js', assets: paths }) });
  const found = Annotations.fromStack(stack).findWarning('/Stack/Web', Match.stringLikeRegexp('the scripts and styles of the Next site are not uploaded'));
  expect(found).toHaveLength(warns ? 1 : 0);
});
