import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { FrontDoorName } from '../../../local/front-doors/front-door';

export interface PageRequest {
  readonly method?: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string | Buffer;
}

const FIXTURES = path.join(__dirname, '../../fixtures/events');

/**
 * An event that was captured live, with another method, path and body. Its query, cookies and all other headers stay.
 * The program that captured it wrote fields as null or empty that AWS leaves out; strict readers such as the Lambda Web Adapter's refuse those.
 */
export function eventOf(door: FrontDoorName, request: PageRequest): any {
  const event = JSON.parse(readFileSync(path.join(FIXTURES, `${door}.json`), 'utf8'));
  const { method = 'GET', path: target, type, body } = request;
  const isText = body === undefined || typeof body === 'string';
  const headers: Record<string, string | undefined> = {
    'content-type': type,
    'content-length': body === undefined ? undefined : String(Buffer.byteLength(body)),
  };
  for (const [name, value] of Object.entries(headers)) {
    for (const map of [event.headers, event.multiValueHeaders]) {
      if (!map || (name === 'content-length' && door === 'rest-api')) continue;
      if (value === undefined) delete map[name];
      else map[name] = map === event.multiValueHeaders ? [value] : value;
    }
  }
  event.body = body === undefined ? (door === 'alb' ? '' : null) : body.toString(isText ? 'utf8' : 'base64');
  event.isBase64Encoded = !isText;
  if (door !== 'rest-api') {
    dropEmpty(event.requestContext);
    for (const [name, value] of Object.entries(event)) if (value === null) delete event[name];
  }
  if (event.version === '2.0') {
    event.rawPath = target;
    Object.assign(event.requestContext.http, { method, path: target });
  } else {
    event.path = target;
    event.httpMethod = method;
    if (door === 'rest-api') {
      Object.assign(event.requestContext, { httpMethod: method, path: `/${event.requestContext.stage}${target}` });
      event.pathParameters = { proxy: target.slice(1) };
    }
  }
  return event;
}

/** Removes what is null or empty, also in nested objects. */
function dropEmpty(value: Record<string, unknown>): void {
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'object' && each !== null) dropEmpty(each as Record<string, unknown>);
    if (each === null || each === '' || (typeof each === 'object' && Object.keys(each).length === 0)) delete value[name];
  }
}
