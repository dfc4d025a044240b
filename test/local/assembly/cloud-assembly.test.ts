import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Served } from '../../../local/serve';
import { AppSource, FrontDoor, WrappedWebApp } from '../../../src';
import { send } from '../fixtures/http-client';
import { lines, serveAssembly } from '../fixtures/serving';

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'stacks-')));
let served: Served | undefined;

beforeAll(() => {
  // Answers with the path of its event.
  writeFileSync(path.join(directory, 'index.js'), `exports.handler = async (event) => {
    const headers = { 'content-type': ['text/plain'] };
    return { statusCode: 200, ...(event.version === '2.0' ? {} : { multiValueHeaders: headers }), body: (event.rawPath ?? event.path) + ' ' + process.env.QUEUE };
  };`);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function serveApp(define: (app: cdk.App) => void, environment: [string, string][] = []): Promise<string[]> {
  const app = new cdk.App({ outdir: mkdtempSync(path.join(tmpdir(), 'assembly-')) });
  define(app);
  app.synth();
  served = await serveAssembly(app.outdir, { environmentFile: new Map(environment) });
  return served.doors.map((door) => `${door.name} ${door.path} ${new URL(door.url).pathname}`);
}

async function get(index: number, request: Parameters<typeof send>[1] = {}): Promise<[number, string]> {
  const { status, body } = await send(served!.doors[index].url, request);
  return [status, body.toString()];
}

function source(): AppSource {
  return AppSource.prebuilt(cdk.aws_lambda.Code.fromAsset(directory), 'index.handler');
}

test('an app in a nested stack is served with the parameters of its parent stack', async () => {
  const doors = await serveApp((app) => {
    const stack = new cdk.Stack(app, 'Outer');
    const queue = new sqs.Queue(stack, 'Queue');
    const nested = new cdk.NestedStack(stack, 'Inner');
    new WrappedWebApp(nested, 'Web', { entry: source(), frontDoor: 'http-api', environment: { QUEUE: queue.queueUrl } });
  }, [['QUEUE', 'from-the-file']]);
  expect(doors).toEqual(['http-api Outer/Inner/Web /']);
  expect(await get(0, { path: '/x' })).toEqual([200, '/x from-the-file']);
});

test('fails when a variable of a nested stack refers to a resource of its parent stack', async () => {
  await expect(serveApp((app) => {
    const stack = new cdk.Stack(app, 'Outer');
    const queue = new sqs.Queue(stack, 'Queue');
    new WrappedWebApp(new cdk.NestedStack(stack, 'Inner'), 'Web', { entry: source(), environment: { QUEUE: queue.queueUrl } });
  })).rejects.toThrow(/^Outer\/Inner\/Web\/Handler: these environment variables cannot be resolved from the template:\n  QUEUE: \{"Ref":"Queue/);
});

test('doors that use APIs and listeners of another stack are served', async () => {
  const doors = await serveApp((app) => {
    const shared = new cdk.Stack(app, 'Shared');
    const http = new apigwv2.HttpApi(shared, 'Http');
    const rest = new apigateway.RestApi(shared, 'Rest', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
    rest.root.addResource('neighbour').addMethod('GET', new apigateway.MockIntegration());
    const vpc = new ec2.Vpc(shared, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const listener = new elbv2.ApplicationLoadBalancer(shared, 'LoadBalancer', { vpc })
      .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });

    const stack = new cdk.Stack(app, 'App');
    const web = new WrappedWebApp(stack, 'Web', { entry: source(), frontDoor: FrontDoor.httpApi({ api: http, path: '/web' }), environment: { QUEUE: 'q' } });
    web.addFrontDoor('Rest', FrontDoor.restApi({ api: rest, path: '/web', stageName: 'prod' }));
    web.addFrontDoor('Alb', FrontDoor.alb({ listener, port: 80, path: '/web', priority: 1 }));
  });
  expect(doors).toEqual(['http-api App/Web /web/', 'rest-api App/Web /prod/web/', 'alb App/Web /web/']);
  for (const index of [0, 1, 2]) expect(await get(index, { path: '/x' })).toEqual([200, '/web/x q']);
});

test('doors that use imported APIs and listeners are served', async () => {
  const doors = await serveApp((app) => {
    const stack = new cdk.Stack(app, 'App', { env: { account: '111111111111', region: 'eu-central-1' } });
    const http = apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Http', { httpApiId: 'abc', apiEndpoint: 'https://abc.example' });
    const rest = apigateway.RestApi.fromRestApiAttributes(stack, 'Rest', { restApiId: 'def', rootResourceId: 'root' });
    const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
      listenerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111111111111:listener/app/x/y/z',
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
    });
    const loadBalancer = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'LoadBalancer', {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-central-1:111111111111:loadbalancer/app/x/y',
      loadBalancerDnsName: 'x.example',
      securityGroupId: 'sg-1',
    });
    const web = new WrappedWebApp(stack, 'Web', { entry: source(), frontDoor: FrontDoor.httpApi({ api: http, path: '/web' }), environment: { QUEUE: 'q' } });
    web.addFrontDoor('Rest', FrontDoor.restApi({ api: rest, path: '/web', stageName: 'live' }));
    web.addFrontDoor('Alb', FrontDoor.alb({ listener, port: 80, loadBalancer, path: '/web', priority: 1 }));
  });
  expect(doors).toEqual(['http-api App/Web /web/', 'rest-api App/Web /live/web/', 'alb App/Web /web/']);
  for (const index of [0, 1, 2]) expect(await get(index, { path: '/x' })).toEqual([200, '/web/x q']);
});

test('doors that use an API or a listener of another cloud assembly are served, whose IDs are looked up or imported', async () => {
  const doors = await serveApp((app) => {
    const stack = new cdk.Stack(app, 'App');
    const http = apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Http', { httpApiId: cdk.Fn.importValue('SharedApiId'), apiEndpoint: 'https://abc.example' });
    const listener = elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
      listenerArn: ssm.StringParameter.valueForStringParameter(stack, '/shared/listener'),
      securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
    });
    const loadBalancer = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'LoadBalancer', {
      loadBalancerArn: ssm.StringParameter.valueForStringParameter(stack, '/shared/load-balancer'),
      loadBalancerDnsName: 'x.example',
      securityGroupId: 'sg-1',
    });
    const web = new WrappedWebApp(stack, 'Web', { entry: source(), frontDoor: FrontDoor.httpApi({ api: http, path: '/web' }), environment: { QUEUE: 'q' } });
    web.addFrontDoor('Alb', FrontDoor.alb({ listener, port: 80, loadBalancer, path: '/web', priority: 1 }));
  });
  expect(doors).toEqual(['http-api App/Web /web/', 'alb App/Web /web/']);
  for (const index of [0, 1]) expect(await get(index, { path: '/x' })).toEqual([200, '/web/x q']);
  expect(lines.filter((line) => line.startsWith('left out'))).toEqual([]);
});

test('an alias, API keys and preflight answers of API Gateway are served', async () => {
  const doors = await serveApp((app) => {
    new WrappedWebApp(new cdk.Stack(app, 'App'), 'Web', {
      entry: source(),
      aliasName: 'live',
      environment: { QUEUE: 'q' },
      frontDoor: FrontDoor.restApi({ defaultMethodOptions: { apiKeyRequired: true }, defaultCorsPreflightOptions: { allowOrigins: ['https://a.example'] } }),
    });
  });
  expect(doors).toEqual(['rest-api App/Web /prod/']);
  expect(await get(0)).toEqual([403, '{"message":"Forbidden"}']);
  expect(await get(0, { headers: [['X-Api-Key', 'any']] })).toEqual([200, '/ q']);
  const preflight = await send(served!.doors[0].url, { method: 'OPTIONS', path: '/x', headers: [['Origin', 'https://a.example']] });
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, ['https://a.example']]);
});

test('an app without a front door in its template is reported', async () => {
  expect(await serveApp((app) => {
    const stack = new cdk.Stack(app, 'App');
    const web = new WrappedWebApp(stack, 'Web', { entry: source(), environment: { QUEUE: 'q' } });
    web.node.findChild('FrontDoor').node.findAll().forEach((construct) => {
      if (construct instanceof cdk.CfnResource) construct.node.scope?.node.tryRemoveChild(construct.node.id);
    });
    web.handler.node.children.filter(({ node }) => /url/i.test(node.id)).forEach(({ node }) => web.handler.node.tryRemoveChild(node.id));
    web.node.tryRemoveChild('Url');
  })).toEqual([]);
  expect(lines.join('\n')).toContain('App/Web has no front door in its template');
});
