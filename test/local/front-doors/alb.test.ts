import { isInvocation } from '../../../local/front-doors/front-door';
import { answer, doorOf, refuse, requestTo, valuesOf } from '../fixtures/doors';
import { fourDoors, fourDoorsWithSingleValues } from '../fixtures/template';

describe('a request', () => {
  test('answers 413 for a body of more than 1 MB', () => {
    const door = doorOf('alb');
    expect(isInvocation(door.accept(requestTo('alb', { method: 'POST', body: Buffer.alloc(1024 * 1024) })))).toBe(true);
    expect(refuse(door, requestTo('alb', { method: 'POST', body: Buffer.alloc(1024 * 1024 + 1) })).status).toBe(413);
  });

  test('refuses WebSockets', () => {
    expect(refuse(doorOf('alb'), requestTo('alb', { headers: [['Upgrade', 'websocket']] })).status).toBe(400);
  });

  test('follows its rules by priority', () => {
    const json = fourDoors();
    const forward = json.Resources.Listener.Properties!.DefaultActions;
    json.Resources.Listener.Properties!.DefaultActions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', MessageBody: 'nothing here' } }];
    json.Resources.Late = rule(2, [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/app/*'] } }], forward);
    json.Resources.Early = rule(1, [
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/app/old*'] } },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
    ], [{ Type: 'redirect', RedirectConfig: { Path: '/app/new', StatusCode: 'HTTP_302' } }]);
    const door = doorOf('alb', json);

    expect(isInvocation(door.accept(requestTo('alb', { target: '/app/x' })))).toBe(true);
    expect(refuse(door, requestTo('alb', { target: '/' })).body.toString()).toBe('nothing here');
    const moved = refuse(door, requestTo('alb', { target: '/app/old?a=1' }));
    expect([moved.status, valuesOf(moved, 'location')]).toEqual([302, ['https://example.com:443/app/new?a=1']]);
    expect(isInvocation(door.accept(requestTo('alb', { method: 'POST', target: '/app/old' })))).toBe(true);
  });

  function rule(Priority: number, Conditions: object[], Actions: object[]) {
    return { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'Listener' }, Priority, Conditions, Actions } };
  }
});

describe('a result', () => {
  const multi = doorOf('alb');
  const single = doorOf('alb', fourDoorsWithSingleValues());

  test('with multi-value headers reads multiValueHeaders only', async () => {
    const sent = await answer(multi, { statusCode: 200, headers: { 'x-a': '1' }, multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] } });
    expect([valuesOf(sent, 'x-a'), valuesOf(sent, 'set-cookie')]).toEqual([[], ['a=1', 'b=2']]);
  });

  test('with multi-value headers reports that headers is ignored', async () => {
    expect((await answer(multi, { statusCode: 200, headers: { 'x-a': '1' } })).reason).toContain('headers is ignored: the target group has lambda.multi_value_headers.enabled');
  });

  test('without multi-value headers ignores multiValueHeaders and reports it', async () => {
    const sent = await answer(single, { statusCode: 200, multiValueHeaders: { 'content-type': ['text/html'] }, body: '<p>' });
    expect(valuesOf(sent, 'content-type')).toEqual(['application/octet-stream']);
    expect(sent.reason).toContain('the target group does not have lambda.multi_value_headers.enabled');
  });

  test('without multi-value headers keeps header names that differ in case', async () => {
    const sent = await answer(single, { statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-cookie': 'b=2' } });
    expect(valuesOf(sent, 'set-cookie')).toEqual(['a=1', 'b=2']);
  });

  test.each([['200 OK', 'OK'], ['OK', 'OK'], ['200', undefined], [undefined, undefined]])('reads the status description %s', async (statusDescription, text) => {
    expect((await answer(multi, { statusCode: 200, statusDescription })).statusText).toBe(text);
  });

  test('fails on digits as a status', async () => {
    expect((await answer(multi, { statusCode: '200' })).status).toBe(502);
  });

  test('fails on a result without statusCode', async () => {
    expect((await answer(multi, { body: 'x' })).reason).toContain('statusCode must be an HTTP status from 200 to 599, got undefined (LambdaInvalidResponse)');
  });

  test('fails on a result of more than 1 MB of JSON', async () => {
    const frame = JSON.stringify({ statusCode: 200, body: '' }).length;
    expect((await answer(multi, { statusCode: 200, body: 'x'.repeat(1024 * 1024 - frame) })).status).toBe(200);
    const failed = await answer(multi, { statusCode: 200, body: 'x'.repeat(1024 * 1024 - frame + 1) });
    expect([failed.status, failed.reason]).toEqual([502, expect.stringContaining('(LambdaResponseTooLarge)')]);
  });
});
