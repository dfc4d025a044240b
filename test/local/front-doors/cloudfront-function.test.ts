import { compileFunction } from '../../../local/front-doors/cloudfront-function';
import { DoorRequest } from '../../../local/front-doors/front-door';
import { requestTo } from '../fixtures/doors';

const REQUEST = requestTo('function-url', {
  target: '/a%20b?x=1&x=2&y=%zz',
  headers: [['Host', 'www.example.com'], ['Accept', 'a'], ['accept', 'b'], ['Cookie', 'a=1; b=2']],
});

function run(code: string, request: DoorRequest = REQUEST): any {
  return compileFunction(code, 'Stack/Function')(request);
}

test('a function that changes nothing leaves the request as it is', () => {
  expect(run('function handler(event) { return event.request; }')).toEqual(REQUEST);
});

test('a function sees the event that CloudFront documents', () => {
  const { headers, body } = run('function handler(event) { return { statusCode: 200, body: JSON.stringify(event), headers: { a: { value: "b" } } }; }');
  expect(headers).toEqual([['a', 'b']]);
  expect(JSON.parse(body.toString())).toEqual({
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '68.8.83.18' },
    request: {
      method: 'GET',
      uri: '/a%20b',
      querystring: { x: { value: '2', multiValue: [{ value: '1' }, { value: '2' }] }, y: { value: '%zz' } },
      headers: { host: { value: 'www.example.com' }, accept: { value: 'b', multiValue: [{ value: 'a' }, { value: 'b' }] } },
      cookies: { a: { value: '1' }, b: { value: '2' } },
    },
  });
});

test('a function changes path, query, headers and cookies', () => {
  const changed = run(`function handler({ request }) {
    request.uri = '/new';
    request.querystring = { z: { value: '3' } };
    request.headers.accept = { value: 'c' };
    delete request.headers.host;
    request.headers['x-new'] = { value: '4' };
    delete request.cookies.a;
    return request;
  }`);
  expect(changed.target).toBe('/new?z=3');
  expect(changed.headers).toEqual([['accept', 'c'], ['x-new', '4'], ['cookie', 'b=2']]);
});

test.each([
  ['throws', 'function handler() { throw new Error("on purpose"); }', 'on purpose'],
  ['returns nothing', 'function handler() {}', 'it returned neither a request nor a response'],
  ['is async', 'async function handler(event) { return event.request; }', 'async are not served here'],
  ['never ends', 'function handler() { for (;;); }', 'timed out'],
  ['reaches for Node', 'function handler() { return require("fs"); }', 'require is not defined'],
])('a function that %s is a 503, with the reason', (_, code, reason) => {
  expect(run(code)).toMatchObject({ status: 503, reason: expect.stringContaining(reason) });
});

test('a header named __proto__ is an ordinary one', () => {
  const request = { ...REQUEST, headers: [['__proto__', 'a']] as const };
  expect(run('function handler(event) { return event.request; }', request).headers).toEqual([['__proto__', 'a']]);
});
