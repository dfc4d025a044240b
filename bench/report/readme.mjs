import { readFileSync, writeFileSync } from 'node:fs';
import { FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean, median } from '../statistics.mjs';
import { number } from './tables.mjs';
import { bestPeerRatio } from './targets.mjs';

/** The request whose time is told in microseconds. */
const SMALL = 'small JSON';

/** Replaces the line between the markers of this name, so that it matches the results. */
export function writeReadme(file, name, line) {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- ${name}: made by the bench -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`${file} has no ${begin} … ${end} to put the figures between`);
  }
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n${line}\n${text.slice(to)}`);
}

/** @param {Array<{ column: string, name: string, ours: object, best: object }>} compared of `starts/report.mjs` */
export function startsLine(compared) {
  const ratiosOf = (isColumn) => compared.filter(({ column }) => isColumn(column)).map(({ best }) => best.start.ratio);
  const newest = newestOf(compared.map(({ column }) => column));
  const told = (name, column) => {
    const { ours, best } = compared.find((each) => each.name === name && each.column === column);
    return `${number(ours.start.ms)} and ${number(best.start.ms)} ms`;
  };
  return `- **A cold start** takes ${range(ratiosOf((column) => column !== 'Python'))} times as long as that of a \`NodejsFunction\` with the fastest adapter (Express 5 on ${newest}: ${told('Express 5', newest)}), `
    + `and in Python ${range(ratiosOf((column) => column === 'Python'))} times as long as that of a folder with apig-wsgi or Mangum (Flask: ${told('Flask', 'Python')}).`;
}

export function requestsLine(runs) {
  const majors = Object.keys(runs.at(-1).node).sort();
  const node = majors.flatMap((major) => Object.keys(FRAMEWORKS).map((framework) => median(runs.map((run) => bestPeerRatio(run.node[major][framework])))));
  const python = Object.keys(PYTHON_NAMES).map((framework) => geometricMean(runs.flatMap((run) => run.python[framework].warm).filter(({ contender }) => contender === 'apig-wsgi' || contender === 'mangum').map(({ ratio }) => ratio)));
  const small = (rows, id) => median(rows.filter(({ scenario, contender }) => scenario === SMALL && contender === id).map(({ microseconds }) => microseconds));
  const own = (rows) => number(small(rows, 'ours') - small(rows, 'bare'));
  const http = runs.flatMap((run) => Object.values(run.node[majors.at(-1)].http.warm).flat());
  const flask = runs.flatMap((run) => run.python.flask.warm);
  return `- **A later request** takes ${range(node)} times as long as with the fastest adapter on Node, and ${range(python)} times in Python. Of a small JSON response, the runtime itself takes ${own(http)} µs with plain \`http\` and ${own(flask)} µs with Flask.`;
}

/** The column of the newest Node. */
export function newestOf(columns) {
  return columns.filter((column) => column.startsWith('Node')).sort().at(-1);
}

/** The least and the most of ratios, as `0.90 to 1.10`. */
function range(values) {
  const [least, most] = [Math.min(...values).toFixed(2), Math.max(...values).toFixed(2)];
  return least === most ? least : `${least} to ${most}`;
}
