// One contender in a process of its own, driven batch by batch. What one adapter does to the process (the shapes that
// V8 has seen, async hooks, listeners) is paid by that adapter alone, as it is on Lambda.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { answerOf, eventOf, problemWith } from '../formats.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { median } from '../statistics.mjs';

const [file, format] = process.argv.slice(2);
const { handler: promised, prepare } = createRequire(import.meta.url)(file);
const handler = await promised;
const scenarios = scenariosFor(format);
const texts = scenarios.map((scenario) => JSON.stringify(eventOf(format, scenario)));

/** Microseconds of processor time that an invocation took last. */
const lastTook = scenarios.map(() => undefined);

/**
 * As much of events as is parsed ahead. Lambda hands over one at a time: a heap full of large ones would have the garbage
 * collector follow them instead of what the contenders leave behind.
 */
const MAX_GROUP_BYTES = 4 * 1024 * 1024;
const MAX_GROUP = 500;

/** A fresh event for every invocation, parsed as Lambda's client does: an app or adapter may keep or change what it is given. */
function inputOf(index) {
  return prepare === undefined ? JSON.parse(texts[index]) : prepare(scenarios[index]);
}

function contextOf(index) {
  const deadline = Date.now() + 29_000;
  return {
    functionName: 'bench',
    awsRequestId: `request-${index}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function check(index) {
  if (prepare !== undefined) {
    const status = await handler(inputOf(index), contextOf(0));
    return status === 200 ? undefined : `status ${status}`;
  }
  try {
    const result = await handler(inputOf(index), contextOf(0));
    return problemWith(answerOf(format, result), scenarios[index]);
  } catch (error) {
    return error.message;
  }
}

async function invoke(inputs) {
  for (let i = 0; i < inputs.length; i++) {
    await handler(inputs[i], contextOf(i));
    inputs[i] = undefined;
  }
  // What an adapter leaves to the event loop is its cost too.
  await setImmediate();
}

/**
 * Runs groups of invocations until they have taken so many milliseconds. What prepares a group is not timed. No garbage is
 * collected in between: a collection that is asked for throws compiled code away.
 */
async function batch(index, milliseconds) {
  let left = milliseconds * 1000;
  let count = 0;
  while (left > 0) {
    const enough = lastTook[index] === undefined ? 3 : Math.ceil(left / lastTook[index]);
    const size = Math.max(1, Math.min(enough, MAX_GROUP, Math.floor(MAX_GROUP_BYTES / texts[index].length)));
    const inputs = Array.from({ length: size }, () => inputOf(index));
    // Processor time, not the clock's: on a machine that has other work too, the clock measures that work.
    const start = process.cpuUsage();
    await invoke(inputs);
    const { user, system } = process.cpuUsage(start);
    lastTook[index] = Math.max(1, user + system) / size;
    left -= user + system;
    count += size;
  }
  return (milliseconds * 1000 - left) / count;
}

/**
 * Bytes that an invocation allocates: the median of the growth of the heap and of what lies outside of it.
 * The young generation is large enough that few invocations see a collection, which the median leaves out.
 */
async function allocate(index, count) {
  await invoke(Array.from({ length: count }, () => inputOf(index)));
  const inputs = Array.from({ length: count }, () => inputOf(index));
  globalThis.gc();
  const grown = [];
  for (let i = 0; i < count; i++) {
    const input = inputs[i];
    const context = contextOf(i);
    const before = usedBytes();
    await handler(input, context);
    grown.push(usedBytes() - before);
  }
  return median(grown);
}

function usedBytes() {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

process.on('message', async ({ command, index, milliseconds, count }) => {
  const result = command === 'check' ? await check(index)
    : command === 'batch' ? await batch(index, milliseconds)
      : await allocate(index, count);
  process.send({ result });
});
process.send({ result: 'ready' });
