import { number } from './tables.mjs';
import { targetsOf } from './targets.mjs';

/**
 * Prints what a smoke run saw. Its figures are of a moment: they are shown, and never judged.
 * @returns {boolean} whether every answer of ours was right
 */
export function printSmoke(run) {
  for (const { name, value, unit } of targetsOf(run)) {
    console.log(`${number(value)}${unit}  ${name}`);
  }
  const wrong = wrongOf(run);
  wrong.forEach((line) => console.log(`wrong: ${line}`));
  const checked = Object.values(run.node).flatMap(Object.values).flatMap(({ warm }) => Object.values(warm).flat()).filter(({ contender }) => contender === 'ours').length
    + Object.values(run.python).flatMap(({ warm }) => warm).filter(({ contender }) => contender === 'ours').length;
  console.log(`${checked - wrong.length} passed, ${wrong.length} failed`);
  return wrong.length === 0 && checked > 0;
}

function wrongOf(run) {
  const lines = [];
  for (const [major, frameworks] of Object.entries(run.node)) {
    for (const [framework, { warm, streaming }] of Object.entries(frameworks)) {
      for (const [format, rows] of Object.entries(warm)) {
        for (const { contender, scenario, problem } of rows) {
          if (contender === 'ours' && problem !== undefined) {
            lines.push(`Node ${major} ${framework} ${format} ${scenario}: ${problem}`);
          }
        }
      }
      for (const { contender, problem } of streaming ?? []) {
        if (contender === 'ours' && problem !== undefined) {
          lines.push(`Node ${major} ${framework} streaming: ${problem}`);
        }
      }
    }
  }
  for (const [framework, { warm }] of Object.entries(run.python)) {
    for (const { contender, format, scenario, problem } of warm) {
      if (contender === 'ours' && problem !== undefined) {
        lines.push(`${framework} ${format} ${scenario}: ${problem}`);
      }
    }
  }
  return lines;
}
