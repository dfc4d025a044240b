import { SynthesizedStack } from './cloud-assembly';
import { EnvironmentFile } from './environment-file';
import { findFunctionCode } from './function-code';
import { StackTemplate, TemplateResource } from './stack-template';
import { findUnresolved } from './unresolved-value';

/** A function that runs a wrapped web app, with all that is needed to run it here. */
export interface WebAppFunction {
  /** The construct path of the function. */
  readonly path: string;
  /** The construct path of the WrappedWebApp, where the function is part of one. */
  readonly appPath: string;
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** `nodejs24.x`, `python3.13`, … */
  readonly runtime: string;
  readonly handler: string;
  /** The folder that would be zipped and uploaded. */
  readonly codeDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. Lambda's own default is 3. */
  readonly timeout: number;
  /** Megabytes. Lambda's own default is 128. */
  readonly memorySize: number;
}

/** The variable by which a function is known to run a wrapped web app. */
const MARK = 'WRAPPED_WEB_APP_DOORS';

/**
 * Finds the functions of a stack that run a wrapped web app.
 *
 * @throws when a function's environment needs values that exist only after a deployment and the file lacks them:
 * all of them are named at once
 */
export function findWebAppFunctions(stack: SynthesizedStack, environmentFile: EnvironmentFile): WebAppFunction[] {
  const { template } = stack;
  return template.read('AWS::Lambda::Function', (resource) => {
    const isWebApp = resource.entries('Environment.Variables').some(([name]) => name === MARK);
    return isWebApp ? resource : undefined;
  }).map((resource) => ({
    path: resource.constructPath,
    // WrappedWebApp calls its function Handler.
    appPath: resource.constructPath.replace(/\/Handler$/, ''),
    logicalId: resource.logicalId,
    name: String(resource.value('FunctionName') ?? template.ref(resource.logicalId)),
    arn: template.attribute(resource.logicalId, 'Arn'),
    region: template.region,
    runtime: String(resource.value('Runtime')),
    handler: String(resource.value('Handler')),
    codeDirectory: findFunctionCode(stack, resource),
    environment: resolveEnvironment(template, resource, environmentFile),
    timeout: Number(resource.value('Timeout') ?? 3),
    memorySize: Number(resource.value('MemorySize') ?? 128),
  }));
}

function resolveEnvironment(
  template: StackTemplate,
  { logicalId, constructPath }: TemplateResource,
  environmentFile: EnvironmentFile,
): Record<string, string> {
  const missing: string[] = [];
  const environment: Record<string, string> = {};
  for (const [name, value] of template.entriesBeforeDeployment(logicalId, 'Environment.Variables')) {
    const given = environmentFile.get(`${logicalId}.${name}`) ?? environmentFile.get(name);
    const unresolved = findUnresolved(value)?.unresolved;
    if (given === undefined && unresolved) {
      missing.push(`  ${name}: ${JSON.stringify(unresolved.intrinsic)}: ${unresolved.why}`);
    } else {
      environment[name] = given ?? String(value);
    }
  }
  if (missing.length > 0) {
    throw new Error([
      `${constructPath}: the template does not tell the values of these environment variables:`,
      ...missing,
      `write them into a file as NAME=value, or ${logicalId}.NAME=value for this function alone, and pass it with --env-file`,
    ].join('\n'));
  }
  return environment;
}
