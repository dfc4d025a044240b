import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import { writeAssembly } from '../fixtures/assembly';
import { get, HANDLER, lines, serveAssembly } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

/** A debugger for Node that sends what it is told, and waits for answers. */
class Debugger {
  static async attach(address: string): Promise<Debugger> {
    const [target] = await (await fetch(`http://${address}/json/list`)).json() as { webSocketDebuggerUrl: string }[];
    const socket = net.connect(Number(address.split(':')[1]), '127.0.0.1');
    socket.write(`GET ${new URL(target.webSocketDebuggerUrl).pathname} HTTP/1.1\r\nHost: ${address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
      + `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    const attached = new Debugger(socket);
    await attached.received('101 Switching Protocols');
    return attached;
  }

  private text = '';

  private constructor(private readonly socket: net.Socket) {
    socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
  }

  /** One masked frame, whose mask is zero: https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
  send(id: number, method: string, params: object = {}): void {
    const payload = Buffer.from(JSON.stringify({ id, method, params }));
    this.socket.write(Buffer.concat([Buffer.from([0x81, 0x80 + payload.length, 0, 0, 0, 0]), payload]));
  }

  async received(text: string): Promise<void> {
    for (let attempt = 0; attempt < 200 && !this.text.includes(text); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    if (!this.text.includes(text)) throw new Error(`${text} was not received, but ${this.text.slice(0, 2000)}`);
  }

  detach(): void {
    this.socket.destroy();
  }
}

/** Serves a function that may work for one second. */
async function serveForDebugging() {
  const template = fourDoors();
  template.Resources.Handler.Properties!.Timeout = 1;
  const served = await serveAssembly(writeAssembly(template, { 'index.js': HANDLER }), { debug: { inspect: 0 } });
  const [, address] = /^Stack\/Web can be debugged at ([\d.:]+), with a debugger for Node/m.exec(lines.join('\n'))!;
  // It is loaded.
  expect((await get(served, 'http-api', '/?do=calls')).status).toBe(200);
  return { served, address };
}

test('the time limit is held while a debugger is attached, and applies again afterwards', async () => {
  const { served, address } = await serveForDebugging();
  const attached = await Debugger.attach(address);
  attached.send(1, 'Debugger.enable');
  await attached.received('"id":1');
  attached.send(2, 'Debugger.pause');
  const answer = get(served, 'http-api', '/?do=context');
  await attached.received('Debugger.paused');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  attached.send(3, 'Debugger.resume');
  const { status, body } = await answer;
  expect(status).toBe(200);
  // The app was told so too.
  expect(JSON.parse(body.toString()).remaining).toBeGreaterThan(60_000);
  attached.detach();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await get(served, 'http-api', '/?do=hang')).status).toBe(500);
});

test('after the code was replaced, a debugger attaches to the new process at the same port', async () => {
  const { served, address } = await serveForDebugging();
  const [{ asset }] = served.assets();
  const idOf = async () => (await (await fetch(`http://${address}/json/list`)).json() as { id: string }[])[0].id;
  const before = await idOf();
  await served.replaceCode(asset, asset);
  expect(await idOf()).not.toBe(before);
  (await Debugger.attach(address)).detach();
});

test('requests at the same time go to the one process that is debugged', async () => {
  const { served } = await serveForDebugging();
  const bodies = await Promise.all([1, 2, 3].map(async () => (await get(served, 'http-api', '/?do=sleep&ms=100')).body.toString()));
  expect(new Set(bodies).size).toBe(1);
});

test('without the option, functions do not listen for debuggers', async () => {
  const served = await serveAssembly(writeAssembly(fourDoors(), { 'index.js': HANDLER }));
  expect(lines.filter((line) => line.includes('debug'))).toEqual([]);
  expect(JSON.parse((await get(served, 'http-api', '/?do=context')).body.toString()).env.NODE_OPTIONS).toBeUndefined();
});
