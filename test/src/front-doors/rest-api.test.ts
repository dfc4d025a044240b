import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, RestApiOptions, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

function make(context: Record<string, unknown> = {}) {
  const stack = testStack(context);
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'rest-api' });
  return { stack, web, template: Template.fromStack(stack) };
}

test('hands every path and method to the function', () => {
  const { template } = make();
  const integration = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] }])] },
  };
  const resources = [{ 'Fn::GetAtt': ['WebFrontDoorApiD952F9EC', 'RootResourceId'] }, { Ref: Object.keys(template.findResources('AWS::ApiGateway::Resource'))[0] }];
  template.resourceCountIs('AWS::ApiGateway::Method', 2);
  for (const ResourceId of resources) {
    template.hasResourceProperties('AWS::ApiGateway::Method', { ResourceId, HttpMethod: 'ANY', AuthorizationType: 'NONE', Integration: integration });
  }
  template.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: '{proxy+}' });
});

test('is regional and passes binary bodies', () => {
  make().template.hasResourceProperties('AWS::ApiGateway::RestApi', {
    Name: 'Stack-Web-FrontDoor',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    BinaryMediaTypes: ['*/*'],
  });
});

test.each([true, false])('sets nothing for the whole account, whatever the flag says: %s', flag => {
  make({ '@aws-cdk/aws-apigateway:disableCloudWatchRole': flag }).template.resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('may invoke the function, from this API alone', () => {
  const { template } = make();
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    FunctionName: { 'Fn::GetAtt': ['WebHandler9CF88F82', 'Arn'] },
    SourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: 'WebFrontDoorApiD952F9EC' }])] },
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('is exposed', () => {
  const { web, stack } = make();
  expect(stack.resolve(web.restApi!.url)).toEqual(stack.resolve(web.url));
  expect([web.functionUrl, web.httpApi, web.loadBalancer]).toEqual([undefined, undefined, undefined]);
});

test('prints its address once', () => {
  expect(Object.keys(make().template.toJSON().Outputs)).toHaveLength(1);
});

/** Options of the door, in a stack to which they may belong. */
function templateOf(optionsIn: (stack: cdk.Stack) => RestApiOptions, stack = testStack(), props: Partial<WrappedWebAppProps> = {}): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi(optionsIn(stack)), ...props });
  return Template.fromStack(stack);
}

function doorsOf(template: Template) {
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  return JSON.parse(Properties.Environment.Variables.WRAPPED_WEB_APP_DOORS);
}

test('has its defaults where the user gives undefined', () => {
  const template = templateOf(() => ({ binaryMediaTypes: undefined, cloudWatchRole: undefined, endpointTypes: undefined, restApiName: undefined }));
  expect(template.toJSON()).toEqual(make().template.toJSON());
});

describe('takes the settings of the CDK', () => {
  test('for the API', () => {
    templateOf(() => ({ restApiName: 'shop', description: 'The shop', minCompressionSize: cdk.Size.kibibytes(1) })).hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'shop',
      Description: 'The shop',
      MinimumCompressionSize: 1024,
    });
  });

  test('for the stage', () => {
    const template = templateOf(stack => ({
      deployOptions: {
        stageName: 'beta',
        throttlingRateLimit: 100,
        throttlingBurstLimit: 200,
        accessLogDestination: new apigateway.LogGroupLogDestination(new logs.LogGroup(stack, 'AccessLog')),
      },
    }));
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'beta',
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 })],
      AccessLogSetting: { DestinationArn: Match.anyValue() },
    });
  });

  test('for an authorizer', () => {
    const template = templateOf(() => ({ defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM } }));
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
  });

  test('for an API key', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ defaultMethodOptions: { apiKeyRequired: true } }) });
    const plan = web.restApi!.addUsagePlan('Plan', { apiStages: [{ stage: web.restApi!.deploymentStage }] });
    plan.addApiKey(web.restApi!.addApiKey('Key'));
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::ApiGateway::Method', { ApiKeyRequired: true });
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
  });

  test('for the export of its address', () => {
    templateOf(() => ({ endpointExportName: 'ShopUrl' })).hasOutput('*', { Export: { Name: 'ShopUrl' } });
  });

  test('for a longer wait than the usual', () => {
    templateOf(() => ({ integrationTimeout: cdk.Duration.seconds(60) })).allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: Match.objectLike({ TimeoutInMillis: 60000 }),
    });
  });
});

describe('a private endpoint', () => {
  const endpointIn = (stack: cdk.Stack) => new ec2.Vpc(stack, 'Vpc').addInterfaceEndpoint('Endpoint', {
    service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY,
  });

  test('lets in who comes through its VPC endpoints', () => {
    const stack = testStack();
    const endpoint = endpointIn(stack);
    const template = templateOf(() => ({ endpointConfiguration: { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [endpoint] } }), stack);
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [stack.resolve(endpoint.vpcEndpointId)] },
      Policy: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': [stack.resolve(endpoint.vpcEndpointId)] } } }),
          Match.objectLike({ Effect: 'Allow' }),
        ],
      },
    });
  });

  test('has the policy that the user gives', () => {
    const policy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['execute-api:Invoke'], principals: [new iam.AccountRootPrincipal()], resources: ['*'] })] });
    const template = templateOf(() => ({ endpointTypes: [apigateway.EndpointType.PRIVATE], policy }));
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { Policy: { Statement: [Match.objectLike({ Resource: '*' })] } });
  });

  test('fails without either', () => {
    expect(() => templateOf(() => ({ endpointTypes: [apigateway.EndpointType.PRIVATE] }))).toThrow(
      'Stack/Web/FrontDoor: a private API refuses everyone until its policy names who may call it; give endpointConfiguration.vpcEndpoints, or a policy');
  });

  test('fails with a domain, which is public', () => {
    expect(() => templateOf(stack => ({
      endpointConfiguration: { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [endpointIn(stack)] },
      domain: { name: 'www.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) },
    }))).toThrow('Stack/Web/FrontDoor: a private API cannot have a public domain name; drop domain, or the PRIVATE endpoint type');
  });
});

describe('preflight requests', () => {
  test('go to the app', () => {
    expect(Object.values(make().template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties.HttpMethod)).toEqual(['ANY', 'ANY']);
  });

  test('are answered by API Gateway when the user says so, which takes text for them', () => {
    const stack = testStack();
    const defaultCorsPreflightOptions = { allowOrigins: ['https://example.com'] };
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ defaultCorsPreflightOptions }) });
    web.restApi!.root.addResource('more');
    const methods = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }));
    expect(methods.map(({ Properties }) => [Properties.Integration.Type, Properties.Integration.ContentHandling])).toEqual(Array(3).fill(['MOCK', 'CONVERT_TO_TEXT']));
  });

  test('leave an OPTIONS method alone that is no mock', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: 'rest-api' });
    web.restApi!.root.addResource('more').addMethod('OPTIONS', new apigateway.LambdaIntegration(web.handler));
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', Integration: { ContentHandling: Match.absent() } });
  });
});

describe('streaming', () => {
  const streamed = (timeout?: cdk.Duration) => templateOf(() => ({}), testStack(), { responseStreaming: true, timeout });

  test('goes through the other invocation, and the app is told', () => {
    const template = streamed();
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      Integration: Match.objectLike({
        Type: 'AWS_PROXY',
        ResponseTransferMode: 'STREAM',
        Uri: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('2021-11-15/functions/$'), '/response-streaming-invocations'])] },
      }),
    });
    expect(doorsOf(template)).toEqual([{ door: 'rest-api', responseMode: 'streaming' }]);
  });

  test.each([
    ['as long as the function runs', cdk.Duration.minutes(5), 300_000],
    ['15 minutes at most', cdk.Duration.minutes(15), 900_000],
  ])('waits %s', (_, timeout, TimeoutInMillis) => {
    streamed(timeout).allResourcesProperties('AWS::ApiGateway::Method', { Integration: Match.objectLike({ TimeoutInMillis }) });
  });
});

describe('a domain', () => {
  const zoneIn = (stack: cdk.Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });

  test('gets a certificate, a mapping and an alias record', () => {
    const stack = testStack();
    const domain = { name: 'www.example.com', zone: zoneIn(stack) };
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ domain }) });
    expect(web.url).toBe('https://www.example.com/');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'www.example.com', ValidationMethod: 'DNS' });
    const [domainName] = Object.keys(template.findResources('AWS::ApiGateway::DomainName', {
      Properties: { DomainName: 'www.example.com', EndpointConfiguration: { Types: ['REGIONAL'] }, SecurityPolicy: 'TLS_1_2' },
    }));
    template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', {
      DomainName: { Ref: domainName },
      RestApiId: { Ref: 'WebFrontDoorApiD952F9EC' },
      BasePath: Match.absent(),
      Stage: Match.anyValue(),
    });
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
    template.hasResourceProperties('AWS::ApiGateway::DomainName', { RegionalCertificateArn: certificateArn });
  });

  test('fails on an EDGE endpoint whose certificate would be in the wrong region', () => {
    const stack = testStack({}, { env: { region: 'eu-west-1', account: '123456789012' } });
    expect(() => templateOf(() => ({ endpointTypes: [apigateway.EndpointType.EDGE], domain: { name: 'www.example.com', zone: zoneIn(stack) } }), stack)).toThrow(
      'Stack/Web/FrontDoor: an EDGE endpoint needs a certificate in us-east-1, and this stack is in eu-west-1; give domain.certificate from there, or drop the EDGE endpoint type');
  });

  test('fails beside a domain of the CDK', () => {
    expect(() => templateOf(stack => {
      const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id');
      return { domain: { name: 'www.example.com', zone: zoneIn(stack) }, domainName: { domainName: 'a.example.com', certificate } };
    })).toThrow('Stack/Web/FrontDoor: domain makes a domain name and its mapping; drop it, or drop domainName');
  });
});

describe('an existing API', () => {
  function sharedIn(scope: cdk.Stack, props: apigateway.RestApiProps = {}): apigateway.RestApi {
    const api = new apigateway.RestApi(scope, 'Shared', { binaryMediaTypes: ['*/*'], cloudWatchRole: false, ...props });
    api.root.addResource('old').addMethod('GET', new apigateway.MockIntegration());
    return api;
  }
  const webMethods = (template: Template) => Object.entries(template.findResources('AWS::ApiGateway::Method')).filter(([id]) => id.startsWith('Web'));

  test('gets the app at a path and below it, and the app is told', () => {
    const stack = testStack();
    const template = templateOf(() => ({ api: sharedIn(stack), path: '/app' }), stack);
    const resources = Object.entries(template.findResources('AWS::ApiGateway::Resource')).filter(([id]) => id.startsWith('Web'));
    expect(resources.map(([, { Properties }]) => Properties.PathPart)).toEqual(['app', '{proxy+}']);
    expect(webMethods(template).map(([, { Properties }]) => [Properties.HttpMethod, Properties.ResourceId])).toEqual([
      ['ANY', { Ref: resources[0][0] }], ['ANY', { Ref: resources[1][0] }],
    ]);
    expect(doorsOf(template)).toEqual([{ door: 'rest-api', mountPrefix: '/app', responseMode: 'buffered' }]);
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'apigateway.amazonaws.com', SourceArn: { 'Fn::Join': ['', Match.arrayWith(['/*/*/*'])] } });
  });

  test('is deployed with the routes of the app', () => {
    const before = Object.keys((() => {
      const stack = testStack();
      sharedIn(stack);
      return Template.fromStack(stack);
    })().findResources('AWS::ApiGateway::Deployment'));
    const stack = testStack();
    const template = templateOf(() => ({ api: sharedIn(stack), path: '/app' }), stack);
    const [[id, deployment], ...others] = Object.entries(template.findResources('AWS::ApiGateway::Deployment'));
    expect(others).toEqual([]);
    expect([id]).not.toEqual(before);
    expect(deployment.DependsOn).toEqual(expect.arrayContaining(webMethods(template).map(([method]) => method)));
  });

  test('gives the app its address', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ api: sharedIn(stack), path: '/a/b' }) });
    expect(stack.resolve(web.url)['Fn::Join'][1].at(-1)).toBe('/a/b');
    expect(web.restApi).toBeUndefined();
  });

  test('keeps the resources that are on the way', () => {
    const stack = testStack();
    const template = templateOf(() => ({ api: sharedIn(stack), path: '/old/app' }), stack);
    expect(Object.values(template.findResources('AWS::ApiGateway::Resource')).map(({ Properties }) => Properties.PathPart)).toEqual(['old', 'app', '{proxy+}']);
  });

  test('may be in another stack, to which nothing is added', () => {
    const stack = testStack();
    const other = new cdk.Stack(stack.node.root as cdk.App, 'Other');
    const api = sharedIn(other);
    const template = templateOf(() => ({ api, path: '/old/app' }), stack);
    const ofOther = Template.fromStack(other);
    expect(webMethods(template)).toHaveLength(2);
    expect(Object.keys(ofOther.findResources('AWS::ApiGateway::Method'))).toHaveLength(1);
    ofOther.resourceCountIs('AWS::Lambda::Permission', 0);
    template.hasResource('AWS::ApiGateway::Deployment', {
      Properties: { RestApiId: Match.anyValue(), StageName: Match.anyValue() },
      DeletionPolicy: 'Retain',
      DependsOn: Match.arrayWith(webMethods(template).map(([id]) => id)),
    });
  });

  describe('that is imported', () => {
    const imported = (stack: cdk.Stack) => apigateway.RestApi.fromRestApiAttributes(stack, 'Shared', { restApiId: 'abc123', rootResourceId: 'root' });

    test('is deployed again on the stage that the user names', () => {
      const template = templateOf(stack => ({ api: imported(stack), path: '/app', stageName: 'prod' }));
      template.hasResource('AWS::ApiGateway::Deployment', {
        Properties: { RestApiId: 'abc123', StageName: 'prod' },
        DeletionPolicy: 'Retain',
        DependsOn: Match.arrayWith(webMethods(template).map(([id]) => id)),
      });
      template.hasResourceProperties('AWS::ApiGateway::Resource', { RestApiId: 'abc123', ParentId: 'root', PathPart: 'app' });
      template.hasOutput('*', { Value: { 'Fn::Join': ['', ['https://abc123.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/prod/app']] } });
    });

    test('is deployed again whenever the routes change, and only then', () => {
      const idOf = (options: RestApiOptions, props: Partial<WrappedWebAppProps> = {}) => Object.keys(
        templateOf(stack => ({ api: imported(stack), stageName: 'prod', ...options }), testStack(), props).findResources('AWS::ApiGateway::Deployment'))[0];
      const first = idOf({ path: '/app' });
      expect(idOf({ path: '/app' }, { memorySize: 512 })).toBe(first);
      const others = [
        idOf({ path: '/other' }),
        idOf({ path: '/app', integrationTimeout: cdk.Duration.seconds(10) }),
        idOf({ path: '/app', defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM } }),
        idOf({ path: '/app' }, { responseStreaming: true }),
      ];
      expect(new Set([first, ...others]).size).toBe(5);
    });

    test('warns that its binary media types cannot be seen', () => {
      const stack = testStack();
      templateOf(() => ({ api: imported(stack), path: '/app', stageName: 'prod' }), stack);
      Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp(
        "api Stack/Shared must have '\\*/\\*' in its binaryMediaTypes, or binary bodies break; it cannot be seen from here whether it has"));
    });

    test('fails without the name of a stage', () => {
      expect(() => templateOf(stack => ({ api: imported(stack), path: '/app' }))).toThrow(
        "Stack/Web/FrontDoor: new routes of api Stack/Shared go live only through a deployment of a stage, and it has none; name the stage, e.g. stageName: 'prod'");
    });
  });

  test('may answer preflight requests itself', () => {
    const stack = testStack();
    const template = templateOf(() => ({ api: sharedIn(stack, { defaultCorsPreflightOptions: { allowOrigins: ['*'] } }), path: '/app' }), stack);
    const preflight = webMethods(template).filter(([, { Properties }]) => Properties.HttpMethod === 'OPTIONS');
    expect(preflight.map(([, { Properties }]) => Properties.Integration.ContentHandling)).toEqual(['CONVERT_TO_TEXT', 'CONVERT_TO_TEXT']);
  });

  test('fails when it would break binary bodies', () => {
    expect(() => templateOf(stack => ({ api: sharedIn(stack, { binaryMediaTypes: ['image/png'] }), path: '/app' }))).toThrow(
      "Stack/Web/FrontDoor: api Stack/Shared has binaryMediaTypes [\"image/png\"], so that binary bodies would break; add '*/*' to them");
    expect(() => templateOf(stack => ({ api: sharedIn(stack, { binaryMediaTypes: undefined }), path: '/app' }))).toThrow('has binaryMediaTypes []');
  });

  test('fails when settings of the API are given beside it', () => {
    expect(() => templateOf(stack => ({ api: sharedIn(stack), restApiName: 'x' }))).toThrow(
      'Stack/Web/FrontDoor: restApiName cannot be set beside an existing api; set it on that api');
  });
});

describe('fails at synthesis', () => {
  test.each<[string, RestApiOptions, string]>([
    ['with a default integration, which is the app', { defaultIntegration: new apigateway.MockIntegration() }, 'defaultIntegration is the app itself; drop it, and add other resources to restApi.root'],
    ['when it is not deployed', { deploy: false }, 'deploy: false leaves the app without an address; drop it'],
    ['with a path on an API of its own', { path: '/app' }, 'path "/app" is for an existing api; give that api as well, or drop path'],
    ['with the stage of an existing API on its own', { stageName: 'beta' }, 'stageName is for an existing api; use deployOptions: { stageName: "beta" }'],
    ['when binary bodies would break', { binaryMediaTypes: ['image/png'] }, "binaryMediaTypes [\"image/png\"] would break the app's other binary bodies; drop it, or add '*/*'"],
  ])('%s', (_, options, message) => {
    expect(() => templateOf(() => options)).toThrow(`Stack/Web/FrontDoor: ${message}`);
  });
});
