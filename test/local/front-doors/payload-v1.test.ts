import { answer, doorOf, valuesOf } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

describe('http-api', () => {
  test('requires statusCode and ignores unknown fields', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.PayloadFormatVersion = '1.0';
    expect((await answer(doorOf('http-api', json), {})).status).toBe(500);
    expect((await answer(doorOf('http-api', json), 'text')).status).toBe(500);
    expect((await answer(doorOf('http-api', json), { statusCode: 200, wrong: 'value' })).status).toBe(200);
  });

  test('reads multiValueHeaders', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.PayloadFormatVersion = '1.0';
    const sent = await answer(doorOf('http-api', json), { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } });
    expect(valuesOf(sent, 'set-cookie')).toEqual(['a=1', 'b=2']);
  });
});

describe('rest-api', () => {
  const door = doorOf('rest-api');

  test.each(['cookies', 'statusDescription', 'header', 'version'])('fails on the unknown field %s', async (field) => {
    const failed = await answer(door, { statusCode: 200, [field]: 'x' });
    expect([failed.status, failed.reason]).toEqual([502, `the result has fields that a REST API rejects: ${field}`]);
  });

  test('requires no field', async () => {
    const sent = await answer(door, {});
    expect([sent.status, sent.body.toString(), valuesOf(sent, 'content-type')]).toEqual([200, '', ['application/json']]);
    expect((await answer(door, { headers: { 'x-a': '1' } })).status).toBe(200);
  });

  test('accepts a boolean as a header', async () => {
    expect(valuesOf(await answer(door, { statusCode: 200, headers: { 'x-a': true } }), 'x-a')).toEqual(['true']);
  });

  test('fails on multi-value headers that are not lists', async () => {
    expect((await answer(door, { statusCode: 200, multiValueHeaders: { 'x-a': '1' } })).reason).toBe('multiValueHeaders.x-a must be a list of strings, got "1"');
  });

  test.each<[string, unknown]>([['a string', 'hello'], ['null', null], ['a list', []]])('fails on %s', async (_, result) => {
    expect((await answer(door, result)).status).toBe(502);
  });

  test('merges headers and multiValueHeaders, and sends a pair that is in both once', async () => {
    const sent = await answer(door, { statusCode: 200, headers: { 'x-a': '1', 'x-b': '2' }, multiValueHeaders: { 'x-a': ['1', '3'] } });
    expect([valuesOf(sent, 'x-a'), valuesOf(sent, 'x-b')]).toEqual([['1', '3'], ['2']]);
  });

  test('accepts a string of digits as a status', async () => {
    expect((await answer(door, { statusCode: '201' })).status).toBe(201);
  });

  test('fills in the content type application/json', async () => {
    expect(valuesOf(await answer(door, { statusCode: 200 }), 'content-type')).toEqual(['application/json']);
  });
});
