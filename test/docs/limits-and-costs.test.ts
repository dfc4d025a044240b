import { readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const PAGE = read('docs/limits-and-costs.md');

function section(name: string): string {
  return new RegExp(`<!-- ${name} -->\\n([^]*?)<!-- end -->`).exec(PAGE)![1].trim();
}

const PRICES = [...section('prices').matchAll(/^\| (.*?) \| ([\d.]+) \|$/gm)];

/** The price of the row that begins with these words. */
function price(words: string): number {
  const rows = PRICES.filter(([, name]) => name.startsWith(words));
  if (rows.length !== 1) throw new Error(`${rows.length} rows begin with '${words}'`);
  return Number(rows[0][2]);
}

// The profile of the page.
const SECONDS = 0.128;
const GB_OF_MEMORY = 1;
const KB_PER_REQUEST = 1;
const KB_PER_ANSWER = 10;
const HOURS = 730;
const MILLIONS = [1, 10, 100];

const lambda = (millions: number): number => millions * (price('Lambda, a million requests') + SECONDS * GB_OF_MEMORY * price('Lambda on x86'));
const data = (millions: number): number => millions * KB_PER_ANSWER * price('data to the internet');
const albHours = HOURS * (price('load balancer, an hour') + 2 * price('public IPv4 address'));
/** One million KB are a GB, of which an LCU takes 0.4 in an hour. Other dimensions of an LCU are smaller here. */
const albRequests = (millions: number): number => millions * (KB_PER_REQUEST + KB_PER_ANSWER) / 0.4 * price('load balancer, an LCU');

const DOORS: Record<string, (millions: number) => number> = {
  'function-url': () => 0,
  'http-api': (millions) => millions * price('HTTP API'),
  'rest-api': (millions) => millions * price('REST API'),
  'alb': (millions) => albHours + albRequests(millions),
};

function table(): string {
  const row = (name: string, cost: (millions: number) => number): string => `| ${name} | ${MILLIONS.map(millions => cost(millions).toFixed(2)).join(' | ')} |`;
  return [
    `| | ${MILLIONS.map(millions => `${millions} million requests`).join(' | ')} |`,
    '| --- | --: | --: | --: |',
    row('Lambda, whatever the front door', lambda),
    row('data to the internet, whatever the front door', data),
    ...Object.entries(DOORS).map(([door, cost]) => row(`\`${door}\` in addition`, cost)),
    ...Object.entries(DOORS).map(([door, cost]) => row(`**all with \`${door}\`**`, millions => lambda(millions) + data(millions) + cost(millions))),
  ].join('\n');
}

test('the costs are those of the prices on the page', () => {
  expect(PRICES).toHaveLength(8);
  expect(section('costs')).toBe(table());
});

test('the page says from how many requests a load balancer is cheaper', () => {
  const perMillion = albRequests(1);
  const [fromHttp, fromRest] = ['HTTP API', 'REST API'].map(door => (albHours / (price(door) - perMillion)).toFixed(0));
  expect(section('crossings')).toBe(
    `- **A load balancer is cheaper** than an HTTP API from ${fromHttp} million requests a month on, and than a REST API from ${fromRest} million.`);
});

test('other dimensions of an LCU are smaller than its bytes', () => {
  const bytes = (KB_PER_REQUEST + KB_PER_ANSWER) / 0.4;
  // A new connection for each request, of which an LCU takes 25 a second: https://aws.amazon.com/elasticloadbalancing/pricing/
  const connections = 1_000_000 / 25 / 3600;
  expect(connections).toBeLessThan(bytes);
});

test('the limits are those that the runtime and the local doors hold', () => {
  const limits = read('lambda-runtime/node/respond/limits.ts');
  const value = (name: string): number => Number(new RegExp(`${name} = ([\\d_]+)`).exec(limits)![1].replaceAll('_', ''));
  const row = (name: string): string => PAGE.split('\n').find(line => line.startsWith(`| ${name}`))!;
  expect(row('Response')).toContain(`| ${value('LAMBDA_LIMIT').toLocaleString('en')} bytes |`);
  expect(row('Response')).toContain(`| ${value('ALB_LIMIT').toLocaleString('en')} bytes |`);
  expect(row('Streamed')).toContain(`| ${value('STREAM_LIMIT').toLocaleString('en')} bytes |`);
  expect(row('Headers')).toContain(`| ${value('API_GATEWAY_HEADER_LIMIT').toLocaleString('en')} bytes |`);
});
