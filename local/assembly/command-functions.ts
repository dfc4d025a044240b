import { SynthesizedStack } from './cloud-assembly';
import { EnvironmentFile } from './environment-file';
import { readFunction, WebAppFunction } from './web-app-functions';

/** A function with this variable runs a command of a web app. */
const MARK = 'WRAPPED_WEB_APP_COMMAND';

/** Where Lambda unpacks layers. */
const LAYERS = '/opt/';

/**
 * Finds the functions of a stack that run a command. The path of such a function's construct without its last part is that of the
 * command. What keeps one of them from running is among its problems.
 */
export function findCommandFunctions(stack: SynthesizedStack, environmentFile: EnvironmentFile): WebAppFunction[] {
  return stack.template.read('AWS::Lambda::Function', (resource) => (resource.entries('Environment.Variables').some(([name]) => name === MARK) ? resource : undefined))
    .map((resource) => readFunction(stack, resource, environmentFile))
    .map((command) => (command.handler.startsWith(LAYERS) ? withHandlerOfLayer(stack, command) : command));
}

/** The handler of Node commands is in a layer of their own, which is a folder of the cloud assembly. */
function withHandlerOfLayer(stack: SynthesizedStack, command: WebAppFunction): WebAppFunction {
  const [folder] = stack.template.read('AWS::Lambda::LayerVersion', (layer) => (
    layer.constructPath.startsWith(`${command.appPath}/`) ? stack.assets.get(String(layer.value('Content.S3Key'))) : undefined));
  return folder === undefined
    ? { ...command, problems: [...command.problems, `${command.path}: its layer, which has the handler ${command.handler}, is not in this cdk.out`] }
    : { ...command, handler: command.handler.replace(LAYERS, `${folder}/`) };
}
