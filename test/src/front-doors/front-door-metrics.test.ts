import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const METRICS = ['metricRequests', 'metric4xx', 'metric5xx', 'metricLatency'] as const;

/** Every metric of an app in an alarm, and the template with the resources that the dimensions name. */
function alarmsOf(props: Partial<WrappedWebAppProps>, stack = testStack()): { alarms: any[]; template: Template } {
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, ...props });
  METRICS.forEach(name => web[name]().createAlarm(stack, name, { threshold: 1, evaluationPeriods: 1 }));
  const template = Template.fromStack(stack);
  return { template, alarms: Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties) };
}

function idOf(template: Template, type: string): string {
  const [id] = Object.keys(template.findResources(type));
  return id;
}

function dimensions({ Dimensions }: any): Record<string, unknown> {
  return Object.fromEntries(Dimensions.map(({ Name, Value }: any) => [Name, Value]));
}

test('of a Function URL are those of the function', () => {
  const { alarms, template } = alarmsOf({ frontDoor: 'function-url' });
  expect(alarms.map(({ Namespace, MetricName, Statistic }) => [Namespace, MetricName, Statistic])).toEqual([
    ['AWS/Lambda', 'UrlRequestCount', 'Sum'], ['AWS/Lambda', 'Url4xxCount', 'Sum'], ['AWS/Lambda', 'Url5xxCount', 'Sum'], ['AWS/Lambda', 'UrlRequestLatency', 'Average'],
  ]);
  alarms.forEach(alarm => expect(dimensions(alarm)).toEqual({ FunctionName: { Ref: idOf(template, 'AWS::Lambda::Function') } }));
});

test('of a Function URL of an alias are those of the alias', () => {
  const { alarms, template } = alarmsOf({ frontDoor: 'function-url', aliasName: 'live' });
  const functionName = { Ref: idOf(template, 'AWS::Lambda::Function') };
  alarms.forEach(alarm => expect(dimensions(alarm)).toEqual({ FunctionName: functionName, Resource: { 'Fn::Join': ['', [functionName, ':live']] } }));
});

test('of an HTTP API are those of the API', () => {
  const { alarms, template } = alarmsOf({ frontDoor: 'http-api' });
  expect(alarms.map(({ Namespace, MetricName, Statistic }) => [Namespace, MetricName, Statistic])).toEqual([
    ['AWS/ApiGateway', 'Count', 'Sum'], ['AWS/ApiGateway', '4xx', 'Sum'], ['AWS/ApiGateway', '5xx', 'Sum'], ['AWS/ApiGateway', 'Latency', 'Average'],
  ]);
  alarms.forEach(alarm => expect(dimensions(alarm)).toEqual({ ApiId: { Ref: idOf(template, 'AWS::ApiGatewayV2::Api') } }));
});

test.each([undefined, 'shop'])('of a REST API are those of its stage, by its name, %s', restApiName => {
  const { alarms, template } = alarmsOf({ frontDoor: FrontDoor.restApi({ restApiName }) });
  expect(alarms.map(({ Namespace, MetricName, Statistic }) => [Namespace, MetricName, Statistic])).toEqual([
    ['AWS/ApiGateway', 'Count', 'Sum'], ['AWS/ApiGateway', '4XXError', 'Sum'], ['AWS/ApiGateway', '5XXError', 'Sum'], ['AWS/ApiGateway', 'Latency', 'Average'],
  ]);
  const [{ Properties: { Name } }] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
  alarms.forEach(alarm => expect(dimensions(alarm)).toEqual({ ApiName: Name, Stage: { Ref: idOf(template, 'AWS::ApiGateway::Stage') } }));
});

test('of an ALB are those of the target group', () => {
  const { alarms, template } = alarmsOf({ frontDoor: 'alb' });
  expect(alarms.map(({ Namespace, MetricName, Statistic }) => [Namespace, MetricName, Statistic])).toEqual([
    ['AWS/ApplicationELB', 'RequestCount', 'Sum'], ['AWS/ApplicationELB', 'HTTPCode_Target_4XX_Count', 'Sum'],
    ['AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', 'Sum'], ['AWS/ApplicationELB', 'TargetResponseTime', 'Average'],
  ]);
  alarms.forEach(alarm => expect(dimensions(alarm)).toMatchObject({
    TargetGroup: { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'), 'TargetGroupFullName'] },
    LoadBalancer: expect.anything(),
  }));
});

test('of a listener that other apps use as well are those of the app\'s own target group', () => {
  const stack = testStack();
  const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const listener = loadBalancer.addListener('Http', { port: 80, open: false, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  const { alarms, template } = alarmsOf({ frontDoor: FrontDoor.alb({ listener, path: '/shop', priority: 1 }) }, stack);
  const targetGroup = { 'Fn::GetAtt': [idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'), 'TargetGroupFullName'] };
  alarms.forEach(alarm => expect(dimensions(alarm)).toMatchObject({ TargetGroup: targetGroup }));
});

test('have the options of the CDK\'s metrics', () => {
  const web = new WrappedWebApp(testStack(), 'Web', { entry: ENTRY });
  const { period, statistic, label } = web.metricLatency({ period: cdk.Duration.minutes(1), statistic: 'p99', label: 'slow' });
  expect([period.toSeconds(), statistic, label]).toEqual([60, 'p99', 'slow']);
});

test('of a second front door are in what addFrontDoor returns', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY });
  expect(web.addFrontDoor('Api', 'http-api').metrics!.metric5xx().metricName).toBe('5xx');
});

test.each([
  ['an HTTP API', (stack: cdk.Stack) => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/shop' })],
  ['a REST API', (stack: cdk.Stack) => FrontDoor.restApi({ api: new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'] }), path: '/shop' })],
])('fails on %s that other apps use as well, whose requests AWS counts together', (_, doorIn) => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: doorIn(stack) });
  for (const name of METRICS) {
    expect(() => web[name]()).toThrow(`Stack/Web: ${name} is not known, because AWS counts the requests of all apps behind this front door together; `
      + 'use the metrics of its API, or those of the function, e.g. handler.metricErrors()');
  }
});
