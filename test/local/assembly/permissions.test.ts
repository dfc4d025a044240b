import { FrontDoorName, isInvocation } from '../../../local/front-doors/front-door';
import { doorOf, refuse, requestTo } from '../fixtures/doors';
import { fourDoors, fourDoorsWithout } from '../fixtures/template';

describe('without a permission', () => {
  test.each<[FrontDoorName, string, number, RegExp]>([
    ['function-url', 'UrlInvokeUrl', 403, /no AWS::Lambda::Permission allows lambda:InvokeFunctionUrl on .* to everyone/],
    ['function-url', 'UrlInvoke', 403, /no AWS::Lambda::Permission allows lambda:InvokeFunction on .* to everyone/],
    ['http-api', 'HttpPermission', 500, /allows apigateway\.amazonaws\.com to invoke .* from arn:aws:execute-api:us-west-2:910345601053:.*\/\$default\/\$default/],
    ['rest-api', 'RestPermission', 500, /allows apigateway\.amazonaws\.com to invoke .* from arn:aws:execute-api:.*\/live\/GET\//],
    ['alb', 'AlbPermission', 502, /allows elasticloadbalancing\.amazonaws\.com to invoke .* \(LambdaAccessDenied\)/],
  ])('%s fails without %s, with status %i', (name, permission, status, reason) => {
    expect(isInvocation(doorOf(name).accept(requestTo(name)))).toBe(true);
    const refusal = refuse(doorOf(name, fourDoorsWithout(permission)), requestTo(name));
    expect([refusal.status, refusal.reason]).toEqual([status, expect.stringMatching(reason)]);
  });

  test.each<[FrontDoorName, string]>([['http-api', 'HttpPermission'], ['rest-api', 'RestPermission']])('%s fails when it is for another API', (name, permission) => {
    const json = fourDoors();
    json.Resources[permission].Properties!.SourceArn = 'arn:aws:execute-api:us-west-2:910345601053:another/*/*';
    expect(refuse(doorOf(name, json), requestTo(name)).status).toBe(500);
  });

  test('is reported together with a permission that cannot be resolved', () => {
    const json = fourDoors();
    json.Resources.HttpPermission.Properties!.SourceArn = { Ref: 'Unset' };
    expect(refuse(doorOf('http-api', json), requestTo('http-api')).reason).toMatch(
      /^no AWS::Lambda::Permission allows .*; Stack\/HttpPermission: cannot resolve SourceArn from the template, got \{"Ref":"Unset"\}: /);
  });

  test('is reported together with a permission whose condition cannot be resolved', () => {
    const json = { ...fourDoors(), Conditions: { Wanted: { 'Fn::Equals': [{ Ref: 'Unset' }, 'x'] } } };
    Object.assign(json.Resources.AlbPermission, { Condition: 'Wanted' });
    expect(refuse(doorOf('alb', json), requestTo('alb')).reason).toContain('Stack/AlbPermission: cannot resolve Condition from the template');
  });

  test('fails for a method that the permission does not cover', () => {
    const json = fourDoors();
    json.Resources.RestPermission.Properties!.SourceArn = { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${RestApi}/*/GET/*' };
    const door = doorOf('rest-api', json);
    expect(isInvocation(door.accept(requestTo('rest-api', { target: '/x' })))).toBe(true);
    expect(refuse(door, requestTo('rest-api', { method: 'POST', target: '/x' })).status).toBe(500);
  });

  test('fails for an alias when the permission is only for its function', () => {
    const json = fourDoors();
    json.Resources.Alias = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Handler' }, FunctionVersion: '1', Name: 'live' } };
    json.Resources.TargetGroup.Properties!.Targets = [{ Id: { Ref: 'Alias' } }];
    expect(refuse(doorOf('alb', json), requestTo('alb')).reason).toContain('function:Stack-Handler:live');
    json.Resources.AlbPermission.Properties!.FunctionName = { Ref: 'Alias' };
    expect(isInvocation(doorOf('alb', json).accept(requestTo('alb')))).toBe(true);
  });
});
