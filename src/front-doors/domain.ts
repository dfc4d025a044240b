import * as cdk from 'aws-cdk-lib';
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
}

/** Throws if the name is not in the zone. Without this check the deployment would fail after some minutes. */
export function checkDomain(scope: Construct, { name, zone }: FrontDoorDomain): void {
  const { zoneName } = zone;
  if (cdk.Token.isUnresolved(name) || cdk.Token.isUnresolved(zoneName)) return;
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) {
    throw new Error(`${scope.node.path}: domain ${name} is not in the zone ${zoneName}; choose a name that ends in .${zoneName}, or the zone of that name`);
  }
}

/** Returns the user's certificate, or makes one that is validated through the zone. */
export function certificateOf(scope: Construct, { name, zone, certificate }: FrontDoorDomain): acm.ICertificate {
  return certificate ?? new acm.Certificate(scope, 'Certificate', {
    domainName: name,
    validation: acm.CertificateValidation.fromDns(zone),
  });
}

/** Adds the DNS record that points the name to the front door. */
export function addAliasRecord(scope: Construct, { name, zone }: FrontDoorDomain, target: route53.IAliasRecordTarget): void {
  new route53.ARecord(scope, 'AliasRecord', {
    zone,
    recordName: name,
    target: route53.RecordTarget.fromAlias(target),
  });
}
