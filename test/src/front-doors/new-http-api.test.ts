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

/** Makes the template of an app with these options of the front door. The options may contain constructs of the stack. */
function templateOf(optionsIn: (stack: cdk.Stack) => HttpApiOptions = () => ({}), stack = testStack()): Template {
  new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi(optionsIn(stack)) });
  return Template.fromStack(stack);
}

test('its name is made from the construct path', () => {
  templateOf().hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'Stack-Web-FrontDoor', ProtocolType: 'HTTP' });
});

describe('the settings of the CDK', () => {
  test('work for the API', () => {
    templateOf(() => ({ apiName: 'shop', description: 'The shop', disableExecuteApiEndpoint: true, publicUrl: 'https://www.example.com/' })).hasResourceProperties('AWS::ApiGatewayV2::Api', {
      Name: 'shop',
      Description: 'The shop',
      DisableExecuteApiEndpoint: true,
    });
  });

  test('work for the stage, which stays the same resource', () => {
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
    expect(Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'))).toEqual(Object.keys(templateOf().findResources('AWS::ApiGatewayV2::Stage')));
  });

  test('work for a stage with another name, which is part of the URL', () => {
    const stack = testStack();
    const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: FrontDoor.httpApi({ stageOptions: { stageName: 'beta' } }) });
    expect(web.url).toMatch(/\/beta\/$/);
  });

  test('work for an authorizer, and preflight requests still go to the app', () => {
    const template = templateOf(() => ({ defaultAuthorizer: new HttpIamAuthorizer() }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'AWS_IAM' });
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('work for CORS', () => {
    const template = templateOf(() => ({ corsPreflight: { allowOrigins: ['https://example.com'] } }));
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: { AllowOrigins: ['https://example.com'] } });
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('work for CORS with an authorizer, which preflight requests do not need to pass', () => {
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

  test('uses the certificate of the user', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/id';
    const template = templateOf(stack => ({
      domain: { name: 'www.example.com', zone: zoneIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) },
    }));
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [Match.objectLike({ CertificateArn: certificateArn })] });
  });

  test('fails together with defaultDomainMapping', () => {
    expect(() => templateOf(stack => {
      const domainName = new apigwv2.DomainName(stack, 'Domain', {
        domainName: 'a.example.com', certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/id'),
      });
      return { domain: { name: 'www.example.com', zone: zoneIn(stack) }, defaultDomainMapping: { domainName } };
    })).toThrow('Stack/Web/FrontDoor: domain already makes a domain name and its mapping; drop domain, or drop defaultDomainMapping and domainMapping');
  });
});

describe('fails', () => {
  test('with a default integration', () => {
    expect(() => templateOf(() => ({ defaultIntegration: new HttpUrlIntegration('Old', 'https://example.com') }))).toThrow(
      'Stack/Web/FrontDoor: defaultIntegration cannot be set, because it is the app; drop it, and add other routes with httpApi.addRoutes');
  });

  test('without a stage', () => {
    expect(() => templateOf(() => ({ createDefaultStage: false }))).toThrow(
      'Stack/Web/FrontDoor: with createDefaultStage: false the app has no URL; drop it, and set stageOptions for other settings of the stage');
  });

  test('with a path and no existing API', () => {
    expect(() => templateOf(() => ({ path: '/app' }))).toThrow('Stack/Web/FrontDoor: path "/app" is for an existing api; give that api as well, or drop path');
  });
});
