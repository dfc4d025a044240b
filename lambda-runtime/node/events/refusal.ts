import { EventPath } from './event-path';
import { isToken } from '../http/header-text';
import { WebRequest } from '../http/web-request';

/** A path, with or without a query, of printable ASCII. Not the form `http://host/path`, which only proxies get. */
const TARGET = /^\/[!-~]*$/;

/** The answer to a request that no app gets. */
export interface Refusal {
  readonly status: 400 | 404;
  /** What the log says. */
  readonly problem: string;
}

/**
 * Whether a request must not reach the app: one that no front door sends, or one for the event path. All kinds of apps are
 * protected alike, since few would check.
 *
 * @see docs/decisions/0013-requests-that-no-door-sends-are-refused.md
 */
export function refusalOf({ method, target, mountPrefix, problem }: WebRequest, eventPath: EventPath | undefined): Refusal | undefined {
  if (problem !== undefined) {
    return { status: 400, problem };
  }
  if (!TARGET.test(target) && (target !== '*' || method !== 'OPTIONS')) {
    return { status: 400, problem: 'the request target must begin with a slash and have neither spaces nor control characters' };
  }
  if (method !== 'GET' && method !== 'POST' && !isToken(method)) {
    return { status: 400, problem: 'the method of the request must be a token' };
  }
  // Some apps do not know their mount point, and route on the whole path.
  if (eventPath !== undefined && (eventPath.has(target) || (mountPrefix !== '' && eventPath.has(mountPrefix + target)))) {
    // Clients must not be able to send a forged event of another service.
    return { status: 404, problem: 'a client requested the event path' };
  }
  return undefined;
}
