import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { StaticFiles } from './static-files-options';
import { FrontDoorDomain } from '../front-doors/domain';
import { FrontDoorName, IFrontDoor } from '../front-doors/i-front-door';

/**
 * Options of a `CloudFrontDoor`. Those that the CDK has too are passed on as they are; for all others use `CloudFrontDoor.distribution`.
 *
 * Experimental: a minor version may change it.
 *
 * @experimental
 */
export interface CloudFrontDoorOptions {
  /**
   * The front door that CloudFront calls: a short name, or a `FrontDoor` with options.
   *
   * CloudFront must be able to reach it without a signature: a Function URL with `AWS_IAM` and an internal load balancer are errors.
   *
   * @default 'function-url'
   */
  readonly origin?: FrontDoorName | IFrontDoor;

  /**
   * Your own domain name, with an A and an AAAA record in its zone.
   *
   * The certificate must be in us-east-1. In a stack of that region it is made; elsewhere give one, e.g. of a stack in us-east-1 with
   * `crossRegionReferences`. It is an error if the stack is in another region and there is none, and a warning if its region is not known.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
   *
   * @default - the name that CloudFront gives, `<id>.cloudfront.net`
   */
  readonly domain?: FrontDoorDomain;

  /**
   * Folders of files that CloudFront serves from a bucket, without the app. The first that has a path wins, and each wins over the app.
   *
   * The files are uploaded by the CDK's `BucketDeployment`, which is a custom resource with a function of its own.
   *
   * @default - the app serves all paths
   */
  readonly staticFiles?: StaticFiles[];

  /**
   * The bucket of `staticFiles`. The files are at its root, at the paths of their URLs.
   *
   * @default - a new one: private, encrypted, for TLS only, and kept when the stack is deleted, as buckets are in the CDK
   */
  readonly staticFilesBucket?: s3.IBucket;

  /**
   * Which responses of the app CloudFront may cache, and what makes two requests the same to it.
   *
   * Read this first, since a response that is kept is sent to everybody who asks for the same URL:
   * - `Authorization`, cookies and the host make no difference unless they are in the policy. A page for one user is then a page for all.
   * - CloudFront ignores `Vary`. Headers that the app looks at must be in the policy.
   * - `set-cookie` is kept with the response. `no-cache="Set-Cookie"` prevents that. `private` and `no-store` count only if the minimum TTL is 0.
   * - An account has 20 policies: share one between apps, with `CachePolicy.fromCachePolicyId`.
   * - The host cannot be in the policy, since CloudFront would then pass the visitor's on to the front door: it is an error.
   *
   * @default CachePolicy.CACHING_DISABLED - each request reaches the app
   */
  readonly cachePolicy?: cloudfront.ICachePolicy;

  /**
   * How long CloudFront waits for the first byte of a response, and for each part of a stream. More than 60 seconds need a raised quota.
   *
   * @default Duration.seconds(30)
   */
  readonly readTimeout?: cdk.Duration;

  /**
   * IDs of the secrets that this door makes in Secrets Manager, in the scope of the door. CloudFront sends the first; the runtime accepts
   * each. One or two.
   *
   * To rotate from `['1']` without refusing a request, deploy `['1', '2']`, then `['2', '1']`, and at last `['2']`. Do not let Secrets
   * Manager rotate them: CloudFront and the function read a value only when they are themselves updated.
   *
   * @default ['1']
   */
  readonly secretIds?: string[];

  /**
   * A text about the distribution, for the console.
   *
   * @default - the path of the front door
   */
  readonly comment?: string;

  /**
   * The ARN of a web ACL of AWS WAF, version 2, in us-east-1; or the ID of one of version 1.
   *
   * @default - none
   */
  readonly webAclId?: string;

  /**
   * The regions in which CloudFront answers, and so its price.
   *
   * @default - all regions
   */
  readonly priceClass?: cloudfront.PriceClass;

  /**
   * The countries whose visitors are served or refused.
   *
   * @default - no restriction
   */
  readonly geoRestriction?: cloudfront.GeoRestriction;

  /**
   * Whether CloudFront writes an access log.
   *
   * @default - false, unless `logBucket` is set
   */
  readonly enableLogging?: boolean;

  /**
   * The bucket of the access log. It must allow ACLs.
   *
   * @default - a new one, if `enableLogging` is true
   */
  readonly logBucket?: s3.IBucket;

  /**
   * What the names of log files begin with.
   *
   * @default - nothing
   */
  readonly logFilePrefix?: string;

  /**
   * Whether cookies are in the access log.
   *
   * @default false
   */
  readonly logIncludesCookies?: boolean;
}
