import * as fs from 'node:fs';
import { SynthesizedStack } from './cloud-assembly';
import { TemplateResource } from './template-resource';

/** Where a function's code is: a folder or an archive in the cloud assembly, or a text in the template. */
export type FunctionCode =
  | { readonly kind: 'folder' | 'archive'; readonly path: string }
  | { readonly kind: 'inline'; readonly fileName: string; readonly text: string };

/**
 * Finds a function's code.
 *
 * @throws when it is not in the cloud assembly
 */
export function findFunctionCode(stack: SynthesizedStack, resource: TemplateResource): FunctionCode {
  const { constructPath } = resource;
  const text = resource.value('Code.ZipFile');
  if (typeof text === 'string') {
    // CloudFormation writes inline code to a file named index.
    return { kind: 'inline', fileName: String(resource.value('Runtime')).startsWith('python') ? 'index.py' : 'index.js', text };
  }
  const S3Key = resource.value('Code.S3Key');
  const asset = stack.assets.get(String(S3Key));
  if (!asset) {
    throw new Error(`${constructPath}: its code is not an asset of this cdk.out, got S3Key ${JSON.stringify(S3Key)}; bundle it, or use Code.fromAsset`);
  }
  if (!fs.existsSync(asset)) {
    throw new Error(`${constructPath}: its asset ${asset} does not exist; run 'cdk synth' again`);
  }
  return { kind: fs.statSync(asset).isDirectory() ? 'folder' : 'archive', path: asset };
}
