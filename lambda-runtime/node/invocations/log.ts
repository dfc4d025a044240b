import { remedyFor } from './remedy';
import { sourceStack } from './stack-traces';

/** The request of a log entry. It never contains a body, a query or a header value. */
export interface LogSubject {
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
}

type Level = 'error' | 'warn' | 'info';

/**
 * Writes one entry to the function's log. Lambda's runtime client adds time, level and request id to console output, makes
 * one entry even of several lines, and drops levels that the function does not log.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function log(level: Level, text: string, subject: LogSubject = {}, error?: unknown): void {
  const remedy = error === undefined ? undefined : remedyFor(error);
  const message = remedy === undefined ? text : `${text}; ${remedy}`;
  if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') {
    console[level]({ message, ...subject, ...describe(error) });
    return;
  }
  const { requestId, method, path } = subject;
  const about = [requestId && `RequestId: ${requestId}`, method && path && `${method} ${path}`].filter(Boolean).join(' ');
  console[level](`[wrapped-web-app] ${about}${about && ': '}${message}${error === undefined ? '' : `\n${stackOf(error)}`}`);
}

function describe(error: unknown): object {
  if (error === undefined) {
    return {};
  }
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stackTrace: stackOf(error).split('\n') }
    : { errorType: typeof error, errorMessage: stackOf(error) };
}

/** The stack with its causes. Apps may throw any value, even one that cannot be converted to a string. */
function stackOf(error: unknown): string {
  try {
    if (error instanceof Error) {
      const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
      return `${sourceStack(error.stack ?? `${error.name}: ${error.message}`)}${cause}`;
    }
    return String(error);
  } catch {
    return 'an exception that cannot be converted to a string';
  }
}
