import * as cdk from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

/** How long a load balancer waits for the app. Undefined if that is not known at synth. */
export function idleTimeoutOf(loadBalancer: elbv2.IApplicationLoadBalancer): cdk.Duration | undefined {
  const attributes = attributesOf(loadBalancer);
  if (!attributes) return undefined;
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
  const seconds = Number(attributes['idle_timeout.timeout_seconds'] ?? 60);
  return Number.isNaN(seconds) ? undefined : cdk.Duration.seconds(seconds);
}

/** The runtime takes the last address in X-Forwarded-For as the address of the client. Only in the APPEND mode does the load balancer write it. */
export function warnOfForgeableAddress(scope: Construct, loadBalancer: elbv2.IApplicationLoadBalancer): void {
  const mode = attributesOf(loadBalancer)?.['routing.http.xff_header_processing.mode'];
  if (mode === elbv2.XffHeaderProcessingMode.PRESERVE || mode === elbv2.XffHeaderProcessingMode.REMOVE) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:forgeable-address',
      `with xffHeaderProcessingMode '${mode}' the load balancer does not write the client's address, so a client can send a false one; use 'append'`);
  }
}

/** The attributes of a load balancer that is made in this CDK app. Undefined for an imported one, whose attributes are not known. */
function attributesOf(loadBalancer: elbv2.IApplicationLoadBalancer): Record<string, string> | undefined {
  const resource = loadBalancer.node.defaultChild as elbv2.CfnLoadBalancer | undefined;
  if (!resource) return undefined;
  const attributes: { key: string; value: string }[] = cdk.Stack.of(resource).resolve(resource.loadBalancerAttributes) ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
}
