import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Answer, Behaviour, Outcome, Way } from './behaviour';
import { answerOf, eventFor } from './doors';
import { aftermath, serverOf } from './plain-server';

/** The time limit of an invocation, in milliseconds. If the app never answers, the client gets 504 before it. */
const TIME_LIMIT = 3_000;

type MakeLambdaHandler = (app: unknown, options?: { responseStreaming?: boolean }) => (...parameters: any[]) => Promise<any>;

/** Runs a behaviour through the runtime with the event of a door. */
export async function throughRuntime(behaviour: Behaviour, { door, streaming }: Way, makeLambdaHandler: MakeLambdaHandler): Promise<Outcome> {
  const { server, notes, closed } = serverOf(behaviour);
  const handler = makeLambdaHandler(server, { responseStreaming: streaming });
  const end = Date.now() + TIME_LIMIT;
  const event = eventFor(door, behaviour.request);
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => end - Date.now() };
  const answer = streaming ? await streamed(door, (stream) => handler(event, stream, context)) : answerOf(door, await handler(event, context));
  await aftermath(closed, notes);
  return { notes: notes.close(), answer };
}

/** Stands in for Lambda's response stream. */
class ResponseStream extends Writable {
  public prelude: any;
  public readonly chunks: Buffer[] = [];

  public override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    // Like a kernel, accept small chunks immediately.
    chunk.length < 10_000 ? callback() : setImmediate(callback);
  }
}

(globalThis as any).awslambda = {
  streamifyResponse: (handler: unknown) => handler,
  HttpResponseStream: {
    from(stream: ResponseStream, prelude: unknown) {
      stream.prelude = prelude;
      return stream;
    },
  },
};

async function streamed(door: Way['door'], invoke: (stream: ResponseStream) => Promise<void>): Promise<Answer> {
  const stream = new ResponseStream();
  let end: Answer['end'] = 'whole';
  try {
    await invoke(stream);
    await finished(stream);
  } catch {
    // Lambda's runtime client breaks the response off.
    end = 'broken';
  }
  const body = Buffer.concat(stream.chunks).toString('base64');
  return { ...answerOf(door, { ...stream.prelude, body, isBase64Encoded: true }), end };
}
