import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { assetDirectory } from './asset-directory';
import { listFiles } from './list-files';
import { writeWhole } from './write-whole';

/** What is kept of a bundle, so that the next synthesis does not have to make it again. */
export interface BundleRecord {
  /** The hash of its files. */
  readonly fingerprint: string;
  readonly bytes: number;
  readonly files: number;
  /** The warnings that came up while it was made. They are shown again if it is reused. */
  readonly annotations: readonly { readonly type: string; readonly data: any }[];
}

/** Finds the bundle that an earlier synthesis made of the same inputs, if it is still in the CDK's output as it was made. */
export function findRecord(output: string, inputs: string): BundleRecord | undefined {
  const file = fileOf(output, inputs);
  if (!existsSync(file)) return undefined;
  const record = parse(readFileSync(file, 'utf8'));
  return record && hasContents(assetDirectory(output, record.fingerprint), record) ? record : undefined;
}

export function writeRecord(output: string, inputs: string, record: BundleRecord): void {
  writeWhole(fileOf(output, inputs), JSON.stringify(record));
}

/** Whether a folder has as many files, of the same size together, as a bundle had when it was made. */
export function hasContents(directory: string, record: BundleRecord): boolean {
  if (!existsSync(directory)) return false;
  const sizes = listFiles(directory).map(file => lstatSync(path.join(directory, file)).size);
  return sizes.length === record.files && sizes.reduce((sum, size) => sum + size, 0) === record.bytes;
}

function fileOf(output: string, inputs: string): string {
  return path.join(output, `bundled.${sha256(inputs)}.json`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Returns undefined for a file of an older version of this library. */
function parse(json: string): BundleRecord | undefined {
  try {
    const record = JSON.parse(json);
    return typeof record.fingerprint === 'string' && Array.isArray(record.annotations) ? record : undefined;
  } catch {
    return undefined;
  }
}
