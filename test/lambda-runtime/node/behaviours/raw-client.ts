import { NetConnectOpts, Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, RequestSpec } from './behaviour';
import { ResponseReader } from './response-reader';

/** The maximum time for a response, in milliseconds. */
const LONGEST = 10_000;

/** Sends a request over a new connection. */
export async function exchange(address: NetConnectOpts, request: RequestSpec): Promise<Answer> {
  const socket = connect(address);
  try {
    const answer = receive(socket, request.method ?? 'GET', sleep(LONGEST, undefined, { ref: false }));
    socket.write(requestBytes(request));
    return await answer;
  } finally {
    socket.destroy();
  }
}

export function requestBytes({ method = 'GET', target = '/', headers = [], body }: RequestSpec = {}): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, 'host: app.example', ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body !== undefined) {
    lines.push(`content-length: ${Buffer.byteLength(body)}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body ?? '')]);
}

/** @param stuck resolves when the client should give up */
export function receive(socket: Socket, method: string, stuck: Promise<void>): Promise<Answer> {
  const reader = new ResponseReader(method);
  return new Promise((resolve) => {
    const settle = (end: Answer['end']) => resolve(reader.answer(end));
    socket.on('data', (chunk) => {
      if (reader.feed(chunk)) {
        settle('whole');
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => settle(reader.endsByClosing() ? 'whole' : 'broken'));
    void stuck.then(() => settle('stuck'));
  });
}
