import { spawnSync } from 'node:child_process';
import { Bundle, Project } from '../../src/bundling/project';

const project = new Project({
  'package.json': {},
  'fetch.ts': 'export default { fetch: () => new Response("ok") };',
  'function.ts': 'export default (request: Request) => new Response(request.url);',
  'listener.ts': 'import { createServer } from "node:http"; createServer((_, res) => res.end("ok")).listen(3000);',
});

/** Whether Node's own implementation of fetch is loaded when the handler has been imported, and nothing has been requested. */
function loadsFetch({ directory, handler }: Bundle): boolean {
  const file = handler.replace(/\.handler$/, '.mjs');
  const code = `import('./${file}').then(() => console.log(process.moduleLoadList.some((name) => name.includes('undici'))))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { cwd: directory, encoding: 'utf8', env: process.env });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test.each(['fetch.ts', 'function.ts'])('the classes of a fetch app (%s) are loaded in the init phase, which has a whole processor', (entry) => {
  expect(loadsFetch(project.bundle(entry))).toBe(true);
});

test('a listener never loads them', () => {
  expect(loadsFetch(project.bundle('listener.ts'))).toBe(false);
});

test('the runtime has only ASCII characters, since one other character makes V8 keep the whole bundle with two bytes for each', () => {
  const [others] = /[^\x00-\x7f].*/.exec(project.bundle('fetch.ts').read('fetch.cjs')) ?? [];
  expect(others).toBeUndefined();
});
