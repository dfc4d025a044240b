import { Readable } from 'node:stream';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { answer, answerOutcome, DOOR_NAMES, doorOf, requestTo, valuesOf } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

/** What each door says when it cannot read a result. */
const UNREADABLE: Record<FrontDoorName, [status: number, body: RegExp]> = {
  'function-url': [502, /^Internal Server Error$/],
  'http-api': [500, /^\{"message":"Internal Server Error"\}$/],
  'rest-api': [502, /^\{"message":"Internal server error"\}$/],
  'alb': [502, /<center><h1>502 Bad Gateway<\/h1><\/center>/],
};

function singleValue() {
  const json = fourDoors();
  delete (json.Resources.TargetGroup.Properties as any).TargetGroupAttributes;
  return json;
}

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
    ['a body that is no base64', { statusCode: 200, isBase64Encoded: true, body: 'no base64!' }, /the body is not base64: "no base64!"/],
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
    ['a line break in a header', { 'x-a': 'a\r\nx-b: 1' }, /headers\.x-a holds a control character/i],
    ['a header name with a space', { 'x a': '1' }, /"x a" is no header name/],
  ])('fails on %s', async (_, headers, reason) => {
    const lists = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value]]));
    const failed = await answer(door, name === 'alb' ? { statusCode: 200, multiValueHeaders: lists } : { statusCode: 200, headers });
    expect(failed.status).toBe(status);
    expect(failed.reason).toMatch(reason);
  });

  test('fails when the function fails, and says why', async () => {
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

describe('payload format 2.0', () => {
  test.each(['function-url', 'http-api'] as const)('%s takes a result without statusCode as the body', async (name) => {
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

  test.each(['function-url', 'http-api'] as const)('%s leaves multiValueHeaders out and says so', async (name) => {
    const sent = await answer(doorOf(name), { statusCode: 200, multiValueHeaders: { 'x-a': ['1'] } });
    expect(valuesOf(sent, 'x-a')).toEqual([]);
    expect(sent.reason).toContain('multiValueHeaders has no meaning in payload format 2.0');
  });

  test.each(['function-url', 'http-api'] as const)('%s fails on cookies that are no strings', async (name) => {
    expect((await answer(doorOf(name), { statusCode: 200, cookies: [1] })).reason).toBe('cookies must be a string, got 1');
    expect((await answer(doorOf(name), { statusCode: 200, cookies: 'a=1' })).reason).toBe('cookies must be a list of strings, got "a=1"');
  });

  test('http-api takes a result with errorMessage for an error, function-url for a body', async () => {
    expect((await answer(doorOf('http-api'), { errorMessage: 'not really' })).status).toBe(500);
    expect((await answer(doorOf('http-api'), { statusCode: 200, errorMessage: 'not really' })).status).toBe(200);
    expect((await answer(doorOf('function-url'), { errorMessage: 'not really' })).status).toBe(200);
  });

  test('http-api takes a boolean as a header, function-url does not', async () => {
    expect(valuesOf(await answer(doorOf('http-api'), { statusCode: 200, headers: { 'x-a': true } }), 'x-a')).toEqual(['true']);
    expect((await answer(doorOf('function-url'), { statusCode: 200, headers: { 'x-a': true } })).reason).toBe('headers.x-a must be a string, got true');
  });

  test('http-api with payload format 1.0 demands statusCode and ignores unknown fields', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.PayloadFormatVersion = '1.0';
    expect((await answer(doorOf('http-api', json), {})).status).toBe(500);
    expect((await answer(doorOf('http-api', json), 'text')).status).toBe(500);
    expect((await answer(doorOf('http-api', json), { statusCode: 200, wrong: 'value' })).status).toBe(200);
  });

  test('http-api with payload format 1.0 reads multiValueHeaders', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.PayloadFormatVersion = '1.0';
    const sent = await answer(doorOf('http-api', json), { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } });
    expect(valuesOf(sent, 'set-cookie')).toEqual(['a=1', 'b=2']);
  });

  test('function-url renames headers that AWS keeps for itself', async () => {
    const sent = await answer(doorOf('function-url'), { statusCode: 401, headers: { 'WWW-Authenticate': 'Basic', 'Date': 'today' } });
    expect(valuesOf(sent, 'www-authenticate')).toEqual([]);
    expect(valuesOf(sent, 'x-amzn-remapped-www-authenticate')).toEqual(['Basic']);
    expect(valuesOf(sent, 'x-amzn-remapped-date')).toEqual(['today']);
  });
});

describe('headers of 10,240 bytes', () => {
  /** Two headers of so many bytes in all, the content type included. */
  function headersOf(bytes: number): Record<string, string> {
    const rest = bytes - 'x-a'.length - 'x-b'.length - 'content-type'.length - 'text/plain'.length - 'λ'.length * 2;
    return { 'content-type': 'text/plain', 'x-a': 'λ', 'x-b': 'b'.repeat(rest) };
  }

  function httpApi(PayloadFormatVersion: string) {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.PayloadFormatVersion = PayloadFormatVersion;
    return doorOf('http-api', json);
  }

  test.each([
    ['http-api, payload format 1.0', httpApi('1.0'), 500],
    ['http-api, payload format 2.0', httpApi('2.0'), 500],
    ['rest-api', doorOf('rest-api'), 502],
  ])('are the most that %s takes', async (_, door, status) => {
    expect((await answer(door, { statusCode: 200, headers: headersOf(10_240) })).status).toBe(200);
    const failed = await answer(door, { statusCode: 200, headers: headersOf(10_241) });
    expect([failed.status, failed.reason]).toEqual([status, expect.stringContaining('the function\'s headers have 10241 bytes and API Gateway takes 10240')]);
  });

  test('are the most that rest-api takes of a streamed answer', async () => {
    const streamed = (headers: object) => answerOutcome(doorOf('rest-api', fourDoors({ streaming: true })), {
      kind: 'stream',
      contentType: 'application/vnd.awslambda.http-integration-response',
      body: Readable.from([Buffer.from(`${JSON.stringify({ statusCode: 200, headers })}${'\0'.repeat(8)}`)]),
    });
    expect((await streamed(headersOf(10_240))).status).toBe(200);
    expect(await streamed(headersOf(10_241))).toMatchObject({ status: 502, reason: expect.stringContaining('10241 bytes') });
  });

  test('count the cookies of payload format 2.0', async () => {
    const cookies = Array.from({ length: 11 }, () => `a=${'x'.repeat(1000)}`);
    expect((await answer(httpApi('2.0'), { statusCode: 200, cookies })).status).toBe(500);
  });

  test.each(['function-url', 'alb'] as const)('are no limit of %s', async (name) => {
    const headers = headersOf(20_000);
    const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value]]));
    expect((await answer(doorOf(name), name === 'alb' ? { statusCode: 200, multiValueHeaders } : { statusCode: 200, headers })).status).toBe(200);
  });
});

describe('rest-api', () => {
  const door = doorOf('rest-api');

  test.each(['cookies', 'statusDescription', 'header', 'version'])('fails on the unknown field %s', async (field) => {
    const failed = await answer(door, { statusCode: 200, [field]: 'x' });
    expect([failed.status, failed.reason]).toEqual([502, `the result has fields that a REST API does not know: ${field}`]);
  });

  test('demands no field', async () => {
    const sent = await answer(door, {});
    expect([sent.status, sent.body.toString(), valuesOf(sent, 'content-type')]).toEqual([200, '', ['application/json']]);
    expect((await answer(door, { headers: { 'x-a': '1' } })).status).toBe(200);
  });

  test('takes a boolean as a header', async () => {
    expect(valuesOf(await answer(door, { statusCode: 200, headers: { 'x-a': true } }), 'x-a')).toEqual(['true']);
  });

  test('fails on multi-value headers that are no lists', async () => {
    expect((await answer(door, { statusCode: 200, multiValueHeaders: { 'x-a': '1' } })).reason).toBe('multiValueHeaders.x-a must be a list of strings, got "1"');
  });

  test.each<[string, unknown]>([['a string', 'hello'], ['null', null], ['a list', []]])('fails on %s', async (_, result) => {
    expect((await answer(door, result)).status).toBe(502);
  });

  test('merges headers and multiValueHeaders, and counts a pair in both once', async () => {
    const sent = await answer(door, { statusCode: 200, headers: { 'x-a': '1', 'x-b': '2' }, multiValueHeaders: { 'x-a': ['1', '3'] } });
    expect([valuesOf(sent, 'x-a'), valuesOf(sent, 'x-b')]).toEqual([['1', '3'], ['2']]);
  });

  test('takes digits as a status', async () => {
    expect((await answer(door, { statusCode: '201' })).status).toBe(201);
  });

  test('fills in the content type application/json', async () => {
    expect(valuesOf(await answer(door, { statusCode: 200 }), 'content-type')).toEqual(['application/json']);
  });

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

describe('alb', () => {
  const multi = doorOf('alb');
  const single = doorOf('alb', singleValue());

  test('with multi-value headers reads multiValueHeaders only', async () => {
    const sent = await answer(multi, { statusCode: 200, headers: { 'x-a': '1' }, multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] } });
    expect([valuesOf(sent, 'x-a'), valuesOf(sent, 'set-cookie')]).toEqual([[], ['a=1', 'b=2']]);
  });

  test('with multi-value headers says that an answer in headers was left out', async () => {
    expect((await answer(multi, { statusCode: 200, headers: { 'x-a': '1' } })).reason).toContain('so multiValueHeaders counts');
  });

  test('without multi-value headers reads an answer in multiValueHeaders as one without headers', async () => {
    const sent = await answer(single, { statusCode: 200, multiValueHeaders: { 'content-type': ['text/html'] }, body: '<p>' });
    expect(valuesOf(sent, 'content-type')).toEqual(['application/octet-stream']);
    expect(sent.reason).toContain('the target group lacks lambda.multi_value_headers.enabled');
  });

  test('without multi-value headers keeps header names that differ in case', async () => {
    const sent = await answer(single, { statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-cookie': 'b=2' } });
    expect(valuesOf(sent, 'set-cookie')).toEqual(['a=1', 'b=2']);
  });

  test.each([['200 OK', 'OK'], ['OK', 'OK'], ['200', undefined], [undefined, undefined]])('reads the status description %s', async (statusDescription, text) => {
    expect((await answer(multi, { statusCode: 200, statusDescription })).statusText).toBe(text);
  });

  test('fails on digits as a status', async () => {
    expect((await answer(multi, { statusCode: '200' })).status).toBe(502);
  });

  test('fails on a result without statusCode', async () => {
    expect((await answer(multi, { body: 'x' })).reason).toContain('statusCode must be an HTTP status from 200 to 599, got undefined (LambdaInvalidResponse)');
  });

  test('fails on a result of more than 1 MB of JSON', async () => {
    const frame = JSON.stringify({ statusCode: 200, body: '' }).length;
    expect((await answer(multi, { statusCode: 200, body: 'x'.repeat(1024 * 1024 - frame) })).status).toBe(200);
    const failed = await answer(multi, { statusCode: 200, body: 'x'.repeat(1024 * 1024 - frame + 1) });
    expect([failed.status, failed.reason]).toEqual([502, expect.stringContaining('(LambdaResponseTooLarge)')]);
  });
});

describe('a streamed answer', () => {
  const streaming = fourDoors({ streaming: true });

  function streamOf(...chunks: string[]) {
    return { kind: 'stream' as const, contentType: 'application/vnd.awslambda.http-integration-response', body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))) };
  }

  async function text(body: Buffer | Readable): Promise<string> {
    if (Buffer.isBuffer(body)) return body.toString();
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  test.each([
    ['function-url', { statusCode: 201, headers: { 'X-A': '1' }, cookies: ['a=1', 'b=2'] }],
    ['rest-api', { statusCode: 201, headers: { 'X-A': '1' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } }],
  ] as const)('behind %s has its prelude taken off, wherever it is cut', async (name, prelude) => {
    const json = JSON.stringify(prelude);
    for (const cut of [1, json.length, json.length + 3, json.length + 8, json.length + 10]) {
      const whole = `${json}${'\0'.repeat(8)}hello`;
      const sent = await answerOutcome(doorOf(name, streaming), streamOf(whole.slice(0, cut), whole.slice(cut)));
      expect([sent.status, valuesOf(sent, 'x-a'), valuesOf(sent, 'set-cookie')]).toEqual([201, ['1'], ['a=1', 'b=2']]);
      expect(await text(sent.body)).toBe('hello');
    }
  });

  test.each(['function-url', 'rest-api'] as const)('fails behind %s without the NUL bytes', async (name) => {
    const failed = await answerOutcome(doorOf(name, streaming), streamOf('{"statusCode":200}'));
    expect([failed.status, failed.reason]).toEqual([502, 'the stream ended before the 8 NUL bytes that end its prelude']);
  });

  test('behind rest-api fails when the function did not stream', async () => {
    expect((await answer(doorOf('rest-api', streaming), { statusCode: 200, body: 'x' })).status).toBe(502);
  });

  test('behind function-url shows a result that was not streamed as it is', async () => {
    const sent = await answer(doorOf('function-url', streaming), { statusCode: 200, body: 'x' });
    expect([sent.status, await text(sent.body)]).toEqual([200, '{"statusCode":200,"body":"x"}']);
  });
});
