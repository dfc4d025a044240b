import { answer, doorOf, refuse, requestTo } from '../fixtures/doors';
import { fourDoors, fourDoorsWithout } from '../fixtures/template';

const door = doorOf('rest-api');

describe('a request', () => {
  test('answers 403 for a stage that does not exist', () => {
    const refusal = refuse(door, { ...requestTo('rest-api'), target: '/prod/x' });
    expect([refusal.status, refusal.body.toString(), refusal.reason]).toEqual([403, '{"message":"Forbidden"}', 'the REST API has no stage \'prod\'; its stages are live']);
  });

  test('answers 403 when no method matches', () => {
    const refusal = refuse(doorOf('rest-api', fourDoorsWithout('RestProxyMethod')), requestTo('rest-api', { target: '/x' }));
    expect([refusal.status, refusal.body.toString()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  });

  test('answers 403 for a method that is not deployed', () => {
    const json = fourDoors();
    (json.Resources.RestDeployment as any).DependsOn = ['RestRootMethod'];
    const refusal = refuse(doorOf('rest-api', json), requestTo('rest-api', { target: '/x' }));
    expect([refusal.status, refusal.reason]).toEqual([403, expect.stringContaining('RestProxyMethod is not in a deployment of stage \'live\'')]);
  });

  test('answers 500 for an integration that is not served', () => {
    const json = fourDoors();
    json.Resources.RestRootMethod.Properties!.Integration = { Type: 'MOCK' };
    expect(refuse(doorOf('rest-api', json), requestTo('rest-api')).status).toBe(500);
  });

  test('answers 413 for a body of more than 10 MB', () => {
    expect(refuse(door, requestTo('rest-api', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  });
});

describe('a result', () => {
  test.each([
    ['WWW-Authenticate', 'x-amzn-Remapped-WWW-Authenticate'],
    ['Authorization', 'x-amzn-Remapped-Authorization'],
    ['Content-Length', 'x-amzn-Remapped-Content-Length'],
    ['Content-MD5', 'x-amzn-Remapped-Content-MD5'],
    ['Date', 'x-amzn-Remapped-Date'],
    ['Server', 'x-amzn-Remapped-Server'],
    ['User-Agent', 'x-amzn-Remapped-User-Agent'],
    ['Max-Forwards', 'x-amzn-Remapped-Max-Forwards'],
    ['Connection', 'x-amzn-Remapped-Connection'],
    ['Transfer-Encoding', undefined],
    ['Proxy-Authenticate', undefined],
    ['Trailer', undefined],
    ['Via', undefined],
    ['ETag', 'ETag'],
    ['Location', 'Location'],
    ['Content-Encoding', 'Content-Encoding'],
  ])('sends %s as %s', async (header, sentAs) => {
    const sent = await answer(door, { statusCode: 200, headers: { [header]: 'value' } });
    const names = sent.headers.filter(([, value]) => value === 'value').map(([sentName]) => sentName);
    expect(names).toEqual(sentAs ? [sentAs] : []);
  });

  test.each([
    ['image/png', 'image/png', true],
    ['image/png', 'image/webp,image/png', false],
    ['image/png', '*/*', false],
    ['image/*', 'image/webp;q=0.9', true],
    ['*/*', 'text/html', true],
    ['application/json', undefined, true],
    ['image/png', undefined, false],
  ])('with the binary media type %s and Accept: %s decodes the body: %s', async (binary, accepted, decoded) => {
    const json = fourDoors();
    json.Resources.RestApi.Properties!.BinaryMediaTypes = [binary];
    const request = requestTo('rest-api', { headers: accepted ? [['Accept', accepted]] : [] });
    const sent = await answer(doorOf('rest-api', json), { statusCode: 200, isBase64Encoded: true, body: 'iVBO' }, request);
    expect(sent.body.toString('latin1')).toBe(decoded ? '\u0089PN' : 'iVBO');
    expect(sent.reason === undefined).toBe(decoded);
  });
});
