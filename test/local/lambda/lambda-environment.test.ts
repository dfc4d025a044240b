import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inheritedVariables } from '../../../local/lambda/inherited-variables';
import { InvocationOutcome } from '../../../local/lambda/invocation-outcome';
import { LambdaEnvironment } from '../../../local/lambda/lambda-environment';
import { removeAssemblies, writeAssembly } from '../fixtures/assembly';
import { fourDoors, stackTemplate, webAppOf } from '../fixtures/template';

// The client is compiled.
const CLIENT = path.join(__dirname, '../../../lib/local/node-client.js');

let environment: LambdaEnvironment;
let lines: string[] = [];

afterEach(async () => {
  await environment.stop();
  lines = [];
});
afterAll(removeAssemblies);

interface Times {
  /** Milliseconds that the function has to load, its timeout not counted. */
  readonly init: number;
  /** Seconds for each event. */
  readonly timeout: number;
}

function startEnvironment(code: string, times: Times): void {
  const webApp = { ...webAppOf(stackTemplate()), timeout: times.timeout };
  environment = new LambdaEnvironment({
    webApp,
    codeDirectory: path.join(writeAssembly(fourDoors(), { 'index.js': code }), 'asset.code'),
    inherited: inheritedVariables(process.env, false),
    log: (line) => lines.push(line),
    rewriteLine: (line) => line,
    command: [process.execPath, CLIENT],
    onGone: () => lines.push('the environment is gone'),
    initTimeoutMs: times.init,
  });
}

function payloadOf(outcome: InvocationOutcome): unknown {
  if (outcome.kind !== 'result') throw new Error(`expected a result, got ${JSON.stringify(outcome)}`);
  return JSON.parse(outcome.payload.toString());
}

async function invoke(event: object): Promise<InvocationOutcome> {
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const outcome = await environment.invoke(event, ended);
  if (outcome.kind === 'result') await end;
  return outcome;
}

test('a loaded function may wait for its first event for longer than the init timeout', async () => {
  startEnvironment('exports.handler = async () => process.uptime();', { init: 1000, timeout: 1 });
  await sleep(2500);
  expect(lines).toEqual([]);
  expect(payloadOf(await invoke({}))).toBeGreaterThan(2);
});

test('a function may wait for its next event for longer than its timeout', async () => {
  startEnvironment('exports.handler = async () => process.pid;', { init: 10_000, timeout: 1 });
  const pid = payloadOf(await invoke({}));
  await sleep(1500);
  expect(payloadOf(await invoke({}))).toBe(pid);
});

test('fails when the function does not load in time', async () => {
  startEnvironment('while (true);', { init: 500, timeout: 1 });
  expect(await invoke({})).toEqual({ kind: 'error', errorType: 'Sandbox.Timedout', errorMessage: 'the function did not finish loading within 1.5 seconds' });
  expect(lines).toEqual(['the environment is gone']);
});

test('fails when the function exceeds its timeout, in which loading is not included', async () => {
  startEnvironment('const began = Date.now(); while (Date.now() < began + 700); exports.handler = (event) => new Promise((resolve) => setTimeout(resolve, event.ms, "done"));', { init: 10_000, timeout: 1 });
  expect(payloadOf(await invoke({ ms: 600 }))).toBe('done');
  expect(await invoke({ ms: 3000 })).toEqual({ kind: 'error', errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' });
});

test('the environment takes the next event after a streamed response that was not read to its end', async () => {
  startEnvironment(`exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    for (let i = 0; i < 40; i += 1) if (!stream.write(Buffer.alloc(64 * 1024))) await new Promise((resolve) => stream.once('drain', resolve));
    stream.end();
  });`, { init: 10_000, timeout: 3 });
  for (let event = 0; event < 2; event += 1) {
    await new Promise<void>((resolve) => {
      void environment.invoke({}, resolve).then((outcome) => {
        if (outcome.kind !== 'stream') throw new Error(`expected a stream, got ${JSON.stringify(outcome)}`);
        outcome.body.destroy();
      });
    });
  }
  expect(lines).toEqual([]);
});
