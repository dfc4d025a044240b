import { ContenderProcess } from './contender.mjs';
import { median } from '../statistics.mjs';

/** How many invocations of a new environment are timed together, one after the other. V8 has compiled little in the first. */
export const EARLY = [1_000, 4_000];

/** The scenario: small JSON. */
const INDEX = 0;

/**
 * Times the first invocations of new processes: an environment with little traffic has no more. The contenders alternate.
 *
 * @param {{ node: string, cpu?: string, format: string, processes: number, files: Map<string, string>, counts?: number[] }} options
 * @returns {Promise<Array<{ contender: string, microseconds: number[] }>>} for each of `counts`, the median over the processes
 */
export async function measureEarly({ node, cpu, format, processes, files, counts = EARLY }) {
  const ids = [...files.keys()];
  const times = new Map(ids.map((id) => [id, []]));
  for (let round = 0; round < processes; round++) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[(round + i) % ids.length];
      times.get(id).push(await earlyTimes({ node, cpu, format, file: files.get(id) }, counts));
    }
  }
  return ids.map((contender) => ({
    contender,
    microseconds: counts.map((_, window) => median(times.get(contender).map((each) => each[window]))),
  }));
}

async function earlyTimes(options, counts) {
  const contender = await ContenderProcess.start(options);
  try {
    const windows = [];
    for (const count of counts) {
      windows.push(await contender.invoke(INDEX, count));
    }
    return windows;
  } finally {
    contender.end();
  }
}
