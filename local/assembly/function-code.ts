import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { SynthesizedStack } from './cloud-assembly';
import { physicalId } from './stack-template';
import { unpackArchive } from './unpack-archive';

/**
 * The folder with a function's code: the asset as it is, unpacked where it is an archive, or code that stands in the template itself.
 *
 * @throws when the code lies somewhere else
 */
export function findFunctionCode(stack: SynthesizedStack, logicalId: string, properties: Readonly<Record<string, any>>): string {
  const { S3Key, ZipFile } = properties.Code ?? {};
  if (typeof ZipFile === 'string') {
    return writeInlineCode(stack, logicalId, String(properties.Runtime), ZipFile);
  }
  const asset = stack.assets.get(String(S3Key));
  if (!asset) {
    throw new Error(`${stack.constructPath(logicalId)}: its code is no asset of this cdk.out (S3Key ${JSON.stringify(S3Key)}); bundle it, or hand it over with Code.fromAsset`);
  }
  if (!fs.existsSync(asset)) {
    throw new Error(`${stack.constructPath(logicalId)}: its asset ${asset} does not exist; run 'cdk synth' again`);
  }
  return fs.statSync(asset).isDirectory() ? asset : unpackArchive(asset);
}

/** CloudFormation writes such code into a file named index. */
function writeInlineCode(stack: SynthesizedStack, logicalId: string, runtime: string, code: string): string {
  const directory = path.join(tmpdir(), 'cdk-wrapped-web-app', physicalId(`${stack.path}/${logicalId}/${code}`));
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, runtime.startsWith('python') ? 'index.py' : 'index.js'), code);
  return directory;
}
