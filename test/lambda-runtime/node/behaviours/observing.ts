import { Server } from 'node:http';
import { Observer } from './behaviour';

/** Collects the notes of one run. Notes after `close` are ignored. */
export class Notes implements Observer {
  public readonly lines: string[] = [];
  private readonly awaited: Promise<unknown>[] = [];
  private closed = false;

  constructor(public readonly server: Server) {}

  public note = (what: string, value?: unknown): void => {
    if (!this.closed) {
      this.lines.push(lineOf(what, value));
    }
  };

  public attempt = (what: string, action: () => unknown): void => {
    let returned: unknown;
    try {
      returned = action();
    } catch (error) {
      this.note(`${what} throws`, error);
      return;
    }
    this.note(`${what} returns`, returned);
  };

  public events = (name: string, emitter: NodeJS.EventEmitter, ...events: string[]): void => {
    for (const event of events) {
      emitter.on(event, (value?: unknown) => this.note(`${name} ${event}`, value instanceof Error ? value : undefined));
    }
  };

  public until = (promise: Promise<unknown>): void => {
    this.awaited.push(promise.catch((error) => this.note('an awaited promise was rejected', error)));
  };

  /** Calls an app and catches what it throws, which would end the process of a plain server. */
  public run(res: { destroy(): unknown }, app: () => unknown): void {
    try {
      const returned = app();
      if (returned instanceof Promise) {
        this.until(returned);
      }
    } catch (error) {
      this.note('the app throws', error);
      res.destroy();
    }
  }

  /** Waits for all promises of `until`, including those that are added while it waits. */
  public async settled(): Promise<void> {
    for (let i = 0; i < this.awaited.length; i++) {
      await this.awaited[i];
    }
  }

  public close(): string[] {
    this.closed = true;
    return this.lines;
  }
}

function lineOf(what: string, value: unknown): string {
  return value === undefined ? what : `${what}: ${show(value)}`;
}

/** Text for a value; equal for values that an app could not distinguish. */
export function show(value: unknown): string {
  if (value instanceof Error) {
    const { name, code, message } = value as NodeJS.ErrnoException;
    return `${name} ${code} ${message}`;
  }
  if (Buffer.isBuffer(value)) {
    return `bytes ${value.toString('base64')}`;
  }
  if (typeof value === 'function') {
    return `function ${value.name}`;
  }
  if (typeof value === 'object' && value !== null && !isPlain(value)) {
    return `a ${value.constructor?.name}`;
  }
  return JSON.stringify(value, (_, each) => each === undefined ? '(undefined)' : each) ?? String(value);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}
