import { isInvocation } from '../../../local/front-doors/front-door';
import { answer, doorOf, refuse, requestTo, valuesOf } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

test('with AWS_IAM rejects a request that is not signed', () => {
  const json = fourDoors();
  json.Resources.Url.Properties!.AuthType = 'AWS_IAM';
  const refusal = refuse(doorOf('function-url', json), requestTo('function-url'));
  expect([refusal.status, refusal.reason]).toEqual([403, expect.stringContaining('the request is not signed')]);
});

test('rejects an event of more than 6 MB', () => {
  const request = requestTo('function-url', { method: 'POST', body: Buffer.alloc(5_000_000) });
  expect(refuse(doorOf('function-url'), request).status).toBe(413);
  expect(isInvocation(doorOf('function-url').accept(requestTo('function-url', { method: 'POST', body: Buffer.alloc(4_000_000) })))).toBe(true);
});

test('answers preflights itself, and its CORS headers replace the function\'s', async () => {
  const json = fourDoors();
  json.Resources.Url.Properties!.Cors = { AllowOrigins: ['https://a.example'], AllowMethods: ['GET'], MaxAge: 60 };
  const door = doorOf('function-url', json);
  const origin: [string, string] = ['Origin', 'https://a.example'];
  const preflight = refuse(door, requestTo('function-url', { method: 'OPTIONS', headers: [origin, ['Access-Control-Request-Method', 'GET']] }));
  expect([preflight.status, valuesOf(preflight, 'access-control-allow-methods'), valuesOf(preflight, 'access-control-max-age')]).toEqual([200, ['GET'], ['60']]);
  const sent = await answer(door, { statusCode: 200, headers: { 'access-control-allow-origin': '*' } }, requestTo('function-url', { headers: [origin] }));
  expect(valuesOf(sent, 'access-control-allow-origin')).toEqual(['https://a.example']);
  const foreign = await answer(door, { statusCode: 200 }, requestTo('function-url', { headers: [['Origin', 'https://b.example']] }));
  expect(valuesOf(foreign, 'access-control-allow-origin')).toEqual([]);
});

test('renames headers that AWS reserves', async () => {
  const sent = await answer(doorOf('function-url'), { statusCode: 401, headers: { 'WWW-Authenticate': 'Basic', 'Date': 'today' } });
  expect(valuesOf(sent, 'www-authenticate')).toEqual([]);
  expect(valuesOf(sent, 'x-amzn-remapped-www-authenticate')).toEqual(['Basic']);
  expect(valuesOf(sent, 'x-amzn-remapped-date')).toEqual(['today']);
});
