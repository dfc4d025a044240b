import { writeSync } from 'node:fs';
import { ResponseAbandoned } from './abandoned';
import { currentInvocation } from './current-invocation';
import type { ExitAfterAnswers } from './exit-after-answers';
import { InFlight } from './in-flight';
import { Invocation } from './invocation';
import { lineOf, log } from './log';

/**
 * The key under which the promise of a listener stores its invocation, so that a rejection can be assigned to a request.
 * A WeakMap would work too, but its entries cost the garbage collector more time than most apps need for a request.
 */
const OWNER = Symbol('wrapped-web-app.invocation');

/**
 * Keeps the environment alive after an uncaught exception or an unhandled rejection, and answers the request that failed.
 * Without this, Node would end the process, and the next requests would fail too: see
 * docs/decisions/0002-environments-outlive-exceptions.md.
 *
 * If the app listens for these events itself, it decides, as on a plain server.
 */
export class Faults {
  private installed = false;
  private exit: ExitAfterAnswers | undefined;

  constructor(private readonly inFlight: InFlight<Invocation>) {}

  /** @param exit ends the process after the requests are answered; undefined to keep the environment, as long as nobody says otherwise */
  public install(exit?: ExitAfterAnswers): void {
    this.exit ??= exit;
    if (this.installed) {
      return;
    }
    this.installed = true;
    removeListenersOfRuntimeClient();
    const onException = (error: unknown, origin: string) => {
      if (!hasOtherListener('uncaughtException', onException)) {
        this.fail(error, origin, undefined);
      }
    };
    const onRejection = (reason: unknown, promise: Promise<unknown>) => {
      if (hasOtherListener('unhandledRejection', onRejection)) {
        return;
      }
      const others = process.listeners('uncaughtException').filter((listener) => listener !== onException);
      if (others.length > 0) {
        // Node turns an unhandled rejection into an uncaught exception.
        others.forEach((listener) => listener.call(process, reason as Error, 'unhandledRejection'));
      } else {
        this.fail(reason, 'unhandledRejection', promise);
      }
    };
    process.on('uncaughtException', onException);
    process.on('unhandledRejection', onRejection);
    process.on('exit', (code) => this.logLostRequests(code));
  }

  /** Assigns the promise that a listener returned to its invocation. */
  public recordOwner(result: unknown, invocation: Invocation): void {
    if (result instanceof Promise) {
      try {
        (result as { [OWNER]?: Invocation })[OWNER] = invocation;
      } catch {
        // The app has frozen it. The async context has the invocation too.
      }
    }
  }

  private affectedInvocations(owner: Invocation | undefined): Invocation[] {
    if (owner !== undefined) {
      return this.inFlight.has(owner) ? [owner] : [];
    }
    return this.inFlight.all();
  }

  private fail(error: unknown, origin: string, promise: object | undefined): void {
    const { exit } = this;
    if (error instanceof ResponseAbandoned) {
      return;
    }
    const owner = (promise as { [OWNER]?: Invocation } | undefined)?.[OWNER] ?? currentInvocation.getStore();
    const affected = this.affectedInvocations(owner);
    const problem = origin === 'unhandledRejection' ? 'a promise was rejected and nobody handled it' : 'uncaught exception';
    if (affected.length === 0) {
      log('error', `${problem}, after all requests that could have caused it were answered`, owner?.subject, error);
    }
    exit?.begin();
    for (const invocation of affected) {
      invocation.fail(500, problem, error);
    }
    if (exit !== undefined) {
      for (const invocation of this.inFlight.all()) {
        invocation.fail(500, 'the process ends because of an uncaught exception in another request');
      }
      exit.finish();
    }
  }

  /** Runs on 'exit', where only synchronous writes still work. */
  private logLostRequests(code: number): void {
    for (const { subject } of this.inFlight.all()) {
      writeSync(2, lineOf('error', `the process ended with code ${code} before the app had answered; the client gets 502`, { ...subject, status: 502 }));
    }
  }
}

/**
 * Version 3 of AWS's runtime client, that of Node 20 and 22, listens for both events before it loads the function, to fail the invocation
 * and end the process. Until the first request it keeps its listeners: they report what ends a start.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
function removeListenersOfRuntimeClient(): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (/\berrorCallbacks\b/.test(Function.prototype.toString.call(listener))) {
        process.removeListener(event, listener);
      }
    }
  }
}

function hasOtherListener(event: 'uncaughtException' | 'unhandledRejection', ours: Function): boolean {
  return process.listeners(event as 'uncaughtException').some((listener) => (listener as Function) !== ours);
}
