import { answersOf } from './problems.mjs';
import { number } from './tables.mjs';
import { targetsOf } from './targets.mjs';

/**
 * Prints what a smoke run saw. Its figures are of a moment: they are shown, and never judged.
 * @returns {boolean} whether every part was there, and every answer of ours right
 */
export function printSmoke(run) {
  for (const { kind, of, column, value, unit } of targetsOf(run)) {
    console.log(`${`${number(value)}${unit}`.padStart(8)}  ${kind}: ${of}${column === 'measured' ? '' : `, ${column}`}`);
  }
  return printWrong(run);
}

/**
 * Peers may answer wrongly: that is shown in the results, and is not ours to mend.
 * @returns {boolean} whether there were answers of ours, and all of them right
 */
export function printWrong(run) {
  const ours = answersOf(run).filter(({ contender }) => contender === 'ours');
  const wrong = ours.filter(({ problem }) => problem !== undefined);
  wrong.forEach(({ where, scenario, problem }) => console.log(`wrong: ${where}, ${scenario}: ${problem}`));
  console.log(`bench: ${ours.length - wrong.length} answers of ours are right, ${wrong.length} wrong`);
  return wrong.length === 0 && ours.length > 0;
}
