import { DOOR_NAMES } from './fixtures/doors';
import { get, lines, serveTemplate, shown } from './fixtures/serving';
import { fourDoors } from './fixtures/template';

describe('a template that fails on AWS', () => {
  test('without */* sends base64 through the REST API', async () => {
    const json = fourDoors();
    expect((await get(await serveTemplate(json), 'rest-api', '/?do=binary')).body).toEqual(Buffer.from([0, 255, 128]));
    delete (json.Resources.RestApi.Properties as any).BinaryMediaTypes;
    expect((await get(await serveTemplate(json), 'rest-api', '/?do=binary')).body.toString()).toBe('AP+A');
  });

  test('without the multi-value attribute loses repeated headers behind the load balancer', async () => {
    const json = fourDoors();
    expect((await get(await serveTemplate(json), 'alb')).headers['x-multi']).toEqual(['1', '2']);
    delete (json.Resources.TargetGroup.Properties as any).TargetGroupAttributes;
    const lost = await get(await serveTemplate(json), 'alb', '/?a=1&a=2');
    expect(lost.headers['x-multi']).toBeUndefined();
    expect(JSON.parse(lost.body.toString()).queryStringParameters).toEqual({ a: '2' });
  });

  test.each([
    ['UrlInvokeUrl', 'function-url', 403],
    ['UrlInvoke', 'function-url', 403],
    ['HttpPermission', 'http-api', 500],
    ['RestPermission', 'rest-api', 500],
    ['AlbPermission', 'alb', 502],
  ] as const)('without the permission %s, only %s fails', async (permission, closed, status) => {
    const json = fourDoors();
    delete json.Resources[permission];
    const served = await serveTemplate(json);
    const statuses = await Promise.all(DOOR_NAMES.map(async (name) => [name, (await get(served, name)).status]));
    expect(statuses).toEqual(DOOR_NAMES.map((name) => [name, name === closed ? status : 200]));
    await shown('no AWS::Lambda::Permission');
    expect(lines.filter((line) => line.includes('no AWS::Lambda::Permission')).length).toBe(1);
  });
});

describe('a template with conditions and parameters', () => {
  test('is served without the doors whose condition is false', async () => {
    const json = {
      ...fourDoors(),
      Parameters: { Stage: { Type: 'String', Default: 'prod' } },
      Conditions: { IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] } },
    };
    for (const id of ['Url', 'HttpRoute']) Object.assign(json.Resources[id], { Condition: 'IsTest' });
    json.Resources.RestStage.Properties!.StageName = { 'Fn::If': ['IsTest', 'test', { Ref: 'Stage' }] };
    const served = await serveTemplate(json);
    expect(served.doors.map(({ name, url }) => [name, new URL(url).pathname])).toEqual(
      DOOR_NAMES.filter((name) => name !== 'function-url' && name !== 'http-api').map((name) => [name, name === 'rest-api' ? '/prod/' : '/']),
    );
    expect((await get(served, 'rest-api')).status).toBe(200);
    expect(lines.filter((line) => line.startsWith('left out'))).toEqual([]);
  });

  test('is served without the resources that cannot be resolved, which are reported', async () => {
    const json = { ...fourDoors(), Parameters: { Stage: { Type: 'String' } } };
    json.Resources.RestStage.Properties!.StageName = { 'Fn::Join': ['-', ['v1', { Ref: 'Stage' }]] };
    const served = await serveTemplate(json);
    expect(served.doors.map(({ name }) => name)).toEqual(DOOR_NAMES.filter((name) => name !== 'rest-api'));
    expect(lines.filter((line) => line.startsWith('left out'))).toEqual(['left out: Stack/RestStage: cannot resolve StageName from the template, got {"Ref":"Stage"}: parameter \'Stage\' has no default; give it one']);
  });
});
