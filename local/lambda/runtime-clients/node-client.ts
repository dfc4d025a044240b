/**
 * A runtime client for Node.js, as Lambda has one: loads the handler, asks the Runtime API
 * for one event after another, and posts the answers. It runs in a process of its own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import * as http from 'node:http';
import { Handler, loadHandler } from './load-handler';
import { makeReadOnly } from './read-only-code';
import { ResponseStream, withHttpPrelude } from './response-stream';

interface NextEvent {
  readonly event: unknown;
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId?: string;
}

type StreamingHandler = (event: unknown, stream: ResponseStream, context: object) => unknown;

/** Marks a handler that `awslambda.streamifyResponse` has wrapped. */
const STREAMING = Symbol('streaming handler');

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMING]: true }),
    HttpResponseStream: { from: withHttpPrelude },
  },
});

// Not the global agent, which the app may change.
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

async function main(): Promise<void> {
  makeReadOnly(process.env.LAMBDA_TASK_ROOT!, (operation, file) => console.error(
    `${operation} ${file}: the code is read-only, as on Lambda, where this fails with EROFS; write to os.tmpdir() instead`));
  let handler: Handler;
  try {
    handler = await loadHandler(process.env.LAMBDA_TASK_ROOT!, process.env._HANDLER!);
  } catch (error) {
    console.error(error);
    await call('POST', '/init/error', renderError(error));
    process.exit(1);
  }
  for (;;) {
    await serve(handler, await takeNext());
  }
}

async function serve(handler: Handler, next: NextEvent): Promise<void> {
  process.env._X_AMZN_TRACE_ID = next.traceId;
  if (STREAMING in handler) {
    return serveStream(handler as unknown as StreamingHandler, next);
  }
  let result: string;
  try {
    result = JSON.stringify(await run(handler, next)) ?? 'null';
  } catch (error) {
    console.error(error);
    await call('POST', `/invocation/${next.requestId}/error`, renderError(error));
    return;
  }
  await call('POST', `/invocation/${next.requestId}/response`, result);
}

async function serveStream(handler: StreamingHandler, next: NextEvent): Promise<void> {
  const stream = new ResponseStream(runtimeUrl(`/invocation/${next.requestId}/response`), agent);
  const finished = new Promise<void>((resolve, reject) => stream.on('finish', resolve).on('error', reject));
  finished.catch(() => undefined);
  try {
    await handler(next.event, stream, renderContext(next));
    await finished;
  } catch (error) {
    console.error(error);
    if (stream.begun) {
      await stream.fail((error as Error)?.name ?? 'Error', renderError(error));
    } else {
      await call('POST', `/invocation/${next.requestId}/error`, renderError(error));
    }
  }
}

/** Handlers with a callback as their third parameter exist up to Node.js 22. */
async function run(handler: Handler, next: NextEvent): Promise<unknown> {
  const context = renderContext(next);
  if (handler.length < 3) {
    return handler(next.event, context);
  }
  return new Promise((resolve, reject) => {
    const returned = handler(next.event, context, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function renderContext(next: NextEvent): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: next.functionArn,
    awsRequestId: next.requestId,
    identity: undefined,
    clientContext: undefined,
    getRemainingTimeInMillis: () => Math.max(0, next.deadlineMs - Date.now()),
  };
}

async function takeNext(): Promise<NextEvent> {
  const { headers, body } = await call('GET', '/invocation/next');
  return {
    event: JSON.parse(body),
    requestId: String(headers['lambda-runtime-aws-request-id']),
    deadlineMs: Number(headers['lambda-runtime-deadline-ms']),
    functionArn: String(headers['lambda-runtime-invoked-function-arn']),
    traceId: headers['lambda-runtime-trace-id'] as string | undefined,
  };
}

function runtimeUrl(path: string): string {
  return `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime${path}`;
}

function call(method: string, path: string, payload?: string): Promise<{ headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(runtimeUrl(path), { method, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    request.on('error', reject);
    if (payload === undefined) {
      request.end();
    } else {
      request.setHeader('content-length', Buffer.byteLength(payload));
      request.end(payload);
    }
  });
}

function renderError(error: unknown): string {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return JSON.stringify({ errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') });
}

main().catch((error: NodeJS.ErrnoException) => {
  // The Runtime API has closed the connection: `serve` has ended.
  if (error.syscall || error.code === 'ECONNRESET') process.exit(0);
  console.error(error);
  process.exit(1);
});
