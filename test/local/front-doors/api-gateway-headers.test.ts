import { Readable } from 'node:stream';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { answer, answerOutcome, doorOf, refuse, requestTo } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

describe('headers of 10,240 bytes', () => {
  /** Two headers of this many bytes in all, including the content type. */
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
  ])('are the most that %s accepts', async (_, door, status) => {
    expect((await answer(door, { statusCode: 200, headers: headersOf(10_240) })).status).toBe(200);
    const failed = await answer(door, { statusCode: 200, headers: headersOf(10_241) });
    expect([failed.status, failed.reason]).toEqual([status, expect.stringContaining('the function\'s headers have 10241 bytes and API Gateway allows 10240')]);
  });

  test('are the most that rest-api accepts in a streamed response', async () => {
    const streamed = (headers: object) => answerOutcome(doorOf('rest-api', fourDoors({ streaming: true })), {
      kind: 'stream',
      contentType: 'application/vnd.awslambda.http-integration-response',
      body: Readable.from([Buffer.from(`${JSON.stringify({ statusCode: 200, headers })}${'\0'.repeat(8)}`)]),
    });
    expect((await streamed(headersOf(10_240))).status).toBe(200);
    expect(await streamed(headersOf(10_241))).toMatchObject({ status: 502, reason: expect.stringContaining('10241 bytes') });
  });

  test('include the cookies of payload format 2.0', async () => {
    const cookies = Array.from({ length: 11 }, () => `a=${'x'.repeat(1000)}`);
    expect((await answer(httpApi('2.0'), { statusCode: 200, cookies })).status).toBe(500);
  });

  test.each(['function-url', 'alb'] as const)('are not a limit for %s', async (name) => {
    const headers = headersOf(20_000);
    const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header, [value]]));
    expect((await answer(doorOf(name), name === 'alb' ? { statusCode: 200, multiValueHeaders } : { statusCode: 200, headers })).status).toBe(200);
  });
});

describe('headers that are too large', () => {
  test.each<[FrontDoorName, number]>([['http-api', 431], ['rest-api', 431]])('are rejected by %s with %i', (name, status) => {
    expect(refuse(doorOf(name), requestTo(name, { headers: [['X-Large', 'x'.repeat(11_000)]] })).status).toBe(status);
  });
});
