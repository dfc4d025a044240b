import { DoorRequest } from '../../../local/front-doors/front-door';
import { eventFor, withHeaders } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

function post(body: string | Buffer, type?: string): Partial<DoorRequest> {
  return { ...withHeaders(...(type ? [['Content-Type', type] as [string, string]] : [])), method: 'POST', body: Buffer.from(body) };
}

describe('body', () => {
  test.each(['function-url', 'http-api', 'alb'] as const)('%s sends text types as text and everything else in base64', (name) => {
    expect(eventFor(name, post('λ', 'text/plain'))).toMatchObject({ body: 'λ', isBase64Encoded: false });
    expect(eventFor(name, post('{}', 'application/problem+json; charset=utf-8'))).toMatchObject({ body: '{}', isBase64Encoded: false });
    expect(eventFor(name, post('a=b', 'application/x-www-form-urlencoded'))).toMatchObject({ body: 'YT1i', isBase64Encoded: true });
    expect(eventFor(name, post(Buffer.from([0xff, 0]), 'image/png'))).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });

  test('alb sends a body with a content encoding in base64, whatever its type', () => {
    const request = post('x', 'text/plain');
    const event = eventFor('alb', { ...request, headers: [...request.headers!, ['Content-Encoding', 'gzip']] });
    expect(event.isBase64Encoded).toBe(true);
  });

  test('rest-api with */* sends every body in base64', () => {
    expect(eventFor('rest-api', post('text', 'text/plain'))).toMatchObject({ body: 'dGV4dA==', isBase64Encoded: true });
  });

  test('rest-api without */* breaks a binary body', () => {
    const json = fourDoors();
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    expect(eventFor('rest-api', post(Buffer.from([0xff, 0x41]), 'image/png'), json)).toMatchObject({ body: '\ufffdA', isBase64Encoded: false });
  });

  test('an empty body is null behind rest-api, an empty string behind alb, absent behind the others', () => {
    expect(eventFor('rest-api', {}).body).toBeNull();
    expect(eventFor('alb', {}).body).toBe('');
    expect(eventFor('function-url', {})).not.toHaveProperty('body');
    expect(eventFor('http-api', {})).not.toHaveProperty('body');
  });
});
