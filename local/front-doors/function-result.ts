import { UnreadableResult } from './front-door';

/** A function's result that is a JSON object. */
export type ResultObject = Readonly<Record<string, unknown>>;

export function parseResult(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    throw new UnreadableResult(`the result is not JSON: ${payload.subarray(0, 80).toString('utf8')}`);
  }
}

export function isResultObject(value: unknown): value is ResultObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A status is a number from 200 to 599. API Gateway also accepts it as a string of digits. */
export function readStatusCode(value: unknown, options: { digitsAllowed: boolean }): number {
  const status = options.digitsAllowed && typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new UnreadableResult(`statusCode must be an HTTP status from 200 to 599, got ${JSON.stringify(value)}`);
  }
  return status;
}

/** A map of header names to strings. API Gateway also accepts booleans. */
export function readHeaders(value: unknown, options: { booleansAllowed: boolean }): [string, string][] {
  if (value === undefined || value === null) return [];
  if (!isResultObject(value)) {
    throw new UnreadableResult(`headers must be an object, got ${JSON.stringify(value)}`);
  }
  return Object.entries(value).map(([name, header]) =>
    readHeader(`headers.${name}`, name, options.booleansAllowed && typeof header === 'boolean' ? String(header) : header));
}

/** A map of header names to lists of strings. */
export function readMultiValueHeaders(value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (!isResultObject(value)) {
    throw new UnreadableResult(`multiValueHeaders must be an object, got ${JSON.stringify(value)}`);
  }
  return Object.entries(value).flatMap(([name, values]) => {
    if (!Array.isArray(values)) {
      throw new UnreadableResult(`multiValueHeaders.${name} must be a list of strings, got ${JSON.stringify(values)}`);
    }
    return values.map((header) => readHeader(`multiValueHeaders.${name}`, name, header));
  });
}

export function readCookies(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw new UnreadableResult(`cookies must be a list of strings, got ${JSON.stringify(value)}`);
  }
  return value.map((cookie) => readHeader('cookies', 'set-cookie', cookie)[1]);
}

export function readIsBase64Encoded(value: unknown): boolean {
  if (value !== undefined && value !== null && typeof value !== 'boolean') {
    throw new UnreadableResult(`isBase64Encoded must be a boolean, got ${JSON.stringify(value)}`);
  }
  return value === true;
}

export function readBodyText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') {
    throw new UnreadableResult(`body must be a string, got ${typeof value}: ${JSON.stringify(value).slice(0, 80)}`);
  }
  return value;
}

/** Decodes base64 strictly: Node's own decoder ignores invalid characters. */
export function decodeBase64(text: string): Buffer {
  const compact = text.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) {
    throw new UnreadableResult(`isBase64Encoded is true but the body is not base64: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return Buffer.from(compact, 'base64');
}

function readHeader(field: string, name: string, value: unknown): [string, string] {
  if (typeof value !== 'string') {
    throw new UnreadableResult(`${field} must be a string, got ${JSON.stringify(value)}`);
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new UnreadableResult(`${field}: ${JSON.stringify(name)} is not a valid header name`);
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
    throw new UnreadableResult(`${field} contains a control character: ${JSON.stringify(value)}`);
  }
  return [name, value];
}
