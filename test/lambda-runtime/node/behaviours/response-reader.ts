import { Answer } from './behaviour';

/** Parses one HTTP/1.1 response (RFC 9112). Node's own client could hide differences. */
export class ResponseReader {
  private bytes = Buffer.alloc(0);
  private head: { status: number; reason: string; lines: [string, string][] } | undefined;
  private readonly informational: number[] = [];
  private body = Buffer.alloc(0);
  private trailers: [string, string][] = [];
  private whole = false;

  constructor(private readonly method: string) {}

  /** @returns whether the response is complete */
  public feed(chunk: Buffer): boolean {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    while (this.head === undefined) {
      const end = this.bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        return false;
      }
      const [statusLine, ...lines] = this.bytes.subarray(0, end).toString('latin1').split('\r\n');
      this.bytes = this.bytes.subarray(end + 4);
      const [, status, reason] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine)!;
      if (Number(status) < 200) {
        this.informational.push(Number(status));
        continue;
      }
      this.head = { status: Number(status), reason, lines: lines.map(fieldOf) };
    }
    this.whole ||= this.readBody();
    return this.whole;
  }

  public endsByClosing(): boolean {
    if (this.whole || this.head === undefined || this.header('content-length') !== undefined || this.header('transfer-encoding') !== undefined) {
      return this.whole;
    }
    this.body = this.bytes;
    return true;
  }

  public answer(end: Answer['end']): Answer {
    const { status, reason, lines = [] } = this.head ?? {};
    const length = this.whole || this.head === undefined ? undefined : this.header('content-length');
    return {
      end,
      status,
      reason,
      headers: joined(lines.filter(([name]) => name !== 'set-cookie')),
      cookies: lines.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
      body: (length === undefined ? this.body : this.bytes.subarray(0, Number(length))).toString('base64'),
      informational: this.informational,
      trailers: joined(this.trailers),
    };
  }

  private readBody(): boolean {
    const { status } = this.head!;
    if (this.method === 'HEAD' || status === 204 || status === 304) {
      return true;
    }
    if (this.header('transfer-encoding') === 'chunked') {
      return this.readChunks();
    }
    const length = this.header('content-length');
    if (length === undefined || this.bytes.length < Number(length)) {
      return false;
    }
    this.body = this.bytes.subarray(0, Number(length));
    return true;
  }

  private readChunks(): boolean {
    for (;;) {
      const lineEnd = this.bytes.indexOf('\r\n');
      if (lineEnd < 0) {
        return false;
      }
      const size = parseInt(this.bytes.subarray(0, lineEnd).toString('latin1'), 16);
      if (size === 0) {
        const end = this.bytes.indexOf('\r\n\r\n', lineEnd);
        if (end < 0) {
          return false;
        }
        const lines = this.bytes.subarray(lineEnd + 2, end).toString('latin1');
        this.trailers = lines === '' ? [] : lines.split('\r\n').map(fieldOf);
        return true;
      }
      if (this.bytes.length < lineEnd + 2 + size + 2) {
        return false;
      }
      this.body = Buffer.concat([this.body, this.bytes.subarray(lineEnd + 2, lineEnd + 2 + size)]);
      this.bytes = this.bytes.subarray(lineEnd + 2 + size + 2);
    }
  }

  private header(name: string): string | undefined {
    return this.head!.lines.find(([other]) => other === name)?.[1];
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Joins repeated names, which RFC 9110 allows every recipient to do. */
export function joined(fields: [string, string][]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
