import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { WrappedWebApp, WrappedWebAppProps } from '../../src';
import { ENTRY, testStack } from '../src/synthesis';

function make(props: Partial<WrappedWebAppProps> = {}) {
  // The example imports this package by its name.
  spawnSync(process.execPath, [path.join(__dirname, '../../scripts/link-examples.mjs')]);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { CloudFrontBeforeFunctionUrl } = require('../../examples/cloudfront-function-url/cloud-front-before-function-url');
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: new CloudFrontBeforeFunctionUrl(), ...props });
  return { stack, web, template: Template.fromStack(stack) };
}

test('CloudFront signs requests to a Function URL that is closed to everyone else', () => {
  const { template } = make();
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' });
  template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: { OriginAccessControlOriginType: 'lambda', SigningBehavior: 'always', SigningProtocol: 'sigv4' },
  });
  template.hasResourceProperties('AWS::CloudFront::Distribution', {
    DistributionConfig: {
      Origins: [Match.objectLike({ OriginAccessControlId: Match.anyValue() })],
      DefaultCacheBehavior: { AllowedMethods: Match.arrayWith(['PUT', 'POST', 'DELETE']), ViewerProtocolPolicy: 'redirect-to-https' },
    },
  });
});

test('the distribution has both permissions, and nobody else has any', () => {
  const { template } = make();
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => Properties);
  const distribution = Object.keys(template.findResources('AWS::CloudFront::Distribution'))[0];
  expect(permissions.map(({ Action }) => Action).sort()).toEqual(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']);
  for (const { Principal, SourceArn } of permissions) {
    expect(Principal).toBe('cloudfront.amazonaws.com');
    expect(JSON.stringify(SourceArn)).toContain(distribution);
  }
  expect(permissions.find(({ Action }) => Action === 'lambda:InvokeFunction').InvokedViaFunctionUrl).toBe(true);
});

test('the app is where CloudFront is, and knows whose events it gets', () => {
  const { web, template } = make({ trustForwardedHost: true });
  expect(web.url).toMatch(/^https:\/\/.*\/$/);
  expect(web.functionUrl).toBeDefined();
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_DOORS)).toEqual([{ door: 'function-url', responseMode: 'buffered' }]);
  expect(JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_OPTIONS)).toEqual({ trustForwardedHost: true });
});

test('it streams, stands behind an alias and warns of its wait like any other door', () => {
  const { stack, web, template } = make({ responseStreaming: true, aliasName: 'live', timeout: cdk.Duration.seconds(31) });
  template.hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM', Qualifier: 'live' });
  template.hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', FunctionName: stack.resolve(web.alias!.functionArn) });
  Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('waits only 30 s'));
});

test('an app can change between it and a Function URL in one deployment', () => {
  const stack = testStack();
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'function-url' });
  const urlOf = (template: Template) => Object.keys(template.findResources('AWS::Lambda::Url'));
  expect(urlOf(make().template)).toEqual(urlOf(Template.fromStack(stack)));
});

test('the stack of the example synthesizes as it is', () => {
  const directory = path.join(__dirname, '../../examples/cloudfront-function-url');
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', 'stack.ts'], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: cdk.FileSystem.mkdtemp('example-') },
  });
  expect(stderr).not.toMatch(/error/i);
  expect(status).toBe(0);
});
