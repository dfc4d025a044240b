import { createServer } from 'node:net';
import { writeAssembly } from './fixtures/assembly';
import { DOOR_NAMES } from './fixtures/doors';
import { get, HANDLER, serveAssembly } from './fixtures/serving';
import { ChangeableTemplate, fourDoors } from './fixtures/template';
import { Served } from '../../local/serve';

/** A port after which some more are free, and probably stay so. */
async function freePorts(count: number): Promise<number> {
  for (let base = 20_000 + Math.floor(Math.random() * 10_000); ; base += count) {
    const free = await Promise.all(Array.from({ length: count }, async (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function portsOf(served: Served): number[] {
  return [...served.doors.map(({ url }) => url), served.inspectorUrl].map((url) => Number(new URL(url).port));
}

/** Two apps: one behind all doors, and one with a Function URL of its own. */
function twoApps(): ChangeableTemplate {
  const json = fourDoors();
  const { Handler, Url, UrlInvokeUrl, UrlInvoke } = structuredClone(json.Resources);
  const other = (text: object) => JSON.parse(JSON.stringify(text).replaceAll('"Handler"', '"OtherHandler"'));
  Object.assign(json.Resources, {
    OtherHandler: Handler, OtherUrl: other(Url), OtherUrlInvokeUrl: other(UrlInvokeUrl), OtherUrlInvoke: other(UrlInvoke),
  });
  return json;
}

test('each door has the port that follows from its place among all doors, and the inspector the one after', async () => {
  const base = await freePorts(5);
  const served = await serveAssembly(writeAssembly(fourDoors(), { 'index.js': HANDLER }), { portBase: base });
  expect(portsOf(served)).toEqual([0, 1, 2, 3, 4].map((index) => base + index));
});

test('a door keeps its port when only some apps are served', async () => {
  const base = await freePorts(6);
  const assembly = writeAssembly(twoApps(), { 'index.js': HANDLER });
  const all = await serveAssembly(assembly, { portBase: base });
  expect(all.doors.map(({ name, path }) => `${name} ${path}`)).toEqual(
    ['function-url Stack/Web', 'function-url Stack/OtherHandler', ...DOOR_NAMES.slice(1).map((name) => `${name} Stack/Web`)]);
  const portOfOther = portsOf(all)[1];
  await all.stop();
  const served = await serveAssembly(assembly, { portBase: base, names: ['Stack/Other*'] });
  expect(served.doors.map(({ path }) => path)).toEqual(['Stack/OtherHandler']);
  expect(portsOf(served)).toEqual([portOfOther, base + 5]);
  expect((await get(served, 'function-url')).status).toBe(200);
});

test('fails when a port is taken, and names it, its door and the fix', async () => {
  const base = await freePorts(5);
  const taken = createServer().listen(base + 1, '127.0.0.1');
  await expect(serveAssembly(writeAssembly(fourDoors(), { 'index.js': HANDLER }), { portBase: base })).rejects.toThrow(
    `port ${base + 1} of the http-api of Stack/Web is in use: another program listens on it, perhaps another 'serve'; end it, or choose other ports with --port-base`);
  taken.close();
  // The doors before it are closed again.
  expect(await isFree(base)).toBe(true);
});

test.each([[['Stack']], [['Stack/Web', 'Stack/OtherHandler']], [['*']]])('all apps of %p are served', async (names) => {
  const served = await serveAssembly(writeAssembly(twoApps(), { 'index.js': HANDLER }), { names });
  expect(served.doors).toHaveLength(5);
});

test('fails on a name that fits nothing, and lists what there is', async () => {
  await expect(serveAssembly(writeAssembly(twoApps(), { 'index.js': HANDLER }), { names: ['Stack/Web', 'Sho*'] })).rejects.toThrow([
    "no wrapped web app and no stack with one is called 'Sho*'; there are:",
    '  Stack/Web, in stack Stack',
    '  Stack/OtherHandler, in stack Stack',
  ].join('\n'));
});
