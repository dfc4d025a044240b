import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SynthesizedStack } from './cloud-assembly';
import { setFileTimes } from './file-times';
import { makeId } from './physical-ids';
import { TemplateResource } from './template-resource';
import { unpackArchive } from './unpack-archive';

/**
 * Returns the folder with a function's code: an asset folder with the times that its files have on Lambda, an archive unpacked, inline code
 * written to a file.
 *
 * @throws when the code is not in the cloud assembly
 */
export async function findFunctionCode(stack: SynthesizedStack, resource: TemplateResource): Promise<string> {
  const { constructPath } = resource;
  const inlineCode = resource.value('Code.ZipFile');
  if (typeof inlineCode === 'string') {
    return writeInlineCode(constructPath, String(resource.value('Runtime')), inlineCode);
  }
  const S3Key = resource.value('Code.S3Key');
  const asset = stack.assets.get(String(S3Key));
  if (!asset) {
    throw new Error(`${constructPath}: its code is not an asset of this cdk.out, got S3Key ${JSON.stringify(S3Key)}; bundle it, or use Code.fromAsset`);
  }
  if (!fs.existsSync(asset)) {
    throw new Error(`${constructPath}: its asset ${asset} does not exist; run 'cdk synth' again`);
  }
  if (!fs.statSync(asset).isDirectory()) return unpackArchive(asset);
  setFileTimes(asset);
  return asset;
}

/** CloudFormation writes inline code to a file named index. */
function writeInlineCode(constructPath: string, runtime: string, code: string): string {
  const directory = path.join(tmpdir(), 'cdk-wrapped-web-app', makeId(`${constructPath}/${code}`));
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, runtime.startsWith('python') ? 'index.py' : 'index.js'), code);
  return directory;
}
