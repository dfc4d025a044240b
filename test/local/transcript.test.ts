import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { send } from './fixtures/http-client';
import { lines, serveAssembly, shown } from './fixtures/serving';
import { TextReport } from '../../local/report/text-report';
import { WrappedWebApp } from '../../src';

/*
 * The transcripts in docs/serve.md are what the command prints.
 * UPDATE_DOCS=1 npx jest test/local/transcript.test.ts rewrites them.
 */

const PAGE = path.join(__dirname, '../../docs/serve.md');
const project = realpathSync(mkdtempSync(path.join(tmpdir(), 'shop-')));

afterAll(() => rmSync(project, { recursive: true, force: true }));

const APP = `import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';

createServer((request, response) => {
  switch (request.url) {
    case '/orders': {
      console.log('two orders found');
      response.end('[1, 2]');
      break;
    }
    case '/report':
      writeFileSync('report.csv', 'total\\n');
      response.end('written');
      break;
    default:
      response.writeHead(404).end('not found');
  }
}).listen(8080);
`;

beforeAll(() => {
  mkdirSync(path.join(project, 'src'));
  writeFileSync(path.join(project, 'package.json'), '{}');
  writeFileSync(path.join(project, 'src/app.ts'), APP);
  const app = new cdk.App({ outdir: path.join(project, 'cdk.out') });
  const entry = path.join(project, 'src/app.ts');
  const shop = new cdk.Stack(app, 'Shop');
  const table = new cdk.aws_dynamodb.Table(shop, 'Table', { partitionKey: { name: 'id', type: cdk.aws_dynamodb.AttributeType.STRING } });
  new WrappedWebApp(shop, 'Api', { entry, frontDoor: 'http-api' }).httpApi!.addStage('Slow', { stageName: 'slow', throttle: { rateLimit: 5 } });
  new WrappedWebApp(shop, 'Admin', { entry, frontDoor: 'alb', environment: { TABLE: table.tableName } });
  app.synth();
});

/** Serves as the command does, sends requests, and returns what was printed, without what differs from run to run. */
async function run(targets: readonly string[]): Promise<string> {
  // On a slow machine, the lines of a request would be shown before its end.
  const report = new TextReport({ out: (line) => lines.push(line), error: (line) => lines.push(line) }, false, 60_000);
  process.env.AWS_PROFILE = 'dev';
  const served = await serveAssembly(path.join(project, 'cdk.out'), { report });
  delete process.env.AWS_PROFILE;
  report.ready(served.doors, served.inspectorUrl);
  for (const target of targets) {
    await send(served.doors[0].url, { path: target });
    await shown(`GET ${target}  `);
  }
  return normalize(`${lines.join('\n')}\n`);
}

function normalize(printed: string): string {
  const ports = [...new Set(printed.match(/(?<=127\.0\.0\.1:)\d+/g))];
  return ports.reduce((text, port, index) => text.replaceAll(`:${port}/`, `:${3100 + index}/`), printed)
    .replaceAll(project, '/home/me/shop')
    .replace(/\b\d+ ms/g, '8 ms')
    .replace(/(GET \/orders .*)(cold|warm)/, '$1cold')
    .replace(/\[Shop\/Api\] .*\n/g, '')
    .replace(/^nodejs\d+\.x functions run on Node\.js .*\n/m, '')
    // The frames of the runtime.
    .replace(/^ +at .*(cdk-wrapped-web-app:|node:).*\n/gm, '')
    .replace(/RequestId: [0-9a-f-]{36}/g, 'RequestId: 4e7a…');
}

test('the transcript in docs/serve.md is what the command prints', async () => {
  const transcript = `$ npx cdk-wrapped-web-app serve\n${await run(['/orders', '/report', '/nowhere'])}`;
  const page = readFileSync(PAGE, 'utf8');
  const block = /(?<=<!-- transcript -->\n```text\n)[^]*?(?=```)/;
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, page.replace(block, () => transcript));
  expect(block.exec(readFileSync(PAGE, 'utf8'))![0]).toBe(transcript);
});
