import { STATUS_CODES } from 'node:http';
import { Settings, mountPrefixOf } from '../settings';
import { WebRequest } from '../web-request';
import { ResponseHead } from '../web-response';
import { EventFormat, LambdaEvent, Result, addressOf, bodyOf, schemeOf, textOf } from './event-format';
import { addHeaders, queryOf } from './multi-value-maps';
import { RequestHeaders } from './request-headers';
import { mount, requestTarget } from './request-target';

/**
 * Application Load Balancers, with multi-value headers and without.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export const alb: EventFormat = {
  setsContentLength: false,

  sourceOf() {
    return 'alb';
  },

  parse(event: LambdaEvent, settings: Settings): WebRequest {
    const headers = new RequestHeaders();
    addHeaders(headers, event);
    headers.addCookies(undefined);
    // A health check has no host.
    headers.settleHost(undefined, settings.trustForwardedHost === true);
    const body = bodyOf(event);
    headers.setContentLength(body);

    const { path, mountPrefix } = mount({ path: textOf(event.path, '/'), mountPrefix: '' }, mountPrefixOf(settings, 'alb'));
    return {
      source: 'alb',
      method: textOf(event.httpMethod, 'GET'),
      target: requestTarget(path, queryOf(event, asItIs)),
      rawHeaders: headers.raw,
      host: headers.host!,
      mountPrefix,
      body,
      clientAddress: lastAddress(headers.forwardedFor),
      scheme: schemeOf(headers.forwardedProto),
    };
  },

  /** The load balancer reads only the field of the kind that it sent. */
  renderHead(response: ResponseHead, event: LambdaEvent): Result {
    const statusDescription = describeStatus(response);
    return hasMultiValueHeaders(event)
      ? { statusCode: response.status, statusDescription, multiValueHeaders: multiValueHeaders(response) } as Result
      : { statusCode: response.status, statusDescription, headers: singleHeaders(response) } as Result;
  },
};

/** Load balancers want the status in words too: `200 OK`. */
export function describeStatus({ status, statusMessage }: ResponseHead): string {
  return `${status} ${statusMessage || STATUS_CODES[status] || 'Unknown'}`;
}

function hasMultiValueHeaders(event: LambdaEvent): boolean {
  return typeof event.multiValueHeaders === 'object' && event.multiValueHeaders !== null;
}

function multiValueHeaders(response: ResponseHead): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    const values = Object.hasOwn(fields, name) ? fields[name] : fields[name] = [];
    typeof value === 'string' ? values.push(value) : values.push(...value);
  }
  return fields;
}

/**
 * One value for each name. Cookies cannot be joined, but names that differ in their letters' case
 * are names of their own in the map, and the same header to the client.
 */
function singleHeaders(response: ResponseHead): Record<string, string> {
  const fields: Record<string, string> = {};
  let cookies = 0;
  for (let i = 0; i < response.headers.length; i += 2) {
    const name = response.headers[i] as string;
    const value = response.headers[i + 1];
    if (name === 'set-cookie') {
      for (const cookie of typeof value === 'string' ? [value] : value) {
        fields[letterCase(name, cookies++)] = cookie;
      }
      continue;
    }
    const text = typeof value === 'string' ? value : value.join(', ');
    fields[name] = Object.hasOwn(fields, name) ? `${fields[name]}, ${text}` : text;
  }
  return fields;
}

/** The n-th way to write a name in capitals and small letters: the binary digits of n say which letters are capitals. */
function letterCase(name: string, n: number): string {
  const digits = [...n.toString(2)].reverse();
  return name.replace(/[a-z]/g, (letter) => digits.shift() === '1' ? letter.toUpperCase() : letter);
}

/** The last entry is the one that the load balancer appended; those before it are the client's claims. */
function lastAddress(forwardedFor: string | undefined): string {
  const last = forwardedFor?.slice(forwardedFor.lastIndexOf(',') + 1).trim() ?? '';
  // With `routing.http.xff_client_port.enabled` the port follows: 203.0.113.7:4711 or [2001:db8::7]:4711.
  const withPort = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(last);
  return addressOf(withPort ? withPort[1] ?? withPort[2] : last);
}

/** Names and values are as the client sent them, so that a malformed escape stays the app's affair. */
function asItIs(text: string): string {
  return text;
}
