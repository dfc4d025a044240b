import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebAppFunction } from './assembly/web-app-functions';
import { DoorAnswer, DoorRequest, FrontDoor, Invocation, isInvocation } from './front-doors/front-door';
import { ExchangeRecorder } from './inspector/exchange';
import { BufferedOutcome, InvocationOutcome } from './lambda/invocation-outcome';
import { listen } from './listen';

export interface DoorServerOptions {
  readonly host: string;
  /** 0 for any free port. If another port is taken, the next free one is used. */
  readonly port: number;
  invoke(webApp: WebAppFunction, event: object): Promise<InvocationOutcome>;
  /** Returns the recorder of a request's exchange. */
  record(request: DoorRequest): ExchangeRecorder;
  /** Called for each answer that has a reason. */
  onReason(request: DoorRequest, answer: DoorAnswer): void;
}

/** An HTTP server for one door. */
export class DoorServer {
  static async start(door: FrontDoor, options: DoorServerOptions): Promise<DoorServer> {
    const server = new DoorServer(door, options);
    await listen(server.server, options.host, options.port);
    return server;
  }

  // The doors check the size of headers themselves, and allow more than Node does.
  private readonly server = http.createServer({ maxHeaderSize: 65_536 }, (request, response) => void this.handle(request, response));

  private constructor(private readonly door: FrontDoor, private readonly options: DoorServerOptions) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let doorRequest: DoorRequest;
    try {
      doorRequest = await this.read(request);
    } catch {
      // The client disconnected before its request was complete.
      return;
    }
    const recorder = this.options.record(doorRequest);
    const answer = await this.answer(doorRequest, recorder);
    if (answer.reason) {
      this.options.onReason(doorRequest, answer);
    }
    recorder.answered(answer);
    response.on('close', () => recorder.ended());
    if (!Buffer.isBuffer(answer.body)) answer.body.on('data', (chunk: Buffer) => recorder.sentChunk(chunk)).pause();
    write(answer, request, response);
  }

  private async answer(request: DoorRequest, recorder: ExchangeRecorder): Promise<DoorAnswer> {
    try {
      const decision = this.door.accept(request);
      return isInvocation(decision) ? await this.invoke(decision, recorder) : decision;
    } catch (error) {
      // A defect of the local door must not stop other requests.
      return { status: 500, headers: [], body: Buffer.alloc(0), reason: `the local door failed: ${(error as Error).stack}` };
    }
  }

  /** The function continues to run after the door has timed out, as on AWS. */
  private async invoke(invocation: Invocation, recorder: ExchangeRecorder): Promise<DoorAnswer> {
    recorder.invoked(invocation.webApp, invocation.event);
    const answer = this.options.invoke(invocation.webApp, invocation.event)
      .then(async (outcome) => readOutcome(invocation, recorder.returned(outcome)));
    const { timeout } = invocation;
    if (!timeout) return answer;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<DoorAnswer>((resolve) => {
      timer = setTimeout(() => resolve(timeout.answer), timeout.milliseconds);
    });
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  private async read(request: http.IncomingMessage): Promise<DoorRequest> {
    const body = await buffer(request);
    const { rawHeaders } = request;
    return {
      method: request.method!,
      target: request.url!,
      httpVersion: request.httpVersion,
      headers: rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]] as const] : [])),
      body,
      clientAddress: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
      scheme: 'http',
      port: this.port,
      time: new Date(),
    };
  }
}

async function readOutcome({ read }: Invocation, outcome: InvocationOutcome): Promise<DoorAnswer> {
  return read.mode === 'streaming' ? read.answer(outcome) : read.answer(await collect(outcome));
}

/** A door that does not stream waits for the whole streamed response. */
async function collect(outcome: InvocationOutcome): Promise<BufferedOutcome> {
  if (outcome.kind !== 'stream') return outcome;
  try {
    return { kind: 'result', payload: await buffer(outcome.body) };
  } catch (error) {
    return { kind: 'error', errorType: 'Function.StreamError', errorMessage: (error as Error).message };
  }
}

/** Replaces the function's content-length with the real one, except in the answer to HEAD, which has no body. */
function write(answer: DoorAnswer, request: http.IncomingMessage, response: http.ServerResponse): void {
  const hasBody = answer.status !== 204 && answer.status !== 304;
  const headers = answer.headers
    .filter(([name]) => name.toLowerCase() !== 'content-length' || (request.method === 'HEAD' && hasBody))
    .flatMap(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]);
  if (hasBody && request.method !== 'HEAD' && Buffer.isBuffer(answer.body)) {
    headers.push('content-length', String(answer.body.length));
  }
  if (answer.statusText) {
    response.writeHead(answer.status, answer.statusText, headers);
  } else {
    response.writeHead(answer.status, headers);
  }
  if (Buffer.isBuffer(answer.body)) {
    response.end(hasBody && request.method !== 'HEAD' ? answer.body : undefined);
  } else {
    // The function runs to its end even if the client has disconnected or the answer has no body.
    const body = answer.body;
    body.on('error', () => response.destroy());
    response.on('close', () => body.resume());
    response.flushHeaders();
    body.pipe(response);
  }
}
