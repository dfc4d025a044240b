import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { AlbOptions } from './alb';
import { mountPathOf, refuseSettingsOf } from './mount-path';

/** Adds a rule for the app to a listener, in the scope of the app, wherever the listener is. */
export function addToExistingListener(
  scope: Construct,
  listener: elbv2.IApplicationListener,
  options: AlbOptions,
  targetGroup: elbv2.ApplicationTargetGroup,
): { url: string; listener: undefined; behind: elbv2.IApplicationLoadBalancer } {
  refuseSettingsOf(scope, 'listener', options, ['listener', 'loadBalancer', 'path', 'priority', 'conditions', 'healthCheck', 'port', 'protocol']);
  const { priority, conditions = [] } = options;
  if (priority === undefined) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs a priority that no other rule has; give priority, from 1 to 50000`);
  }
  const path = mountPathOf(scope, options.path);
  const all = [...path ? [elbv2.ListenerCondition.pathPatterns([path, `${path}/*`])] : [], ...conditions];
  if (all.length === 0) {
    throw new Error(`${scope.node.path}: a rule on an existing listener needs to know which requests are this app's; give path or conditions`);
  }
  // What a listener that is made in this app knows of itself; one that is imported has nothing there.
  const made: Partial<Pick<elbv2.ApplicationListener, 'loadBalancer' | 'port' | 'protocol'>> = listener as elbv2.ApplicationListener;
  const behind = options.loadBalancer ?? made.loadBalancer;
  if (!behind) {
    throw new Error(`${scope.node.path}: listener ${listener.node.path} is imported and does not tell its address; give its loadBalancer as well`);
  }
  new elbv2.ApplicationListenerRule(scope, 'Rule', { listener, priority, conditions: all, targetGroups: [targetGroup] });

  const protocol = options.protocol ?? made.protocol;
  const port = options.port ?? made.port;
  const secure = protocol === undefined ? port === 443 : protocol === elbv2.ApplicationProtocol.HTTPS;
  return {
    url: addressOf(secure, behind.loadBalancerDnsName, port ?? (secure ? 443 : 80), path),
    listener: undefined,
    behind,
  };
}

/** The address of a listener, without a port that goes without saying. */
export function addressOf(secure: boolean, host: string, port: number, path: string = '/'): string {
  const usual = secure ? 443 : 80;
  return `${secure ? 'https' : 'http'}://${host}${port === usual ? '' : `:${port}`}${path}`;
}
