import * as fs from 'node:fs';
import * as path from 'node:path';
import { FunctionCode } from './function-code';

/** The extensions of the files that Lambda looks for. */
const NODE_EXTENSIONS = ['js', 'mjs', 'cjs'];

/**
 * Checks that a folder has the file of the function's handler. Commands such as `cdk destroy` and `cdk deploy OtherStack` synthesize
 * stacks without bundling: the asset is then a copy of the user's sources.
 *
 * @throws when the file is missing, or does not have the handler's export
 * @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html
 */
export function checkBundle(constructPath: string, code: FunctionCode, handler: string, runtime: string): void {
  // Other runtimes are refused later.
  if (code.kind !== 'folder' || !/^(nodejs|python)/.test(runtime)) return;
  const candidates = handlerFiles(handler, runtime);
  const found = candidates.filter((file) => fs.existsSync(path.join(code.path, file)));
  if (found.length === 0) {
    throw new Error(`${constructPath}: its asset ${code.path} has none of the files of handler '${handler}', which are ${candidates.join(', ')}: `
      + "it was not bundled; run 'cdk synth', since commands such as 'cdk destroy' synthesize without bundling");
  }
  // An entry at the root of the project has the same name as its bundle.
  const exportName = handler.slice(handler.lastIndexOf('.') + 1);
  if (!found.some((file) => fs.readFileSync(path.join(code.path, file), 'utf8').includes(exportName))) {
    throw new Error(`${constructPath}: ${path.join(code.path, found[0])} has no export '${exportName}': it was not bundled; `
      + "run 'cdk synth', since commands such as 'cdk destroy' synthesize without bundling");
  }
}

function handlerFiles(handler: string, runtime: string): string[] {
  if (runtime.startsWith('python')) {
    const module = handler.replace(/\.[^.]*$/, '').replace(/\./g, '/');
    return [`${module}.py`, `${module}/__init__.py`];
  }
  // The module ends at the first dot of the file's name.
  const [module] = /^(?:.*\/)?[^./]*/.exec(handler)!;
  return NODE_EXTENSIONS.map((extension) => `${module}.${extension}`);
}
