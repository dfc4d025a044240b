import { answer, doorOf, valuesOf } from '../fixtures/doors';

describe('payload format 2.0', () => {
  test.each(['function-url', 'http-api'] as const)('%s uses a result without statusCode as the body', async (name) => {
    for (const [result, body] of [['hello', 'hello'], [{ a: 1 }, '{"a":1}'], [[1], '[1]'], [null, 'null'], [12, '12']] as const) {
      const sent = await answer(doorOf(name), result);
      expect([sent.status, sent.body.toString(), valuesOf(sent, 'content-type')]).toEqual([200, body, ['application/json']]);
    }
  });

  test.each([['function-url', 'application/json'], ['http-api', 'text/plain;charset=UTF-8']] as const)('%s fills in the content type %s', async (name, type) => {
    expect(valuesOf(await answer(doorOf(name), { statusCode: 200, body: 'x' }), 'content-type')).toEqual([type]);
  });

  test.each(['function-url', 'http-api'] as const)('%s sends each cookie in a header of its own', async (name) => {
    const sent = await answer(doorOf(name), { statusCode: 200, cookies: ['a=1', 'b=2; Expires=Tue, 01 Jan 2030 00:00:00 GMT'] });
    expect(valuesOf(sent, 'set-cookie')).toEqual(['a=1', 'b=2; Expires=Tue, 01 Jan 2030 00:00:00 GMT']);
  });

  test.each(['function-url', 'http-api'] as const)('%s ignores multiValueHeaders and reports it', async (name) => {
    const sent = await answer(doorOf(name), { statusCode: 200, multiValueHeaders: { 'x-a': ['1'] } });
    expect(valuesOf(sent, 'x-a')).toEqual([]);
    expect(sent.reason).toContain('multiValueHeaders is ignored in payload format 2.0');
  });

  test.each(['function-url', 'http-api'] as const)('%s fails on cookies that are not strings', async (name) => {
    expect((await answer(doorOf(name), { statusCode: 200, cookies: [1] })).reason).toBe('cookies must be a string, got 1');
    expect((await answer(doorOf(name), { statusCode: 200, cookies: 'a=1' })).reason).toBe('cookies must be a list of strings, got "a=1"');
  });

  test('http-api reads a result with errorMessage as an error, function-url as a body', async () => {
    expect((await answer(doorOf('http-api'), { errorMessage: 'not really' })).status).toBe(500);
    expect((await answer(doorOf('http-api'), { statusCode: 200, errorMessage: 'not really' })).status).toBe(200);
    expect((await answer(doorOf('function-url'), { errorMessage: 'not really' })).status).toBe(200);
  });

  test('http-api accepts a boolean as a header, function-url does not', async () => {
    expect(valuesOf(await answer(doorOf('http-api'), { statusCode: 200, headers: { 'x-a': true } }), 'x-a')).toEqual(['true']);
    expect((await answer(doorOf('function-url'), { statusCode: 200, headers: { 'x-a': true } })).reason).toBe('headers.x-a must be a string, got true');
  });
});
