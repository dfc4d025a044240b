import { chmodSync, cpSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Served } from '../../../../local/serve';
import { writeAssembly } from '../../fixtures/assembly';
import { DOOR_NAMES } from '../../fixtures/doors';
import { get, serveAssembly, shown } from '../../fixtures/serving';
import { fourDoors } from '../../fixtures/template';

const ROOT = path.join(__dirname, '../../../..');

const HANDLER = `
import os, sys
print("loaded")
def handler(event, context):
    query = event.get("rawQueryString", "")
    if query == "raise":
        raise ValueError("on purpose")
    if query == "exit":
        os._exit(3)
    if query == "context":
        body = " ".join([context.function_name, context.invoked_function_arn.split(":")[-1], context.memory_limit_in_mb,
            str(4000 < context.get_remaining_time_in_millis() <= 5000), os.path.basename(os.getcwd()), os.path.basename(sys.path[0])])
        return {"statusCode": 200, "body": body}
    return {"statusCode": 200, "headers": {}, "body": "λ from Python"}
`;

/** A WSGI app, and the handler module that the construct adds. */
const WSGI = {
  'app.py': `
import time
def app(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        start_response("200 OK", [("Content-Type", "text/plain")])
        def chunks():
            yield b"one"
            time.sleep(0.3)
            yield b"two"
        return chunks()
    body = environ["wsgi.input"].read()
    text = "|".join([environ["REQUEST_METHOD"], environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["QUERY_STRING"], environ["wsgi.url_scheme"]])
    start_response("201 Created", [("Content-Type", "application/octet-stream"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [text.encode(), b"|", body]
`,
  'web.py': 'from wrapped_web_app_runtime.serve_module import serve_module\nhandler = serve_module("app", None, "app.py")\n',
};

async function start(handler: string, code: Record<string, string>, variables: Record<string, string> = {}): Promise<Served> {
  const template = fourDoors({ streaming: 'AWS_LAMBDA_EXEC_WRAPPER' in variables });
  Object.assign(template.Resources.Handler.Properties!, { Runtime: 'python3.13', Handler: handler });
  Object.assign(template.Resources.Handler.Properties!.Environment.Variables, variables);
  const assembly = writeAssembly(template, code);
  const runtime = path.join(assembly, 'asset.code/wrapped_web_app_runtime');
  cpSync(path.join(ROOT, 'lambda-runtime/python/wrapped_web_app_runtime'), runtime, { recursive: true, filter: (file) => !file.includes('__pycache__') });
  chmodSync(path.join(runtime, 'stream-responses.sh'), 0o755);
  return serveAssembly(assembly);
}

test('a Python function is served with Lambda\'s context', async () => {
  const served = await start('src/app.handler', { 'src/app.py': HANDLER });
  expect((await get(served, 'http-api')).body.toString()).toBe('λ from Python');
  expect((await get(served, 'http-api', { path: '/?context' })).body.toString()).toBe('Stack-Handler Stack-Handler 128 True asset.code asset.code');
  await shown(/^(\[Stack\/Web\]| {3}) loaded$/m);
});

test('a failing Python function is answered, and the next request is served', async () => {
  const served = await start('app.handler', { 'app.py': HANDLER });
  expect((await get(served, 'http-api', { path: '/?raise' })).status).toBe(500);
  await shown('ValueError: on purpose');
  expect((await get(served, 'function-url', { path: '/?exit' })).status).toBe(502);
  await shown('the function\'s process ended with code 3');
  expect((await get(served, 'http-api')).status).toBe(200);
});

test.each([
  ['raises while it loads', 'app.handler', { 'app.py': 'raise RuntimeError("broken at start") # no handler' }, /RuntimeError: broken at start/],
  ['has no such function', 'app.handler', { 'app.py': '# no handler' }, /Runtime\.HandlerNotFound: handler 'handler' is missing on module 'app'/],
])('fails every request when it %s', async (_, handler, code, reason) => {
  const served = await start(handler, code as Record<string, string>);
  expect((await get(served, 'http-api')).status).toBe(500);
  await shown(reason);
});

test('a WSGI app gives the same answer behind all four doors', async () => {
  const served = await start('web.handler', WSGI, {
    WRAPPED_WEB_APP_DOORS: JSON.stringify(DOOR_NAMES.map((door) => ({ door, responseMode: 'buffered', ...(door === 'rest-api' && { mountPrefix: '/live' }) }))),
    WRAPPED_WEB_APP_OPTIONS: JSON.stringify({ binarySupport: true }),
  });
  const bytes = Buffer.from([0, 255, 128]);
  for (const name of DOOR_NAMES) {
    const { status, headers, body } = await get(served, name, { method: 'POST', path: '/a%20b?x=1&x=2', headers: [['Content-Type', 'image/png']], body: bytes });
    expect([name, status, headers['set-cookie']]).toEqual([name, 201, ['a=1', 'b=2']]);
    expect(body).toEqual(Buffer.concat([Buffer.from(`POST|${name === 'rest-api' ? '/live' : ''}|/a b|x=1&x=2|http|`), bytes]));
  }
});

test('a WSGI app streams through the wrapper that the construct sets', async () => {
  const served = await start('web.handler', WSGI, {
    AWS_LAMBDA_EXEC_WRAPPER: '/var/task/wrapped_web_app_runtime/stream-responses.sh',
    WRAPPED_WEB_APP_DOORS: JSON.stringify([{ door: 'function-url', responseMode: 'streaming' }, { door: 'rest-api', responseMode: 'streaming' }]),
  });
  for (const name of ['function-url', 'rest-api'] as const) {
    const { status, chunks } = await get(served, name, { path: '/slow' });
    expect([status, chunks.map(({ text }) => text)]).toEqual([200, ['one', 'two']]);
    expect(chunks[1].at - chunks[0].at).toBeGreaterThan(200);
  }
});

test('fails to start when the wrapper is missing or the runtime is not supported', async () => {
  await expect(start('web.handler', WSGI, { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' })).rejects.toThrow(
    'Stack/Web/Handler: AWS_LAMBDA_EXEC_WRAPPER is /opt/wrapper, which does not exist');
  const template = fourDoors();
  template.Resources.Handler.Properties!.Runtime = 'java21';
  await expect(serveAssembly(writeAssembly(template, { 'App.class': '' }))).rejects.toThrow('Stack/Web/Handler: cannot serve the runtime java21; use a nodejs or python runtime');
});

test('the Python client needs only the standard library', () => {
  const source = readFileSync(path.join(ROOT, 'local/lambda/runtime-clients/python_client.py'), 'utf8');
  const imports = [...source.matchAll(/^(?:import|from) ([\w.]+)/gm)].map(([, name]) => name);
  expect(imports).toEqual(['errno', 'http.client', 'importlib', 'json', 'os', 'sys', 'time', 'traceback']);
});
