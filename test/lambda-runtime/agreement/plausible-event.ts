import { DOOR_NAMES } from '../../../lambda-runtime/node/settings/contract';
import { attackRequest } from '../node/fuzz/attacks';
import { Random } from '../node/fuzz/random';

/** An event as a front door could send it, or an attacker would like it to, and what the construct said about the door. */
export interface PlausibleEvent {
  readonly event: any;
  readonly doors?: object[];
  readonly options: { trustForwardedHost?: boolean; eventPath?: string };
  readonly response: PlausibleResponse;
}

/** What an app answers. */
export interface PlausibleResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** In base64. */
  readonly body: string;
}

const ENCODED_PATHS = ['/', '/x', '//evil.example/x', '/a%20b', '/%2F', '/%252F', '/caf%C3%A9', '/a%', '/a%zz', '/a/../b', '/a/./b/', '/app', '/app/', '/app/x', '/application', '/app/app/x', '/a;b=c', '/a+b', "/~!$&'()*,;=:@", '/events', '/%65vents', ''];
const DECODED_PATHS = [...ENCODED_PATHS, '/a b', '/a?b', '/a#b', '/café', '/日本語', '/🙂', '/100%', '/a\tb', '/a\nb'];
const QUERIES = ['', 'a=1', 'a=1&a=2', 'a', 'a=', '=b', '&&', 'a=%20+b', 'a=%', 'a=%zz', 'a=b=c', 'q=caf%C3%A9', 'redirect=https%3A%2F%2Fexample.com%2F%3Fa%3Db', 'a=b#c', 'a=é', 'a=b c', '?a'];
const DECODED_TEXTS = ['', 'a', 'a b', 'a+b', 'a&b=c', '%', '%20', 'é', '日本語', '🙂', "!'()*~", 'x/y?z#', '"<>\\^`{|}', '__proto__'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'];
const VALUES = ['x', '', ' x', 'x\t', 'a  b', '\v\x1fx\f', 'a, b', 'a;b', 'é', '日本語', 'text/plain; charset=utf-8', '"quoted"', 'x'.repeat(300), '0', 'Wed, 21 Oct 2026 07:28:00 GMT'];
const NAMES = ['accept', 'Accept-Language', 'user-agent', 'x-probe', 'X-Multi', 'authorization', 'referer', 'te', 'upgrade', 'range', 'if-none-match', 'origin', 'via', 'constructor', '__proto__',
  'transfer-encoding', 'x-forwarded-prefix', 'X-Amzn-Request-Context', 'x-amz-tenant-id', 'X-ApiGateway-Event', 'connection', 'keep-alive', 'trailer', 'set-cookie'];
const ADDRESSES = ['203.0.113.7', '2001:db8::7', '203.0.113.7:4711', '[2001:db8::7]:4711', 'unknown', '', '6.6.6.6, 203.0.113.7', '6.6.6.6,203.0.113.7', '6.6.6.6, 2001:db8::7', 'x, y', '203.0.113.7,', 'fe80::1%eth0', '::ffff:203.0.113.7', '01.2.3.4', '2001:DB8::7'];
const HOSTS = ['example.com', 'example.com:8443', 'EXAMPLE.com', '[::1]', '[::1]:80', 'a.b.c', 'localhost', '203.0.113.7:80'];
const FORWARDED_HOSTS = [...HOSTS, 'evil.example/x', 'user@evil.example', 'a.example, b.example', '', 'exa mple.com', 'xn--e1afmkfd.example', 'a_b.example'];
const COOKIES = ['a=1', 'b=2; c=3', 'session=abc', 'x="y"', 'é=1', ''];
const BODIES: [string | null, boolean][] = [[null, false], ['', false], ['', true], ['hello', false], ['aGVsbG8=', true], ['λ', false], ['{"a":1}', false], ['/w==', true], ['a=1&b=2', false]];

/** Makes events of all formats whose fields have the documented types, and any text that a client can put into them. */
export function plausibleEvent(random: Random): PlausibleEvent {
  const format = random.pick(['function-url', 'http-api', 'http-api-v1', 'rest-api', 'alb', 'alb-single', 'lattice-v1', 'lattice-v2'] as const);
  const mounted = random.chance(3);
  // Without the construct, Python takes REST APIs for unable to carry binary bodies, as apig-wsgi does.
  const doors = random.chance(2) || format === 'rest-api' || format === 'http-api-v1'
    ? DOOR_NAMES.filter((door) => format.startsWith(door) || random.chance(4))
      .flatMap((door) => Array.from({ length: random.chance(3) ? 2 : 1 }, () => doorOf(door, mounted, random)))
    : undefined;
  const options = { ...random.chance(4) && { trustForwardedHost: true }, ...random.chance(6) && { eventPath: '/events' } };
  const event = eventOf(format, random);
  if (random.chance(12)) {
    attackRequest(random, event);
  }
  return { event, ...doors && { doors }, options, response: responseOf(random) };
}

function doorOf(door: string, mounted: boolean, random: Random): object {
  const mountPrefix = mounted ? random.pick(['/app', '/a/b', '/app/app', undefined]) : undefined;
  return {
    door,
    responseMode: 'buffered',
    ...mountPrefix && { mountPrefix },
    ...door === 'http-api' && random.chance(3) && { mappingKey: random.pick(['key', 'key/v1', 'app', 'prod']) },
    ...door === 'http-api' && random.chance(3) && { openPreflightRoutes: true },
  };
}

/** Routes whose path may be another one than that of the event: only a runtime that looks at the right field agrees. */
const ROUTE_PATHS = ['/', '/{proxy+}', '/app', '/app/{proxy+}', '/a/b/{proxy+}', '/app/app/{proxy+}', '/application', ''];

function eventOf(format: string, random: Random): any {
  const headers = headersOf(random);
  const method = random.pick(METHODS);
  const [body, isBase64Encoded] = random.pick(BODIES);
  const stage = random.pick(['$default', 'prod', 'live']);
  const custom = random.chance(3);
  const domainName = custom ? 'api.example.com' : format === 'function-url' ? 'abc.lambda-url.us-west-2.on.aws' : 'abc.execute-api.us-west-2.amazonaws.com';
  const sourceIp = random.pick(ADDRESSES);
  switch (format) {
    case 'function-url':
    case 'http-api': {
      const cookies = random.chance(2) ? [random.pick(COOKIES), random.pick(COOKIES)] : undefined;
      const path = random.pick(format === 'http-api' ? DECODED_PATHS : ENCODED_PATHS);
      const stagePrefix = format === 'http-api' && stage !== '$default' ? `/${stage}` : '';
      const key = custom && random.chance(2) ? random.pick(['/key', '/key/v1', '/keys']) : '';
      const prefix = random.chance(2) ? stagePrefix + key : key + stagePrefix;
      const route = random.pick(ROUTE_PATHS);
      const routeKey = random.pick(['$default', `ANY ${route}`, `${method} ${route}`, undefined, null]);
      const single = singleOf(headers);
      if (cookies && format === 'http-api') {
        delete single.cookie;
      }
      return {
        version: '2.0',
        ...routeKey !== undefined && { routeKey },
        rawPath: (prefix + path) || '/',
        rawQueryString: random.pick(QUERIES),
        headers: single,
        ...cookies && { cookies },
        requestContext: { domainName, stage: stagePrefix ? stage : '$default', http: { method, path: '/never-used', sourceIp } },
        ...body !== null && { body },
        isBase64Encoded,
      };
    }
    case 'http-api-v1':
    case 'rest-api': {
      const isHttpApi = format === 'http-api-v1';
      const name = isHttpApi ? stage : 'prod';
      const path = random.pick(isHttpApi ? DECODED_PATHS : ENCODED_PATHS) || '/';
      const key = custom && random.chance(2) ? '/key' : '';
      const prefix = name === '$default' ? '' : `/${name}`;
      const parameters = parametersOf(random, DECODED_TEXTS);
      const { resource, pathParameters } = resourceOf(path, random);
      return {
        ...isHttpApi && { version: '1.0' },
        resource: isHttpApi ? random.pick(['$default', ...ROUTE_PATHS]) : resource,
        path: isHttpApi ? (random.chance(3) ? path : prefix + key + path) : key + path,
        httpMethod: method,
        headers: singleOf(headers),
        multiValueHeaders: random.chance(8) ? null : Object.fromEntries(headers),
        queryStringParameters: parameters.size > 0 ? singleOf(parameters) : null,
        multiValueQueryStringParameters: parameters.size > 0 ? Object.fromEntries(parameters) : null,
        pathParameters: isHttpApi ? null : pathParameters,
        requestContext: { domainName, stage: name, path: isHttpApi ? prefix + path : custom ? key + path : prefix + path, identity: { sourceIp } },
        body,
        isBase64Encoded,
      };
    }
    case 'alb':
    case 'alb-single': {
      const parameters = parametersOf(random, QUERIES.map((query) => query.replace(/[&=#].*/, '')));
      const multi = format === 'alb';
      return {
        httpMethod: method,
        path: random.pick(ENCODED_PATHS) || '/',
        ...multi
          ? { multiValueQueryStringParameters: Object.fromEntries(parameters), multiValueHeaders: Object.fromEntries(headers) }
          : { queryStringParameters: singleOf(parameters), headers: singleOf(headers) },
        requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/x/y' } },
        body: body ?? '',
        isBase64Encoded,
      };
    }
    case 'lattice-v1':
      return {
        raw_path: `${random.pick(ENCODED_PATHS) || '/'}${random.chance(2) ? `?${random.pick(QUERIES.slice(1))}` : ''}`,
        method,
        headers: singleOf(headers),
        query_string_parameters: random.chance(2) ? singleOf(parametersOf(random, ['a', 'b c', '%20'])) : {},
        ...body !== null && { body },
        is_base64_encoded: isBase64Encoded,
      };
    default: {
      const path = random.pick(ENCODED_PATHS) || '/';
      return {
        version: '2.0',
        path,
        method,
        headers: Object.fromEntries(headers),
        queryStringParameters: random.chance(2) ? Object.fromEntries(parametersOf(random, ['a', 'b c', '%20', 'x+y', 'a&b', 'a=b', '%', 'é'])) : {},
        ...body !== null && { body },
        isBase64Encoded,
        requestContext: { serviceArn: 'arn:aws:vpc-lattice:us-west-2:111122223333:service/svc-1' },
      };
    }
  }
}

/** The resource of a REST API that a path matches: one of the whole API, or one at `/app`. A trailing slash matches too. */
function resourceOf(path: string, random: Random): { resource: string; pathParameters: object | null } {
  const [, below] = random.chance(2) ? /^\/app(\/.*)?$/.exec(path) ?? [] : [];
  if (/^\/app\/?$/.test(path) && random.chance(2)) {
    return { resource: '/app', pathParameters: null };
  }
  if (below !== undefined && below !== '/') {
    return { resource: '/app/{proxy+}', pathParameters: { proxy: below.slice(1) } };
  }
  // Seen on AWS: a greedy parameter lacks the slash at the end of the path.
  const proxy = random.chance(2) ? path.slice(1) : path.slice(1).replace(/\/$/, '');
  return path === '/' ? { resource: '/', pathParameters: null } : { resource: '/{proxy+}', pathParameters: { proxy } };
}

/** With the content types that both runtimes treat alike: docs/python.md says where apig-wsgi's list differs from a look at the bytes. */
function responseOf(random: Random): PlausibleResponse {
  const [type, body] = random.pick([
    ['text/html; charset=utf-8', '<p>é</p>'], ['application/json', '{"a":1}'], ['text/plain', ''], ['image/png', '\x89PNG\xff'], ['text/html; charset=iso-8859-1', 'caf\xe9'],
    ['text/plain', '\xff\xfe'], [undefined, 'plain text'], [undefined, '\xff'], [undefined, ''], ['TEXT/HTML', 'x'], ['text/plain; charset="UTF-8"', 'é'],
  ] as const);
  const headers: [string, string][] = type === undefined ? [] : [[random.pick(['content-type', 'Content-Type']), type]];
  const add = (name: string, values: readonly string[]) => {
    for (let i = 1 + random.below(3); i > 0; i--) headers.push([name, random.pick(values)]);
  };
  if (random.chance(2)) add(random.pick(['set-cookie', 'Set-Cookie']), ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2', 'c=']);
  if (random.chance(3)) add(random.pick(['x-multi', 'X-Multi']), ['one', 'two, three', 'Ã©', '']);
  if (type !== undefined && random.chance(4)) headers.push(['Content-Encoding', random.pick(['gzip', 'br', 'identity', 'zstd'])]);
  if (random.chance(4)) headers.push(['Cache-Control', 'no-store']);
  if (random.chance(6)) add('www-authenticate', ['Basic', 'Bearer']);
  if (random.chance(6)) headers.push(['Connection', 'close']);
  const bytes = Buffer.from(body, /[\x80-\xff]/.test(body) && !body.includes('é') ? 'latin1' : 'utf8');
  if (random.chance(3)) headers.push(['Content-Length', String(bytes.length)]);
  return { status: random.pick([200, 200, 200, 201, 204, 301, 304, 404, 418, 500, 503, 511]), headers, body: bytes.toString('base64') };
}

function headersOf(random: Random): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  const add = (name: string, values: readonly string[]) => {
    if (![...headers.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
      headers.set(name, random.chance(6) ? [random.pick(values), random.pick(values)] : [random.pick(values)]);
    }
  };
  for (let i = random.below(5); i > 0; i--) {
    add(random.pick(NAMES), VALUES);
  }
  if (!random.chance(5)) headers.set(random.pick(['host', 'Host']), [random.pick(HOSTS)]);
  if (!random.chance(4)) add(random.pick(['x-forwarded-for', 'X-Forwarded-For']), ADDRESSES);
  if (random.chance(2)) add('x-forwarded-proto', ['http', 'https', 'HTTP', 'HTTPS', 'wss', '']);
  if (random.chance(3)) add('X-Forwarded-Host', FORWARDED_HOSTS);
  if (random.chance(3)) add('Access-Control-Request-Method', ['PUT', '']);
  if (random.chance(3)) add('x-forwarded-port', ['443', '80', '8080', 'x']);
  if (random.chance(2)) add(random.pick(['cookie', 'Cookie']), COOKIES);
  if (random.chance(3)) headers.set('content-length', [random.pick(['0', '5', '99'])]);
  return headers;
}

function parametersOf(random: Random, texts: readonly string[]): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (let i = random.below(4); i > 0; i--) {
    parameters.set(random.pick(texts), random.chance(3) ? [random.pick(texts), random.pick(texts)] : [random.pick(texts)]);
  }
  return parameters;
}

/** A map with the last value of each name, as doors make it. */
function singleOf(values: Map<string, string[]>): Record<string, string> {
  return Object.fromEntries([...values].map(([name, each]) => [name, each.at(-1)!]));
}
