import * as cdk from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FrontDoor, RestApiOptions, WrappedWebApp } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

/** Makes the template of an app with these options of the front door. The options may contain constructs of the stack. */
function templateOf(optionsIn: (stack: cdk.Stack) => RestApiOptions = () => ({}), stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi(optionsIn(stack)) });
  return Template.fromStack(stack);
}

test('is regional and accepts binary bodies', () => {
  templateOf().hasResourceProperties('AWS::ApiGateway::RestApi', {
    Name: 'Stack-Web-FrontDoor',
    EndpointConfiguration: { Types: ['REGIONAL'] },
    BinaryMediaTypes: ['*/*'],
  });
});

test.each([true, false])('sets nothing for the whole account, with the feature flag %s', flag => {
  templateOf(() => ({}), testStack({ '@aws-cdk/aws-apigateway:disableCloudWatchRole': flag })).resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('prints its URL once', () => {
  expect(Object.keys(templateOf().toJSON().Outputs)).toHaveLength(1);
});

test('an option that is undefined has its default', () => {
  const template = templateOf(() => ({ binaryMediaTypes: undefined, cloudWatchRole: undefined, endpointTypes: undefined, restApiName: undefined }));
  expect(template.toJSON()).toEqual(templateOf().toJSON());
});

describe('the settings of the CDK', () => {
  test('work for the API', () => {
    templateOf(() => ({ restApiName: 'shop', description: 'The shop', minCompressionSize: cdk.Size.kibibytes(1) })).hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'shop',
      Description: 'The shop',
      MinimumCompressionSize: 1024,
    });
  });

  test('work for the stage', () => {
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

  test('work for an authorizer', () => {
    const template = templateOf(() => ({ defaultMethodOptions: { authorizationType: apigateway.AuthorizationType.IAM } }));
    template.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
  });

  test('work for an API key', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.restApi({ defaultMethodOptions: { apiKeyRequired: true } }) });
    const plan = web.restApi!.addUsagePlan('Plan', { apiStages: [{ stage: web.restApi!.deploymentStage }] });
    plan.addApiKey(web.restApi!.addApiKey('Key'));
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::ApiGateway::Method', { ApiKeyRequired: true });
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
  });

  test('work for the export of its URL', () => {
    templateOf(() => ({ endpointExportName: 'ShopUrl' })).hasOutput('*', { Export: { Name: 'ShopUrl' } });
  });
});

describe('a private endpoint', () => {
  const endpointIn = (stack: cdk.Stack) => new ec2.Vpc(stack, 'Vpc').addInterfaceEndpoint('Endpoint', {
    service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY,
  });

  test('allows requests through its VPC endpoints', () => {
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

  test('has the policy of the user', () => {
    const policy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['execute-api:Invoke'], principals: [new iam.AccountRootPrincipal()], resources: ['*'] })] });
    const template = templateOf(() => ({ endpointTypes: [apigateway.EndpointType.PRIVATE], policy }));
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { Policy: { Statement: [Match.objectLike({ Resource: '*' })] } });
  });

  test('fails with neither VPC endpoints nor a policy', () => {
    expect(() => templateOf(() => ({ endpointTypes: [apigateway.EndpointType.PRIVATE] }))).toThrow(
      'Stack/Web/FrontDoor: a private API rejects all requests until a policy allows them; give endpointConfiguration.vpcEndpoints, or a policy');
  });

  test('fails with a domain, because a domain is public', () => {
    expect(() => templateOf(stack => ({
      endpointConfiguration: { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [endpointIn(stack)] },
      domain: { name: 'www.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) },
    }))).toThrow('Stack/Web/FrontDoor: a private API cannot have a public domain name; drop domain, or the PRIVATE endpoint type');
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
    const [domainName] = Object.keys(template.findResources('AWS::ApiGatewayV2::DomainName', {
      Properties: { DomainName: 'www.example.com', DomainNameConfigurations: [Match.objectLike({ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' })] },
    }));
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      DomainName: { Ref: domainName },
      ApiId: { Ref: 'WebFrontDoorRestApiDCE973BE' },
      ApiMappingKey: Match.absent(),
      Stage: { Ref: Object.keys(template.findResources('AWS::ApiGateway::Stage'))[0] },
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'www.example.com.',
      Type: 'A',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [domainName, 'RegionalDomainName'] } },
    });
  });

  test('uses the certificate of the user', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/id';
    const template = templateOf(stack => ({
      domain: { name: 'www.example.com', zone: zoneIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) },
    }));
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [Match.objectLike({ CertificateArn: certificateArn })] });
  });

  test('is mapped with version 1 of API Gateway if the endpoint is EDGE', () => {
    const template = templateOf(stack => ({ endpointTypes: [apigateway.EndpointType.EDGE], domain: { name: 'www.example.com', zone: zoneIn(stack) } }));
    const [domainName] = Object.keys(template.findResources('AWS::ApiGateway::DomainName', {
      Properties: { DomainName: 'www.example.com', EndpointConfiguration: { Types: ['EDGE'] }, SecurityPolicy: 'TLS_1_2' },
    }));
    template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', {
      DomainName: { Ref: domainName },
      RestApiId: { Ref: 'WebFrontDoorRestApiDCE973BE' },
      BasePath: Match.absent(),
      Stage: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      AliasTarget: { DNSName: { 'Fn::GetAtt': [domainName, 'DistributionDomainName'] } },
    });
  });

  test('fails on an EDGE endpoint if the certificate would be in the wrong region', () => {
    const stack = testStack({}, { env: { region: 'eu-west-1', account: '123456789012' } });
    expect(() => templateOf(() => ({ endpointTypes: [apigateway.EndpointType.EDGE], domain: { name: 'www.example.com', zone: zoneIn(stack) } }), stack)).toThrow(
      'Stack/Web/FrontDoor: an EDGE endpoint needs a certificate in us-east-1, and this stack is in eu-west-1; give domain.certificate from there, or drop the EDGE endpoint type');
  });

  test('fails together with domainName', () => {
    expect(() => templateOf(stack => {
      const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id');
      return { domain: { name: 'www.example.com', zone: zoneIn(stack) }, domainName: { domainName: 'a.example.com', certificate } };
    })).toThrow('Stack/Web/FrontDoor: domain already makes a domain name and its mapping; drop domain, or drop domainName');
  });
});

describe('fails', () => {
  test.each<[string, RestApiOptions, string]>([
    ['with a default integration', { defaultIntegration: new apigateway.MockIntegration() }, 'defaultIntegration cannot be set, because it is the app; drop it, and add other resources to restApi.root'],
    ['if it is not deployed', { deploy: false }, 'with deploy: false the app has no URL; drop it'],
    ['with a path and no existing API', { path: '/app' }, 'path "/app" is for an existing api; give that api as well, or drop path'],
    ['with a stageName and no existing API', { stageName: 'beta' }, 'stageName is for an existing api; use deployOptions: { stageName: "beta" }'],
    ['if not all types are binary media types', { binaryMediaTypes: ['image/png'] }, "with binaryMediaTypes [\"image/png\"] bodies of other binary types are broken; drop it, or add '*/*'"],
  ])('%s', (_, options, message) => {
    expect(() => templateOf(() => options)).toThrow(`Stack/Web/FrontDoor: ${message}`);
  });
});
