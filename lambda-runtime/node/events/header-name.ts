import { doorsThatSet } from './platform-headers';
import { hasLineBreak, isToken } from '../http/header-text';
import { EventSource } from '../http/web-request';

/** What is special about a header. A number is compared faster than the names of all special ones. */
export const enum HeaderKind {
  Other,
  Host,
  Cookie,
  ContentLength,
  ForwardedFor,
  ForwardedProto,
  ForwardedHost,
}

const KINDS: Readonly<Record<string, HeaderKind>> = {
  'host': HeaderKind.Host,
  'cookie': HeaderKind.Cookie,
  'content-length': HeaderKind.ContentLength,
  'x-forwarded-for': HeaderKind.ForwardedFor,
  'x-forwarded-proto': HeaderKind.ForwardedProto,
  'x-forwarded-host': HeaderKind.ForwardedHost,
};

/** What the runtime knows of a header by its name. */
export interface HeaderName {
  readonly lower: string;
  readonly kind: HeaderKind;
  /** The doors whose requests may have it; undefined if all may. */
  readonly doors: readonly EventSource[] | undefined;
  /** It holds a line break or NUL, so the request is refused. */
  readonly breaks: boolean;
}

const NO_DOORS: readonly EventSource[] = [];

const known = new Map<string, HeaderName>();

/** Clients repeat the same names, so each is looked at once. */
export function headerName(name: string): HeaderName {
  return known.get(name) ?? lookAt(name);
}

function lookAt(name: string): HeaderName {
  const lower = name.toLowerCase();
  // The event has the whole body, so transfer-encoding is only about the connection to the front door.
  const isForNobody = lower === 'transfer-encoding' || !isToken(name);
  const kind = Object.hasOwn(KINDS, lower) ? KINDS[lower] : HeaderKind.Other;
  const found = { lower, kind, doors: isForNobody ? NO_DOORS : doorsThatSet(lower), breaks: hasLineBreak(name) };
  // Clients choose names, so the number and length of those that are kept is limited.
  if (known.size < 1024 && name.length < 128) {
    known.set(name, found);
  }
  return found;
}
