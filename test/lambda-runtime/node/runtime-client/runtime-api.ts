import { randomUUID } from 'node:crypto';
import { IncomingMessage, Server, ServerResponse, createServer } from 'node:http';
import { AddressInfo } from 'node:net';

/** What came of an invocation. */
export interface Invocation {
  readonly requestId: string;
  /** `lost`: the process ended, or broke its connection off. */
  readonly end: 'response' | 'error' | 'lost';
  /** The result or error that the function gave, where it was JSON. */
  readonly json?: any;
  readonly bytes: number;
  /** How the response travelled, where it was streamed. */
  readonly stream?: Stream;
}

export interface Stream {
  readonly prelude: any;
  /** When it arrived, in milliseconds after the invocation began. */
  readonly preludeAt: number;
  readonly body: Buffer;
  /** When each piece of the body arrived, in milliseconds after the invocation began. */
  readonly arrivals: { readonly at: number; readonly bytes: number }[];
  readonly trailers: Record<string, string | undefined>;
  /** Whether the response came to its proper end. */
  readonly complete: boolean;
}

/** How a client of a streamed response behaves. */
export interface Reader {
  /** Stop reading for so long after the first bytes, in milliseconds. */
  readonly pause?: number;
  /** Break the connection off after the first bytes. */
  readonly leaves?: boolean;
}

interface Pending {
  readonly requestId: string;
  readonly event: unknown;
  readonly timeLimit: number;
  readonly reader: Reader;
  readonly settle: (invocation: Invocation) => void;
  began: number;
}

const PREFIX = '/2018-06-01/runtime/';
const DELIMITER = Buffer.alloc(8);

/** Lambda's side of a function: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export class RuntimeApi {
  public static async start(): Promise<RuntimeApi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RuntimeApi(server);
  }

  /** Errors that start-ups reported. */
  public readonly initErrors: any[] = [];
  private readonly queue: Pending[] = [];
  private readonly running = new Map<string, Pending>();
  private readonly waiting: ServerResponse[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (req, res) => void this.serve(req, res));
  }

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param timeLimit the time that the function has, in milliseconds */
  public invoke(event: unknown, timeLimit: number, reader: Reader = {}): Promise<Invocation> {
    return new Promise((settle) => {
      this.queue.push({ requestId: randomUUID(), event, timeLimit, reader, settle, began: 0 });
      this.hand();
    });
  }

  /** The process is gone: what it was running is lost. */
  public processEnded(): void {
    for (const pending of this.running.values()) {
      pending.settle({ requestId: pending.requestId, end: 'lost', bytes: 0 });
    }
    this.running.clear();
    this.waiting.length = 0;
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private hand(): void {
    while (this.queue.length > 0 && this.waiting.length > 0) {
      const res = this.waiting.shift()!;
      if (res.destroyed) {
        continue;
      }
      const pending = this.queue.shift()!;
      pending.began = performance.now();
      this.running.set(pending.requestId, pending);
      res.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': pending.requestId,
        'lambda-runtime-deadline-ms': String(Date.now() + pending.timeLimit),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:app',
        'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
      });
      res.end(JSON.stringify(pending.event));
    }
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url!.slice(PREFIX.length);
    if (path === 'invocation/next') {
      this.waiting.push(res);
      this.hand();
      return;
    }
    if (path === 'init/error') {
      this.initErrors.push(JSON.parse((await gather(req)).body.toString()));
      res.writeHead(202).end('{}');
      return;
    }
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path)!;
    const pending = this.running.get(requestId);
    if (pending === undefined) {
      res.writeHead(400).end('{}');
      return;
    }
    const streamed = req.headers['lambda-runtime-function-response-mode'] === 'streaming';
    const received = await gather(req, pending.reader);
    this.running.delete(requestId);
    const { body, complete } = received;
    if (streamed) {
      pending.settle({ requestId, end: 'response', bytes: body.length, stream: streamOf(req, received, pending.began) });
    } else {
      const json = complete ? JSON.parse(body.toString()) : undefined;
      pending.settle({ requestId, end: complete ? kind as 'response' | 'error' : 'lost', bytes: body.length, json });
    }
    if (!req.destroyed || complete) {
      res.writeHead(202).end('{}');
    }
  }
}

interface Received {
  readonly body: Buffer;
  readonly pieces: { at: number; bytes: Buffer }[];
  readonly complete: boolean;
}

function gather(req: IncomingMessage, { pause, leaves }: Reader = {}): Promise<Received> {
  return new Promise((resolve) => {
    const pieces: { at: number; bytes: Buffer }[] = [];
    req.on('data', (bytes) => {
      pieces.push({ at: performance.now(), bytes });
      if (leaves) {
        req.destroy();
      } else if (pause !== undefined && pieces.length === 1) {
        req.pause();
        setTimeout(() => req.resume(), pause);
      }
    });
    req.on('error', () => undefined);
    req.on('close', () => resolve({ body: Buffer.concat(pieces.map(({ bytes }) => bytes)), pieces, complete: req.complete }));
  });
}

function streamOf(req: IncomingMessage, { body, pieces, complete }: Received, began: number): Stream {
  const isHttp = req.headers['content-type'] === 'application/vnd.awslambda.http-integration-response';
  const end = isHttp ? body.indexOf(DELIMITER) : -DELIMITER.length;
  let skipped = -(end + DELIMITER.length);
  const arrivals: { at: number; bytes: number }[] = [];
  for (const piece of pieces) {
    const before = skipped;
    skipped += piece.bytes.length;
    if (skipped > Math.max(before, 0)) {
      arrivals.push({ at: piece.at - began, bytes: skipped - Math.max(before, 0) });
    }
  }
  return {
    prelude: isHttp && end >= 0 ? JSON.parse(body.subarray(0, end).toString()) : undefined,
    preludeAt: pieces.length > 0 ? pieces[0].at - began : Infinity,
    body: body.subarray(end + DELIMITER.length),
    arrivals,
    trailers: req.trailers,
    complete,
  };
}
