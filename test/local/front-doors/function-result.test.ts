import { FrontDoorName } from '../../../local/front-doors/front-door';
import { answer, answerOutcome, DOOR_NAMES, doorOf } from '../fixtures/doors';

/** How each door answers when it cannot read a result. */
const UNREADABLE: Record<FrontDoorName, [status: number, body: RegExp]> = {
  'function-url': [502, /^Internal Server Error$/],
  'http-api': [500, /^\{"message":"Internal Server Error"\}$/],
  'rest-api': [502, /^\{"message":"Internal server error"\}$/],
  'alb': [502, /<center><h1>502 Bad Gateway<\/h1><\/center>/],
};

describe.each(DOOR_NAMES)('%s', (name) => {
  const door = doorOf(name);
  const [status, page] = UNREADABLE[name];

  test.each<[string, unknown, RegExp]>([
    ['a status of letters', { statusCode: 'two hundred' }, /statusCode must be an HTTP status from 200 to 599, got "two hundred"/],
    ['a status out of range', { statusCode: 700 }, /got 700/],
    ['a fraction as status', { statusCode: 200.5 }, /got 200.5/],
    ['a body that is an object', { statusCode: 200, body: { a: 1 } }, /body must be a string, got object: \{"a":1\}/],
    ['a body that is a number', { statusCode: 200, body: 1 }, /body must be a string, got number/],
    ['isBase64Encoded that is a string', { statusCode: 200, isBase64Encoded: 'true' }, /isBase64Encoded must be a boolean, got "true"/],
    ['a body that is not base64', { statusCode: 200, isBase64Encoded: true, body: 'no base64!' }, /the body is not base64: "no base64!"/],
    ['base64 that is cut off', { statusCode: 200, isBase64Encoded: true, body: 'aGVsbG8' }, /the body is not base64/],
  ])('fails on %s', async (_, result, reason) => {
    const failed = await answer(door, result);
    expect(failed.reason).toMatch(reason);
    expect([failed.status, failed.body.toString()]).toEqual([status, expect.stringMatching(page)]);
  });

  test.each<[string, unknown]>([
    ['a number', 1], ['a list', ['a']], ['null', null], ['an object', { a: 'b' }],
  ])('fails on a header that is %s', async (_, value) => {
    const result = name === 'alb' ? { statusCode: 200, multiValueHeaders: { 'x-a': [value] } } : { statusCode: 200, headers: { 'x-a': value } };
    const failed = await answer(door, result);
    expect(failed.status).toBe(status);
    expect(failed.reason).toContain(`x-a must be a string, got ${JSON.stringify(value)}`);
  });

  test.each([
    ['a line break in a header', { 'x-a': 'a\r\nx-b: 1' }, /headers\.x-a contains a control character/i],
    ['a header name with a space', { 'x a': '1' }, /"x a" is not a valid header name/],
  ])('fails on %s', async (_, headers, reason) => {
    const lists = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value]]));
    const failed = await answer(door, name === 'alb' ? { statusCode: 200, multiValueHeaders: lists } : { statusCode: 200, headers });
    expect(failed.status).toBe(status);
    expect(failed.reason).toMatch(reason);
  });

  test('fails when the function fails, and reports why', async () => {
    const failed = await answerOutcome(door, { kind: 'error', errorType: 'TypeError', errorMessage: 'x is undefined' });
    expect([failed.status, failed.body.toString()]).toEqual([status, expect.stringMatching(page)]);
    expect(failed.reason).toBe('the function failed: TypeError: x is undefined');
  });

  test('decodes a binary body', async () => {
    const bytes = Buffer.from([0, 0xff, 0x89, 0x50]);
    const { body } = await answer(door, { statusCode: 200, isBase64Encoded: true, body: bytes.toString('base64') });
    expect(body).toEqual(bytes);
  });

  test('sends text as UTF-8', async () => {
    const { body } = await answer(door, { statusCode: 200, body: 'λ' });
    expect(body.toString('hex')).toBe('cebb');
  });

  test('sends a result without a body', async () => {
    const { body, status: sent } = await answer(door, { statusCode: 204, body: null });
    expect([sent, body]).toEqual([204, Buffer.alloc(0)]);
  });
});
