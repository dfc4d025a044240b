// Runs one contender in a separate process, batch by batch. The effects of an adapter on its process (object shapes in V8,
// async hooks, listeners) affect only that adapter, as on Lambda.
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

/** Microseconds of processor time of the last invocation. */
const lastTook = scenarios.map(() => undefined);

/**
 * The maximum size of events that are parsed in advance. Lambda sends one at a time, so large ones are parsed one at a time
 * too: what else lies in the memory decides how much of it is given back to the system and asked for again.
 */
const MAX_GROUP_BYTES = 1024 * 1024;
const MAX_GROUP = 500;

/** A new event for every invocation, parsed as by Lambda's runtime client, since an app or adapter may keep or change it. */
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
  // Work that an adapter leaves to the event loop counts too.
  await setImmediate();
}

/**
 * Runs groups of invocations until they have taken this many milliseconds. Preparing a group is not timed. Garbage
 * collection is not forced in between, since this would discard compiled code.
 */
async function batch(index, milliseconds) {
  let left = milliseconds * 1000;
  let count = 0;
  while (left > 0) {
    const enough = lastTook[index] === undefined ? 3 : Math.ceil(left / lastTook[index]);
    const size = Math.max(1, Math.min(enough, MAX_GROUP, Math.floor(MAX_GROUP_BYTES / texts[index].length)));
    const inputs = Array.from({ length: size }, () => inputOf(index));
    // Processor time instead of wall-clock time, which would include other work of the machine.
    const start = process.cpuUsage();
    await invoke(inputs);
    const { user, system } = process.cpuUsage(start);
    lastTook[index] = Math.max(1, user + system) / size;
    left -= user + system;
    count += size;
  }
  return (milliseconds * 1000 - left) / count;
}

/** Runs this many invocations in small groups. Preparing a group is not timed. */
async function invokeMany(index, count) {
  const GROUP = 20;
  let microseconds = 0;
  for (let done = 0; done < count; done += GROUP) {
    const inputs = Array.from({ length: Math.min(GROUP, count - done) }, () => inputOf(index));
    const start = process.cpuUsage();
    await invoke(inputs);
    const { user, system } = process.cpuUsage(start);
    microseconds += user + system;
  }
  return microseconds / count;
}

/**
 * Bytes that an invocation allocates: the median growth of the heap and of external memory.
 * The young generation is so large that few invocations have a collection, and the median ignores them.
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
      : command === 'invoke' ? await invokeMany(index, count)
        : await allocate(index, count);
  process.send({ result });
});
process.send({ result: 'ready' });
