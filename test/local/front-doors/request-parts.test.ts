import { accept, doorOf, eventFor, requestTo, withHeaders } from '../fixtures/doors';
import { fourDoors, fourDoorsWithSingleValues } from '../fixtures/template';

describe('client address', () => {
  test.each([
    ['function-url', (event: any) => event.headers['x-forwarded-for']],
    ['http-api', (event: any) => event.headers['x-forwarded-for']],
    ['rest-api', (event: any) => event.headers['X-Forwarded-For']],
    ['alb', (event: any) => event.multiValueHeaders['x-forwarded-for'][0]],
  ] as const)('%s appends it to the client\'s own x-forwarded-for', (name, pick) => {
    expect(pick(eventFor(name, withHeaders(['X-Forwarded-For', '1.2.3.4'])))).toBe('1.2.3.4, 68.8.83.18');
  });

  test.each([
    ['function-url', (event: any) => event.headers['x-forwarded-proto']],
    ['http-api', (event: any) => event.headers['x-forwarded-proto']],
    ['rest-api', (event: any) => event.headers['X-Forwarded-Proto']],
    ['alb', (event: any) => event.multiValueHeaders['x-forwarded-proto'].join()],
  ] as const)('%s overwrites the client\'s own x-forwarded-proto', (name, pick) => {
    expect(pick(eventFor(name, withHeaders(['X-Forwarded-Proto', 'gopher'])))).toBe('https');
  });
});

describe('path', () => {
  test.each([
    ['function-url', 'rawPath', '/a%2Fb%20c/'],
    ['http-api', 'rawPath', '/a/b c/'],
    ['rest-api', 'path', '/a%2Fb%20c/'],
    ['alb', 'path', '/a%2Fb%20c/'],
  ] as const)('%s sends an encoded path in %s as %s', (name, field, expected) => {
    expect(eventFor(name, { target: '/a%2Fb%20c/?x' })[field]).toBe(expected);
  });

  test('rest-api has the stage only in the path of the context', () => {
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

  test('rest-api sends a request for the root to the method of the root', () => {
    const event = eventFor('rest-api', { target: '/' });
    expect([event.path, event.resource, event.pathParameters]).toEqual(['/', '/', null]);
  });

  test('http-api has a named stage in the path', () => {
    const json = fourDoors();
    json.Resources.HttpStage.Properties!.StageName = 'beta';
    const event = eventFor('http-api', { target: '/beta/x' }, json);
    expect([event.rawPath, event.requestContext.stage]).toEqual(['/beta/x', 'beta']);
  });
});

describe('query', () => {
  test('alb does not decode names and values', () => {
    expect(eventFor('alb', { target: '/?a%20b=c%20d&x=%zz' }).multiValueQueryStringParameters).toEqual({ 'a%20b': ['c%20d'], 'x': ['%zz'] });
  });

  test('alb without multi-value headers keeps the last of repeated names', () => {
    const event = eventFor('alb', { target: '/?a=1&a=2', ...withHeaders(['X-A', '1'], ['X-A', '2']) }, fourDoorsWithSingleValues());
    expect(event.queryStringParameters).toEqual({ a: '2' });
    expect(event.headers['x-a']).toBe('2');
    expect(event).not.toHaveProperty('multiValueHeaders');
  });

  test('rest-api decodes names and values, except malformed escapes', () => {
    expect(eventFor('rest-api', { target: '/?a%20b=c+d&x=%zz' }).multiValueQueryStringParameters).toEqual({ 'a b': ['c d'], 'x': ['%zz'] });
  });

  test.each(['function-url', 'http-api'] as const)('%s sends the raw query', (name) => {
    expect(eventFor(name, { target: '/?a=1&&b' }).rawQueryString).toBe('a=1&&b');
  });
});

describe('headers', () => {
  test('rest-api keeps the client\'s spelling of most names', () => {
    const names = Object.keys(eventFor('rest-api', withHeaders(['X-MiXeD', '1'], ['aUthorization', '2'], ['user-agent', '3'])).multiValueHeaders);
    expect(names).toEqual(expect.arrayContaining(['X-MiXeD', 'Authorization', 'User-Agent']));
  });

  test.each(['function-url', 'http-api', 'rest-api'] as const)('%s does not forward hop-by-hop headers', (name) => {
    const { headers } = eventFor(name, withHeaders(['Connection', 'keep-alive'], ['Transfer-Encoding', 'chunked']));
    expect(Object.keys(headers).map((header) => header.toLowerCase())).not.toEqual(expect.arrayContaining(['connection']));
    expect(Object.keys(headers).map((header) => header.toLowerCase())).not.toEqual(expect.arrayContaining(['transfer-encoding']));
  });

  test('header values in UTF-8 are decoded', () => {
    expect(eventFor('http-api', withHeaders(['X-City', Buffer.from('Zürich').toString('latin1')])).headers['x-city']).toBe('Zürich');
  });

  test('alb drops invalid names if its attribute is set', () => {
    const json = fourDoors();
    const request = withHeaders(['X_Under', '1']);
    expect(eventFor('alb', request, json).multiValueHeaders).toHaveProperty('x_under');
    json.Resources.LoadBalancer.Properties!.LoadBalancerAttributes = [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }];
    expect(eventFor('alb', request, json).multiValueHeaders).not.toHaveProperty('x_under');
  });
});
