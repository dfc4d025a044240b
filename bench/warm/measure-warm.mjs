import { scenariosFor } from '../scenarios.mjs';
import { median } from '../statistics.mjs';
import { ContenderProcess } from './contender.mjs';

/**
 * With small bodies nearly all the time is that of compiled code, and V8 is not done with it before so many invocations. A
 * contender with more code of its own settles later than one with less.
 */
const UNTIL_SETTLED = 20_000;
/** In milliseconds, as multiples of the warm-up of large bodies. */
const LONGEST = 8;

/**
 * Times every contender of a framework behind one door, in rounds of short batches. Each round begins with another
 * contender, so that other work of the machine affects all of them equally.
 *
 * @param {{ node: string, cpu?: string, format: string, rounds: number, warmUp: number, milliseconds: number,
 *   files: Map<string, string> }} options bundles by contender
 * @returns {Promise<Array<{ scenario: string, contender: string, problem?: string, microseconds: number, ratio: number }>>}
 *   `ratio` is our time divided by that of the contender: the median over the rounds
 */
export async function measureWarm({ node, cpu, format, rounds, warmUp, milliseconds, files }) {
  const contenders = await startAll({ node, cpu, format, files });
  const rows = [];
  try {
    for (const [index, scenario] of scenariosFor(format).entries()) {
      const problems = new Map();
      for (const { id, process } of contenders) {
        problems.set(id, await process.check(index));
        await (isLarge(scenario) ? warmUpOf(process, index, warmUp) : warmUpOf(process, index, warmUp * LONGEST, UNTIL_SETTLED));
      }
      const times = new Map(contenders.map(({ id }) => [id, []]));
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < contenders.length; i++) {
          const { id, process } = contenders[(round + i) % contenders.length];
          times.get(id).push(await process.batch(index, milliseconds));
        }
      }
      const ours = times.get('ours');
      for (const { id } of contenders) {
        rows.push({
          scenario: scenario.name,
          contender: id,
          problem: problems.get(id),
          microseconds: median(times.get(id)),
          ratio: median(times.get(id).map((time, round) => ours[round] / time)),
        });
      }
    }
  } finally {
    contenders.forEach(({ process }) => process.end());
  }
  return rows;
}

/** Bytes allocated for each invocation, by contender and scenario. */
export async function measureAllocation({ node, cpu, format, files, count }) {
  const flags = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512'];
  const rows = [];
  const contenders = await startAll({ node, cpu, format, files, flags });
  try {
    for (const [index, scenario] of scenariosFor(format).entries()) {
      const many = /MB/.test(scenario.name) ? 10 : isLarge(scenario) ? count / 10 : count;
      for (const { id, process } of contenders) {
        rows.push({ scenario: scenario.name, contender: id, bytes: Math.round(await process.allocate(index, many)) });
      }
    }
  } finally {
    contenders.forEach(({ process }) => process.end());
  }
  return rows;
}

function isLarge({ name }) {
  return /MB|100 KB/.test(name);
}

async function startAll({ files, ...options }) {
  return Promise.all([...files].map(async ([id, file]) => ({ id, process: await ContenderProcess.start({ ...options, file }) })));
}

/** Wall-clock time including the preparation, so that scenarios with 1 MB do not take most of a run; or so many invocations. */
async function warmUpOf(process, index, milliseconds, invocations = Infinity) {
  const BATCH = 15;
  let count = 0;
  for (const start = Date.now(); Date.now() - start < milliseconds && count < invocations;) {
    count += BATCH * 1000 / await process.batch(index, BATCH);
  }
}
