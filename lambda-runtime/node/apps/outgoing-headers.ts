import { validateHeaderName, validateHeaderValue } from 'node:http';
import { inspect } from 'node:util';
import { ResponseHeaders, firstHeader } from '../web-response';
import { OUT_HEADERS, ResponseInternals } from './node-internals';

/**
 * The headers that a response starts with: those of `setHeader`, or what `writeHead` was given in any of its forms.
 * Headers about one hop are left to the door, which makes its own.
 */
export function outgoingHeaders(res: ResponseInternals, given: unknown, unique: ReadonlySet<string> | undefined): ResponseHeaders {
  const headers: ResponseHeaders = [];
  const stored = res[OUT_HEADERS];
  if (given === stored && stored !== null) {
    // Checked by `setHeader` already.
    for (const name in stored) {
      add(headers, name, stored[name][1]);
    }
  } else if (Array.isArray(given)) {
    addList(headers, given);
  } else if (given) {
    for (const name of Object.keys(given)) {
      addChecked(headers, name, (given as Record<string, unknown>)[name]);
    }
  }
  for (let i = 0; i < headers.length; i += 2) {
    switch (headers[i]) {
      case 'content-length':
        // Where the app asks for it, Node holds the body against this.
        res._contentLength = Number(headers[i + 1]);
        break;
      case 'trailer':
        if (firstHeader(headers, 'content-length') !== undefined || !res._hasBody || res._removedTE) {
          throw Object.assign(new Error('Trailers are invalid with this transfer encoding'), { code: 'ERR_HTTP_TRAILER_INVALID' });
        }
        headers.splice(i, 2);
        i -= 2;
        break;
      default:
        if (unique?.has(headers[i] as string) && Array.isArray(headers[i + 1])) {
          headers[i + 1] = (headers[i + 1] as string[]).join('; ');
        }
    }
  }
  return headers;
}

/** `[name, value, name, value]` or `[[name, value], [name, value]]`. */
function addList(headers: ResponseHeaders, list: unknown[]): void {
  if (Array.isArray(list[0])) {
    for (const [name, value] of list as [string, unknown][]) {
      addChecked(headers, name, value);
    }
    return;
  }
  if (list.length % 2 !== 0) {
    throw Object.assign(new TypeError(`The argument 'headers' is invalid. Received ${inspect(list)}`), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  for (let i = 0; i < list.length; i += 2) {
    addChecked(headers, list[i] as string, list[i + 1]);
  }
}

function addChecked(headers: ResponseHeaders, name: string, value: unknown): void {
  validateHeaderName(name);
  for (const each of Array.isArray(value) ? value : [value]) {
    validateHeaderValue(name, each);
  }
  add(headers, name.toLowerCase(), value as string);
}

function add(headers: ResponseHeaders, name: string, value: number | string | string[]): void {
  switch (name) {
    case 'connection':
    case 'keep-alive':
    case 'transfer-encoding':
      return;
  }
  if (Array.isArray(value)) {
    if (value.length > 0) {
      headers.push(name, value.map(String));
    }
  } else {
    headers.push(name, typeof value === 'string' ? value : String(value));
  }
}
