import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { STACKS, synthesize } from './stacks';

/** Rewrites the snapshots: `UPDATE_SNAPSHOTS=1 npx jest test/integ/snapshots`. */
const UPDATE = process.env.UPDATE_SNAPSHOTS === '1';

/** Replaces the hashes of the bundles, which change with every change of the runtime. */
function withoutBundles(template: object): string {
  return JSON.stringify(template, undefined, 1)
    .replace(/[0-9a-f]{64}\.zip/g, '<bundle>.zip')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>') + '\n';
}

test.each(STACKS)('the template of integ.%s is the committed one', name => {
  const assembly = synthesize(name);
  const folder = path.join(__dirname, `../../integ/integ.${name}.ts.snapshot`);
  for (const { stackName, template } of assembly.stacks) {
    const file = path.join(folder, `${stackName}.template.json`);
    const text = withoutBundles(template);
    if (UPDATE || !existsSync(file)) {
      if (process.env.CI && !UPDATE) throw new Error(`${file} is missing; run: UPDATE_SNAPSHOTS=1 npx jest test/integ/snapshots, and commit it`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  }
});
