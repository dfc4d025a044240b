import { Server, createServer } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Behaviour, Outcome } from './behaviour';
import { Notes } from './observing';
import { receive, requestBytes } from './raw-client';

/** How long nothing may happen before a response counts as stuck, and its closing as not to come; in milliseconds. */
const SILENCE = 150;
/** How long what an app does after its response is still heard. */
const AFTERMATH = 40;
/** The longest that an app takes. */
const LONGEST = 3_000;

/** Runs a behaviour on Node's own server, with a client that reads bytes. */
export async function onPlainServer(behaviour: Behaviour): Promise<Outcome> {
  const { server, notes, closed } = serverOf(behaviour);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const stuck = Promise.race([closed, sleep(LONGEST)]).then(() => sleep(SILENCE));
    const answered = receive(socket, behaviour.request?.method ?? 'GET', stuck);
    socket.write(requestBytes(behaviour.request));
    const answer = await answered;
    await aftermath(closed, notes);
    return { notes: notes.close(), answer };
  } finally {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  }
}

/** Waits for what an app still does once its client is answered. */
export async function aftermath(closed: Promise<void>, notes: Notes): Promise<void> {
  await Promise.race([closed, sleep(SILENCE)]);
  await notes.settled();
  await sleep(AFTERMATH);
}

const SERVING = new Set(['request', 'checkContinue', 'checkExpectation']);

/** The server that a behaviour describes, the same for the runtime as for the real thing. */
export function serverOf({ app, options, setUp }: Behaviour): { server: Server; notes: Notes; closed: Promise<void> } {
  const server = createServer((typeof options === 'function' ? options() : options) ?? {});
  const notes = new Notes(server);
  server.on('request', (req, res) => notes.run(res, () => app(req, res, notes)));
  setUp?.(server, notes);
  const closed = new Promise<void>((resolve) => {
    server.emit = function (this: Server, event: string, ...parameters: any[]) {
      if (SERVING.has(event)) {
        parameters[1].once('close', resolve);
      }
      return (Server.prototype.emit as Function).call(this, event, ...parameters);
    } as Server['emit'];
  });
  return { server, notes, closed };
}
