import * as cdk from 'aws-cdk-lib';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

/** Your own domain name for a front door. */
export interface FrontDoorDomain {
  /** The full name, e.g. `www.example.com`. */
  readonly name: string;

  /** The hosted zone that contains the name. It gets an alias record and, for a new certificate, the records that validate it. */
  readonly zone: route53.IHostedZone;

  /**
   * The certificate for the name, in the region of the stack.
   *
   * @default - a new certificate, validated through the zone
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Mutual TLS: API Gateway accepts only clients that present a certificate which the trust store contains or has signed. For
   * `http-api` and regional `rest-api` only; a load balancer has `mutualAuthentication` instead.
   *
   * The endpoint that AWS gives to the API asks for no certificate, so it is disabled unless `disableExecuteApiEndpoint` is false.
   *
   * @default - clients need no certificate
   */
  readonly mtls?: apigwv2.MTLSConfig;
}

/**
 * Makes the scope of all resources of a domain, and throws if they cannot be deployed.
 *
 * AWS allows each of them only once, and CloudFormation creates resources before it deletes others. So they have the same logical IDs
 * behind each front door, and the scope is the app and not the front door: the domain can move to another front door of the app.
 */
export function makeDomainScope(scope: Construct, { name, zone }: FrontDoorDomain): Construct {
  checkName(scope, name, zone.zoneName);
  const app = cdk.Stack.isStack(scope) ? scope : scope.node.scope!;
  const id = cdk.Token.isUnresolved(name) ? `${scope.node.id}Domain` : name;
  const other = app.node.tryFindChild(id);
  if (other) {
    throw new Error(`${scope.node.path}: domain ${name} already leads to another front door of this app, see ${other.node.path}; `
      + 'give one of them another name; for the same name in another zone, add a record to that zone yourself');
  }
  return new Construct(app, id);
}

/** Without this check the deployment would fail after some minutes. */
function checkName(scope: Construct, name: string, zoneName: string): void {
  if (cdk.Token.isUnresolved(name) || cdk.Token.isUnresolved(zoneName)) return;
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) {
    throw new Error(`${scope.node.path}: domain ${name} is not in the zone ${zoneName}; choose a name that ends in .${zoneName}, or the zone of that name`);
  }
}

/** Returns the user's certificate, or makes one that is validated through the zone. */
export function certificateOf(domainScope: Construct, { name, zone, certificate }: FrontDoorDomain): acm.ICertificate {
  return certificate ?? new acm.Certificate(domainScope, 'Certificate', {
    domainName: name,
    validation: acm.CertificateValidation.fromDns(zone),
  });
}

/** Adds the DNS record that points the name to the front door. */
export function addAliasRecord(domainScope: Construct, { name, zone }: FrontDoorDomain, target: route53.IAliasRecordTarget): void {
  new route53.ARecord(domainScope, 'AliasRecord', {
    zone,
    recordName: name,
    target: route53.RecordTarget.fromAlias(target),
  });
}
