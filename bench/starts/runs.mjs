import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../.cache/starts', import.meta.url));
const RUNS = 3;

/** Stores a run, in place of what was stored of it before. */
export function keepRun(run) {
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(`${DIRECTORY}/${run.date.replace(/[:.]/g, '-')}.json`, JSON.stringify(run));
}

/** The last run, and those before it of the same build with the same apps on the same versions. Empty if there is none. */
export function lastRuns() {
  const files = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).sort() : [];
  const all = files.map((name) => JSON.parse(readFileSync(`${DIRECTORY}/${name}`, 'utf8')));
  const last = all.at(-1);
  const kind = ({ build, versions, frameworks, processes }) => JSON.stringify([build, versions, frameworks, processes]);
  return all.filter((run) => kind(run) === kind(last)).slice(-RUNS);
}
