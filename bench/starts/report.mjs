import { CONTENDER_NAMES, NODE_SUBJECTS, PYTHON_SUBJECTS } from './subjects.mjs';
import { median, medianInterval } from '../statistics.mjs';
import { number, table } from '../report/tables.mjs';

/** What a result needs that may be quoted. */
const [LEAST_RUNS, LEAST_PROCESSES] = [3, 15];
const SUBJECTS = { ...NODE_SUBJECTS, ...PYTHON_SUBJECTS };
/** Of the time of the best peer. */
const limitOf = (column) => column === 'Python' ? 0.5 : 1;

/** @param {object[]} runs with the same contenders */
export function startsReport(runs) {
  const { processor, processors, processes, versions } = runs.at(-1);
  const columns = columnsOf(runs);
  const begun = runs.map(({ date, minutes }) => `${date.slice(0, 16).replace('T', ' ')} (${Math.round(minutes)} minutes)`).join(', ');
  return [
    '# Whole starts',
    'Made by `npm run starts` in this folder. What is measured is the synthesized asset: that of `new WrappedWebApp(…)` with all defaults, and that of a `NodejsFunction` with an adapter; in Python a folder with the app, its packages and an adapter. '
    + 'Both run in AWS\'s own runtime clients (aws-lambda-ric 3.3.0 on Node 22, whose native part is that of 4.0.2, and 4.0.2 on Node 24; awslambdaric), with the flags that Lambda gives to Node.',
    `${runs.length} run${runs.length === 1 ? '' : 's'}, begun (UTC) ${begun}, on ${processors} processors (${processor}), with Node ${versions.join(' and ')}; ${processes} fresh processes of each contender in turn.`,
    'Times are milliseconds of processor time above those of an empty handler in the same client: **init** until the client asks for the first event, then the **first** and the **second** request; **start** is init and first request. “Ours to it” divides the times of the same round, with the 95 % interval of the median. '
    + '**Cold files** is the time by the clock from the start of the process to the first answer, after the system was told to forget the contents of the asset\'s files. Values are medians over the processes of all runs; cold files are measured in each third round.',
    ...runs.length < LEAST_RUNS || processes < LEAST_PROCESSES
      ? [`**Not a result to quote**: it needs ${LEAST_RUNS} runs of at least ${LEAST_PROCESSES} processes, on a machine that does nothing else.`] : [],
    '## Targets',
    targetsTable(runs),
    ...columns.flatMap((column) => [`## ${column}`, detailTable(runs, column)]),
    '',
  ].join('\n\n');
}

/**
 * Ours and the best peer, which is the one with the shortest start.
 * @returns {Array<{ column: string, name: string, ours: object, best: object }>}
 */
export function comparisons(runs) {
  return columnsOf(runs).flatMap((column) => frameworksIn(runs, column).map((framework) => {
    const rows = rowsOf(runs, column, framework);
    const best = rows.filter(({ contender }) => !contender.startsWith('ours')).reduce((least, row) => least === undefined || row.start.ms < least.start.ms ? row : least, undefined);
    return { column, name: SUBJECTS[framework].name, ours: rows.find(({ contender }) => contender === 'ours'), best };
  }));
}

function columnsOf(runs) {
  return [...new Set(runs.at(-1).rows.map(({ column }) => column))];
}

function targetsTable(runs) {
  const lines = comparisons(runs).map(({ column, name, best }) => {
    const limit = limitOf(column);
    // Missed only if the interval is above the limit.
    const missed = best.start.ratioInterval[0] > limit;
    const ratio = `${number(best.start.ratio)} (${interval(best.start.ratioInterval)})`;
    return [column, name, CONTENDER_NAMES[best.contender], `${limit}`, missed ? `**${ratio}**` : ratio, missed ? 'missed' : best.start.ratio <= limit ? 'met' : 'not told apart'];
  });
  return table(['', '', 'best peer', 'at most', 'ours to it', ''], lines);
}

function detailTable(runs, column) {
  const lines = frameworksIn(runs, column).flatMap((framework) => rowsOf(runs, column, framework).map((row, index) => [
    index === 0 ? SUBJECTS[framework].name : '',
    CONTENDER_NAMES[row.contender],
    number(row.bytes / 1024),
    ...['init', 'first', 'second', 'start'].map((name) => number(row[name].ms)),
    row.contender === 'ours' ? '' : `${number(row.start.ratio)} (${interval(row.start.ratioInterval)})`,
    number(row.cold.ms),
    row.contender === 'ours' ? '' : `${number(row.cold.ratio)} (${interval(row.cold.ratioInterval)})`,
    number(row.rssAfterStart / 2 ** 20),
    number(row.rssAfterMany / 2 ** 20),
  ]));
  return table(['', '', 'asset, KB', 'init', 'first', 'second', 'start', 'ours to it', 'cold files', 'ours to it', 'RSS after the start, MB', 'after 1,000 requests'], lines);
}

function frameworksIn(runs, column) {
  return [...new Set(runs.at(-1).rows.filter((row) => row.column === column).map(({ framework }) => framework))];
}

/** The figures of all runs together: the median of the samples, and that of the ratios within the rounds with its interval. */
function rowsOf(runs, column, framework) {
  return runs.at(-1).rows.filter((row) => row.column === column && row.framework === framework).map(({ contender }) => {
    const own = runs.map(({ rows }) => rows.find((row) => row.column === column && row.framework === framework && row.contender === contender));
    const middle = (read) => median(own.map(read));
    const ours = runs.map(({ rows }) => rows.find((row) => row.column === column && row.framework === framework && row.contender === 'ours'));
    const figure = (name) => {
      const ratios = own.flatMap(({ samples }, run) => samples[name].map((value, round) => ours[run].samples[name][round] / value));
      return { ms: median(own.flatMap(({ samples }) => samples[name])), ratio: median(ratios), ratioInterval: medianInterval(ratios) };
    };
    return {
      contender,
      bytes: middle(({ bytes }) => bytes),
      rssAfterStart: middle(({ rssAfterStart }) => rssAfterStart),
      rssAfterMany: middle(({ rssAfterMany }) => rssAfterMany),
      ...Object.fromEntries(['init', 'first', 'second', 'start', 'cold'].map((name) => [name, figure(name)])),
    };
  });
}

function interval([low, high]) {
  return `${number(low)} – ${number(high)}`;
}
