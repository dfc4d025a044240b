import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Served } from '../../local/serve';
import { FrontDoorName, WrappedWebApp } from '../../src';
import { ReceivedResponse, send } from './fixtures/http-client';
import { startServing } from './fixtures/serving';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'streaming-')));
let served: Served;

/** Writes three chunks with pauses between them, or answers at once. */
const APP = `
  const pause = () => new Promise((resolve) => setTimeout(resolve, 250));
  module.exports = async (request, response) => {
    if (request.url === '/empty') return response.writeHead(204).end();
    if (request.url === '/moved') return response.writeHead(302, { location: './' }).end();
    if (request.url === '/length') return response.writeHead(200, { 'content-length': 5 }).end('hello');
    if (request.url === '/large') return response.end(Buffer.alloc(8 * 1024 * 1024, 'x'));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': ['a=1', 'b=2'] });
    if (request.url === '/break') {
      response.write('one');
      await pause();
      return response.destroy();
    }
    for (const chunk of ['one', 'two', 'three']) {
      response.write(chunk);
      await pause();
    }
    response.end();
  };
`;

beforeAll(async () => {
  writeFileSync(path.join(directory, 'package.json'), '{}');
  writeFileSync(path.join(directory, 'app.js'), APP);
  const app = new cdk.App({ outdir: path.join(directory, 'cdk.out') });
  const stack = new cdk.Stack(app, 'Stack');
  for (const frontDoor of ['function-url', 'rest-api'] as FrontDoorName[]) {
    new WrappedWebApp(stack, frontDoor, { entry: path.join(directory, 'app.js'), frontDoor, responseStreaming: true });
  }
  app.synth();
  served = await startServing(app.outdir);
});

afterAll(async () => {
  await served?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe.each(['function-url', 'rest-api'] as const)('%s', (name) => {
  function get(url: string, method = 'GET'): Promise<ReceivedResponse> {
    return send(served.doors.find((door) => door.name === name)!.url, { path: url, method });
  }

  test('sends chunks when the app writes them', async () => {
    const { status, headers, chunks, complete } = await get('/');
    expect([status, headers['content-type'], headers['set-cookie'], complete]).toEqual([200, ['text/event-stream'], ['a=1', 'b=2'], true]);
    expect(chunks.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    // Not each gap: on a busy machine two chunks may be read together.
    expect(chunks[2].at - chunks[0].at).toBeGreaterThan(150);
  });

  test('sends an answer without a body', async () => {
    expect([(await get('/empty')).status, (await get('/empty')).body.length]).toEqual([204, 0]);
    expect([(await get('/moved')).status, (await get('/moved')).headers.location]).toEqual([302, ['./']]);
  });

  test('answers HEAD without a body', async () => {
    const { status, body, complete } = await get('/', 'HEAD');
    expect([status, body.length, complete]).toEqual([200, 0, true]);
  });

  test('renames the app\'s own content-length', async () => {
    const { headers, body } = await get('/length');
    expect([body.toString(), headers['content-length'], headers['x-amzn-remapped-content-length']]).toEqual(['hello', undefined, ['5']]);
  });

  test('streams more than a buffered answer can hold', async () => {
    expect((await get('/large')).body.length).toBe(8 * 1024 * 1024);
  });

  test('closes the connection when the app does, and serves the next request', async () => {
    const { body, complete } = await get('/break');
    expect([body.toString(), complete]).toEqual(['one', false]);
    expect((await get('/length')).body.toString()).toBe('hello');
  });
});
