import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CloudFormationTemplate } from './problems-of-update';
import { CloudFrontDoor, FrontDoor, FrontDoorName, IFrontDoor, WrappedWebApp, WrappedWebAppProps } from '../../../src';
import { ENTRY, testStack } from '../synthesis';

const CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/id';

/** What the user has in the stack besides the app. It is the same in every configuration. */
function surroundingsIn(stack: cdk.Stack) {
  const vpcOf = (id: string) => ec2.Vpc.fromVpcAttributes(stack, id, {
    vpcId: id,
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    publicSubnetIds: [`public-of-${id}-a`, `public-of-${id}-b`],
    privateSubnetIds: [`private-of-${id}-a`, `private-of-${id}-b`],
  });
  const vpc = vpcOf('vpc-1');
  const loadBalancerOf = (id: string) => new elbv2.ApplicationLoadBalancer(stack, id, { vpc, internetFacing: true });
  const listenerOf = (loadBalancer: elbv2.ApplicationLoadBalancer) =>
    loadBalancer.addListener('Listener', { port: 8000, defaultAction: elbv2.ListenerAction.fixedResponse(404) });
  const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
  const certificate = acm.Certificate.fromCertificateArn(stack, 'OwnCertificate', CERTIFICATE_ARN);
  const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'trust-stores');
  const loadBalancer = loadBalancerOf('SharedLoadBalancer');
  const otherLoadBalancer = loadBalancerOf('OtherLoadBalancer');
  return {
    vpc,
    otherVpc: vpcOf('vpc-2'),
    securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-123'),
    zone,
    domain: { name: 'www.example.com', zone },
    domainName: new apigwv2.DomainName(stack, 'DomainName', { domainName: 'api.example.com', certificate }),
    certificate,
    bucket,
    mtls: { bucket, key: 'trust-store.pem' },
    trustStore: new elbv2.TrustStore(stack, 'TrustStore', { bucket, key: 'trust-store.pem' }),
    httpApi: new apigwv2.HttpApi(stack, 'SharedHttpApi'),
    restApi: restApiIn(stack),
    vpcEndpoint: ec2.InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-123', port: 443 }),
    importedRestApi: apigateway.RestApi.fromRestApiAttributes(stack, 'ImportedRestApi', { restApiId: 'abc123', rootResourceId: 'root' }),
    loadBalancer,
    listener: listenerOf(loadBalancer),
    otherLoadBalancer,
    otherListener: listenerOf(otherLoadBalancer),
  };
}

function restApiIn(stack: cdk.Stack): apigateway.RestApi {
  const restApi = new apigateway.RestApi(stack, 'SharedRestApi', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
  restApi.root.addResource('neighbour').addMethod('GET', new apigateway.MockIntegration());
  return restApi;
}

type Surroundings = ReturnType<typeof surroundingsIn>;
type Door = FrontDoorName | ((surroundings: Surroundings) => IFrontDoor);

interface Configuration {
  readonly frontDoor: Door;
  /** The front doors that are added with `addFrontDoor`, by id. */
  readonly more?: { readonly [id: string]: Door };
  readonly props?: (surroundings: Surroundings) => Partial<WrappedWebAppProps>;
}

const http = FrontDoor.httpApi;
const rest = FrontDoor.restApi;
const alb = FrontDoor.alb;
/** A folder that exists for each test. */
const STATIC_FILES = path.join(__dirname, '../../../integ/app/public');
const EDGE = [apigateway.EndpointType.EDGE];

/** An app in the ways in which it may be deployed. */
export const CONFIGURATIONS: { readonly [name: string]: Configuration } = {
  'function-url': { frontDoor: 'function-url' },
  'function-url with IAM': { frontDoor: () => FrontDoor.functionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM }) },
  'function-url with an alias': { frontDoor: 'function-url', props: () => ({ aliasName: 'live' }) },
  'function-url that streams': { frontDoor: 'function-url', props: () => ({ responseStreaming: true }) },

  'http-api': { frontDoor: 'http-api' },
  'http-api with a named stage': { frontDoor: () => http({ stageOptions: { stageName: 'beta' } }) },
  'http-api with CORS and an authorizer': { frontDoor: () => http({ corsPreflight: { allowOrigins: ['*'] }, defaultAuthorizer: new HttpIamAuthorizer() }) },
  'http-api with an alias': { frontDoor: 'http-api', props: () => ({ aliasName: 'live' }) },
  'http-api with a domain': { frontDoor: ({ domain }) => http({ domain }) },
  'http-api with a domain and a certificate': { frontDoor: ({ domain, certificate }) => http({ domain: { ...domain, certificate } }) },
  'http-api with a domain and a named stage': { frontDoor: ({ domain }) => http({ domain, stageOptions: { stageName: 'beta' } }) },
  'http-api with a domain and mutual TLS': { frontDoor: ({ domain, mtls }) => http({ domain: { ...domain, mtls } }) },
  'http-api with a mapping of the user': { frontDoor: ({ domainName }) => http({ defaultDomainMapping: { domainName } }) },
  'http-api with a stage and a mapping of the user': {
    frontDoor: ({ domainName }) => http({ stageOptions: { domainMapping: { domainName }, throttle: { rateLimit: 1, burstLimit: 2 } } }),
  },
  'http-api at a path of an API': { frontDoor: ({ httpApi: api }) => http({ api, path: '/app' }) },
  'http-api at another path of an API': { frontDoor: ({ httpApi: api }) => http({ api, path: '/app/v2' }) },
  'http-api at the root of an API': { frontDoor: ({ httpApi: api }) => http({ api }) },

  'rest-api': { frontDoor: 'rest-api' },
  'rest-api with a named stage': { frontDoor: () => rest({ deployOptions: { stageName: 'beta' } }) },
  'rest-api with CORS': { frontDoor: () => rest({ defaultCorsPreflightOptions: { allowOrigins: ['*'] } }) },
  'rest-api that streams': { frontDoor: 'rest-api', props: () => ({ responseStreaming: true }) },
  'rest-api with a domain': { frontDoor: ({ domain }) => rest({ domain }) },
  'rest-api with a domain and a certificate': { frontDoor: ({ domain, certificate }) => rest({ domain: { ...domain, certificate } }) },
  'rest-api with a domain and a named stage': { frontDoor: ({ domain }) => rest({ domain, deployOptions: { stageName: 'beta' } }) },
  'rest-api with a domain and mutual TLS': { frontDoor: ({ domain, mtls }) => rest({ domain: { ...domain, mtls } }) },
  'rest-api with the CDK\'s domainName': { frontDoor: ({ certificate }) => rest({ domainName: { domainName: 'www.example.com', certificate } }) },
  'rest-api with an EDGE endpoint': { frontDoor: () => rest({ endpointTypes: EDGE }) },
  'rest-api with an EDGE endpoint and a domain': { frontDoor: ({ domain }) => rest({ endpointTypes: EDGE, domain }) },
  'rest-api with a PRIVATE endpoint': {
    frontDoor: ({ vpcEndpoint }) => rest({ endpointConfiguration: { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [vpcEndpoint] } }),
  },
  'rest-api at a path of an API': { frontDoor: ({ restApi: api }) => rest({ api, path: '/app' }) },
  'rest-api at another path of an API': { frontDoor: ({ restApi: api }) => rest({ api, path: '/app/v2' }) },
  'rest-api at the root of an API': { frontDoor: ({ restApi: api }) => rest({ api }) },
  'rest-api at a path of an imported API': { frontDoor: ({ importedRestApi: api }) => rest({ api, path: '/app', stageName: 'prod' }) },
  'rest-api at another path of an imported API': { frontDoor: ({ importedRestApi: api }) => rest({ api, path: '/app/v2', stageName: 'prod' }) },

  'alb': { frontDoor: 'alb' },
  'alb with a port': { frontDoor: () => alb({ port: 8080 }) },
  'alb with a certificate': { frontDoor: ({ certificate }) => alb({ certificates: [certificate] }) },
  'alb with a certificate and no redirect': { frontDoor: ({ certificate }) => alb({ certificates: [certificate], redirectHttp: false }) },
  'alb with a certificate and a port': { frontDoor: ({ certificate }) => alb({ certificates: [certificate], port: 8443 }) },
  'alb with HTTPS on port 80': { frontDoor: ({ certificate }) => alb({ certificates: [certificate], port: 80 }) },
  'alb with a domain': { frontDoor: ({ domain }) => alb({ domain }) },
  'alb with a domain and no redirect': { frontDoor: ({ domain }) => alb({ domain, redirectHttp: false }) },
  'alb with a domain and mutual TLS': {
    frontDoor: ({ domain, trustStore }) => alb({
      domain, mutualAuthentication: { mutualAuthenticationMode: elbv2.MutualAuthenticationMode.VERIFY, trustStore },
    }),
  },
  'alb in a VPC': { frontDoor: ({ vpc }) => alb({ vpc }) },
  'alb in another VPC': { frontDoor: ({ otherVpc }) => alb({ vpc: otherVpc }) },
  'alb in the VPC of the app': { frontDoor: 'alb', props: ({ vpc }) => ({ vpc }) },
  'alb in a VPC with a domain': { frontDoor: ({ vpc, domain }) => alb({ vpc, domain }) },
  'alb in a VPC with a security group': { frontDoor: ({ vpc, securityGroup }) => alb({ vpc, securityGroup }) },
  'internal alb': { frontDoor: ({ vpc }) => alb({ vpc, internetFacing: false }) },
  'internal alb with a domain': { frontDoor: ({ vpc, domain }) => alb({ vpc, internetFacing: false, domain }) },
  'alb on a load balancer': { frontDoor: ({ loadBalancer }) => alb({ loadBalancer }) },
  'alb on a load balancer with a port': { frontDoor: ({ loadBalancer }) => alb({ loadBalancer, port: 8080 }) },
  'alb on a load balancer with a domain': { frontDoor: ({ loadBalancer, domain }) => alb({ loadBalancer, domain, redirectHttp: true }) },
  'alb on another load balancer': { frontDoor: ({ otherLoadBalancer: loadBalancer }) => alb({ loadBalancer }) },
  'alb at a path of a listener': { frontDoor: ({ listener }) => alb({ listener, path: '/app', priority: 10 }) },
  'alb at a host of a listener': {
    frontDoor: ({ listener }) => alb({ listener, conditions: [elbv2.ListenerCondition.hostHeaders(['www.example.com'])], priority: 10 }),
  },
  'alb at a path of another listener': { frontDoor: ({ otherListener: listener }) => alb({ listener, path: '/app', priority: 10 }) },

  'CloudFront': { frontDoor: () => new CloudFrontDoor() },
  'CloudFront with an alias': { frontDoor: () => new CloudFrontDoor(), props: () => ({ aliasName: 'live', responseStreaming: true }) },
  'CloudFront while its secret is rotated': { frontDoor: () => new CloudFrontDoor({ secretIds: ['2', '1'] }) },
  'CloudFront with a domain': { frontDoor: ({ domain }) => new CloudFrontDoor({ domain }) },
  'CloudFront with static files': { frontDoor: () => new CloudFrontDoor({ staticFiles: [{ folder: STATIC_FILES, path: '/static' }] }) },
  'CloudFront before http-api': { frontDoor: () => new CloudFrontDoor({ origin: 'http-api' }) },
  'CloudFront before rest-api': { frontDoor: () => new CloudFrontDoor({ origin: 'rest-api' }) },
  'CloudFront before alb': { frontDoor: () => new CloudFrontDoor({ origin: 'alb' }) },
  'CloudFront before alb at a path of a listener': {
    frontDoor: ({ listener }) => new CloudFrontDoor({ origin: alb({ listener, path: '/app', priority: 10 }) }),
  },

  'http-api and function-url': { frontDoor: 'http-api', more: { Other: 'function-url' } },
  'http-api and alb': { frontDoor: 'http-api', more: { Other: 'alb' } },
  'http-api and internal alb': { frontDoor: 'http-api', more: { Other: ({ vpc }) => alb({ vpc, internetFacing: false }) } },
  'http-api with a domain and function-url': { frontDoor: ({ domain }) => http({ domain }), more: { Other: 'function-url' } },
  'function-url and http-api with a domain': { frontDoor: 'function-url', more: { Other: ({ domain }) => http({ domain }) } },
  'http-api and rest-api with a domain': { frontDoor: 'http-api', more: { Other: ({ domain }) => rest({ domain }) } },
  'http-api and alb with a domain': { frontDoor: 'http-api', more: { Other: ({ domain }) => alb({ domain }) } },
  'rest-api with a domain and alb with a domain': {
    frontDoor: ({ domain }) => rest({ domain }),
    more: { Other: ({ domain }) => alb({ domain: { ...domain, name: 'internal.example.com' } }) },
  },
  'http-api and alb at a path of a listener': { frontDoor: 'http-api', more: { Other: ({ listener }) => alb({ listener, path: '/app', priority: 10 }) } },
};

/** The template of a stack with an app in a configuration. The id of the app is `Web`. */
export function templateOf(name: string): CloudFormationTemplate {
  const { frontDoor, more = {}, props } = CONFIGURATIONS[name];
  const stack = testStack({}, { env: { account: '123456789012', region: 'us-east-1' } });
  const surroundings = surroundingsIn(stack);
  const make = (door: Door) => typeof door === 'string' ? door : door(surroundings);
  const web = new WrappedWebApp(stack, 'Web', { entry: ENTRY, frontDoor: make(frontDoor), ...props?.(surroundings) });
  for (const [id, door] of Object.entries(more)) web.addFrontDoor(id, make(door));
  return Template.fromStack(stack).toJSON() as CloudFormationTemplate;
}
