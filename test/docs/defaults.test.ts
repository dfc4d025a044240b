import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { AppSource, FrontDoor, FrontDoorName, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../src';
import { FRONT_DOOR_NAMES } from '../../src/front-doors/i-front-door';
import { ENTRY, RECOMMENDED_FLAGS, testStack } from '../src/synthesis';

// Hides the report of the CDK.
jest.spyOn(console, 'error').mockImplementation();

const PAGE = readFileSync(path.join(__dirname, '../../docs/defaults.md'), 'utf8');
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/id';

/** The rows of the table, by the name of the default. */
const ROWS = new Map([...PAGE.matchAll(/^\| (?!default \||---|\*\*)(.*?) \| (.*?) \| (.*?) \| .*\|$/gm)].map(([, name, here, inCdk]) => [name, { here, inCdk }]));

type Properties = Record<string, any>;

/** The properties of the only resource of a type. Undefined if there is none. */
function only(template: Template, type: string, where: (properties: Properties) => boolean = () => true): Properties | undefined {
  const found = Object.values(template.findResources(type)).map(({ Properties = {} }) => Properties as Properties).filter(where);
  if (found.length > 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0];
}

function ours(frontDoor: FrontDoorName | IFrontDoor, props: Partial<WrappedWebAppProps> = {}): Template {
  const stack = testStack(RECOMMENDED_FLAGS);
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor, ...props });
  return Template.fromStack(stack);
}

/** A stack with the plain constructs of the CDK. */
function plain(build: (stack: cdk.Stack, handler: lambda.Function) => unknown = () => {}): Template {
  const stack = testStack(RECOMMENDED_FLAGS);
  const lockFile = path.join(__dirname, '../../package-lock.json');
  build(stack, new NodejsFunction(stack, 'Handler', { entry: __filename, depsLockFilePath: lockFile }));
  return Template.fromStack(stack);
}

const FUNCTION_URL = { here: ours('function-url'), inCdk: plain((_, handler) => handler.addFunctionUrl()) };
const PYTHON = ours('function-url', {
  entry: AppSource.prebuilt(lambda.Code.fromInline('def handler(event, context): ...'), 'index.handler'),
  runtime: AppSource.PYTHON_RUNTIME,
});
const HTTP = {
  here: ours('http-api'),
  inCdk: plain((stack, handler) => new apigwv2.HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Integration', handler) })),
};
const REST = { here: ours('rest-api'), inCdk: plain((stack, handler) => new apigateway.LambdaRestApi(stack, 'Api', { handler })) };
const ALB = { here: ours('alb'), inCdk: plain((stack, handler) => makePlainAlb(stack, handler, 80)) };
const HTTPS = {
  here: ours(FrontDoor.alb({ certificates: [{ certificateArn: CERTIFICATE }] })),
  inCdk: plain((stack, handler) => makePlainAlb(stack, handler, 443)),
};
const INTERNAL_STACK = testStack(RECOMMENDED_FLAGS);
new WrappedWebApp(INTERNAL_STACK, 'Web', { entry: ENTRY, frontDoor: FrontDoor.alb({ internetFacing: false, vpc: new ec2.Vpc(INTERNAL_STACK, 'Vpc') }) });
const INTERNAL = {
  here: Template.fromStack(INTERNAL_STACK),
  inCdk: plain((stack, handler) => makePlainAlb(stack, handler, 80, false)),
};
const DOMAIN = testStack();
new WrappedWebApp(DOMAIN, 'Web', {
  entry: ENTRY,
  frontDoor: FrontDoor.httpApi({ domain: { name: 'shop.example.com', zone: new route53.PublicHostedZone(DOMAIN, 'Zone', { zoneName: 'example.com' }) } }),
});

function makePlainAlb(stack: cdk.Stack, handler: lambda.Function, port: number, internetFacing = true): void {
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc: new ec2.Vpc(stack, 'Vpc'), internetFacing });
  loadBalancer.addListener('Listener', { port, certificates: port === 443 ? [{ certificateArn: CERTIFICATE }] : undefined })
    .addTargets('Target', { targets: [new LambdaTarget(handler)] });
}

/** The function of a template. The CDK's custom resource has a function too. */
const functionIn = (template: Template) => only(template, 'AWS::Lambda::Function', ({ Handler }) => Handler !== '__entrypoint__.handler')!;
const environmentIn = (template: Template) => functionIn(template).Environment?.Variables ?? {};
const stageIn = (template: Template) => only(template, 'AWS::ApiGateway::Stage')!;
const loadBalancerIn = (template: Template) => only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')!;
const targetGroupIn = (template: Template) => only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')!;
const isOn = (attributes: { Key: string; Value: string }[] | undefined, name: string) => attributes?.some(({ Key, Value }) => Key === name && Value === 'true');
const listenerIn = (template: Template, port: number) => only(template, 'AWS::ElasticLoadBalancingV2::Listener', ({ Port }) => Port === port);
const count = (template: Template, type: string) => Object.keys(template.findResources(type)).length;
const months = (template: Template) => ({ 30: 'a month', 731: 'two years' }[only(template, 'AWS::Logs::LogGroup')!.RetentionInDays as number]);

/** How the cell of a row must begin, from the template. A property that the template does not set has the default of AWS. */
const SAYS: Record<string, (template: Template, door: 'here' | 'inCdk') => string> = {
  'timeout': template => `${functionIn(template).Timeout ?? 3} s`,
  'memory': template => `${functionIn(template).MemorySize ?? 128} MB`,
  'instruction set': template => (functionIn(template).Architectures ?? ['x86_64']).join(),
  'runtime': (template, door) => [template, ...door === 'here' ? [PYTHON] : []].map(one => functionIn(one).Runtime).join(', '),
  '`NODE_ENV`': template => environmentIn(template).NODE_ENV ?? 'not set',
  'response streaming': template => only(template, 'AWS::Lambda::Url')!.InvokeMode === 'RESPONSE_STREAM' ? 'on' : 'off',
  'alias and version': template => count(template, 'AWS::Lambda::Alias') + count(template, 'AWS::Lambda::Version') === 0 ? 'none' : 'both',
  'reserved concurrency': template => functionIn(template).ReservedConcurrentExecutions ?? 'none',
  'tracing': template => functionIn(template).TracingConfig?.Mode ?? 'off',
  'VPC of the function': template => functionIn(template).VpcConfig ? 'a VPC' : 'none',
  'role of the function': template => JSON.stringify(only(template, 'AWS::IAM::Role')!.ManagedPolicyArns).match(/service-role\/(\w+)/)![1],
  'log group': template => `in the stack, kept for ${months(template)}`,
  'who may call it': template => ({ NONE: 'everyone', AWS_IAM: 'IAM identities' })[only(template, 'AWS::Lambda::Url')!.AuthType as 'NONE' | 'AWS_IAM'],
  'CORS': template => only(template, 'AWS::Lambda::Url')!.Cors ? 'by Lambda' : 'by the app',
  'payload format': template => only(template, 'AWS::ApiGatewayV2::Integration')!.PayloadFormatVersion,
  'authorizer of an HTTP API': template => only(template, 'AWS::ApiGatewayV2::Route')!.AuthorizationType === 'NONE' ? 'none' : 'one',
  'access log of an HTTP API': template => only(template, 'AWS::ApiGatewayV2::Stage')!.AccessLogSettings ? 'on' : 'none',
  'endpoint': template => only(template, 'AWS::ApiGateway::RestApi')!.EndpointConfiguration?.Types.join() ?? 'edge',
  '`binaryMediaTypes`': template => only(template, 'AWS::ApiGateway::RestApi')!.BinaryMediaTypes?.map((type: string) => `\`${type}\``).join() ?? 'none',
  'role for logs of API Gateway': template => count(template, 'AWS::ApiGateway::Account') === 0 ? 'not set' : 'set',
  'execution log': template => stageIn(template).MethodSettings ? 'on' : 'off',
  'access log of a REST API': template => stageIn(template).AccessLogSetting ? 'on' : 'none',
  'authorizer of a REST API': template => Object.values(template.findResources('AWS::ApiGateway::Method'))
    .every(({ Properties }) => Properties.AuthorizationType === 'NONE') ? 'none' : 'one',
  'usage plan': template => count(template, 'AWS::ApiGateway::UsagePlan') === 0 ? 'none' : 'one',
  'load balancer': template => count(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer') === 1 ? 'one' : 'none',
  'multi-value headers': template => isOn(targetGroupIn(template).TargetGroupAttributes, 'lambda.multi_value_headers.enabled') ? 'on' : 'off',
  '`dropInvalidHeaderFields`': template => isOn(loadBalancerIn(template).LoadBalancerAttributes, 'routing.http.drop_invalid_header_fields.enabled') ? 'on' : 'off',
  'certificate': template => listenerIn(template, 80)!.Protocol === 'HTTP' ? 'none: HTTP' : 'one',
  'VPC of the ALB': template => count(template, 'AWS::EC2::NatGateway') > 0
    ? 'a NAT gateway in each zone'
    : `${{ 2: 'two' }[count(template, 'AWS::EC2::Subnet')]} public subnets, no NAT gateway`,
  'default security group of this VPC': template => count(template, 'Custom::VpcRestrictDefaultSG') > 0
    ? 'emptied by a custom resource'
    : 'as AWS makes it',
  'who may connect': template => only(template, 'AWS::EC2::SecurityGroup')!.SecurityGroupIngress[0].CidrIp === '0.0.0.0/0' ? 'everyone' : 'the VPC',
  'who may connect to an internal one': template => SAYS['who may connect'](template, 'here'),
  'access log of the ALB': template => isOn(loadBalancerIn(template).LoadBalancerAttributes, 'access_logs.s3.enabled') ? 'on' : 'none',
  'health checks': template => targetGroupIn(template).HealthCheckEnabled ? 'on' : 'off',
  'deletion protection': template => isOn(loadBalancerIn(template).LoadBalancerAttributes, 'deletion_protection.enabled') ? 'on' : 'off',
  'redirect from HTTP to HTTPS': template => listenerIn(template, 80)?.DefaultActions[0].RedirectConfig.StatusCode.replace('HTTP_', '') ?? 'none',
  'TLS policy': template => listenerIn(template, 443)!.SslPolicy,
};

/** Rows about the bundle, which is tested in test/src/bundling, and about a domain, which the CDK has no counterpart for. */
const NOT_COMPARED = [
  'source map', 'large JSON files', 'code cache', '`minify`', 'AWS SDK', 'module format', 'Node\'s own modules', 'letters that are not ASCII', 'Python bytecode',
  'first address beside a domain',
];

test('every default on the page is compared with templates, or named here', () => {
  expect([...ROWS.keys()].sort()).toEqual([...Object.keys(SAYS), ...NOT_COMPARED].sort());
});

/** The templates that show a row: those of its door. */
function templatesOf(name: string): { here: Template; inCdk: Template } {
  const sections = PAGE.split(/^\| \*\*(.*?)\*\*/m);
  const door = sections[sections.findIndex(text => text.includes(`\n| ${name} |`)) - 1];
  if (name === 'TLS policy' || name === 'redirect from HTTP to HTTPS') return HTTPS;
  if (name === 'who may connect to an internal one') return INTERNAL;
  return { 'Function': FUNCTION_URL, 'Function URL': FUNCTION_URL, 'HTTP API': HTTP, 'REST API': REST, 'ALB': ALB }[door]!;
}

test.each(Object.keys(SAYS))('the page is true about: %s', name => {
  const { here, inCdk } = templatesOf(name);
  const row = ROWS.get(name)!;
  const says = SAYS[name];
  expect(`${row.here};`).toMatch(startWith(says(here, 'here')));
  expect(`${row.inCdk};`).toMatch(startWith(says(inCdk, 'inCdk')));
});

/** A cell begins with the value; more words may follow. */
function startWith(value: string): RegExp {
  return new RegExp(`^${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[:;,]`);
}

test('the page is true about: first address beside a domain', () => {
  expect(only(Template.fromStack(DOMAIN), 'AWS::ApiGatewayV2::Api')!.DisableExecuteApiEndpoint).toBeUndefined();
});

test.each(FRONT_DOOR_NAMES)('no custom resource and no setting of the account behind %s', door => {
  const types = Object.values(ours(door).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
  expect(types.filter(type => /^Custom::|^AWS::CloudFormation::CustomResource$|^AWS::ApiGateway::Account$/.test(type))).toEqual([]);
});
