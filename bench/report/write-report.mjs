import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allocationChart, coldChart, pythonChart, warmChart } from './chart.mjs';
import { CONTENDERS, FRAMEWORKS } from '../contenders.mjs';
import { requestsLine, writeReadme } from './readme.mjs';
import {
  allocationTable, coldTable, earlyTable, frameworksOf, ownCostTable, pythonImportTable, pythonTable, runtimeApiTable, streamingTable, synthTable, targetCount, targetTable, warmDetail, warmSummary,
  wrongAnswers,
} from './tables.mjs';
import { FORMATS } from '../formats.mjs';
import { PYTHON_FRAMEWORKS } from '../python/measure-python.mjs';
import { STREAMING } from '../streaming/contenders.mjs';
import { EARLY } from '../warm/measure-early.mjs';
import { NODE_VERSIONS } from '../toolchain.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The number of complete runs for the results. */
const RUNS = 3;

/**
 * Writes results.md, the charts and the figures in the README from the last complete runs. A partial run has figures for
 * its part only, and is reported in .cache/report.
 * @param {object} [run] the run that has just finished
 */
export async function writeReport(run) {
  const all = readRuns();
  const last = run ?? all.findLast(isWhole) ?? all.at(-1);
  if (last === undefined) {
    throw new Error('there is no run to report; measure first: npm run bench');
  }
  const whole = isWhole(last);
  // Runs of another build or with other options cannot be combined.
  const runs = whole ? all.filter((each) => isWhole(each) && isOfSame(each, last)).slice(-RUNS) : [last];
  const directory = here(whole ? '..' : '../.cache/report');
  mkdirSync(directory, { recursive: true });
  await writeCharts(runs, directory);
  writeFileSync(`${directory}/results.md`, `${partsOf(runs, whole).join('\n\n')}\n`);
  if (whole) {
    writeReadme(here('../../README.md'), 'requests', requestsLine(runs));
  }
  console.error(`written from ${runs.length} ${whole ? 'whole' : 'partial'} run${runs.length === 1 ? '' : 's'}: ${relative(process.cwd(), `${directory}/results.md`)} and its charts`);
}

function readRuns() {
  const directory = here('../.cache/runs');
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.json')).sort() : [];
  return files.map((name) => JSON.parse(readFileSync(`${directory}/${name}`, 'utf8')));
}

/** Whether a run has the figures for all targets. */
function isWhole({ node, python, synth }) {
  const isWholeNode = (measured) => Object.entries(FRAMEWORKS).every(([framework]) => {
    const { warm = {}, early = [], allocation = {}, cold, streaming } = measured?.[framework] ?? {};
    return FORMATS.every((format) => format in warm) && early.length > 0 && Object.keys(allocation).length > 0 && cold !== undefined && (streaming !== undefined || !(framework in STREAMING));
  });
  return NODE_VERSIONS.every((version) => isWholeNode(node[version.split('.')[0]])) && Object.keys(PYTHON_FRAMEWORKS).every((framework) => framework in python) && synth !== undefined;
}

function isOfSame(run, other) {
  return run.build === other.build && JSON.stringify([run.options, run.versions]) === JSON.stringify([other.options, other.versions]);
}

async function writeCharts(runs, directory) {
  const { machine, versions } = runs.at(-1);
  const nodes = Object.keys(versions).filter((name) => name.startsWith('Node ')).map((name) => versions[name]);
  const subtitle = (language) => [
    runs.at(-1).date.slice(0, 10),
    language,
    `${machine.processors} processors (${machine.processor}), ${machine.memory}, ${machine.system}`,
    runs.length === 1 ? 'one run' : `median of ${runs.length} runs`,
  ].join('; ');
  if (nodes.length > 0) {
    const told = subtitle(`Node ${nodes.join(' and ')}`);
    const charts = { warm: ['chart.svg', warmChart], allocation: ['chart-allocation.svg', allocationChart], cold: ['chart-cold-start.svg', coldChart] };
    for (const [, [name, chart]] of Object.entries(charts).filter(([each]) => hasPart(runs, each))) {
      writeFileSync(`${directory}/${name}`, await chart(runs, told));
    }
  }
  if (versions.Python !== undefined) {
    writeFileSync(`${directory}/chart-python.svg`, await pythonChart(runs, subtitle(`Python ${versions.Python}`)));
  }
}

function partsOf(runs, whole) {
  const majors = [...new Set(runs.flatMap((run) => Object.keys(run.node)))].sort();
  const { met, of } = targetCount(runs);
  const parts = [
    heading(runs, whole),
    '## Targets',
    `${met} of ${of} are met. The best peer of a framework is the fastest over the scenarios and doors that it answers rightly; for allocation, the least of each scenario. A figure is the geometric mean over scenarios and doors, the median of the runs, and in brackets the least and the most of the runs. Bold is missed, with how much it is over.`,
    targetTable(runs),
    ...readFindings(),
  ];
  if (hasPart(runs, 'warm')) {
    parts.push(
      '## Warm invocations',
      '![Time of a warm invocation beside each peer](chart.svg)',
      'Ours to each other, as the geometric mean over scenarios and doors: 0.5 is half of its time. The third column is the framework called with messages that were ready, to the best peer, without the scenarios of 1 MB: what would be left if an adapter cost nothing.',
      ...majors.flatMap((major) => [
        `### Node ${major}`,
        warmSummary(runs, major),
        'What the runtime itself takes, in µs: the time of an invocation without that of the app called with messages that were ready, for small bodies and then for large ones. In brackets our ratio to the best peer of the scenario, the geometric mean over the doors. A negative figure means that the bare app, which sends through Node\'s own response, takes longer.',
        ownCostTable(runs, major),
        details(`Each scenario on Node ${major}, in µs`, [
          'The median over runs and doors; ✗ marks wrong answers, which are listed below.',
          ...frameworksOf(runs, major).map((framework) => warmDetail(runs, major, framework)),
        ]),
      ]),
    );
  }
  if (hasPart(runs, 'early')) {
    parts.push(
      '## The first invocations of an environment',
      `Small JSON, in new processes: the processor time of an invocation within the first ${EARLY[0].toLocaleString('en')}, and within the next ${EARLY[1].toLocaleString('en')}, with the time in which V8 compiles. An environment with little traffic answers no more than these; the tables above are of processes that have answered many.`,
      ...majors.flatMap((major) => [`### Node ${major}`, earlyTable(runs, major)]),
    );
  }
  if (hasPart(runs, 'allocation')) {
    parts.push('## Allocation', '![KB allocated by an invocation](chart-allocation.svg)', ...majors.flatMap((major) => [`### Node ${major}`, allocationTable(runs, major)]));
  }
  if (hasPart(runs, 'cold')) {
    parts.push(
      '## Cold start',
      '![Milliseconds that a cold start takes](chart-cold-start.svg)',
      'Milliseconds of processor time after the app has loaded, in brackets the 95 % interval of the median within a run. “Ours to it” divides the times of the same round. `node:http` is there before all of them, since Lambda\'s own client loads it. “Loads fetch” tells whether Node\'s fetch classes were loaded after the first request.',
      ...majors.flatMap((major) => [`### Node ${major}`, coldTable(runs, major)]),
    );
  }
  if (hasPart(runs, 'streaming')) {
    parts.push('## 10 MB streamed', ...majors.flatMap((major) => [`### Node ${major}`, streamingTable(runs, major)]));
  }
  if (runs.some(({ python }) => Object.keys(python).length > 0)) {
    parts.push('## Python', '![Time of a warm invocation in Python beside each peer](chart-python.svg)', pythonTable(runs), pythonImportTable(runs));
  }
  if (runs.some(({ synth }) => synth !== undefined)) {
    parts.push('## Synthesis', 'In fresh processes, in turn, with the same entry and the same esbuild; by the clock. In brackets the 95 % interval of the median within a run.', synthTable(runs));
  }
  parts.push('## Through the Runtime API', ...runtimeApiTable(runs));
  parts.push('## Wrong answers', 'Checked before anything is timed: status, type, every byte of the body, the headers and cookies of the scenario that has them.', wrongAnswers(runs));
  return parts;
}

function hasPart(runs, part) {
  return runs.flatMap(({ node }) => Object.values(node)).flatMap(Object.values).some((measured) => Object.keys(measured[part] ?? {}).length > 0);
}

function heading(runs, whole) {
  const { machine, options, versions } = runs.at(-1);
  const peers = CONTENDERS.filter((contender) => contender.kind === 'peer').length;
  const begun = runs.map(({ date, minutes }) => `${date.slice(0, 16).replace('T', ' ')} (${Math.round(minutes)} minutes)`).join(', ');
  return [
    '# Results',
    `Made by \`npm run bench\` in this folder; [README.md](README.md) says how it measures. ${peers} Node adapters and two for Python stand beside this package's runtimes. Ratios are ours to theirs: below 1 is less.`,
    whole
      ? `${runs.length} separate invocation${runs.length === 1 ? '' : 's'} of the whole bench, begun (UTC) ${begun}.`
      : `A part of the bench, begun (UTC) ${begun}: not a result to keep.`,
    `Machine: ${machine.processors} processors (${machine.processor}), ${machine.memory}, ${machine.system}. `
    + `${options.rounds} rounds of ${options.milliseconds} ms, ${options.processes} processes for each start.`,
    `Versions: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`,
  ].join('\n\n');
}

/** Where the time goes and what was tried: written by hand in a separate file. */
function readFindings() {
  const file = here('../findings.md');
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

function details(summary, parts) {
  return `<details><summary>${summary}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}
