import { fixture } from './cases';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { lambdaHandler } from '../../../lambda-runtime/node/lambda-handler';
import { Settings } from '../../../lambda-runtime/node/settings';

let logged: jest.SpyInstance;
beforeEach(() => {
  logged = jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

function handlerOf(app: unknown, settings: Partial<Settings> = {}) {
  return lambdaHandler(async () => (await toWebApp(app))!, { responseStreaming: false, ...settings }, false);
}

describe('an event of a door that the construct did not make', () => {
  const handler = handlerOf((_req: unknown, res: any) => res.end('ok'), { doors: [{ door: 'alb', responseMode: 'buffered' }] });

  test('is answered, and the log says so once', async () => {
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(logged.mock.calls).toEqual([[expect.stringContaining('did not make (rest-api)')]]);
  });

  test('is no matter where it is the door that the construct made', async () => {
    await handler(fixture('alb.json'));
    expect(logged).not.toHaveBeenCalled();
  });
});

describe('a fetch app that throws', () => {
  test('gets its client 500 and writes one entry, whatever listens to the process', async () => {
    const listener = jest.fn();
    process.on('unhandledRejection', listener);
    const error = jest.spyOn(console, 'error').mockImplementation();
    try {
      const handler = handlerOf(async (_request: unknown) => {
        throw new Error('out of order');
      });
      expect(await handler(fixture('function-url.json'))).toMatchObject({ statusCode: 500, body: 'Internal Server Error' });
      expect(error.mock.calls).toEqual([[expect.stringMatching(/the app threw; the client gets 500\nError: out of order/)]]);
      expect(listener).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', listener);
    }
  });
});

describe('text that JSON makes six times as large', () => {
  const text = '\u001f'.repeat(320_000);

  test('goes as base64 through a door that it fits then', async () => {
    const result = await handlerOf((_req: unknown, res: any) => res.end(text))(fixture('alb.json'));
    expect([result.statusCode, result.isBase64Encoded, Buffer.from(result.body, 'base64').toString()]).toEqual([200, true, text]);
  });

  test('fails where bodies may not be binary', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const result = await handlerOf((_req: unknown, res: any) => res.end(text), { binarySupport: false })(fixture('alb.json'));
    expect(result).toMatchObject({ statusCode: 502, body: expect.stringContaining('an ALB takes 1048576') });
    expect(error).toHaveBeenCalledTimes(1);
  });
});
