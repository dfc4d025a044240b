import { Server, createServer } from 'node:http';
import { AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Behaviour, Outcome } from './behaviour';
import { Notes } from './observing';
import { receive, requestBytes } from './raw-client';

/** Milliseconds without activity after which a response counts as stuck, or is assumed never to close. */
const SILENCE = 150;
/** Milliseconds after the response during which notes are still recorded. */
const AFTERMATH = 40;
/** The maximum time that an app may take, in milliseconds. */
const LONGEST = 3_000;

/** Runs a behaviour on Node's server, with a client that reads raw bytes. */
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

/** Waits for what an app does after its response. */
export async function aftermath(closed: Promise<void>, notes: Notes): Promise<void> {
  await Promise.race([closed, sleep(SILENCE)]);
  await notes.settled();
  await sleep(AFTERMATH);
}

const SERVING = new Set(['request', 'checkContinue', 'checkExpectation']);

/** The server of a behaviour, for both the runtime and the plain server. */
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
