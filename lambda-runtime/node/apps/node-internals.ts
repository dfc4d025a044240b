import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getDefaultHighWaterMark } from 'node:stream';

/**
 * Undocumented members of Node's messages that Node's own server uses. They have existed since Node 0.x, and frameworks
 * and tracing agents depend on them. The behaviour tests compare them with a real server on every Node version of Lambda.
 */
export interface RequestInternals extends IncomingMessage {
  _consuming: boolean;
  joinDuplicateHeaders: boolean;
  upgrade: boolean | null;
  _eventsCount: number;
  _readableState: { readingMore: boolean; resumeScheduled: boolean };
  _addHeaderLines(headers: string[], count: number): void;
  _addHeaderLine(name: string, value: string, fields: NodeJS.Dict<unknown>): void;
  _dump(): void;
}

export interface ResponseInternals extends ServerResponse {
  _header: string | null;
  _headerSent: boolean;
  _hasBody: boolean;
  _closed: boolean;
  _contentLength: number | null;
  _removedTE: boolean;
  _removedContLen: boolean;
  [OUT_HEADERS]: Record<string, [string, number | string | string[]]> | null;
  [NEED_DRAIN]: boolean;
  _storeHeader(statusLine: string, headers: unknown): void;
  _send(data: string | Uint8Array, encoding?: BufferEncoding | null, callback?: (() => void) | null): boolean;
  _writeRaw(data: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean;
  _finish(): void;
}

const sample = new ServerResponse({ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 } as IncomingMessage);

/** The headers of `setHeader`, by lower-case name. */
export const OUT_HEADERS: unique symbol = symbolOf('kOutHeaders') as never;
/** True after a `write` that returned false, until 'drain'. */
export const NEED_DRAIN: unique symbol = symbolOf('kNeedDrain') as never;

function symbolOf(description: string): symbol {
  const found = Object.getOwnPropertySymbols(sample).find((symbol) => symbol.description === description);
  if (found === undefined) {
    throw new Error(`this runtime does not support Node ${process.versions.node}: http.ServerResponse has no ${description}; use a supported Node version`);
  }
  return found;
}

/** The options of `http.createServer` that apply to each request. Without a server, the documented defaults. */
export function serverOptions(server: Server | undefined) {
  const own = (name: string): any => {
    const symbol = server && Object.getOwnPropertySymbols(server).find(({ description }) => description === name);
    return symbol && (server as any)[symbol];
  };
  const { joinDuplicateHeaders = false, rejectNonStandardBodyWrites = false, highWaterMark } = (server ?? {}) as any;
  return {
    IncomingMessage: own('IncomingMessage') ?? IncomingMessage as typeof IncomingMessage,
    ServerResponse: own('ServerResponse') ?? ServerResponse as typeof ServerResponse,
    uniqueHeaders: own('kUniqueHeaders') ?? undefined as ReadonlySet<string> | undefined,
    joinDuplicateHeaders: joinDuplicateHeaders as boolean,
    rejectNonStandardBodyWrites: rejectNonStandardBodyWrites as boolean,
    highWaterMark: highWaterMark ?? getDefaultHighWaterMark(false) as number,
    autoDestroy: true,
    emitClose: false,
  };
}
