import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { accept, DOOR_NAMES, doorOf, requestTo } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

const CAPTURES = path.join(__dirname, '../../fixtures/events');

function capture(name: FrontDoorName): any {
  return JSON.parse(readFileSync(path.join(CAPTURES, `${name}.json`), 'utf8'));
}

/** The request of the captures. curl speaks HTTP/2 to API Gateway, where names are lower-case, and HTTP/1.1 to the load balancer. */
function capturedRequest(name: FrontDoorName) {
  const event = capture(name);
  const headers = event.headers ?? Object.fromEntries(Object.entries<string[]>(event.multiValueHeaders).map(([header, [value]]) => [header, value]));
  const host = headers.host ?? headers.Host;
  const trace = headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id'];
  const body = Buffer.from('{"message":"hello from the public internet","unicode":"lambda-λ"}');
  return requestTo(name, {
    method: 'POST',
    target: '/capture/space%20value?repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com%2Fa%2Fb&literalPlus=a+b&encodedPlus=a%2Bb&empty=',
    headers: [
      ['host', host], ['user-agent', 'curl/8.7.1'], ['accept', '*/*'], ['content-type', 'application/json'], ['content-length', String(body.length)],
      ['cookie', 'session=abc123; theme=dark'], ['x-voker-probe', 'first'], ['x-voker-probe', 'second'], ['x-amzn-trace-id', trace],
    ],
    body,
    ...(name === 'alb' && { scheme: 'http', port: 80 }),
    time: new Date(event.requestContext.timeEpoch ?? event.requestContext.requestTimeEpoch ?? 0),
  });
}

/** IDs, and what AWS makes of them. Everything else must be equal. */
const ALLOWED = new Set([
  'requestContext.apiId', 'requestContext.domainName', 'requestContext.domainPrefix', 'requestContext.requestId', 'requestContext.extendedRequestId',
  'requestContext.resourceId', 'requestContext.elb.targetGroupArn',
  // Not known to the logger that took the captures.
  'requestContext.deploymentId',
]);

/** The capture's logger wrote unset fields as null or as empty strings. */
function flatten(value: unknown, prefix = ''): Map<string, unknown> {
  if (value === null || (value === '' && prefix.startsWith('requestContext'))) return new Map();
  if (typeof value !== 'object') return new Map([[prefix, value]]);
  return new Map(Object.entries(value!).flatMap(([key, element]) => [...flatten(element, prefix ? `${prefix}.${key}` : key)]));
}

describe.each(DOOR_NAMES)('an event of %s', (name) => {
  function eventOf() {
    const json = fourDoors();
    // The capture's API had no binary media types.
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    return accept(doorOf(name, json), capturedRequest(name)).event;
  }

  test('equals the live capture in every field but the IDs', () => {
    const expected = flatten(capture(name));
    const actual = flatten(eventOf());
    const differences = [...new Set([...expected.keys(), ...actual.keys()])]
      .filter((field) => !ALLOWED.has(field) && expected.get(field) !== actual.get(field))
      .map((field) => `${field}: captured ${JSON.stringify(expected.get(field))}, sent ${JSON.stringify(actual.get(field))}`);
    expect(differences).toEqual([]);
    expect(actual.size).toBeGreaterThan(20);
  });

  test('has every ID that the capture has', () => {
    const actual = flatten(eventOf());
    const missing = [...flatten(capture(name)).keys()].filter((field) => !actual.has(field));
    expect(missing).toEqual([]);
  });
});

function eventFor(name: FrontDoorName, request: Parameters<typeof requestTo>[1], json = fourDoors()): any {
  return accept(doorOf(name, json), requestTo(name, request)).event;
}

function withHeaders(...headers: [string, string][]): Parameters<typeof requestTo>[1] {
  return { headers: [['Host', 'example.com'], ...headers] };
}

function post(body: string | Buffer, type?: string): Parameters<typeof requestTo>[1] {
  return { ...withHeaders(...(type ? [['Content-Type', type] as [string, string]] : [])), method: 'POST', body: Buffer.from(body) };
}

describe('client address', () => {
  test.each([
    ['function-url', (event: any) => event.headers['x-forwarded-for']],
    ['http-api', (event: any) => event.headers['x-forwarded-for']],
    ['rest-api', (event: any) => event.headers['X-Forwarded-For']],
    ['alb', (event: any) => event.multiValueHeaders['x-forwarded-for'][0]],
  ] as const)('%s appends it to what the client claims', (name, pick) => {
    expect(pick(eventFor(name, withHeaders(['X-Forwarded-For', '1.2.3.4'])))).toBe('1.2.3.4, 68.8.83.18');
  });

  test.each([
    ['function-url', (event: any) => event.headers['x-forwarded-proto']],
    ['http-api', (event: any) => event.headers['x-forwarded-proto']],
    ['rest-api', (event: any) => event.headers['X-Forwarded-Proto']],
    ['alb', (event: any) => event.multiValueHeaders['x-forwarded-proto'].join()],
  ] as const)('%s overwrites the scheme that the client claims', (name, pick) => {
    expect(pick(eventFor(name, withHeaders(['X-Forwarded-Proto', 'gopher'])))).toBe('https');
  });
});

describe('path', () => {
  test.each([
    ['function-url', 'rawPath', '/a%2Fb%20c/'],
    ['http-api', 'rawPath', '/a/b c/'],
    ['rest-api', 'path', '/a%2Fb%20c/'],
    ['alb', 'path', '/a%2Fb%20c/'],
  ] as const)('%s hands on an encoded path in %s as %s', (name, field, expected) => {
    expect(eventFor(name, { target: '/a%2Fb%20c/?x' })[field]).toBe(expected);
  });

  test('rest-api puts the stage into the context\'s path only', () => {
    const event = eventFor('rest-api', { target: '/products' });
    expect([event.path, event.requestContext.path, event.resource, event.pathParameters]).toEqual(['/products', '/live/products', '/{proxy+}', { proxy: 'products' }]);
  });

  test.each([
    ['/live//a', '/a', '/live//a', 'a'],
    ['//live/a', '/a', '/live/a', 'a'],
    ['/live/a//b', '/a//b', '/live/a//b', 'a//b'],
    ['/live/a/', '/a/', '/live/a/', 'a'],
  ])('rest-api reads %s as %s', (target, expected, contextPath, proxy) => {
    const event = accept(doorOf('rest-api'), { ...requestTo('rest-api'), target }).event as any;
    expect([event.path, event.requestContext.path, event.pathParameters]).toEqual([expected, contextPath, { proxy }]);
  });

  test('rest-api sends the root to the root\'s method', () => {
    const event = eventFor('rest-api', { target: '/' });
    expect([event.path, event.resource, event.pathParameters]).toEqual(['/', '/', null]);
  });

  test('http-api puts a named stage into the path', () => {
    const json = fourDoors();
    json.Resources.HttpStage.Properties!.StageName = 'beta';
    const event = eventFor('http-api', { target: '/beta/x' }, json);
    expect([event.rawPath, event.requestContext.stage]).toEqual(['/beta/x', 'beta']);
  });
});

describe('query', () => {
  test('alb hands on names and values undecoded', () => {
    expect(eventFor('alb', { target: '/?a%20b=c%20d&x=%zz' }).multiValueQueryStringParameters).toEqual({ 'a%20b': ['c%20d'], 'x': ['%zz'] });
  });

  test('alb without multi-value headers keeps the last of repeated names', () => {
    const event = eventFor('alb', { target: '/?a=1&a=2', ...withHeaders(['X-A', '1'], ['X-A', '2']) }, singleValue());
    expect(event.queryStringParameters).toEqual({ a: '2' });
    expect(event.headers['x-a']).toBe('2');
    expect(event).not.toHaveProperty('multiValueHeaders');
  });

  test('rest-api decodes names and values, and leaves what is malformed', () => {
    expect(eventFor('rest-api', { target: '/?a%20b=c+d&x=%zz' }).multiValueQueryStringParameters).toEqual({ 'a b': ['c d'], 'x': ['%zz'] });
  });

  test.each(['function-url', 'http-api'] as const)('%s hands on the raw query', (name) => {
    expect(eventFor(name, { target: '/?a=1&&b' }).rawQueryString).toBe('a=1&&b');
  });
});

function singleValue() {
  const json = fourDoors();
  delete (json.Resources.TargetGroup.Properties as any).TargetGroupAttributes;
  return json;
}

describe('body', () => {
  test.each(['function-url', 'http-api', 'alb'] as const)('%s sends text types as text and everything else in base64', (name) => {
    expect(eventFor(name, post('λ', 'text/plain'))).toMatchObject({ body: 'λ', isBase64Encoded: false });
    expect(eventFor(name, post('{}', 'application/problem+json; charset=utf-8'))).toMatchObject({ body: '{}', isBase64Encoded: false });
    expect(eventFor(name, post('a=b', 'application/x-www-form-urlencoded'))).toMatchObject({ body: 'YT1i', isBase64Encoded: true });
    expect(eventFor(name, post(Buffer.from([0xff, 0]), 'image/png'))).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });

  test('alb sends a body with a content encoding in base64, whatever its type', () => {
    const request = post('x', 'text/plain');
    const event = eventFor('alb', { ...request, headers: [...request!.headers!, ['Content-Encoding', 'gzip']] });
    expect(event.isBase64Encoded).toBe(true);
  });

  test('rest-api with */* sends every body in base64', () => {
    expect(eventFor('rest-api', post('text', 'text/plain'))).toMatchObject({ body: 'dGV4dA==', isBase64Encoded: true });
  });

  test('rest-api without */* breaks a binary body', () => {
    const json = fourDoors();
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    expect(eventFor('rest-api', post(Buffer.from([0xff, 0x41]), 'image/png'), json)).toMatchObject({ body: '\ufffdA', isBase64Encoded: false });
  });

  test('an empty body is null behind rest-api, an empty string behind alb, absent behind the others', () => {
    expect(eventFor('rest-api', {}).body).toBeNull();
    expect(eventFor('alb', {}).body).toBe('');
    expect(eventFor('function-url', {})).not.toHaveProperty('body');
    expect(eventFor('http-api', {})).not.toHaveProperty('body');
  });
});

describe('headers', () => {
  test('rest-api keeps the client\'s spelling of names, but of a few', () => {
    const names = Object.keys(eventFor('rest-api', withHeaders(['X-MiXeD', '1'], ['aUthorization', '2'], ['user-agent', '3'])).multiValueHeaders);
    expect(names).toEqual(expect.arrayContaining(['X-MiXeD', 'Authorization', 'User-Agent']));
  });

  test.each(['function-url', 'http-api', 'rest-api'] as const)('%s keeps the connection\'s own headers to itself', (name) => {
    const { headers } = eventFor(name, withHeaders(['Connection', 'keep-alive'], ['Transfer-Encoding', 'chunked']));
    expect(Object.keys(headers).map((header) => header.toLowerCase())).not.toEqual(expect.arrayContaining(['connection']));
    expect(Object.keys(headers).map((header) => header.toLowerCase())).not.toEqual(expect.arrayContaining(['transfer-encoding']));
  });

  test('bytes that are UTF-8 arrive as text', () => {
    expect(eventFor('http-api', withHeaders(['X-City', Buffer.from('Zürich').toString('latin1')])).headers['x-city']).toBe('Zürich');
  });

  test('alb drops invalid names where its attribute says so', () => {
    const json = fourDoors();
    const request = withHeaders(['X_Under', '1']);
    expect(eventFor('alb', request, json).multiValueHeaders).toHaveProperty('x_under');
    json.Resources.LoadBalancer.Properties!.LoadBalancerAttributes = [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }];
    expect(eventFor('alb', request, json).multiValueHeaders).not.toHaveProperty('x_under');
  });
});
