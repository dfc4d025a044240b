import { checkBundle } from './check-bundle';
import { SynthesizedStack } from './cloud-assembly';
import { EnvironmentFile } from './environment-file';
import { findFunctionCode, FunctionCode } from './function-code';
import { StackTemplate } from './stack-template';
import { TemplateResource } from './template-resource';
import { findUnresolved } from './unresolved-value';

/** A function that runs a wrapped web app, and everything that is needed to run it on this machine. */
export interface WebAppFunction {
  /** The construct path of the function. */
  readonly path: string;
  /** The construct path of the WrappedWebApp that the function belongs to. */
  readonly appPath: string;
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** `nodejs24.x`, `python3.13`, … */
  readonly runtime: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The level of a log in JSON, `INFO` if the template has none; undefined for a log in plain text. */
  readonly jsonLogLevel?: string;
  /** Seconds. Lambda's own default is 3. */
  readonly timeout: number;
  /** Megabytes. Lambda's own default is 128. */
  readonly memorySize: number;
  /** Absent if there is a problem. */
  readonly code?: FunctionCode;
  /** Why the function cannot run on this machine: the messages for the user. */
  readonly problems: readonly string[];
}

/** A function with this variable runs a wrapped web app. */
const MARK = 'WRAPPED_WEB_APP_DOORS';

/** The references to the secrets of a CDN. CloudFront sends the same references here, which are compared instead of their values. */
const CDN_SECRETS = 'WRAPPED_WEB_APP_CDN_SECRETS';

/**
 * Finds the functions of a stack that run a wrapped web app. What keeps one of them from running is not an error: the others can run.
 */
export function findWebAppFunctions(stack: SynthesizedStack, environmentFile: EnvironmentFile): WebAppFunction[] {
  return stack.template.read('AWS::Lambda::Function', (resource) => {
    const isWebApp = resource.entries('Environment.Variables').some(([name]) => name === MARK);
    return isWebApp ? resource : undefined;
  }).map((resource) => readFunction(stack, resource, environmentFile));
}

/** Reads a function, whichever it is. */
export function readFunction(stack: SynthesizedStack, resource: TemplateResource, environmentFile: EnvironmentFile): WebAppFunction {
  const { template } = stack;
  const { logicalId, constructPath } = resource;
  const problems = new Set<string>();
  const read = <T>(value: () => T, otherwise: T): T => {
    try {
      return value();
    } catch (error) {
      problems.add((error as Error).message);
      return otherwise;
    }
  };
  const handler = read(() => String(resource.value('Handler')), '');
  const runtime = read(() => String(resource.value('Runtime')), '');
  const name = read<string | undefined>(() => String(resource.value('FunctionName') ?? template.ref(logicalId)), undefined);
  return {
    path: constructPath,
    // The function's construct in a WrappedWebApp has the ID Handler.
    appPath: constructPath.replace(/\/Handler$/, ''),
    logicalId,
    name: name ?? logicalId,
    // It has the name in it, whose problem is told once.
    arn: name === undefined ? logicalId : read(() => template.attribute(logicalId, 'Arn'), logicalId),
    region: template.region,
    runtime,
    handler,
    timeout: read(() => Number(resource.value('Timeout') ?? 3), 3),
    memorySize: read(() => Number(resource.value('MemorySize') ?? 128), 128),
    jsonLogLevel: read(() => (resource.value('LoggingConfig.LogFormat') === 'JSON' ? String(resource.value('LoggingConfig.ApplicationLogLevel') ?? 'INFO') : undefined), undefined),
    environment: read(() => resolveEnvironment(template, resource, environmentFile), {}),
    code: read(() => {
      const code = findFunctionCode(stack, resource);
      // That of a layer is not in the code.
      if (handler && runtime && !handler.startsWith('/')) checkBundle(constructPath, code, handler, runtime);
      return code;
    }, undefined),
    problems: [...problems],
  };
}

function resolveEnvironment(
  template: StackTemplate,
  resource: TemplateResource,
  environmentFile: EnvironmentFile,
): Record<string, string> {
  const { logicalId, constructPath } = resource;
  const missing: string[] = [];
  const environment: Record<string, string> = {};
  for (const [name, value] of template.entriesBeforeDeployment(logicalId, 'Environment.Variables')) {
    const given = environmentFile.get(`${logicalId}.${name}`) ?? environmentFile.get(name) ?? (name === CDN_SECRETS ? resource.id(`Environment.Variables.${name}`) : undefined);
    const unresolved = findUnresolved(value)?.unresolved;
    if (given === undefined && unresolved) {
      missing.push(`  ${name}: ${JSON.stringify(unresolved.intrinsic)}: ${unresolved.why}`);
    } else {
      environment[name] = given ?? String(value);
    }
  }
  if (missing.length > 0) {
    throw new Error([
      `${constructPath}: these environment variables cannot be resolved from the template:`,
      ...missing,
      `write them to a file as NAME=value, or ${logicalId}.NAME=value for this function only, and pass it with --env-file; or pass the outputs of its deployed stack with --outputs`,
    ].join('\n'));
  }
  return environment;
}
