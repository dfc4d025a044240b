import { Answer, Outcome, Way } from './behaviour';

/** Headers about the connection to the client, which the front door has and Lambda does not. */
export const ABOUT_THE_CONNECTION: Record<string, string> = {
  'connection': 'the door manages its own connection to the client',
  'keep-alive': 'the door manages its own connection to the client',
  'transfer-encoding': 'the door frames the body',
  'trailer': 'no door carries trailers',
  'date': 'the door sets it',
};

/** How a behaviour differs from a plain server, and why. */
interface Exception {
  readonly reason: string;
  readonly notes?: (notes: string[]) => string[];
  readonly answer?: (answer: Answer, streaming: boolean) => Partial<Answer>;
  /** Applies only to streamed responses. */
  readonly onlyStreaming?: true;
}

export const EXCEPTIONS: Record<string, Exception> = {
  'the order of prefinish, finish, close and callbacks': {
    reason: 'Lambda\'s runtime client calls the handler in a microtask, so the app\'s microtasks run before its `process.nextTick` callbacks; a server calls the app from its parser',
    notes: (notes) => [...notes.slice(0, 2), 'microtask', ...notes.slice(2).filter((note) => note !== 'microtask')],
  },
  'req.socket is a Duplex and a net.Socket': {
    reason: 'there is no socket; a Duplex has its properties and methods',
    notes: ([duplex]) => [duplex, 'a net.Socket: false'],
  },
  'writableLength counts corked bytes': {
    reason: 'there is no socket whose buffer could be counted',
    notes: () => ['corked: false'],
  },
  'a content-length smaller than the body': {
    reason: 'a buffered result gets the correct length; a stream has sent its headers before the length is known',
    answer: ({ headers }, streaming) => ({ body: bodyOf('longer than that'), headers: { ...headers, 'content-length': streaming ? '3' : '16' } }),
  },
  'end() sends corked chunks': {
    reason: 'Node 22 and 24 send the terminating chunk before the corked chunks, so their clients never get these; here they arrive',
    answer: () => ({ body: bodyOf('one two') }),
  },
  'strictContentLength refuses a wrong length in end()': {
    reason: 'the chunk is sent immediately; a socket would still buffer it and discard it',
    onlyStreaming: true,
    answer: () => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': '5' }, body: bodyOf('too long for it') }),
  },
  'the high-water mark is Node\'s default or the server\'s option': {
    reason: 'Lambda\'s stream has its own high-water mark',
    onlyStreaming: true,
    notes: ([mark]) => [mark, 'write: true'],
  },
};

/** The expected outcome behind a door, derived from the plain server's outcome `plain`, and the actual outcome, both normalized. */
export function compared(name: string, method: string, { door, streaming }: Way, plain: Outcome, outcome: Outcome): Record<'expected' | 'actual', Outcome> {
  const exception = EXCEPTIONS[name]?.onlyStreaming && !streaming ? undefined : EXCEPTIONS[name];
  const answer = { ...plain.answer, ...exception?.answer?.(plain.answer, streaming) };
  const expected = {
    notes: exception?.notes?.(plain.notes) ?? plain.notes,
    answer: expectedAnswer({ door, streaming }, method, answer),
  };
  const actual = { ...outcome.answer, headers: { ...outcome.answer.headers } };
  delete actual.headers.date;
  if (door !== 'alb' && hasBody(method, actual)) {
    // All doors except the load balancer compute the length themselves.
    actual.headers['content-length'] ??= lengthOf(actual);
  }
  if (streaming && expected.answer.headers['content-type'] === undefined) {
    // The runtime chooses a missing content type from the first chunk, before it knows the others.
    expect([undefined, 'text/plain; charset=utf-8', 'application/octet-stream']).toContain(actual.headers['content-type']);
    delete actual.headers['content-type'];
  }
  return { expected, actual: { notes: outcome.notes, answer: actual } };
}

function expectedAnswer({ door, streaming }: Way, method: string, answer: Answer): Answer {
  // Only a load balancer accepts a reason phrase.
  const reasonOf = (reason?: string) => door === 'alb' ? reason : undefined;
  if (answer.end !== 'whole' && !(streaming && answer.status !== undefined)) {
    // A door reports a broken connection or a missing response with a status; a server cannot.
    const [status, reason] = answer.end === 'broken' ? [502, 'Bad Gateway'] : [504, 'Gateway Timeout'];
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(reason.length) };
    return { end: 'whole', status, reason: reasonOf(reason), headers, cookies: [], body: Buffer.from(reason).toString('base64') };
  }
  const headers = { ...answer.headers };
  for (const name of Object.keys(ABOUT_THE_CONNECTION)) {
    delete headers[name];
  }
  if (hasBody(method, answer)) {
    if (headers['content-length'] === undefined || !streaming) {
      headers['content-length'] = lengthOf(answer);
    }
    if (!streaming && headers['content-length'] !== '0') {
      // Each door would add its own default for a missing type, so the runtime adds one first.
      headers['content-type'] ??= isText(answer) ? 'text/plain; charset=utf-8' : 'application/octet-stream';
    }
  }
  const { end, status, cookies, body } = answer;
  return { end, status, reason: reasonOf(answer.reason), headers, cookies, body };
}

function bodyOf(text: string): string {
  return Buffer.from(text).toString('base64');
}

function hasBody(method: string, { status }: Answer): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

function lengthOf({ body }: Answer): string {
  return String(Buffer.from(body, 'base64').length);
}

function isText({ body }: Answer): boolean {
  const bytes = Buffer.from(body, 'base64');
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}
