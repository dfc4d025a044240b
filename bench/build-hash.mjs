import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';

/** Identifies a build by all files of some folders, so that runs of different ones are never taken together. */
export function buildHash(directories) {
  return hashOf(directories.flatMap(filesIn));
}

/** @param {string[]} files */
export function hashOf(files) {
  const hash = createHash('sha256');
  files.forEach((file) => hash.update(readFileSync(file)));
  return hash.digest('hex');
}

function filesIn(directory) {
  return readdirSync(directory, { recursive: true }).sort().map((name) => `${directory}/${name}`).filter((path) => statSync(path).isFile() && !path.includes('__pycache__'));
}
