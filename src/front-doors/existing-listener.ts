import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { AlbOptions } from './alb-options';
import { listenerUrl } from './listener-url';
import { mountPathOf } from './mount-path';
import { refuseSettings } from './refuse-settings';

/** Adds a rule for the app to an existing listener. The rule is in the scope of the app, even if the listener is in another stack. */
export function addToExistingListener(
  scope: Construct,
  listener: elbv2.IApplicationListener,
  loadBalancer: elbv2.IApplicationLoadBalancer,
  options: AlbOptions,
  targetGroup: elbv2.ApplicationTargetGroup,
): { url: string; listener: undefined } {
  refuseSettings(scope, 'listener', options, ['listener', 'loadBalancer', 'path', 'priority', 'conditions', 'healthCheck', 'port', 'protocol']);
  const { priority, conditions = [] } = options;
  if (priority === undefined) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000`);
  }
  const path = mountPathOf(scope, options.path);
  const allConditions = [...path ? [elbv2.ListenerCondition.pathPatterns([path, `${path}/*`])] : [], ...conditions];
  if (allConditions.length === 0) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs to know which requests are for this app; give path or conditions`);
  }
  new elbv2.ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions: allConditions, targetGroups: [targetGroup] });

  const known = knownPropertiesOf(listener);
  const protocol = options.protocol ?? known.protocol;
  const port = options.port ?? known.port;
  const secure = protocol === undefined ? port === 443 : protocol === elbv2.ApplicationProtocol.HTTPS;
  return {
    url: listenerUrl(secure, loadBalancer.loadBalancerDnsName, port ?? (secure ? 443 : 80), path),
    listener: undefined,
  };
}

/** Returns the load balancer of a listener. Throws if the listener is imported. */
export function loadBalancerOf(scope: Construct, listener: elbv2.IApplicationListener): elbv2.IApplicationLoadBalancer {
  const { loadBalancer } = knownPropertiesOf(listener);
  if (!loadBalancer) {
    throw new Error(`${scope.node.path}: listener ${listener.node.path} is imported, and its host name is not known; give its loadBalancer as well`);
  }
  return loadBalancer;
}

/** A listener that is made in this CDK app has these properties; an imported one does not. */
function knownPropertiesOf(listener: elbv2.IApplicationListener): Partial<Pick<elbv2.ApplicationListener, 'loadBalancer' | 'port' | 'protocol'>> {
  return listener as elbv2.ApplicationListener;
}
