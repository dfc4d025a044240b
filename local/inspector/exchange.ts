import { PassThrough, pipeline } from 'node:stream';
import { InspectedDoor } from './replay';
import { WebAppFunction } from '../assembly/web-app-functions';
import { DoorAnswer, DoorRequest, HeaderList } from '../front-doors/front-door';
import { InvocationOutcome } from '../lambda/invocation-outcome';

/** One request, its event, result and answer, as the inspector's page shows them. */
export interface Exchange {
  readonly id: number;
  readonly door: string;
  /** The address of the door, without the request's path. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly httpVersion: string;
    readonly headers: HeaderList;
    readonly body: Body;
  };
  /** Absent if the door answered itself. */
  app?: string;
  event?: object;
  result?: Result;
  /** What the function printed from the request until its answer, and shortly after. */
  readonly logs: { readonly lines: LogLine[]; cut: boolean };
  answer?: { readonly status: number; readonly statusText?: string; readonly headers: HeaderList; readonly body: Body };
  reason?: string;
  /** Milliseconds from the request to the end of the answer; absent until then. */
  duration?: number;
}

export interface LogLine {
  /** Milliseconds from the request. */
  readonly at: number;
  /** Whether it was printed on standard error. */
  readonly error: boolean;
  readonly text: string;
}

/** The body of a message as text, or in base64 if it is binary. A large body is cut off. */
export interface Body {
  readonly size: number;
  readonly text?: string;
  readonly base64?: string;
  readonly cut: boolean;
}

export type Result =
  | { readonly kind: 'result'; readonly body: Body }
  | { readonly kind: 'stream'; readonly contentType: string; readonly chunks: { readonly at: number; readonly body: Body }[] }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string; readonly stack?: readonly string[] };

const MAX_SHOWN_BYTES = 256 * 1024;
const MAX_LOG_LINES = 500;

/** Records the exchange of a request, and reports each change. */
export class ExchangeRecorder {
  readonly exchange: Exchange;
  /** The request as it arrived, to be sent again. Absent if its body was too large to keep. */
  kept?: DoorRequest;
  private readonly sent: Buffer[] = [];

  constructor(id: number, door: Pick<InspectedDoor, 'name' | 'url'>, request: DoorRequest, private readonly onChange: (exchange: Exchange) => void) {
    const { method, target, httpVersion, headers } = request;
    this.kept = request;
    this.exchange = {
      id,
      door: door.name,
      url: door.url,
      time: request.time.getTime(),
      request: { method, target, httpVersion, headers, body: describe(request.body) },
      logs: { lines: [], cut: false },
    };
  }

  invoked(webApp: WebAppFunction, event: object): void {
    Object.assign(this.exchange, { app: webApp.appPath, event });
    this.onChange(this.exchange);
  }

  /** Records an outcome. A stream is copied while it is read: use the returned outcome instead. */
  returned(outcome: InvocationOutcome): InvocationOutcome {
    if (outcome.kind !== 'stream') {
      this.exchange.result = outcome.kind === 'result' ? { kind: 'result', body: describe(outcome.payload) } : outcome;
      return outcome;
    }
    const chunks: { at: number; body: Body }[] = [];
    this.exchange.result = { kind: 'stream', contentType: outcome.contentType, chunks };
    const body = new PassThrough();
    let shown = 0;
    outcome.body.on('data', (chunk: Buffer) => {
      shown += chunk.length;
      if (shown <= MAX_SHOWN_BYTES) chunks.push({ at: Date.now() - this.exchange.time, body: describe(chunk) });
    });
    // pipeline also destroys the copy when the function's stream fails.
    pipeline(outcome.body, body, () => undefined);
    return { ...outcome, body };
  }

  /** Records a line that the function printed. */
  printed(text: string, error: boolean): void {
    const { logs, time } = this.exchange;
    if (logs.cut) return;
    if (logs.lines.length < MAX_LOG_LINES) logs.lines.push({ at: Date.now() - time, error, text });
    else logs.cut = true;
    this.onChange(this.exchange);
  }

  answered(answer: DoorAnswer): void {
    const { status, statusText, headers, body, reason } = answer;
    this.exchange.answer = { status, statusText, headers, body: describe(Buffer.isBuffer(body) ? body : Buffer.alloc(0)) };
    this.exchange.reason = reason;
    this.onChange(this.exchange);
  }

  /** Records a chunk of a streamed answer. */
  sentChunk(chunk: Buffer): void {
    this.sent.push(chunk);
  }

  ended(): void {
    const { answer } = this.exchange;
    if (answer && this.sent.length > 0) {
      this.exchange.answer = { ...answer, body: describe(Buffer.concat(this.sent)) };
    }
    this.exchange.duration = Date.now() - this.exchange.time;
    this.onChange(this.exchange);
  }
}

function describe(bytes: Buffer): Body {
  const cut = bytes.length > MAX_SHOWN_BYTES;
  const shown = cut ? bytes.subarray(0, MAX_SHOWN_BYTES) : bytes;
  const text = shown.toString('utf8');
  const isText = Buffer.from(text).equals(shown) || (cut && !text.slice(0, -1).includes('\ufffd'));
  return { size: bytes.length, cut, ...(isText ? { text } : { base64: shown.toString('base64') }) };
}
