import { isIP } from 'node:net';

/*
 * What the runtime believes of a request's connection: host, scheme and address of the client. A client can write any
 * header, and each hop (a CDN, a proxy, the front door) may add its own entry at the end of a list. So only what the front
 * door itself said is believed: a field of the request context, or the last entry of a list. Python's
 * `events/connection_facts.py` has the same policy.
 */

/** A host name or address, with or without a port, and nothing else: it cannot change the meaning of a URL that contains it. */
const HOST = /^(?:[\w.~-]+|\[[\da-fA-F:.]+\])(?::(\d{0,5}))?$/;
const HIGHEST_PORT = 65_535;

/** Most requests of an environment have the same host. */
let lastHost: string | undefined;

/** Whether a text is one host: no user information, no path, no list. */
export function isHost(text: string): boolean {
  if (text === lastHost) {
    return true;
  }
  const found = HOST.exec(text);
  if (found === null || Number(found[1] ?? 0) > HIGHEST_PORT) {
    return false;
  }
  lastHost = text;
  return true;
}

/**
 * The host of `x-forwarded-host`, if it is one. Each proxy may append its own host; the first is the one that the client
 * requested. A client can forge the header, so it counts only if the user says that a proxy in front of the door sets it.
 */
export function forwardedHostOf(forwardedHost: string | undefined): string | undefined {
  const first = forwardedHost?.split(',', 1)[0].trim();
  return first !== undefined && isHost(first) ? first : undefined;
}

/** The host of a request without one, such as a health check: the domain name of the front door. */
export function fallbackHost(domainName: unknown): string {
  return typeof domainName === 'string' && isHost(domainName) ? domainName : 'localhost';
}

/** The scheme of the client, as the front door reports it. Only an ALB and VPC Lattice can listen on plain HTTP. */
export function schemeOf(forwardedProto: string | undefined): 'http' | 'https' {
  return forwardedProto === 'https' || forwardedProto === undefined || lastEntry(forwardedProto).toLowerCase() !== 'http' ? 'https' : 'http';
}

/** Requests of one client often follow each other. */
let lastAddress: string | undefined;

/** The IP address without port and zone; `0.0.0.0` for anything else, such as `test-invoke-source-ip` of the console's test button. */
export function addressOf(value: unknown): string {
  if (typeof value !== 'string') {
    return '0.0.0.0';
  }
  if (value === lastAddress) {
    return value;
  }
  if (isIP(value) !== 0 && !value.includes('%')) {
    return lastAddress = value;
  }
  // A load balancer adds the port with `routing.http.xff_client_port.enabled`: 203.0.113.7:4711 or [2001:db8::7]:4711.
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d*)?$/.exec(value.trim()) ?? [];
  // A zone means something only on the machine that has the address: fe80::1%eth0.
  const [address] = (bracketed ?? plain ?? value.trim()).split('%', 1);
  return isIP(address) !== 0 ? address : '0.0.0.0';
}

/**
 * The last entry of `x-forwarded-for`, which the load balancer or VPC Lattice appended. The client can forge all earlier
 * entries.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
export function lastForwardedAddress(forwardedFor: string | undefined): string {
  return addressOf(forwardedFor === undefined ? undefined : lastEntry(forwardedFor));
}

/** The last entry of a header with a list: the front door itself appended it. */
function lastEntry(list: string): string {
  return list.slice(list.lastIndexOf(',') + 1).trim();
}
