import { isInvocation } from '../../../local/front-doors/front-door';
import { accept, answer, doorOf, refuse, requestTo, valuesOf } from '../fixtures/doors';
import { fourDoors, fourDoorsWithout } from '../fixtures/template';

test('answers 404 when no route matches', () => {
  const json = fourDoors();
  json.Resources.HttpRoute.Properties!.RouteKey = 'GET /items/{id}';
  const refusal = refuse(doorOf('http-api', json), requestTo('http-api', { target: '/other' }));
  expect([refusal.status, refusal.body.toString()]).toEqual([404, '{"message":"Not Found"}']);
});

test('prefers the most specific of its routes', () => {
  const json = fourDoors();
  for (const [id, key] of Object.entries({ Any: 'ANY /items/{id}', Get: 'GET /items/{id}', Literal: 'ANY /items/new', Greedy: 'ANY /{proxy+}' })) {
    json.Resources[id] = { ...json.Resources.HttpRoute, Properties: { ...json.Resources.HttpRoute.Properties, RouteKey: key } };
  }
  const routeOf = (method: string, target: string) => (accept(doorOf('http-api', json), requestTo('http-api', { method, target })).event as any).routeKey;
  expect(routeOf('GET', '/items/1')).toBe('GET /items/{id}');
  expect(routeOf('POST', '/items/1')).toBe('ANY /items/{id}');
  expect(routeOf('GET', '/items/new')).toBe('ANY /items/new');
  expect(routeOf('GET', '/items/1/more')).toBe('ANY /{proxy+}');
  expect(routeOf('GET', '/')).toBe('$default');
});

test('answers 401 when a route has an authorizer and the request has no authorization header', () => {
  const json = fourDoors();
  json.Resources.HttpRoute.Properties!.AuthorizationType = 'JWT';
  expect(refuse(doorOf('http-api', json), requestTo('http-api')).status).toBe(401);
});

test('answers preflights itself, and its CORS headers replace the function\'s', async () => {
  const json = fourDoors();
  json.Resources.HttpApi.Properties!.CorsConfiguration = { AllowOrigins: ['*'], AllowMethods: ['GET', 'POST'], AllowHeaders: ['x-a'], ExposeHeaders: ['x-b'] };
  const door = doorOf('http-api', json);
  const origin: [string, string] = ['Origin', 'https://a.example'];
  const preflight = refuse(door, requestTo('http-api', { method: 'OPTIONS', headers: [origin, ['Access-Control-Request-Method', 'GET']] }));
  expect([preflight.status, valuesOf(preflight, 'access-control-allow-origin'), valuesOf(preflight, 'access-control-allow-methods')])
    .toEqual([204, ['*'], ['GET,POST']]);
  const sent = await answer(door, { statusCode: 200, headers: { 'access-control-allow-origin': 'https://own.example' } }, requestTo('http-api', { headers: [origin] }));
  expect([valuesOf(sent, 'access-control-allow-origin'), valuesOf(sent, 'access-control-expose-headers')]).toEqual([['*'], ['x-b']]);
  // The app gets an OPTIONS request that is not a preflight.
  expect(isInvocation(door.accept(requestTo('http-api', { method: 'OPTIONS' })))).toBe(true);
});

test('answers 413 for a body of more than 10 MB', () => {
  expect(refuse(doorOf('http-api'), requestTo('http-api', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
});

test('uses the timeout of its integration', () => {
  const json = fourDoors();
  expect(accept(doorOf('http-api', json), requestTo('http-api')).timeout!.milliseconds).toBe(30_000);
  json.Resources.HttpIntegration.Properties!.TimeoutInMillis = 1000;
  const { timeout } = accept(doorOf('http-api', json), requestTo('http-api'));
  expect([timeout!.milliseconds, timeout!.answer.status]).toEqual([1000, 503]);
});

test('cannot be reached without a stage', () => {
  expect(doorOf('http-api', fourDoorsWithout('HttpStage'))).toBeUndefined();
});
