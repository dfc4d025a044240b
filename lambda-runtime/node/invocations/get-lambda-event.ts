import { currentInvocation } from './current-invocation';
import { LambdaContext } from './lambda-context';

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
