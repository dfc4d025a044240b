/**
 * The pages of docs/ about moves from other tools, for Node: their code before and their code after get the same live-captured
 * events behind each front door. What a client gets in the end must be equal, or the page must have the difference in its table.
 *
 * UPDATE_MIGRATIONS=1 writes the tables: read them, and explain them on the page.
 */
import '../../src/synthesis';
import { readFileSync, writeFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import * as path from 'node:path';
import serverless from 'serverless-http';
import { Answers, answersOf } from './answers';
import { tableOfDifferences } from './differences';
import { PageRequest } from './events';
import { MigrationPage } from './migration-page';
import { projectOf, synthesizeAfter } from './node-project';
import { answersOfServer, answersOfWebAdapter } from './plain-server';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { DOOR_NAMES } from '../../local/fixtures/doors';

const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');

const REQUESTS: PageRequest[] = [
  { path: '/orders' },
  { path: '/login' },
  { path: '/page' },
  { path: '/pixel.gif' },
  { path: '/font.woff2' },
  { method: 'POST', path: '/notes', type: 'text/plain; charset=utf-8', body: 'two lines\nof text, λ' },
  { method: 'POST', path: '/upload', type: 'image/gif', body: GIF },
  { path: '/empty' },
  { path: '/nothing' },
  { method: 'HEAD', path: '/page' },
];

const RECORDED = path.join(__dirname, 'web-adapter-answers.json');

type Before = (doors: readonly FrontDoorName[], folder: string) => Promise<Answers>;

const handler = (file: string): Before => async (doors, folder) => answersOf(doors, path.join(folder, file), REQUESTS, { cwd: folder });

/** The adapter is a Rust program, so its answers are recorded. With its path in LAMBDA_WEB_ADAPTER they are made and recorded anew. */
const webAdapter: Before = async (doors, folder) => {
  const adapter = process.env.LAMBDA_WEB_ADAPTER;
  if (!adapter) return JSON.parse(readFileSync(RECORDED, 'utf8'));
  const answers = await answersOfWebAdapter(adapter, doors, 'server.js', REQUESTS, { cwd: folder });
  writeFileSync(RECORDED, JSON.stringify(answers, null, 2) + '\n');
  return answers;
};

const plainServer: Before = async (_, folder) => ({ 'function-url': await answersOfServer('index.js', REQUESTS, { cwd: folder }) });

interface Move {
  readonly page: string;
  /** All files on the page. */
  readonly files: readonly string[];
  /** The tables of the page, and what answers before. */
  readonly tables: Readonly<Record<string, Before>>;
  readonly doors: readonly FrontDoorName[];
}

const MOVES: Move[] = [
  {
    page: 'migrate-from-serverless-http.md',
    files: ['src/app.js', 'serverless-http/lambda.js', 'serverless-express/lambda.js'],
    tables: { 'serverless-http': handler('serverless-http/lambda.js'), '@codegenie/serverless-express': handler('serverless-express/lambda.js') },
    doors: DOOR_NAMES,
  },
  {
    page: 'migrate-from-nodejs-function.md',
    files: ['src/app.js', 'src/lambda.js'],
    tables: { 'hono/aws-lambda': handler('src/lambda.js') },
    doors: ['http-api'],
  },
  {
    page: 'migrate-from-lambda-web-adapter.md',
    files: ['server.js'],
    tables: { 'the adapter': webAdapter },
    doors: DOOR_NAMES,
  },
  {
    page: 'migrate-from-web-function.md',
    files: ['index.js'],
    tables: { 'a plain server': plainServer },
    doors: ['function-url'],
  },
];

describe.each(MOVES)('$page', ({ page: name, files, tables, doors }) => {
  const page = new MigrationPage(name);
  let folder: string;
  let after: Answers;

  beforeAll(async () => {
    const project = projectOf(page, files);
    folder = project.root;
    const bundle = synthesizeAfter(page, project, DOOR_NAMES);
    after = await answersOf(doors, bundle.file, REQUESTS, { cwd: bundle.directory, env: bundle.env });
  });

  test('the app answers as the requests ask', () => {
    for (const door of doors) expect(after[door]!.map(({ status }) => status)).toEqual([200, 302, 200, 200, 200, 201, 200, 204, 404, 200]);
  });

  test.each(Object.keys(tables))('each answer is that of %s, or the page has the difference', async (table) => {
    const differences = tableOfDifferences(REQUESTS, await tables[table](doors, folder), after);
    if (process.env.UPDATE_MIGRATIONS) page.write(`differences: ${table}`, differences);
    expect(page.section(`differences: ${table}`)).toBe(differences);
  });
});

test('serverless-http makes a request of the event of a queue, as its page says', async () => {
  const echo = (req: IncomingMessage, res: ServerResponse) => void res.end(`${req.method} ${req.url}`);
  const result = await serverless(echo)({ Records: [{ eventSource: 'aws:sqs', body: '{}' }] }, {});
  expect(result).toMatchObject({ statusCode: 200, body: 'GET /' });
});

test('every page about a move is run by a test', () => {
  const tested = [...MOVES.map(({ page }) => page), 'migrate-from-mangum.md', 'migrate-from-apig-wsgi.md'];
  const index = readFileSync(path.join(__dirname, '../../../docs/README.md'), 'utf8');
  expect([...new Set(index.match(/migrate-[\w-]+\.md/g))].sort()).toEqual(tested.sort());
  const python = readFileSync(path.join(__dirname, '../../lambda-runtime/python/test_migrations.py'), 'utf8');
  expect(python).toContain('migrate-from-mangum.md');
  expect(python).toContain('migrate-from-apig-wsgi.md');
});
