/** @slow installs debugpy from PyPI */
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { findInterpreters, prepareTool } from '../../lambda-runtime/python-environments';
import { writeAssembly } from '../fixtures/assembly';
import { get, lines, serveAssembly } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

const CODE = `
def handler(event, context):
    body = "before the breakpoint"
    body = "remaining: %d" % context.get_remaining_time_in_millis()
    return {"statusCode": 200, "body": body}
`;
const BREAKPOINT = 4;

/** A debugger that says what an editor says: https://microsoft.github.io/debug-adapter-protocol/specification */
class Debugger {
  private readonly messages: any[] = [];
  private unread = '';
  private requests = 0;
  private readonly socket: net.Socket;

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.on('data', (chunk: Buffer) => this.read(chunk.toString()));
  }

  send(command: string, args: object = {}): number {
    this.requests += 1;
    const text = JSON.stringify({ seq: this.requests, type: 'request', command, arguments: args });
    this.socket.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
    return this.requests;
  }

  /** Waits for an event of this name, or the response to this request. */
  async received(what: string | number): Promise<any> {
    const isIt = (message: any): boolean => (typeof what === 'string' ? message.event === what : message.request_seq === what);
    for (let attempt = 0; attempt < 400 && !this.messages.some(isIt); attempt += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const message = this.messages.find(isIt);
    if (!message || message.success === false) throw new Error(`no ${what}, but ${JSON.stringify(this.messages).slice(0, 2000)}`);
    return message.body;
  }

  detach(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    this.unread += text;
    for (let head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.unread); head; head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.unread)) {
      const end = head[0].length + Number(head[1]);
      if (this.unread.length < end) return;
      this.messages.push(JSON.parse(this.unread.slice(head[0].length, end)));
      this.unread = this.unread.slice(end);
    }
  }
}

/** What the Django example tells the editor, in the folder of a user. */
function attachment(): { pathMappings: object[] } {
  const text = readFileSync(path.join(__dirname, '../../../examples/django-alb/.vscode/launch.json'), 'utf8');
  const { configurations } = JSON.parse(text.replace(/^ *\/\/.*$/gm, '').replaceAll('${workspaceFolder}', '/home/ada/shop'));
  return { pathMappings: configurations[0].pathMappings };
}

test('a Python function stops at a breakpoint, for longer than its time limit, and goes on', async () => {
  const { PATH } = process.env;
  process.env.PATH = `${prepareTool('debugpy==1.8.22')}:${PATH}`;
  try {
    const template = fourDoors();
    Object.assign(template.Resources.Handler.Properties!, { Runtime: `python${findInterpreters().at(-1)!.version}`, Handler: 'app.handler', Timeout: 1 });
    const assembly = writeAssembly(template, { 'app.py': CODE });
    const served = await serveAssembly(assembly, { debug: { debugpy: 0 } });
    const [, port] = /^Stack\/Web can be debugged at 127\.0\.0\.1:(\d+), with debugpy;/m.exec(lines.join('\n'))!;
    // It is loaded, and was not told to wait for a debugger.
    expect((await get(served, 'http-api')).body.toString()).toMatch(/^remaining: \d{1,4}$/);

    const editor = new Debugger(Number(port));
    await editor.received(editor.send('initialize', { adapterID: 'debugpy', pathFormat: 'path' }));
    const attached = editor.send('attach', { ...attachment(), justMyCode: false });
    await editor.received('initialized');
    const { breakpoints } = await editor.received(editor.send('setBreakpoints', {
      source: { path: '/home/ada/shop/site/app.py' }, breakpoints: [{ line: BREAKPOINT }],
    }));
    expect(breakpoints).toEqual([expect.objectContaining({ verified: true })]);
    await editor.received(editor.send('configurationDone'));
    await editor.received(attached);

    const answer = get(served, 'http-api');
    const { reason, threadId } = await editor.received('stopped');
    expect(reason).toBe('breakpoint');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await editor.received(editor.send('continue', { threadId }));
    const { status, body } = await answer;
    expect(status).toBe(200);
    // The app was told so too.
    expect(body.toString()).toMatch(/^remaining: \d{6,}$/);
    editor.detach();
  } finally {
    process.env.PATH = PATH;
  }
});
