import { Answer, Door, Outcome } from './behaviour';

/**
 * What cannot be the same in Lambda, for every behaviour: there is no connection to the client, only a result that
 * the front door makes a response of.
 */
const HOP_BY_HOP: [string, string][] = [
  ['connection', 'the door\'s connection to the client is the door\'s own'],
  ['keep-alive', 'the door\'s connection to the client is the door\'s own'],
  ['transfer-encoding', 'a result has no chunks; the door frames the body'],
  ['trailer', 'no door carries trailers'],
  ['date', 'the door sets it'],
];

/** Behaviours whose notes or answers differ for a reason of their own. */
const DIFFERENT: Record<string, { reason: string; plain: (outcome: Outcome) => Outcome }> = {};

/** What the client of a door gets where a plain server's client would have got `outcome`. */
export function expectedThrough(door: Door, method: string, outcome: Outcome, name: string): Outcome {
  const { notes, answer } = DIFFERENT[name]?.plain(outcome) ?? outcome;
  return { notes, answer: expectedAnswer(door, method, answer) };
}

function expectedAnswer(door: Door, method: string, answer: Answer): Answer {
  if (answer.end !== 'whole') {
    // The client of a door is told what the client of a server must guess from a connection that breaks or stays silent.
    return ofRuntime(door, answer.end === 'broken' ? { status: 502, reason: 'Bad Gateway' } : { status: 504, reason: 'Gateway Timeout' });
  }
  const headers = { ...answer.headers };
  for (const [name] of HOP_BY_HOP) {
    delete headers[name];
  }
  const length = Buffer.from(answer.body, 'base64').length;
  const bodiless = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  if (!bodiless) {
    // A server may leave the length to the framing in chunks; the door or the runtime counts.
    headers['content-length'] = String(length);
    if (length > 0 && headers['content-type'] === undefined) {
      // Doors fill in a missing type, each with a guess of its own; the runtime's guess comes before.
      headers['content-type'] = isText(answer.body) ? 'text/plain; charset=utf-8' : 'application/octet-stream';
    }
  }
  return {
    end: 'whole',
    status: answer.status,
    // Only an ALB takes a reason.
    reason: door === 'alb' ? answer.reason : undefined,
    headers,
    cookies: answer.cookies,
    body: answer.body,
  };
}

function ofRuntime(door: Door, { status, reason }: { status: number; reason: string }): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(reason.length) };
  return { end: 'whole', status, reason: door === 'alb' ? reason : undefined, headers, cookies: [], body: Buffer.from(reason).toString('base64') };
}

function isText(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}

/** What the client of a door gets in the end: all doors but the load balancer count the body themselves where the runtime does not. */
export function delivered(door: Door, method: string, { notes, answer }: Outcome): Outcome {
  const headers = { ...answer.headers };
  delete headers.date;
  const bodiless = method === 'HEAD' || answer.status === 204 || answer.status === 304;
  if (door !== 'alb' && !bodiless) {
    headers['content-length'] ??= String(Buffer.from(answer.body, 'base64').length);
  }
  return { notes, answer: { ...answer, headers } };
}
