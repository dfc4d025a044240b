import { Template } from 'aws-cdk-lib/assertions';
import { toWebApp } from '../../../lambda-runtime/node/apps/web-app';
import { handlerFor } from '../../../lambda-runtime/node/lambda-handler';
import { settingsFromEnvironment } from '../../../lambda-runtime/node/settings/settings';
import { CloudFrontDoor, WrappedWebApp } from '../../../src';
import { fixture } from '../../lambda-runtime/node/cases';
import { ENTRY, functionOf, testStack } from '../synthesis';

/** What CloudFront sends and what the function accepts after a deployment. Each secret of Secrets Manager has a value of its own. */
function deploy(secretIds?: string[]): { sent: string; variables: NodeJS.ProcessEnv } {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: new CloudFrontDoor({ secretIds }) });
  const template = Template.fromStack(stack);
  const resolve = (value: any): string => (typeof value === 'string' ? value : value['Fn::Join'][1].map((part: any) => part.Ref ?? part).join(''))
    .replace(/\{\{resolve:secretsmanager:(\w+):SecretString:::\}\}/g, (_: string, id: string) => {
      expect(template.findResources('AWS::SecretsManager::Secret')).toHaveProperty(id);
      return `value-of-${id}`;
    });
  const [{ Properties: { DistributionConfig } }] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
  const { Variables } = functionOf(template).Environment;
  return {
    sent: resolve(DistributionConfig.Origins[0].OriginCustomHeaders[0].HeaderValue),
    variables: { ...Variables, WRAPPED_WEB_APP_CDN_SECRETS: resolve(Variables.WRAPPED_WEB_APP_CDN_SECRETS) },
  };
}

async function statusOf(distribution: { sent: string }, { variables }: { variables: NodeJS.ProcessEnv }): Promise<number> {
  const handler = handlerFor(async () => (await toWebApp((_req: unknown, res: any) => res.end()))!, settingsFromEnvironment(variables), false);
  const event = fixture('function-url.json');
  return (await handler({ ...event, headers: { ...event.headers, 'x-wrapped-web-app-cdn-secret': distribution.sent } }) as any).statusCode;
}

/** The statuses before an update, between the updates of the two resources in either order, and after it. */
async function statusesOfUpdate(before: ReturnType<typeof deploy>, after: ReturnType<typeof deploy>): Promise<number[]> {
  const states = [[before, before], [after, before], [before, after], [after, after]] as const;
  return Promise.all(states.map(([distribution, handler]) => statusOf(distribution, handler)));
}

beforeEach(() => jest.spyOn(console, 'warn').mockImplementation());
afterEach(() => jest.restoreAllMocks());

test('two deployments change the secret without refusing a request, whichever side is updated first, and a third forgets the old one', async () => {
  const steps = [deploy(['1']), deploy(['1', '2']), deploy(['2', '1']), deploy(['2'])];
  for (const index of [0, 1, 2]) {
    expect(await statusesOfUpdate(steps[index], steps[index + 1])).toEqual([200, 200, 200, 200]);
  }
  expect(steps.map(({ sent }) => sent)).toEqual([steps[0].sent, steps[0].sent, steps[3].sent, steps[3].sent]);
  expect(steps[0].sent).not.toBe(steps[3].sent);
  expect(await statusOf(steps[0], steps[3])).toBe(403);
});

test('one deployment would refuse requests between the updates', async () => {
  expect(await statusesOfUpdate(deploy(['1']), deploy(['2']))).toEqual([200, 403, 403, 200]);
});

test('without secretIds the secret is that of 1', () => {
  expect(deploy()).toEqual(deploy(['1']));
});

test.each<[string[], string]>([
  [[], 'Stack/Web/FrontDoor: secretIds must be one ID, or two different ones while the secret is rotated, got []'],
  [['1', '1'], 'secretIds must be one ID, or two different ones while the secret is rotated, got ["1","1"]'],
  [['1', '2', '3'], 'secretIds must be one ID'],
  [['a secret/value'], 'secretIds are IDs of constructs, with at most 32 letters, digits, hyphens and underscores, got "a secret/value"; the values are generated'],
])('secretIds %j are refused', (secretIds, message) => {
  expect(() => deploy(secretIds)).toThrow(message);
});
