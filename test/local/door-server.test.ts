import { DOOR_NAMES } from './fixtures/doors';
import { FAILURE, get, lines, serveTemplate, shown } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

describe('four doors', () => {
  test('each have their own port, and the REST API has its stage in the path', async () => {
    const served = await serveTemplate();
    expect(served.doors.map(({ name, path: appPath }) => [name, appPath])).toEqual(DOOR_NAMES.map((name) => [name, 'Stack/Web']));
    expect(new Set(served.doors.map(({ url }) => new URL(url).port)).size).toBe(DOOR_NAMES.length);
    expect(served.doors.map(({ url }) => new URL(url).pathname)).toEqual(DOOR_NAMES.map((name) => (name === 'rest-api' ? '/live/' : '/')));
  });

  test('send the address that the client used to the app', async () => {
    const served = await serveTemplate();
    for (const name of DOOR_NAMES) {
      const event = JSON.parse((await get(served, name)).body.toString());
      const headers = event.multiValueHeaders ?? Object.fromEntries(Object.entries(event.headers).map(([header, value]) => [header, [value]]));
      const { host } = new URL(served.doors.find((door) => door.name === name)!.url);
      const of = (header: string) => headers[Object.keys(headers).find((candidate) => candidate.toLowerCase() === header)!];
      expect([of('host'), of('x-forwarded-proto'), of('x-forwarded-port'), of('x-forwarded-for')]).toEqual([[host], ['http'], [new URL(`http://${host}`).port], ['127.0.0.1']]);
    }
  });

  test('answer HEAD without a body, and 204 without a length', async () => {
    const served = await serveTemplate(fourDoors(), { 'index.js': 'exports.handler = async () => ({ statusCode: 204, multiValueHeaders: {} })' });
    for (const name of DOOR_NAMES) {
      const empty = await get(served, name);
      expect([empty.status, empty.body.length, empty.headers['content-length']]).toEqual([204, 0, undefined]);
      expect((await get(served, name, { method: 'HEAD' })).body.length).toBe(0);
    }
  });

  test.each(DOOR_NAMES)('%s answers a failing function and serves the next request', async (name) => {
    const served = await serveTemplate();
    expect((await get(served, name, '/?do=throw')).status).toBe(FAILURE[name]);
    await shown('TypeError: thrown on purpose');
    // Once: the function has printed it, with its stack.
    expect(lines.filter((line) => line.includes('thrown on purpose'))).toHaveLength(1);
    expect((await get(served, name, '/?do=calls')).body.toString()).toBe('{"calls":2}');
  });

  test.each(DOOR_NAMES)('%s answers a crash, and another process serves the next request', async (name) => {
    const served = await serveTemplate();
    expect((await get(served, name, '/?do=exit')).status).toBe(FAILURE[name]);
    await shown('Runtime.ExitError: the function\'s process ended with code 3');
    expect((await get(served, name, '/?do=calls')).body.toString()).toBe('{"calls":1}');
  });

  test('answer a timeout, and another process serves the next request', async () => {
    const json = fourDoors();
    json.Resources.Handler.Properties!.Timeout = 1;
    const served = await serveTemplate(json);
    const statuses = await Promise.all(DOOR_NAMES.map(async (name) => (await get(served, name, '/?do=hang')).status));
    expect(statuses).toEqual(DOOR_NAMES.map((name) => FAILURE[name]));
    await shown('Sandbox.Timedout: Task timed out after 1.00 seconds');
    expect((await get(served, 'http-api', '/?do=calls')).body.toString()).toBe('{"calls":1}');
  });

  test('time out like API Gateway', async () => {
    const json = fourDoors();
    json.Resources.HttpIntegration.Properties!.TimeoutInMillis = 300;
    json.Resources.RestRootMethod.Properties!.Integration.TimeoutInMillis = 300;
    const served = await serveTemplate(json);
    const [http, rest, alb] = await Promise.all((['http-api', 'rest-api', 'alb'] as const).map(async (name) => get(served, name, '/?do=sleep&ms=900')));
    expect([http.status, http.body.toString()]).toEqual([503, '{"message":"Service Unavailable"}']);
    expect([rest.status, rest.body.toString()]).toEqual([504, '{"message":"Endpoint request timed out"}']);
    expect(alb.status).toBe(200);
  });
});
