import { readFileSync, writeFileSync } from 'node:fs';
import { FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_NAMES } from '../python/measure-python.mjs';
import { comparisons } from '../starts/report.mjs';
import { geometricMean, median } from '../statistics.mjs';
import { number } from './tables.mjs';
import { bestPeer, bestPeerRatio } from './targets.mjs';

const BEGIN = '<!-- figures: npm run report -->';
const END = '<!-- end of figures -->';
/** The request of the README's chart. */
const SMALL = 'small JSON';

/** Replaces the figures between the markers, so that they match the results. */
export function writeReadme(file, runs, starts) {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`${file} has no ${BEGIN} … ${END} to put the figures between`);
  }
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${figures(runs, starts)}\n${text.slice(end)}`);
}

/**
 * A small response of each framework, on the newest Node and in Python: the median over runs and doors.
 * @returns {Array<{ name: string, ours: number, best: number, bare: number }>} microseconds
 */
export function smallRequests(runs) {
  const major = newestOf(runs);
  const node = Object.entries(FRAMEWORKS).map(([framework, name]) => ({ name, rows: runs.flatMap((run) => Object.values(run.node[major][framework].warm)) }));
  const python = Object.entries(PYTHON_NAMES).map(([framework, name]) => ({ name, rows: runs.flatMap((run) => byDoor(run.python[framework].warm)) }));
  return [...node, ...python].map(({ name, rows }) => {
    const of = (contender) => median(rows.map((door) => door.find((row) => row.scenario === SMALL && row.contender === contender(door)).microseconds));
    return { name, ours: of(() => 'ours'), best: of((door) => bestOf(door)), bare: of(() => 'bare') };
  });
}

export function startTimes(starts) {
  const columns = [...new Set(comparisons(starts).map(({ column }) => column))];
  const newest = columns.filter((column) => column.startsWith('Node')).sort().at(-1);
  return comparisons(starts).filter(({ column }) => column === newest || column === 'Python').map(({ name, ours, best }) => ({ name, ours: ours.start.ms, best: best.start.ms }));
}

function bestOf(door) {
  return bestPeer(door, SMALL)?.contender ?? door.find(({ contender }) => contender === 'apig-wsgi' || contender === 'mangum').contender;
}

function byDoor(rows) {
  return [...new Set(rows.map(({ format }) => format))].map((format) => rows.filter((row) => row.format === format));
}

function newestOf(runs) {
  return Object.keys(runs.at(-1).node).sort().at(-1);
}

/** The least and the most of ratios, as `0.9 to 1.1`. */
function range(values) {
  const [least, most] = [Math.min(...values).toFixed(2), Math.max(...values).toFixed(2)];
  return least === most ? least : `${least} to ${most}`;
}

function figures(runs, starts) {
  const compared = comparisons(starts);
  const ratiosOf = (isColumn) => compared.filter(({ column }) => isColumn(column)).map(({ best }) => best.start.ratio);
  const starting = (name, column) => compared.find((each) => each.name === name && each.column === column);
  const majors = Object.keys(runs.at(-1).node).sort();
  const express = starting('Express 5', `Node ${majors.at(-1)}`);
  const flask = starting('Flask', 'Python');
  const warm = majors.flatMap((major) => Object.keys(FRAMEWORKS).map((framework) => median(runs.map(({ node }) => bestPeerRatio(node[major][framework])))));
  const python = Object.keys(PYTHON_NAMES).map((framework) => geometricMean(runs.flatMap((run) => run.python[framework].warm).filter(({ contender }) => contender === 'apig-wsgi' || contender === 'mangum').map(({ ratio }) => ratio)));
  const small = new Map(smallRequests(runs).map((each) => [each.name, each]));
  const own = (name) => Math.max(0, small.get(name).ours - small.get(name).bare);
  const { date, machine } = runs.at(-1);
  return [
    `- **A cold start** takes ${range(ratiosOf((column) => column !== 'Python'))} times as long as that of a \`NodejsFunction\` with the fastest adapter (Express 5 on Node ${majors.at(-1)}: ${number(express.ours.start.ms)} and ${number(express.best.start.ms)} ms), and in Python ${range(ratiosOf((column) => column === 'Python'))} times as long as that of a folder with apig-wsgi or Mangum (Flask: ${number(flask.ours.start.ms)} and ${number(flask.best.start.ms)} ms).`,
    `- **A later request** takes ${range(warm)} times as long as with the fastest adapter on Node, and ${range(python)} times in Python. Of a small JSON response, the runtime itself takes ${number(own('plain http'))} µs with plain \`http\` and ${number(own('Flask'))} µs with Flask.`,
    '- **For you**: your framework and your code decide how long a visitor waits, and this library adds no more than other adapters. If starts matter, choose a framework that loads fast, and more memory, which brings more processor.',
    '',
    `Processor time on ${machine.processors} processors (${machine.processor}), ${date.slice(0, 10)}, the median of ${runs.length} run${runs.length === 1 ? '' : 's'}; a small function on Lambda has a fraction of one.`,
  ].join('\n');
}
