import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, functionOf, testStack } from '../synthesis';

/** The ids of the resources that a value refers to, with `Ref`, `Fn::GetAtt` or `Fn::Sub`. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [inner];
    if (key === 'Fn::GetAtt') return [Array.isArray(inner) ? inner[0] : inner.split('.')[0]];
    const variables = key === 'Fn::Sub' ? [...JSON.stringify(inner).matchAll(/\$\{([^!.}]+)/g)].map(([, name]) => name) : [];
    return [...variables, ...referencesIn(inner)];
  });
}

/** The resources that form a dependency cycle, which CloudFormation refuses. Empty if there is none. */
function cycleIn(template: { Resources: Record<string, { DependsOn?: string | string[] }> }): string[] {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] => {
    if (path.includes(id)) return path.slice(path.indexOf(id));
    const resource = template.Resources[id];
    if (!resource || done.has(id)) return [];
    for (const other of [...referencesIn(resource), ...[resource.DependsOn ?? []].flat()]) {
      const cycle = visit(other, [...path, id]);
      if (cycle.length > 0) return cycle;
    }
    done.add(id);
    return [];
  };
  return Object.keys(template.Resources).map(id => visit(id, [])).find(cycle => cycle.length > 0) ?? [];
}

/** Makes an app that has its own URL in its environment. */
function make(frontDoorIn: (stack: cdk.Stack) => IFrontDoor, props: Partial<WrappedWebAppProps> = {}) {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: frontDoorIn(stack), ...props });
  web.handler.addEnvironment('BASE_URL', web.url);
  // Without the check of the CDK's own, whose messages name no resources of the cycle in every version.
  return { stack, web, template: Template.fromStack(stack, { skipCyclicalDependenciesCheck: true }) };
}

const zoneIn = (stack: cdk.Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
const domainIn = (stack: cdk.Stack) => ({ name: 'www.example.com', zone: zoneIn(stack) });
const restApiIn = (stack: cdk.Stack, props: apigateway.RestApiProps = {}) => new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], ...props });
const beside = (stack: cdk.Stack) => new cdk.Stack(stack.node.root as cdk.App, 'Other');
const listenerIn = (stack: cdk.Stack) => new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc: new ec2.Vpc(stack, 'Vpc') })
  .addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });

const DOORS: Record<string, (stack: cdk.Stack) => IFrontDoor> = {
  'a Function URL with publicUrl': () => FrontDoor.functionUrl({ publicUrl: 'https://www.example.com/' }),
  'an HTTP API': () => FrontDoor.httpApi(),
  'an HTTP API with a named stage': () => FrontDoor.httpApi({ stageOptions: { stageName: 'live' } }),
  'an HTTP API with a domain': stack => FrontDoor.httpApi({ domain: domainIn(stack) }),
  'an existing HTTP API': stack => FrontDoor.httpApi({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/app' }),
  'an existing HTTP API in another stack': stack => FrontDoor.httpApi({ api: new apigwv2.HttpApi(beside(stack), 'Shared'), path: '/app' }),
  'a REST API': () => FrontDoor.restApi(),
  'a REST API with a named stage': () => FrontDoor.restApi({ deployOptions: { stageName: 'live' } }),
  'a REST API with a domain': stack => FrontDoor.restApi({ domain: domainIn(stack) }),
  'an existing REST API': stack => FrontDoor.restApi({ api: restApiIn(stack), path: '/app' }),
  'an existing REST API in another stack': stack => FrontDoor.restApi({ api: restApiIn(beside(stack)), path: '/app' }),
  'a load balancer': () => FrontDoor.alb(),
  'a load balancer with a domain': stack => FrontDoor.alb({ domain: domainIn(stack) }),
  'an existing listener': stack => FrontDoor.alb({ listener: listenerIn(stack), path: '/app', priority: 10 }),
  'an existing listener in another stack': stack => FrontDoor.alb({ listener: listenerIn(beside(stack)), path: '/app', priority: 10 }),
};

describe.each(Object.keys(DOORS))('behind %s', name => {
  test.each([undefined, 'live'])('an app can have its own URL in its environment, with the alias %s', aliasName => {
    const { stack, web, template } = make(DOORS[name], { aliasName });
    expect(functionOf(template).Environment.Variables.BASE_URL).toEqual(stack.resolve(web.url));
    expect(cycleIn(template.toJSON() as any)).toEqual([]);
  });
});

test.each(['an HTTP API with a domain', 'a REST API with a domain', 'a load balancer with a domain', 'a Function URL with publicUrl'])(
  'behind %s the URL refers to no resource', name => {
    expect(referencesIn(make(DOORS[name]).web.url)).toEqual([]);
    expect(cdk.Token.isUnresolved(make(DOORS[name]).web.url)).toBe(false);
  });

test('behind a load balancer in its own VPC an app can have its own URL in its environment', () => {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'alb', vpc: new ec2.Vpc(stack, 'Vpc') });
  web.loadBalancer!.connections.allowFrom(web, ec2.Port.tcp(80));
  web.handler.addEnvironment('BASE_URL', web.url);
  expect(cycleIn(Template.fromStack(stack).toJSON() as any)).toEqual([]);
});

test('behind a Function URL without publicUrl an app cannot: the URL depends on the function', () => {
  const { template } = make(() => FrontDoor.functionUrl());
  expect(cycleIn(template.toJSON() as any).map(id => template.toJSON().Resources[id].Type).sort()).toEqual(['AWS::Lambda::Function', 'AWS::Lambda::Url']);
});
