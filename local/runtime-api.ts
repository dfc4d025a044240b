import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { InvocationOutcome } from './front-doors/front-door';

/** The most that a function may return at once, in bytes of JSON. */
export const MAX_RESULT_BYTES = 6_291_556;

export interface PendingInvocation {
  readonly event: string;
  readonly functionArn: string;
  /** Milliseconds that the function may take once it has the event. */
  readonly timeoutMs: number;
  readonly traceId: string;
  /** The function has taken the event. */
  onStart(): void;
  /** The function has answered; a streamed body may still be on its way. */
  onOutcome(outcome: InvocationOutcome): void;
  /** The answer is complete: the function may take the next event. */
  onEnd(): void;
}

/** A function may work, stream or wait for its next event for as long as it likes, and finds its connection open. */
const NO_TIMEOUTS = { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 };

/**
 * The Lambda Runtime API, for one execution environment: the function's process asks for
 * the next event and posts its answer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly server = http.createServer(NO_TIMEOUTS, (request, response) => this.handle(request, response));
  private waitingForNext?: http.ServerResponse;
  private queued?: PendingInvocation;
  private current?: { readonly id: string; readonly invocation: PendingInvocation };

  /**
   * @param onNext called when the function asks for an event: it has loaded
   */
  constructor(private readonly onInitError: (outcome: InvocationOutcome) => void, private readonly onNext: () => void = () => undefined) {}

  /** Starts to listen and returns the address for `AWS_LAMBDA_RUNTIME_API`. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Hands an event to the function, as soon as it asks for one. */
  invoke(invocation: PendingInvocation): void {
    this.queued = invocation;
    this.deliver();
  }

  private deliver(): void {
    const response = this.waitingForNext;
    const invocation = this.queued;
    if (!response || !invocation) return;
    this.waitingForNext = undefined;
    this.queued = undefined;
    this.current = { id: randomUUID(), invocation };
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': this.current.id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeoutMs),
      'lambda-runtime-invoked-function-arn': invocation.functionArn,
      'lambda-runtime-trace-id': invocation.traceId,
    });
    response.end(invocation.event);
    invocation.onStart();
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = request.url!.replace('/2018-06-01/runtime', '');
    const [, id, verb] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (path === '/invocation/next') {
      this.waitingForNext = response;
      this.onNext();
      this.deliver();
    } else if (path === '/init/error') {
      void this.readError(request, response, (outcome) => this.onInitError(outcome));
    } else if (!this.current || id !== this.current.id) {
      request.resume();
      reply(response, 403, { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' });
    } else if (verb === 'error') {
      this.finish((invocation) => this.readError(request, response, (outcome) => invocation.onOutcome(outcome)));
    } else if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      this.finish((invocation) => this.readStream(request, response, invocation));
    } else {
      this.finish((invocation) => this.readResult(request, response, invocation));
    }
  }

  private finish(read: (invocation: PendingInvocation) => Promise<void>): void {
    const { invocation } = this.current!;
    this.current = undefined;
    void read(invocation).then(() => invocation.onEnd());
  }

  private async readResult(request: http.IncomingMessage, response: http.ServerResponse, invocation: PendingInvocation): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_RESULT_BYTES) chunks.push(chunk);
    }
    if (size > MAX_RESULT_BYTES) {
      const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (${MAX_RESULT_BYTES} bytes).`;
      reply(response, 413, { errorMessage, errorType: 'Function.ResponseSizeTooLarge' });
      invocation.onOutcome({ kind: 'error', errorType: 'Function.ResponseSizeTooLarge', errorMessage });
      return;
    }
    reply(response, 202, { status: 'OK' });
    invocation.onOutcome({ kind: 'result', payload: Buffer.concat(chunks) });
  }

  /** Hands the body on as it comes, and waits for its end. An error may come as trailers after a part of it. */
  private async readStream(request: http.IncomingMessage, response: http.ServerResponse, invocation: PendingInvocation): Promise<void> {
    const body = new PassThrough();
    invocation.onOutcome({ kind: 'stream', contentType: request.headers['content-type'] ?? 'application/octet-stream', body });
    await new Promise<void>((resolve) => {
      request.on('end', () => {
        const errorType = request.trailers['lambda-runtime-function-error-type'];
        if (errorType) {
          body.destroy(new Error(`the function failed after it had begun to answer: ${errorType}`));
        } else {
          body.end();
        }
      });
      request.on('close', () => {
        if (!request.complete) body.destroy(new Error('the function\'s process ended after it had begun to answer'));
        resolve();
      });
      request.on('error', () => undefined);
      request.pipe(body, { end: false });
    });
    reply(response, 202, { status: 'OK' });
  }

  private async readError(request: http.IncomingMessage, response: http.ServerResponse, report: (outcome: InvocationOutcome) => void): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    reply(response, 202, { status: 'OK' });
    report(parseError(Buffer.concat(chunks).toString('utf8')));
  }
}

function parseError(text: string): InvocationOutcome {
  try {
    const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
    return { kind: 'error', errorType: errorType ?? 'Error', errorMessage: errorMessage ?? '' };
  } catch {
    return { kind: 'error', errorType: 'Error', errorMessage: text };
  }
}

function reply(response: http.ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
