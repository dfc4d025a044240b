import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { addAliasRecord, certificateOf, FrontDoorDomain, makeDomainScope } from './domain';

/**
 * Maps a domain to a stage of an HTTP API or of a regional REST API.
 *
 * Version 2 of API Gateway's domain names and mappings serves both kinds of API, so an app can change from one to the other.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
 */
export function addApiDomain(scope: Construct, domain: FrontDoorDomain, apiId: string, stage: Construct & { readonly stageName: string }): void {
  const domainScope = makeDomainScope(scope, domain);
  const domainName = new apigwv2.DomainName(domainScope, 'DomainName', {
    domainName: domain.name,
    certificate: certificateOf(domainScope, domain),
    // The only policy that HTTP APIs, mutual TLS and both kinds of API on one name allow.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
    securityPolicy: apigwv2.SecurityPolicy.TLS_1_2,
    mtls: domain.mtls,
  });
  const mapping = new apigwv2.CfnApiMapping(domainScope, 'Mapping', { apiId, domainName: domainName.name, stage: stage.stageName });
  if (!cdk.Token.isUnresolved(stage.stageName)) mapping.node.addDependency(stage);
  addAliasRecord(domainScope, domain, new route53Targets.ApiGatewayv2DomainProperties(
    domainName.regionalDomainName,
    domainName.regionalHostedZoneId,
  ));
}
