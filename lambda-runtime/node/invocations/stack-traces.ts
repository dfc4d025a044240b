import type { Worker } from 'node:worker_threads';
import { remedyFor } from './remedy';
import { sourceLocation } from './source-maps';

/** A line of a stack trace: what is before the location, its file, line and column, and what is after it. */
const FRAME = /^(\s+at (?:async )?(?:.*? \()?)((?:file:\/\/)?\/.+?\.[cm]?[jt]sx?):(\d+):(\d+)(\)?)$/;

/** The name of the called function, if the line has one. */
const CALLED = /^(\s+at (?:async )?(?:new )?)(?:[\w$.<>#]+\.)?([\w$#]+)( (?:\[as .+\] )?\()$/;

/** Limits of what is looked at: a message, which clients may have written, can have lines that look like a stack trace. */
const MAX_LINES = 200;
const MAX_LENGTH = 2_000;

type Prepare = NonNullable<typeof Error.prepareStackTrace>;

let prepares = false;
let loading = true;

/**
 * Makes stack traces name the user's sources from now on. A source map is read when a stack trace is looked at for the
 * first time. Node's `--enable-source-maps` reads it at each start.
 *
 * A hook that the app sets replaces this one, as it replaces what Node's option does; or it calls it.
 *
 * @see https://nodejs.org/api/cli.html#--enable-source-maps
 * @see https://v8.dev/docs/stack-trace-api
 */
export function mapStackTraces(): void {
  if (prepares) {
    return;
  }
  prepares = true;
  // Node 20 has no function of its own there.
  const before = Error.prepareStackTrace ?? plainStackTrace;
  const prepare: Prepare = (error, frames) => {
    const stack = before(error, frames);
    return typeof stack === 'string' ? withAdvice(sourceStack(stack), error) : stack;
  };
  Error.prepareStackTrace = prepare;
  process.on('worker', mapErrorsOf);
}

/** The error of a thread arrives with the text of its stack, from code that need not have this runtime. */
function mapErrorsOf(worker: Worker): void {
  const { emit } = worker;
  worker.emit = function (this: Worker, event: string, ...values: any[]): boolean {
    const [error] = values;
    if (event === 'error' && error instanceof Error && typeof error.stack === 'string') {
      // The property is read-only in Node 22 and later.
      Reflect.defineProperty(error, 'stack', { value: sourceStack(error.stack), writable: true, enumerable: false, configurable: true });
    }
    return emit.call(this, event, ...values);
  };
}

/** The app's module is loaded, so errors reach the log of the runtime, which adds advice itself. */
export function moduleIsLoaded(): void {
  loading = false;
}

/** Replaces locations in a bundle by those in the user's sources. Everything that is no such location stays. */
export function sourceStack(stack: string): string {
  try {
    const lines = stack.split('\n');
    /** Minified code has the name of a function where it is called, which is the line below. */
    let nameBelow: string | undefined;
    for (let i = lines.length - 1; i >= Math.max(0, lines.length - MAX_LINES); i--) {
      const [, before, file, line, column, after] = lines[i].length > MAX_LENGTH ? [] : FRAME.exec(lines[i]) ?? [];
      const source = file === undefined ? undefined : sourceLocation(file, Number(line), Number(column));
      if (source !== undefined) {
        lines[i] = `${withName(before, nameBelow)}${source.text}${after}`;
      }
      nameBelow = source?.name;
    }
    return lines.join('\n');
  } catch {
    return stack;
  }
}

function withName(before: string, name: string | undefined): string {
  return name === undefined ? before : before.replace(CALLED, `$1${name.replace(/\$/g, '$$$$')}$3`);
}

/**
 * What to do about an error of a module that is loaded: Lambda's runtime client logs the error, and the runtime does not
 * even know of it.
 */
function withAdvice(stack: string, error: unknown): string {
  const remedy = loading ? remedyFor(error) : undefined;
  if (remedy === undefined) {
    return stack;
  }
  const [, head, frames] = /^([^]*?)((?:\n\s+at [^\n]*)*)$/.exec(stack)!;
  return `${head}\n[wrapped-web-app] ${remedy}${frames}`;
}

/** As Node prepares stack traces itself. */
function plainStackTrace(error: Error, frames: NodeJS.CallSite[]): string {
  return [headOf(error), ...frames.map((frame) => `    at ${String(frame)}`)].join('\n');
}

function headOf(error: Error): string {
  try {
    const { code } = error as NodeJS.ErrnoException;
    const ofNode = Object.getOwnPropertySymbols(error).some(({ description }) => description === 'kIsNodeError');
    return ofNode && code !== undefined ? `${error.name} [${code}]: ${error.message}` : Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
