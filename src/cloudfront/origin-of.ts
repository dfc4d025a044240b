import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { definitionOf } from '../front-doors/find-resources';
import { FrontDoorConfig } from '../front-doors/i-front-door';

/** The header of the secret. `lambda-runtime/contract.json` names it for the runtimes. */
const SECRET_HEADER = 'x-wrapped-web-app-cdn-secret';

export interface OriginSettings {
  readonly readTimeout: cdk.Duration;
  readonly secret: cdk.SecretValue;
  /** The domain name of the distribution itself. */
  readonly ownName?: string;
}

/** The origin of a distribution that calls a front door. */
export function originOf(scope: Construct, behind: FrontDoorConfig, { readTimeout, secret, ownName }: OriginSettings): cloudfront.IOrigin {
  refuseUnreachable(scope, behind);
  const { scheme, host, port, path } = addressOf(behind);
  if (ownName !== undefined && host === ownName) {
    throw new Error(`${scope.node.path}: CloudFront would call itself, since the front door behind it has the address ${behind.url}; `
      + 'drop publicUrl or domain of origin, and set domain of the CloudFrontDoor');
  }
  return new origins.HttpOrigin(host, {
    originPath: withoutMount(path, behind.mountPrefix),
    protocolPolicy: scheme === 'http' ? cloudfront.OriginProtocolPolicy.HTTP_ONLY : cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
    httpPort: scheme === 'http' ? port : undefined,
    httpsPort: scheme === 'https' ? port : undefined,
    readTimeout,
    // CloudFront replaces what a visitor sends in this header:
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
    customHeaders: { [SECRET_HEADER]: secret.unsafeUnwrap() },
  });
}

interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port?: number;
  readonly path: string;
}

/** A URL of tokens has its literal parts only: the slashes between host and path. */
function addressOf({ url, functionUrl }: FrontDoorConfig): Address {
  // Its `publicUrl` would be the address of CloudFront.
  const [, scheme, host, port, path] = /^(https?):\/\/([^/:]+)(?::(\d+))?(.*)$/.exec(functionUrl ? '' : url) ?? [];
  if (host === undefined) {
    return { scheme: 'https', host: cdk.Fn.select(2, cdk.Fn.split('/', functionUrl?.url ?? url)), path: '' };
  }
  return { scheme, host, port: port === undefined ? undefined : Number(port), path };
}

/** CloudFront adds the stage of an API. The path that the app is mounted at is in the visitor's URL. */
function withoutMount(path: string, mountPrefix = ''): string | undefined {
  const stage = (path.endsWith(mountPrefix) ? path.slice(0, path.length - mountPrefix.length) : path).replace(/\/$/, '');
  return stage === '' ? undefined : stage;
}

function refuseUnreachable(scope: Construct, { functionUrl, loadBalancer }: FrontDoorConfig): void {
  if (functionUrl?.authType === lambda.FunctionUrlAuthType.AWS_IAM) {
    throw new Error(`${scope.node.path}: CloudFront cannot call a Function URL with authType AWS_IAM for forms and uploads, whose bodies nobody signs; `
      + 'drop authType: the runtime answers 403 to everybody but CloudFront');
  }
  const balancer = loadBalancer && definitionOf<elbv2.CfnLoadBalancer>(loadBalancer, elbv2.CfnLoadBalancer.CFN_RESOURCE_TYPE_NAME);
  if (balancer && cdk.Stack.of(balancer).resolve(balancer.scheme) === 'internal') {
    throw new Error(`${scope.node.path}: CloudFront cannot reach an internal load balancer; drop internetFacing: false, `
      + 'or make a door of your own with cloudfront_origins.VpcOrigin');
  }
}
