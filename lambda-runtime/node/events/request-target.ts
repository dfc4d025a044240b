/** What may not stand in the path of a request line as it is (RFC 9112, 3.2). */
const ILLEGAL_IN_PATH = /[\u0000-\u0020?#\u007f-\u{10ffff}]/gu;
/** The same for a path that was decoded: there `%` may stand before two hex digits only. */
const ILLEGAL_IN_DECODED_PATH = /[\u0000-\u0020?#\u007f-\u{10ffff}]|%(?![0-9a-fA-F]{2})/gu;
const ILLEGAL_IN_QUERY = /[\u0000-\u0020#\u007f-\u{10ffff}]/gu;

/**
 * Escapes what is illegal in a path that a door has decoded, and nothing else: whether the client sent `%2F` and `%25` or
 * what they stand for cannot be known any more.
 */
export function escapeDecodedPath(path: string): string {
  return path.replace(ILLEGAL_IN_DECODED_PATH, percentEncode);
}

/** `encodeURIComponent` that never throws: half of a surrogate pair becomes U+FFFD, as it does in UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}

/** Whether a path begins with a prefix that ends on a segment boundary: `/prod` is one of `/prod` and `/prod/x`, never of `/products`. */
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
  return { path: path.slice(prefix.length), mountPrefix: mountPrefix + escapeDecodedPath(prefix) };
}

/**
 * A path and a query as in a request line, where only printable ASCII may stand. The path is never resolved:
 * `//evil.example/x` stays a path.
 */
export function requestTarget(path: string, query: string): string {
  const rooted = path.charCodeAt(0) === 0x2f ? path : `/${path}`;
  const target = rooted.replace(ILLEGAL_IN_PATH, percentEncode);
  return query === '' ? target : `${target}?${query.replace(ILLEGAL_IN_QUERY, percentEncode)}`;
}
