import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The largest buffered response of a function, in bytes of JSON. */
export const MAX_RESULT_BYTES = 6_291_556;

/** A function's connection stays open, however long it works on an event, streams its response or waits for the next event. */
const NO_TIMEOUTS = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 };

export interface RuntimeApiOptions {
  /** Default: Lambda's limit. */
  readonly maxResultBytes?: number;
  /** Called when the function asks for an event. The first time, it has finished loading. */
  onNext?(): void;
  /** Called when the function and its extensions wait for the next event: then Lambda freezes the environment. */
  onIdle?(): void;
  /** Called when the function could not load. */
  onInitError?(error: BufferedAnswer): void;
}

/** An event for the function, and callbacks for its answer. */
export interface Invocation {
  /** As JSON. */
  readonly event: string;
  /** Default: a random UUID. */
  readonly requestId?: string;
  /** The function's timeout in milliseconds, counted from when it takes the event. */
  readonly timeoutMs: number;
  /** More headers for the function, without the prefix `lambda-runtime-` of their names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the function takes the event. */
  onStart?(requestId: string): void;
  /** Called when the function has answered. The body of a streamed answer is still arriving. */
  onAnswer(answer: Answer): void;
  /** Called when the answer is complete. */
  onEnd?(): void;
}

export type Answer = BufferedAnswer | StreamedAnswer;

/** An answer that arrived as a whole. */
export interface BufferedAnswer {
  /** `too large`: Lambda rejects the response, and `body` is the error that it reports instead. */
  readonly kind: 'response' | 'error' | 'too large';
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A response that the function sends in parts. */
export interface StreamedAnswer {
  readonly kind: 'stream';
  readonly headers: http.IncomingHttpHeaders;
  /** At its end, `complete` is false if the connection was lost, and `trailers` has the error of a function that failed after its first bytes. */
  readonly body: http.IncomingMessage;
}

/**
 * The Lambda Runtime API: the function's process asks for the next event and posts its answer.
 * A function that handles several events at the same time asks several times. Extensions in its process get to know of each event, and
 * the next one waits until they have asked for it too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApiServer {
  /** Starts to listen on a free port. */
  static async start(options: RuntimeApiOptions = {}): Promise<RuntimeApiServer> {
    const server = new RuntimeApiServer(options);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  private readonly server = http.createServer(NO_TIMEOUTS, (request, response) => this.handle(request, response));
  private readonly invocations: Invocation[] = [];
  private readonly waitingForNext: http.ServerResponse[] = [];
  private readonly running = new Map<string, Invocation>();
  private readonly extensions = new Map<string, Extension>();
  private hasLoaded = false;

  private constructor(private readonly options: RuntimeApiOptions) {}

  /** The value of `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Gives an event to the function as soon as it asks for one. */
  invoke(invocation: Invocation): void {
    this.invocations.push(invocation);
    this.deliver();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private deliver(): void {
    while (this.invocations.length > 0 && this.waitingForNext.length > 0 && this.extensionsWait()) {
      const response = this.waitingForNext.shift()!;
      // The process that asked has ended.
      if (response.destroyed) continue;
      const invocation = this.invocations.shift()!;
      const requestId = invocation.requestId ?? randomUUID();
      this.running.set(requestId, invocation);
      invocation.onStart?.(requestId);
      this.tellExtensions(requestId, invocation);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(invocation.event),
        'lambda-runtime-aws-request-id': requestId,
        'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeoutMs),
        ...Object.fromEntries(Object.entries(invocation.headers ?? {}).map(([name, value]) => [`lambda-runtime-${name}`, value])),
      });
      response.end(invocation.event);
    }
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (!this.isFromFunction(request)) {
      request.resume();
      reply(response, 403, { errorMessage: 'this is the Runtime API of a function, and not for web pages', errorType: 'Forbidden' });
      return;
    }
    const [, requestId, verb] = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(request.url!) ?? [];
    if (requestId !== undefined) {
      void this.takeAnswer(requestId, verb as 'response' | 'error', request, response);
      return;
    }
    switch (request.url) {
      case '/2018-06-01/runtime/invocation/next':
        this.waitingForNext.push(response);
        this.hasLoaded = true;
        this.options.onNext?.();
        this.goOn();
        break;
      case '/2018-06-01/runtime/init/error':
        void this.takeInitError(request, response);
        break;
      case '/2020-01-01/extension/register':
        void this.registerExtension(request, response);
        break;
      case '/2020-01-01/extension/event/next':
        this.waitForEvent(request, response);
        break;
      default:
        request.resume();
        reply(response, 404, { errorMessage: `no such path: ${request.url}`, errorType: 'NotFound' });
    }
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html */
  private async registerExtension(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readWhole(request);
    if (!body) return;
    if (this.hasLoaded) {
      reply(response, 403, { errorMessage: 'Extensions are registered in the init phase only', errorType: 'Extension.RegistrationClosed' });
      return;
    }
    const id = randomUUID();
    this.extensions.set(id, { getsInvocations: parsedEvents(body).includes('INVOKE') });
    reply(response, 200, { functionName: 'function', functionVersion: '$LATEST', handler: 'handler' }, { 'lambda-extension-identifier': id });
  }

  private waitForEvent(request: http.IncomingMessage, response: http.ServerResponse): void {
    const extension = this.extensions.get(String(request.headers['lambda-extension-identifier']));
    if (!extension) {
      reply(response, 403, { errorMessage: 'unknown extension', errorType: 'Extension.UnknownExtensionIdentifier' });
      return;
    }
    extension.waiting = response;
    this.goOn();
  }

  /** One that has ended with its process waits for nothing. */
  private extensionsWait(): boolean {
    return [...this.extensions.values()].every(({ waiting }) => waiting !== undefined);
  }

  private tellExtensions(requestId: string, { timeoutMs, headers }: Invocation): void {
    for (const extension of this.extensions.values()) {
      // An extension that gets no invocations waits for the shutdown.
      if (!extension.getsInvocations) continue;
      const { waiting } = extension;
      extension.waiting = undefined;
      reply(waiting!, 200, { eventType: 'INVOKE', deadlineMs: Date.now() + timeoutMs, requestId, invokedFunctionArn: headers?.['invoked-function-arn'] });
    }
  }

  private goOn(): void {
    this.deliver();
    if (this.waitingForNext.length > 0 && this.extensionsWait()) this.options.onIdle?.();
  }

  /**
   * A web page in the developer's browser can send requests to any port of this machine: it must not take another request's event, nor
   * end the function. A browser says where a request comes from, or names the host that it thinks it is talking to.
   */
  private isFromFunction({ headers }: http.IncomingMessage): boolean {
    return (headers.host === undefined || headers.host === this.address) && headers.origin === undefined && headers['sec-fetch-site'] === undefined;
  }

  private async takeAnswer(requestId: string, verb: 'response' | 'error', request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const invocation = this.running.get(requestId);
    if (!invocation) {
      request.resume();
      reply(response, 403, { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' });
      return;
    }
    if (verb === 'response' && request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      this.running.delete(requestId);
      await this.takeStream(invocation, request);
      reply(response, 202, { status: 'OK' });
    } else {
      const body = await readWhole(request);
      // The connection was lost: the process has ended, and its parent is notified.
      if (!body) return;
      this.running.delete(requestId);
      const { status, answer } = this.judge(verb, body, request.headers);
      invocation.onAnswer(answer);
      reply(response, status, status === 202 ? { status: 'OK' } : JSON.parse(answer.body.toString()));
    }
    invocation.onEnd?.();
  }

  private judge(kind: 'response' | 'error', body: Buffer, headers: http.IncomingHttpHeaders): { status: number; answer: BufferedAnswer } {
    const { maxResultBytes = MAX_RESULT_BYTES } = this.options;
    if (kind === 'error' || body.length <= maxResultBytes) return { status: 202, answer: { kind, headers, body } };
    const error = {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size (${body.length} bytes) exceeded maximum allowed payload size (${maxResultBytes} bytes).`,
    };
    return { status: 413, answer: { kind: 'too large', headers, body: Buffer.from(JSON.stringify(error)) } };
  }

  /** Waits for the end of the body. The receiver of the answer reads it. */
  private async takeStream(invocation: Invocation, body: http.IncomingMessage): Promise<void> {
    const closed = new Promise<void>((resolve) => body.on('close', resolve));
    // If the connection is lost, `complete` is false.
    body.on('error', () => undefined);
    invocation.onAnswer({ kind: 'stream', headers: body.headers, body });
    await closed;
  }

  private async takeInitError(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readWhole(request);
    if (!body) return;
    reply(response, 202, { status: 'OK' });
    this.options.onInitError?.({ kind: 'error', headers: request.headers, body });
  }
}

/** An extension in the function's process. */
interface Extension {
  readonly getsInvocations: boolean;
  waiting?: http.ServerResponse;
}

function parsedEvents(body: Buffer): unknown[] {
  try {
    const { events } = JSON.parse(body.toString()) as { events?: unknown };
    return Array.isArray(events) ? events : [];
  } catch {
    return [];
  }
}

/** Returns the whole body, or undefined if the connection was lost. */
async function readWhole(request: http.IncomingMessage): Promise<Buffer | undefined> {
  return buffer(request).catch(() => undefined);
}

function reply(response: http.ServerResponse, status: number, body: object, headers: http.OutgoingHttpHeaders = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
