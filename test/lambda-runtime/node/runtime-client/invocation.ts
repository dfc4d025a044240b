import { IncomingMessage } from 'node:http';
import { Answer } from '../../../../local/lambda/runtime-api-server';

/** What came of an invocation. */
export interface Invocation {
  readonly requestId: string;
  /** How long the function had the event until the end of its answer, in milliseconds. */
  readonly took: number;
  /** `lost`: the process ended before it answered. */
  readonly end: 'response' | 'error' | 'too large' | 'lost';
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

const DELIMITER = Buffer.alloc(8);

/** Reads what the function posted, and how a stream arrived after the moment at which the invocation began. */
export async function readAnswer(answer: Answer, began: number, reader: Reader): Promise<Omit<Invocation, 'requestId' | 'took'>> {
  if (answer.kind !== 'stream') {
    return { end: answer.kind, bytes: answer.body.length, json: JSON.parse(answer.body.toString()) };
  }
  const received = await gather(answer.body, reader);
  return { end: 'response', bytes: received.body.length, stream: streamOf(answer.body, received, began) };
}

interface Received {
  readonly body: Buffer;
  readonly pieces: { at: number; bytes: Buffer }[];
  readonly complete: boolean;
}

function gather(req: IncomingMessage, { pause, leaves }: Reader): Promise<Received> {
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
