import * as cdk from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontDoor, CloudFrontDoorOptions, FrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { doorsOf, ENTRY, functionOf, RECOMMENDED_FLAGS, testStack } from '../synthesis';

const US_EAST_1 = { env: { account: '123456789012', region: 'us-east-1' } };

type Options = CloudFrontDoorOptions | ((stack: cdk.Stack) => CloudFrontDoorOptions);

function make(options: Options = {}, props: Partial<WrappedWebAppProps> = {}, stackProps: cdk.StackProps = {}, context = {}) {
  const stack = testStack(context, stackProps);
  const door = new CloudFrontDoor(typeof options === 'function' ? options(stack) : options);
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: door, ...props });
  return { stack, door, web, get template() { return Template.fromStack(stack); } };
}

function distributionOf(template: Template): any {
  return Object.values(template.findResources('AWS::CloudFront::Distribution'))[0].Properties.DistributionConfig;
}

describe('with no options', () => {
  const { template, web, stack } = make();
  const config = distributionOf(template);

  test('CloudFront calls a Function URL that needs no signature, over TLS 1.2', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'NONE', InvokeMode: 'BUFFERED' });
    expect(config.Origins).toEqual([expect.objectContaining({
      DomainName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [expect.stringContaining('FunctionUrl'), 'FunctionUrl'] }] }] },
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'], OriginReadTimeout: 30 },
    })]);
    template.resourceCountIs('AWS::CloudFront::OriginAccessControl', 0);
  });

  test('the secret is in neither template, only references to it, on both sides', () => {
    const [secretId] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    const reference = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:::}}']] };
    expect(config.Origins[0].OriginCustomHeaders).toEqual([{ HeaderName: 'x-wrapped-web-app-cdn-secret', HeaderValue: reference }]);
    expect(functionOf(template).Environment.Variables.WRAPPED_WEB_APP_CDN_SECRETS).toEqual(reference);
    expect(doorsOf(template)).toEqual([{ door: 'function-url', behindCdn: true, responseMode: 'buffered' }]);
    template.hasResourceProperties('AWS::SecretsManager::Secret', { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } });
  });

  test('the app gets everything but the host, and nothing of it is kept', () => {
    expect(config.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad', // CachingDisabled
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac', // AllViewerExceptHostHeader
      ViewerProtocolPolicy: 'redirect-to-https',
    });
    template.resourceCountIs('AWS::CloudFront::CachePolicy', 0);
  });

  test('CloudFront keeps no error of the app, which it would for 10 seconds', () => {
    const kept = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];
    expect(config.CustomErrorResponses).toEqual(kept.map(ErrorCode => ({ ErrorCode, ErrorCachingMinTTL: 0 })));
  });

  test('visitors have HTTP/2 and HTTP/3', () => {
    expect(config).toMatchObject({ HttpVersion: 'http2and3', Enabled: true, IPV6Enabled: true });
  });

  test('a function of CloudFront says who the visitor is, whatever the visitor says', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::CloudFront::Function'));
    expect(Properties.FunctionConfig.Runtime).toBe('cloudfront-js-2.0');
    expect(config.DefaultCacheBehavior.FunctionAssociations).toHaveLength(1);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const handler = new Function(`${Properties.FunctionCode}; return handler;`)();
    const request = handler({
      viewer: { ip: '2001:db8::7' },
      request: {
        method: 'GET',
        headers: {
          'host': { value: 'www.example.com' },
          'accept': { value: '*/*' },
          'x-wrapped-web-app-viewer-host': { value: 'evil.example', multiValue: [{ value: 'evil.example' }, { value: 'b.example' }] },
          'x-wrapped-web-app-viewer-address': { value: '10.0.0.1' },
          'x-wrapped-web-app-viewer-proto': { value: 'http' },
        },
      },
    });
    expect(request.headers).toEqual({
      'host': { value: 'www.example.com' },
      'accept': { value: '*/*' },
      'x-wrapped-web-app-viewer-host': { value: 'www.example.com' },
      'x-wrapped-web-app-viewer-address': { value: '2001:db8::7' },
      'x-wrapped-web-app-viewer-proto': { value: 'https' },
    });
  });

  test('the app is where CloudFront is', () => {
    expect(stack.resolve(web.url)).toEqual({ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [expect.stringContaining('Distribution'), 'DomainName'] }, '/']] });
    expect(web.functionUrl).toBeDefined();
  });

  test('there is no custom resource, and no warning', () => {
    expect(Object.values(template.toJSON().Resources).filter(({ Type }: any) => /^(Custom::|AWS::CloudFormation::CustomResource)/.test(Type))).toEqual([]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('the template is the same with all recommended feature flags', () => {
  const withoutFlags = make().template.toJSON();
  expect(make({}, {}, {}, RECOMMENDED_FLAGS).template.toJSON()).toEqual(withoutFlags);
});

describe('the front door behind it', () => {
  test('an HTTP API', () => {
    const { template } = make({ origin: 'http-api' });
    const [origin] = distributionOf(template).Origins;
    expect(JSON.stringify(origin.DomainName)).toContain('.execute-api.');
    expect(origin.OriginPath).toBeUndefined();
    expect(doorsOf(template)).toEqual([{ door: 'http-api', behindCdn: true, responseMode: 'buffered' }]);
  });

  test('an HTTP API with a named stage, which the visitor does not see', () => {
    const { template } = make({ origin: FrontDoor.httpApi({ stageOptions: { stageName: 'live' } }) });
    expect(distributionOf(template).Origins[0].OriginPath).toBe('/live');
  });

  test('a REST API, without its stage in the URL, also if it streams', () => {
    const { template, web, stack } = make({ origin: 'rest-api' }, { responseStreaming: true });
    expect(distributionOf(template).Origins[0].OriginPath).toBe('/prod');
    expect(JSON.stringify(stack.resolve(web.url))).not.toContain('prod');
    expect(doorsOf(template)).toEqual([{ door: 'rest-api', behindCdn: true, responseMode: 'streaming' }]);
  });

  test('a path of a REST API stays in the visitor\'s URL', () => {
    const { template, web, stack } = make(scope => ({
      origin: FrontDoor.restApi({ api: new apigateway.RestApi(scope, 'Api', { binaryMediaTypes: ['*/*'], cloudWatchRole: false }), path: '/shop' }),
    }));
    expect(distributionOf(template).Origins[0].OriginPath).toBe('/prod');
    expect(JSON.stringify(stack.resolve(web.url))).toContain('/shop');
    expect(doorsOf(template)).toEqual([{ door: 'rest-api', mountPrefix: '/shop', behindCdn: true, responseMode: 'buffered' }]);
  });

  test('a load balancer on HTTP, at the port of its listener', () => {
    const { template } = make({ origin: FrontDoor.alb({ port: 8080 }) });
    expect(distributionOf(template).Origins[0]).toMatchObject({
      DomainName: { 'Fn::GetAtt': [expect.stringContaining('LoadBalancer'), 'DNSName'] },
      CustomOriginConfig: { OriginProtocolPolicy: 'http-only', HTTPPort: 8080 },
    });
  });

  test('a load balancer with a certificate, at its own name', () => {
    const { template } = make(stack => ({
      origin: FrontDoor.alb({ certificates: [acm.Certificate.fromCertificateArn(stack, 'Own', 'arn:aws:acm:us-east-1:123456789012:certificate/id')], publicUrl: 'https://origin.example.com/' }),
    }));
    expect(distributionOf(template).Origins[0]).toMatchObject({ DomainName: 'origin.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } });
  });

  test('a Function URL streams, and stands behind an alias', () => {
    const { template } = make({}, { responseStreaming: true, aliasName: 'live' });
    template.hasResourceProperties('AWS::Lambda::Url', { InvokeMode: 'RESPONSE_STREAM', Qualifier: 'live' });
  });

  test('an app can get CloudFront, and lose it, in one deployment: what is behind it stays as it is', () => {
    for (const origin of ['function-url', 'http-api', 'rest-api', 'alb']) {
      const stack = testStack();
      new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: origin as any });
      const before = Template.fromStack(stack).toJSON().Resources;
      const after = make({ origin: origin as any }).template.toJSON().Resources;
      expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
      for (const id of Object.keys(before)) expect(after[id].Type).toBe(before[id].Type);
    }
  });

  test.each<[string, CloudFrontDoorOptions, string]>([
    ['a Function URL with IAM', { origin: FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM }) },
      'Stack/Web/FrontDoor: CloudFront cannot call a Function URL with authType AWS_IAM for forms and uploads, whose bodies nobody signs; drop authType'],
    ['a name that is none', { origin: 'cloudfront' as any }, 'Stack/Web/FrontDoor: frontDoor must be one of function-url, http-api, rest-api, alb'],
  ])('%s is refused', (_, options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  test('an internal load balancer is refused', () => {
    expect(() => make(stack => ({ origin: FrontDoor.alb({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), internetFacing: false }) })))
      .toThrow('Stack/Web/FrontDoor: CloudFront cannot reach an internal load balancer; drop internetFacing: false');
  });

  test('one that is at the address of CloudFront itself is refused', () => {
    expect(() => make(stack => ({
      domain: { name: 'www.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) },
      origin: FrontDoor.httpApi({ publicUrl: 'https://www.example.com/' }),
    }), {}, US_EAST_1)).toThrow('Stack/Web/FrontDoor: CloudFront would call itself, since the front door behind it has the address https://www.example.com/; '
      + 'drop publicUrl or domain of origin, and set domain of the CloudFrontDoor');
  });

  test('streaming through one that cannot is refused as ever', () => {
    expect(() => make({ origin: 'http-api' }, { responseStreaming: true })).toThrow('http-api');
  });
});

describe('beside another front door', () => {
  test('one of another kind needs no secret', () => {
    const { web, stack } = make();
    web.addFrontDoor('Internal', FrontDoor.alb({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), internetFacing: false }));
    expect(doorsOf(Template.fromStack(stack))).toEqual([
      { door: 'function-url', behindCdn: true, responseMode: 'buffered' },
      { door: 'alb', responseMode: 'buffered' },
    ]);
  });

  test('one of the same kind without CloudFront is refused, since nobody could tell them apart', () => {
    const { web } = make({ origin: 'http-api' });
    expect(() => web.addFrontDoor('Direct', 'http-api')).toThrow('Stack/Web/Direct: Stack/Web/FrontDoor is behind a CDN and Stack/Web/Direct is not, '
      + 'and their events look alike, so the runtime would refuse both without the secret of the CDN; put it on another WrappedWebApp with the same entry, or use front doors of two kinds');
  });

  test('two CloudFronts have a secret each, and the runtime accepts both', () => {
    const { web, stack } = make({ origin: 'http-api' });
    web.addFrontDoor('Second', new CloudFrontDoor({ origin: 'rest-api' }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SecretsManager::Secret', 2);
    const joined = functionOf(template).Environment.Variables.WRAPPED_WEB_APP_CDN_SECRETS['Fn::Join'][1].map((part: any) => part.Ref ?? part);
    expect(joined).toEqual(['{{resolve:secretsmanager:', expect.any(String), ':SecretString:::}} {{resolve:secretsmanager:', expect.any(String), ':SecretString:::}}']);
  });
});

describe('a domain', () => {
  const domainIn = (stack: cdk.Stack) => ({ name: 'www.example.com', zone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }) });

  test('has a certificate and records for IPv4 and IPv6, and TLS 1.2 of 2021', () => {
    const { template, web } = make(stack => ({ domain: domainIn(stack) }), {}, US_EAST_1);
    template.hasResourceProperties('AWS::CertificateManager::Certificate', { DomainName: 'www.example.com' });
    for (const Type of ['A', 'AAAA']) template.hasResourceProperties('AWS::Route53::RecordSet', { Type, Name: 'www.example.com.', AliasTarget: Match.anyValue() });
    expect(distributionOf(template)).toMatchObject({ Aliases: ['www.example.com'], ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' } });
    expect(web.url).toBe('https://www.example.com/');
  });

  test('makes no dependency cycle for an app that must know its address', () => {
    const { web, stack } = make(scope => ({ domain: domainIn(scope) }), {}, US_EAST_1);
    web.handler.addEnvironment('BASE_URL', web.url);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('in another region needs a certificate', () => {
    const elsewhere = { env: { account: '123456789012', region: 'eu-west-1' } };
    expect(() => make(stack => ({ domain: domainIn(stack) }), {}, elsewhere)).toThrow('Stack/Web/FrontDoor: CloudFront needs a certificate in us-east-1, and this stack is in eu-west-1; '
      + 'give domain.certificate from a stack in us-east-1, with crossRegionReferences: true on both stacks');
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/id';
    const { template } = make(stack => ({ domain: { ...domainIn(stack), certificate: acm.Certificate.fromCertificateArn(stack, 'Own', certificateArn) } }), {}, elsewhere);
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    expect(distributionOf(template).ViewerCertificate.AcmCertificateArn).toBe(certificateArn);
  });

  test('in a region that is not known is a warning', () => {
    const { stack } = make(scope => ({ domain: domainIn(scope) }));
    Annotations.fromStack(stack).hasWarning('/Stack/Web/FrontDoor', Match.stringLikeRegexp('it can be deployed in us-east-1 only; set env.region of the stack, or give domain.certificate'));
  });

  test('cannot ask visitors for certificates', () => {
    expect(() => make(stack => ({ domain: { ...domainIn(stack), mtls: {} as any } }), {}, US_EAST_1)).toThrow('Stack/Web/FrontDoor: domain.mtls is for API Gateway');
  });
});

describe('the cache policy', () => {
  test('can be one of the user', () => {
    const { template } = make(stack => ({ cachePolicy: new cloudfront.CachePolicy(stack, 'Policy', { headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Authorization') }) }));
    expect(distributionOf(template).DefaultCacheBehavior.CachePolicyId).toEqual({ Ref: expect.stringContaining('Policy') });
  });

  test.each<[string, (stack: cdk.Stack) => cloudfront.ICachePolicy]>([
    ['UseOriginCacheControlHeaders', () => cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS],
    ['UseOriginCacheControlHeaders-QueryStrings', () => cloudfront.CachePolicy.USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS],
    ['one of the user with the host in its key', stack => new cloudfront.CachePolicy(stack, 'Policy', { headerBehavior: cloudfront.CacheHeaderBehavior.allowList('Host') })],
    ['the id of a managed one', stack => cloudfront.CachePolicy.fromCachePolicyId(stack, 'Policy', '83da9c7e-98b4-4e11-a168-04f0df8e2c65')],
  ])('%s would pass the host on, and is refused', (_, cachePolicy) => {
    expect(() => make(stack => ({ cachePolicy: cachePolicy(stack) }))).toThrow('Stack/Web/FrontDoor: cachePolicy has the host in its key');
  });
});

describe('settings of the CDK', () => {
  test('reach the distribution', () => {
    const { template } = make({
      webAclId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/y',
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      geoRestriction: cloudfront.GeoRestriction.allowlist('CH'),
      enableLogging: true,
      logFilePrefix: 'web/',
      comment: 'The shop',
    });
    expect(distributionOf(template)).toMatchObject({
      WebACLId: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/y',
      PriceClass: 'PriceClass_100',
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Locations: ['CH'] } },
      Logging: { Prefix: 'web/' },
      Comment: 'The shop',
    });
  });

  test('that have no option are those of the distribution', () => {
    const { door, stack } = make();
    (door.distribution.node.defaultChild as cloudfront.CfnDistribution).addPropertyOverride('DistributionConfig.Staging', false);
    expect(distributionOf(Template.fromStack(stack)).Staging).toBe(false);
  });

  test('the distribution is that of one app', () => {
    expect(() => new CloudFrontDoor().distribution).toThrow('distribution is that of the only app behind this door, and it has 0; '
      + 'read it after the app is made, and give each app a CloudFrontDoor of its own');
    const { door, stack } = make();
    new WrappedWebApp(stack, 'Other', { entry: ENTRY, frontDoor: door });
    expect(() => door.distribution).toThrow('and it has 2');
    Template.fromStack(stack).resourceCountIs('AWS::CloudFront::Distribution', 2);
  });
});

test('a function that may run longer than CloudFront waits is a warning, but not if it streams', () => {
  const timeout = cdk.Duration.seconds(40);
  Annotations.fromStack(make({}, { timeout }).stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('waits only 30 s'));
  Annotations.fromStack(make({ origin: 'rest-api' }, { timeout }).stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('waits only 29 s'));
  for (const { stack } of [make({ readTimeout: cdk.Duration.seconds(60) }, { timeout }), make({}, { timeout, responseStreaming: true })]) {
    Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.stringLikeRegexp('waits only'));
  }
});
