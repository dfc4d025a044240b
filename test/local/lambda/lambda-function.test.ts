import * as path from 'node:path';
import { MAX_RESULT_BYTES } from '../../../local/lambda/runtime-api-server';
import { get, serveTemplate, shown } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

describe('the function', () => {
  test('runs in the asset\'s folder with Lambda\'s environment and context', async () => {
    process.env.SECRET_OF_THE_SHELL = 'stays here';
    const json = fourDoors();
    json.Resources.Handler.Properties!.MemorySize = 512;
    json.Resources.Handler.Properties!.Environment.Variables.REGION = { Ref: 'AWS::Region' };
    const seen = JSON.parse((await get(await serveTemplate(json), 'http-api', '/?do=context')).body.toString());
    delete process.env.SECRET_OF_THE_SHELL;
    expect(path.basename(seen.cwd)).toBe('asset.code');
    expect(seen).toMatchObject({
      functionName: 'Stack-Handler',
      functionVersion: '$LATEST',
      memoryLimitInMB: '512',
      invokedFunctionArn: expect.stringMatching(/^arn:aws:lambda:.*:function:Stack-Handler$/),
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      callbackWaitsForEmptyEventLoop: true,
      env: {
        AWS_LAMBDA_FUNCTION_NAME: 'Stack-Handler', LAMBDA_TASK_ROOT: seen.cwd, REGION: seen.env.AWS_REGION, _HANDLER: 'index.handler', TZ: ':UTC',
      },
    });
    expect(seen.remaining).toBeGreaterThan(4000);
    expect(seen.remaining).toBeLessThanOrEqual(5000);
    expect(seen.env).not.toHaveProperty('SECRET_OF_THE_SHELL');
  });

  test('handles one request at a time: simultaneous requests have separate processes', async () => {
    const served = await serveTemplate();
    const answers = await Promise.all([1, 2, 3].map(async () => get(served, 'http-api', '/?do=sleep&ms=300')));
    expect(new Set(answers.map(({ body }) => JSON.parse(body.toString()).pid)).size).toBe(3);
    const afterwards = await get(served, 'http-api', '/?do=sleep&ms=1');
    expect(answers.map(({ body }) => body.toString())).toContain(afterwards.body.toString());
  });

  test('waits when 10 processes are busy', async () => {
    const served = await serveTemplate();
    const answers = await Promise.all(Array.from({ length: 12 }, async () => get(served, 'http-api', '/?do=sleep&ms=2000')));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.parse(body.toString()).pid)).size).toBe(10);
  });

  test('prints to the terminal, under its request', async () => {
    await get(await serveTemplate(), 'http-api', '/?do=print');
    await shown(/http-api {6}GET \/\?do=print {2}200 {2}\d+ ms {2}(cold|warm)\n {4}printed by the app/);
  });

  test('may return 6 MB, and its process survives a larger result', async () => {
    const served = await serveTemplate();
    const frame = JSON.stringify({ statusCode: 200, body: '' }).length;
    const fits = MAX_RESULT_BYTES - frame;
    expect((await get(served, 'http-api', `/?do=large&bytes=${fits}`)).body.length).toBe(fits);
    expect((await get(served, 'http-api', `/?do=large&bytes=${fits + 1}`)).status).toBe(500);
    await shown('Function.ResponseSizeTooLarge: Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)');
    expect((await get(served, 'http-api', '/?do=calls')).body.toString()).toBe('{"calls":3}');
  });
});
