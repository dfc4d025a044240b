import { currentInvocation } from './invocation-storage';
import { LambdaContext } from './lambda-context';

/**
 * The event that the running code answers, as Lambda delivered it.
 *
 * @returns undefined outside of a request, and on a plain server
 */
export function getLambdaEvent<T = any>(): T | undefined {
  return currentInvocation.getStore()?.event as T | undefined;
}

/**
 * The context of the invocation that the running code answers: request id, remaining time, function and log names.
 *
 * @returns undefined outside of a request, and on a plain server
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function getLambdaContext(): LambdaContext | undefined {
  return currentInvocation.getStore()?.context;
}
