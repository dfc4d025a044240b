/**
 * Makes a log entry in JSON readable if it has a stack: the message, and the stack in lines of its own. Other lines stay as they are.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
export function expandStack(line: string): string {
  if (!line.startsWith('{')) return line;
  let entry: { level?: unknown; message?: unknown; stackTrace?: unknown };
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  const { level, message, stackTrace } = entry;
  const stack = Array.isArray(stackTrace) ? stackTrace.join('\n') : stackTrace;
  return typeof stack === 'string' ? `${[level, message].filter(Boolean).join(' ')}\n${stack.trimEnd()}` : line;
}
