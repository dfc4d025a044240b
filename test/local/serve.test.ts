import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { removeAssemblies, writeAssembly } from './fixtures/assembly';
import { ReceivedResponse, send, SentRequest } from './fixtures/http-client';
import { fourDoors } from './fixtures/template';
import { readEnvironmentFile } from '../../local/assembly/environment-file';
import { TemplateJson } from '../../local/assembly/stack-template';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { MAX_RESULT_BYTES } from '../../local/lambda/runtime-api-server';
import { serve, Served } from '../../local/serve';

// The function's process runs the compiled client.
const ROOT = path.join(__dirname, '../..');

/** Answers as the query's `do` says; without it shows its event. */
const HANDLER = `
  let calls = 0;
  exports.handler = async (event, context) => {
    calls += 1;
    const query = { ...event.queryStringParameters };
    for (const [name, [value]] of Object.entries(event.multiValueQueryStringParameters ?? {})) query[name] = value;
    switch (query.do) {
      case 'throw': throw new TypeError('thrown on purpose');
      case 'exit': process.exit(3);
      case 'hang': await new Promise((resolve) => setTimeout(resolve, 60_000));
      case 'sleep': await new Promise((resolve) => setTimeout(resolve, Number(query.ms))); return answer({ pid: process.pid });
      case 'large': return { statusCode: 200, body: 'x'.repeat(Number(query.bytes)) };
      case 'calls': return answer({ calls });
      case 'print': console.log('printed by the app'); return answer({});
      case 'context': return answer({ ...context, remaining: context.getRemainingTimeInMillis(), cwd: process.cwd(), env: process.env });
      case 'binary': return { ...answer({}), isBase64Encoded: true, body: Buffer.from([0, 255, 128]).toString('base64') };
      default: return answer(event);
    }
  };
  function answer(body) {
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, multiValueHeaders: { 'x-multi': ['1', '2'] }, body: JSON.stringify(body) };
  }
`;

const running: Served[] = [];
let lines: string[] = [];

async function serveTemplate(template: TemplateJson = fourDoors(), code: Record<string, string> = { 'index.js': HANDLER }): Promise<Served> {
  const served = await serve({
    assembly: writeAssembly(template, code),
    environmentFile: new Map(),
    host: '127.0.0.1',
    portBase: 0,
    terminal: { out: (line) => lines.push(line), error: (line) => lines.push(line) },
    programDirectory: path.join(ROOT, 'lib/local'),
  });
  running.push(served);
  return served;
}

function get(served: Served, name: FrontDoorName, request: SentRequest | string = '/'): Promise<ReceivedResponse> {
  const url = served.doors.find((door) => door.name === name)!.url;
  return send(url, typeof request === 'string' ? { path: request } : request);
}

afterEach(async () => {
  lines = [];
  await Promise.all(running.splice(0).map(async (served) => served.stop()));
});
afterAll(removeAssemblies);

const DOORS: FrontDoorName[] = ['function-url', 'http-api', 'rest-api', 'alb'];
const FAILURE: Record<FrontDoorName, number> = { 'function-url': 502, 'http-api': 500, 'rest-api': 502, 'alb': 502 };

describe('four doors', () => {
  test('are served on ports of their own, with the REST API\'s stage in its path', async () => {
    const served = await serveTemplate();
    expect(served.doors.map(({ name, path: appPath }) => [name, appPath])).toEqual(DOORS.map((name) => [name, 'Stack/Web']));
    expect(new Set(served.doors.map(({ url }) => new URL(url).port)).size).toBe(4);
    expect(served.doors.map(({ url }) => new URL(url).pathname)).toEqual(['/', '/', '/live/', '/']);
  });

  test('hand the browser\'s own address to the app', async () => {
    const served = await serveTemplate();
    for (const name of DOORS) {
      const event = JSON.parse((await get(served, name)).body.toString());
      const headers = event.multiValueHeaders ?? Object.fromEntries(Object.entries(event.headers).map(([header, value]) => [header, [value]]));
      const { host } = new URL(served.doors.find((door) => door.name === name)!.url);
      const of = (header: string) => headers[Object.keys(headers).find((candidate) => candidate.toLowerCase() === header)!];
      expect([of('host'), of('x-forwarded-proto'), of('x-forwarded-port'), of('x-forwarded-for')]).toEqual([[host], ['http'], [new URL(`http://${host}`).port], ['127.0.0.1']]);
    }
  });

  test('answer HEAD without a body, and 204 without a length', async () => {
    const served = await serveTemplate(fourDoors(), { 'index.js': 'exports.handler = async () => ({ statusCode: 204, multiValueHeaders: {} })' });
    for (const name of DOORS) {
      const empty = await get(served, name);
      expect([empty.status, empty.body.length, empty.headers['content-length']]).toEqual([204, 0, undefined]);
      expect((await get(served, name, { method: 'HEAD' })).body.length).toBe(0);
    }
  });

  test.each(DOORS)('%s answers a failing function and serves the next request', async (name) => {
    const served = await serveTemplate();
    expect((await get(served, name, '/?do=throw')).status).toBe(FAILURE[name]);
    expect(lines.join('\n')).toContain(`${FAILURE[name]}: the function failed: TypeError: thrown on purpose`);
    expect((await get(served, name, '/?do=calls')).body.toString()).toBe('{"calls":2}');
  });

  test.each(DOORS)('%s answers a crash, and another process serves the next request', async (name) => {
    const served = await serveTemplate();
    expect((await get(served, name, '/?do=exit')).status).toBe(FAILURE[name]);
    expect(lines.join('\n')).toContain('Runtime.ExitError: the function\'s process ended with code 3');
    expect((await get(served, name, '/?do=calls')).body.toString()).toBe('{"calls":1}');
  });

  test('answer a timeout, and another process serves the next request', async () => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Timeout = 1;
    const served = await serveTemplate(json);
    const statuses = await Promise.all(DOORS.map(async (name) => (await get(served, name, '/?do=hang')).status));
    expect(statuses).toEqual(DOORS.map((name) => FAILURE[name]));
    expect(lines.join('\n')).toContain('Sandbox.Timedout: Task timed out after 1.00 seconds');
    expect((await get(served, 'http-api', '/?do=calls')).body.toString()).toBe('{"calls":1}');
  });

  test('wait no longer than an API Gateway does', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.TimeoutInMillis = 300;
    json.Resources.RestRootMethod.Properties!.Integration.TimeoutInMillis = 300;
    const served = await serveTemplate(json);
    const [http, rest, alb] = await Promise.all((['http-api', 'rest-api', 'alb'] as const).map(async (name) => get(served, name, '/?do=sleep&ms=900')));
    expect([http.status, http.body.toString()]).toEqual([503, '{"message":"Service Unavailable"}']);
    expect([rest.status, rest.body.toString()]).toEqual([504, '{"message":"Endpoint request timed out"}']);
    expect(alb.status).toBe(200);
  });

  test('refuse a result of more than 6 MB, and the process lives on', async () => {
    const served = await serveTemplate();
    const frame = JSON.stringify({ statusCode: 200, body: '' }).length;
    const fits = MAX_RESULT_BYTES - frame;
    expect((await get(served, 'http-api', `/?do=large&bytes=${fits}`)).body.length).toBe(fits);
    expect((await get(served, 'http-api', `/?do=large&bytes=${fits + 1}`)).status).toBe(500);
    expect(lines.join('\n')).toContain('Function.ResponseSizeTooLarge: Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)');
    expect((await get(served, 'http-api', '/?do=calls')).body.toString()).toBe('{"calls":3}');
  });
});

describe('a template that would fail on AWS', () => {
  test('without */* sends base64 through the REST API', async () => {
    const json = fourDoors();
    expect((await get(await serveTemplate(json), 'rest-api', '/?do=binary')).body).toEqual(Buffer.from([0, 255, 128]));
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    expect((await get(await serveTemplate(json), 'rest-api', '/?do=binary')).body.toString()).toBe('AP+A');
  });

  test('without the multi-value attribute loses repeated headers behind the load balancer', async () => {
    const json = fourDoors();
    expect((await get(await serveTemplate(json), 'alb')).headers['x-multi']).toEqual(['1', '2']);
    delete (json.Resources.TargetGroup.Properties as any).TargetGroupAttributes;
    const lost = await get(await serveTemplate(json), 'alb', '/?a=1&a=2');
    expect(lost.headers['x-multi']).toBeUndefined();
    expect(JSON.parse(lost.body.toString()).queryStringParameters).toEqual({ a: '2' });
  });

  test.each([
    ['UrlInvokeUrl', 'function-url', 403],
    ['UrlInvoke', 'function-url', 403],
    ['HttpPermission', 'http-api', 500],
    ['RestPermission', 'rest-api', 500],
    ['AlbPermission', 'alb', 502],
  ] as const)('without the permission %s closes %s only', async (permission, closed, status) => {
    const json = fourDoors();
    delete json.Resources[permission];
    const served = await serveTemplate(json);
    const statuses = await Promise.all(DOORS.map(async (name) => [name, (await get(served, name)).status]));
    expect(statuses).toEqual(DOORS.map((name) => [name, name === closed ? status : 200]));
    expect(lines.filter((line) => line.includes('no AWS::Lambda::Permission')).length).toBe(1);
  });
});

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

  test('handles one request at a time: overlapping requests get processes of their own', async () => {
    const served = await serveTemplate();
    const answers = await Promise.all([1, 2, 3].map(async () => get(served, 'http-api', '/?do=sleep&ms=300')));
    expect(new Set(answers.map(({ body }) => JSON.parse(body.toString()).pid)).size).toBe(3);
    const afterwards = await get(served, 'http-api', '/?do=sleep&ms=1');
    expect(answers.map(({ body }) => body.toString())).toContain(afterwards.body.toString());
  });

  test('waits when 10 processes are busy', async () => {
    const served = await serveTemplate();
    const answers = await Promise.all(Array.from({ length: 12 }, async () => get(served, 'http-api', '/?do=sleep&ms=200')));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.parse(body.toString()).pid)).size).toBe(10);
  });

  test('prints to the terminal, with its construct path', async () => {
    await get(await serveTemplate(), 'http-api', '/?do=print');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lines).toContain('[Stack/Web] printed by the app');
  });

  test.each([
    ['an ES module', 'index.handler', { 'index.mjs': 'export const handler = async () => ({ statusCode: 200, body: "esm" })' }, 'esm'],
    ['a module in a folder', 'src/app.handler', { 'src/app.js': 'exports.handler = async () => ({ statusCode: 200, body: "cjs" })' }, 'cjs'],
    ['a nested export', 'index.api.handler', { 'index.cjs': 'module.exports = { api: { handler: async () => ({ statusCode: 200, body: "nested" }) } }' }, 'nested'],
    ['a callback', 'index.handler', { 'index.js': 'exports.handler = (event, context, done) => done(null, { statusCode: 200, body: "called" })' }, 'called'],
  ])('is loaded from %s', async (_, handler, code, body) => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Handler = handler;
    expect((await get(await serveTemplate(json, code as Record<string, string>), 'http-api')).body.toString()).toBe(body);
  });

  test.each([
    ['throws while it loads', { 'index.js': 'throw new Error("broken at start")' }, /Error: broken at start/],
    ['has no such file', { 'other.js': '' }, /Runtime\.ImportModuleError: cannot find module 'index' of handler 'index\.handler'/],
    ['has no such export', { 'index.js': 'exports.other = 1' }, /Runtime\.HandlerNotFound: index\.handler is undefined or not exported/],
  ])('fails every request when it %s', async (_, code, reason) => {
    const served = await serveTemplate(fourDoors(), code as Record<string, string>);
    for (let request = 0; request < 2; request += 1) {
      expect((await get(served, 'http-api')).status).toBe(500);
    }
    expect(lines.join('\n')).toMatch(reason);
  });
});

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

  test('an error after the first byte breaks the connection, and the next request is served', async () => {
    const served = await serveTemplate(fourDoors({ streaming: true }), { 'index.js': STREAM });
    const broken = await get(served, 'function-url', '/?break=');
    expect([broken.body.toString(), broken.complete]).toEqual(['one', false]);
    expect((await get(served, 'function-url')).body.toString()).toBe('onetwo');
  });
});

describe('the command', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('prints a line for each door and then ready, and ends everything on %s', async (signal) => {
    const pidFile = path.join(mkdtempSync(path.join(tmpdir(), 'pid-')), 'pid');
    const code = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${HANDLER}`;
    const child = spawn(process.execPath, [path.join(ROOT, 'lib/local/cli.js'), 'serve', writeAssembly(fourDoors(), { 'index.js': code }), '--port-base', '0']);
    const printed: string[] = [];
    await new Promise<void>((resolve) => createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line);
      if (line === 'ready') resolve();
    }));
    expect(printed.map((line) => line.replace(/:\d+/, ':PORT'))).toEqual([
      'function-url  Stack/Web  http://127.0.0.1:PORT/',
      'http-api      Stack/Web  http://127.0.0.1:PORT/',
      'rest-api      Stack/Web  http://127.0.0.1:PORT/live/',
      'alb           Stack/Web  http://127.0.0.1:PORT/',
      'inspector                http://127.0.0.1:PORT/',
      'ready',
    ]);
    await send(printed[0].split(/ +/)[2]);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(process.kill(pid, 0)).toBe(true);

    const exit = new Promise((resolve) => child.on('exit', resolve));
    child.kill(signal);
    expect(await exit).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('takes the ports that follow the first one', async () => {
    const free = await serveTemplate();
    const base = Number(new URL(free.doors[0].url).port);
    // The first one is taken by the other: the next free ones are used.
    const served = await serve({
      assembly: writeAssembly(fourDoors(), { 'index.js': HANDLER }),
      environmentFile: new Map(),
      host: '127.0.0.1',
      portBase: base,
      terminal: { out: () => undefined, error: () => undefined },
      programDirectory: path.join(ROOT, 'lib/local'),
    });
    running.push(served);
    const ports = [...served.doors.map((door) => door.url), served.inspectorUrl].map((url) => Number(new URL(url).port));
    expect(ports).toEqual([...ports].sort((a, b) => a - b));
    expect(ports[0]).toBeGreaterThan(base);
    expect((await get(served, 'alb')).status).toBe(200);
  });

  function run(...args: string[]) {
    return spawnSync(process.execPath, [path.join(ROOT, 'lib/local/cli.js'), ...args], { encoding: 'utf8', timeout: 20_000 });
  }

  test('explains itself', () => {
    const { status, stdout } = run('--help');
    expect([status, stdout]).toEqual([0, expect.stringContaining('Usage: cdk-wrapped-web-app serve [cdk.out] [options]')]);
  });

  test.each([
    ['no command', [], 2, /no command given/],
    ['another command', ['deploy'], 2, /expected 'serve \[cdk\.out\]', got 'deploy'/],
    ['an unknown option', ['serve', '--porty', '1'], 2, /--porty/],
    ['a port that is none', ['serve', '--port-base', 'x'], 2, /--port-base must be a port from 0 to 65535, got 'x'/],
    ['a folder that is no assembly', ['serve', '/nowhere'], 1, /\/nowhere is not a synthesized CDK app: it has no manifest\.json; run 'cdk synth' first/],
  ])('fails on %s', (_, args, status, message) => {
    const result = run(...args as string[]);
    expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)]);
    expect(result.stderr).not.toContain('    at ');
  });

  test('fails where no function is a wrapped web app', () => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Environment = {};
    expect(run('serve', writeAssembly(json, { 'index.js': HANDLER })).stderr).toContain('has no wrapped web app: no function with the variable WRAPPED_WEB_APP_DOORS in Stack');
  });

  test('names every environment variable that has no value, and takes values from a file', async () => {
    const json = fourDoors();
    Object.assign(json.Resources.Handler.Properties!.Environment.Variables, {
      TABLE: { Ref: 'Table' },
      QUEUE: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      KNOWN: { 'Fn::Sub': '${AWS::StackName}-x' },
    });
    json.Resources.Table = { Type: 'AWS::DynamoDB::Table' };
    json.Resources.Queue = { Type: 'AWS::SQS::Queue' };
    const assembly = writeAssembly(json, { 'index.js': HANDLER });
    const { status, stderr } = run('serve', assembly);
    expect(status).toBe(1);
    expect(stderr).toBe([
      'Stack/Web/Handler: the template does not tell the values of these environment variables:',
      '  TABLE: {"Ref":"Table"}: it exists only after a deployment',
      '  QUEUE: {"Fn::GetAtt":["Queue","Arn"]}: it exists only after a deployment',
      'write them into a file as NAME=value, or Handler.NAME=value for this function alone, and pass it with --env-file',
      '',
    ].join('\n'));

    const file = path.join(mkdtempSync(path.join(tmpdir(), 'env-')), 'values.env');
    writeFileSync(file, '# of the test stack\n\nTABLE=table-1\nexport QUEUE="arn:of:all"\nHandler.QUEUE=arn:of:this\n');
    const served = await serve({
      assembly,
      environmentFile: readEnvironmentFile(file),
      host: '127.0.0.1',
      portBase: 0,
      terminal: { out: (line) => lines.push(line), error: (line) => lines.push(line) },
      programDirectory: path.join(ROOT, 'lib/local'),
    });
    running.push(served);
    const { env } = JSON.parse((await get(served, 'http-api', '/?do=context')).body.toString());
    expect(env).toMatchObject({ TABLE: 'table-1', QUEUE: 'arn:of:this', KNOWN: 'Stack-x' });

    writeFileSync(file, 'TABLE\n');
    expect(() => readEnvironmentFile('/nowhere.env')).toThrow('cannot read the environment file /nowhere.env: ENOENT');
    expect(() => readEnvironmentFile(file)).toThrow(`${file}:1: expected NAME=value, got 'TABLE'`);
  });
});
