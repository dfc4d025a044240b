import { spawnSync } from 'node:child_process';
import { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { PlausibleEvent, plausibleEvent } from './agreement/plausible-event';
import { Random } from './node/fuzz/random';
import { toWebApp } from '../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../lambda-runtime/node/lambda-handler';
import { DEFAULT_SETTINGS } from '../../lambda-runtime/node/settings/settings';

/*
 * The same events and the same answers of an app, through both runtimes: what one of them sees or sends in another way
 * than the other is a defect of one of them. More events, or others: EVENTS=100000 SEED=2 npx jest agreement
 */
const EVENTS = Number(process.env.EVENTS ?? 4000);
const SEED = Number(process.env.SEED ?? 1);

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

interface Seen {
  readonly refused?: true;
  readonly request?: any;
  readonly result?: any;
}

/** What `seen_by_python.py` prints, for the Node runtime. */
async function seenByNode({ event, doors, options, response }: PlausibleEvent): Promise<Seen> {
  let request: object | null = null;
  const listener = async (req: IncomingMessage, res: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const pairs = req.rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), req.rawHeaders[index + 1]]] : []));
    request = {
      method: req.method,
      target: req.url,
      mountPrefix: req.headers['x-forwarded-prefix'] ?? '',
      headers: pairs.filter(([name]) => name !== 'x-forwarded-prefix'),
      body: Buffer.concat(chunks).toString('base64'),
      clientAddress: req.socket.remoteAddress,
      scheme: (req.socket as { encrypted?: boolean }).encrypted ? 'https' : 'http',
    };
    response.headers.forEach(([name, value]) => res.appendHeader(name, value));
    res.writeHead(response.status);
    res.end(Buffer.from(response.body, 'base64'));
  };
  try {
    const handler = handlerFor(async () => (await toWebApp(listener))!, { ...DEFAULT_SETTINGS, ...options, doors: doors as any }, false);
    const result = await handler(structuredClone(event));
    return { request, result };
  } catch {
    return { refused: true };
  }
}

function seenByPython(cases: readonly PlausibleEvent[]): Seen[] {
  const python = spawnSync('python3', [join(__dirname, 'agreement/seen_by_python.py')], {
    input: cases.map((each) => `${JSON.stringify(each)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    env: { ...process.env, PYTHONPATH: join(__dirname, '../../lambda-runtime/python'), PYTHONIOENCODING: 'utf-8' },
  });
  expect(python.stderr).toBe('');
  return python.stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** The order of headers across names is free, and so is that of a result's fields. */
function comparable({ refused, request, result }: Seen): Record<string, string> {
  const headers = request?.headers.map((pair: string[]) => pair.join(': ')).sort();
  const fields = { refused, ...request, ...request && { headers }, ...prefixed(result) };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value, sortedKeys)]));
}

function prefixed(result: object | undefined): object {
  return Object.fromEntries(Object.entries(result ?? {}).map(([name, value]) => [`result.${name}`, value]));
}

function sortedKeys(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value;
}

test(`both runtimes show an app the same request and give the door the same result, for ${EVENTS} events that doors or attackers could send`, async () => {
  const random = new Random(SEED);
  const cases = Array.from({ length: EVENTS }, () => plausibleEvent(random));
  const python = seenByPython(cases);
  expect(python).toHaveLength(EVENTS);
  let answered = 0;
  const differences: object[] = [];
  for (const [index, each] of cases.entries()) {
    const seen = await seenByNode(each);
    answered += seen.request ? 1 : 0;
    const [ours, other] = [comparable(seen), comparable(python[index])];
    const fields = [...new Set([...Object.keys(ours), ...Object.keys(other)])].filter((field) => ours[field] !== other[field]);
    if (fields.length > 0) {
      differences.push({ event: each, ...Object.fromEntries(fields.map((field) => [field, { node: ours[field], python: other[field] }])) });
    }
  }
  expect(differences.slice(0, 3)).toEqual([]);
  // Only clients' requests for the path of other events, and those that no door sends, are kept from the app.
  expect(answered).toBeGreaterThan(EVENTS * 0.85);
}, 600_000);
