/**
 * The stacks of `integ/`, deployed with the CDK CLI against an emulator of AWS's APIs.
 *
 * The tests show that the CLI packages, uploads, connects, updates and destroys the stacks, that the bundles load, and that the events of
 * each front door reach the app. They do not show that AWS would accept every property, or that no permission is missing: cfn-lint and
 * the assertions on the templates check this.
 */
import { Emulator } from './emulator';
import { STACKS as ALL, synthesize, synthesizeRelease } from './stacks';

/** The emulator's CloudFront reaches neither Function URLs nor APIs, and cannot upload static files: `test/local/cloudfront.test.ts` serves them. */
const STACKS = ALL.filter(name => name !== 'cloudfront');

const emulator = new Emulator();
const assemblies = new Map<string, string>();
const outputs: { [stack: string]: { [output: string]: string } } = {};

beforeAll(async () => {
  await emulator.start();
  emulator.cdk('bootstrap', 'aws://000000000000/us-east-1');
  for (const name of STACKS) {
    assemblies.set(name, synthesize(name).directory);
    Object.assign(outputs, emulator.deploy(assemblies.get(name)!));
  }
  await registerLambdaTargets();
}, 300_000);

afterAll(() => emulator.stop());

async function registerLambdaTargets(): Promise<void> {
  for (const [stack, targetGroup, handler] of [
    ['integ-alb', /^WebFrontDoorTargetGroup/, /^WebHandler/],
    ['integ-everything', /^BlogAlbTargetGroup/, /^BlogHandler/],
    ['integ-everything-neighbour', /^ForumAlbTargetGroup/, /^ForumHandler/],
  ] as const) {
    const physicalIds = await emulator.resourcesOf(stack);
    const idOf = (pattern: RegExp, type: string) =>
      physicalIds.find(resource => pattern.test(resource.logicalId) && resource.type === type)!.physicalId;
    await emulator.registerTarget(idOf(targetGroup, 'AWS::ElasticLoadBalancingV2::TargetGroup'), idOf(handler, 'AWS::Lambda::Function'));
  }
}

function urlOf(stack: string, name: RegExp = /^WebUrl/): string {
  return Object.entries(outputs[stack]).find(([output]) => name.test(output))![1];
}

const DOORS = STACKS.filter(name => name !== 'everything');

test.each(DOORS)('%s sends requests to the app, and its responses to the client', async name => {
  const headers = { 'cookie': 'a=1; b=2', 'content-type': 'application/octet-stream' };
  const answer = await emulator.request(`${urlOf(`integ-${name}`)}some/path?x=1&y=2`, { method: 'POST', headers }, 'some bytes');
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] },
    body: {
      method: 'POST',
      url: '/some/path?x=1&y=2',
      cookie: 'a=1; b=2',
      body: Buffer.from('some bytes').toString('base64'),
      greeting: 'hello from a file',
      release: '1',
    },
  });
});

// The emulator's REST events contain a version, which on AWS only events of HTTP APIs do. So the app has the same path on both.
test.each([
  ['an HTTP API', /^BlogUrl/, '/blog'],
  ['a REST API', /^BlogRestUrl/, expect.stringMatching(/\/blog$/)],
  ['a listener', /^BlogAlbUrl/, '/blog'],
])('an app at a path of %s that other apps use as well sees its own paths', async (_, output, mountedAt) => {
  const url = urlOf('integ-everything', output);
  expect(await emulator.request(url)).toMatchObject({ status: 200, body: { url: '/', mountedAt } });
  expect(await emulator.request(`${url}/posts/1`)).toMatchObject({ status: 200, body: { url: '/posts/1', mountedAt } });
});

test.each([
  ['an HTTP API', /^ForumUrl/, '/forum'],
  ['a REST API', /^ForumRestUrl/, expect.stringMatching(/\/forum$/)],
  ['a listener', /^ForumAlbUrl/, '/forum'],
])('an app at a path of %s in another stack sees its own paths', async (_, output, mountedAt) => {
  const url = urlOf('integ-everything-neighbour', output);
  expect(await emulator.request(`${url}/threads/1`)).toMatchObject({ status: 200, body: { url: '/threads/1', mountedAt } });
});

test('an app behind an alias answers at its domain', async () => {
  expect(await emulator.request(urlOf('integ-everything', /^ShopUrl/))).toMatchObject({ status: 200, body: { url: '/' } });
});

test('a Function URL with IAM refuses requests that are not signed', async () => {
  expect(await emulator.request(urlOf('integ-everything', /^JobsUrl/))).toMatchObject({ status: 403 });
});

test('an update reaches the app, at the same address', async () => {
  const before = urlOf('integ-http-api');
  Object.assign(outputs, emulator.deploy(synthesizeRelease('http-api', '2').directory));
  expect(urlOf('integ-http-api')).toBe(before);
  expect(await emulator.request(before)).toMatchObject({ status: 200, body: { release: '2' } });
});

test('everything is destroyed except the log groups', async () => {
  for (const name of STACKS) emulator.cdk('destroy', '--all', '--force', '--app', assemblies.get(name)!);
  const xml = await emulator.call('cloudformation', { Action: 'ListStacks', Version: '2010-05-15' });
  const living = [...xml.matchAll(/<StackName>(integ-.*?)<\/StackName>.*?<StackStatus>(.*?)<\/StackStatus>/g)].filter(([, , status]) => status !== 'DELETE_COMPLETE');
  expect(living).toEqual([]);
});
