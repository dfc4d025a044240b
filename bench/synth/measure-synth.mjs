import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, medianInterval } from '../statistics.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CONSTRUCTS = ['WrappedWebApp', 'NodejsFunction'];

/**
 * The time of `new WrappedWebApp` and of a `NodejsFunction` with the same entry and a Function URL, alternating in fresh
 * processes, with the same esbuild and otherwise with their defaults. Measured by the clock, since both wait for child
 * processes.
 * @param {{ processes: number }} options
 */
export async function measureSynth({ processes }) {
  const project = here('../.cache/synth');
  mkdirSync(project, { recursive: true });
  writeFileSync(`${project}/package.json`, '{ "name": "synth", "private": true }\n');
  writeFileSync(`${project}/package-lock.json`, '{ "name": "synth", "lockfileVersion": 3, "packages": {} }\n');
  writeFileSync(`${project}/app.ts`, [
    'import express from \'express\';',
    'export const app = express();',
    'app.get(\'/json\', (_req: unknown, res: { json(value: object): void }) => res.json({ hello: \'world\' }));',
    'export const handler = async () => ({ statusCode: 200, app: typeof app });',
    '',
  ].join('\n'));
  const samples = Object.fromEntries(CONSTRUCTS.map((construct) => [construct, []]));
  for (let round = -1; round < processes; round++) {
    for (let i = 0; i < CONSTRUCTS.length; i++) {
      const construct = CONSTRUCTS[(round + 1 + i) % CONSTRUCTS.length];
      const outdir = mkdtempSync(`${tmpdir()}/bench-synth-`);
      const { stdout } = await run(process.execPath, [here('synth-process.cjs'), construct, `${project}/app.ts`, `${project}/package-lock.json`], {
        cwd: project,
        env: { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: outdir, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1' },
      });
      rmSync(outdir, { recursive: true, force: true });
      if (round >= 0) {
        samples[construct].push(JSON.parse(stdout.trim().split('\n').at(-1)));
      }
    }
  }
  return CONSTRUCTS.map((construct) => {
    const ratios = samples.WrappedWebApp.map(({ made }, round) => made / samples[construct][round].made);
    return {
      construct,
      made: median(samples[construct].map(({ made }) => made)),
      synthesized: median(samples[construct].map(({ synthesized }) => synthesized)),
      ratio: median(ratios),
      ratioInterval: medianInterval(ratios),
    };
  });
}
