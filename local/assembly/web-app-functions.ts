import { SynthesizedStack } from './cloud-assembly';
import { EnvironmentFile } from './environment-file';
import { findFunctionCode } from './function-code';
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
  /** The folder that would be zipped and uploaded. */
  readonly codeDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. Lambda's own default is 3. */
  readonly timeout: number;
  /** Megabytes. Lambda's own default is 128. */
  readonly memorySize: number;
}

/** A function with this variable runs a wrapped web app. */
const MARK = 'WRAPPED_WEB_APP_DOORS';

/**
 * Finds the functions of a stack that run a wrapped web app.
 *
 * @throws when environment variables cannot be resolved and are not in the file; the error lists all of them
 */
export async function findWebAppFunctions(stack: SynthesizedStack, environmentFile: EnvironmentFile): Promise<WebAppFunction[]> {
  const resources = stack.template.read('AWS::Lambda::Function', (resource) => {
    const isWebApp = resource.entries('Environment.Variables').some(([name]) => name === MARK);
    return isWebApp ? resource : undefined;
  });
  const functions: WebAppFunction[] = [];
  // One after the other, since several functions may share an archive.
  for (const resource of resources) functions.push(await readFunction(stack, resource, environmentFile));
  return functions;
}

async function readFunction(stack: SynthesizedStack, resource: TemplateResource, environmentFile: EnvironmentFile): Promise<WebAppFunction> {
  const { template } = stack;
  const { logicalId, constructPath } = resource;
  return {
    path: constructPath,
    // The function's construct in a WrappedWebApp has the ID Handler.
    appPath: constructPath.replace(/\/Handler$/, ''),
    logicalId,
    name: String(resource.value('FunctionName') ?? template.ref(logicalId)),
    arn: template.attribute(logicalId, 'Arn'),
    region: template.region,
    runtime: String(resource.value('Runtime')),
    handler: String(resource.value('Handler')),
    timeout: Number(resource.value('Timeout') ?? 3),
    memorySize: Number(resource.value('MemorySize') ?? 128),
    environment: resolveEnvironment(template, resource, environmentFile),
    codeDirectory: await findFunctionCode(stack, resource),
  };
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
      `${constructPath}: these environment variables cannot be resolved from the template:`,
      ...missing,
      `write them to a file as NAME=value, or ${logicalId}.NAME=value for this function only, and pass it with --env-file`,
    ].join('\n'));
  }
  return environment;
}
