import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FrontDoor, HttpApiOptions, WrappedWebApp } from '../../../src';
import { doorsOf, ENTRY, testStack } from '../synthesis';

const corsPreflight: apigwv2.CorsPreflightOptions = { allowOrigins: ['https://example.com'] };
const jwt = () => new HttpJwtAuthorizer('Jwt', 'https://issuer.example.com', { jwtAudience: ['app'] });
const WARNING = 'browsers send CORS preflight requests without credentials, so API Gateway answers them with 401 or 403, and pages of other origins cannot call the app';
const ACKNOWLEDGE = 'or acknowledge this warning if no such page calls it';

/** Makes an app with these options of the front door. The options may contain constructs of the stack. */
function make(optionsIn: (stack: cdk.Stack) => HttpApiOptions, stack = testStack()): cdk.Stack {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi(optionsIn(stack)) });
  return stack;
}

/** The authorization of each route of the app by its key. */
function routesOf(stack: cdk.Stack): Record<string, string> {
  const routes = Object.entries(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route')).filter(([id]) => id.startsWith('Web'));
  return Object.fromEntries(routes.map(([, { Properties }]) => [Properties.RouteKey, Properties.AuthorizationType]));
}

function warningsOf(stack: cdk.Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('preflight')).map(({ id, entry }) => `${id}: ${entry.data}`);
}

describe('a new API', () => {
  test('with CORS and an authorizer has open routes, and the runtime knows', () => {
    const stack = make(() => ({ corsPreflight, defaultAuthorizer: jwt() }));
    expect(routesOf(stack)).toEqual({ '$default': 'JWT', 'OPTIONS /': 'NONE', 'OPTIONS /{proxy+}': 'NONE' });
    expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: 'http-api', openPreflightRoutes: true, responseMode: 'buffered' }]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each<[string, HttpApiOptions]>([
    ['CORS and no authorizer', { corsPreflight }],
    ['CORS and an authorizer that lets everyone through', { corsPreflight, defaultAuthorizer: new apigwv2.HttpNoneAuthorizer() }],
    ['neither', {}],
  ])('with %s has no open routes and no warning', (_, options) => {
    const stack = make(() => options);
    expect(routesOf(stack)).toEqual({ $default: 'NONE' });
    expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: 'http-api', responseMode: 'buffered' }]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test.each([['JWT', jwt], ['IAM', () => new HttpIamAuthorizer()]])('with a %s authorizer and no CORS is warned of', (_, defaultAuthorizer) => {
    const stack = make(() => ({ defaultAuthorizer: defaultAuthorizer() }));
    expect(warningsOf(stack)).toEqual([
      `/Stack/Web/FrontDoor: ${WARNING}; set corsPreflight, ${ACKNOWLEDGE} [ack: cdk-wrapped-web-app:refused-preflights]`,
    ]);
    expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: 'http-api', responseMode: 'buffered' }]);
  });

  test('is not warned of if the user acknowledges it', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ defaultAuthorizer: jwt() }) });
    cdk.Annotations.of(web).acknowledgeWarning('cdk-wrapped-web-app:refused-preflights');
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('an existing API', () => {
  const sharedIn = (scope: cdk.Stack, props: apigwv2.HttpApiProps = {}) => new apigwv2.HttpApi(scope, 'Shared', props);

  test.each<[string, apigwv2.HttpApiProps, HttpApiOptions]>([
    ['whose default authorizer guards the app', { corsPreflight, defaultAuthorizer: jwt() }, {}],
    ['and an authorizer of the app', { corsPreflight }, { defaultAuthorizer: jwt() }],
  ])('with CORS %s gets open routes at the path of the app', (_, props, options) => {
    const stack = make(scope => ({ api: sharedIn(scope, props), path: '/shop', ...options }));
    expect(routesOf(stack)).toEqual({
      'ANY /shop': 'JWT', 'ANY /shop/{proxy+}': 'JWT', 'OPTIONS /shop': 'NONE', 'OPTIONS /shop/{proxy+}': 'NONE',
    });
    expect(doorsOf(Template.fromStack(stack))).toEqual([{ door: 'http-api', mountPrefix: '/shop', openPreflightRoutes: true, responseMode: 'buffered' }]);
    for (const path of ['*/*/shop', '*/*/shop/{proxy+}']) {
      expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Permission', {
        Properties: { SourceArn: { 'Fn::Join': ['', Match.arrayWith([`/${path}`])] } },
      }))).toHaveLength(2);
    }
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with CORS gets open routes at the root if the app has the default route', () => {
    const stack = make(scope => ({ api: sharedIn(scope, { corsPreflight, defaultAuthorizer: jwt() }) }));
    expect(routesOf(stack)).toEqual({ '$default': 'JWT', 'OPTIONS /': 'NONE', 'OPTIONS /{proxy+}': 'NONE' });
  });

  test('can be in another stack', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = sharedIn(other, { corsPreflight });
    make(() => ({ api, path: '/shop', defaultAuthorizer: new HttpIamAuthorizer() }), stack);
    expect(routesOf(stack)).toMatchObject({ 'OPTIONS /shop': 'NONE', 'OPTIONS /shop/{proxy+}': 'NONE' });
  });

  test('keeps the OPTIONS routes that it already has', () => {
    const stack = testStack();
    const api = sharedIn(stack, { corsPreflight });
    api.addRoutes({ path: '/{proxy+}', methods: [apigwv2.HttpMethod.OPTIONS], integration: new HttpUrlIntegration('Old', 'https://example.com') });
    make(() => ({ api, defaultAuthorizer: jwt() }), stack);
    expect(routesOf(stack)).toEqual({ '$default': 'JWT', 'OPTIONS /': 'NONE' });
  });

  test('without an authorizer gets no open routes', () => {
    const stack = make(scope => ({ api: sharedIn(scope, { corsPreflight }), path: '/shop' }));
    expect(routesOf(stack)).toEqual({ 'ANY /shop': 'NONE', 'ANY /shop/{proxy+}': 'NONE' });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with an authorizer and no CORS is warned of', () => {
    const stack = make(scope => ({ api: sharedIn(scope), path: '/shop', defaultAuthorizer: jwt() }));
    expect(warningsOf(stack)).toEqual([
      `/Stack/Web/FrontDoor: ${WARNING}; set corsPreflight on api Stack/Shared, ${ACKNOWLEDGE} [ack: cdk-wrapped-web-app:refused-preflights]`,
    ]);
  });

  test('that is imported is warned of, because its CORS settings are not known', () => {
    const stack = make(scope => ({
      api: apigwv2.HttpApi.fromHttpApiAttributes(scope, 'Shared', { httpApiId: 'abc123' }), path: '/shop', defaultAuthorizer: new HttpIamAuthorizer(),
    }));
    expect(warningsOf(stack)).toEqual([
      `/Stack/Web/FrontDoor: ${WARNING}; set CORS on the imported api Stack/Shared and add the routes 'OPTIONS /shop' and 'OPTIONS /shop/{proxy+}' `
      + `without an authorizer to it, ${ACKNOWLEDGE} [ack: cdk-wrapped-web-app:refused-preflights]`,
    ]);
  });
});
