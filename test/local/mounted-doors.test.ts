import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { serve, Served } from '../../local/serve';
import { FrontDoor, WrappedWebApp } from '../../src';
import { send, SentRequest } from './fixtures/http-client';

/*
 * Synthesized stacks, served: routes, contract and runtime together.
 */

const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'mounted-')));
let served: Served;

beforeAll(async () => {
  writeFileSync(path.join(directory, 'package.json'), '{}');
  const entry = path.join(directory, 'app.js');
  writeFileSync(entry, "module.exports = (req, res) => res.end(`${req.method} ${req.url} below ${req.headers['x-forwarded-prefix']}`);");
  const app = new cdk.App({ outdir: path.join(directory, 'cdk.out') });
  const stack = new cdk.Stack(app, 'Stack');

  const httpApi = new apigwv2.HttpApi(stack, 'HttpApi', { corsPreflight: { allowOrigins: ['https://a.example'], allowMethods: [apigwv2.CorsHttpMethod.PUT] } });
  const restApi = new apigateway.RestApi(stack, 'RestApi', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
  const listener = new elbv2.ApplicationLoadBalancer(stack, 'Alb', { vpc: new ec2.Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }) })
    .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  const web = new WrappedWebApp(stack, 'Web', { entry, frontDoor: FrontDoor.httpApi({ api: httpApi, path: '/shop' }) });
  web.addFrontDoor('HttpStore', FrontDoor.httpApi({ api: httpApi, path: '/store' }));
  web.addFrontDoor('HttpGuarded', FrontDoor.httpApi({ api: httpApi, path: '/guarded', defaultAuthorizer: new HttpIamAuthorizer() }));
  web.addFrontDoor('RestShop', FrontDoor.restApi({ api: restApi, path: '/shop' }));
  web.addFrontDoor('RestStore', FrontDoor.restApi({ api: restApi, path: '/store' }));
  web.addFrontDoor('AlbShop', FrontDoor.alb({ listener, path: '/shop', priority: 1 }));
  web.addFrontDoor('AlbStore', FrontDoor.alb({ listener, path: '/store', priority: 2 }));
  app.synth();

  served = await serve({
    assembly: path.join(directory, 'cdk.out'),
    environmentFile: new Map(),
    host: '127.0.0.1',
    portBase: 0,
    terminal: { out: () => undefined, error: () => undefined },
    programDirectory: path.join(__dirname, '../../lib/local'),
  });
});

afterAll(async () => {
  await served?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a door of the app answers to a request below its host and stage. */
async function ask(name: FrontDoorName, request: SentRequest & { path: string }) {
  const { origin, pathname } = new URL(served.doors.find((door) => door.name === name)!.url);
  const stage = name === 'rest-api' ? `/${pathname.split('/')[1]}` : '';
  const { status, body, headers } = await send(`${origin}/`, { ...request, path: stage + request.path });
  return { status, text: body.toString(), headers };
}

test.each<[FrontDoorName, string]>([['http-api', ''], ['rest-api', '/prod'], ['alb', '']])('an app at two paths of one %s sees its own paths', async (name, stage) => {
  expect(await ask(name, { path: '/shop/x' })).toMatchObject({ status: 200, text: `GET /x below ${stage}/shop` });
  expect(await ask(name, { path: '/store/x' })).toMatchObject({ status: 200, text: `GET /x below ${stage}/store` });
  expect(await ask(name, { path: '/store' })).toMatchObject({ status: 200, text: `GET / below ${stage}/store` });
});

describe('an HTTP API with CORS and an authorizer', () => {
  const SIGNED: [string, string][] = [['Authorization', 'AWS4-HMAC-SHA256 signed']];
  const PREFLIGHT: [string, string][] = [['Origin', 'https://a.example'], ['Access-Control-Request-Method', 'PUT']];

  test('lets preflight requests through', async () => {
    const { status, headers } = await ask('http-api', { method: 'OPTIONS', path: '/guarded/x', headers: PREFLIGHT });
    expect([status, headers['access-control-allow-origin'], headers['access-control-allow-methods']]).toEqual([204, ['https://a.example'], ['PUT']]);
  });

  test('lets no other OPTIONS request reach the app', async () => {
    for (const target of ['/guarded', '/guarded/x']) {
      expect(await ask('http-api', { method: 'OPTIONS', path: target })).toMatchObject({ status: 401, text: 'Unauthorized' });
      // Credentials are not checked on an open route.
      expect(await ask('http-api', { method: 'OPTIONS', path: target, headers: SIGNED })).toMatchObject({ status: 401, text: 'Unauthorized' });
    }
  });

  test('lets requests with credentials reach the app', async () => {
    expect((await ask('http-api', { path: '/guarded/x' })).status).toBe(401);
    expect(await ask('http-api', { path: '/guarded/x', headers: SIGNED })).toMatchObject({ status: 200, text: 'GET /x below /guarded' });
  });

  test('does not change OPTIONS requests to a door without an authorizer', async () => {
    expect(await ask('http-api', { method: 'OPTIONS', path: '/shop/x' })).toMatchObject({ status: 200, text: 'OPTIONS /x below /shop' });
  });
});
