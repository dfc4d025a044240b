import * as cdk from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53Targets from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { AlbOptions } from './alb-options';
import { addAliasRecord, certificateOf, makeDomainScope } from './domain';
import { admissionOf, admitVpc } from './listener-admission';
import { listenerUrl } from './listener-url';
import { publicUrlOf } from './public-url';

/** Makes a listener for the app on a load balancer, with its certificate, the redirect from HTTP, and the DNS record of its domain. */
export function makeNewListener(
  scope: Construct,
  loadBalancer: elbv2.IApplicationLoadBalancer,
  options: AlbOptions,
  targetGroup: elbv2.ApplicationTargetGroup,
): { url: string; listener: elbv2.ApplicationListener } {
  const {
    vpc, vpcSubnets, internetFacing, securityGroup, idleTimeout, xffHeaderProcessingMode, healthCheck,
    listener: _, loadBalancer: existing, priority, conditions, path, domain, publicUrl, redirectHttp = existing === undefined,
    ...listenerProps
  } = options;
  const { port, protocol, sslPolicy } = listenerProps;
  const admission = admissionOf(scope, loadBalancer, options);
  if (domain?.mtls) throw new Error(`${scope.node.path}: domain.mtls is for API Gateway; use mutualAuthentication for a load balancer`);
  const domainScope = domain && makeDomainScope(scope, domain);
  const certificates = options.certificates ?? (domain && [certificateOf(domainScope!, domain)]);
  const secure = protocol ? protocol === elbv2.ApplicationProtocol.HTTPS : certificates !== undefined || port === 443;

  const listenerPort = port ?? (secure ? 443 : 80);
  const listener = new elbv2.ApplicationListener(scope, listenerId(listenerPort), {
    ...listenerProps,
    open: admission.open,
    loadBalancer,
    port: listenerPort,
    protocol: secure ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
    certificates,
    // The default of CloudFormation still accepts TLS 1.0. This policy is the CDK's own if all its recommended feature flags are set:
    // TLS 1.2 and 1.3, with post-quantum key exchange for clients that have it.
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    sslPolicy: sslPolicy ?? (secure ? elbv2.SslPolicy.TLS13_12_PQ : undefined),
    defaultTargetGroups: [targetGroup],
  });
  admitVpc(listener, admission);
  if (!secure) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:http-listener',
      'the load balancer accepts plain HTTP, so others on the network can read and change requests and responses; give certificates or a domain');
  } else if (redirectHttp && listener.port !== 80) {
    const redirect = new elbv2.ApplicationListener(scope, listenerId(80), {
      loadBalancer,
      port: 80,
      open: admission.open,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: `${listener.port}`, permanent: true }),
    });
    admitVpc(redirect, admission);
  }
  if (domain) addAliasRecord(domainScope!, domain, new route53Targets.LoadBalancerTarget(loadBalancer));

  if (secure && !domain && !publicUrl) {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:certificate-name',
      'the URL of the app has the DNS name of the load balancer, which no certificate is for, so clients reject it; '
      + 'give publicUrl with a name of the certificate, or a domain');
  }
  const host = domain?.name ?? loadBalancer.loadBalancerDnsName;
  return { url: publicUrlOf(scope, options) ?? listenerUrl(secure, host, listener.port), listener };
}

/**
 * AWS allows one listener for each port of a load balancer, so the ID carries the port, and the listener of a port stays the same
 * resource whether it forwards or redirects.
 */
function listenerId(port: number): string {
  return cdk.Token.isUnresolved(port) ? 'Listener' : `Listener${port}`;
}
