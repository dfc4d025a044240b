/**
 * Runs behaviours on the current version of Node, each on Node's server and through the runtime, and prints one line of
 * JSON for each. `node main.mjs <runtime> [name]`
 */
import { pathToFileURL } from 'node:url';
import { ALL } from './all';
import { Behaviour, DOORS, STREAMING_DOORS, Way } from './behaviour';
import { onPlainServer } from './plain-server';
import { throughRuntime } from './runtime';

/** How many behaviours run at the same time without delaying each other. */
const AT_ONCE = 12;

const [runtime, only] = process.argv.slice(2);
const nodeVersion = Number(process.versions.node.split('.')[0]);

async function main(): Promise<void> {
  const { makeLambdaHandler } = await import(pathToFileURL(runtime).href);
  const queue = ALL.filter(({ name, since = 0 }) => since <= nodeVersion && (only === undefined || name === only));
  const run = async (behaviour: Behaviour): Promise<void> => {
    const plain = await onPlainServer(behaviour);
    const outcomes = [];
    for (const way of waysOf(behaviour)) {
      outcomes.push({ way, outcome: await throughRuntime(behaviour, way, makeLambdaHandler) });
    }
    process.stdout.write(`${JSON.stringify({ name: behaviour.name, plain, outcomes })}\n`);
  };
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await run(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // What is still to be written to a pipe would be lost.
  process.stdout.write('', () => process.exit());
}

function waysOf({ doors = DOORS }: Behaviour): Way[] {
  return [
    ...doors.map((door) => ({ door, streaming: false })),
    ...doors.filter((door) => STREAMING_DOORS.includes(door)).map((door) => ({ door, streaming: true })),
  ];
}

void main();
