import { answersOf } from './problems.mjs';
import { number } from './tables.mjs';
import { targetsOf } from './targets.mjs';

/**
 * Prints the results of a smoke run. Its figures are too short to be judged.
 * @returns {boolean} whether every part has results, and all our responses are correct
 */
export function printSmoke(run) {
  for (const { kind, of, column, value, unit } of targetsOf(run)) {
    console.log(`${`${number(value)}${unit}`.padStart(8)}  ${kind}: ${of}${column === 'measured' ? '' : `, ${column}`}`);
  }
  return printWrong(run);
}

/**
 * Wrong responses of peers are shown in the results, but are not our defects.
 * @returns {boolean} whether there are responses of ours, and all are correct
 */
export function printWrong(run) {
  const ours = answersOf(run).filter(({ contender }) => contender === 'ours');
  const wrong = ours.filter(({ problem }) => problem !== undefined);
  wrong.forEach(({ where, scenario, problem }) => console.log(`wrong: ${where}, ${scenario}: ${problem}`));
  console.log(`bench: ${ours.length - wrong.length} answers of ours are right, ${wrong.length} wrong`);
  return wrong.length === 0 && ours.length > 0;
}
