import * as fs from 'node:fs';

/** Values by name; a name is `VARIABLE`, or `LogicalId.VARIABLE` for one function only. */
export type EnvironmentFile = ReadonlyMap<string, string>;

/**
 * Reads lines of `NAME=value`. Ignores empty lines and lines that start with `#`, removes quotes around a value,
 * and expands nothing.
 *
 * @throws when the file cannot be read or a line is not an assignment
 */
export function readEnvironmentFile(file: string): EnvironmentFile {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot read the environment file ${file}: ${(error as Error).message}`);
  }
  const values = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(#|$)/.test(line)) return;
    const assignment = /^\s*(?:export\s+)?([\w.]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (!assignment) {
      throw new Error(`${file}:${index + 1}: expected NAME=value, got '${line.trim()}'`);
    }
    values.set(assignment[1], assignment[2].replace(/^(["'])(.*)\1$/, '$2'));
  });
  return values;
}
