/**
 * X-Ray, OpenTelemetry and Powertools, from their packages, in a bundle of the construct on AWS's runtime client and on the runtime loop,
 * which are stopped when Lambda would freeze them. docs/tracing-and-logs.md shows the apps.
 *
 * @slow installs packages from PyPI
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CLIENT_TRACES, Collectors, frozen, Segment, TRACE_IDS } from './collectors';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { eventFor } from '../lambda-runtime/node/behaviours/doors';
import { Environment } from '../lambda-runtime/node/runtime-client/environment';
import { findInterpreters, prepareEnvironment, prepareUv } from '../lambda-runtime/python-environments';
import { scratchFolder } from '../src/synthesis';

/** The newest that the machine and Lambda have. */
const interpreter = findInterpreters().at(-1)!;
const runtime = new lambda.Runtime(`python${interpreter.version}`, lambda.RuntimeFamily.PYTHON);

type Mode = Pick<WrappedWebAppProps, 'backgroundWork' | 'responseStreaming'>;
const BUFFERED: Mode = {};
const MODES: [string, Mode][] = [['buffered', BUFFERED], ['buffered with backgroundWork', { backgroundWork: true }], ['streamed', { responseStreaming: true }]];

/** One entry for all apps, so that their packages are bundled once. */
const ENTRY = 'import importlib\nimport os\n\napp = importlib.import_module(os.environ["SHOP_APP"]).app\n';

let collectors: Collectors;
let python: string;
/** The function of each mode. */
const functions = new Map<string, { directory: string; handler: string; variables: NodeJS.ProcessEnv }>();

beforeAll(async () => {
  collectors = await Collectors.start();
  python = prepareEnvironment(interpreter);
  process.env.PATH = `${path.dirname(prepareUv())}:${process.env.PATH}`;
  const folder = path.join(scratchFolder(), 'site');
  cpSync(path.join(__dirname, 'python'), folder, { recursive: true });
  const derive = (from: string, to: string, before: string, after: string): void => {
    const text = readFileSync(path.join(folder, `${from}.py`), 'utf8');
    if (!text.includes(before)) throw new Error(`${from}.py has no ${before}`);
    writeFileSync(path.join(folder, `${to}.py`), text.replace(before, after));
  };
  derive('otel_flask', 'otel_unflushed', 'wait_until(provider.force_flush)', 'pass');
  writeFileSync(path.join(folder, 'main.py'), ENTRY);
  const app = new cdk.App({ outdir: scratchFolder() });
  const stack = new cdk.Stack(app, 'Stack');
  const webs = MODES.map(([mode, props]) => ({
    mode,
    web: new WrappedWebApp(stack, mode.replace(/ /g, '-'), { entry: AppSource.python(path.join(folder, 'main.py')), runtime, ...props }),
  }));
  const assembly = app.synth();
  const { Resources } = assembly.getStackByName('Stack').template;
  for (const { mode, web } of webs) {
    const { Properties } = Resources[stack.getLogicalId(web.handler.node.defaultChild as cdk.CfnElement)];
    functions.set(mode, {
      directory: path.join(assembly.directory, `asset.${path.parse(Properties.Code.S3Key).name}`),
      handler: Properties.Handler,
      variables: Properties.Environment.Variables,
    });
  }
}, 900_000);

afterAll(() => collectors.close());

interface Seen {
  /** What the collectors got before the environment was frozen, request by request. */
  readonly requests: readonly { readonly segments: Segment[]; readonly exports: Buffer[] }[];
  readonly requestIds: readonly string[];
  readonly log: readonly string[];
}

/** Sends two requests, the second to the warm environment. */
async function observe(app: string, mode: string): Promise<Seen> {
  const { directory, handler, variables } = functions.get(mode)!;
  const wrapper = variables.AWS_LAMBDA_EXEC_WRAPPER?.replace('/var/task', directory);
  const command = wrapper === undefined ? [python, '-m', 'awslambdaric', handler] : [wrapper, python, '/var/runtime/bootstrap.py'];
  const environment = await Environment.running(command, { directory, handler }, {
    AWS_EXECUTION_ENV: `AWS_Lambda_python${interpreter.version}`, AWS_LAMBDA_LOG_FORMAT: 'JSON', PYTHONPATH: directory, SHOP_APP: app, ...collectors.variables, ...variables,
  });
  environment.freezes = true;
  try {
    const requests: Seen['requests'][number][] = [];
    const requestIds: string[] = [];
    for (const [index, traceId] of TRACE_IDS.entries()) {
      const headers: [string, string][] = [['x-amzn-trace-id', traceId.split(';')[0]], ['traceparent', `00-${CLIENT_TRACES[index]}-b7ad6b7169203331-01`]];
      const { requestId, json, stream } = await environment.invoke(eventFor('function-url', { target: `/orders/${index}`, headers }), 10_000, {}, traceId);
      expect(JSON.parse(json?.body ?? stream?.body.toString())).toEqual({ id: String(index) });
      await frozen(environment);
      requests.push(await collectors.take());
      requestIds.push(requestId);
    }
    return { requests, requestIds, log: await environment.settledLog() };
  } finally {
    environment.close();
  }
}

/** An export is protobuf: names are text in it, ids are bytes. */
function hasTrace(exported: Buffer, traceId: string): boolean {
  return exported.includes(Buffer.from(traceId, 'hex'));
}

describe.each(MODES)('%s', (mode) => {
  test.each(['xray_flask', 'xray_fastapi'])('X-Ray, %s: each request has its subsegment in the trace of its invocation', async (app) => {
    const { requests, log } = await observe(app, mode);
    for (const [index, { segments }] of requests.entries()) {
      const [, root, parent] = /Root=(.*);Parent=(.*);/.exec(TRACE_IDS[index])!;
      expect(segments).toEqual([expect.objectContaining({ name: 'load order', trace_id: root, parent_id: parent })]);
    }
    expect(log).toEqual([]);
  });

  test.each([
    ['otel_flask', 'GET /orders/<order>'],
    ['otel_fastapi', 'GET /orders/{order}'],
    ['otel_wsgi', 'GET /orders/'],
  ])('OpenTelemetry, %s: the spans of each request are sent before the freeze, in the trace of the client', async (app, name) => {
    const { requests, log } = await observe(app, mode);
    for (const [index, { exports }] of requests.entries()) {
      expect(exports).toHaveLength(1);
      expect(['load order', name].filter((each) => !exports[0].includes(each))).toEqual([]);
      expect(CLIENT_TRACES.map((traceId) => hasTrace(exports[0], traceId))).toEqual([index === 0, index === 1]);
    }
    const toldToWait = (line: string) => line.includes('clients wait until the work is done');
    expect(log.map(toldToWait)).toEqual(mode === 'buffered' ? [true] : []);
  });

  test('OpenTelemetry with the propagator of X-Ray: the spans are in the trace of the invocation', async () => {
    const { requests } = await observe('otel_xray_flask', mode);
    for (const [index, { exports }] of requests.entries()) {
      const [, root] = /Root=1-(.*?);/.exec(TRACE_IDS[index])!;
      expect(exports.map((exported) => hasTrace(exported, root.replace('-', '')))).toEqual([true]);
    }
  });

  test('OpenTelemetry without a flush: spans are not sent before the freeze', async () => {
    const { requests } = await observe('otel_unflushed', mode);
    expect(requests.map(({ exports }) => exports)).toEqual([[], []]);
  });

  test.each(['powertools_flask', 'powertools_fastapi'])('Powertools, %s: log entries have the request and its trace, metrics are written, subsegments are sent', async (app) => {
    const { requests, requestIds, log } = await observe(app, mode);
    const entries = log.map((line) => JSON.parse(line));
    expect(entries.filter(({ message }) => message === 'order loaded').map((entry) => [entry.function_request_id, entry.xray_trace_id, entry.order]))
      .toEqual(requestIds.map((id, index) => [id, /Root=(.*?);/.exec(TRACE_IDS[index])![1], String(index)]));
    expect(entries.filter(({ _aws }) => _aws).map(({ orders }) => orders)).toEqual([[1], [1]]);
    expect(requests.map(({ segments }) => segments.map(({ name }) => name))).toEqual([['load order'], ['load order']]);
  });
});
