import { remedyFor } from '../invocations/remedy';

/** An error for Lambda's runtime client, which logs the stack of an error without its cause. */
export function withCause(message: string, cause: unknown): Error {
  const remedy = remedyFor(cause);
  const text = remedy === undefined ? message : `${message}; ${remedy}`;
  const error = new Error(text, { cause });
  if (cause instanceof Error) {
    error.stack = `${error.name}: ${text}\ncaused by: ${cause.stack}`;
  }
  return error;
}
