import { FrontDoorConfig, WrappedWebApp } from '../../../src';
import { FRONT_DOOR_NAMES } from '../../../src/front-doors/i-front-door';
import { ENTRY, testStack } from '../synthesis';

/** Makes an app with a front door of the user that returns these values. */
function make(config: Partial<Record<keyof FrontDoorConfig, unknown>>, responseStreaming?: boolean): WrappedWebApp {
  const frontDoor = { bind: () => ({ door: 'http-api', url: 'https://example.com/', responseMode: 'buffered', ...config } as FrontDoorConfig) };
  return new WrappedWebApp(testStack(), 'Web', { entry: ENTRY, frontDoor, responseStreaming });
}

test.each<[string, Partial<Record<keyof FrontDoorConfig, unknown>>, string]>([
  ['an unknown event format', { door: 'cloudfront' },
    `a front door must return the format of its events: door must be one of ${FRONT_DOOR_NAMES.join(', ')}, got "cloudfront"`],
  ['no response mode', { responseMode: undefined },
    "a front door must return how it takes responses: responseMode must be 'buffered' or 'streaming', got undefined"],
  ['a mount prefix that ends with a slash', { mountPrefix: '/shop/' },
    'mountPrefix must start with a slash and end without one, or be undefined at the root, got "/shop/"'],
  ['a mapping key that begins with a slash', { mappingKey: '/v1' },
    'mappingKey must have no slash at its ends, or be undefined at the root of the domain, got "/v1"'],
  ['a mapping key of another door than an HTTP API', { door: 'rest-api', mappingKey: 'v1' },
    "mappingKey and openPreflightRoutes are for front doors that send the events of an 'http-api', got door 'rest-api'; drop them"],
  ['open preflight routes of another door than an HTTP API', { door: 'alb', openPreflightRoutes: true },
    "mappingKey and openPreflightRoutes are for front doors that send the events of an 'http-api', got door 'alb'; drop them"],
])('fails if a front door returns %s', (_, config, message) => {
  expect(() => make(config)).toThrow(`Stack/Web/FrontDoor: ${message}`);
});

test('fails if the app streams and the front door takes buffered responses', () => {
  expect(() => make({}, true)).toThrow(
    "Stack/Web/FrontDoor: responseStreaming is true, but this front door takes buffered responses; use 'function-url' or 'rest-api', or drop responseStreaming");
});

test.each([undefined, false])('fails if responseStreaming is %s and the front door takes streamed responses', responseStreaming => {
  expect(() => make({ responseMode: 'streaming' }, responseStreaming)).toThrow(
    'Stack/Web/FrontDoor: this front door takes streamed responses, but responseStreaming is not set; set responseStreaming: true on the app, '
    + 'or use a front door that takes buffered responses');
});

test('checks a second front door as well', () => {
  const streaming = { bind: () => ({ door: 'rest-api', url: 'https://example.com/', responseMode: 'streaming' } as const) };
  expect(() => make({}).addFrontDoor('Other', streaming)).toThrow('Stack/Web/Other: this front door takes streamed responses');
});

test('accepts a front door that streams if the app streams', () => {
  expect(make({ door: 'rest-api', responseMode: 'streaming' }, true).url).toBe('https://example.com/');
});
