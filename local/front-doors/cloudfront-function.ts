import * as vm from 'node:vm';
import { DoorAnswer, DoorRequest, HeaderList } from './front-door';
import { splitQuery, splitTarget } from './request-parts';

/** The request that a function of CloudFront makes of another, or the answer that it gives itself. */
export type ViewerRequest = (request: DoorRequest) => DoorRequest | DoorAnswer;

interface Value {
  value: string;
  multiValue?: { value: string }[];
}

type Values = Record<string, Value>;

interface FunctionRequest {
  readonly uri: string;
  readonly querystring: Values;
  readonly headers: Values;
  readonly cookies: Values;
}

interface FunctionResponse {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Values;
  readonly body?: string | { readonly encoding: 'text' | 'base64'; readonly data: string };
}

const FAILURE = 'The CloudFront function associated with the CloudFront distribution is invalid or could not run.';

/** CloudFront gives its functions less than a millisecond of processor time. */
const TIME_LIMIT_MS = 1_000;

/**
 * Compiles a function for requests of viewers. It sees and changes the event that CloudFront would give it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function compileFunction(code: string, constructPath: string): ViewerRequest {
  const script = new vm.Script(`${code}\n;JSON.stringify(handler(JSON.parse(event)) ?? null)`, { filename: constructPath });
  return (request) => {
    const { path, query } = splitTarget(request.target);
    const given = {
      method: request.method,
      uri: path,
      querystring: valuesOf(splitQuery(query)),
      headers: headersOf(request),
      cookies: cookiesOf(request),
    };
    const event = JSON.stringify({ version: '1.0', context: { eventType: 'viewer-request' }, viewer: { ip: request.clientAddress }, request: given });
    try {
      const result = JSON.parse(script.runInNewContext({ event }, { timeout: TIME_LIMIT_MS }) as string);
      if (typeof result !== 'object' || result === null || Object.keys(result).length === 0) {
        throw new TypeError('it returned neither a request nor a response (functions that are async are not served here)');
      }
      return 'statusCode' in result ? answerOf(result) : changedRequest(request, given, result);
    } catch (error) {
      const reason = `the function of CloudFront failed: ${(error as Error).message}`;
      return { status: 503, headers: [['content-type', 'text/html']], body: Buffer.from(FAILURE), reason };
    }
  };
}

/** What the function has not changed stays as the client sent it. */
function changedRequest(request: DoorRequest, before: FunctionRequest, after: FunctionRequest): DoorRequest {
  const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const { query } = splitTarget(request.target);
  const newQuery = isSame(before.querystring, after.querystring) ? query : listOf(after.querystring).map(([name, value]) => `${name}=${value}`).join('&');
  const kept = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return lower === 'cookie' || isSame(before.headers[lower], after.headers[lower]);
  });
  const changed = Object.fromEntries(Object.entries(after.headers).filter(([name, value]) => !isSame(before.headers[name], value)));
  const cookies = isSame(before.cookies, after.cookies) ? undefined : listOf(after.cookies).map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    ...request,
    target: newQuery === '' ? after.uri : `${after.uri}?${newQuery}`,
    headers: [
      ...kept.filter(([name]) => cookies === undefined || name.toLowerCase() !== 'cookie'),
      ...listOf(changed),
      ...cookies ? [['cookie', cookies] as const] : [],
    ],
  };
}

function answerOf({ statusCode, statusDescription, headers = {}, body = '' }: FunctionResponse): DoorAnswer {
  const { encoding, data } = typeof body === 'string' ? { encoding: 'text', data: body } : body;
  return { status: statusCode, statusText: statusDescription, headers: listOf(headers), body: Buffer.from(data, encoding === 'base64' ? 'base64' : 'utf8') };
}

function headersOf({ headers }: DoorRequest): Values {
  return valuesOf(headers.map(([name, value]) => [name.toLowerCase(), value] as const).filter(([name]) => name !== 'cookie'));
}

function cookiesOf({ headers }: DoorRequest): Values {
  const pairs = headers.filter(([name]) => name.toLowerCase() === 'cookie').flatMap(([, value]) => value.split(/; */));
  return valuesOf(pairs.filter(Boolean).map((pair) => {
    const mark = pair.indexOf('=');
    return mark < 0 ? [pair, ''] as const : [pair.slice(0, mark), pair.slice(mark + 1)] as const;
  }));
}

/** The last value, and all of them if there are several. */
function valuesOf(pairs: HeaderList): Values {
  const values: Values = {};
  for (const [name, value] of pairs) {
    const earlier = Object.hasOwn(values, name) ? values[name] : undefined;
    const multiValue = earlier && [...earlier.multiValue ?? [{ value: earlier.value }], { value }];
    const field = { value, ...(multiValue && { multiValue }) };
    // Not by assignment: a client may name a header `__proto__`.
    Object.defineProperty(values, name, { value: field, enumerable: true, configurable: true, writable: true });
  }
  return values;
}

function listOf(values: Values): [string, string][] {
  return Object.entries(values).flatMap(([name, { value, multiValue = [{ value }] }]) => (
    multiValue.map((each): [string, string] => [name, each.value])));
}
