/**
 * Work after the answer, on AWS's Runtime Interface Emulator. On AWS's clients it is in `../node/background-work.test.ts` and
 * `../python/test_background_work.py`.
 */
import { join } from 'node:path';
import { Emulator, Timeline } from './emulator';
import { INSTALLATION_TIME, installedNodes, runtimeInterfaceClient } from '../../toolchain';
import { eventFor } from '../node/behaviours/doors';
import { bundlesOf } from '../node/bundles';
import { findInterpreters, prepareEnvironment } from '../python-environments';

const LISTENER = join(__dirname, '../node/runtime-client/apps/background.cjs');
const RUNTIME = join(__dirname, '../../../lambda-runtime/python');
const STREAMED = { WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"streaming"}]' };
const BACKGROUND = { WRAPPED_WEB_APP_OPTIONS: '{"backgroundWork":true}' };
/** What an app's answer may take at most, and its work takes at least, in milliseconds. */
const [ANSWER, WORK] = [400, 590];

type Seen = Timeline & { readonly log: string };

async function timelineOn(command: readonly string[], directory: string, handler: string, variables: NodeJS.ProcessEnv): Promise<Seen> {
  const emulator = await Emulator.start(command, directory, handler, variables);
  try {
    // With the first one the function starts.
    await emulator.invoke(eventFor('function-url', { target: '/nothing/first' }));
    const timeline = await emulator.invoke(eventFor('function-url', { target: '/works/mail' }));
    const next = await emulator.invoke(eventFor('function-url', { target: '/nothing/next' }));
    expect([next.body, next.clientWhole < ANSWER]).toEqual(['answered', true]);
    return { ...timeline, log: emulator.log };
  } finally {
    emulator.close();
  }
}

/** The emulator gives the response out at the end of the invocation, which is not before the work is done, and soon after. */
function expectEndWithWork({ body, workDone, ended, clientWhole }: Timeline): void {
  expect(body).toBe('answered');
  expect(workDone).toBeGreaterThan(WORK);
  expect(ended).toBeGreaterThan(WORK);
  expect(clientWhole + 5).toBeGreaterThan(Math.max(ended, workDone!));
  expect(clientWhole).toBeLessThan(workDone! + ANSWER);
}

describe.each(installedNodes())('on AWS\'s emulator, Node $version', ({ binary }) => {
  const { directory, handler } = bundlesOf([LISTENER]).get(LISTENER)!;
  const timeline = (variables: NodeJS.ProcessEnv) => timelineOn([binary, runtimeInterfaceClient()], directory, handler, variables);

  test('buffered with backgroundWork: the runtime is done with the answer, and the extension holds the invocation until the work is done', async () => {
    const seen = await timeline(BACKGROUND);
    expect(seen.log).toContain('Internal agent wrapped-web-app');
    expect(seen.runtimeDone).toBeLessThan(ANSWER);
    expectEndWithWork(seen);
  }, INSTALLATION_TIME);

  test('buffered without it: the runtime answers when the work is done', async () => {
    const seen = await timeline({});
    expect(seen.log).not.toContain('Internal agent');
    expect(seen.runtimeDone).toBeGreaterThan(WORK);
    expectEndWithWork(seen);
  });

  test('streamed: the handler holds the invocation until the work is done', async () => {
    const seen = await timeline({ ...STREAMED, ...BACKGROUND });
    expect(seen.log).not.toContain('Internal agent');
    expect(seen.runtimeDone).toBeGreaterThan(WORK);
    expectEndWithWork(seen);
  });
});

describe('on AWS\'s emulator, Python', () => {
  const python = prepareEnvironment(findInterpreters().at(-1)!);
  const variables = { PYTHONPATH: RUNTIME, PYTHONDONTWRITEBYTECODE: '1', AWS_EXECUTION_ENV: 'AWS_Lambda_python3.13' };

  test('with backgroundWork: the loop asks for the next event when the work is done', async () => {
    const loop = [join(RUNTIME, 'wrapped_web_app_runtime/stream-responses.sh'), python, '-s'];
    const seen = await timelineOn(loop, __dirname, 'background_handler.wrapped', { ...variables, ...BACKGROUND });
    expect(seen.runtimeDone).toBeGreaterThan(WORK);
    expectEndWithWork(seen);
    expect(seen.log).not.toContain('clients wait until the work');
  }, INSTALLATION_TIME);

  test('without it: AWS\'s client answers when the work is done, and the log says so', async () => {
    const seen = await timelineOn([python, '-m', 'awslambdaric'], __dirname, 'background_handler.wrapped', variables);
    expect(seen.runtimeDone).toBeGreaterThan(WORK);
    expectEndWithWork(seen);
    expect(seen.log).toContain('clients wait until the work');
  });
});
