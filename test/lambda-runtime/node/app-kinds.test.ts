import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_KINDS, APPS, AppKind, entryOf, requestsOf } from './app-kinds/kinds';
import { plainAnswers } from './app-kinds/plain-app';
import { Answer, DOORS } from './behaviours/behaviour';
import { answerOf, eventFor } from './behaviours/doors';
import { compared } from './behaviours/exceptions';
import { Bundle, bundlesOf } from './bundles';
import { INSTALLATION_TIME, installedNodes } from '../../toolchain';

const ROOT = join(__dirname, '..', '..', '..');
const DOCUMENT = join(ROOT, 'docs/app-kinds.md');

/** The results of the bundle for the same requests through each door. */
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
    const child = execFile(binary, [join(__dirname, 'app-kinds/drive-bundle.mjs'), directory, handler], {
      env: { ...environment, NODE_ENV: 'production' },
      maxBuffer: 64 * 1024 * 1024,
    }, (_error, stdout, stderr) => resolve({ stdout, stderr }));
    child.stdin!.end(JSON.stringify(events));
  });
}

/** Entries without an app, or with more than one. */
const REFUSED: [string, string][] = [
  ['several-servers.cjs', 'several-servers.cjs: started 2 servers (3000, 9090), but a front door needs exactly one; export the server to use'],
  ['nothing.cjs', 'nothing.cjs: no app was found, it exports'],
  ['nothing.cjs:config', 'nothing.cjs: the export config is not an app'],
  ['server.mjs:app', 'server.mjs: the export app is not an app, it exports server (object)'],
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

  test.each(nodes)('answers through all doors on Node $version like a plain server', async ({ binary }) => {
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

test.each(REFUSED)('%s fails with a message that names the fix', async (entry, message) => {
  const { stderr } = await drive(process.execPath, bundles.get(join(APPS, entry))!, [eventFor('function-url')]);
  expect(stderr).toContain(message);
});

test('docs/app-kinds.md lists the tested kinds and versions', () => {
  const rows = APP_KINDS.map(({ name, package: packageName, form }) => {
    const version = packageName === undefined ? '' : JSON.parse(readFileSync(join(ROOT, 'node_modules', packageName, 'package.json'), 'utf8')).version;
    return `| ${name} | ${version} | ${form} |`;
  });
  const table = ['| kind | version | form |', '| --- | --- | --- |', ...rows].join('\n');
  if (process.env.UPDATE_DOCS) {
    const text = readFileSync(DOCUMENT, 'utf8');
    writeFileSync(DOCUMENT, text.replace(/\| kind \|[^]*?\n(?!\|)/, `${table}\n`));
  }
  // UPDATE_DOCS=1 npx jest test/lambda-runtime/node/app-kinds.test.ts rewrites the table.
  expect(readFileSync(DOCUMENT, 'utf8')).toContain(table);
});
