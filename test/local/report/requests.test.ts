import { hasColours } from '../../../local/report/colours';
import { JsonReport } from '../../../local/report/json-report';
import { Report } from '../../../local/report/report';
import { TextReport } from '../../../local/report/text-report';
import { writeAssembly } from '../fixtures/assembly';
import { get, lines, serveAssembly, serveTemplate, shown } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

const CODE = `
  console.log('loading');
  exports.handler = async ({ rawPath, rawQueryString }) => {
    if (rawPath === '/print') console.log('one\\ntwo');
    if (rawPath === '/throw') throw new TypeError('on purpose');
    if (rawPath === '/slow') {
      console.log('slow ' + rawQueryString);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      console.log('still ' + rawQueryString);
    }
    if (rawPath === '/exit') process.exit(3);
    return { statusCode: rawPath === '/missing' ? 404 : 200, body: 'hello' };
  };
`;
const BROKEN = 'exports.handler = 1;\nthrow new Error("cannot start");';

const terminal = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };

/** What is shown, without times. */
function seen(): string[] {
  return lines.join('\n').replace(/\d+ ms/g, 'N ms').replace(/\n +at .*/g, '').split('\n').filter((line) => !line.includes('run on Node.js'));
}

async function serve(code = CODE, report: Report = new TextReport(terminal, false, 60_000)) {
  const served = await serveAssembly(writeAssembly(fourDoors(), { 'index.js': code }), { report });
  // The function is loaded.
  await shown(code === BROKEN ? 'cannot start' : 'loading');
  return served;
}

test('each request is one line, and what the function prints for it is below', async () => {
  const served = await serve();
  await get(served, 'http-api', '/first');
  await get(served, 'http-api', '/print?x=1');
  await get(served, 'function-url', { path: '/missing', method: 'POST' });
  await shown('404');
  expect(seen()).toEqual([
    '[Stack/Web] loading',
    expect.stringMatching(/^http-api {6}GET \/first {2}200 {2}N ms {2}(cold|warm)$/),
    'http-api      GET /print?x=1  200  N ms  warm',
    '    one',
    '    two',
    'function-url  POST /missing  404  N ms  warm',
  ]);
});

test('an exception is shown once, with its stack', async () => {
  const served = await serve();
  await get(served, 'http-api', '/throw');
  await shown('on purpose');
  expect(seen().slice(-2)).toEqual([expect.stringMatching(/^http-api {6}GET \/throw {2}500 {2}N ms/), '    TypeError: on purpose']);
  expect(lines.filter((line) => line.includes('    at '))).not.toEqual([]);
});

test('a crash is shown with its reason, and the next request starts cold', async () => {
  const served = await serve();
  await get(served, 'http-api', '/exit');
  await get(served, 'http-api', '/next');
  await shown('/next');
  expect(seen().slice(-4)).toEqual([
    expect.stringMatching(/^http-api {6}GET \/exit {2}500 {2}N ms/),
    "    500: the function failed: Runtime.ExitError: the function's process ended with code 3",
    'http-api      GET /next  200  N ms  cold',
    '    loading',
  ]);
});

test('an app that cannot start shows its error once, and not for every request', async () => {
  const served = await serve(BROKEN);
  expect(seen().filter((line) => line.includes('cannot start'))).toEqual(['[Stack/Web] Error: cannot start']);
  for (let request = 0; request < 5; request += 1) await get(served, 'http-api', `/${request}`);
  await shown('/4');
  // While it was loaded before the first request, for the request that waited for it, and for the first that loaded it again.
  expect(seen().filter((line) => line.includes('cannot start')).length).toBeLessThanOrEqual(3);
  expect(seen().slice(-2)).toEqual(['http-api      GET /4  500  N ms  cold', '    the same lines as for the failure before']);
});

test('lines of requests that take long are shown while they run, each below its own request', async () => {
  const served = await serve(CODE, new TextReport(terminal));
  await Promise.all(['a', 'b'].map(async (name) => get(served, 'http-api', `/slow?${name}`)));
  await shown(/\/slow\?a {2}200[^]*\/slow\?b {2}200|\/slow\?b {2}200[^]*\/slow\?a {2}200/);
  let request = '';
  for (const line of seen().slice(1)) {
    if (line.startsWith('http-api')) request = /\?(\w)/.exec(line)![1];
    if (/^ +(slow|still)/.test(line)) expect(line).toMatch(new RegExp(` ${request}$`));
  }
  expect(seen()).toContainEqual(expect.stringMatching(/^http-api {6}GET \/slow\?a {2}still running$/));
});

test('the app is named where there are several', async () => {
  const report = new TextReport(terminal);
  report.ready([{ name: 'alb', path: 'S/A', url: 'http://a/' }, { name: 'alb', path: 'S/Long', url: 'http://b/' }], 'http://c/');
  const served = await serve(CODE, report);
  await get(served, 'http-api', '/x');
  await shown('/x');
  expect(seen().at(-1)).toMatch(/^http-api {6}GET \/x {2}200 {2}N ms {2}(cold|warm) {2}Stack\/Web$/);
});

test('a client cannot control the terminal', async () => {
  const report = new TextReport(terminal);
  const request = report.request({ door: 'alb', method: 'GET', target: '/\x1b[2J\x9b1m', time: new Date() });
  request.answered(200);
  request.ended(true);
  await shown('GET /');
  expect(lines[0]).toContain('GET /\\x1b[2J\\x9b1m  200');
});

test('a client that disconnects is shown', async () => {
  const report = new TextReport(terminal);
  const request = report.request({ door: 'alb', method: 'GET', target: '/', time: new Date() });
  request.answered(200);
  request.ended(false);
  await shown('client disconnected');
});

test('quiet shows only requests that fail', async () => {
  const served = await serve(CODE, new TextReport(terminal, true));
  await get(served, 'http-api', '/print');
  await get(served, 'http-api', '/missing');
  await get(served, 'http-api', '/throw');
  await shown('on purpose');
  expect(seen()).toEqual(['[Stack/Web] loading', expect.stringMatching(/GET \/throw {2}500/), '    TypeError: on purpose']);
});

test('JSON has one object in each line, for all that happens', async () => {
  const report = new JsonReport((line) => lines.push(line));
  const served = await serve(CODE, report);
  report.ready(served.doors, served.inspectorUrl);
  report.notice('a notice');
  await get(served, 'http-api', '/print');
  await shown('"event":"request"');
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const { time } of objects) expect(time).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(objects).toContainEqual(expect.objectContaining({ event: 'log', app: 'Stack/Web', line: 'loading' }));
  expect(objects).toContainEqual(expect.objectContaining({ event: 'door', door: 'alb', app: 'Stack/Web', url: served.doors[3].url }));
  expect(objects).toContainEqual(expect.objectContaining({ event: 'ready', inspector: served.inspectorUrl }));
  expect(objects).toContainEqual(expect.objectContaining({ event: 'notice', message: 'a notice' }));
  expect(objects).toContainEqual(expect.objectContaining({
    event: 'request', door: 'http-api', app: 'Stack/Web', method: 'GET', path: '/print', status: 200, milliseconds: expect.any(Number), lines: ['one', 'two'],
  }));
});

test.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
  ['a terminal', { isTTY: true }, {}, true],
  ['a file or a pipe', {}, {}, false],
  ['a terminal whose user wants none', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a terminal that cannot', { isTTY: true }, { TERM: 'dumb' }, false],
  ['a pipe whose user wants them', {}, { FORCE_COLOR: '1' }, true],
])('colours are for terminals only: %s', (_, stream, environment, expected) => {
  expect(hasColours(stream, environment)).toBe(expected);
});

test('colours are written where they are wanted', async () => {
  const served = await serve(CODE, new TextReport({ ...terminal, colours: true }));
  await get(served, 'http-api', '/missing');
  await shown('\x1b[33m404\x1b[39m');
  await served.stop();
  lines.length = 0;
  await get(await serveTemplate(), 'http-api', '/x');
  await shown('/x');
  expect(lines.join('')).not.toContain('\x1b');
});
