import { Answer, Outcome, Way } from './behaviour';

/** What is about a connection to the client, of which Lambda has none: the front door makes its own. */
export const ABOUT_THE_CONNECTION: Record<string, string> = {
  'connection': 'how long the door keeps its connections is its own affair',
  'keep-alive': 'how long the door keeps its connections is its own affair',
  'transfer-encoding': 'the door frames the body',
  'trailer': 'no door carries trailers',
  'date': 'the door sets it',
};

/** What a plain server's outcome becomes where one behaviour differs for a reason of its own. */
interface Exception {
  readonly reason: string;
  readonly notes?: (notes: string[]) => string[];
  readonly answer?: (answer: Answer, streaming: boolean) => Partial<Answer>;
  /** Only where responses stream. */
  readonly onlyStreaming?: true;
}

export const EXCEPTIONS: Record<string, Exception> = {
  'the order of prefinish, finish, close and callbacks': {
    reason: 'Lambda\'s client calls a handler from a promise, and so promises of the app come before its ticks; a server calls it from its parser',
    notes: (notes) => [...notes.slice(0, 2), 'microtask', ...notes.slice(2).filter((note) => note !== 'microtask')],
  },
  'what kind of object a connection is': {
    reason: 'there is no socket; a Duplex has the properties and methods of one',
    notes: ([duplex]) => [duplex, 'a net.Socket: false'],
  },
  'writableLength counts what is corked': {
    reason: 'no bytes wait in a socket',
    notes: () => ['corked: false'],
  },
  'a content-length that is too small is the app\'s mistake': {
    reason: 'a result carries the whole body, and the length is counted again; a stream has begun before its length is known',
    answer: ({ headers }, streaming) => ({ body: bodyOf('longer than that'), headers: { ...headers, 'content-length': streaming ? '3' : '16' } }),
  },
  'end opens what is corked': {
    reason: 'Node 22 and 24 send the mark of the end before what was corked, and so lose it for their clients; here it arrives',
    answer: () => ({ body: bodyOf('one two') }),
  },
  'strictContentLength refuses a wrong end at once': {
    reason: 'what is written goes on its way, where a socket would hold it back for a moment and forget it',
    onlyStreaming: true,
    answer: () => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': '5' }, body: bodyOf('too long for it') }),
  },
  'the high-water mark is Node\'s, and the server\'s option sets it': {
    reason: 'how much may be under way is for Lambda\'s stream to say',
    onlyStreaming: true,
    notes: ([mark]) => [mark, 'write: true'],
  },
};

/** What the client of a door should get where a plain server's client got `plain`, and what it got. */
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
    // All doors but the load balancer count the body themselves.
    actual.headers['content-length'] ??= lengthOf(actual);
  }
  if (streaming && expected.answer.headers['content-type'] === undefined) {
    // The first piece decides what the rest is not there for yet.
    expect([undefined, 'text/plain; charset=utf-8', 'application/octet-stream']).toContain(actual.headers['content-type']);
    delete actual.headers['content-type'];
  }
  return { expected, actual: { notes: outcome.notes, answer: actual } };
}

function expectedAnswer({ door, streaming }: Way, method: string, answer: Answer): Answer {
  // Only a load balancer takes a reason.
  const reasonOf = (reason?: string) => door === 'alb' ? reason : undefined;
  if (answer.end !== 'whole' && !(streaming && answer.status !== undefined)) {
    // The client of a door is told what the client of a server must guess from a connection that breaks or stays silent.
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
      // Doors fill in a missing type, each with a guess of its own; the runtime's guess comes before.
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
