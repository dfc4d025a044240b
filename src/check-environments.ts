import * as cdk from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** What decides how the environments of the function start, and how many requests each takes. */
export interface EnvironmentOptions {
  readonly runtime: lambda.Runtime;
  readonly memorySize?: number;
  readonly snapStart?: lambda.SnapStartConf;
  readonly aliasOptions?: lambda.AliasOptions;
  readonly currentVersionOptions?: lambda.VersionOptions;
  readonly reservedConcurrentExecutions?: number;
  readonly responseStreaming?: boolean;
  readonly backgroundWork?: boolean;
}

/** The oldest versions that Managed Instances have: https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html */
const OLDEST_MANAGED = new Map([[lambda.RuntimeFamily.NODEJS, [22]], [lambda.RuntimeFamily.PYTHON, [3, 13]]]);

const LEAST_MANAGED_MEMORY = 2048;

/**
 * Throws for SnapStart where AWS does not have it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes
 */
export function checkSnapStart(scope: Construct, options: EnvironmentOptions): void {
  const { runtime, snapStart } = options;
  if (!snapStart) return;
  if (!runtime.supportsSnapStart) {
    throw new Error(`${scope.node.path}: snapStart does not work on ${runtime.name}: AWS has it for Python 3.12 and later, and not for Node; `
      + "drop it, or have environments started in advance, e.g. with aliasName: 'live', aliasOptions: { provisionedConcurrentExecutions: 2 }");
  }
  const provisioned = provisionedOf(options);
  if (provisioned !== undefined) {
    throw new Error(`${scope.node.path}: a function cannot have both snapStart and provisionedConcurrentExecutions, got ${provisioned}; drop one of them`);
  }
}

/** Refuses Managed Instances at synth where they do not work. `addFunction` of a capacity provider is called after the app is made. */
export function checkManagedInstances(scope: Construct, handler: lambda.Function, options: EnvironmentOptions): void {
  scope.node.addValidation({
    validate: () => {
      const { capacityProviderConfig } = handler.node.defaultChild as lambda.CfnFunction;
      return capacityProviderConfig === undefined ? [] : [...problemsOnManagedInstances(options)];
    },
  });
}

function* problemsOnManagedInstances(options: EnvironmentOptions): Generator<string> {
  const { runtime, memorySize, snapStart, reservedConcurrentExecutions, responseStreaming, backgroundWork } = options;
  const oldest = OLDEST_MANAGED.get(runtime.family!);
  if (oldest && isOlder(runtime, oldest)) {
    yield `a capacity provider needs ${runtime.family === lambda.RuntimeFamily.NODEJS ? 'Node 22' : 'Python 3.13'} or later, got ${runtime.name}; choose another runtime`;
  }
  if (runtime.family === lambda.RuntimeFamily.PYTHON && (responseStreaming || backgroundWork)) {
    yield `a Python app cannot have both a capacity provider and ${responseStreaming ? 'responseStreaming' : 'backgroundWork'}, because the runtime loop `
      + 'that does it takes one request at a time; drop one of them';
  }
  if (snapStart) {
    yield 'a function with a capacity provider cannot have snapStart: its environments are started in advance; drop snapStart';
  }
  const provisioned = provisionedOf(options);
  if (provisioned !== undefined) {
    yield `a function with a capacity provider cannot have provisionedConcurrentExecutions, got ${provisioned}; `
      + 'drop it, and set minExecutionEnvironments with the capacity provider';
  }
  if (reservedConcurrentExecutions !== undefined) {
    yield `a function with a capacity provider cannot have reservedConcurrentExecutions, got ${reservedConcurrentExecutions}; `
      + 'drop it, and set maxExecutionEnvironments with the capacity provider';
  }
  if (memorySize === undefined || (!cdk.Token.isUnresolved(memorySize) && memorySize < LEAST_MANAGED_MEMORY)) {
    yield `a function with a capacity provider needs a memorySize of ${LEAST_MANAGED_MEMORY} MB or more, got ${memorySize ?? 'the default, 1024'}; set memorySize`;
  }
}

function provisionedOf({ aliasOptions, currentVersionOptions }: EnvironmentOptions): number | undefined {
  return aliasOptions?.provisionedConcurrentExecutions ?? currentVersionOptions?.provisionedConcurrentExecutions;
}

/** The names are like `nodejs22.x` and `python3.13`. */
function isOlder(runtime: lambda.Runtime, oldest: number[]): boolean {
  const version = runtime.name.match(/\d+/g)?.map(Number) ?? [];
  const at = oldest.findIndex((part, index) => part !== version[index]);
  return at >= 0 && version[at] < oldest[at];
}
