import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { frontDoorOf } from '../front-door';
import { checkCachePolicy } from './check-cache-policy';
import { addRecords, readDomain } from './cloudfront-domain';
import { CloudFrontDoorOptions } from './cloudfront-door-options';
import { originOf } from './origin-of';
import { makeSecrets } from './origin-secrets';
import { addStaticFiles } from './static-files';
import { makeViewerRequest } from './viewer-request';
import { FrontDoorBindOptions, FrontDoorConfig, IFrontDoor } from '../front-doors/i-front-door';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout */
const DEFAULT_READ_TIMEOUT = cdk.Duration.seconds(30);

/**
 * The statuses that CloudFront keeps for 10 seconds by default, and hands to other visitors, whatever the app says in `cache-control`.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/**
 * CloudFront in front of another front door: a cache for static files, a web application firewall, a domain name for a Function URL.
 *
 *     new WrappedWebApp(this, 'Site', { entry: 'src/app.ts', frontDoor: new CloudFrontDoor() });
 *
 * The app sees the host, the address and the scheme of the visitor. Nobody can use the front door behind CloudFront: the runtime
 * answers 403 to a request without the secret that only CloudFront knows.
 *
 * Experimental: a minor version may change it.
 *
 * @experimental
 */
export class CloudFrontDoor implements IFrontDoor {
  private readonly distributions: cloudfront.Distribution[] = [];

  /**
   * @param options the front door behind CloudFront, the domain, static files, and settings of the distribution
   */
  constructor(private readonly options: CloudFrontDoorOptions = {}) {}

  /**
   * The distribution, for everything that has no option here.
   *
   * Reading it throws an error before the door is given to an app, and after it is given to several.
   */
  public get distribution(): cloudfront.Distribution {
    if (this.distributions.length !== 1) {
      throw new Error(`CloudFrontDoor: distribution is that of the only app behind this door, and it has ${this.distributions.length}; `
        + 'read it after the app is made, and give each app a CloudFrontDoor of its own');
    }
    return this.distributions[0];
  }

  public bind(scope: Construct, options: FrontDoorBindOptions): FrontDoorConfig {
    const { domain, cachePolicy, readTimeout = DEFAULT_READ_TIMEOUT, origin, secretIds, staticFiles, staticFilesBucket, ...settings } = this.options;
    checkCachePolicy(scope, cachePolicy);
    // In the scope of this door: what is allowed only once, such as a rule of a listener, keeps its logical ID when CloudFront is added.
    const behind = frontDoorOf(scope, origin ?? 'function-url').bind(scope, options);

    const own = new Construct(scope, 'CloudFront');
    const secrets = makeSecrets(own, secretIds);
    const { domainScope, ...names } = readDomain(scope, domain);
    const distribution = new cloudfront.Distribution(own, 'Distribution', {
      ...settings,
      ...names,
      comment: settings.comment ?? scope.node.path,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      errorResponses: KEPT_ERRORS.map(httpStatus => ({ httpStatus, ttl: cdk.Duration.seconds(0) })),
      defaultBehavior: {
        origin: originOf(scope, behind, { readTimeout, secret: secrets[0], ownName: domain?.name }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: cachePolicy ?? cloudfront.CachePolicy.CACHING_DISABLED,
        // AWS finds a Function URL and an API by the host of the request, so it cannot be the visitor's.
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        functionAssociations: [{ eventType: cloudfront.FunctionEventType.VIEWER_REQUEST, function: makeViewerRequest(own) }],
      },
    });
    this.distributions.push(distribution);
    if (staticFiles) addStaticFiles(own, distribution, options.handler, { staticFiles, bucket: staticFilesBucket });
    if (domain) addRecords(domainScope!, domain, distribution);

    const { mountPrefix, responseMode } = behind;
    return {
      ...behind,
      url: `https://${domain?.name ?? distribution.distributionDomainName}${mountPrefix ?? '/'}`,
      // CloudFront waits so long for each part of a response, and not for the whole of it.
      maxWait: responseMode === 'streaming' ? behind.maxWait : shorter(behind.maxWait, readTimeout),
      cdnSecrets: secrets,
    };
  }
}

function shorter(wait: cdk.Duration | undefined, readTimeout: cdk.Duration): cdk.Duration {
  if (wait === undefined || wait.isUnresolved() || readTimeout.isUnresolved()) return readTimeout;
  return wait.toMilliseconds() < readTimeout.toMilliseconds() ? wait : readTimeout;
}
