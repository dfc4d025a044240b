import { Server } from 'node:http';
import { Observer } from './behaviour';

/** Gathers the notes of one run; what comes after it is closed is no longer heard. */
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

  /** Calls an app; what it throws would end a plain server's process. */
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

  /** Waits for everything that the app asked to wait for, also what it asks for meanwhile. */
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

/** Text that is the same for values that an app could not tell apart. */
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
