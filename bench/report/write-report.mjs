import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allocationChart, coldChart, warmChart } from './chart.mjs';
import {
  allocationTable, coldTable, frameworksOf, number, pythonImportTable, pythonTable, streamingTable, synthTable, targetTable, warmDetail, warmSummary, wrongAnswers,
} from './tables.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** How many runs the figures come from, at most; a run may be of a part. */
const RUNS = 8;

/** Writes results.md and the charts from the last runs. */
export async function writeReport() {
  const runs = lastRuns();
  const majors = [...new Set(runs.flatMap((run) => Object.keys(run.node)))].sort();
  const main = majors.at(-1);
  const parts = [heading(runs), '## Targets', targetTable(runs)];
  if (main !== undefined) {
    writeFileSync(here('../chart.svg'), await warmChart(runs, main));
    writeFileSync(here('../chart-allocation.svg'), await allocationChart(runs, main));
    writeFileSync(here('../chart-cold-start.svg'), await coldChart(runs, main));
  }
  parts.push(...readFindings());
  for (const major of majors) {
    parts.push(
      `## Warm invocations, Node ${major}`,
      ...(major === main ? ['![Time of a warm invocation](chart.svg)'] : []),
      'Ours to each other, as the geometric mean over scenarios and doors: 0.5 is half of its time. The second column is the framework called with messages that were ready, to the best peer: what would be left if an adapter cost nothing.',
      warmSummary(runs, major),
      details(`Each scenario on Node ${major}, in µs`, [
        'The median over runs and doors; ✗ marks wrong answers, which are listed below.',
        ...frameworksOf(runs, major).map((framework) => warmDetail(runs, major, framework)),
      ]),
      `## Allocation, Node ${major}`,
      ...(major === main ? ['![KB allocated by an invocation](chart-allocation.svg)'] : []),
      allocationTable(runs, major),
      `## Cold start, Node ${major}`,
      ...(major === main ? ['![Milliseconds that a cold start takes](chart-cold-start.svg)'] : []),
      coldTable(runs, major),
      `## 10 MB streamed, Node ${major}`,
      streamingTable(runs, major),
    );
  }
  if (runs.some(({ python }) => Object.keys(python).length > 0)) {
    parts.push('## Python', pythonTable(runs), pythonImportTable(runs));
  }
  if (runs.some(({ synth }) => synth !== undefined)) {
    parts.push('## Synthesis', synthTable(runs));
  }
  parts.push('## Wrong answers', 'Checked before anything is timed: status, type, every byte of the body, the headers and cookies of the scenario that has them.', wrongAnswers(runs));
  writeFileSync(here('../results.md'), `${parts.join('\n\n')}\n`);
  console.error('results.md and the charts are written');
}

function lastRuns() {
  const directory = here('../.cache/runs');
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.json')).sort().slice(-RUNS) : [];
  if (files.length === 0) {
    throw new Error('there is no run to report; measure first: npm run bench');
  }
  return files.map((name) => JSON.parse(readFileSync(`${directory}/${name}`, 'utf8')));
}

function heading(runs) {
  const { machine, options } = runs.at(-1);
  const versions = Object.assign({}, ...runs.map((run) => run.versions));
  const told = runs.map(({ date, node, python, synth }) => {
    const frameworks = Object.values(node).flatMap(Object.values);
    const parts = [
      ...Object.keys(node).map((major) => `Node ${major}`),
      ...['warm', 'allocation', 'cold', 'streaming'].filter((part) => frameworks.some((measured) => Object.keys(measured[part] ?? {}).length > 0)),
      ...(Object.keys(python).length > 0 ? ['Python'] : []),
      ...(synth === undefined ? [] : ['synth']),
    ];
    return `${date.slice(0, 16).replace('T', ' ')} (${parts.join(', ')})`;
  });
  return [
    '# Results',
    'Made by `npm run bench` in this folder; [README.md](README.md) says how it measures. Ratios are ours to theirs: below 1 is less.',
    `${runs.length} separate invocation${runs.length === 1 ? '' : 's'}, begun (UTC) ${told.join('; ')}. Figures are the medians of the invocations.`,
    `Machine: ${machine.processors} processors (${machine.processor}), ${machine.memory}, ${machine.system}, shared with other work, which is why times are of the processor but for streams and synthesis. `
    + `${options.rounds} rounds of ${options.milliseconds} ms, ${options.processes} processes for each start.`,
    `Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
  ].join('\n\n');
}

/** Where the time goes, and what was tried: written by people, kept beside the figures. */
function readFindings() {
  const file = here('../findings.md');
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

function details(summary, parts) {
  return `<details><summary>${summary}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}
