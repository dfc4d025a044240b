import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebAppFunction } from './assembly/web-app-functions';
import { DoorAnswer, DoorRequest, FrontDoor, Invocation, isInvocation } from './front-doors/front-door';
import { Hosts, refuseHost } from './hosts';
import { ExchangeRecorder } from './inspector/exchange';
import { BufferedOutcome, InvocationOutcome } from './lambda/invocation-outcome';
import { InvocationListener } from './lambda/lambda-environment';
import { listen } from './listen';
import { RequestReport } from './report/report';

/** How often it is looked whether a debugger is still attached. */
const HELD_CHECK_MS = 1_000;

export interface DoorServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The names under which the door answers. */
  readonly hosts: Hosts;
  /** Returns the recorder of a request's exchange. */
  record(request: DoorRequest): ExchangeRecorder;
  /** Returns the report on a request for the terminal. */
  report(request: DoorRequest): RequestReport;
  /** Called with the name in a Host header that is not allowed. */
  onRefused(name: string): void;
}

export type Invoke = (webApp: WebAppFunction, event: object, listener: InvocationListener) => Promise<InvocationOutcome>;

/** A door, and how the functions behind it are invoked. */
export interface DoorTarget {
  readonly door: FrontDoor;
  readonly invoke: Invoke;
  /** Whether a debugger is attached to the function. The door then waits. */
  isHeld?(webApp: WebAppFunction): boolean;
}

/** An HTTP server for one door. */
export class DoorServer {
  static async start(target: DoorTarget, options: DoorServerOptions): Promise<DoorServer> {
    const server = new DoorServer(target, options);
    await listen(server.server, options.host, options.port, `the ${target.door.name} of ${[...new Set(target.door.entrances.map(({ webApp }) => webApp.appPath))].join(', ')}`);
    return server;
  }

  // The doors check the size of headers themselves, and allow more than Node does.
  private readonly server = http.createServer({ maxHeaderSize: 65_536 }, (request, response) => void this.handle(request, response));

  private constructor(private target: DoorTarget, private readonly options: DoorServerOptions) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Leads requests that arrive from now on to another target. */
  replace(target: DoorTarget): void {
    this.target = target;
  }

  /** Takes no more requests. Those that are under way are answered. */
  close(): void {
    this.server.close();
    this.server.closeIdleConnections();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { hosts, onRefused } = this.options;
    if (!hosts.isAllowed(request.headers.host)) {
      onRefused(refuseHost(request, response));
      return;
    }
    let doorRequest: DoorRequest;
    try {
      doorRequest = await this.read(request);
    } catch {
      // The client disconnected before its request was complete.
      return;
    }
    const recorder = this.options.record(doorRequest);
    const report = this.options.report(doorRequest);
    const answer = await this.answer(doorRequest, recorder, report);
    report.answered(answer.status, answer.reason);
    recorder.answered(answer);
    const ended = (): void => {
      report.ended(response.writableFinished);
      recorder.ended();
    };
    // The client may be gone already.
    if (response.destroyed) ended();
    else response.on('close', ended);
    if (!Buffer.isBuffer(answer.body)) answer.body.on('data', (chunk: Buffer) => recorder.sentChunk(chunk)).pause();
    write(answer, request, response);
  }

  private async answer(request: DoorRequest, recorder: ExchangeRecorder, report: RequestReport): Promise<DoorAnswer> {
    // It may be replaced while the function works.
    const { target } = this;
    try {
      const decision = target.door.accept(request);
      return isInvocation(decision) ? await invoke(target, decision, recorder, report) : decision;
    } catch (error) {
      // A defect of the local door must not stop other requests.
      return { status: 500, headers: [], body: Buffer.alloc(0), reason: `the local door failed: ${(error as Error).stack}` };
    }
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

/** The function continues to run after the door has timed out, as on AWS. */
async function invoke(target: DoorTarget, invocation: Invocation, recorder: ExchangeRecorder, report: RequestReport): Promise<DoorAnswer> {
  const { webApp, event } = invocation;
  recorder.invoked(webApp, event);
  const answer = target.invoke(webApp, event, {
    started: (start) => report.invoked(webApp.appPath, start),
    printed: (line, isError) => {
      report.printed(line);
      recorder.printed(line, isError);
    },
  })
    .then(async (outcome) => readOutcome(invocation, recorder.returned(outcome)));
  const { timeout } = invocation;
  if (!timeout) return answer;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<DoorAnswer>((resolve) => {
    const limit = (milliseconds: number): void => {
      timer = setTimeout(() => (target.isHeld?.(webApp) ? limit(HELD_CHECK_MS) : resolve(timeout.answer)), milliseconds);
    };
    limit(timeout.milliseconds);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
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
