import { AsyncLocalStorage } from 'node:async_hooks';
import type { Invocation } from './invocation';
import { LambdaContext } from './lambda-context';

const KEY = Symbol.for('cdk-wrapped-web-app.current-invocation');

/**
 * The invocation of the current async context. All copies of this module in a process share one storage, so that an app
 * with its own copy of the runtime finds its invocation.
 *
 * @internal The types of the package do not include it, because its type needs the types of Node.
 */
export const currentInvocation: AsyncLocalStorage<Invocation> = ((globalThis as any)[KEY] ??= new AsyncLocalStorage<Invocation>());

/**
 * The event of the current request, as Lambda delivered it.
 *
 * @returns undefined outside a request, and on a plain server
 */
export function getLambdaEvent<T = any>(): T | undefined {
  return currentInvocation.getStore()?.event as T | undefined;
}

/**
 * The context of the current invocation: request id, remaining time, function and log names.
 *
 * @returns undefined outside a request, and on a plain server
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function getLambdaContext(): LambdaContext | undefined {
  return currentInvocation.getStore()?.context;
}
