import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { eventFor } from './behaviours/doors';
import { Bundle, bundlesOf } from './bundles';
import { Environment } from './runtime-client/environment';
import { installedNodes } from '../../toolchain';

const FOLDER = join(__dirname, 'code-cache');
const APP = join(FOLDER, 'app.cjs');
/** The files are in the asset as well, since the app loads them by names that esbuild does not know, or as it likes. */
const OPTIONS = {
  assets: ['data.json', 'lazy.mjs'],
  externalModules: ['./data.json', './lazy.mjs'],
  banner: 'globalThis.ofBundle = { loaded: module.loaded, seen: { module, require, exports, filename: __filename, dirname: __dirname, self: this,'
    + ' count: arguments.length, sloppy: (function () { return this === globalThis; })() } };',
};

const plain = bundlesOf([APP], OPTIONS, lambda.Runtime.NODEJS_22_X).get(APP)!;

/** Made on the Node that runs the tests, whichever it is: each test makes it anew. */
const cached = (() => {
  const docker = join(mkdtempSync(join(tmpdir(), 'wrapped-web-app-')), 'docker');
  const run = `for part in "$@"; do last=$part; case $part in *:/asset-output*) cd "\${part%%:*}" ;; esac; done; ${process.execPath} --no-lazy --eval "$last"`;
  writeFileSync(docker, `#!/bin/sh\n[ "$1" = version ] || { ${run}; }\n`, { mode: 0o755 });
  process.env.CDK_DOCKER = docker;
  return bundlesOf([APP], { ...OPTIONS, codeCache: true }, lambda.Runtime.NODEJS_22_X).get(APP)!;
})();

/** The bundle with the cache that this Node makes of it. */
function bundleFor(binary: string, damage: (cache: string) => void = () => undefined): Bundle {
  const directory = mkdtempSync(join(tmpdir(), 'wrapped-web-app-'));
  cpSync(cached.directory, directory, { recursive: true });
  execFileSync(binary, ['--no-lazy', '--eval', 'require("./wrapped-web-app-code-cache.cjs").writeCodeCache("./app.cjs")'], { cwd: directory });
  const { v8 } = JSON.parse(readFileSync(join(directory, 'app.cjs.cache.json'), 'utf8'));
  const front = join(directory, 'app.mjs');
  writeFileSync(front, readFileSync(front, 'utf8').replace(JSON.stringify(process.versions.v8), JSON.stringify(v8)));
  damage(join(directory, 'app.cjs.cache'));
  return { directory, handler: cached.handler };
}

interface Found {
  /** What the app finds out, with paths relative to the asset. */
  readonly facts: any;
  /** What was logged about the cache. */
  readonly said: string | undefined;
}

async function factsOf(binary: string, { directory, handler }: Bundle, variables: NodeJS.ProcessEnv = {}): Promise<Found> {
  const environment = await Environment.of(binary, { directory, handler }, variables);
  try {
    const { json } = await environment.invoke(eventFor('function-url'));
    expect({ statusCode: json.statusCode, log: json.statusCode === 200 ? [] : environment.log }).toEqual({ statusCode: 200, log: [] });
    const said = (await environment.settledLog()).find((line) => line.includes('code cache'));
    expect(environment.ends).toBe(0);
    return { facts: JSON.parse(json.body.replaceAll(directory, '/var/task')), said: said?.split('code cache: ')[1] };
  } finally {
    environment.close();
  }
}

describe.each(installedNodes().filter(({ version }) => version !== '20'))('on AWS\'s runtime client, Node $version', ({ version, binary }) => {
  let expected: any;
  beforeAll(async () => {
    expected = (await factsOf(binary, plain)).facts;
  });

  test('an app cannot tell whether it was loaded from a cache', async () => {
    const { facts, said } = await factsOf(binary, bundleFor(binary));
    expect(said).toBe('used');
    expect(facts).toEqual(expected);
    expect(facts.stacks[0][1]).toMatch(/at Failing\.fail \(\/var\/task\/app\.cjs:6:11\)/);
  });

  test('and nothing is said of the experimental loader of import()', async () => {
    const environment = await Environment.of(binary, bundleFor(binary));
    await environment.invoke(eventFor('function-url'));
    const log = (await environment.settledLog()).join('\n');
    environment.close();
    expect(log).toContain('code cache: used');
    expect(log).not.toMatch(/xperimental/);
  });

  test('each thread of a function with several requests at once uses it', async () => {
    const environment = await Environment.of(binary, bundleFor(binary), { AWS_LAMBDA_MAX_CONCURRENCY: '8', AWS_LAMBDA_NODEJS_WORKER_COUNT: '2' });
    await environment.invoke(eventFor('function-url'));
    const said = (await environment.settledLog()).filter((line) => line.includes('code cache: '));
    environment.close();
    expect(said.map((line) => line.split('code cache: ')[1])).toEqual([expect.stringMatching(/^used/), expect.stringMatching(/^used/)]);
  });

  const random = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(Math.random() * 256)));
  const change = (offset: (length: number) => number) => (cache: string) => {
    const data = readFileSync(cache);
    // eslint-disable-next-line no-bitwise
    data[offset(data.length)] ^= 1 + Math.floor(Math.random() * 255);
    writeFileSync(cache, data);
  };

  test.each<[string, RegExp, (cache: string) => void]>([
    ['is missing', /there is none/, (cache) => execFileSync('rm', [cache])],
    ['is empty', /another build/, (cache) => truncateSync(cache, 0)],
    ['is cut short in its header', /another build/, (cache) => truncateSync(cache, 10)],
    ['is cut short', /damaged/, (cache) => truncateSync(cache, readFileSync(cache).length - 1000)],
    ['is only random bytes', /another build/, (cache) => writeFileSync(cache, random(5000))],
    ['has a random byte', /damaged/, change((length) => 24 + Math.floor(Math.random() * (length - 24)))],
    ['has another length of the source', /damaged/, change(() => 9)],
    ['is of another version of V8', /another build/, change(() => 5)],
  ])('a cache that %s is not used, and nothing else changes', async (_, reason, damage) => {
    const { facts, said } = await factsOf(binary, bundleFor(binary, damage));
    expect(said).toMatch(/^not used/);
    expect(said).toMatch(reason);
    expect(facts).toEqual(expected);
  });

  test('a cache that another Node made is not used, which is found out without the program that reads it', async () => {
    const other = installedNodes().find((each) => each.version !== version && each.version !== '20')!;
    const bundle = bundleFor(other.binary);
    rmSync(join(bundle.directory, 'wrapped-web-app-code-cache.cjs'));
    expect(await factsOf(binary, bundle)).toEqual({ facts: expected, said: 'not used, another build of Node made it' });
  });

  test('a bundle that was changed in place is run as it is now', async () => {
    const bundle = bundleFor(binary);
    const file = join(bundle.directory, 'app.cjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace('it failed', 'it passed'));
    const { facts, said } = await factsOf(binary, bundle);
    expect(said).toBe('not used, it is damaged, or of another bundle');
    expect(facts.stacks[0][0]).toBe('RangeError: it passed');
  });

  test.each([['--stack-trace-limit=5', '--stack-trace-limit=5'], ['--enable-source-maps', undefined]])('with NODE_OPTIONS=%s', async (NODE_OPTIONS, unknown) => {
    const { said } = await factsOf(binary, bundleFor(binary), { NODE_OPTIONS });
    expect(said).toBe(unknown === undefined ? 'used' : `not used, its effect with ${unknown} is not known`);
  });
});

test('on Node 20 no cache is used', async () => {
  const node = installedNodes().find(({ version }) => version === '20');
  if (node === undefined) {
    return;
  }
  const { facts, said } = await factsOf(node.binary, bundleFor(node.binary));
  expect(said).toBe('not used, Node 22 or later is needed');
  expect(facts).toEqual((await factsOf(node.binary, plain)).facts);
});
