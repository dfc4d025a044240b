import { Readable } from 'node:stream';
import { answer, answerOutcome, doorOf, valuesOf } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

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
  ] as const)('behind %s is read with its prelude, however it is split into chunks', async (name, prelude) => {
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

  test('fails behind rest-api when the function did not stream', async () => {
    expect((await answer(doorOf('rest-api', streaming), { statusCode: 200, body: 'x' })).status).toBe(502);
  });

  test('behind function-url is the result itself if the function did not stream', async () => {
    const sent = await answer(doorOf('function-url', streaming), { statusCode: 200, body: 'x' });
    expect([sent.status, await text(sent.body)]).toEqual([200, '{"statusCode":200,"body":"x"}']);
  });
});
