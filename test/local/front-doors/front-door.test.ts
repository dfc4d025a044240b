import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { FrontDoorName } from '../../../local/front-doors/front-door';
import { FRONT_DOOR_NAMES } from '../../../src/front-doors/i-front-door';
import { accept, DOOR_NAMES, doorOf, requestTo } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

const CAPTURES = path.join(__dirname, '../../fixtures/events');

function capture(name: FrontDoorName): any {
  return JSON.parse(readFileSync(path.join(CAPTURES, `${name}.json`), 'utf8'));
}

/** The request of the captures. curl speaks HTTP/2 to API Gateway, where names are lower-case, and HTTP/1.1 to the load balancer. */
function capturedRequest(name: FrontDoorName) {
  const event = capture(name);
  const headers = event.headers ?? Object.fromEntries(Object.entries<string[]>(event.multiValueHeaders).map(([header, [value]]) => [header, value]));
  const host = headers.host ?? headers.Host;
  const trace = headers['x-amzn-trace-id'] ?? headers['X-Amzn-Trace-Id'];
  const body = Buffer.from('{"message":"hello from the public internet","unicode":"lambda-λ"}');
  return requestTo(name, {
    method: 'POST',
    target: '/capture/space%20value?repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com%2Fa%2Fb&literalPlus=a+b&encodedPlus=a%2Bb&empty=',
    headers: [
      ['host', host], ['user-agent', 'curl/8.7.1'], ['accept', '*/*'], ['content-type', 'application/json'], ['content-length', String(body.length)],
      ['cookie', 'session=abc123; theme=dark'], ['x-voker-probe', 'first'], ['x-voker-probe', 'second'], ['x-amzn-trace-id', trace],
    ],
    body,
    ...(name === 'alb' && { scheme: 'http', port: 80 }),
    time: new Date(event.requestContext.timeEpoch ?? event.requestContext.requestTimeEpoch ?? 0),
  });
}

/** IDs, and fields that contain them. All other fields must be equal. */
const ALLOWED = new Set([
  'requestContext.apiId', 'requestContext.domainName', 'requestContext.domainPrefix', 'requestContext.requestId', 'requestContext.extendedRequestId',
  'requestContext.resourceId', 'requestContext.elb.targetGroupArn',
  // The logger that took the captures did not record it.
  'requestContext.deploymentId',
]);

/** The capture's logger wrote unset fields as null or as empty strings. */
function flatten(value: unknown, prefix = ''): Map<string, unknown> {
  if (value === null || (value === '' && prefix.startsWith('requestContext'))) return new Map();
  if (typeof value !== 'object') return new Map([[prefix, value]]);
  return new Map(Object.entries(value!).flatMap(([key, element]) => [...flatten(element, prefix ? `${prefix}.${key}` : key)]));
}

describe.each(DOOR_NAMES)('an event of %s', (name) => {
  function eventOf() {
    const json = fourDoors();
    // The capture's API had no binary media types.
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    return accept(doorOf(name, json), capturedRequest(name)).event;
  }

  test('equals the live capture in every field except the IDs', () => {
    const expected = flatten(capture(name));
    const actual = flatten(eventOf());
    const differences = [...new Set([...expected.keys(), ...actual.keys()])]
      .filter((field) => !ALLOWED.has(field) && expected.get(field) !== actual.get(field))
      .map((field) => `${field}: captured ${JSON.stringify(expected.get(field))}, sent ${JSON.stringify(actual.get(field))}`);
    expect(differences).toEqual([]);
    expect(actual.size).toBeGreaterThan(20);
  });

  test('has every ID that the capture has', () => {
    const actual = flatten(eventOf());
    const missing = [...flatten(capture(name)).keys()].filter((field) => !actual.has(field));
    expect(missing).toEqual([]);
  });
});

test('every front door of the construct can be served', () => {
  expect([...DOOR_NAMES].sort()).toEqual([...FRONT_DOOR_NAMES].sort());
});

test('every door is found in a template that has all of them', () => {
  expect(DOOR_NAMES.map((name) => doorOf(name).entrances.map((entrance) => entrance.path))).toEqual(DOOR_NAMES.map((name) => [name === 'rest-api' ? '/live/' : '/']));
});
