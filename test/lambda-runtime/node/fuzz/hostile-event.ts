import { attack } from './attacks';
import { Random } from './random';

/** Texts that have broken HTTP adapters, or could break them. */
const TEXTS = [
  '', ' ', '/', '//', '\\', '*', '?', '#', '&', '=', ';', ',', ':', '%', '%%', '%zz', '%2', '%00', '%2f', '%2F..%2F', '%C3%28', '%ff%fe', '+',
  '\r\n', '\n', '\0', '\u0001', '\u007f', '\u0080', 'é', 'ü€', '日本語', '🙂', '\ud800', '\udc00x', '\u2028', '\ufeff', '\u202e',
  'x\r\nset-cookie: evil=1', 'x\r\n\r\n<script>', 'GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n',
  '//evil.example/x', 'http://evil.example/x', 'https://evil.example:99999/', '/../../etc/passwd', '/./..//', '/a b', '/ä?ö#ü', '/x?y?z', '/%2e%2e/',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', 'undefined', 'null', 'NaN', '-1', '1e309', '0x10',
  'GET', 'POST', 'HEAD', 'CONNECT', 'TRACE', 'OPTIONS', 'get', 'GE T', 'PROPFIND', '1.0', '2.0', '3.0',
  '127.0.0.1', '::1', '[::1]:443', '203.0.113.7:4711', '999.1.1.1', 'unknown', 'test-invoke-source-ip', '1.2.3.4, 5.6.7.8', ', ,', 'fe80::1%eth0',
  'http', 'https', 'HTTPS', 'javascript', 'evil.example', 'evil.example/x@y', 'a:b:c', 'user:pass@host', '[', 'x'.repeat(300),
  'chunked', 'gzip', '100-continue', '200-ok', 'close', 'upgrade', 'keep-alive', '0', '99999999999999999999', '5, 5',
  'QUJD', 'QUJ', 'Q===', '!!!!', '=', 'QUJD\nQUJD', '_-_-', 'w6TDtsO8', '{"a":1}', '[1,2', 'a=1&b=2', '--boundary\r\n',
  'session=abc; theme=dark', ';;;', '=;=', 'a=1; a=2', 'text/plain; charset=utf-8', 'text/html; charset="iso-8859-1', ';charset=', 'application/json',
  '$default', 'prod', 'abc.lambda-url.eu-west-1.on.aws', 'abc.execute-api.eu-west-1.amazonaws.com', '/events', '/%65vents', '/app', '/app/x', '/application',
];

/** Header names with a special meaning for doors, the runtime or Node. */
const HEADER_NAMES = [
  'host', 'Host', 'cookie', 'Cookie', 'set-cookie', 'content-length', 'Content-Length', 'content-type', 'content-encoding', 'transfer-encoding', 'Transfer-Encoding',
  'connection', 'expect', 'upgrade', 'te', 'trailer', 'x-forwarded-for', 'X-Forwarded-For', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port',
  'x-forwarded-prefix', 'X-Forwarded-Prefix', 'x-amzn-request-context', 'X-Amzn-Lambda-Context', 'x-amz-tenant-id', 'X-ApiGateway-Event', 'accept', 'user-agent', 'range',
  'if-none-match', 'authorization', 'cf-ipcity', '__proto__', 'constructor', 'toString', '', ' ', 'with space', 'with:colon', 'bad\r\nname', 'ünïcode', '\0',
];

const FIELDS = [
  'version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'multiValueHeaders', 'queryStringParameters', 'multiValueQueryStringParameters', 'cookies', 'body',
  'isBase64Encoded', 'is_base64_encoded', 'path', 'httpMethod', 'requestContext', 'resource', 'pathParameters', 'stageVariables', 'method', 'raw_path', 'query_string_parameters',
  'Records', 'source', '__proto__', 'constructor', 'toJSON', 'then',
];

const CONTEXT_FIELDS = ['http', 'elb', 'serviceArn', 'identity', 'stage', 'domainName', 'path', 'requestId', 'authorizer', 'method', 'sourceIp', '__proto__'];

/** A prefix that only a forged header contains. */
export const FORGED_PREFIX = '/evil-prefix';

/** An event that a door would never or hardly ever send: a real one that is broken in a few places. */
export function hostileEvent(random: Random, originals: readonly any[]): any {
  if (random.chance(50)) {
    return anything(random, 0);
  }
  const event = random.chance(12) ? {} : structuredClone(random.pick(originals));
  if (random.chance(2)) {
    attack(random, event);
    return event;
  }
  const changes = 1 + random.below(5);
  for (let i = 0; i < changes; i++) {
    change(random, event);
  }
  return event;
}

function change(random: Random, event: any): void {
  switch (random.below(11)) {
    case 0:
      delete event[random.pick(FIELDS)];
      break;
    case 1:
      set(event, random.pick(FIELDS), anything(random, 0));
      break;
    case 2:
      set(event, random.pick(['rawPath', 'path', 'raw_path']), text(random));
      break;
    case 3:
      set(event, random.pick(['rawQueryString', 'body', 'httpMethod', 'method', 'version']), text(random));
      break;
    case 4:
      set(event, 'isBase64Encoded', random.pick([true, false, null, 'true', 1]));
      break;
    case 5:
      set(event, random.pick(['headers', 'query_string_parameters', 'queryStringParameters']), map(random, (each) => each.chance(8) ? anything(each, 1) : text(each)));
      break;
    case 6:
      set(event, random.pick(['multiValueHeaders', 'headers', 'multiValueQueryStringParameters']), map(random, (each) => each.chance(8) ? anything(each, 1) : [text(each), text(each)]));
      break;
    case 7: {
      const headers = random.pick([event.headers, event.multiValueHeaders]);
      if (typeof headers === 'object' && headers !== null) {
        const name = random.pick(HEADER_NAMES);
        const value = /^x-forwarded-prefix$/i.test(name) ? FORGED_PREFIX : text(random);
        set(headers, name, headers === event.multiValueHeaders ? [value] : value);
      }
      break;
    }
    case 8:
      set(event, 'cookies', random.pick([null, [], [text(random)], [anything(random, 1)], 'a=1', 7]));
      break;
    default: {
      const context = event.requestContext;
      if (typeof context === 'object' && context !== null) {
        const inner = random.chance(2) ? context : random.pick([context.http, context.identity]);
        if (typeof inner === 'object' && inner !== null) {
          set(inner, random.pick(CONTEXT_FIELDS), random.chance(2) ? text(random) : anything(random, 1));
        }
      }
    }
  }
}

/** Sets a key as `JSON.parse` does: `__proto__` becomes an ordinary key. */
function set(target: any, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

function map(random: Random, value: (random: Random) => unknown): object {
  const fields = {};
  for (let i = random.below(6); i > 0; i--) {
    set(fields, random.chance(3) ? text(random) : random.pick(HEADER_NAMES), value(random));
  }
  return fields;
}

function text(random: Random): string {
  switch (random.below(12)) {
    case 0:
      return random.pick(TEXTS) + random.pick(TEXTS);
    case 1:
      return random.pick(TEXTS).repeat(1 + random.below(20));
    case 2:
      return String.fromCharCode(...Array.from({ length: random.below(12) }, () => random.below(0x10000)));
    case 3:
      return random.chance(200) ? random.pick(['x', '%', 'é', '\0', '/', 'QUJD']).repeat(100_000) : random.pick(TEXTS);
    default:
      return random.pick(TEXTS);
  }
}

/** Any JSON. */
function anything(random: Random, depth: number): any {
  switch (random.below(depth > 3 ? 6 : 10)) {
    case 0:
      return null;
    case 1:
      return random.pick([true, false]);
    case 2:
      return random.pick([0, -0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER]);
    case 3:
    case 4:
    case 5:
      return text(random);
    case 6:
      return Array.from({ length: random.below(5) }, () => anything(random, depth + 1));
    case 7: {
      const fields = {};
      for (let i = random.below(5); i > 0; i--) {
        set(fields, random.chance(2) ? random.pick(FIELDS) : text(random), anything(random, depth + 1));
      }
      return fields;
    }
    case 8:
      return map(random, (each) => anything(each, depth + 1));
    default:
      return random.chance(20) ? nested(2000) : {};
  }
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) {
    value = i % 2 ? [value] : { value };
  }
  return value;
}
