import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { STREAM_RESPONSES } from '../app-sources/python-streaming';
import { CDN_SECRETS_VARIABLE, DOORS_VARIABLE, OPTIONS_VARIABLE } from '../private/contract';
import { WrappedWebApp } from '../wrapped-web-app';

/** What a command needs to reach all that its app reaches. Everything else belongs to one function only. */
const SHARED = [
  'architecture', 'ephemeralStorageSize', 'vpc', 'vpcSubnets', 'allowPublicSubnet', 'ipv6AllowedForDualStack', 'layers', 'filesystem',
  'environmentEncryption', 'paramsAndSecrets', 'tracing', 'loggingFormat', 'applicationLogLevelV2', 'systemLogLevelV2', 'logRetention', 'logRemovalPolicy',
] as const;

/** Variables of the app that only serve requests. */
const OF_REQUESTS = [DOORS_VARIABLE, OPTIONS_VARIABLE, CDN_SECRETS_VARIABLE];

/**
 * The options of the app's function that its commands share. The security groups are those of the app, so that a database lets the command
 * in as well; but not in another VPC, where they do not exist.
 */
export function settingsOf(app: WrappedWebApp, ofUser: lambda.FunctionOptions): lambda.FunctionOptions {
  const { memorySize } = app.handler.node.defaultChild as lambda.CfnFunction;
  const shared: lambda.FunctionOptions = { ...Object.fromEntries(SHARED.map(name => [name, app._props[name]])), memorySize };
  if (ofUser.vpc && ofUser.vpc !== app._props.vpc) return { ...shared, vpcSubnets: undefined };
  const hasOwnGroups = ofUser.securityGroups !== undefined || ofUser.allowAllOutbound !== undefined;
  return {
    ...shared,
    securityGroups: app._props.vpc && !hasOwnGroups ? app.connections.securityGroups : undefined,
  };
}

/** Adds the variables of the app to those of a command, also the ones that `addEnvironment` adds to the app later. */
export function environmentOf(app: WrappedWebApp, command: lambda.Function): void {
  const ofApp = app.handler.node.defaultChild as lambda.CfnFunction;
  const ofCommand = command.node.defaultChild as lambda.CfnFunction;
  const own = ofCommand.environment;
  ofCommand.environment = cdk.Lazy.uncachedAny({
    produce: context => ({ variables: { ...forCommands(variablesOf(ofApp.environment, context)), ...variablesOf(own, context) } }),
  });
}

function forCommands(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name, value]) => !OF_REQUESTS.includes(name) && value !== STREAM_RESPONSES));
}

type Variables = { [name: string]: unknown };

/** The CDK renders the variables only when it synthesizes. */
function variablesOf(environment: lambda.CfnFunction['environment'], context: cdk.IResolveContext): Variables {
  const rendered = cdk.Tokenization.isResolvable(environment) ? environment.resolve(context) as lambda.CfnFunction.EnvironmentProperty : environment;
  return { ...rendered?.variables };
}
