import { readFileSync } from 'node:fs';

/** Live captures of each door. Fields that do not depend on the request are unchanged. */
const captures = (name) => JSON.parse(readFileSync(new URL(`../test/fixtures/events/${name}.json`, import.meta.url), 'utf8'));

export const FORMATS = ['function-url', 'http-api', 'rest-api', 'alb'];

/**
 * The event that a door sends for a request.
 * @param {string} format
 * @param {import('./scenarios.mjs').Scenario} scenario
 */
export function eventOf(format, scenario) {
  const event = captures(format);
  const body = scenario.body === undefined ? null : scenario.body.toString(scenario.binary ? 'base64' : 'utf8');
  Object.assign(event, { body, isBase64Encoded: scenario.binary === true });
  return format === 'function-url' || format === 'http-api' ? payloadV2(event, format, scenario) : withMaps(event, format, scenario);
}

function payloadV2(event, format, { method, path, query = '', headers, cookies, body }) {
  const kept = keptHeaders(event.headers);
  event.headers = { ...kept, ...headers, ...(body && { 'content-length': String(body.length) }) };
  delete event.cookies;
  if (cookies !== undefined) {
    event.cookies = cookies;
    if (format === 'function-url') {
      event.headers.cookie = cookies.join('; ');
    }
  }
  event.rawPath = path;
  event.rawQueryString = query;
  event.queryStringParameters = query === '' ? undefined : Object.fromEntries(new URLSearchParams(query));
  Object.assign(event.requestContext.http, { method, path });
  // In newer live events an absent client certificate is null; in older ones the field is absent.
  return event;
}

function withMaps(event, format, { method, path, query = '', headers, cookies, body }) {
  const kept = keptHeaders(event.multiValueHeaders);
  const own = { ...headers, ...(cookies && { cookie: cookies.join('; ') }), ...(body && format === 'alb' && { 'content-length': String(body.length) }) };
  event.multiValueHeaders = { ...kept, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, [value]])) };
  const parameters = query === '' ? null : Object.fromEntries(new URLSearchParams(query));
  event.multiValueQueryStringParameters = parameters && Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
  Object.assign(event, { httpMethod: method, path });
  if (format === 'rest-api') {
    event.headers = Object.fromEntries(Object.entries(event.multiValueHeaders).map(([name, values]) => [name, values.at(-1)]));
    event.queryStringParameters = parameters;
    event.pathParameters = { proxy: path.slice(1) };
    Object.assign(event.requestContext, { httpMethod: method, path: `/${event.requestContext.stage}${path}` });
  }
  return event;
}

/** The captured headers that do not depend on the captured request. */
function keptHeaders(headers) {
  const gone = ['content-type', 'content-length', 'cookie', 'x-voker-probe'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !gone.includes(name.toLowerCase())));
}

/**
 * The response that the client gets for a result, read as strictly as by the door.
 * @returns {{ status: number, headers: Map<string, string[]>, body: Buffer }}
 * @throws Error if the door would answer with 502
 */
export function answerOf(format, result) {
  const allowed = {
    'function-url': ['statusCode', 'headers', 'cookies', 'body', 'isBase64Encoded'],
    'http-api': ['statusCode', 'headers', 'cookies', 'multiValueHeaders', 'body', 'isBase64Encoded'],
    'rest-api': ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'],
    'alb': ['statusCode', 'statusDescription', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'],
  }[format];
  // JSON drops undefined fields.
  const sent = JSON.parse(JSON.stringify(result));
  const unknown = Object.keys(sent).filter((key) => !allowed.includes(key));
  if (format === 'rest-api' && unknown.length > 0) {
    throw new Error(`a REST API answers 502 to a result with ${unknown.join(', ')}`);
  }
  if (!Number.isInteger(sent.statusCode)) {
    throw new Error(`statusCode is ${JSON.stringify(sent.statusCode)}`);
  }
  const headers = new Map();
  const add = (name, value) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new Error(`header ${name} is ${JSON.stringify(value)}`);
    }
    const lower = name.toLowerCase();
    headers.set(lower, [...headers.get(lower) ?? [], String(value)]);
  };
  if (format !== 'alb') {
    Object.entries(sent.headers ?? {}).forEach(([name, value]) => add(name, value));
  }
  if (format === 'rest-api' || format === 'alb') {
    Object.entries(sent.multiValueHeaders ?? {}).forEach(([name, values]) => values.forEach((value) => add(name, value)));
  }
  if (format === 'function-url' || format === 'http-api') {
    (sent.cookies ?? []).forEach((cookie) => add('set-cookie', cookie));
  }
  return { status: sent.statusCode, headers, body: Buffer.from(sent.body ?? '', sent.isBase64Encoded ? 'base64' : 'utf8') };
}

/**
 * The problem of a wrong response, or undefined.
 * @param {ReturnType<typeof answerOf>} answer
 * @param {import('./scenarios.mjs').Scenario} scenario
 */
export function problemWith(answer, { expected }) {
  if (answer.status !== 200) {
    return `status ${answer.status}: ${answer.body.toString('utf8', 0, 100)}`;
  }
  const type = answer.headers.get('content-type')?.[0] ?? '';
  if (!type.startsWith(expected.type)) {
    return `content-type ${JSON.stringify(type)}`;
  }
  if (Buffer.isBuffer(expected.body)) {
    if (!answer.body.equals(expected.body)) {
      return `body of ${answer.body.length} bytes that are not those of the app`;
    }
  } else if (!isSameJson(answer.body, expected.body)) {
    return `body ${answer.body.toString('utf8', 0, 200)}`;
  }
  for (const [name, value] of expected.headers ?? []) {
    if (answer.headers.get(name)?.[0] !== value) {
      return `header ${name} is ${answer.headers.get(name)}`;
    }
  }
  if (expected.cookies !== undefined && JSON.stringify(answer.headers.get('set-cookie')) !== JSON.stringify(expected.cookies)) {
    return `cookies ${JSON.stringify(answer.headers.get('set-cookie'))?.slice(0, 200)}`;
  }
  return undefined;
}

function isSameJson(body, expected) {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8'))) === JSON.stringify(expected);
  } catch {
    return false;
  }
}
