import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

afterEach(() => jest.restoreAllMocks());

describe('a response that was ended', () => {
  test('keeps its bytes, even if the app changes the buffer afterwards', async () => {
    const result = await handlerOf((_req: unknown, res: any) => {
      const buffer = Buffer.from('as it was');
      res.end(buffer, () => buffer.fill('x'));
      buffer.fill('y');
    })(fixture('function-url.json'));
    expect(result).toMatchObject({ statusCode: 200, body: 'as it was' });
  });
});

describe('text that JSON makes six times as large', () => {
  const text = '\u001f'.repeat(320_000);

  test('is sent as base64 if it then fits the limit of the door', async () => {
    const result = await handlerOf((_req: unknown, res: any) => res.end(text))(fixture('alb.json'));
    expect([result.statusCode, result.isBase64Encoded, Buffer.from(result.body, 'base64').toString()]).toEqual([200, true, text]);
  });

  test('fails if binarySupport is false', async () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const result = await handlerOf((_req: unknown, res: any) => res.end(text), { binarySupport: false })(fixture('alb.json'));
    expect(result).toMatchObject({ statusCode: 502, body: expect.stringContaining('an ALB takes 1048576') });
    expect(error).toHaveBeenCalledTimes(1);
  });
});

test('headers that the runtime adds count towards the limit of API Gateway', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation();
  const result = await handlerOf((_req: unknown, res: any) => res.setHeader('x', 'v'.repeat(10_230)).end('untyped'))(fixture('rest-api.json'));
  expect(result).toMatchObject({ statusCode: 502, body: expect.stringContaining('the response has 10268 bytes of headers') });
  expect(error).toHaveBeenCalledTimes(1);
});
