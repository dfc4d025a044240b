// The command: measures whole starts, stores the figures in .cache/starts, and writes results-starts.md from the last three runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureStarts } from './measure-starts.mjs';
import { comparisons, startsReport } from './report.mjs';
import { keepRun, lastRuns } from './runs.mjs';
import { NODE_SUBJECTS, PYTHON_SUBJECTS } from './subjects.mjs';
import { buildHash } from '../build-hash.mjs';
import { startsChart } from '../report/chart.mjs';
import { newestOf, startsLine, writeReadme } from '../report/readme.mjs';
import { NODE_VERSIONS, nodeBinary, pythonBinary } from '../toolchain.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The README tells of a whole run only. */
const SUBJECT_COUNT = Object.keys({ ...NODE_SUBJECTS, ...PYTHON_SUBJECTS }).length;

const string = { type: 'string' };
const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, report: { type: 'boolean' }, processes: string, frameworks: string, nodes: string, python: string } });

if (values.report) {
  await writeReport();
} else {
  const { smoke } = values;
  // Not below this folder, whose package.json makes ES modules of all .js files.
  const directory = mkdtempSync(`${tmpdir()}/whole-starts-`);
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => process.exit(1)));
  const versions = values.nodes?.split(',') ?? (smoke ? [process.versions.node] : NODE_VERSIONS);
  const frameworks = values.frameworks?.split(',') ?? (smoke ? ['express5'] : [...Object.keys(NODE_SUBJECTS), ...Object.keys(PYTHON_SUBJECTS)]);
  const processes = Number(values.processes ?? (smoke ? 1 : 21));
  // The construct shapes an asset as much as the runtime in it does.
  const build = buildHash([here('../../lib')]);
  const began = Date.now();
  const store = async (rows) => {
    if (smoke) {
      return;
    }
    keepRun({ date: new Date(began).toISOString(), build, minutes: (Date.now() - began) / 60_000, processor: cpus()[0].model.trim(), processors: cpus().length, processes, versions, frameworks, rows });
    await writeReport();
  };
  const rows = await measureStarts({
    nodes: versions.map((version) => ({ node: version === process.versions.node ? process.execPath : nodeBinary(version), major: version.split('.')[0] })),
    frameworks,
    python: frameworks.some((name) => name in PYTHON_SUBJECTS) ? pythonBinary(values.python) : undefined,
    processes,
    directory,
    many: smoke ? 3 : 1000,
    progress: (what) => console.error(`${((Date.now() - began) / 60_000).toFixed(1).padStart(5)} min  ${what}`),
    onRows: store,
  });
  console.log(`starts: ${rows.length} contenders answered rightly`);
}

async function writeReport() {
  const runs = lastRuns();
  writeFileSync(here('../results-starts.md'), startsReport(runs));
  const compared = comparisons(runs);
  if (new Set(compared.map(({ name }) => name)).size < SUBJECT_COUNT) {
    return;
  }
  const newest = newestOf(compared.map(({ column }) => column));
  const shown = compared.filter(({ column }) => column === newest || column === 'Python').map(({ name, ours, best }) => ({ name, ours: ours.start.ms, best: best.start.ms }));
  const { date, processor, processors } = runs.at(-1);
  writeFileSync(here('../chart-starts.svg'), await startsChart(shown, `${date.slice(0, 10)}; ${newest} and Python; ${processors} processors (${processor}); ${runs.length} runs`));
  writeReadme(here('../../README.md'), 'starts', startsLine(compared));
}
