import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';

const ROOT = path.join(__dirname, '../..');

const children: ChildProcess[] = [];
const urls = new Map<string, string>();
const stderr: string[] = [];

/** Starts a program and reads its lines until one says that it is ready. */
function start(args: string[], env: NodeJS.ProcessEnv, onLine: (line: string) => boolean): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => onLine(line) && resolve());
    createInterface({ input: child.stderr! }).on('line', (line) => stderr.push(line));
    child.on('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${stderr.join('\n')}`)));
  });
}

beforeAll(async () => {
  // The demo makes the link by which the example finds this package.
  await start(['scripts/demo.mjs', '--port-base', '0'], { CDK_VALIDATION: 'false' }, (line) => {
    const [, name, url] = /^(\S+) +Express\/\S+ +(http:\S+)$/.exec(line) ?? [];
    if (name) urls.set(name, url);
    return line === 'ready';
  });
  await start(['-r', 'ts-node/register/transpile-only', 'examples/express/src/server.ts'], { PORT: '0', NODE_ENV: 'production' }, (line) => {
    urls.set('plain', line);
    return true;
  });
});

afterAll(async () => {
  await Promise.all(children.map(async (child) => {
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }));
});

/** What each door does to a response's headers, by AWS's documentation. Nothing else may differ from the plain server. */
const HEADERS: Record<FrontDoorName, { added: string[]; renamed: Record<string, string> }> = {
  'function-url': { added: ['x-amzn-requestid'], renamed: { 'www-authenticate': 'x-amzn-remapped-www-authenticate' } },
  'http-api': { added: ['apigw-requestid'], renamed: {} },
  'rest-api': {
    // An app's own length is shown under the other name; the door counts the body itself.
    added: ['x-amzn-requestid', 'x-amzn-remapped-content-length'],
    renamed: { 'www-authenticate': 'x-amzn-remapped-www-authenticate' },
  },
  'alb': { added: ['server'], renamed: {} },
};

/** The connection's own. */
const CONNECTION = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

/** What a door cannot carry, by name of the case. */
const EXCEPTIONS: Partial<Record<FrontDoorName, Record<string, string>>> = {
  'http-api': {
    'an encoded slash in the path': 'the path arrives decoded: an encoded slash cannot be told from a plain one',
    'an encoded escape in the path': 'the path arrives decoded: %2541 cannot be told from %41, which is A',
  },
  'rest-api': {
    'two slashes in the path': 'slashes at the beginning of the path are made one',
    'HEAD of a page': 'the length of an answer without a body is shown under x-amzn-Remapped-Content-Length only',
    'HEAD of a file': 'the length of an answer without a body is shown under x-amzn-Remapped-Content-Length only',
  },
};

const PNG = readFileSync(path.join(ROOT, 'examples/express/public/door.png'));
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const MULTIPART = Buffer.concat([
  Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="doör.png"\r\nContent-Type: image/png\r\n\r\n'),
  PNG,
  Buffer.from('\r\n--b--\r\n'),
]);

const CASES: Record<string, SentRequest> = {
  'a style sheet': { path: '/style.css' },
  'an image': { path: '/door.png' },
  'a part of an image': { path: '/door.png', headers: [['Range', 'bytes=1-3']] },
  'an image that did not change': { path: '/door.png', headers: [['If-None-Match', '*']] },
  'a file that is not there': { path: '/nothing.css' },
  'HEAD of a page': { method: 'HEAD', path: '/search' },
  'HEAD of a file': { method: 'HEAD', path: '/door.png' },
  'OPTIONS': { method: 'OPTIONS', path: '/search' },
  'two cookies': { path: '/cookies' },
  'a redirect': { path: '/moved' },
  'a form': { method: 'POST', path: '/greet', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'name=Zo%C3%AB+M' },
  'a form with a cookie': {
    method: 'POST', path: '/greet', headers: [['Content-Type', 'application/x-www-form-urlencoded'], ['Cookie', 'name=a; visits=41']], body: 'name=b',
  },
  'an empty answer': { path: '/empty' },
  'an answer that asks who one is': { path: '/protected' },
  'a large text': { path: '/large' },
  'an error in the app': { path: '/broken' },
  'repeated names in a query': { path: '/search?tag=a&tag=b&tag=a' },
  'a query with every kind of encoding': { path: '/search?a=1+2&b=1%2B2&c=%C3%BC&d=&e&f=%26%3D' },
  'brackets in a query': { path: '/search?list%5B%5D=1&list%5B%5D=2' },
  'a space in the path': { path: '/files/a%20b' },
  'an umlaut in the path': { path: '/files/%C3%BC' },
  'an encoded slash in the path': { path: '/files/a%2Fb' },
  'an encoded percent sign in the path': { path: '/files/100%25' },
  'an encoded escape in the path': { path: '/files/%2541' },
  'two slashes in the path': { path: '//files/a' },
  'a slash at the end': { path: '/files/a/' },
  'dots in the path': { path: '/files/..a' },
  'every byte, there and back': { method: 'POST', path: '/echo', headers: [['Content-Type', 'application/octet-stream']], body: EVERY_BYTE },
  'text in UTF-8, there and back': { method: 'POST', path: '/echo', headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'λ → 💡\r\n' },
  'JSON, there and back': { method: 'POST', path: '/echo', headers: [['Content-Type', 'application/json']], body: '{"a":"ü"}' },
  'an empty body': { method: 'POST', path: '/echo', headers: [['Content-Type', 'text/plain'], ['Content-Length', '0']] },
  'a body in chunks': { method: 'POST', path: '/echo', headers: [['Content-Type', 'text/plain'], ['Transfer-Encoding', 'chunked']], body: 'in chunks' },
  'an upload': { method: 'POST', path: '/upload', headers: [['Content-Type', 'multipart/form-data; boundary=b']], body: MULTIPART },
  'an upload without a file': { method: 'POST', path: '/upload', headers: [['Content-Type', 'multipart/form-data; boundary=b']], body: '--b--\r\n' },
  'PUT': { method: 'PUT', path: '/search', body: 'x' },
  'DELETE': { method: 'DELETE', path: '/search' },
};

describe.each(DOOR_NAMES)('%s', (name) => {
  test.each(Object.keys(CASES))('answers like a plain server: %s', async (title) => {
    if (EXCEPTIONS[name]?.[title]) {
      const [door, plain] = await both(name, CASES[title]);
      // An exception that is none any more must go.
      expect(comparable(door, name)).not.toEqual(comparable(plain));
      return;
    }
    const [door, plain] = await both(name, CASES[title]);
    expect(comparable(door, name)).toEqual(comparable(plain));
    expect(door.body.equals(plain.body)).toBe(true);
  });

  test('shows the app the same request', async () => {
    const [door, plain] = await both(name, {
      method: 'POST',
      path: '/request?tag=a&tag=b&empty=&plus=1+2',
      headers: [
        ['Cookie', 'a=1; b=two%20words'], ['X-Twice', 'one'], ['X-Twice', 'two'], ['Accept-Language', 'de, en;q=0.5'], ['Content-Type', 'text/plain'],
        ['User-Agent', 'test'],
      ],
      body: 'body',
    });
    const [seen, expected] = [door, plain].map((answer) => JSON.parse(answer.body.toString()));
    // A REST API decodes the query: how a space was written is lost.
    if (name === 'rest-api') expected.url = expected.url.replace('1+2', '1%202');
    for (const field of ['method', 'url', 'protocol', 'query', 'cookies', 'httpVersion', 'client']) {
      expect([field, seen[field]]).toEqual([field, expected[field]]);
    }
    expect(seen.host).toBe(new URL(urls.get(name)!).host);
    const { 'x-twice': twice, ...headers } = expected.headers;
    delete headers.host;
    delete headers.connection;
    expect(seen.headers).toMatchObject(headers);
    // Behind payload format 2.0 repeated headers arrive joined by a comma alone.
    expect(seen.headers['x-twice'].replace(/, ?/g, ', ')).toBe(twice);
  });

  test('renders its page and says what it is', async () => {
    const page = (await send(urls.get(name)!)).body.toString();
    const label = { 'function-url': 'a Lambda Function URL', 'http-api': 'an API Gateway HTTP API', 'rest-api': 'an API Gateway REST API', 'alb': 'an Application Load Balancer' };
    expect(page).toContain(`<h1>${label[name]}</h1>`);
    expect(page).toContain('<code>GET /</code>');
  });

  test('serves what its page links to, below its own address', async () => {
    const url = urls.get(name)!;
    const page = (await send(url)).body.toString();
    const links = [...page.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, link]) => new URL(link.replace(/&amp;/g, '&'), url));
    expect(links.length).toBeGreaterThan(5);
    for (const link of links.filter(({ pathname }) => !pathname.includes('%2F'))) {
      const { status } = await send(`http://${link.host}/`, { path: link.pathname + link.search });
      expect([link.href, status]).toEqual([link.href, link.pathname.endsWith('/moved') ? 302 : 200]);
    }
  });

  test('sends a browser back to its page after the form', async () => {
    const url = urls.get(name)!;
    const answer = await send(url, { method: 'POST', path: '/greet', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'name=x' });
    expect(new URL(answer.headers.location[0], `${url}greet`).href).toBe(url);
  });
});

test('a plain server says so', async () => {
  expect((await send(urls.get('plain')!)).body.toString()).toContain('<h1>a plain server</h1>');
});

function both(name: FrontDoorName, request: SentRequest): Promise<ReceivedResponse[]> {
  return Promise.all([name, 'plain'].map(async (server) => send(urls.get(server)!, request)));
}

/** An answer without what the door is known to change. */
function comparable(answer: ReceivedResponse, name?: FrontDoorName) {
  const { added, renamed } = name ? HEADERS[name] : { added: [], renamed: {} };
  const originals = Object.fromEntries(Object.entries(renamed).map(([original, sentAs]) => [sentAs, original]));
  // A REST API fills in a type where there is nothing of that type.
  const untyped = name === 'rest-api' && (answer.status === 204 || answer.status === 304);
  const headers = Object.entries(answer.headers)
    .filter(([header]) => !CONNECTION.includes(header) && !added.includes(header) && !(untyped && header === 'content-type'))
    .map(([header, values]) => [originals[header] ?? header, values.map((value) => withoutFileTimes(header, value))]);
  return { status: answer.status, headers: Object.fromEntries(headers), body: answer.body.toString('latin1').slice(0, 300), length: answer.body.length };
}

/** Files in an asset have times of their own. */
function withoutFileTimes(header: string, value: string): string {
  if (header === 'last-modified') return '(a time)';
  return header === 'etag' ? value.replace(/^W\/"([0-9a-f]+)-[0-9a-f]{10,11}"$/, 'W/"$1-(a time)"') : value;
}
