import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { TemplateJson } from '../../local/assembly/stack-template';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { Served } from '../../local/serve';
import { WrappedWebApp } from '../../src';
import { DOOR_NAMES } from './fixtures/doors';
import { ReceivedResponse, send } from './fixtures/http-client';
import { serveAssembly, shown } from './fixtures/serving';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'synthesized-')));

const APP = `
  module.exports = (request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('content-type', 'application/octet-stream');
    response.end(Buffer.from([0, 255, 128, request.url.length]));
  };
`;

beforeAll(() => {
  writeFileSync(path.join(directory, 'package.json'), '{}');
  writeFileSync(path.join(directory, 'app.js'), APP);
  const app = new cdk.App({ outdir: path.join(directory, 'cdk.out') });
  for (const [scope, id] of [[app, 'Stack'], [new cdk.Stage(app, 'Prod'), 'Stack']] as const) {
    const stack = new cdk.Stack(scope, id);
    for (const frontDoor of DOOR_NAMES) new WrappedWebApp(stack, frontDoor, { entry: path.join(directory, 'app.js'), frontDoor });
  }
  app.synth();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Serves the app with a changed template of its first stack. */
async function serveWithout(change: (resources: NonNullable<TemplateJson['Resources']>) => void, outdir = 'cdk.out'): Promise<Served> {
  const assembly = path.join(directory, `${outdir}-changed`);
  cpSync(path.join(directory, outdir), assembly, { recursive: true });
  const file = path.join(assembly, 'Stack.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as TemplateJson;
  change(template.Resources!);
  writeFileSync(file, JSON.stringify(template));
  return serveAssembly(assembly);
}

async function get(served: Served, name: FrontDoorName, stack = 'Stack'): Promise<ReceivedResponse> {
  return send(served.doors.find((door) => door.name === name && door.path === `${stack}/${name}`)!.url);
}

type Resource = NonNullable<TemplateJson['Resources']>[string];

function remove(resources: NonNullable<TemplateJson['Resources']>, matches: (resource: Resource) => boolean): void {
  const ids = Object.keys(resources).filter((id) => matches(resources[id]));
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) delete resources[id];
}

function permission(principal: string, action = 'lambda:InvokeFunction'): (resource: Resource) => boolean {
  return ({ Type, Properties }) => Type === 'AWS::Lambda::Permission' && Properties?.Principal === principal && Properties.Action === action;
}

test('a synthesized app is served, also in a CDK stage', async () => {
  const served = await serveWithout(() => undefined);
  expect(served.doors.map((door) => `${door.path} ${door.name}`).sort()).toEqual(
    ['Prod/Stack', 'Stack'].flatMap((stack) => DOOR_NAMES.map((name) => `${stack}/${name} ${name}`)).sort(),
  );
  for (const stack of ['Stack', 'Prod/Stack']) {
    for (const name of DOOR_NAMES) {
      const { status, headers, body } = await get(served, name, stack);
      expect([name, status, headers['set-cookie'], [...body]]).toEqual([name, 200, ['a=1', 'b=2'], [0, 255, 128, 1]]);
    }
  }
});

test.each<[string, FrontDoorName, number, (resource: Resource) => boolean]>([
  ['lambda:InvokeFunctionUrl', 'function-url', 403, permission('*', 'lambda:InvokeFunctionUrl')],
  ['lambda:InvokeFunction for the Function URL', 'function-url', 403, permission('*')],
  ['the HTTP API\'s and the REST API\'s', 'http-api', 500, permission('apigateway.amazonaws.com')],
  ['the HTTP API\'s and the REST API\'s', 'rest-api', 500, permission('apigateway.amazonaws.com')],
  ['the load balancer\'s', 'alb', 502, permission('elasticloadbalancing.amazonaws.com')],
])('without the permission %s, %s answers %i', async (_, name, status, matches) => {
  const served = await serveWithout((resources) => remove(resources, matches));
  expect((await get(served, name)).status).toBe(status);
  await shown('no AWS::Lambda::Permission allows');
  // The other stack still has it.
  expect((await get(served, name, 'Prod/Stack')).status).toBe(200);
});

test('without */*, rest-api sends base64 text instead of bytes', async () => {
  const served = await serveWithout((resources) => {
    const [api] = Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGateway::RestApi');
    delete (api.Properties as any).BinaryMediaTypes;
  });
  expect((await get(served, 'rest-api')).body.toString()).toBe(Buffer.from([0, 255, 128, 1]).toString('base64'));
});

test('without the multi-value attribute, alb keeps two cookies, since the runtime answers in headers', async () => {
  const served = await serveWithout((resources) => {
    const [targetGroup] = Object.values(resources).filter(({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::TargetGroup');
    delete (targetGroup.Properties as any).TargetGroupAttributes;
  });
  const { status, headers, body } = await get(served, 'alb');
  // The runtime answers in the field that the event used: both cookies survive by the letter case of their names.
  expect([status, headers['set-cookie'], [...body]]).toEqual([200, ['a=1', 'b=2'], [0, 255, 128, 1]]);
});

test('rest-api has no methods without the dependencies of its deployment', async () => {
  const served = await serveWithout((resources) => {
    const [deployment] = Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Deployment');
    delete (deployment as any).DependsOn;
  });
  expect((await get(served, 'rest-api')).status).toBe(403);
});
