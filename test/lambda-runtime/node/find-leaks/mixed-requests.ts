import { setTimeout } from 'node:timers/promises';
import { Findings, LeakOptions } from './find-leaks';
import { MARKER, markedRequest, markerOf } from './marked-request';
import { Bundle } from '../bundles';
import { Environment } from '../runtime-client/environment';
import { Invocation } from '../runtime-client/invocation';

/** How many requests overlap. */
const AT_ONCE = 16;
const TIME_LIMIT = 30_000;

/** Sends requests that overlap, each with a marker, in one thread as in Lambda Managed Instances, and looks for markers of others. */
export async function findMixedRequests(node: string, bundle: Bundle, options: LeakOptions): Promise<Findings> {
  const environment = await Environment.of(node, bundle, {
    AWS_LAMBDA_MAX_CONCURRENCY: '64', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1', UV_THREADPOOL_SIZE: '32', AWS_LAMBDA_LOG_FORMAT: 'JSON',
  });
  try {
    const answers: { marker: string; invocation: Invocation }[] = [];
    let next = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (next < options.requests) {
        const index = next++;
        const marker = markerOf(index);
        // Requests that begin together do the same things at the same time, in which they may not meet.
        await setTimeout(Math.random() * 10);
        answers.push({ marker, invocation: await environment.invoke(markedRequest(index, options, marker), TIME_LIMIT) });
      }
    }));
    const markers = new Map(answers.map(({ marker, invocation }) => [invocation.requestId, marker]));
    const leaks = [...inAnswers(answers), ...inLog(await environment.settledLog(), markers)];
    return { statuses: statusesOf(answers.map(({ invocation }) => invocation)), leaks };
  } finally {
    environment.close();
  }
}

function statusesOf(invocations: Invocation[]): Map<number | string, number> {
  const statuses = new Map<number | string, number>();
  for (const { end, json } of invocations) {
    const status = json?.statusCode ?? end;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return statuses;
}

/** One line for each place of a response in which there are markers of others. */
function inAnswers(answers: { marker: string; invocation: Invocation }[]): string[] {
  const mixed = new Map<string, { count: number; example: string }>();
  for (const { marker, invocation: { json } } of answers) {
    const { body = '', isBase64Encoded, cookies = [], headers = {} } = json ?? {};
    const parts = [
      ['the body', Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString()],
      ['a cookie', cookies.join()],
      ...Object.entries(headers).map(([name, value]) => [`the header ${name}`, String(value)]),
    ];
    for (const [part, text] of parts) {
      const [other] = othersIn(text, marker);
      if (other === undefined) continue;
      const { count, example } = mixed.get(part) ?? { count: 0, example: `${marker} got ${around(text, other)}` };
      mixed.set(part, { count: count + 1, example });
    }
  }
  return [...mixed].map(([part, { count, example }]) => `response: ${part} had what another request had sent, in ${count} of ${answers.length} responses: ${example}`);
}

function inLog(log: string[], markers: Map<string, string>): string[] {
  let count = 0;
  let example = '';
  for (const line of log) {
    const { requestId, message } = JSON.parse(line);
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const own = markers.get(requestId);
    const [other] = othersIn(text, own);
    if (other === undefined) continue;
    count++;
    example ||= `${own} wrote ${around(text, other)}`;
  }
  return count === 0 ? [] : [`log: lines had what another request had sent, ${count} of ${log.length}: ${example}`];
}

function othersIn(text: string, own: string | undefined): Set<string> {
  return new Set((text.match(MARKER) ?? []).filter((marker) => marker !== own));
}

function around(text: string, marker: string): string {
  const at = text.indexOf(marker);
  return JSON.stringify(text.slice(Math.max(0, at - 30), at + marker.length + 30));
}
