import * as cdk from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

/** A domain name of your own for a front door. */
export interface FrontDoorDomain {
  /** The full name, e.g. `www.example.com`. */
  readonly name: string;

  /** The hosted zone in which the name is to be: it gets an alias record, and the records that prove a certificate. */
  readonly zone: route53.IHostedZone;

  /**
   * The certificate for the name, in the region of the stack.
   *
   * @default - one is made and validated through the zone
   */
  readonly certificate?: acm.ICertificate;
}

/** Refuses a name that its zone cannot hold: the deployment would fail after minutes. */
export function checkDomain(scope: Construct, { name, zone }: FrontDoorDomain): void {
  const { zoneName } = zone;
  if (cdk.Token.isUnresolved(name) || cdk.Token.isUnresolved(zoneName)) return;
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) {
    throw new Error(`${scope.node.path}: domain ${name} is not in the zone ${zoneName}; choose a name that ends in .${zoneName}, or its own zone`);
  }
}

/** The user's certificate, or one that the zone proves. */
export function certificateOf(scope: Construct, { name, zone, certificate }: FrontDoorDomain): acm.ICertificate {
  return certificate ?? new acm.Certificate(scope, 'Certificate', {
    domainName: name,
    validation: acm.CertificateValidation.fromDns(zone),
  });
}

/** The record that leads the name to the door. */
export function addAliasRecord(scope: Construct, { name, zone }: FrontDoorDomain, target: route53.IAliasRecordTarget): void {
  new route53.ARecord(scope, 'AliasRecord', {
    zone,
    recordName: name,
    target: route53.RecordTarget.fromAlias(target),
  });
}
