/** The Node examples, synthesized as they are and served with the bundles that would be uploaded. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';
import { lines, serveAssembly } from '../local/fixtures/serving';
import { scratchFolder } from '../src/synthesis';

const ROOT = path.join(__dirname, '../..');

/** Runs the stack in a folder of the examples as its cdk.json says, and serves what it wrote. Returns the address of its front door. */
async function start(example: string): Promise<string> {
  spawnSync(process.execPath, [path.join(ROOT, 'scripts/link-examples.mjs')]);
  const assembly = scratchFolder();
  const directory = path.join(ROOT, 'examples', example);
  const [, stack] = /^ts-node --transpile-only (\S+)$/.exec(JSON.parse(readFileSync(path.join(directory, 'cdk.json'), 'utf8')).app)!;
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', stack], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: assembly },
  });
  expect([status, stderr]).toEqual([0, expect.not.stringMatching(/error|warning/i)]);
  const [door] = (await serveAssembly(assembly)).doors;
  return door.url;
}

function request(url: string, file: string, options: SentRequest = {}): Promise<ReceivedResponse> {
  return send(url, { ...options, path: `/${file}` });
}

test('hono-streaming sends each token when the model has it', async () => {
  const url = await start('hono-streaming');
  const page = await request(url, '');
  expect([page.status, page.body.toString()]).toEqual([200, expect.stringContaining("new EventSource('ask?question='")]);
  const answer = await request(url, 'ask?question=why');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, ['text/event-stream']]);
  const text = answer.body.toString();
  expect([...text.matchAll(/^event: token\ndata: (.*)$/gm)].map(([, token]) => JSON.parse(token)).join('')).toBe(
    'You ask: why The signs are good, if the limits are known.');
  expect(text.endsWith('event: end\ndata: \n\n')).toBe(true);
  // A response that was sent as a whole would come in one or two chunks.
  expect(answer.chunks.length).toBeGreaterThan(8);
});

test('nestjs-rest-api answers those who have a token, and injects its service', async () => {
  const url = await start('nestjs-rest-api');
  expect((await request(url, 'notes')).status).toBe(401);
  const headers: [string, string][] = [['Authorization', 'Bearer user:ada'], ['Content-Type', 'application/json']];
  const added = await request(url, 'notes', { method: 'POST', headers, body: JSON.stringify({ text: 'hello' }) });
  expect([added.status, JSON.parse(added.body.toString())]).toEqual([201, { by: 'somebody', text: 'hello' }]);
  expect(JSON.parse((await request(url, 'notes', { headers })).body.toString())).toEqual([{ by: 'somebody', text: 'hello' }]);
  const preflight = await request(url, 'notes', { method: 'OPTIONS', headers: [['Origin', 'https://example.com'], ['Access-Control-Request-Method', 'POST']] });
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, ['*']]);
  // What is not done on this machine is said.
  expect(lines.join('\n')).toMatch(/authorizer/i);
});

test('the authorizer of nestjs-rest-api lets in users only', async () => {
  const { handler } = require('../../examples/nestjs-rest-api/infra/authorizer/index.js'); // eslint-disable-line @typescript-eslint/no-require-imports
  const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/GET/notes';
  await expect(handler({ authorizationToken: 'Bearer user:ada', methodArn })).resolves.toMatchObject({
    principalId: 'ada',
    policyDocument: { Statement: [{ Effect: 'Allow', Resource: 'arn:aws:execute-api:eu-west-1:123456789012:abc/prod/*' }] },
  });
  await expect(handler({ authorizationToken: 'Bearer else', methodArn })).rejects.toThrow(/^Unauthorized$/);
});

test('monorepo-http-api has the code and the files of two packages, at their paths in the repository', async () => {
  const url = await start('monorepo-http-api/infra');
  const page = await request(url, '');
  expect([page.status, page.body.toString()]).toEqual([200, expect.stringContaining('<a href="products/ink">A bottle of ink</a>')]);
  const product = JSON.parse((await request(url, 'products/pen')).body.toString());
  expect(product).toEqual({ id: 'pen', name: 'A pen', cents: 250, image: 'images/pen.svg' });
  const image = await request(url, product.image);
  expect([image.status, image.headers['content-type'], image.body.toString()]).toEqual([200, ['image/svg+xml'], expect.stringMatching(/^<svg /)]);
});
