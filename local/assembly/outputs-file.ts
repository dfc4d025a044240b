import * as fs from 'node:fs';

/** The outputs of deployed stacks, by the stack's name and the output's logical ID. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Reads the file that `cdk deploy --outputs-file` writes.
 *
 * @throws when it cannot be read, or contains something else
 */
export function readOutputsFile(file: string): StackOutputs {
  let outputs: unknown;
  try {
    outputs = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`cannot read the outputs file ${file}: ${(error as Error).message}`);
  }
  if (!isObject(outputs) || !Object.values(outputs).every((stack) => isObject(stack) && Object.values(stack).every((value) => typeof value === 'string'))) {
    throw new Error(`${file} has no outputs of stacks: expected {"StackName": {"OutputName": "value"}}, as 'cdk deploy --outputs-file ${file}' writes it`);
  }
  return outputs as StackOutputs;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
