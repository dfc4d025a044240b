/** Most paths: no escapes, empty segments, dots or parameters that some framework could read in another way. */
const PLAIN_PATH = /^(?:\/[\w-][\w.-]*)*\/?$/;
/** A path that is still escaped after so many rounds was not made by any client that wants an answer. */
const MOST_ROUNDS = 5;

/**
 * The path to which events of other services are posted, and everything below it. Clients must not reach it in any
 * spelling that an app, a router or a URL parser may take for it:
 *
 * - escaped (even several times), in another letter case, with characters that URL parsers skip;
 * - with empty segments, dot segments, backslashes or parameters (`/events;a=1`);
 * - after an authority: `new URL('//evil.example/events', base)` and Python's `urlsplit` read it as `/events`;
 * - below it, even where dots lead out again: Express's `app.use('/events')` takes `/events/..`.
 *
 * Python's `events/event_path.py` does the same, and both runtimes are tested with one table. It is the second line of
 * defence: only requests that the runtime makes of events carry its source header.
 */
export class EventPath {
  private readonly segments: readonly string[];
  private readonly plain: string;

  constructor(path: string) {
    this.segments = segmentsOf(normalize(path) ?? '').filter((segment) => segment !== '');
    this.plain = `/${this.segments.join('/')}`;
  }

  /** @param target the target of a client's request */
  public has(target: string): boolean {
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    if (PLAIN_PATH.test(path)) {
      const lower = path.toLowerCase();
      return lower.startsWith(this.plain) && (lower.length === this.plain.length || lower.charCodeAt(this.plain.length) === 0x2f);
    }
    const normal = normalize(path);
    return normal === undefined || this.isIn(normal) || this.isIn(normal.split(/[?#]/, 1)[0]);
  }

  /**
   * Whether the way through the segments, with dots resolved, comes to the event path. Empty segments are segments to a URL
   * parser, and nothing to most routers. A parser also takes the first segment after two slashes for a host.
   */
  private isIn(path: string): boolean {
    const segments = segmentsOf(path);
    let hasHost = false;
    const isReached = (way: readonly string[], named: readonly string[]): boolean => {
      hasHost ||= way[0] === '';
      return this.isReached(named, 0) || (hasHost && this.isReached(named, 1));
    };
    return isPassed(segments, isReached) || isPassed(segments.filter((segment) => segment !== ''), isReached);
  }

  private isReached(named: readonly string[], from: number): boolean {
    return named.length === from + this.segments.length && this.segments.every((segment, index) => segment === named[from + index]);
  }
}

/** @param isReached gets the way so far, and its segments that are not empty */
function isPassed(segments: readonly string[], isReached: (way: readonly string[], named: readonly string[]) => boolean): boolean {
  const way: string[] = [];
  const named: string[] = [];
  for (const segment of segments) {
    if (segment === '..') {
      if (way.pop() !== '') {
        named.pop();
      }
    } else if (segment !== '.') {
      way.push(segment);
      if (segment !== '') {
        named.push(segment);
      }
    }
    if (isReached(way, named)) {
      return true;
    }
  }
  return false;
}

/** The segments after the first slash, without their parameters. */
function segmentsOf(path: string): string[] {
  const segments = path.split('/').map((segment) => segment.split(/[;?#]/, 1)[0]);
  return path.startsWith('/') ? segments.slice(1) : segments;
}

/** Unescaped, in lower case, with slashes only. Undefined if the path is escaped too often. */
function normalize(path: string): string | undefined {
  let bytes = path;
  for (let round = 0; bytes.includes('%'); round++) {
    // `%25` is an escaped percent sign: `%252565` is `e`, escaped three times.
    const unescaped = bytes.replace(/%(?:25)*([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    if (unescaped === bytes) {
      break;
    }
    if (round === MOST_ROUNDS) {
      return undefined;
    }
    bytes = unescaped;
  }
  const text = Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC').toLowerCase();
  return text.replace(/\\/g, '/').replace(/[\0- \x7f]/g, '');
}
