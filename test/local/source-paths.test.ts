import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { send } from './fixtures/http-client';
import { lines, serveAssembly, shown } from './fixtures/serving';
import { WrappedWebApp } from '../../src';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'sources-')));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write(files: Record<string, string>): string {
  const project = mkdtempSync(path.join(directory, 'project-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), content);
  }
  return project;
}

/** Synthesizes an app into the project's cdk.out. */
function synthesize(project: string, entry: string, context: Record<string, unknown> = {}): string {
  const app = new cdk.App({ outdir: path.join(project, 'cdk.out'), context });
  new WrappedWebApp(new cdk.Stack(app, 'Stack'), 'Web', { entry: path.join(project, entry) });
  return app.synth().directory;
}

const NODE = {
  'package.json': '{}',
  'src/server.ts': `import { IncomingMessage, ServerResponse } from 'node:http';
import { fail } from './lib/fail';

export default function app(request: IncomingMessage, response: ServerResponse): void {
  response.end(fail(request.url as string));
}
`,
  'src/lib/fail.ts': `interface Unused { readonly x: string }

export function fail(url: string): string {
  throw new RangeError('no answer to ' + url);
}
`,
};

test('the stack of an exception in a Node app leads to the user\'s own TypeScript files', async () => {
  const project = write(NODE);
  const served = await serveAssembly(synthesize(project, 'src/server.ts'));
  await send(served.doors[0].url);
  await shown('no answer to /');
  const text = lines.join('\n');
  expect(text).toContain(`(${path.join(project, 'src/lib/fail.ts')}:4:`);
  expect(text).toContain(`(${path.join(project, 'src/server.ts')}:5:`);
  expect(text).not.toContain('cdk-wrapped-web-app-');
});

test('the stack of an exception in a Python app leads to the user\'s own files', async () => {
  const project = write({
    'requirements.txt': '',
    'web/main.py': 'from .views import fail\n\ndef app(environ, start_response):\n    return fail()\n',
    'web/views.py': 'def fail():\n    raise RuntimeError("no answer")\n',
  });
  const served = await serveAssembly(synthesize(project, 'web/main.py'));
  await send(served.doors[0].url);
  await shown('no answer');
  const text = lines.join('\n');
  expect(text).toContain(`File "${path.join(project, 'web/views.py')}", line 2, in fail`);
  expect(text).not.toContain('cdk-wrapped-web-app-');
});

test.each([
  ['in a folder', 'src/server.ts', NODE],
  ['at the root of the project', 'app.js', { 'package.json': '{}', 'app.js': 'module.exports = (request, response) => response.end();' }],
  ['in Python', 'web/main.py', { 'requirements.txt': '', 'web/main.py': 'def app(environ, start_response):\n    return []\n' }],
])('fails on an app %s that was synthesized without bundling, and says what to do', async (_, entry, files) => {
  const project = write(files as Record<string, string>);
  await expect(serveAssembly(synthesize(project, entry, { 'aws:cdk:bundling-stacks': [] }))).rejects.toThrow(
    /^Stack\/Web\/Handler: .*it was not bundled; run 'cdk synth', since commands such as 'cdk destroy' synthesize without bundling$/);
  expect(lines).toEqual([]);
});
