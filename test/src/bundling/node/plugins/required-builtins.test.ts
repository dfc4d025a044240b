import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { NodeAppOptions } from '../../../../../src';
import { installedNodes } from '../../../../toolchain';
import { Project, say } from '../../project';

const ES_MODULE = { 'package.json': { type: 'module' } };

/** What the module says in its bundle, and what it says when Node runs it itself. */
function facts(source: string, files: { [file: string]: string | object } = {}, options: NodeAppOptions = {}): { bundled: any; plain: any } {
  const project = new Project({ ...ES_MODULE, ...files, 'app.js': source });
  const plain = execFileSync(process.execPath, [project.path('app.js')], { encoding: 'utf8' });
  return { bundled: project.bundle('app.js', options).load('app.mjs'), plain: JSON.parse(plain) };
}

test.each([
  ['a default import', 'import fs from "node:fs"; import url from "url";', '[typeof fs.readFileSync, Object.keys(fs).sort(), fs.promises === (await import("node:fs/promises")).default, typeof url.URL]'],
  ['named imports, also under other names', 'import { readFileSync, statSync as stat } from "fs";', '[readFileSync.name, stat.name, readFileSync === (await import("node:fs")).readFileSync]'],
  ['a namespace', 'import * as path from "node:path";', '[Object.keys(path).sort(), path.default.sep, path[Symbol.toStringTag], typeof path.posix.join]'],
  ['a namespace whose default is a function', 'import * as assert from "node:assert";', '[typeof assert, typeof assert.default, Object.keys(assert).sort()]'],
  ['the process', 'import process, { pid } from "node:process"; import * as all from "process";', '[process === globalThis.process, pid === process.pid, all.default === process, typeof all.cwd]'],
  ['a subpath', 'import { readFile } from "node:fs/promises"; import { setTimeout as wait } from "timers/promises";', '[readFile.name, await wait(1, "waited")]'],
  ['a module that only has its scheme', 'import { test } from "node:test";', '[typeof test]'],
  ['an import for its effects', 'import "node:http"; import "os";', '[1]'],
  ['a class to extend', 'import { EventEmitter } from "node:events"; import Events from "events"; class Mine extends EventEmitter { count = 2; }',
    '[new Mine().count, new Mine() instanceof Events, EventEmitter === Events]'],
  ['exports of another module', 'import { join, sep, files } from "./other.js"; import * as other from "./other.js";', '[join("a", "b"), sep, typeof files.readFileSync, Object.keys(other).includes("posix")]'],
  ['an import()', 'const http = await import("node:http");', '[typeof http.createServer, http[Symbol.toStringTag], Object.keys(http).includes("default")]'],
  ['what is used before the line of its import', 'const early = join("a", "b"); function later() { return sep; } import { join, sep } from "node:path";', '[early, later()]'],
  ['what changes later', 'import { tmpdir } from "node:os"; import os from "node:os"; import { syncBuiltinESMExports } from "node:module"; os.tmpdir = () => "other"; syncBuiltinESMExports();', '[tmpdir()]'],
])('an ES module sees the same of Node\'s modules as unbundled: %s', (_, imports, found) => {
  const { bundled, plain } = facts(`${imports}\nconst found = ${found};\n${say('found')}`, { 'other.js': 'export * from "node:path"; export { default as files } from "fs";' });
  expect(bundled).toEqual(plain);
});

test.each([{ minify: true }, { keepNames: true }, { sourceMap: false }])('also with %j', (options) => {
  const { bundled, plain } = facts(`import http, { STATUS_CODES } from "node:http"; import * as path from "path";\n${say('[STATUS_CODES[200], typeof http.get, Object.keys(path).sort()]')}`, {}, options);
  expect(bundled).toEqual(plain);
});

describe('files that import each other', () => {
  const OTHERS = {
    'b.js': 'import { load } from "./app.js"; export const early = load();',
    // The same through a third file, of functions that catch what they throw.
    'config.js': 'import { log } from "./logger.js"; import { readFileSync } from "node:fs"; export function read() { try { return readFileSync("package.json").length > 0; } catch { return "lost"; } } export const later = () => log();',
    'logger.js': 'import { level } from "./level.js"; export function log() { return level; }',
    'level.js': 'import { read } from "./config.js"; export const level = read();',
    'alone.js': 'import { join } from "node:path"; export const joined = join("a", "b");',
  };

  test.each([{}, { minify: true }])('may call a function before its file has run, with %j', (options) => {
    const imports = 'import { early } from "./b.js"; import "./config.js"; import { level } from "./level.js"; import { joined } from "./alone.js"; import { readFileSync } from "node:fs";';
    const { bundled, plain } = facts(`${imports}\nexport function load() { return readFileSync("package.json").length > 0; }\n${say('[early, level, joined]')}`, OTHERS, options);
    expect(plain).toEqual([true, true, 'a/b']);
    expect(bundled).toEqual(plain);
  });

  test('import Node\'s modules, and all other files require them', () => {
    const project = new Project({ ...ES_MODULE, ...OTHERS, 'app.js': 'import "./config.js"; import { level } from "./level.js"; import { joined } from "./alone.js"; console.log(level, joined);' });
    const output = project.bundle('app.js').read('app.mjs');
    expect(output.match(/^import .* from "node:fs"/gm)).toEqual(['import { readFileSync } from "node:fs"']);
    expect(output).toContain('require("node:path")');
  });
});

test.each(['module', 'commonjs'])('names that esbuild or an older Node does not know are of Node\'s modules too: %s', (type) => {
  const code = 'import { createInterface } from "readline/promises"; import { Session } from "inspector/promises"; export const open = () => createInterface(Session);';
  const project = new Project({ 'package.json': { type }, 'app.mts': code, 'app.cts': code, 'new.mts': 'import { DatabaseSync } from "node:sqlite"; export const open = () => new DatabaseSync(":memory:");' });
  const output = type === 'module' ? project.bundle('app.mts').read('app.mjs') : project.bundle('app.cts').read('app.cjs');
  expect(output.match(/require\("(?:node:)?(readline|inspector)\/promises"\)/g)).toHaveLength(2);
  expect(project.bundle('new.mts').read('new.mjs')).toContain('require("node:sqlite")');
});

test('a name that the project has something else for is left alone', () => {
  const project = new Project({
    ...ES_MODULE,
    'own-os.ts': 'export const tmpdir = () => "own";',
    'app.ts': `import { tmpdir } from "node:os";\nimport { inspect } from "punycode/";\n${say('[tmpdir(), inspect]')}`,
    'node_modules/punycode/package.json': { name: 'punycode', version: '1.0.0', main: 'main.js' },
    'node_modules/punycode/main.js': 'exports.inspect = "of the package";',
  });
  expect(project.bundle('app.ts', { esbuildArgs: { '--alias:node:os': './own-os.ts' } }).load('app.mjs')).toEqual(['own', 'of the package']);
});

test('the imports of packages that are not bundled stay imports', () => {
  const project = new Project({
    ...ES_MODULE,
    'app.js': `import { value } from "apart";\n${say('value')}`,
    'node_modules/apart/package.json': { name: 'apart', version: '1.0.0', type: 'module', exports: './main.js' },
    'node_modules/apart/main.js': 'import { sep } from "node:path"; export const value = sep;',
  });
  expect(project.bundle('app.js', { externalModules: ['apart'] }).read('app.mjs')).toMatch(/^import \{ value \} from "apart";$/m);
});

describe.each(installedNodes())('Node $version', ({ binary }) => {
  const LISTENER = 'import http, { createServer } from "node:http"; import { readFile } from "node:fs/promises"; import util from "util"; createServer((req, res) => res.end("ok")).listen(3000);';
  const project = new Project({
    ...ES_MODULE,
    'bundled.js': LISTENER,
    'apart.js': `import { value } from "apart"; ${LISTENER}`,
    'node_modules/apart/package.json': { name: 'apart', version: '1.0.0', exports: './main.cjs' },
    'node_modules/apart/main.cjs': 'exports.value = 1;',
    'server/main.cjs': 'require("node:http").createServer((req, res) => res.end("ok")).listen(3000);',
  });

  const loadedBy = (directory: string, file: string): string[] => {
    const { stdout } = spawnSync(binary, ['-e', `import(${JSON.stringify(`${directory}/${file}`)}).then(() => console.log(process.moduleLoadList.join()))`], {
      encoding: 'utf8', env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: 'web' },
    });
    return stdout.trim().split(',');
  };

  test.each([
    ['a listener that is an ES module', () => project.bundle('bundled.js').directory, 'bundled.mjs'],
    ['one with a package beside it', () => {
      const { directory } = project.bundle('apart.js', { externalModules: ['apart'] });
      cpSync(project.path('node_modules'), `${directory}/node_modules`, { recursive: true });
      return directory;
    }, 'apart.mjs'],
    ['a server that was built elsewhere', () => project.server('server', { entry: 'main.cjs' }).directory, 'wrapped-web-app-handler.mjs'],
  ])('%s does not load fetch, TLS and HTTP/2', (_, directoryOf, file) => {
    const loaded = loadedBy(directoryOf(), file);
    expect(loaded).toContain('NativeModule http');
    expect(loaded.filter((name) => /undici|NativeModule (tls|http2|crypto)$/.test(name))).toEqual([]);
  });
});
