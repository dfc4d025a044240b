import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Project } from '../../src/bundling/project';
import { INSTALLATION_TIME, NodeVersion, installedNodes } from '../../toolchain';

const EVENT = join(__dirname, '../../fixtures/events/function-url.json');

const project = new Project({
  'package.json': {},
  'fetch.ts': 'export default { fetch: (request: Request) => Response.json({ path: new URL(request.url).pathname }) };',
  'listener.ts': 'export default (req: any, res: any) => { res.setHeader("content-type", "application/json"); res.end(JSON.stringify({ path: req.url })); };',
});

/** The bytes that the requests of a bundle allocate, and those of them that are there when V8 looks for garbage. */
function garbageOf({ version, binary }: { version: NodeVersion; binary: string }, bundle: string): { allocated: number; survived: number } {
  // Without optimized code, as an environment begins. The young generation is looked through each time that it is full.
  const flags = ['--no-opt', ...version === '24' ? ['--no-maglev'] : [], '--trace-gc-nvp', '--max-semi-space-size=1'];
  const { stdout, stderr } = spawnSync(binary, [...flags, join(__dirname, 'garbage/send-requests.mjs'), bundle, EVENT], { encoding: 'utf8', env: process.env });
  expect(stderr).toBe('');
  const sum = (field: string) => [...stdout.matchAll(new RegExp(`\\bgc=s .*\\b${field}=(\\d+)`, 'g'))].reduce((total, [, bytes]) => total + Number(bytes), 0);
  return { allocated: sum('allocated'), survived: sum('new_space_survived') };
}

describe.each(['listener', 'fetch'])('the requests of a %s', (kind) => {
  const bundle = project.bundle(`${kind}.ts`);

  // With a function that V8 allocates in the old generation, and that knows the request, all of it stays until the next full collection.
  test.each(installedNodes())('are garbage as soon as they are answered, on Node $version', (node) => {
    const { allocated, survived } = garbageOf(node, join(bundle.directory, `${kind}.mjs`));
    expect(allocated).toBeGreaterThan(20_000_000);
    expect(survived / allocated).toBeLessThan(0.1);
  }, INSTALLATION_TIME);
});
