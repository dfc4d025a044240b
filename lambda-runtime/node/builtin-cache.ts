import { subscribe } from 'node:diagnostics_channel';
import Module, { isBuiltin } from 'node:module';

/**
 * The options of V8 that Lambda starts Node with, and what sets each to its default. They limit memory and add a function `gc`, so
 * the bytecode is the same with and without them. Later versions of V8 ignore those for memory when they check a code cache.
 *
 * @see https://github.com/v8/v8/commit/87356585659bb47bb2ce380a02d6820d6baaaf6b
 */
const DEFAULTS = new Map([
  ['expose-gc', '--no-expose-gc'],
  ['max-semi-space-size', '--max-semi-space-size=0'],
  ['max-old-space-size', '--max-old-space-size=0'],
]);

/** The major versions of Node for which this is tested. */
const TESTED = ['20', '22', '24'];

interface Loader {
  _load(this: unknown, id: string, ...rest: unknown[]): unknown;
}
const loader = Module as unknown as Loader;

/** Those of the options that the process was started with, in order. Undefined if there are none, or if a thread could see the change. */
let given: string[] | undefined = givenOptions();

if (given !== undefined) {
  // A thread reads the options when it starts, which is while this thread goes on: https://nodejs.org/api/diagnostics_channel.html#worker-thread
  subscribe('worker_threads', () => {
    given = undefined;
  });
}

/**
 * Loads modules of Node from the code cache that is built into Node. V8 refuses a cache that was made with other options than the
 * process has, so on Lambda Node compiles its modules from source, which takes two to four times as long. Here, Lambda's options have
 * their default values while something is loaded. V8 still checks all other options, its version and the cache itself.
 *
 * @param load synchronous, and runs no code but Node's
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function withBuiltinCache(load: () => void): void {
  if (given === undefined) {
    return load();
  }
  const options = given;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  options.forEach((option) => setFlagsFromString(DEFAULTS.get(nameOf(option))!));
  try {
    load();
  } finally {
    options.forEach((option) => setFlagsFromString(option));
  }
}

/**
 * Makes `require` load Node's modules from that cache.
 *
 * @returns a function that sets `require` back
 */
export function cacheRequiredBuiltins(): () => void {
  if (given === undefined) {
    return () => undefined;
  }
  const before = loader._load;
  const load: Loader['_load'] = function (this: unknown, id, ...rest) {
    if (given !== undefined && typeof id === 'string' && isBuiltin(id) && !isLoaded(id)) {
      withBuiltinCache(() => process.getBuiltinModule(id));
    }
    return before.call(this, id, ...rest);
  };
  loader._load = load;
  return () => {
    if (loader._load === load) {
      loader._load = before;
    }
  };
}

function isLoaded(id: string): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  return moduleLoadList.includes(`NativeModule ${id.replace('node:', '')}`);
}

function givenOptions(): string[] | undefined {
  const { node_use_node_code_cache: hasCache } = process.config.variables as { node_use_node_code_cache?: boolean };
  if (hasCache !== true || !TESTED.includes(process.versions.node.split('.')[0]) || process.getBuiltinModule === undefined || isInThread()) {
    return undefined;
  }
  const options = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv].filter((option) => DEFAULTS.has(nameOf(option)));
  return options.length > 0 ? options : undefined;
}

/** `--max_old_space_size=921` is the same as `--max-old-space-size=921`, and `--no-expose-gc` is of the same option as `--expose-gc`. */
function nameOf(option: string): string {
  return option.replace(/^--?(no-)?/, '').replace(/=.*/, '').replaceAll('_', '-');
}

/**
 * Options belong to the process: another thread could start while this one has changed them. `isMainThread` would say it, but
 * loading `node:worker_threads` can take as long as this saves.
 */
function isInThread(): boolean {
  try {
    // Threads cannot: https://nodejs.org/api/process.html#processchdirdirectory
    process.chdir('.');
    return false;
  } catch {
    return true;
  }
}
