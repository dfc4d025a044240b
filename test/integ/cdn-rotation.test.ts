/**
 * An app behind CloudFront is deployed to an emulator, and its secret is changed by two more deployments.
 *
 * The emulator resolves the references to the secret, for the distribution and for the function. Its CloudFront reaches neither
 * Function URLs nor APIs, so the test takes the header from the distribution and sends it to the function itself.
 */
import * as cdk from 'aws-cdk-lib';
import { Emulator } from './emulator';
import { entry } from '../../integ/app/entry';
import { CloudFrontDoor, WrappedWebApp } from '../../src';
import { fixture } from '../lambda-runtime/node/cases';
import { scratchFolder } from '../src/synthesis';

const emulator = new Emulator();

beforeAll(async () => {
  await emulator.start();
  emulator.cdk('bootstrap', 'aws://000000000000/us-east-1');
});

afterAll(() => emulator.stop());

/** Deploys the stack, and returns the secret that CloudFront sends. */
async function deploy(secretIds: string[]): Promise<string> {
  const app = new cdk.App({ outdir: scratchFolder() });
  new WrappedWebApp(new cdk.Stack(app, 'cdn'), 'Web', { entry, frontDoor: new CloudFrontDoor({ secretIds }) });
  emulator.deploy(app.synth().directory);
  const config = await emulator.cloudFront(`distribution/${await idOf('AWS::CloudFront::Distribution')}/config`);
  const [, secret] = /<HeaderName>x-wrapped-web-app-cdn-secret<\/HeaderName><HeaderValue>(.*?)<\/HeaderValue>/.exec(config)!;
  // The emulator has punctuation in generated secrets, although the template excludes it.
  return secret.replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]);
}

async function idOf(type: string): Promise<string> {
  return (await emulator.resourcesOf('cdn')).find(resource => resource.type === type)!.physicalId;
}

/** The status of a request with this secret. */
async function statusOf(secret: string): Promise<number> {
  const event = fixture('function-url.json');
  const name = await idOf('AWS::Lambda::Function');
  const { statusCode } = await emulator.lambda('POST', `/2015-03-31/functions/${name}/invocations`, { ...event, headers: { ...event.headers, 'x-wrapped-web-app-cdn-secret': secret } });
  return statusCode;
}

test('two deployments change the secret, and none in between refuses what CloudFront sent before it or sends after it', async () => {
  const first = await deploy(['1']);
  expect(first).toHaveLength(64);
  expect(await statusOf(first)).toBe(200);
  expect(await deploy(['1', '2'])).toBe(first);
  expect(await statusOf(first)).toBe(200);
  const second = await deploy(['2', '1']);
  expect(second).not.toBe(first);
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
  expect(await statusOf('neither')).toBe(403);
});
