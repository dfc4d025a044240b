import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { definitionOf } from '../front-doors/find-resources';

/**
 * Refuses a policy that has the host in the cache key: CloudFront passes on what is in the key, and AWS finds a Function URL and an API by
 * their own host, so that they would answer 403.
 *
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export function checkCachePolicy(scope: Construct, cachePolicy: cloudfront.ICachePolicy | undefined): void {
  if (cachePolicy && hasHost(cachePolicy)) {
    throw new Error(`${scope.node.path}: cachePolicy has the host in its key, so CloudFront would pass the visitor's host on to the front door behind it, `
      + 'which answers only to its own; use a policy without the host header');
  }
}

function hasHost(cachePolicy: cloudfront.ICachePolicy): boolean {
  const { USE_ORIGIN_CACHE_CONTROL_HEADERS, USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS } = cloudfront.CachePolicy;
  const managed = [USE_ORIGIN_CACHE_CONTROL_HEADERS, USE_ORIGIN_CACHE_CONTROL_HEADERS_QUERY_STRINGS];
  if (managed.some(({ cachePolicyId }) => cachePolicyId === cachePolicy.cachePolicyId)) return true;
  // An imported policy has no definition, and may be any implementation of the interface.
  const definition = (cachePolicy as Partial<cloudfront.CachePolicy>).node && definitionOf<cloudfront.CfnCachePolicy>(
    cachePolicy as cloudfront.CachePolicy, cloudfront.CfnCachePolicy.CFN_RESOURCE_TYPE_NAME);
  const config = definition && cdk.Stack.of(definition).resolve(definition.cachePolicyConfig);
  const headers: unknown = config?.parametersInCacheKeyAndForwardedToOrigin?.headersConfig?.headers;
  return Array.isArray(headers) && headers.some(name => String(name).toLowerCase() === 'host');
}
