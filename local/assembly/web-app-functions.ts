import { SynthesizedStack } from './cloud-assembly';
import { EnvironmentFile } from './environment-file';
import { findFunctionCode } from './function-code';

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
  return stack.template.resourcesOfType('AWS::Lambda::Function')
    .filter(({ resource }) => MARK in (resource.Properties?.Environment?.Variables ?? {}))
    .map(({ id, resource, properties }) => ({
      path: stack.constructPath(id),
      // WrappedWebApp calls its function Handler.
      appPath: stack.constructPath(id).replace(/\/Handler$/, ''),
      logicalId: id,
      name: stack.template.functionName(id),
      arn: String(stack.template.resolve({ 'Fn::GetAtt': [id, 'Arn'] })),
      region: stack.template.region,
      runtime: String(properties.Runtime),
      handler: String(properties.Handler),
      codeDirectory: findFunctionCode(stack, id, properties),
      environment: resolveEnvironment(stack, id, resource.Properties!.Environment.Variables, environmentFile),
      timeout: Number(properties.Timeout ?? 3),
      memorySize: Number(properties.MemorySize ?? 128),
    }));
}

function resolveEnvironment(
  stack: SynthesizedStack,
  logicalId: string,
  variables: Record<string, unknown>,
  environmentFile: EnvironmentFile,
): Record<string, string> {
  const missing: string[] = [];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const resolved = environmentFile.get(`${logicalId}.${name}`) ?? environmentFile.get(name) ?? stack.template.resolveBeforeDeploy(value);
    if (resolved === undefined) {
      missing.push(`  ${name} = ${JSON.stringify(value)}`);
    } else {
      environment[name] = resolved;
    }
  }
  if (missing.length > 0) {
    throw new Error([
      `${stack.constructPath(logicalId)}: these environment variables are known only after a deployment:`,
      ...missing,
      `write them into a file as NAME=value, or ${logicalId}.NAME=value for this function alone, and hand it over with --env-file`,
    ].join('\n'));
  }
  return environment;
}
