import { Random } from './random';

/*
 * Events as an attacker would like a door to send them: everything of an ordinary event, and one or more fields that an app
 * or a server is known to stumble over. A random text would hardly ever be one of these.
 */

export const EVENT_PATH = '/events';
/** A value that no app may see in a header that only AWS or the runtime sets. */
export const FORGED = 'forged';

const HOSTS_IN_PATHS = ['//evil.example', '//user@evil', '//user:pass@evil:8080', '///evil.example', '/\\evil.example', '\\\\evil.example', '//[::1]', '/%2Fevil.example', '/%5Cevil.example', '/x/..//evil.example', '/.//evil.example'];
const WAYS = ['', '/.', '/x/..', '/x/y/../..', '/%2e', '/x/%2e%2e', '/x/%252e%252e', '/', '//', '/;a=1', '/x;y/..', '/..', '/x//..', '/x//../..'];
const ENDS = ['', '', '', '/', '//', '/x', '/..', '/../x', '/.', '/%2e%2e', ';a=1', '%3Fx', '%23x', '?x', '%00', '%09', '%20', '%0d%0a', '\\x', '%5Cx', '/x/../../y', '.', '.json', 's', '%C5%BF'];
const TARGETS = ['*', '', 'x', 'http://evil.example/x', 'HTTPS://evil.example', 'evil.example:443', '?x', '#x', '/a b', '/a\tb', '/a\nb', '/a\r\nb', '/a\0b', '/a\u007fb', '/a\u0001b', '/\u0085', ' /', '/ HTTP/1.1\r\nhost: evil.example\r\n\r\n', '\\\\evil.example', '/%', '/%zz', '/a?b', '/a#b', '/é'];
const QUERIES = ['', 'a b', 'a=\r\nx: y', 'a=\0', '#', '?', '%', 'a=é', '//evil.example/events', 'x=/events'];
const HOSTS = ['user@evil.example', 'user:pass@evil.example:80', 'evil.example/x', 'evil.example?x', 'evil.example#x', 'evil.example\\x', 'a.example,b.example', 'a.example, b.example', 'a.example b.example', 'https://evil.example', ':80', 'a.example:', 'a.example:99999', `a.example:${'9'.repeat(5000)}`, 'a.example:-1', 'a.example:٣', '[::1', '::1', '[fe80::1%25eth0]', '[::1]x', '1.2.3.256', '999', '0x7f.1', 'xn--zz--', 'exämple.com', 'EXAMPLE.com', ' example.com ', '\texample.com', '', 'a.example\r\nx-evil: 1', 'a.example\0', 'localhost', '[::1]:80', '.', '..', '-'];
const ADDRESSES = ['fe80::1%eth0', 'fe80::1%25eth0', '[fe80::1%eth0]:80', 'fe80::1%\r\nx-evil: 1', 'fe80::1%', '%', '1.2.3.4%eth0', '1.2.3.4:99999', `1.2.3.4:${'9'.repeat(5000)}`, '[::1]:x', '[]', '[', ']:', '::ffff:1.2.3.4', '1.2.3.4, ', ',', '6.6.6.6,fe80::1%a', '١.2.3.4', '1.2.3.4\n', '00::1', '1.2.3.4\0', `${'6.6.6.6, '.repeat(500)}203.0.113.7`];
const PROTOS = ['https,http', 'http,https', 'https, http', 'HTTP', ' http ', 'javascript', 'http\r\nx: y', ',', 'http,', 'https,http,', 'file', ''];
const PORTS = ['9'.repeat(5000), '99999', '-1', '0', '80,443', '٣', '1e3', ' 80 ', '80\r\n', '²'];
const METHODS = ['TRACE', 'CONNECT', 'TRACK', 'trace', 'GE T', 'GET\r\n', 'GET / HTTP/1.1\r\nx: y', '\0', 'é', 'ß', 'OPTIONS', 'HEAD', 'M-SEARCH', 'PROPFIND', 'GET,POST', 'G'.repeat(3000)];
const BREAKS = ['\r\n', '\n', '\r', '\0', '\r\nset-cookie: evil=1', '\r\n\r\n<script>'];
const NAMES = ['x-a', 'cookie', 'host', 'content-type', 'content-length', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'authorization', 'content-encoding'];
export const PLATFORM_NAMES = ['x-wrapped-web-app-source', 'x-amzn-request-context', 'x-amzn-lambda-context', 'x-amz-tenant-id', 'x-apigateway-event', 'x-amzn-oidc-data', 'x-amzn-oidc-identity', 'x-amzn-oidc-accesstoken', 'x-amzn-mtls-clientcert', 'x-amzn-mtls-clientcert-subject', 'x-amzn-lattice-identity', 'x-amzn-lattice-network'];
const BODIES: unknown[] = [null, '', 'text', 'é€🙂', '\ud800', '\0', 'QUJD', 'QUJ', 'Q===', '!!!!', '=', '____', 'QUJD\r\nQUJD', '{"a":1}', '[1,2', '<html>', '/w==', 0, 1.5, true, false, [], {}, [65, 66], { type: 'Buffer', data: [65] }, ['a'], { toString: 'x' }];

const LARGE_BODIES = ['x'.repeat(70_000), 'QUJD'.repeat(20_000), '\u0001'.repeat(20_000)];

const ON_REQUESTS: ((random: Random, event: any) => void)[] = [
  eventPath, target, query, host, address, proto, port, method, brokenHeader, platformHeader,
];
const ATTACKS = [...ON_REQUESTS, body];

export function attack(random: Random, event: any): void {
  for (let i = 1 + random.below(2); i > 0; i--) {
    random.pick(ATTACKS)(random, event);
  }
}

/** Only what both runtimes must treat alike. They differ on bodies that no door sends: Python refuses wrong base64. */
export function attackRequest(random: Random, event: any): void {
  random.pick(ON_REQUESTS)(random, event);
}

function eventPath(random: Random, event: any): void {
  const name = EVENT_PATH.slice(1).replace(/./g, (letter) => random.chance(3) ? respell(random, letter) : letter);
  const prefix = random.chance(3) ? random.pick(HOSTS_IN_PATHS) : '';
  setPath(event, `${prefix}${random.pick(WAYS)}${random.pick(['/', '/', '/', '\\', '%2F', '%252f', '%5c'])}${name}${random.pick(ENDS)}`);
}

function respell(random: Random, letter: string): string {
  const hex = letter.charCodeAt(0).toString(16);
  return random.pick([letter.toUpperCase(), `%${hex}`, `%25${hex}`, `%2525${hex}`, `%${[...hex].map((digit) => `%3${digit}`).join('')}`, `%09${letter}`, `\t${letter}`, letter === 's' ? 'ſ' : letter]);
}

function target(random: Random, event: any): void {
  setPath(event, random.pick(TARGETS));
  if (random.chance(3)) {
    setMethod(event, 'OPTIONS');
  }
}

function setPath(event: any, path: string): void {
  const field = ['rawPath', 'raw_path', 'path'].find((each) => typeof event[each] === 'string');
  if (field !== undefined) {
    event[field] = path;
  }
}

function query(random: Random, event: any): void {
  const text = random.pick(QUERIES);
  if ('rawQueryString' in event) {
    event.rawQueryString = text;
  } else if (isObject(event.multiValueQueryStringParameters)) {
    event.multiValueQueryStringParameters = { [text]: [text, text] };
    delete event.queryStringParameters;
  } else {
    event.queryStringParameters = { [text]: text };
  }
}

function host(random: Random, event: any): void {
  setHeader(event, random.pick(['host', 'Host']), random.pick(HOSTS), random.chance(6) ? random.pick(HOSTS) : undefined);
  if (random.chance(4)) {
    setHeader(event, 'x-forwarded-host', random.pick(HOSTS));
  }
  if (random.chance(6) && isObject(event.requestContext)) {
    event.requestContext.domainName = random.pick(HOSTS);
  }
}

function address(random: Random, event: any): void {
  setHeader(event, 'x-forwarded-for', random.pick(ADDRESSES), random.chance(4) ? random.pick(ADDRESSES) : undefined);
  const { http, identity } = isObject(event.requestContext) ? event.requestContext : {} as any;
  for (const place of [http, identity]) {
    if (isObject(place)) {
      place.sourceIp = random.pick(ADDRESSES);
    }
  }
}

function proto(random: Random, event: any): void {
  setHeader(event, 'x-forwarded-proto', random.pick(PROTOS), random.chance(4) ? random.pick(PROTOS) : undefined);
}

function port(random: Random, event: any): void {
  setHeader(event, 'x-forwarded-port', random.pick(PORTS), random.chance(4) ? random.pick(PORTS) : undefined);
}

function method(random: Random, event: any): void {
  setMethod(event, random.pick(METHODS));
}

function setMethod(event: any, value: string): void {
  if (isObject(event.requestContext?.http)) {
    event.requestContext.http.method = value;
  } else {
    event[typeof event.method === 'string' ? 'method' : 'httpMethod'] = value;
  }
}

function brokenHeader(random: Random, event: any): void {
  const name = random.pick(NAMES);
  const broken = random.pick(BREAKS);
  if (random.chance(3)) {
    setHeader(event, name + broken, 'x');
  } else {
    setHeader(event, name, random.pick(['a', 'é', '']) + broken + random.pick(['b', '', '日本']));
  }
  if (Array.isArray(event.cookies) && random.chance(3)) {
    event.cookies.push(`a=1${broken}`);
  }
}

function platformHeader(random: Random, event: any): void {
  const name = random.pick(PLATFORM_NAMES);
  setHeader(event, random.pick([name, name.toUpperCase(), name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()), name.replace(/-/g, '_')]), FORGED);
}

function body(random: Random, event: any): void {
  event.body = random.chance(100) ? random.pick(LARGE_BODIES) : random.pick(BODIES);
  event[random.pick(['isBase64Encoded', 'isBase64Encoded', 'is_base64_encoded'])] = random.pick([true, false]);
}

function setHeader(event: any, name: string, ...given: (string | undefined)[]): void {
  const values = given.filter((value) => value !== undefined);
  const isList = isObject(event.headers) && Array.isArray(Object.values(event.headers)[0]);
  if (isObject(event.multiValueHeaders)) {
    event.multiValueHeaders[name] = values;
  }
  if (isObject(event.headers)) {
    event.headers[name] = isList ? values : values.join(',');
  }
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
