import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { Served } from '../../../local/serve';
import { writeAssembly } from '../fixtures/assembly';
import { get, HANDLER, lines, serveAssembly } from '../fixtures/serving';
import { ChangeableTemplate, fourDoors, fourDoorsWithout } from '../fixtures/template';

function answering(text: string): string {
  return `exports.handler = async () => ({ statusCode: 200, multiValueHeaders: {}, body: ${JSON.stringify(text)} });`;
}

let assembly: string;
let served: Served;

async function start(code: string, template = fourDoors()): Promise<void> {
  assembly = writeAssembly(template, { 'index.js': code });
  served = await serveAssembly(assembly);
}

/** What another synthesis would write: an asset of another name, and maybe another template. */
function synthesizeAgain(code: string, template: ChangeableTemplate = fourDoors(), hash = 'second'): void {
  const other = writeAssembly(template, { 'index.js': code });
  const assets = path.join(assembly, 'Stack.assets.json');
  writeFileSync(path.join(assembly, 'Stack.template.json'), readFileSync(path.join(other, 'Stack.template.json')));
  writeFileSync(assets, readFileSync(assets, 'utf8').replace(/asset\.[a-z]+/, `asset.${hash}`));
  rmSync(path.join(assembly, `asset.${hash}`), { recursive: true, force: true });
  writeDirectory(path.join(assembly, `asset.${hash}`), code);
}

function writeDirectory(directory: string, code: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'index.js'), code);
  return directory;
}

const bodyOf = async (name: Parameters<typeof get>[1] = 'http-api', request = '/') => (await get(served, name, request)).body.toString();

describe('a new cloud assembly', () => {
  test('is served at the same addresses', async () => {
    await start(answering('first'));
    const before = served.doors;
    expect(await bodyOf()).toBe('first');
    synthesizeAgain(answering('second'));
    await served.reload();
    expect(served.doors).toEqual(before);
    expect(await Promise.all(before.map(async ({ name }) => bodyOf(name as FrontDoorName)))).toEqual(before.map(() => 'second'));
  });

  test('leaves a request under way to the function that has it', async () => {
    await start(HANDLER);
    const pids = [0, 1].map(async (index) => bodyOf(index ? 'alb' : 'http-api', '/?do=sleep&ms=1500'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    synthesizeAgain(answering('second'));
    await served.reload();
    expect(await bodyOf()).toBe('second');
    for (const { pid } of (await Promise.all(pids)).map((body) => JSON.parse(body))) {
      expect(pid).toBeGreaterThan(0);
      await ended(pid);
    }
  });

  test('does not restart a function that has not changed', async () => {
    await start(HANDLER);
    await bodyOf('http-api', '/?do=calls');
    const template = fourDoors();
    template.Resources.HttpApi.Properties!.Name = 'another';
    synthesizeAgain(HANDLER, template, 'code');
    await served.reload();
    expect(await bodyOf('http-api', '/?do=calls')).toBe('{"calls":2}');
  });

  test('closes a door that is gone, and serves a new one at a port of its own', async () => {
    await start(answering('first'), fourDoorsWithout('Listener'));
    const [first] = served.doors;
    const httpApi = served.doors.find(({ name }) => name === 'http-api')!;
    synthesizeAgain(answering('second'), fourDoorsWithout('HttpRoute', 'HttpStage', 'HttpApi', 'HttpIntegration', 'HttpPermission'));
    await served.reload();
    expect(served.doors.map(({ name }) => name).sort()).toEqual(['alb', 'function-url', 'rest-api']);
    expect(await bodyOf('alb')).toBe('second');
    expect(served.doors.find(({ name }) => name === first.name)).toEqual(first);
    await expect(fetch(httpApi.url)).rejects.toThrow();
  });

  test('leaves everything as it was if it is half written', async () => {
    await start(answering('first'));
    writeFileSync(path.join(assembly, 'Stack.template.json'), '{"Resources": {');
    await expect(served.reload()).rejects.toThrow(/cannot read .*Stack\.template\.json/);
    expect(await bodyOf()).toBe('first');
  });

  test('leaves a function as it was if its new code does not load', async () => {
    await start(answering('first'));
    synthesizeAgain(`${answering('second')} throw new RangeError("on purpose");`);
    await served.reload();
    expect(await bodyOf()).toBe('first');
    expect(lines.filter((line) => line.includes('does not load'))).toEqual(['Stack/Web: the change does not load; what was there before is still served']);
    synthesizeAgain(answering('third'), fourDoors(), 'third');
    await served.reload();
    expect(await bodyOf()).toBe('third');
  });
});

describe('other code for an asset', () => {
  test('is run until the next synthesis', async () => {
    await start(answering('first'));
    const [{ asset, apps }] = served.assets();
    expect(apps).toEqual(['Stack/Web']);
    await served.replaceCode(asset, writeDirectory(path.join(assembly, 'edited'), answering('edited')));
    expect(await bodyOf()).toBe('edited');
    // The same asset again: the edit was undone.
    await served.reload();
    expect(await bodyOf()).toBe('first');
  });

  test('leaves no copy of the code before, when that is no longer used', async () => {
    await start(HANDLER);
    const [{ asset }] = served.assets();
    const folderOf = async () => JSON.parse(await bodyOf('http-api', '/?do=context')).cwd as string;
    const before = await folderOf();
    await served.replaceCode(asset, writeDirectory(path.join(assembly, 'edited'), HANDLER));
    expect(await folderOf()).not.toBe(before);
    for (let attempt = 0; attempt < 100 && existsSync(before); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect([existsSync(before), existsSync(asset)]).toEqual([false, true]);
  });

  test('is not run if it does not load', async () => {
    await start(answering('first'));
    const [{ asset }] = served.assets();
    await expect(served.replaceCode(asset, writeDirectory(path.join(assembly, 'edited'), 'syntax error'))).rejects.toThrow('Stack/Web: the change does not load');
    expect(await bodyOf()).toBe('first');
  });
});

async function ended(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`process ${pid} still runs`);
}
