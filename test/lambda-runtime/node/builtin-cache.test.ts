import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventFor } from './behaviours/doors';
import { FLAGS_OF_LAMBDA } from './runtime-client/environment';
import { Bundle, Project } from '../../src/bundling/project';
import { installedNodes, lowestNodeBinary } from '../../toolchain';

const FILES = {
  'listener.js': 'require("node:crypto"); require("http2"); module.exports = (req, res) => res.end(require("node:dns").promises ? "ok" : "");',
  'module.mjs': 'import { createRequire } from "node:module"; createRequire(import.meta.url)("http2"); export default (req, res) => res.end("ok");',
  'fetch.js': 'exports.default = { fetch: () => new Response("ok") };',
  'koa.js': `const Koa = require(${JSON.stringify(require.resolve('koa'))}); module.exports = new Koa().use((context) => { context.body = { ok: true }; });`,
  'koa-2.js': 'const response = { set body(value) { this.value = value; } };'
    + 'module.exports = { response: Object.create(response), use() {}, callback: () => (req, res) => res.end("ok") };',
  'bare.js': 'module.exports = { response: Object.create(null), use() {}, callback: () => (req, res) => res.end("ok") };',
  'patched.js': 'const Module = require("node:module"); const { _load } = Module;'
    + 'Module._load = function (id) { return id === "node:dns" ? { mocked: true } : _load.apply(this, arguments); };'
    + 'module.exports = (req, res) => { const own = require("node:dns").mocked; Module._load = _load; res.end(JSON.stringify({ own, dns: typeof require("node:dns").lookup })); };',
  'unknown.js': 'let code; try { require("node:nothing"); } catch (error) { code = error.code; } module.exports = (req, res) => res.end(code);',
  'thread.js': 'const { Worker } = require("node:worker_threads");'
    + 'const report = "const { parentPort } = require(\'node:worker_threads\'); parentPort.postMessage(require(\'node:v8\').getHeapStatistics().heap_size_limit);";'
    + 'const limits = () => Array.from({ length: 4 }, () => new Promise((resolve) => new Worker(report, { eval: true }).on("message", resolve)));'
    + 'const early = limits(); require("http2"); require("crypto"); require("dns"); require("repl"); require("inspector"); require("cluster");'
    + 'module.exports = async (req, res) => res.end(JSON.stringify([...await Promise.all(early), ...await Promise.all(limits())]));',
};

const bundles = (() => {
  const project = new Project({ 'package.json': {}, ...FILES });
  const entries = Object.keys(FILES);
  const made = project.bundles(entries.map((entry) => ({ entry })));
  return new Map(entries.map((entry, index) => [entry, made[index]]));
})();

const server = new Project({
  'build/server.mjs': 'import { createServer } from "node:http"; createServer((req, res) => res.end("ok")).listen(3000);',
}).server('build', { entry: 'server.mjs' });

/** What is said of a process with the bundle in it, after a request. */
interface Found {
  readonly body: string;
  /** What V8 mixes into each code cache for its options. */
  readonly options: string;
  readonly optionsBefore: string;
  readonly heapLimit: number;
  readonly gc: string;
  readonly restored: boolean;
  readonly fromCache: string[];
  readonly compiled: string[];
}

const PROGRAM = `
  const [, file, event] = process.argv;
  const Module = require('node:module');
  const { internalBinding } = require('internal/test/binding');
  const optionsOf = () => new (require('node:vm').Script)('').createCachedData().subarray(12, 16).toString('hex');
  const { _load } = Module;
  const optionsBefore = optionsOf();
  const usageBefore = internalBinding('builtins').getCacheUsage();
  const newOf = (kind, usage) => [...usage[kind]].filter((id) => ![...usageBefore[kind]].includes(id));
  import(file).then(async ({ handler }) => {
    const restored = Module._load === _load;
    const { body } = await (await handler)(JSON.parse(event));
    const usage = internalBinding('builtins').getCacheUsage();
    console.log(JSON.stringify({
      body, options: optionsOf(), optionsBefore, restored, gc: typeof gc, heapLimit: require('node:v8').getHeapStatistics().heap_size_limit,
      fromCache: newOf('compiledWithCache', usage), compiled: newOf('compiledWithoutCache', usage),
    }));
    process.exit();
  });`;

const known = new Map<string, Found>();

/** Several tests look at the same process. */
function factsOf(binary: string, bundle: Bundle, options: readonly string[] = FLAGS_OF_LAMBDA, variables: NodeJS.ProcessEnv = {}): Found {
  const key = JSON.stringify([binary, bundle, options, variables]);
  const found = known.get(key) ?? run(binary, bundle, options, variables);
  known.set(key, found);
  return found;
}

function run(binary: string, bundle: Bundle, options: readonly string[], variables: NodeJS.ProcessEnv): Found {
  const { directory, handler } = bundle;
  const file = `${directory}/${handler.replace(/\.handler$/, '.mjs')}`;
  const args = [...options, '--expose-internals', '--no-warnings', '-e', PROGRAM, file, JSON.stringify(eventFor('function-url'))];
  const { stdout, stderr } = spawnSync(binary, args, {
    cwd: directory, encoding: 'utf8', env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: 'web', ...variables },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.each(installedNodes())('Node $version with the options of Lambda', ({ version, binary }) => {
  test.each(['listener.js', 'module.mjs'])('%s: what the app requires while it is loaded comes from the cache of Node', (entry) => {
    const { fromCache, compiled, body } = factsOf(binary, bundles.get(entry)!);
    expect(body).toBe('ok');
    expect(fromCache).toContain('http2');
    expect(compiled).not.toContain('http2');
  });

  test('what it requires later is loaded as ever', () => {
    const { fromCache, compiled } = factsOf(binary, bundles.get('listener.js')!);
    expect(fromCache).toContain('crypto');
    expect(compiled).toContain('dns');
  });

  test.each(['fetch.js', 'koa.js'])('%s: so do the classes of fetch, and while the app is loaded', (entry) => {
    const { fromCache, compiled } = factsOf(binary, bundles.get(entry)!);
    expect(fromCache).toContain('internal/deps/undici/undici');
    expect(compiled).not.toContain('internal/deps/undici/undici');
  });

  test('a server that was built elsewhere as an ES module: so does what Node loads for its import of node:http', () => {
    const { fromCache, compiled, body } = factsOf(binary, server);
    expect(body).toBe('ok');
    expect(compiled.filter((id) => /undici|http2|crypto$/.test(id))).toEqual([]);
    // Node 20 does not load it.
    expect(fromCache.includes('internal/deps/undici/undici')).toBe(version !== '20');
  });

  test.each(['koa-2.js', 'bare.js'])('%s, which never looks at them, does not load them', (entry) => {
    const { fromCache, compiled, body } = factsOf(binary, bundles.get(entry)!);
    expect(body).toBe('ok');
    expect([...fromCache, ...compiled]).not.toContain('internal/deps/undici/undici');
  });

  test('afterwards all options are as they were, and so is require', () => {
    const { options, optionsBefore, gc, heapLimit, restored } = factsOf(binary, bundles.get('listener.js')!);
    const plain = spawnSync(binary, [...FLAGS_OF_LAMBDA, '-p', 'require("node:v8").getHeapStatistics().heap_size_limit'], { encoding: 'utf8' });
    expect({ options, gc, heapLimit, restored }).toEqual({ options: optionsBefore, gc: 'function', heapLimit: Number(plain.stdout), restored: true });
  });

  test('threads have the heap that Lambda\'s options give them, begun before, during and after it', () => {
    const limits = JSON.parse(factsOf(binary, bundles.get('thread.js')!).body);
    const plain = spawnSync(binary, [...FLAGS_OF_LAMBDA, '-e', 'new (require("node:worker_threads").Worker)("console.log(require(\'node:v8\').getHeapStatistics().heap_size_limit)", { eval: true })'], { encoding: 'utf8' });
    expect(new Set(limits)).toEqual(new Set([Number(plain.stdout)]));
  });

  test('in a thread, whose options are those of all threads, nothing of it is done', () => {
    const { directory, handler } = bundles.get('listener.js')!;
    const code = `import(${JSON.stringify(`${directory}/${handler.replace(/\.handler$/, '.mjs')}`)})`
      + '.then(() => require("node:worker_threads").parentPort.postMessage(process.moduleLoadList.includes("NativeModule v8")))';
    const { stdout } = spawnSync(binary, [...FLAGS_OF_LAMBDA, '-e', `new (require("node:worker_threads").Worker)(${JSON.stringify(code)}, { eval: true }).on("message", console.log)`], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('false');
  });

  test('options in NODE_OPTIONS count too, and the last of each', () => {
    const bundle = bundles.get('listener.js')!;
    const found = factsOf(binary, bundle, ['--max_old_space_size=300', '--no-expose-gc'], { NODE_OPTIONS: '--max-old-space-size=200 --expose_gc' });
    expect(found).toMatchObject({ options: found.optionsBefore, gc: 'undefined' });
    expect(found.fromCache).toContain('http2');
    expect(factsOf(binary, bundles.get('thread.js')!, ['--max_old_space_size=300'], { NODE_OPTIONS: '--max-old-space-size=200' }).body)
      .toBe(factsOf(binary, bundles.get('thread.js')!, ['--max_old_space_size=300']).body);
  });

  test('V8 still refuses the cache for options that may change the bytecode', () => {
    const { fromCache, compiled, body } = factsOf(binary, bundles.get('listener.js')!, [...FLAGS_OF_LAMBDA, '--stack-size=900']);
    expect(body).toBe('ok');
    expect(compiled).toContain('http2');
    expect(fromCache).not.toContain('http2');
  });

  test('a build of Node without a cache is left alone', () => {
    const directory = mkdtempSync(join(tmpdir(), 'wrapped-web-app-'));
    writeFileSync(join(directory, 'config.cjs'), 'Object.defineProperty(process, "config", { value: { variables: {} } });');
    const { fromCache, compiled } = factsOf(binary, bundles.get('listener.js')!, [...FLAGS_OF_LAMBDA, '-r', join(directory, 'config.cjs')]);
    expect(fromCache).toEqual([]);
    expect(compiled).toContain('http2');
  });

  test('an app that loads modules in its own way keeps it', () => {
    expect(JSON.parse(factsOf(binary, bundles.get('patched.js')!).body)).toEqual({ own: true, dns: 'function' });
  });

  test('a module that Node does not have is refused as ever', () => {
    expect(factsOf(binary, bundles.get('unknown.js')!).body).toBe('ERR_UNKNOWN_BUILTIN_MODULE');
  });
});

test('the lowest version of Node, which has nothing to load its modules with, loads them as ever', () => {
  const { directory, handler } = bundles.get('listener.js')!;
  const code = `import(${JSON.stringify(`${directory}/${handler.replace(/\.handler$/, '.mjs')}`)}).then(({ handler }) => console.log(typeof handler))`;
  const { stdout, stderr } = spawnSync(lowestNodeBinary(), ['--expose-gc', '--max-old-space-size=921', '-e', code], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'function\n', stderr: '' });
});
