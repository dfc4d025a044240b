import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { LeakOptions } from './find-leaks';
import { HeapSnapshot } from './heap-snapshot';
import { MARKER, markedRequest, markerOf } from './marked-request';
import { Bundle } from '../bundles';
import { Environment } from '../runtime-client/environment';

/** Requests without markers, after which nothing has to do with the last request that had one. */
const BLANKS = 12;
const WAIT_MS = 60_000;

/**
 * Sends requests one after the other, as Lambda does, and looks in memory for what grows with them, and for what they had sent.
 *
 * Collections are compared between two snapshots: what loading the app and its first requests leave behind does not count.
 */
export async function findGrowingState(node: string, bundle: Bundle, options: LeakOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'find-leaks-'));
  const environment = await Environment.of(node, bundle, { NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}` });
  try {
    await send(environment, options, 0);
    const before = (await snapshotOf(environment, folder, options)).sizes();
    await send(environment, options, options.requests);
    return [...leaksIn(await snapshotOf(environment, folder, options), before, options.requests)];
  } finally {
    environment.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function send(environment: Environment, options: LeakOptions, first: number): Promise<void> {
  for (let i = 0; i < options.requests; i++) {
    await environment.invoke(markedRequest(i, options, markerOf(first + i)));
  }
  for (let i = 0; i < BLANKS; i++) {
    await environment.invoke(markedRequest(i, options, undefined));
  }
}

/** Node collects garbage before it takes one. */
async function snapshotOf(environment: Environment, folder: string, options: LeakOptions): Promise<HeapSnapshot> {
  const known = readdirSync(folder);
  process.kill(environment.pid!, 'SIGUSR2');
  for (let waited = 0; waited < WAIT_MS; waited += 50) {
    await setTimeout(50);
    const file = readdirSync(folder).find((each) => !known.includes(each));
    if (file !== undefined) {
      // The process answers again when it has written all of it.
      await environment.invoke(markedRequest(0, options, undefined));
      return new HeapSnapshot(join(folder, file));
    }
  }
  throw new Error(`Node has written no snapshot of its memory into ${folder} within ${WAIT_MS / 1000} seconds`);
}

function* leaksIn(snapshot: HeapSnapshot, before: Map<number, number>, requests: number): Generator<string> {
  const growing = new Set<string>();
  for (const [id, size] of snapshot.sizes()) {
    const grown = size - (before.get(id) ?? Infinity);
    const path = grown >= requests / 2 ? snapshot.pathTo(snapshot.nodeOf(id)!) : undefined;
    if (path !== undefined && !growing.has(path)) {
      growing.add(path);
      yield `memory: ${path} has grown by ${grown} values in ${requests} requests, from ${size - grown} to ${size}`;
    }
  }
  yield* rememberedIn(snapshot, [...growing], requests);
}

/** What requests have sent and nobody needs any more, elsewhere than in what grows. */
function* rememberedIn(snapshot: HeapSnapshot, growing: string[], requests: number): Generator<string> {
  const known = growing.map((path) => path.replace(/ \([^)]*\)$/, ''));
  const remembered = new Map<string, Set<string>>();
  for (const { text, node } of snapshot.texts()) {
    const markers = text.match(MARKER);
    const path = markers === null ? undefined : snapshot.pathTo(node)?.replace(/\[\d+\]/g, '[]').replace(MARKER, '…');
    if (path !== undefined && !known.some((each) => path.startsWith(each))) {
      const found = remembered.get(path) ?? new Set();
      markers!.forEach((marker) => found.add(marker));
      remembered.set(path, found);
    }
  }
  for (const [path, markers] of remembered) {
    if (markers.size >= requests / 2) yield `memory: ${path} still has what ${markers.size} of ${2 * requests} answered requests had sent`;
  }
}
