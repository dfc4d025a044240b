import { FrontDoorName, isInvocation } from '../../../local/front-doors/front-door';
import { accept, answer, DOOR_NAMES, doorOf, refuse, requestTo, valuesOf } from '../fixtures/doors';
import { fourDoors } from '../fixtures/template';

function without(...ids: string[]) {
  const json = fourDoors();
  for (const id of ids) delete json.Resources[id];
  return json;
}

describe('a permission that is missing', () => {
  test.each<[FrontDoorName, string, number, RegExp]>([
    ['function-url', 'UrlInvokeUrl', 403, /no AWS::Lambda::Permission allows lambda:InvokeFunctionUrl on .* to everyone/],
    ['function-url', 'UrlInvoke', 403, /no AWS::Lambda::Permission allows lambda:InvokeFunction on .* to everyone/],
    ['http-api', 'HttpPermission', 500, /allows apigateway\.amazonaws\.com to invoke .* from arn:aws:execute-api:us-west-2:910345601053:.*\/\$default\/\$default/],
    ['rest-api', 'RestPermission', 500, /allows apigateway\.amazonaws\.com to invoke .* from arn:aws:execute-api:.*\/live\/GET\//],
    ['alb', 'AlbPermission', 502, /allows elasticloadbalancing\.amazonaws\.com to invoke .* \(LambdaAccessDenied\)/],
  ])('closes %s (without %s: %i)', (name, permission, status, reason) => {
    expect(isInvocation(doorOf(name).accept(requestTo(name)))).toBe(true);
    const refusal = refuse(doorOf(name, without(permission)), requestTo(name));
    expect([refusal.status, refusal.reason]).toEqual([status, expect.stringMatching(reason)]);
  });

  test.each<[FrontDoorName, string]>([['http-api', 'HttpPermission'], ['rest-api', 'RestPermission']])('closes %s where it is for another API', (name, permission) => {
    const json = fourDoors();
    json.Resources[permission].Properties!.SourceArn = 'arn:aws:execute-api:us-west-2:910345601053:another/*/*';
    expect(refuse(doorOf(name, json), requestTo(name)).status).toBe(500);
  });

  test('is told apart from one whose values the template does not tell', () => {
    const json = fourDoors();
    json.Resources.HttpPermission.Properties!.SourceArn = { Ref: 'Unset' };
    expect(refuse(doorOf('http-api', json), requestTo('http-api')).reason).toMatch(
      /^no AWS::Lambda::Permission allows .*; Stack\/HttpPermission: the template does not tell SourceArn, which is \{"Ref":"Unset"\}: /);
  });

  test('closes a method that it does not cover', () => {
    const json = fourDoors();
    json.Resources.RestPermission.Properties!.SourceArn = { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${RestApi}/*/GET/*' };
    const door = doorOf('rest-api', json);
    expect(isInvocation(door.accept(requestTo('rest-api', { target: '/x' })))).toBe(true);
    expect(refuse(door, requestTo('rest-api', { method: 'POST', target: '/x' })).status).toBe(500);
  });

  test('closes an alias that only its function has', () => {
    const json = fourDoors();
    json.Resources.Alias = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Handler' }, FunctionVersion: '1', Name: 'live' } };
    json.Resources.TargetGroup.Properties!.Targets = [{ Id: { Ref: 'Alias' } }];
    expect(refuse(doorOf('alb', json), requestTo('alb')).reason).toContain('function:Stack-Handler:live');
    json.Resources.AlbPermission.Properties!.FunctionName = { Ref: 'Alias' };
    expect(isInvocation(doorOf('alb', json).accept(requestTo('alb')))).toBe(true);
  });
});

describe('function-url', () => {
  test('with AWS_IAM refuses what is not signed', () => {
    const json = fourDoors();
    json.Resources.Url.Properties!.AuthType = 'AWS_IAM';
    const refusal = refuse(doorOf('function-url', json), requestTo('function-url'));
    expect([refusal.status, refusal.reason]).toEqual([403, expect.stringContaining('the request is not signed')]);
  });

  test('refuses an event of more than 6 MB', () => {
    const request = requestTo('function-url', { method: 'POST', body: Buffer.alloc(5_000_000) });
    expect(refuse(doorOf('function-url'), request).status).toBe(413);
    expect(isInvocation(doorOf('function-url').accept(requestTo('function-url', { method: 'POST', body: Buffer.alloc(4_000_000) })))).toBe(true);
  });

  test('answers preflights itself, and its CORS headers replace the function\'s', async () => {
    const json = fourDoors();
    json.Resources.Url.Properties!.Cors = { AllowOrigins: ['https://a.example'], AllowMethods: ['GET'], MaxAge: 60 };
    const door = doorOf('function-url', json);
    const origin: [string, string] = ['Origin', 'https://a.example'];
    const preflight = refuse(door, requestTo('function-url', { method: 'OPTIONS', headers: [origin, ['Access-Control-Request-Method', 'GET']] }));
    expect([preflight.status, valuesOf(preflight, 'access-control-allow-methods'), valuesOf(preflight, 'access-control-max-age')]).toEqual([200, ['GET'], ['60']]);
    const sent = await answer(door, { statusCode: 200, headers: { 'access-control-allow-origin': '*' } }, requestTo('function-url', { headers: [origin] }));
    expect(valuesOf(sent, 'access-control-allow-origin')).toEqual(['https://a.example']);
    const foreign = await answer(door, { statusCode: 200 }, requestTo('function-url', { headers: [['Origin', 'https://b.example']] }));
    expect(valuesOf(foreign, 'access-control-allow-origin')).toEqual([]);
  });
});

describe('http-api', () => {
  test('answers 404 where no route matches', () => {
    const json = fourDoors();
    json.Resources.HttpRoute.Properties!.RouteKey = 'GET /items/{id}';
    const refusal = refuse(doorOf('http-api', json), requestTo('http-api', { target: '/other' }));
    expect([refusal.status, refusal.body.toString()]).toEqual([404, '{"message":"Not Found"}']);
  });

  test('prefers the most specific of its routes', () => {
    const json = fourDoors();
    for (const [id, key] of Object.entries({ Any: 'ANY /items/{id}', Get: 'GET /items/{id}', Literal: 'ANY /items/new', Greedy: 'ANY /{proxy+}' })) {
      json.Resources[id] = { ...json.Resources.HttpRoute, Properties: { ...json.Resources.HttpRoute.Properties, RouteKey: key } };
    }
    const routeOf = (method: string, target: string) => (accept(doorOf('http-api', json), requestTo('http-api', { method, target })).event as any).routeKey;
    expect(routeOf('GET', '/items/1')).toBe('GET /items/{id}');
    expect(routeOf('POST', '/items/1')).toBe('ANY /items/{id}');
    expect(routeOf('GET', '/items/new')).toBe('ANY /items/new');
    expect(routeOf('GET', '/items/1/more')).toBe('ANY /{proxy+}');
    expect(routeOf('GET', '/')).toBe('$default');
  });

  test('answers 401 where a route has an authorizer and the request no authorization', () => {
    const json = fourDoors();
    json.Resources.HttpRoute.Properties!.AuthorizationType = 'JWT';
    expect(refuse(doorOf('http-api', json), requestTo('http-api')).status).toBe(401);
  });

  test('answers preflights itself, and its CORS headers replace the function\'s', async () => {
    const json = fourDoors();
    json.Resources.HttpApi.Properties!.CorsConfiguration = { AllowOrigins: ['*'], AllowMethods: ['GET', 'POST'], AllowHeaders: ['x-a'], ExposeHeaders: ['x-b'] };
    const door = doorOf('http-api', json);
    const origin: [string, string] = ['Origin', 'https://a.example'];
    const preflight = refuse(door, requestTo('http-api', { method: 'OPTIONS', headers: [origin, ['Access-Control-Request-Method', 'GET']] }));
    expect([preflight.status, valuesOf(preflight, 'access-control-allow-origin'), valuesOf(preflight, 'access-control-allow-methods')])
      .toEqual([204, ['*'], ['GET,POST']]);
    const sent = await answer(door, { statusCode: 200, headers: { 'access-control-allow-origin': 'https://own.example' } }, requestTo('http-api', { headers: [origin] }));
    expect([valuesOf(sent, 'access-control-allow-origin'), valuesOf(sent, 'access-control-expose-headers')]).toEqual([['*'], ['x-b']]);
    // An OPTIONS request that is no preflight is the app's.
    expect(isInvocation(door.accept(requestTo('http-api', { method: 'OPTIONS' })))).toBe(true);
  });

  test('answers 413 for a body of more than 10 MB', () => {
    expect(refuse(doorOf('http-api'), requestTo('http-api', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  });

  test('waits as long as its integration says', () => {
    const json = fourDoors();
    expect(accept(doorOf('http-api', json), requestTo('http-api')).patience!.milliseconds).toBe(30_000);
    json.Resources.HttpIntegration.Properties!.TimeoutInMillis = 1000;
    const { patience } = accept(doorOf('http-api', json), requestTo('http-api'));
    expect([patience!.milliseconds, patience!.answer.status]).toEqual([1000, 503]);
  });

  test('has no entrance without a stage', () => {
    expect(doorOf('http-api', without('HttpStage'))).toBeUndefined();
  });
});

describe('rest-api', () => {
  const door = doorOf('rest-api');

  test('answers 403 below a stage that it does not have', () => {
    const refusal = refuse(door, { ...requestTo('rest-api'), target: '/prod/x' });
    expect([refusal.status, refusal.body.toString(), refusal.reason]).toEqual([403, '{"message":"Forbidden"}', 'the REST API has no stage \'prod\'; its stages are live']);
  });

  test('answers 403 where no method matches', () => {
    const refusal = refuse(doorOf('rest-api', without('RestProxyMethod')), requestTo('rest-api', { target: '/x' }));
    expect([refusal.status, refusal.body.toString()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  });

  test('answers 403 for a method that no deployment holds', () => {
    const json = fourDoors();
    (json.Resources.RestDeployment as any).DependsOn = ['RestRootMethod'];
    const refusal = refuse(doorOf('rest-api', json), requestTo('rest-api', { target: '/x' }));
    expect([refusal.status, refusal.reason]).toEqual([403, expect.stringContaining('RestProxyMethod is in no deployment of stage \'live\'')]);
  });

  test('answers 500 for another integration', () => {
    const json = fourDoors();
    json.Resources.RestRootMethod.Properties!.Integration = { Type: 'MOCK' };
    expect(refuse(doorOf('rest-api', json), requestTo('rest-api')).status).toBe(500);
  });

  test('answers 413 for a body of more than 10 MB', () => {
    expect(refuse(door, requestTo('rest-api', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  });
});

describe('alb', () => {
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

describe('headers that are too large', () => {
  test.each<[FrontDoorName, number]>([['http-api', 431], ['rest-api', 431]])('are refused by %s with %i', (name, status) => {
    expect(refuse(doorOf(name), requestTo(name, { headers: [['X-Large', 'x'.repeat(11_000)]] })).status).toBe(status);
  });
});

test('every door is found in a template that has all four', () => {
  expect(DOOR_NAMES.map((name) => doorOf(name).entrances.map(({ path }) => path))).toEqual([['/'], ['/'], ['/live/'], ['/']]);
});
