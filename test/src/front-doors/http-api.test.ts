import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, HttpApiOptions, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function make() {
  const stack = testStack();
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'http-api' });
  return { stack, web, template: Template.fromStack(stack) };
}

test('hands every route to the function, in payload format 2.0', () => {
  const { template } = make();
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'NONE' });
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
    IntegrationUri: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', { StageName: '$default', AutoDeploy: true });
});

test('may invoke the function, from this API alone', () => {
  const { template, stack, web } = make();
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    SourceArn: { 'Fn::Join': ['', Match.arrayWith([stack.resolve(web.httpApi!.httpApiId)])] },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('has the name of its place in the app', () => {
  make().template.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'Stack-Web-FrontDoor', ProtocolType: 'HTTP' });
});

test('is exposed', () => {
  const { web } = make();
  expect(web.httpApi?.url).toBe(web.url);
  expect([web.functionUrl, web.restApi, web.loadBalancer]).toEqual([undefined, undefined, undefined]);
});

/** Options of the door, in a stack to which they may belong. */
function templateOf(optionsIn: (stack: cdk.Stack) => HttpApiOptions, stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi(optionsIn(stack)) });
  return Template.fromStack(stack);
}

function doorsOf(template: Template) {
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  return JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_DOORS);
}

describe('takes the settings of the CDK', () => {
  test('for the API', () => {
    templateOf(() => ({ apiName: 'shop', description: 'The shop', disableExecuteApiEndpoint: true })).hasResourceProperties('AWS::ApiGatewayV2::Api', {
      Name: 'shop',
      Description: 'The shop',
      DisableExecuteApiEndpoint: true,
    });
  });

  test('for the stage, which stays the same resource', () => {
    const template = templateOf(stack => ({
      stageOptions: {
        throttle: { rateLimit: 100, burstLimit: 200 },
        accessLogSettings: { destination: new apigwv2.LogGroupLogDestination(new logs.LogGroup(stack, 'AccessLog')) },
        detailedMetricsEnabled: true,
      },
    }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, DetailedMetricsEnabled: true },
      AccessLogSettings: { DestinationArn: Match.anyValue() },
    });
    expect(Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'))).toEqual(Object.keys(make().template.findResources('AWS::ApiGatewayV2::Stage')));
  });

  test('for a stage of another name, which is part of the address', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ stageOptions: { stageName: 'beta' } }) });
    expect(web.url).toMatch(/\/beta\/$/);
  });

  test('for an authorizer, which leaves preflight requests to the app as well', () => {
    const template = templateOf(() => ({ defaultAuthorizer: new HttpIamAuthorizer() }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'AWS_IAM' });
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('for CORS', () => {
    const template = templateOf(() => ({ corsPreflight: { allowOrigins: ['https://example.com'] } }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['https://example.com'] } });
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('for CORS with an authorizer, which preflight requests then need not pass', () => {
    const template = templateOf(() => ({ corsPreflight: { allowOrigins: ['https://example.com'] }, defaultAuthorizer: new HttpIamAuthorizer() }));
    for (const RouteKey of ['OPTIONS /', 'OPTIONS /{proxy+}']) {
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey, AuthorizationType: 'NONE' });
    }
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'AWS_IAM' });
  });
});

describe('a domain', () => {
  const zoneIn = (stack: cdk.Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });

  test('gets a certificate, a mapping and an alias record', () => {
    const stack = testStack();
    const domain = { name: 'www.example.com', zone: zoneIn(stack) };
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ domain }) });
    expect(web.url).toBe('https://www.example.com/');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'www.example.com', ValidationMethod: 'DNS' });
    const [domainName] = Object.keys(template.findResources('AWS::ApiGatewayV2::DomainName', { Properties: { DomainName: 'www.example.com' } }));
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', { DomainName: { Ref: domainName }, Stage: '$default', ApiMappingKey: Match.absent() });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'www.example.com.',
      Type: 'A',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [domainName, 'RegionalDomainName'] } },
    });
  });

  test('uses the certificate that the user gives', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/id';
    const template = templateOf(stack => ({
      domain: { name: 'www.example.com', zone: zoneIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) },
    }));
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [Match.objectLike({ CertificateArn: certificateArn })] });
  });

  test('is not compared with its zone while either is a token', () => {
    const stack = testStack();
    const name = new cdk.CfnParameter(stack, 'Name').valueAsString;
    expect(() => templateOf(() => ({ domain: { name, zone: zoneIn(stack) } }), stack)).not.toThrow();
  });

  test('fails when it is not in its zone', () => {
    expect(() => templateOf(stack => ({ domain: { name: 'www.example.org', zone: zoneIn(stack) } }))).toThrow(
      'Stack/Web/FrontDoor: domain www.example.org is not in the zone example.com; choose a name that ends in .example.com, or its own zone');
  });

  test('fails beside a mapping of the CDK', () => {
    expect(() => templateOf(stack => {
      const domainName = new apigwv2.DomainName(stack, 'Domain', {
        domainName: 'a.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id'),
      });
      return { domain: { name: 'www.example.com', zone: zoneIn(stack) }, defaultDomainMapping: { domainName } };
    })).toThrow('Stack/Web/FrontDoor: domain makes a domain name and its mapping; drop it, or drop defaultDomainMapping and domainMapping');
  });
});

describe('an existing API', () => {
  test('gets the app at a path and below it, and the app is told', () => {
    const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/app' }));
    const routes = Object.entries(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(([id, { Properties }]) => [id, Properties.RouteKey])).toEqual([
      [expect.stringMatching(/^WebFrontDoorRoute[0-9A-F]{8}$/), 'ANY /app'],
      [expect.stringMatching(/^WebFrontDoorProxyRoute[0-9A-F]{8}$/), 'ANY /app/{proxy+}'],
    ]);
    expect(doorsOf(template)).toEqual([{ door: 'http-api', mountPrefix: '/app', responseMode: 'buffered' }]);
    for (const path of ['*/*/app', '*/*/app/{proxy+}']) {
      template.hasResourceProperties('AWS::Lambda::Permission', { SourceArn: { 'Fn::Join': ['', Match.arrayWith([`/${path}`])] } });
    }
  });

  test('gives the app its address', () => {
    const stack = testStack();
    const api = new apigwv2.HttpApi(stack, 'Shared');
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ api, path: '/app' }) });
    expect(stack.resolve(web.url)).toEqual({
      'Fn::Join': ['', ['https://', { Ref: 'SharedDACC02AA' }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/app']],
    });
    expect(web.httpApi).toBeUndefined();
  });

  test('gets the app for all that it has no route for, without a path', () => {
    const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared') }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default' });
    expect(doorsOf(template)).toEqual([{ door: 'http-api', responseMode: 'buffered' }]);
  });

  test('may be in another stack, to which nothing is added', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = new apigwv2.HttpApi(other, 'Shared');
    const template = templateOf(() => ({ api, path: '/app' }), stack);
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 2);
    const ofOther = Template.fromStack(other);
    ofOther.resourceCountIs('AWS::ApiGatewayV2::Route', 0);
    ofOther.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('may be imported', () => {
    const template = templateOf(stack => ({ api: apigwv2.HttpApi.fromHttpApiAttributes(stack, 'Shared', { httpApiId: 'abc123' }), path: '/app' }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { ApiId: 'abc123', RouteKey: 'ANY /app' });
    template.hasOutput('*', { Value: { 'Fn::Join': ['', ['https://abc123.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/app']] } });
  });

  test('may have an authorizer for this app', () => {
    const template = templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path: '/app', defaultAuthorizer: new HttpIamAuthorizer() }));
    template.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
  });

  test('fails when it serves everything already', () => {
    expect(() => templateOf(stack => {
      const api = new apigwv2.HttpApi(stack, 'Shared', { defaultIntegration: new HttpUrlIntegration('Old', 'https://example.com') });
      return { api };
    })).toThrow("Stack/Web/FrontDoor: api Stack/Shared has a default integration already; give this app a path, e.g. path: '/app'");
  });

  test('fails when settings of the API are given beside it', () => {
    expect(() => templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), apiName: 'x', corsPreflight: {} }))).toThrow(
      'Stack/Web/FrontDoor: apiName, corsPreflight cannot be set beside an existing api; set them on that api');
  });

  test.each(['app', '/app/', '/app/{id}', '/app/*', ''])('fails when the path is no plain one: %j', path => {
    expect(() => templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path }))).toThrow(
      `Stack/Web/FrontDoor: path must start with a slash, end without one and hold only letters, digits, '.', '_', '~' and '-', e.g. '/app'; got ${JSON.stringify(path)}`);
  });

  test('fails when the path is not known yet', () => {
    expect(() => templateOf(stack => ({ api: new apigwv2.HttpApi(stack, 'Shared'), path: new cdk.CfnParameter(stack, 'Path').valueAsString }))).toThrow(
      'Stack/Web/FrontDoor: path must be a literal, for the function is told it before anything is deployed; got a token');
  });
});

describe('fails at synthesis', () => {
  test('with a default integration, which is the app', () => {
    expect(() => templateOf(() => ({ defaultIntegration: new HttpUrlIntegration('Old', 'https://example.com') }))).toThrow(
      'Stack/Web/FrontDoor: defaultIntegration is the app itself; drop it, and add other routes with httpApi.addRoutes');
  });

  test('without a stage', () => {
    expect(() => templateOf(() => ({ createDefaultStage: false }))).toThrow(
      'Stack/Web/FrontDoor: createDefaultStage: false leaves the app without an address; set stageOptions to shape its stage');
  });

  test('with a path on an API of its own', () => {
    expect(() => templateOf(() => ({ path: '/app' }))).toThrow('Stack/Web/FrontDoor: path "/app" is for an existing api; give that api as well, or drop path');
  });
});
