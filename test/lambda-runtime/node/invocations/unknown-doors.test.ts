import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

let logged: jest.SpyInstance;
beforeEach(() => {
  logged = jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

describe('an event of a door that the construct did not make', () => {
  const handler = handlerOf((_req: unknown, res: any) => res.end('ok'), { doors: [{ door: 'alb', responseMode: 'buffered' }] });

  test('is answered, and logged once', async () => {
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(await handler(fixture('rest-api.json'))).toMatchObject({ statusCode: 200, body: 'ok' });
    expect(logged.mock.calls).toEqual([[expect.stringContaining('did not make (rest-api)')]]);
  });

  test('is not logged if the construct made the door', async () => {
    await handler(fixture('alb.json'));
    expect(logged).not.toHaveBeenCalled();
  });
});
