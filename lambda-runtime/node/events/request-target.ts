/** What may not stand in the path of a request line as it is; `%` may, before two hex digits. */
const ILLEGAL = /[\u0000-\u0020?#\u007f-\u{10ffff}]|%(?![0-9a-fA-F]{2})/u;
const ILLEGAL_EACH = new RegExp(ILLEGAL.source, 'gu');

/**
 * Escapes what is illegal in a path and nothing else. An HTTP API hands on its path decoded, so `%2F` and `%25`
 * of the client cannot be recovered; every other path comes out as a client would have sent it.
 */
export function escapePath(path: string): string {
  return ILLEGAL.test(path) ? path.replace(ILLEGAL_EACH, percentEncode) : path;
}

/** `encodeURIComponent` that never throws: half of a surrogate pair becomes U+FFFD, as it does in UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}

/** A prefix that ends on a segment boundary: `/prod` is one of `/prod` and `/prod/x`, never of `/products`. */
export function hasPrefix(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f);
}

/** The path below a mount point, and the mount point as clients see it. */
export interface MountedPath {
  readonly path: string;
  readonly mountPrefix: string;
}

/** Takes `prefix` off the path once, if it is there, and adds it to the mount prefix. */
export function mount({ path, mountPrefix }: MountedPath, prefix: string | undefined): MountedPath {
  if (prefix === undefined || prefix === '' || !hasPrefix(path, prefix)) {
    return { path, mountPrefix };
  }
  return { path: path.slice(prefix.length), mountPrefix: mountPrefix + escapePath(prefix) };
}

/** A path and a query as in a request line. The path is never resolved: `//evil.example/x` stays a path. */
export function requestTarget(path: string, query: string): string {
  const rooted = path === '' ? '/' : path;
  return query === '' ? rooted : `${rooted}?${query}`;
}
