import * as cdk from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { addAliasRecord, certificateOf, FrontDoorDomain, makeDomainScope } from '../front-doors/domain';

/** Checks the domain, and makes its certificate. */
export function readDomain(
  scope: Construct,
  domain: FrontDoorDomain | undefined,
): Pick<cloudfront.DistributionProps, 'domainNames' | 'certificate'> & { domainScope?: Construct } {
  if (!domain) return {};
  if (domain.mtls) {
    throw new Error(`${scope.node.path}: domain.mtls is for API Gateway, and CloudFront asks no visitor for a certificate; drop it`);
  }
  if (!domain.certificate) checkRegion(scope);
  const domainScope = makeDomainScope(scope, domain);
  return { domainScope, domainNames: [domain.name], certificate: certificateOf(domainScope, domain) };
}

/** Points the name to the distribution, for IPv4 and IPv6. */
export function addRecords(domainScope: Construct, domain: FrontDoorDomain, distribution: cloudfront.IDistribution): void {
  const target = new CloudFrontTarget(distribution);
  addAliasRecord(domainScope, domain, target);
  new route53.AaaaRecord(domainScope, 'AliasRecordIpv6', {
    zone: domain.zone,
    recordName: domain.name,
    target: route53.RecordTarget.fromAlias(target),
  });
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html */
function checkRegion(scope: Construct): void {
  const { region } = cdk.Stack.of(scope);
  if (cdk.Token.isUnresolved(region)) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:certificate-region',
      'CloudFront needs a certificate in us-east-1, and the region of this stack is not known: it can be deployed in us-east-1 only; '
      + 'set env.region of the stack, or give domain.certificate');
  } else if (region !== 'us-east-1') {
    throw new Error(`${scope.node.path}: CloudFront needs a certificate in us-east-1, and this stack is in ${region}; `
      + 'give domain.certificate from a stack in us-east-1, with crossRegionReferences: true on both stacks');
  }
}
