// `node scripts/build-stamp.mjs <task>` is the last step of a build: it writes the file whose time is that of the build.
// The built files would not do, since a compiler leaves a file that has not changed, and jsii writes some when it fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export function stampOf(task) {
  return fileURLToPath(new URL(`../.cache/builds/${task.replace(':', '-')}`, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stamp = stampOf(process.argv[2]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
}
