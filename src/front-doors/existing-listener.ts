import * as cdk from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { AlbOptions } from './alb-options';
import { listenerUrl } from './listener-url';
import { mountPathOf } from './mount-path';
import { publicUrlOf } from './public-url';
import { refuseSettings } from './refuse-settings';

/** Adds a rule for the app to an existing listener. The rule is in the scope of the app, even if the listener is in another stack. */
export function addToExistingListener(
  scope: Construct,
  listener: elbv2.IApplicationListener,
  loadBalancer: elbv2.IApplicationLoadBalancer | undefined,
  options: AlbOptions,
  targetGroup: elbv2.ApplicationTargetGroup,
): { url: string; listener: undefined } {
  refuseSettings(scope, 'listener', options, ['listener', 'loadBalancer', 'path', 'priority', 'conditions', 'healthCheck', 'port', 'protocol', 'publicUrl']);
  const { priority, conditions = [] } = options;
  if (priority === undefined) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000`);
  }
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
  if (!cdk.Token.isUnresolved(priority) && !(Number.isInteger(priority) && priority >= 1 && priority <= 50_000)) {
    throw new Error(`${scope.node.path}: priority must be an integer from 1 to 50000, got ${priority}`);
  }
  const path = mountPathOf(scope, options.path);
  const allConditions = [...path ? [elbv2.ListenerCondition.pathPatterns([path, `${path}/*`])] : [], ...conditions];
  if (allConditions.length === 0) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs to know which requests are for this app; give path or conditions`);
  }
  const url = publicUrlOf(scope, options) ?? urlOf(scope, listener, loadBalancer, options, path);
  new elbv2.ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions: allConditions, targetGroups: [targetGroup] });
  return { url, listener: undefined };
}

/** The URL of the app, if the listener and the conditions of the rule say at which address the app answers. Throws if only the user can know. */
function urlOf(
  scope: Construct,
  listener: elbv2.IApplicationListener,
  loadBalancer: elbv2.IApplicationLoadBalancer | undefined,
  options: AlbOptions,
  path: string | undefined,
): string {
  const host = hostOfConditions(scope, options.conditions ?? []);
  if (host === undefined && !loadBalancer) {
    throw new Error(`${scope.node.path}: listener ${listener.node.path} is imported, and its host name is not known; give its loadBalancer as well, or publicUrl`);
  }
  const { secure, port } = endpointOf(scope, listener, options);
  if (host === undefined && secure) {
    throw new Error(`${scope.node.path}: listener ${listener.node.path} uses HTTPS, and its certificate is not for the DNS name of the load balancer; `
      + "give publicUrl with a name of the certificate, e.g. publicUrl: 'https://www.example.com/', or a hostHeaders condition");
  }
  return listenerUrl(secure, host ?? loadBalancer!.loadBalancerDnsName, port, path);
}

/** The only host that the conditions accept: the rule does not match requests to other hosts. Undefined if they accept every host. */
function hostOfConditions(scope: Construct, conditions: elbv2.ListenerCondition[]): string | undefined {
  const rendered: { field: string; hostHeaderConfig?: { values?: string[] } }[] = conditions.map(condition => condition.renderRawCondition());
  const hosts = rendered.filter(({ field }) => field === 'host-header').flatMap(({ hostHeaderConfig }) => hostHeaderConfig?.values ?? []);
  if (hosts.length === 0) return undefined;
  const literals = hosts.filter(host => !cdk.Token.isUnresolved(host) && !/[*?]/.test(host));
  if (literals.length !== 1) {
    throw new Error(`${scope.node.path}: the app answers only at the hosts ${JSON.stringify(hosts)}, and which of them is in its URL is not known; `
      + "give publicUrl, e.g. publicUrl: 'https://www.example.com/'");
  }
  return literals[0];
}

/** Protocol and port, from the listener or the options. One follows from the other as in the CDK: 443 and 8443 are HTTPS. */
function endpointOf(scope: Construct, listener: elbv2.IApplicationListener, options: AlbOptions): { secure: boolean; port: number } {
  const port = options.port ?? knownPropertiesOf(listener).port;
  const protocol = options.protocol ?? knownPropertiesOf(listener).protocol ?? (port === undefined ? undefined : PROTOCOLS[port]);
  if (protocol === undefined) {
    throw new Error(`${scope.node.path}: listener ${listener.node.path} is imported, and whether it uses HTTP or HTTPS is not known; `
      + 'give its port and protocol, or publicUrl');
  }
  const secure = protocol === elbv2.ApplicationProtocol.HTTPS;
  return { secure, port: port ?? (secure ? 443 : 80) };
}

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_elasticloadbalancingv2.BaseApplicationListenerProps.html#protocol */
const PROTOCOLS: { [port: number]: elbv2.ApplicationProtocol } = {
  80: elbv2.ApplicationProtocol.HTTP,
  8000: elbv2.ApplicationProtocol.HTTP,
  8008: elbv2.ApplicationProtocol.HTTP,
  8080: elbv2.ApplicationProtocol.HTTP,
  443: elbv2.ApplicationProtocol.HTTPS,
  8443: elbv2.ApplicationProtocol.HTTPS,
};

/** The load balancer of a listener. Undefined if the listener is imported. */
export function loadBalancerOf(listener: elbv2.IApplicationListener): elbv2.IApplicationLoadBalancer | undefined {
  return knownPropertiesOf(listener).loadBalancer;
}

/** A listener that is made in this CDK app has these properties; an imported one does not. */
function knownPropertiesOf(listener: elbv2.IApplicationListener): Partial<Pick<elbv2.ApplicationListener, 'loadBalancer' | 'port' | 'protocol'>> {
  return listener as elbv2.ApplicationListener;
}
