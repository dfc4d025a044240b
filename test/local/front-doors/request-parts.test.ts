import { accept, doorOf, eventFor, requestTo, withHeaders } from '../fixtures/doors';
import { fourDoors, fourDoorsWithSingleValues } from '../fixtures/template';

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
    const event = eventFor('alb', { target: '/?a=1&a=2', ...withHeaders(['X-A', '1'], ['X-A', '2']) }, fourDoorsWithSingleValues());
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
