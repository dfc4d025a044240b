import { ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, parse } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as ts from 'typescript';
import { APP_KINDS, AppKind, REQUESTS } from './app-kinds/kinds';
import { Answer, DOORS } from './behaviours/behaviour';
import { answerOf, eventFor } from './behaviours/doors';
import { compared } from './behaviours/exceptions';
import { exchange } from './behaviours/raw-client';
import { Bundle, bundlesOf } from './bundles';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const ROOT = join(__dirname, '..', '..', '..');
const APPS = join(__dirname, 'app-kinds', 'apps');
const DOCUMENT = join(ROOT, 'docs/app-kinds.md');

const entryOf = ({ file, exportName }: AppKind) => join(APPS, file) + (exportName && exportName !== 'fetch' ? `:${exportName}` : '');

/** The file as Node can run it without a bundler: TypeScript is compiled into the cache, with what lies beside it. */
function runnable(file: string): string {
  if (!/ts$/.test(file)) {
    return join(APPS, file);
  }
  const source = dirname(join(APPS, file));
  const target = join(ROOT, '.cache/tests/app-kinds', dirname(file));
  mkdirSync(target, { recursive: true });
  copyFileSync(join(source, 'package.json'), join(target, 'package.json'));
  const isModule = file.endsWith('.mts') || JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).type === 'module';
  for (const name of readdirSync(source).filter((each) => parse(each).ext === parse(file).ext)) {
    // Its neighbours in JavaScript stay where they are.
    const code = readFileSync(join(source, name), 'utf8').replace(/'\.\/(\S+\.[cm]js)'/g, `'${source}/$1'`);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
        esModuleInterop: true,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    });
    writeFileSync(join(target, name.replace(/ts$/, 'js')), outputText);
  }
  return join(target, parse(file).base.replace(/ts$/, 'js'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a client gets of the app on a plain server. */
async function plainAnswers(kind: AppKind): Promise<Answer[]> {
  const port = await freePort();
  const socket = join('/tmp', `wrapped-web-app-${process.pid}-${port}.sock`);
  const onPath = kind.file === 'listens-on-path.cjs';
  const program = join(__dirname, 'app-kinds/serve-plainly.mjs');
  const child = spawn(process.execPath, [program, runnable(kind.file), kind.plain, ...kind.exportName ? [kind.exportName] : []], {
    cwd: APPS,
    env: { ...process.env, NODE_ENV: 'production', ...kind.plain === 'listens' ? { PORT: String(port), SOCKET: socket } : {} },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let problems = '';
  child.stderr.on('data', (chunk) => {
    problems += chunk;
  });
  try {
    const address = onPath ? { path: socket } : { host: '127.0.0.1', port: kind.plain === 'listens' ? port : Number(await firstLine(child, () => problems)) };
    await untilItServes(address, () => problems);
    const answers: Answer[] = [];
    for (const request of requestsOf(kind)) {
      answers.push(await exchange(address, request));
    }
    return answers;
  } finally {
    child.kill('SIGKILL');
  }
}

async function firstLine(child: ChildProcess, problems: () => string): Promise<string> {
  for await (const chunk of child.stdout!) {
    return String(chunk).trim();
  }
  throw new Error(`the app ended before it served: ${problems()}`);
}

async function untilItServes(address: { host: string; port: number } | { path: string }, problems: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await exchange(address, { target: '/missing' }).catch(() => undefined);
    if (answer?.status !== undefined) {
      return;
    }
    await sleep(50);
  }
  throw new Error(`the app does not serve: ${problems()}`);
}

/** What the bundle returns for the same requests through each door. */
async function results(binary: string, bundle: Bundle, kind: AppKind): Promise<any[][]> {
  const events = DOORS.flatMap((door) => requestsOf(kind).map((request) => eventFor(door, request)));
  const { stdout, stderr } = await drive(binary, bundle, events);
  if (stdout === '') {
    throw new Error(stderr);
  }
  const all: any[] = JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1));
  const perDoor = requestsOf(kind).length;
  return DOORS.map((_, index) => all.slice(index * perDoor, (index + 1) * perDoor));
}

function drive(binary: string, { directory, handler }: Bundle, events: unknown[]): Promise<{ stdout: string; stderr: string }> {
  const { PORT, ...environment } = process.env;
  return new Promise((resolve) => {
    const child = execFile(binary, ['--enable-source-maps', join(__dirname, 'app-kinds/drive-bundle.mjs'), directory, handler], {
      env: { ...environment, NODE_ENV: 'production' },
      maxBuffer: 64 * 1024 * 1024,
    }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
    child.stdin!.end(JSON.stringify(events));
  });
}

function requestsOf({ without = [], more = [] }: AppKind) {
  return [...REQUESTS.filter(({ target }) => !without.includes(target!)), ...more];
}

/** Entries that give no app, or more than one. */
const REFUSED: [string, string][] = [
  ['several-servers.cjs', 'several-servers.cjs: started 2 servers (3000, 9090), and only one can be behind a front door; export the one to serve'],
  ['nothing.cjs', 'nothing.cjs: no app was found, it exports'],
  ['nothing.cjs:config', 'nothing.cjs: the export config is no app'],
  ['server.mjs:app', 'server.mjs: the export app is no app, it exports server (object)'],
];

const nodes = installedNodes();
let bundles: Map<string, Bundle>;

beforeAll(() => {
  bundles = bundlesOf([...APP_KINDS.map(entryOf), ...REFUSED.map(([entry]) => join(APPS, entry))]);
}, INSTALLATION_TIME);

describe.each(APP_KINDS)('$name: $form ($file)', (kind) => {
  let plain: Answer[];
  beforeAll(async () => {
    plain = await plainAnswers(kind);
  });

  test.each(nodes)('answers through all doors on Node $version as on a plain server', async ({ binary }) => {
    expect(plain[0].status).toBe(200);
    expect(plain.map(({ end }) => end)).not.toContain('stuck');
    const perDoor = await results(binary, bundles.get(entryOf(kind))!, kind);
    perDoor.forEach((ofDoor, d) => ofDoor.forEach((result, r) => {
      const request = requestsOf(kind)[r];
      const way = { door: DOORS[d], streaming: false };
      const outcome = { notes: [], answer: answerOf(way.door, result) };
      const { expected, actual } = compared('', request.method ?? 'GET', way, { notes: [], answer: plain[r] }, outcome);
      expect({ request, ...way, ...actual.answer }).toEqual({ request, ...way, ...expected.answer });
    }));
  });
});

test.each(REFUSED)('%s fails with a message that says what to do', async (entry, message) => {
  const { stderr } = await drive(process.execPath, bundles.get(join(APPS, entry))!, [eventFor('function-url')]);
  expect(stderr).toContain(message);
});

test('docs/app-kinds.md names the kinds and the versions that are tested', () => {
  const rows = APP_KINDS.map(({ name, package: packageName, form }) => {
    const version = packageName === undefined ? '' : JSON.parse(readFileSync(join(ROOT, 'node_modules', packageName, 'package.json'), 'utf8')).version;
    return `| ${name} | ${version} | ${form} |`;
  });
  const table = ['| kind | version | form |', '| --- | --- | --- |', ...rows].join('\n');
  if (process.env.UPDATE_DOCS) {
    const text = readFileSync(DOCUMENT, 'utf8');
    writeFileSync(DOCUMENT, text.replace(/\| kind \|[^]*?\n(?!\|)/, `${table}\n`));
  }
  // UPDATE_DOCS=1 npx jest test/lambda-runtime/node/app-kinds.test.ts writes the table anew.
  expect(readFileSync(DOCUMENT, 'utf8')).toContain(table);
});
