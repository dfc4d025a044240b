import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { addAliasRecord, certificateOf, FrontDoorDomain, makeDomainScope } from './domain';

/**
 * Maps a domain to an edge-optimized REST API. Only version 1 of API Gateway's domain names can do this, so it has an ID of its own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
 */
export function addEdgeDomain(scope: Construct, domain: FrontDoorDomain, restApi: apigateway.RestApi): void {
  const { region } = cdk.Stack.of(scope);
  if (domain.mtls) {
    throw new Error(`${scope.node.path}: an EDGE endpoint cannot have mutual TLS; drop domain.mtls, or drop the EDGE endpoint type`);
  }
  if (!domain.certificate && region !== 'us-east-1' && !cdk.Token.isUnresolved(region)) {
    throw new Error(`${scope.node.path}: an EDGE endpoint needs a certificate in us-east-1, and this stack is in ${region}; `
      + 'give domain.certificate from there, or drop the EDGE endpoint type');
  }
  const domainScope = makeDomainScope(scope, domain);
  const domainName = new apigateway.DomainName(domainScope, 'EdgeDomainName', {
    domainName: domain.name,
    certificate: certificateOf(domainScope, domain),
    endpointType: apigateway.EndpointType.EDGE,
    securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
    mapping: restApi,
  });
  addAliasRecord(domainScope, domain, new route53Targets.ApiGatewayDomain(domainName));
}
