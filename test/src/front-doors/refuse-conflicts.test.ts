import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, FrontDoorName, IFrontDoor, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const add = (stack: cdk.Stack, id: string, frontDoor: FrontDoorName | IFrontDoor) => new WrappedWebApp(stack, id, { entry: ENTRY, frontDoor });
const stackBeside = (stack: cdk.Stack, id: string, props: cdk.StackProps = {}) => new cdk.Stack(stack.node.root as cdk.App, id, props);
const synth = (stack: cdk.Stack) => (stack.node.root as cdk.App).synth();
const elsewhere = () => new HttpUrlIntegration('Old', 'https://example.com');

describe('an HTTP API', () => {
  test('fails if two apps want every request', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared');
    add(stack, 'One', FrontDoor.httpApi({ api }));
    expect(() => add(stack, 'Two', FrontDoor.httpApi({ api }))).toThrow(
      "Stack/Two/FrontDoor: route '$default' of the HTTP API is already taken by Stack/One/FrontDoor/HttpApiRoute; "
      + "give one of the two apps another path, e.g. path: '/app', or drop the other route");
  });

  test('fails if it already has a default route of the user', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared', { defaultIntegration: elsewhere() });
    expect(() => add(stack, 'Web', FrontDoor.httpApi({ api }))).toThrow(
      "Stack/Web/FrontDoor: route '$default' of the HTTP API is already taken by Stack/Shared/DefaultRoute; ");
  });

  test('fails at synth if the user adds the default route later', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared');
    add(stack, 'Web', FrontDoor.httpApi({ api }));
    new apigwv2.HttpRoute(stack, 'Late', { httpApi: api, routeKey: apigwv2.HttpRouteKey.DEFAULT, integration: elsewhere() });
    expect(() => synth(stack)).toThrow("[Stack/Web/FrontDoor] route '$default' of the HTTP API is already taken by Stack/Late; ");
  });

  test('fails if another stack mounts an app at the same path, also of an imported API', () => {
    const first = testStack();
    const second = stackBeside(first, 'Second');
    const shared = new apigwv2.HttpApi(stackBeside(first, 'Third'), 'Shared');
    const imported = (stack: cdk.Stack) => apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Imported', { httpApiId: 'abc123' });
    add(first, 'One', FrontDoor.httpApi({ api: shared, path: '/a' }));
    expect(() => add(second, 'Two', FrontDoor.httpApi({ api: shared, path: '/a' }))).toThrow("route 'ANY /a' of the HTTP API is already taken by Stack/One/FrontDoor/HttpApiRoute; ");
    add(first, 'Three', FrontDoor.httpApi({ api: imported(first), path: '/a' }));
    expect(() => add(second, 'Four', FrontDoor.httpApi({ api: imported(second), path: '/a' }))).toThrow(
      "route 'ANY /a' of the HTTP API is already taken by Stack/Three/FrontDoor/HttpApiRoute; ");
  });

  test('fails if a route of the user matches everything below the path, whatever the name of its variable', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared');
    api.addRoutes({ path: '/a/{rest+}', integration: elsewhere() });
    expect(() => add(stack, 'Web', FrontDoor.httpApi({ api, path: '/a' }))).toThrow(
      "route 'ANY /a/{proxy+}' of the HTTP API is already taken by Stack/Shared/ANY--a--{rest+}; ");
  });

  test('can have apps at different paths, and more specific routes of the user', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared');
    api.addRoutes({ path: '/a/{proxy+}', methods: [apigwv2.HttpMethod.GET], integration: elsewhere() });
    for (const path of ['/a', '/a/b', '/b', undefined]) add(stack, `At${path}`, FrontDoor.httpApi({ api, path }));
    synth(stack);
  });
});

describe('a REST API', () => {
  const sharedIn = (stack: cdk.Stack) => new apigateway.RestApi(stack, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });

  test.each(['/a', '/a/b', undefined])('fails if two apps are mounted at %s', path => {
    const stack = testStack();
    const api = sharedIn(stack);
    add(stack, 'One', FrontDoor.restApi({ api, path }));
    expect(() => add(stack, 'Two', FrontDoor.restApi({ api, path }))).toThrow(
      `Stack/Two/FrontDoor: path ${path ?? ''}/{proxy+} of the REST API is already taken by Stack/One/FrontDoor/RestApiProxy; mount one of the two apps at another path`);
  });

  test('fails if the user has methods for all paths below, or for the path', () => {
    const stack = testStack();
    const api = sharedIn(stack);
    api.root.addResource('a').addResource('{rest+}').addMethod('ANY', new apigateway.MockIntegration());
    api.root.addResource('b').addMethod('ANY', new apigateway.MockIntegration());
    expect(() => add(stack, 'A', FrontDoor.restApi({ api, path: '/a' }))).toThrow(
      'Stack/A/FrontDoor: path /a/{proxy+} of the REST API is already taken by Stack/Shared/Default/a/{rest+}; ');
    expect(() => add(stack, 'B', FrontDoor.restApi({ api, path: '/b' }))).toThrow(
      'Stack/B/FrontDoor: method ANY on path /b of the REST API is already taken by Stack/Shared/Default/b/ANY; ');
  });

  test('fails if another stack mounts an app at the same path, or makes a part of it', () => {
    const first = testStack();
    const second = stackBeside(first, 'Second');
    const api = sharedIn(stackBeside(first, 'Third'));
    add(first, 'One', FrontDoor.restApi({ api, path: '/team/one' }));
    for (const [id, path] of [['Two', '/team/one'], ['Three', '/team/two']]) {
      expect(() => add(second, id, FrontDoor.restApi({ api, path }))).toThrow(
        `Second/${id}/FrontDoor: path /team of the REST API is already taken by Stack/One/FrontDoor/RestApiResource.team; mount one of the two apps at another path; `
        + 'if only the first part of both paths is the same, make that resource once, on the API itself: api.root.addResource(…)');
    }
  });

  test('fails at synth if the user adds such a path later', () => {
    const stack = testStack();
    const api = sharedIn(stack);
    add(stack, 'Web', FrontDoor.restApi({ api, path: '/a' }));
    api.root.getResource('a')!.addProxy();
    expect(() => synth(stack)).toThrow('[Stack/Web/FrontDoor] path /a/{proxy+} of the REST API is already taken by ');
  });

  test('can have apps at different paths, and methods of the user', () => {
    const stack = testStack();
    const api = sharedIn(stack);
    api.root.addResource('a', { defaultCorsPreflightOptions: { allowOrigins: ['*'] } }).addMethod('GET', new apigateway.MockIntegration());
    for (const path of ['/a', '/a/b', '/b', undefined]) add(stack, `At${path?.replace(/\//g, '-')}`, FrontDoor.restApi({ api, path }));
    synth(stack);
  });
});

describe('a listener', () => {
  const balancerIn = (stack: cdk.Stack) => new elbv2.ApplicationLoadBalancer(stack, 'Shared', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const listenerIn = (stack: cdk.Stack) => balancerIn(stack).addListener('Listener', { port: 80, defaultAction: elbv2.ListenerAction.fixedResponse(404) });

  test('fails if two apps have the same priority, also from different stacks', () => {
    const stack = testStack();
    const listener = listenerIn(stackBeside(stack, 'Other'));
    add(stack, 'One', FrontDoor.alb({ listener, path: '/one', priority: 10 }));
    expect(() => add(stackBeside(stack, 'Second'), 'Two', FrontDoor.alb({ listener, path: '/two', priority: 10 }))).toThrow(
      'Second/Two/FrontDoor: priority 10 on the listener is already taken by Stack/One/FrontDoor/Rule; give the app another priority');
  });

  test('fails if a rule of the user has the priority, whether it is added before or after the app', () => {
    const rule = { priority: 10, conditions: [elbv2.ListenerCondition.pathPatterns(['/old'])], action: elbv2.ListenerAction.fixedResponse(404) };
    const stack = testStack();
    const listener = listenerIn(stack);
    listener.addAction('Old', rule);
    expect(() => add(stack, 'Web', FrontDoor.alb({ listener, path: '/app', priority: 10 }))).toThrow(
      'Stack/Web/FrontDoor: priority 10 on the listener is already taken by Stack/Shared/Listener/OldRule; ');
    const later = testStack();
    const sameListener = listenerIn(later);
    add(later, 'Web', FrontDoor.alb({ listener: sameListener, path: '/app', priority: 10 }));
    sameListener.addAction('Old', rule);
    expect(() => synth(later)).toThrow('[Stack/Web/FrontDoor] priority 10 on the listener is already taken by Stack/Shared/Listener/OldRule; ');
  });

  test('fails if its port is already in use on the load balancer', () => {
    const stack = testStack();
    const loadBalancer = listenerIn(stack).loadBalancer;
    expect(() => add(stack, 'Web', FrontDoor.alb({ loadBalancer }))).toThrow(
      'Stack/Web/FrontDoor: port 80 of the load balancer is already taken by Stack/Shared/Listener; '
      + 'give the app another port, or pass the other listener as listener, with a path and a priority');
  });

  test('can have different priorities, and the same one as another listener', () => {
    const stack = testStack();
    const loadBalancer = balancerIn(stack);
    const [one, two] = [80, 8080].map(port => loadBalancer.addListener(`Listener${port}`, { port, defaultAction: elbv2.ListenerAction.fixedResponse(404) }));
    add(stack, 'One', FrontDoor.alb({ listener: one, path: '/one', priority: 10 }));
    add(stack, 'Two', FrontDoor.alb({ listener: one, path: '/two', priority: 11 }));
    add(stack, 'Three', FrontDoor.alb({ listener: two, path: '/one', priority: 10 }));
    synth(stack);
  });

  test('does not fail while two listeners have not been looked up yet, and have the same placeholders', () => {
    const stack = testStack({}, { env: { account: '123456789012', region: 'us-east-1' } });
    for (const tag of ['one', 'two']) {
      const listener = elbv2.ApplicationListener.fromLookup(stack, tag, { loadBalancerTags: { tag }, listenerPort: 80 });
      add(stack, `Web${tag}`, FrontDoor.alb({ listener, path: '/app', priority: 10, publicUrl: 'https://www.example.com/app' }));
    }
    synth(stack);
  });
});

describe('a Function URL', () => {
  test('fails if the function already has one from the user', () => {
    const stack = testStack();
    const web = add(stack, 'Web', 'http-api');
    web.handler.addFunctionUrl();
    expect(() => web.addFrontDoor('Other', FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.NONE }))).toThrow(
      'Stack/Web/Other: a function or an alias can have only one Function URL, and Stack/Web/Handler already has Stack/Web/Handler/FunctionUrl; use another front door');
  });

  test('fails if the user adds one later, with the message of the CDK', () => {
    const { handler } = add(testStack(), 'Web', 'function-url');
    expect(() => handler.addFunctionUrl()).toThrow("already a Construct with name 'FunctionUrl' in Function");
  });

  test('fails if the alias already has one, but not if only the function has one', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, aliasName: 'live' });
    web.handler.addFunctionUrl();
    synth(stack);
    expect(() => web.addFrontDoor('Other', 'function-url')).toThrow(
      'Stack/Web/Other: a function or an alias can have only one Function URL, and Stack/Web/Alias already has Stack/Web/Alias/FunctionUrl; use another front door');
  });

  test('fails if another copy of this library made it', () => {
    const stack = testStack();
    const web = add(stack, 'Web', 'function-url');
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const copy = require('../../../src') as { FrontDoor: typeof FrontDoor };
      expect(copy.FrontDoor).not.toBe(FrontDoor);
      expect(() => web.addFrontDoor('Other', copy.FrontDoor.functionUrl())).toThrow(
        'Stack/Web/Other: a function or an alias can have only one Function URL, and Stack/Web/Handler already has Stack/Web/Handler/FunctionUrl; use another front door');
    });
  });
});

describe('a domain', () => {
  const DOORS: Record<string, (zone: route53.IHostedZone) => IFrontDoor> = {
    'http-api': zone => FrontDoor.httpApi({ domain: { name: 'www.example.com', zone } }),
    'rest-api': zone => FrontDoor.restApi({ domain: { name: 'www.example.com', zone } }),
    'alb': zone => FrontDoor.alb({ domain: { name: 'www.example.com', zone } }),
  };
  const zoneIn = (scope: cdk.Stack, hostedZoneId = 'Z1') => route53.HostedZone.fromHostedZoneAttributes(scope, `Zone${hostedZoneId}`, { hostedZoneId, zoneName: 'example.com' });
  const pairs = Object.keys(DOORS).flatMap(first => Object.keys(DOORS).map(second => [first, second]));

  test.each(pairs)('fails if the app behind %s and one behind %s in another stack have the same', (first, second) => {
    const stack = testStack();
    const other = stackBeside(stack, 'Other');
    add(stack, 'One', DOORS[first](zoneIn(stack)));
    expect(() => add(other, 'Two', DOORS[second](zoneIn(other)))).toThrow(
      /^Other\/Two\/FrontDoor: (domain name|the A record of) www\.example\.com is already taken by Stack\/One\/www\.example\.com\/(DomainName|AliasRecord); give one of the two apps another domain\.name/);
  });

  test('fails if a record of the user has the name', () => {
    const stack = testStack();
    const zone = zoneIn(stack);
    new route53.ARecord(stack, 'Old', { zone, recordName: 'www', target: route53.RecordTarget.fromIpAddresses('192.0.2.1') });
    expect(() => add(stack, 'Web', DOORS.alb(zone))).toThrow(
      'Stack/Web/FrontDoor: the A record of www.example.com is already taken by Stack/Old; give one of the two apps another domain.name, or drop the other record');
  });

  test('can be the same in a public and a private zone', () => {
    const stack = testStack();
    add(stack, 'Web', DOORS['http-api'](zoneIn(stack, 'Public')));
    add(stack, 'Internal', FrontDoor.alb({ domain: { name: 'www.example.com', zone: zoneIn(stack, 'Private') } }));
    synth(stack);
  });

  test('can be the same in two stages of the CDK app, which have accounts of their own', () => {
    const app = new cdk.App({ context: { 'aws:cdk:bundling-stacks': [] } });
    for (const name of ['Beta', 'Production']) {
      const stack = new cdk.Stack(new cdk.Stage(app, name), 'Stack');
      add(stack, 'Web', DOORS.alb(zoneIn(stack)));
    }
    app.synth();
  });
});
