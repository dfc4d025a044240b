import * as cdk from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as triggers from 'aws-cdk-lib/triggers';
import { Construct, Dependable, IConstruct } from 'constructs';
import { WrappedWebApp } from '../wrapped-web-app';

/**
 * AWS's custom resource ends after 15 minutes. It may need a minute before it can call the function, which gets a minute more than its
 * timeout: with less, it would give up before the function does, and call it again.
 */
const LONGEST = cdk.Duration.minutes(12);

/** Runs a command in the deployment, after all that it needs and before the app's alias points to the new version. */
export function runInDeployment(scope: Construct, app: WrappedWebApp, handler: lambda.Function, timeout: cdk.Duration): triggers.Trigger {
  if (!timeout.isUnresolved() && timeout.toSeconds() > LONGEST.toSeconds()) {
    throw new Error(`${scope.node.path}: with onDeploy a command may run for 12 minutes, because a deployment waits 15 minutes for it, got timeout `
      + `${timeout.toHumanString()}; make timeout shorter, or run the command by hand`);
  }
  const ofCommand = scope.node.children;
  const trigger = new triggers.Trigger(scope, 'Trigger', {
    handler,
    timeout: timeout.isUnresolved() ? cdk.Duration.minutes(14) : timeout.plus(cdk.Duration.minutes(1)),
  });
  trigger.executeAfter(...ofCommand as Construct[]);
  trigger.node.addDependency(rulesFor(handler));
  if (app.alias) {
    trigger.executeBefore(app.alias);
  } else {
    cdk.Annotations.of(scope).addWarningV2('cdk-wrapped-web-app:command-without-alias',
      `${app.node.path} has no alias, so its new code may be live before this command has run, and stays live while it runs; `
      + "set aliasName: 'live' on the app, or write the code so that it works before and after the command");
  }
  return trigger;
}

/**
 * The rules of security groups that let the command reach, for example, its database. They belong to neither of the two, so CloudFormation
 * would run the command before it adds them. They are looked for when the stack is synthesized, because they are added later.
 */
function rulesFor(handler: lambda.Function): IConstruct {
  const stack = cdk.Stack.of(handler);
  const roots = {
    get dependencyRoots(): IConstruct[] {
      const ofFunction = (handler.node.defaultChild as lambda.CfnFunction).vpcConfig;
      if (!ofFunction) return [];
      const groups = handler.connections.securityGroups.map(group => JSON.stringify(stack.resolve(group.securityGroupId)));
      const isOfGroup = (...ids: unknown[]) => ids.some(id => id !== undefined && groups.includes(JSON.stringify(stack.resolve(id))));
      return stack.node.findAll().filter(each => {
        if (!cdk.CfnResource.isCfnResource(each)) return false;
        switch (each.cfnResourceType) {
          case 'AWS::EC2::SecurityGroupIngress':
            return isOfGroup((each as ec2.CfnSecurityGroupIngress).sourceSecurityGroupId, (each as ec2.CfnSecurityGroupIngress).groupId);
          case 'AWS::EC2::SecurityGroupEgress':
            return isOfGroup((each as ec2.CfnSecurityGroupEgress).destinationSecurityGroupId, (each as ec2.CfnSecurityGroupEgress).groupId);
          default:
            return false;
        }
      });
    },
  };
  const dependency = {} as IConstruct;
  Dependable.implement(dependency, roots);
  return dependency;
}
