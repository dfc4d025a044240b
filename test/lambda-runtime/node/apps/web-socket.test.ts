import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { fixture } from '../cases';
import { handlerOf } from '../handler-of';

/** The handshake of RFC 6455, as it arrives behind each door. */
function handshake(name: string): any {
  const headers = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
  const event = fixture(name);
  const lists = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, [value]]));
  if (event.requestContext.http) {
    event.requestContext.http.method = 'GET';
  }
  return {
    ...event,
    ...event.httpMethod && { httpMethod: 'GET' },
    ...event.headers && { headers: { ...event.headers, ...headers } },
    ...event.multiValueHeaders && { multiValueHeaders: { ...event.multiValueHeaders, ...lists } },
  };
}

const DOORS = ['function-url.json', 'http-api.json', 'rest-api.json', 'alb.json'];
const listener = (_req: IncomingMessage, res: ServerResponse) => res.end('an ordinary page');

afterEach(() => jest.restoreAllMocks());

test.each(DOORS)('a server that opens WebSockets answers the handshake with 426 behind a door (%s)', async (name) => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  const upgrades = jest.fn();
  const handler = handlerOf(createServer(listener).on('upgrade', upgrades));
  expect(await handler(handshake(name))).toMatchObject({ statusCode: 426, body: 'WebSockets are not available here' });
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/no front door can pass one on to a function: see docs\/websockets.md; the client gets 426$/)]]);
  expect(upgrades).not.toHaveBeenCalled();
});

test.each(DOORS)('a server that opens WebSockets answers its other requests itself (%s)', async (name) => {
  const handler = handlerOf(createServer(listener).on('upgrade', jest.fn()));
  expect(await handler(fixture(name))).toMatchObject({ statusCode: 200, body: 'an ordinary page' });
});

test.each(DOORS)('a server that knows no WebSockets answers the handshake itself (%s)', async (name) => {
  expect(await handlerOf(createServer(listener))(handshake(name))).toMatchObject({ statusCode: 200, body: 'an ordinary page' });
});
