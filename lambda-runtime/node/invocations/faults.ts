import { writeSync } from 'node:fs';
import { currentInvocation } from './current-invocation';
import type { ExitAfterAnswers } from './exit-after-answers';
import { InFlight } from './in-flight';
import { Invocation } from './invocation';
import { log } from './log';

/**
 * What a listener that returned a promise was answering: tells whose rejection it is. A WeakMap would do, but the garbage
 * collector spends more time on its entries than most apps spend on a request.
 */
const OWNER = Symbol('wrapped-web-app.invocation');

/**
 * Keeps the environment alive when an app fails where nobody catches it, and sees to it that the request which
 * failed is answered. Node's own way, to end the process, would cost the requests that come next as well: see
 * docs/decisions/0002-environments-outlive-exceptions.md.
 *
 * An app that listens for these events itself is left to decide, as on a plain server.
 */
export class Faults {
  private installed = false;

  constructor(private readonly inFlight: InFlight<Invocation>) {}

  /** @param exit ends the process once the requests are answered, where the environment is not to live on */
  public install(exit: ExitAfterAnswers | undefined): void {
    if (this.installed) {
      return;
    }
    this.installed = true;
    const onException = (error: unknown, origin: string) => {
      if (!listensToo('uncaughtException', onException)) {
        this.fail(error, origin, this.affected(undefined), exit);
      }
    };
    const onRejection = (reason: unknown, promise: Promise<unknown>) => {
      if (listensToo('unhandledRejection', onRejection)) {
        return;
      }
      const others = process.listeners('uncaughtException').filter((listener) => listener !== onException);
      if (others.length > 0) {
        // Node makes an exception of a rejection that nobody handles.
        others.forEach((listener) => listener.call(process, reason as Error, 'unhandledRejection'));
      } else {
        this.fail(reason, 'unhandledRejection', this.affected(promise), exit);
      }
    };
    process.on('uncaughtException', onException);
    process.on('unhandledRejection', onRejection);
    process.on('exit', (code) => this.exited(code));
  }

  /** Remembers what an app's listener returned. */
  public own(result: unknown, invocation: Invocation): void {
    if (result instanceof Promise) {
      Reflect.set(result, OWNER, invocation);
    }
  }

  private affected(promise: object | undefined): Invocation[] {
    const owner = (promise as { [OWNER]?: Invocation } | undefined)?.[OWNER] ?? currentInvocation.getStore();
    if (owner !== undefined) {
      return this.inFlight.has(owner) ? [owner] : [];
    }
    return this.inFlight.all();
  }

  private fail(error: unknown, origin: string, affected: Invocation[], exit: ExitAfterAnswers | undefined): void {
    const problem = origin === 'unhandledRejection' ? 'a promise was rejected and nobody handled it' : 'an exception was thrown and nobody caught it';
    if (affected.length === 0) {
      log('error', `${problem}, after every request that it could belong to was answered`, {}, error);
    }
    exit?.begin();
    for (const invocation of affected) {
      invocation.reply.fail(500, problem, error);
    }
    if (exit !== undefined) {
      for (const invocation of this.inFlight.all()) {
        invocation.reply.fail(500, 'the process ends because of an exception of another request');
      }
      exit.finish();
    }
  }

  /** The last chance to say anything: only what is written synchronously is written at all. */
  private exited(code: number): void {
    for (const { subject } of this.inFlight.all()) {
      const message = `the process ended with code ${code} before the app had answered; the client gets 502`;
      const { requestId, method, path } = subject;
      writeSync(2, process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON'
        ? `${JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', message, ...subject })}\n`
        : `[wrapped-web-app] RequestId: ${requestId} ${method} ${path}: ${message}\n`);
    }
  }
}

function listensToo(event: 'uncaughtException' | 'unhandledRejection', ours: Function): boolean {
  return process.listeners(event as 'uncaughtException').some((listener) => (listener as Function) !== ours);
}
