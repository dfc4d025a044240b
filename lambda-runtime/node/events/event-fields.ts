import { isIP } from 'node:net';
import { LambdaEvent } from './event-format';

/*
 * Functions that read fields of an event. A field may be null, missing or have another type than AWS documents: the
 * console's test events omit most fields, and users also write events by hand.
 */

export function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

export function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The method in upper case, which events written by hand may not have. */
export function methodOf(value: unknown): string {
  return value === 'GET' || value === 'POST' ? value : (value as string).toUpperCase();
}

/**
 * The bytes of the body, or undefined if it is empty. Decoded immediately: `content-length` needs the number of bytes,
 * and counting takes as long as decoding.
 */
export function bodyOf(event: LambdaEvent, isBase64 = event.isBase64Encoded === true): Buffer | undefined {
  const { body } = event;
  if (body === null || body === undefined || body === '') {
    return undefined;
  }
  if (typeof body !== 'string') {
    throw new TypeError(`event.body must be a string or null, got ${typeof body}; test events carry the body as text or base64`);
  }
  const bytes = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  return bytes.length === 0 ? undefined : bytes;
}

/** The IP address without a port; `0.0.0.0` for anything else, such as `test-invoke-source-ip` of the console's test button. */
export function addressOf(value: unknown): string {
  if (typeof value !== 'string') {
    return '0.0.0.0';
  }
  if (isIP(value) !== 0) {
    return value;
  }
  // A load balancer adds the port with `routing.http.xff_client_port.enabled`: 203.0.113.7:4711 or [2001:db8::7]:4711.
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d+)?$/.exec(value) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIP(address) !== 0 ? address : '0.0.0.0';
}

/**
 * The last entry of `x-forwarded-for`, which the load balancer or VPC Lattice appended. The client can forge all earlier
 * entries.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function lastForwardedAddress(forwardedFor: string | undefined): string {
  return addressOf(lastEntry(forwardedFor));
}

/** The scheme of the client, as the front door reports it. Only an ALB can listen on plain HTTP. */
export function schemeOf(forwardedProto: string | undefined): 'http' | 'https' {
  return lastEntry(forwardedProto)?.toLowerCase() === 'http' ? 'http' : 'https';
}

/** The last entry of a header with a list: the front door itself appended it. */
function lastEntry(list: string | undefined): string | undefined {
  const comma = list === undefined ? -1 : list.lastIndexOf(',');
  return comma < 0 ? list : list!.slice(comma + 1).trim();
}
