import { PassThrough, Readable } from 'node:stream';
import { Answer, StreamedAnswer } from './runtime-api-server';

/** The outcome of an invocation: the JSON that the function returned, the stream that it started, or the error that Lambda reports. */
export type InvocationOutcome = BufferedOutcome | { readonly kind: 'stream'; readonly contentType: string; readonly body: Readable };

export type BufferedOutcome = { readonly kind: 'result'; readonly payload: Buffer } | FailedOutcome;

export interface FailedOutcome {
  readonly kind: 'error';
  readonly errorType: string;
  readonly errorMessage: string;
  /** As the runtime writes it: one line, or in Python one frame, in each entry. */
  readonly stack?: readonly string[];
}

/** Makes the outcome from the function's answer. */
export function toOutcome(answer: Answer): InvocationOutcome {
  switch (answer.kind) {
    case 'stream':
      return { kind: 'stream', contentType: answer.headers['content-type'] ?? 'application/octet-stream', body: withErrors(answer) };
    case 'response':
      return { kind: 'result', payload: answer.body };
    case 'error':
    case 'too large':
      return parseError(answer.body);
  }
}

/** Copies the stream. The copy fails if the function failed after it had started to stream, or if its connection was lost. */
function withErrors({ body }: StreamedAnswer): Readable {
  const copy = new PassThrough();
  body.on('end', () => {
    const errorType = body.trailers['lambda-runtime-function-error-type'];
    if (errorType) {
      copy.destroy(new Error(`the function failed after it had started to respond: ${errorType}`));
    } else {
      copy.end();
    }
  });
  body.on('close', () => {
    if (!body.complete) copy.destroy(new Error('the function\'s process ended after it had started to respond'));
  });
  body.pipe(copy, { end: false });
  // The function can finish only when all is read, even if the client does not need the rest.
  copy.on('close', () => body.resume());
  return copy;
}

export function parseError(body: Buffer): FailedOutcome {
  try {
    // Node calls it trace, Python stackTrace.
    const { errorType, errorMessage, trace, stackTrace = trace } = JSON.parse(body.toString()) as
      { errorType?: string; errorMessage?: string; trace?: string[]; stackTrace?: string[] };
    return { kind: 'error', errorType: errorType ?? 'Error', errorMessage: errorMessage ?? '', ...(stackTrace && { stack: stackTrace }) };
  } catch {
    return { kind: 'error', errorType: 'Error', errorMessage: body.toString() };
  }
}
