import { get, serveTemplate } from '../../fixtures/serving';
import { fourDoors } from '../../fixtures/template';

describe('streaming', () => {
  const STREAM = `
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      const query = event.rawQueryString ?? new URLSearchParams(event.queryStringParameters ?? {}).toString();
      if (query === 'throw') throw new Error('before the first byte');
      const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'content-type': 'text/plain' }, cookies: ['a=1'] });
      http.write('one');
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (query === 'break=') throw new Error('half way');
      http.write('two');
      http.end();
    });`;

  test.each(['function-url', 'rest-api'] as const)('%s sends chunks when they are written', async (name) => {
    const served = await serveTemplate(fourDoors({ streaming: true }), { 'index.js': STREAM });
    await get(served, name);
    const answer = await get(served, name);
    expect([answer.status, answer.headers['set-cookie'], answer.headers['content-length'], answer.body.toString()]).toEqual([201, ['a=1'], undefined, 'onetwo']);
    expect(answer.chunks[0].text).toBe('one');
    expect(answer.chunks[answer.chunks.length - 1].at - answer.chunks[0].at).toBeGreaterThan(200);
  });

  test('an error before the first byte is an error of the function', async () => {
    const served = await serveTemplate(fourDoors({ streaming: true }), { 'index.js': STREAM });
    expect((await get(served, 'function-url', '/?throw')).status).toBe(502);
    expect((await get(served, 'function-url')).body.toString()).toBe('onetwo');
  });

  test('an error after the first byte closes the connection, and the next request is served', async () => {
    const served = await serveTemplate(fourDoors({ streaming: true }), { 'index.js': STREAM });
    const broken = await get(served, 'function-url', '/?break=');
    expect([broken.body.toString(), broken.complete]).toEqual(['one', false]);
    expect((await get(served, 'function-url')).body.toString()).toBe('onetwo');
  });
});
