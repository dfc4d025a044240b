/** The Python examples behind all four doors on this machine, with the bundles that would be uploaded. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { serve, Served } from '../../local/serve';
import { AppSource, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { findInterpreters, prepareUv } from '../lambda-runtime/python-environments';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';
import '../src/synthesis';

const ROOT = path.join(__dirname, '../..');
const UV = prepareUv();
const interpreter = findInterpreters().reverse().find(({ version }) => version !== '3.14')!;
const RUNTIME = new cdk.aws_lambda.Runtime(`python${interpreter.version}`, cdk.aws_lambda.RuntimeFamily.PYTHON);

// The bundles hold packages for this version, and are served by the python3 that is found first.
process.env.PATH = [path.dirname(UV), path.dirname(interpreter.executable), process.env.PATH].join(':');

const served: Served[] = [];
const lines: string[] = [];

afterAll(() => served.forEach(one => one.stop()));
afterEach(() => {
  // What an app says of its failures is half of the explanation.
  if (lines.some(line => /"level": "ERROR"|^ *(\[ERROR\]|ERROR)\s/m.test(line))) throw new Error(lines.splice(0).join('\n'));
});

/** Synthesizes an app behind some doors, and serves it. */
async function start(entry: AppSource, doors: FrontDoorName[], props: Partial<WrappedWebAppProps> = {}): Promise<Record<FrontDoorName, string>> {
  const app = new cdk.App();
  const stack = new cdk.Stack(app, 'Example');
  const [frontDoor, ...others] = doors;
  const web = new WrappedWebApp(stack, 'Web', { entry, frontDoor, runtime: RUNTIME, ...props });
  others.forEach(door => web.addFrontDoor(door, door));
  const one = await serve({
    assembly: app.synth().directory,
    environmentFile: new Map(),
    host: '127.0.0.1',
    portBase: 0,
    terminal: { out: line => lines.push(line), error: line => lines.push(line) },
    programDirectory: path.join(ROOT, 'lib/local'),
  });
  served.push(one);
  return Object.fromEntries(one.doors.map(({ name, url }) => [name, url])) as Record<FrontDoorName, string>;
}

/** A request below an address; an address that is one whole stands for itself. */
function request(url: string, file: string, options: Partial<SentRequest> = {}): Promise<ReceivedResponse> {
  const { origin, pathname, search } = new URL(url);
  return send(origin, { ...options, path: `${pathname}${file}${search}` });
}

function get(url: string, file: string, headers: [string, string][] = []): Promise<ReceivedResponse> {
  return request(url, file, { headers });
}

function text(response: ReceivedResponse): string {
  return response.body.toString();
}

function cookies(response: ReceivedResponse): string {
  return response.headers['set-cookie'].map(cookie => cookie.split(';')[0]).join('; ');
}

function header(response: ReceivedResponse, name: string): string | undefined {
  return response.headers[name]?.join(', ');
}

const FORM: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];

describe('django', () => {
  let urls: Record<FrontDoorName, string>;

  beforeAll(async () => {
    // The steps of the example's page, in a copy of it.
    const site = path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'django-'))), 'site');
    cpSync(path.join(ROOT, 'examples/django-alb/site'), site, { recursive: true, filter: file => !/db\.sqlite3|staticfiles|\.venv|__pycache__/.test(file) });
    execFileSync(UV, ['venv', '--quiet', '--python', interpreter.executable, '.venv'], { cwd: site });
    execFileSync(UV, ['pip', 'install', '--quiet', '--python', '.venv/bin/python', '-r', 'requirements.txt'], { cwd: site });
    const env = { ...process.env, DJANGO_SUPERUSER_USERNAME: 'ada', DJANGO_SUPERUSER_PASSWORD: 'lovelace', DJANGO_SUPERUSER_EMAIL: 'ada@example.com' };
    for (const command of [['migrate', '--verbosity', '0'], ['createsuperuser', '--noinput']]) {
      execFileSync('.venv/bin/python', ['manage.py', ...command], { cwd: site, env, stdio: 'pipe' });
    }
    const stackFile = readFileSync(path.join(ROOT, 'examples/django-alb/stack.ts'), 'utf8');
    const [, collect] = /beforeBundling: \(\) => \['(.*)'\]/.exec(stackFile)!;
    const commandHooks = { beforeBundling: () => [collect], afterBundling: () => [] };
    const entry = AppSource.python(path.join(site, 'mysite/wsgi.py'), { commandHooks });
    urls = {
      ...await start(entry, ['function-url', 'http-api', 'alb']),
      ...await start(entry, ['rest-api'], { environment: { DJANGO_STATIC_URL: '/prod/static/' } }),
    };
  }, 300_000);

  test.each(DOOR_NAMES)('the guestbook is signed behind %s', async (door) => {
    const page = await get(urls[door], '');
    expect(page.status).toBe(200);
    const [, token] = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(text(page))!;
    const message = `hello behind ${door}, Zoë`;
    const answer = await request(urls[door], '', {
      method: 'POST',
      headers: [FORM, ['Cookie', cookies(page)]],
      body: Buffer.from(new URLSearchParams({ csrfmiddlewaretoken: token, name: 'Zoë', message }).toString()),
    });
    expect([answer.status, new URL(header(answer, 'location')!, urls[door]).href]).toEqual([302, urls[door]]);
    // On a busy machine another environment may answer, which has a database of its own.
    let answers = 0;
    while (!text(await get(urls[door], '')).includes(message)) {
      expect(++answers).toBeLessThan(20);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  });

  test.each(DOOR_NAMES)('the admin has its style and lets one in behind %s', async (door) => {
    const redirected = await get(urls[door], 'admin/');
    const login = new URL(header(redirected, 'location')!, urls[door]);
    expect(login.href).toContain(`${urls[door]}admin/login/?next=`);
    const page = await get(login.href, '');
    const [, style] = /href="([^"]*admin\/css\/base\.[0-9a-f]+\.css)"/.exec(text(page))!;
    const css = await get(new URL(style, urls[door]).href, '', [['Accept-Encoding', 'gzip']]);
    expect([css.status, header(css, 'content-encoding'), header(css, 'content-type')]).toEqual([200, 'gzip', 'text/css; charset="utf-8"']);
    expect(header(css, 'cache-control')).toContain('immutable');
    const [, token] = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(text(page))!;
    const entered = await request(login.href, '', {
      method: 'POST',
      headers: [FORM, ['Cookie', cookies(page)]],
      body: Buffer.from(new URLSearchParams({ csrfmiddlewaretoken: token, username: 'ada', password: 'lovelace' }).toString()),
    });
    expect(entered.status).toBe(302);
    const inside = await get(urls[door], 'admin/', [['Cookie', cookies(entered)]]);
    expect(text(inside)).toContain('Site administration');
    expect(text(inside)).toContain('Entries');
  });
});

describe('flask', () => {
  let urls: Record<FrontDoorName, string>;

  beforeAll(async () => {
    urls = await start(AppSource.python(path.join(ROOT, 'examples/flask-rest-api/app/main.py')), DOOR_NAMES);
  });

  test.each(DOOR_NAMES)('colours are chosen and painted behind %s', async (door) => {
    const mount = new URL(urls[door]).pathname;
    const chosen = await request(urls[door], 'colour', { method: 'POST', headers: [FORM], body: Buffer.from('colour=%23ff8800') });
    expect([chosen.status, header(chosen, 'location')]).toEqual([302, mount]);
    expect(chosen.headers['set-cookie']).toEqual([`colour=#ff8800; Path=${mount}`, `chosen=yes; Path=${mount}`]);
    const page = await get(urls[door], '', [['Cookie', cookies(chosen)]]);
    expect(text(page)).toContain(`<img src="${mount}colour/ff8800.png"`);
    expect(text(page)).toContain(`href="${mount}static/style.css"`);
    expect(header(await get(urls[door], 'static/style.css'), 'content-type')).toBe('text/css; charset=utf-8');
    const image = await get(urls[door], 'colour/ff8800.png');
    expect(image.body.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(JSON.parse(text(await get(urls[door], 'seen?a=1&a=2%20')))).toMatchObject({ root: mount.slice(0, -1), path: '/seen', query: { a: ['1', '2 '] } });
  });
});

describe('fastapi', () => {
  const entry = AppSource.python(path.join(ROOT, 'examples/fastapi-function-url/app/main.py'));

  test('buffered behind all four doors, it answers as it does without Lambda', async () => {
    const urls = await start(entry, DOOR_NAMES);
    for (const door of DOOR_NAMES) {
      const echo = await request(urls[door], 'echo?x=1', { method: 'POST', body: Buffer.from('λ') });
      expect(JSON.parse(text(echo))).toMatchObject({ url: `${urls[door]}echo?x=1`, root: new URL(urls[door]).pathname.slice(0, -1), body: 'λ' });
      expect(text(await get(urls[door], 'lines?seconds=0'))).toContain('data: an old silent pond\n\ndata: a frog jumps into the pond\n\n');
      expect((await get(urls[door], 'docs')).status).toBe(200);
    }
  });

  test('streamed, its lines arrive one by one', async () => {
    const urls = await start(entry, ['function-url', 'rest-api'], { responseStreaming: true });
    for (const door of ['function-url', 'rest-api'] as const) {
      await get(urls[door], '');
      const streamed = await get(urls[door], 'lines?seconds=0.3');
      const { status, chunks } = streamed;
      expect([status, header(streamed, 'content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      expect(chunks.map(chunk => chunk.text)).toEqual([
        'data: an old silent pond\n\n', 'data: a frog jumps into the pond\n\n', 'data: splash! silence again\n\n', 'event: end\ndata:\n\n',
      ]);
      // They are sent over 0.9 seconds.
      expect(chunks[3].at - chunks[0].at).toBeGreaterThan(300);
    }
  });
});

test.each([
  ['django-alb', 'stack.ts'],
  ['django-alb', 'stack-with-database.ts'],
  ['flask-rest-api', 'stack.ts'],
  ['fastapi-function-url', 'stack.ts'],
])('of %s, %s synthesizes as it is', (example, file) => {
  spawnSync(process.execPath, [path.join(ROOT, 'scripts/link-examples.mjs')]);
  const directory = path.join(ROOT, 'examples', example);
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', file], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: cdk.FileSystem.mkdtemp('example-') },
  });
  expect(stderr).not.toMatch(/error|warning/i);
  expect(status).toBe(0);
});
