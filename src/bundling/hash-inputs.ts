import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { PACKAGE_ROOT } from './package-root';
import { SelectedFile } from './select-files';

/**
 * Makes one hash of everything that a bundle depends on: this library, the given facts, and the files that are uploaded, but not their
 * times, so that a new checkout of the same sources has the same hash.
 *
 * @param facts anything that JSON can represent
 */
export function hashInputs(facts: unknown, files: readonly SelectedFile[]): string {
  const hash = createHash('sha256').update(JSON.stringify([hashOfLibrary(), facts]));
  for (const { source, target } of files) {
    // eslint-disable-next-line no-bitwise
    const executable = (statSync(source).mode & 0o111) !== 0;
    hash.update(JSON.stringify([target, executable, sha256(readFileSync(source))]));
  }
  return hash.digest('hex');
}

let ofLibrary: string | undefined;

/** Not only the version: a developer of this library changes its files without it. */
function hashOfLibrary(): string {
  if (ofLibrary === undefined) {
    const hash = createHash('sha256').update(readFileSync(path.join(PACKAGE_ROOT, 'package.json')));
    for (const directory of [__dirname, path.join(PACKAGE_ROOT, 'lib/lambda-runtime/python')]) {
      for (const file of (readdirSync(directory, { recursive: true }) as string[]).sort()) {
        const named = path.join(directory, file);
        if (statSync(named).isFile()) hash.update(`${file}\n`).update(sha256(readFileSync(named)));
      }
    }
    ofLibrary = hash.digest('hex');
  }
  return ofLibrary;
}

function sha256(contents: Buffer): string {
  return createHash('sha256').update(contents).digest('hex');
}
