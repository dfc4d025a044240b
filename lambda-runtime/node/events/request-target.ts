/** Characters that must be escaped in a path that a door has decoded (RFC 9112, 3.2), with each `%` that begins no escape. */
const ILLEGAL_IN_DECODED_PATH = /[^\u0021-\u007e]|[?#]|%(?![0-9a-fA-F]{2})/gu;
/** The same in a path and in a query as the client sent them. Spaces and control characters stay: such a target is refused. */
const ILLEGAL_IN_PATH = /[^\0-\u007f]|[?#]/gu;
const ILLEGAL_IN_QUERY = /[^\0-\u007f]|#/gu;
/** Whatever needs to be escaped in one of the three. */
const NOT_PLAIN = /[\0- #?\x7f-\uffff]/;

/**
 * Escapes only the illegal characters of a path that a door has decoded. Whether the client sent `%2F` or `/`, and `%25`
 * or `%`, can no longer be known.
 */
export function escapeDecodedPath(path: string): string {
  return isPlain(path) && !path.includes('%') ? path : path.replace(ILLEGAL_IN_DECODED_PATH, percentEncode);
}

/** Whether no character needs to be escaped, in a path or in a query. */
function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

/** `encodeURIComponent` that never throws: a lone surrogate becomes U+FFFD, as in UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}

/** Whether a path begins with whole segments of a prefix: `/prod` is a prefix of `/prod` and `/prod/x`, but not of `/products`. */
export function hasPrefix(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path.charCodeAt(prefix.length) === 0x2f);
}

/** The path below a mount point, and the mount point in the URL of the client. */
export interface MountedPath {
  readonly path: string;
  readonly mountPrefix: string;
}

/** Moves `prefix` from the path to the mount prefix, if the path begins with it. */
export function mount({ path, mountPrefix }: MountedPath, prefix: string | undefined): MountedPath {
  if (prefix === undefined || prefix === '' || !hasPrefix(path, prefix)) {
    return { path, mountPrefix };
  }
  return { path: path.slice(prefix.length), mountPrefix: mountPrefix + escapeDecodedPath(prefix) };
}

/**
 * Path and query as in a request line. The path is not resolved: `//evil.example/x` stays a path. An empty one is what is
 * left of the path of a mount point.
 */
export function requestTarget(path: string, query: string): string {
  const rooted = path === '' ? '/' : path;
  const target = isPlain(rooted) ? rooted : rooted.replace(ILLEGAL_IN_PATH, percentEncode);
  return query === '' ? target : `${target}?${isPlain(query) ? query : query.replace(ILLEGAL_IN_QUERY, percentEncode)}`;
}
