import { readFileSync, writeFileSync } from 'node:fs';
import { FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_NAMES } from '../python/measure-python.mjs';
import { median } from '../statistics.mjs';
import { number, table, targetCount } from './tables.mjs';
import { bestColdPeer, targetsOf } from './targets.mjs';

const BEGIN = '<!-- figures: npm run report -->';
const END = '<!-- end of figures -->';

/** Replaces the figures between the markers, so that they match the results. */
export function writeReadme(file, runs) {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`${file} has no ${BEGIN} … ${END} to put the figures between`);
  }
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${figures(runs)}\n${text.slice(end)}`);
}

/** Milliseconds on the newest Node: ours, and those of the peer that adds the least. */
function coldCells(runs, names, figure) {
  const major = Object.keys(runs.at(-1).node).sort().at(-1);
  return names.map((name) => {
    const framework = Object.keys(FRAMEWORKS).find((key) => FRAMEWORKS[key] === name);
    const cold = runs.map(({ node }) => node[major][framework].cold);
    const ours = median(cold.map((rows) => rows.find(({ contender }) => contender === 'ours')[figure].ms));
    const best = median(cold.map((rows) => bestColdPeer(rows, figure)[figure].ms));
    return `${number(ours)} (${number(best)})`;
  });
}

function figures(runs) {
  const targets = runs.flatMap(targetsOf);
  const columns = [...new Set(targets.map(({ column }) => column))].filter((column) => column !== 'measured').sort();
  const frameworks = Object.values(FRAMEWORKS).filter((name) => targets.some(({ of }) => of === name));
  const valueOf = (kind, of, column) => {
    const values = targets.filter((target) => target.kind.startsWith(kind) && target.of === of && target.column === column).map(({ value }) => value);
    return values.length === 0 ? '' : number(median(values));
  };
  const row = (name, kind) => [name, ...frameworks.map((framework) => columns.map((column) => valueOf(kind, framework, column)).join(' / '))];
  const { met, of } = targetCount(runs);
  const { date, machine } = runs.at(-1);
  const python = Object.values(PYTHON_NAMES).map((name) => `${name} ${valueOf('Whole invocation', name, 'measured')}`).join(', ');
  return [
    table([`Ours to the best peer, ${columns.join(' / ')}`, ...frameworks], [
      row('Time of a warm invocation', 'Warm invocation, of the best peer\'s'),
      row('Memory that it allocates', 'Allocation'),
      ['Init added to a cold start, ms (the best peer\'s)', ...coldCells(runs, frameworks, 'initAdded')],
      ['The same with the first request', ...coldCells(runs, frameworks, 'both')],
    ]),
    '',
    `Time and memory are ours to the best peer's: 0.5 is half. Times of cold starts are those on ${columns.at(-1)}. In Python, where the framework takes most of the time, an invocation takes this many times as long as with apig-wsgi or Mangum, in the worst scenario: ${python}. `
    + `${date.slice(0, 10)}, ${machine.processors} processors (${machine.processor}), the median of ${runs.length} run${runs.length === 1 ? '' : 's'}; ${met} of ${of} targets are met.`,
  ].join('\n');
}
