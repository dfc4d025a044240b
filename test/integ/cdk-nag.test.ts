import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { STACKS, synthesize } from './stacks';
import { AppSource, CloudFrontDoor, FrontDoor, FrontDoorName, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { ENTRY, testStack } from '../src/synthesis';

const DOORS = STACKS.filter(name => name !== 'everything' && name !== 'cloudfront') as FrontDoorName[];
const STATIC_FILES = path.join(__dirname, '../../integ/app/public');
const PAGE = readFileSync(path.join(__dirname, '../../docs/cdk-nag.md'), 'utf8');

/** Each finding with default settings that the page explains, with its front doors. */
const EXPLAINED = [...PAGE.matchAll(/^\| AwsSolutions-(\S+) \| (error|warning) \| (.*?) \|/gm)].map(([, rule, severity, doors]) => ({
  rule,
  severity,
  doors: doors === 'every door' ? DOORS : DOORS.filter(door => doors.includes(`\`${door}\``)),
}));

/** The findings with other settings that the page explains. */
const OF_SETTINGS = [...PAGE.split('## With other settings')[1].matchAll(/^\| (.*) \| ((?:[A-Z]+\d+(?:, )?)+) \|/gm)]
  .map(([, setting, findings]) => ({ setting, findings: findings.split(', ').sort() }));

// Hides the report and the deprecation warnings of the CDK.
beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(console, 'warn').mockImplementation();
});
// The CDK sets it if its report contains an error.
afterEach(() => void (process.exitCode = undefined));

describe('the table of findings with default settings', () => {
  test.each(DOORS)('lists exactly what cdk-nag finds behind %s', door => {
    const found: Finding[] = [];
    synthesize(door, app => collectFindings(app, found));
    const explained = EXPLAINED.filter(({ doors }) => doors.includes(door)).map(({ rule, severity }) => `${rule} ${severity}`);
    expect(found.map(({ rule, severity }) => `${rule} ${severity}`).sort()).toEqual(explained.sort());
  });
});

/** Each fix on the page, by its rule and door. */
const FIXES: { rule: string; door: FrontDoorName; build: (stack: cdk.Stack) => unknown }[] = [
  ...DOORS.map(door => ({ rule: 'IAM4', door, build: (stack: cdk.Stack) => make(stack, { frontDoor: door, role: roleIn(stack) }) })),
  {
    rule: 'APIG1',
    door: 'http-api',
    build: stack => make(stack, {
      frontDoor: FrontDoor.httpApi({ stageOptions: { accessLogSettings: { destination: new apigwv2.LogGroupLogDestination(logGroupIn(stack)) } } }),
    }),
  },
  {
    rule: 'APIG1',
    door: 'rest-api',
    build: stack => make(stack, {
      frontDoor: FrontDoor.restApi({ deployOptions: { accessLogDestination: new apigateway.LogGroupLogDestination(logGroupIn(stack)) } }),
    }),
  },
  {
    rule: 'APIG2',
    door: 'rest-api',
    build: stack => make(stack, { frontDoor: 'rest-api' })
      .restApi!.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true }),
  },
  {
    rule: 'APIG3',
    door: 'rest-api',
    build: stack => new wafv2.CfnWebACLAssociation(stack, 'Firewall', {
      webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/1',
      resourceArn: make(stack, { frontDoor: 'rest-api' }).restApi!.deploymentStage.stageArn,
    }),
  },
  { rule: 'APIG4', door: 'http-api', build: stack => make(stack, { frontDoor: FrontDoor.httpApi({ defaultAuthorizer: new HttpIamAuthorizer() }) }) },
  {
    rule: 'APIG4',
    door: 'rest-api',
    build: stack => make(stack, { frontDoor: FrontDoor.restApi({ defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM } }) }),
  },
  {
    rule: 'APIG6',
    door: 'rest-api',
    build: stack => make(stack, { frontDoor: FrontDoor.restApi({ deployOptions: { loggingLevel: apigateway.MethodLoggingLevel.ERROR } }) }),
  },
  {
    rule: 'COG4',
    door: 'rest-api',
    build: stack => make(stack, {
      frontDoor: FrontDoor.restApi({
        defaultMethodOptions: {
          authorizer: new apigateway.CognitoUserPoolsAuthorizer(stack, 'Authorizer', {
            cognitoUserPools: [cognito.UserPool.fromUserPoolId(stack, 'Users', 'us-east-1_users')],
          }),
        },
      }),
    }),
  },
  { rule: 'VPC7', door: 'alb', build: stack => make(stack, { frontDoor: 'alb' }).loadBalancer!.vpc!.addFlowLog('FlowLog') },
  { rule: 'VPC7', door: 'alb', build: stack => make(stack, { frontDoor: FrontDoor.alb({ vpc: importedVpc(stack) }) }) },
  { rule: 'ELB2', door: 'alb', build: stack => make(stack, { frontDoor: 'alb' }).loadBalancer!.logAccessLogs(s3.Bucket.fromBucketName(stack, 'Logs', 'logs')) },
  {
    rule: 'EC23',
    door: 'alb',
    build: stack => make(stack, { frontDoor: FrontDoor.alb({ open: false }) })
      .loadBalancer!.connections.allowFrom(ec2.SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-1'), ec2.Port.tcp(80)),
  },
];

describe('the fixes in the table', () => {
  test('are all applied here', () => {
    const onPage = EXPLAINED.flatMap(({ rule, doors }) => doors.map(door => `${rule} ${door}`));
    expect([...new Set(FIXES.map(({ rule, door }) => `${rule} ${door}`))].sort()).toEqual(onPage.sort());
  });

  test.each(FIXES)('avoid $rule behind $door', ({ rule, door, build }) => {
    expect(EXPLAINED.filter(({ doors }) => doors.includes(door)).map(one => one.rule)).toContain(rule);
    expect(findingsIn(build).map(one => one.rule)).not.toContain(rule);
  });

  test('do not avoid COG4 with another authorizer than that of Cognito', () => {
    const found = findingsIn(FIXES.find(({ rule, door }) => rule === 'APIG4' && door === 'rest-api')!.build);
    expect(found.map(({ rule }) => rule)).toContain('COG4');
  });
});

/** The settings in the second table. */
const SETTINGS: Record<string, (stack: cdk.Stack) => unknown> = {
  "`frontDoor: 'function-url'` with `aliasName` and `responseStreaming`": stack => make(stack, { aliasName: 'live', responseStreaming: true }),
  '`FrontDoor.httpApi({ domain })`': stack => make(stack, { frontDoor: FrontDoor.httpApi({ domain: domainIn(stack) }) }),
  '`FrontDoor.restApi({ domain })`': stack => make(stack, { frontDoor: FrontDoor.restApi({ domain: domainIn(stack) }) }),
  '`FrontDoor.alb({ domain })`': stack => make(stack, { frontDoor: FrontDoor.alb({ domain: domainIn(stack) }) }),
  '`FrontDoor.httpApi({ api })`, imported': stack => make(stack, {
    frontDoor: FrontDoor.httpApi({
      api: apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'a1b2', apiEndpoint: 'https://a1b2.execute-api.us-east-1.amazonaws.com' }),
    }),
  }),
  '`FrontDoor.restApi({ api })`, imported': stack => make(stack, {
    frontDoor: FrontDoor.restApi({
      api: apigateway.RestApi.fromRestApiAttributes(stack, 'Api', { restApiId: 'a1b2', rootResourceId: 'root' }),
      stageName: 'prod',
      path: '/shop',
    }),
  }),
  '`FrontDoor.alb({ listener })`, imported': stack => make(stack, {
    frontDoor: FrontDoor.alb({
      path: '/shop',
      port: 80,
      priority: 1,
      listener: elbv2.ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
        listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/1/2',
        securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
      }),
      loadBalancer: elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'LoadBalancer', {
        loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shared/1',
        securityGroupId: 'sg-1',
        loadBalancerDnsName: 'shared.us-east-1.elb.amazonaws.com',
      }),
    }),
  }),
  '`FrontDoor.httpApi({ corsPreflight, defaultAuthorizer })`': stack => make(stack, {
    frontDoor: FrontDoor.httpApi({ corsPreflight: { allowOrigins: ['https://shop.example.com'] }, defaultAuthorizer: new HttpIamAuthorizer() }),
  }),
  '`FrontDoor.restApi({ cloudWatchRole: true })`': stack => make(stack, { frontDoor: FrontDoor.restApi({ cloudWatchRole: true }) }),
  '`new CloudFrontDoor()`': stack => make(stack, { frontDoor: new CloudFrontDoor() }),
  '`new CloudFrontDoor({ domain })`': stack => make(stack, { frontDoor: new CloudFrontDoor({ domain: domainIn(stack) }) }),
  '`new CloudFrontDoor({ staticFiles })`': stack => make(stack, { frontDoor: new CloudFrontDoor({ staticFiles: [{ folder: STATIC_FILES }] }) }),
  '`vpc` for the function, imported': stack => make(stack, { vpc: importedVpc(stack) }),
  'a Python app on its default runtime': stack => makePython(stack, AppSource.PYTHON_RUNTIME),
  '`runtime: lambda.Runtime.NODEJS_22_X`': stack => make(stack, { runtime: lambda.Runtime.NODEJS_22_X }),
};

describe('the table of findings with other settings', () => {
  test('has exactly the settings that are tested here', () => {
    expect(OF_SETTINGS.map(({ setting }) => setting).sort()).toEqual(Object.keys(SETTINGS).sort());
  });

  test.each(OF_SETTINGS)('lists exactly what cdk-nag finds with $setting', ({ setting, findings }) => {
    expect(findingsIn(SETTINGS[setting]).map(({ rule }) => rule).sort()).toEqual(findings);
  });

  test('names a Python runtime that is the newest', () => {
    const found = findingsIn(stack => makePython(stack, lambda.Runtime.PYTHON_3_14));
    expect(found.map(({ rule }) => rule)).toEqual(['IAM4']);
  });
});

describe('the section on accepting a finding', () => {
  test('has the id with which the finding is acknowledged', () => {
    const stack = testStack();
    const web = make(stack, { frontDoor: 'http-api' });
    const { violations, suppressedViolations } = reportOf(stack, () => {
      for (const [, id] of PAGE.matchAll(/\bid: '(.*?)'/g)) cdk.Validations.of(web).acknowledge({ id, reason: 'it is intended' });
    });
    expect(violations.map(withoutPolicy)).toEqual(['AwsSolutions-IAM4', 'AwsSolutions-APIG1']);
    expect(suppressedViolations.map(withoutPolicy)).toEqual(['AwsSolutions-APIG4']);
  });

  test('says that IAM4 cannot be acknowledged, because the CDK rejects its id', () => {
    expect(PAGE).toContain('IAM4 cannot be acknowledged');
    const stack = testStack();
    const web = make(stack, {});
    const [{ ruleName: id }] = reportOf(stack).violations;
    expect(withoutPolicy({ ruleName: id })).toBe('AwsSolutions-IAM4');
    for (const one of [id, `AwsSolutions::${id}`]) {
      expect(() => cdk.Validations.of(web).acknowledge({ id: one, reason: 'it is intended' })).toThrow(/Invalid validation rule ID/);
    }
  });
});

interface Violation {
  readonly ruleName: string;
}

/** What cdk-nag reports when users add it to their app. */
function reportOf(stack: cdk.Stack, before: () => void = () => {}): { violations: Violation[]; suppressedViolations: Violation[] } {
  const app = stack.node.root as cdk.App;
  cdk.Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  before();
  const report = JSON.parse(readFileSync(path.join(app.synth().directory, 'validation-report.json'), 'utf8'));
  return report.pluginReports.find(({ pluginName }: { pluginName: string }) => pluginName === 'AwsSolutions');
}

function withoutPolicy({ ruleName }: Violation): string {
  return ruleName.replace(/\[.*/, '');
}

interface Finding {
  readonly rule: string;
  readonly severity: string;
}

/** Adds the findings of each rule to a list when the app is synthesized. A rule that names the policy is listed once for each policy. */
function collectFindings(app: cdk.App, found: Finding[]): void {
  const rules = new AwsSolutionsChecks(app);
  cdk.Validations.of(app).addPlugins({
    name: 'findings',
    validate(context) {
      for (const { ruleName, severity } of rules.validate(context).violations) {
        found.push({ rule: ruleName.replace(/^AwsSolutions-|\[.*/g, ''), severity: severity! });
      }
      return { success: true, violations: [] };
    },
  });
}

function findingsIn(build: (stack: cdk.Stack) => unknown): Finding[] {
  const found: Finding[] = [];
  const stack = testStack({}, { env: { region: 'us-east-1', account: '123456789012' } });
  const app = stack.node.root as cdk.App;
  build(stack);
  collectFindings(app, found);
  app.synth();
  return found;
}

function make(stack: cdk.Stack, props: Partial<WrappedWebAppProps>): WrappedWebApp {
  return new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
}

function makePython(stack: cdk.Stack, runtime: lambda.Runtime): WrappedWebApp {
  return make(stack, { entry: AppSource.prebuilt(lambda.Code.fromInline('def handler(event, context): ...'), 'index.handler'), runtime });
}

function roleIn(stack: cdk.Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
}

function logGroupIn(stack: cdk.Stack): logs.LogGroup {
  return new logs.LogGroup(stack, 'AccessLog');
}

function domainIn(stack: cdk.Stack) {
  return { name: 'shop.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) };
}

function importedVpc(stack: cdk.Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: ['subnet-1', 'subnet-2'],
    privateSubnetIds: ['subnet-3', 'subnet-4'],
  });
}
