/**
 * X-Ray, OpenTelemetry and Powertools, from their packages, in bundles of the construct on AWS's runtime client, which is stopped when
 * Lambda would freeze it. docs/tracing-and-logs.md shows the apps.
 *
 * @slow installs packages from npm
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CLIENT_TRACES, Collectors, frozen, Segment, TRACE_IDS } from './collectors';
import { NodeAppOptions } from '../../src';
import { installPackages } from '../installed-packages';
import { eventFor } from '../lambda-runtime/node/behaviours/doors';
import { Bundle, bundlesOf } from '../lambda-runtime/node/bundles';
import { Environment, FLAGS_OF_LAMBDA } from '../lambda-runtime/node/runtime-client/environment';
import { INSTALLATION_TIME, installedNodes, runtimeInterfaceClient } from '../toolchain';

const SOURCES = path.join(__dirname, 'node');
const FOLDER = path.join(__dirname, '../../.cache/tracing/node');

const BUFFERED = {
  WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"buffered"}]',
  WRAPPED_WEB_APP_OPTIONS: '{"backgroundWork":true}',
};
const STREAMED = { WRAPPED_WEB_APP_DOORS: '[{"door":"function-url","responseMode":"streaming"}]' };
const MODES: [string, NodeJS.ProcessEnv][] = [['buffered', BUFFERED], ['streamed', STREAMED]];

/** Installs the packages, and copies the apps. */
function prepare(): void {
  installPackages(SOURCES, FOLDER);
  rmSync(path.join(FOLDER, 'apps'), { recursive: true, force: true });
  cpSync(path.join(SOURCES, 'apps'), path.join(FOLDER, 'apps'), { recursive: true });
  derive('otel.js', 'otel-xray.js', [
    [/^/, "import { AWSXRayLambdaPropagator } from '@opentelemetry/propagator-aws-xray-lambda';\n"],
    ['provider.register();', 'provider.register({ propagator: new AWSXRayLambdaPropagator() });'],
  ]);
  derive('otel-express.js', 'otel-xray-express.js', [['./otel.js', './otel-xray.js']]);
  derive('otel-express.js', 'otel-listens.js', [['export default app;', 'app.listen(3000);']]);
  derive('otel-express.js', 'otel-module.mjs', []);
  derive('otel-express.js', 'otel-unflushed.js', [['.then(() => provider.forceFlush())', '']]);
}

function derive(from: string, to: string, changes: [string | RegExp, string][]): void {
  let text = readFileSync(path.join(FOLDER, 'apps', from), 'utf8');
  for (const [before, after] of changes) {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`${from} has no ${String(before)}`);
    text = changed;
  }
  writeFileSync(path.join(FOLDER, 'apps', to), text);
}

const bundles = new Map<string, Bundle>();

/** The bundle of an app; each is made once. */
function bundleOf(app: string, options: NodeAppOptions = {}): Bundle {
  const key = JSON.stringify([app, options]);
  const entry = path.join(FOLDER, 'apps', app);
  if (!bundles.has(key)) bundles.set(key, bundlesOf([entry], options, lambda.Runtime.NODEJS_22_X).get(entry)!);
  return bundles.get(key)!;
}

interface Observed {
  readonly segments: Segment[];
  readonly spans: { scope: string; name: string; kind: number; traceId: string; spanId: string; parentSpanId?: string }[];
}

interface Seen {
  /** What the collectors got before the environment was frozen, request by request. */
  readonly requests: readonly Observed[];
  readonly requestIds: readonly string[];
  readonly log: readonly string[];
}

const SERVER = 2;
const EXTERNAL = { nodeModules: ['express'] };

beforeAll(prepare, INSTALLATION_TIME);

describe.each(installedNodes().filter(({ version }) => version !== '20'))('on AWS\'s runtime client, Node $version', ({ binary }) => {
  let collectors: Collectors;
  beforeAll(async () => {
    collectors = await Collectors.start();
  });
  afterAll(() => collectors.close());

  /** Sends two requests, the second to the warm environment. */
  async function observe(bundle: Bundle, variables: NodeJS.ProcessEnv): Promise<Seen> {
    // Version 3 of the client sends streams by `http`, so agents see its own requests among those of the app.
    const command = [binary, ...FLAGS_OF_LAMBDA, runtimeInterfaceClient(), bundle.handler];
    const environment = await Environment.running(command, bundle, { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand', ...collectors.variables, ...variables });
    environment.freezes = true;
    try {
      const requests: Observed[] = [];
      const requestIds: string[] = [];
      for (const [index, traceId] of TRACE_IDS.entries()) {
        const headers: [string, string][] = [['x-amzn-trace-id', traceId.split(';')[0]], ['traceparent', `00-${CLIENT_TRACES[index]}-b7ad6b7169203331-01`]];
        const { requestId, json, stream } = await environment.invoke(eventFor('function-url', { target: `/orders/${index}`, headers }), 10_000, {}, traceId);
        expect(JSON.parse(json?.body ?? stream?.body.toString())).toEqual({ id: String(index) });
        await frozen(environment);
        const { segments, exports } = await collectors.take();
        const spans = exports.flatMap((body) => JSON.parse(body.toString()).resourceSpans)
          .flatMap(({ scopeSpans }) => scopeSpans)
          .flatMap(({ scope, spans: ofScope }) => ofScope.map((span: object) => ({ ...span, scope: scope.name })));
        requests.push({ segments, spans });
        requestIds.push(requestId);
      }
      return { requests, requestIds, log: await environment.settledLog() };
    } finally {
      environment.close();
    }
  }

  test.each([
    ...MODES.map(([mode, variables]) => ['Express', mode, 'xray-express.js', variables, ['127.0.0.1', 'load order']] as const),
    ...MODES.map(([mode, variables]) => ['Fastify', mode, 'xray-fastify.js', variables, ['load order']] as const),
  ])('X-Ray in %s, %s: each request has its subsegments in the trace of its invocation, and nothing else', async (_, __, app, variables, names) => {
    const { requests, log } = await observe(bundleOf(app), variables);
    for (const [index, { segments }] of requests.entries()) {
      const [, root, parent] = /Root=(.*);Parent=(.*);/.exec(TRACE_IDS[index])!;
      expect(segments.map(({ name }) => name).sort()).toEqual(names);
      expect(segments.map(({ trace_id }) => trace_id)).toEqual(names.map(() => root));
      expect(segments.find(({ name }) => name === 'load order')).toMatchObject({ parent_id: parent });
    }
    expect(log).toEqual([]);
  });

  const tree = (spans: Observed['spans']) => {
    const server = spans.find(({ kind }) => kind === SERVER);
    return { server: server?.name, under: spans.filter((span) => server && span.traceId === server.traceId).length, own: spans.filter(({ name }) => name === 'load order').length };
  };

  test.each([
    ...MODES.map(([mode, variables]) => [`an exported Express app, ${mode}`, 'otel-express.js', EXTERNAL, variables] as const),
    ...MODES.map(([mode, variables]) => [`an Express app that listens, ${mode}`, 'otel-listens.js', EXTERNAL, variables] as const),
    ...MODES.map(([mode, variables]) => [`a Fastify app, ${mode}`, 'otel-fastify.js', {}, variables] as const),
    ['an ES module that is bundled as CommonJS', 'otel-module.mjs', { ...EXTERNAL, format: 'cjs' }, BUFFERED],
  ] as const)('OpenTelemetry in %s: the spans of each request are sent before the freeze, in the trace of the client', async (_, app, options, variables) => {
    const { requests, log } = await observe(bundleOf(app, options), variables);
    for (const [index, { spans }] of requests.entries()) {
      expect(tree(spans)).toMatchObject({ server: expect.stringMatching(/^(GET \/orders\/:id|request|GET)$/), under: spans.length, own: 1 });
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([CLIENT_TRACES[index]]));
      expect(spans.some(({ scope }) => /instrumentation-express|@fastify\/otel/.test(scope))).toBe(true);
    }
    expect(log).toEqual([]);
  }, 300_000);

  test('OpenTelemetry with the propagator of X-Ray: the spans are in the trace of the invocation', async () => {
    const { requests } = await observe(bundleOf('otel-xray-express.js', EXTERNAL), BUFFERED);
    for (const [index, { spans }] of requests.entries()) {
      const [, root, parent] = /Root=1-(.*);Parent=(.*);/.exec(TRACE_IDS[index])!;
      expect(spans.find(({ kind }) => kind === SERVER)).toMatchObject({ traceId: root.replace('-', ''), parentSpanId: parent });
    }
  });

  test('OpenTelemetry does not see an Express that is bundled, but the requests', async () => {
    const { requests: [{ spans }] } = await observe(bundleOf('otel-express.js'), BUFFERED);
    expect(tree(spans)).toMatchObject({ server: 'GET', own: 1 });
    expect(spans.filter(({ scope }) => scope.includes('instrumentation-express'))).toEqual([]);
  });

  test('OpenTelemetry sees the requests of a bundle that is an ES module, but not its Express', async () => {
    const { requests: [{ spans }] } = await observe(bundleOf('otel-module.mjs', EXTERNAL), BUFFERED);
    expect(tree(spans)).toEqual({ server: 'GET', under: spans.length, own: 1 });
    expect(spans.filter(({ scope }) => scope.includes('instrumentation-express'))).toEqual([]);
  });

  test.each(MODES)('OpenTelemetry in a fetch app, %s: its own spans are sent, and there is none of the request', async (_, variables) => {
    const { requests } = await observe(bundleOf('otel-fetch.js'), variables);
    expect(requests.map(({ spans }) => tree(spans))).toEqual([0, 1].map(() => ({ server: undefined, under: 0, own: 1 })));
  });

  test.each(MODES)('OpenTelemetry without a flush, %s: spans are not sent before the freeze', async (_, variables) => {
    const { requests } = await observe(bundleOf('otel-unflushed.js', EXTERNAL), variables);
    expect(requests.map(({ spans }) => spans)).toEqual([[], []]);
  });

  test.each(MODES)('Powertools, %s: log entries have the request and its trace, metrics are written, subsegments are sent', async (_, variables) => {
    const { requests, requestIds, log } = await observe(bundleOf('powertools-express.js'), variables);
    const entries = log.map((line) => JSON.parse(line));
    expect(entries.filter(({ message }) => message).map((entry) => [entry.function_request_id, entry.xray_trace_id, entry.order.id]))
      .toEqual(requestIds.map((id, index) => [id, /Root=(.*?);/.exec(TRACE_IDS[index])![1], String(index)]));
    expect(entries.filter(({ _aws }) => _aws).map(({ orders }) => orders)).toEqual([1, 1]);
    expect(requests.map(({ segments }) => segments.map(({ name }) => name).sort())).toEqual([['127.0.0.1', 'load order'], ['127.0.0.1', 'load order']]);
  });
});
