import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { WebAppFunction } from './assembly/web-app-functions';
import { BufferedOutcome, DoorAnswer, DoorRequest, FrontDoor, Invocation, InvocationOutcome, isInvocation } from './front-doors/front-door';

export interface DoorServerOptions {
  readonly host: string;
  /** 0: any free port. Else the first of a range: the next free one is taken. */
  readonly port: number;
  invoke(webApp: WebAppFunction, event: object): Promise<InvocationOutcome>;
  /** Told of every answer that has a reason. */
  onReason(request: DoorRequest, answer: DoorAnswer): void;
}

/** A door with an HTTP server of its own. */
export class DoorServer {
  static async start(door: FrontDoor, options: DoorServerOptions): Promise<DoorServer> {
    const server = new DoorServer(door, options);
    await server.listen(options.port);
    return server;
  }

  // The doors have limits of their own, which are larger than Node's.
  private readonly server = http.createServer({ maxHeaderSize: 65_536 }, (request, response) => void this.handle(request, response));

  private constructor(private readonly door: FrontDoor, private readonly options: DoorServerOptions) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async listen(port: number): Promise<void> {
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      this.server.once('error', resolve);
      this.server.listen(port, this.options.host, () => {
        this.server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (!error) return;
    if (error.code === 'EADDRINUSE' && port < 65_535) return this.listen(port + 1);
    throw new Error(`cannot listen on ${this.options.host}:${port}: ${error.message}`);
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let doorRequest: DoorRequest;
    try {
      doorRequest = await this.read(request);
    } catch {
      // The client went away before its request was complete.
      return;
    }
    const answer = await this.answer(doorRequest);
    if (answer.reason) {
      this.options.onReason(doorRequest, answer);
    }
    write(answer, request, response);
  }

  private async answer(request: DoorRequest): Promise<DoorAnswer> {
    const decision = this.door.accept(request);
    return isInvocation(decision) ? this.invoke(decision) : decision;
  }

  /** The function runs on when the door's patience ends, as it does on AWS. */
  private async invoke(invocation: Invocation): Promise<DoorAnswer> {
    const answer = this.options.invoke(invocation.webApp, invocation.event).then(async (outcome) => readOutcome(invocation, outcome));
    const { patience } = invocation;
    if (!patience) return answer;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<DoorAnswer>((resolve) => {
      timer = setTimeout(() => resolve(patience.answer), patience.milliseconds);
    });
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  private async read(request: http.IncomingMessage): Promise<DoorRequest> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { rawHeaders } = request;
    return {
      method: request.method!,
      target: request.url!,
      httpVersion: request.httpVersion,
      headers: rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]] as const] : [])),
      body: Buffer.concat(chunks),
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

/** What a function streams to a door that does not stream arrives in one piece. */
async function collect(outcome: InvocationOutcome): Promise<BufferedOutcome> {
  if (outcome.kind !== 'stream') return outcome;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of outcome.body as AsyncIterable<Buffer>) chunks.push(chunk);
    return { kind: 'result', payload: Buffer.concat(chunks) };
  } catch (error) {
    return { kind: 'error', errorType: 'Function.StreamError', errorMessage: (error as Error).message };
  }
}

/** The body's length is always counted anew; only a HEAD answer keeps the length that the function gave. */
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
    // The function runs to its end even where the client went away or wants no body.
    const body = answer.body;
    body.on('error', () => response.destroy());
    response.on('close', () => body.resume());
    response.flushHeaders();
    body.pipe(response);
  }
}
