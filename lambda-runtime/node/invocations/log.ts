import { remedyFor } from './remedy';
import { sourceStack } from './stack-traces';

/** The request of a log entry. It never contains a body, a query or a header value. */
export interface LogSubject {
  readonly requestId?: string;
  /** What Lambda gives for tracing: `Root=1-…;Parent=…;Sampled=1`. */
  readonly traceId?: string;
  /** The front door that the request came through. */
  readonly door?: string;
  readonly method?: string;
  readonly path?: string;
  /** The status that the client gets. */
  readonly status?: number;
}

type Level = 'error' | 'warn' | 'info';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * Writes one entry to the function's log.
 *
 * In plain text Lambda's runtime client adds time, level and request id to console output, makes one entry even of several lines,
 * and drops levels that the function does not log. There is no trace id, which the REPORT line of the same request has.
 *
 * In JSON the entry is written past the console, whose entries have all that they are given within their `message`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function log(level: Level, text: string, subject: LogSubject = {}, error?: unknown): void {
  const remedy = error === undefined ? undefined : remedyFor(error);
  const message = remedy === undefined ? text : `${text}; ${remedy}`;
  if (!isJson()) {
    console[level](textOf(message, subject) + (error === undefined ? '' : `\n${stackOf(error)}`));
  } else if (isLogged(level)) {
    process.stderr.write(jsonOf(level, message, subject, error));
  }
}

/** An entry as `log` writes it, with its line break, where only synchronous writes still work. */
export function lineOf(level: Level, message: string, subject: LogSubject): string {
  return isJson() ? jsonOf(level, message, subject) : `${textOf(message, subject)}\n`;
}

function isJson(): boolean {
  return process.env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
function isLogged(level: Level): boolean {
  return LEVELS.indexOf(level.toUpperCase()) >= LEVELS.indexOf(process.env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase() ?? '');
}

function textOf(message: string, { requestId, door, method, path }: LogSubject): string {
  const about = [requestId && `RequestId: ${requestId}`, door, method && path && `${method} ${path}`].filter(Boolean).join(' ');
  return `[wrapped-web-app] ${about}${about && ': '}${message}`;
}

/** The field names are those of AWS's runtimes; `traceId` is that of .NET's, the only one that has it. */
function jsonOf(level: Level, message: string, { requestId, traceId, door, method, path, status }: LogSubject, error?: unknown): string {
  return `${JSON.stringify({
    timestamp: new Date().toISOString(),
    level: level.toUpperCase(),
    message,
    logger: 'wrapped-web-app',
    requestId,
    traceId,
    door,
    method,
    path,
    status,
    ...describe(error),
  })}\n`;
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
