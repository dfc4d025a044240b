import * as fs from 'node:fs';
import * as path from 'node:path';
import { StackOutputs } from './outputs-file';
import { StackTemplate, TemplateJson } from './stack-template';

/** A stack that `cdk synth` wrote: its template, and the places of its assets on this machine. */
export interface SynthesizedStack {
  /** The construct path of the stack, `Stage/Stack` within a stage. */
  readonly path: string;
  readonly template: StackTemplate;
  /** Asset folders and files by the S3 key that they would be uploaded to. */
  readonly assets: ReadonlyMap<string, string>;
  /** The construct path of a resource, by its logical ID. */
  constructPath(logicalId: string): string;
}

interface AssemblyManifest {
  version?: string;
  artifacts?: Record<string, Artifact>;
}

interface Artifact {
  type: string;
  environment?: string;
  displayName?: string;
  properties?: { directoryName?: string; file?: string; templateFile?: string; stackName?: string };
  metadata?: ArtifactMetadata;
  additionalMetadataFile?: string;
}

interface ConstructPath {
  readonly logicalId: string;
  readonly path: string;
}

interface StackWithPaths extends SynthesizedStack {
  readonly paths: readonly ConstructPath[];
}

type ArtifactMetadata = Record<string, { type: string; data?: unknown }[]>;

/**
 * The newest schema of cloud assemblies that this was tried with. A newer one is read too.
 *
 * @see https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
export const NEWEST_SCHEMA = 55;

/** The stacks of a cloud assembly, and what the user should know about it. */
export interface CloudAssembly {
  readonly stacks: readonly SynthesizedStack[];
  readonly notices: readonly string[];
}

/**
 * Reads every stack of a synthesized `cdk.out`, including those of nested assemblies (CDK stages).
 *
 * @param outputs the outputs of deployed stacks
 * @throws when the folder is not a cloud assembly, or not a whole one
 */
export function readCloudAssembly(directory: string, outputs: StackOutputs = {}): CloudAssembly {
  const stacks = readStacks(directory, outputs);
  const templates = stacks.map(({ template }) => template);
  for (const template of templates) template.neighbours = templates;
  const schema = schemaOf(readManifest(directory), directory);
  return {
    stacks,
    notices: schema <= NEWEST_SCHEMA ? []
      : [`${directory} was written by a newer version of the CDK (schema ${schema}; known up to ${NEWEST_SCHEMA}): if something is not served as it should be, update cdk-wrapped-web-app`],
  };
}

function schemaOf({ version }: AssemblyManifest, directory: string): number {
  const schema = Number(/^\d+/.exec(String(version))?.[0]);
  if (Number.isNaN(schema)) {
    throw new Error(`${directory} is not a synthesized CDK app: its manifest.json has no version, got ${JSON.stringify(version)}; run 'cdk synth' again`);
  }
  return schema;
}

function readManifest(directory: string): AssemblyManifest {
  const file = path.join(directory, 'manifest.json');
  if (!fs.existsSync(file)) {
    throw new Error(`${directory} is not a synthesized CDK app: it has no manifest.json; run 'cdk synth' first, or pass the folder that it wrote`);
  }
  return readJson(file) as AssemblyManifest;
}

function readStacks(directory: string, outputs: StackOutputs): SynthesizedStack[] {
  const manifest = readManifest(directory);
  const artifacts = Object.entries(manifest.artifacts ?? {});
  const assets = readAssets(directory, artifacts.map(([, artifact]) => artifact));
  return artifacts.flatMap(([id, artifact]) => {
    switch (artifact.type) {
      case 'cdk:cloud-assembly':
        return readStacks(path.join(directory, artifact.properties!.directoryName!), outputs);
      case 'aws:cloudformation:stack':
        return withNestedStacks(readStack(directory, id, artifact, assets, outputs));
      default:
        return [];
    }
  });
}

function readStack(directory: string, id: string, artifact: Artifact, assets: ReadonlyMap<string, string>, outputs: StackOutputs): StackWithPaths {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const paths = readConstructPaths(directory, artifact);
  const constructPath = (logicalId: string): string => trimResource(findPath(paths, logicalId) ?? `${id}/${logicalId}`);
  const template = new StackTemplate(readJson(path.join(directory, artifact.properties!.templateFile!)) as TemplateJson, {
    stackName: artifact.properties?.stackName ?? id,
    outputs: outputs[artifact.properties?.stackName ?? id],
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    constructPath,
  });
  return { paths, path: artifact.displayName?.replace(/ \(.*\)$/, '') ?? id, template, assets, constructPath };
}

/** A nested stack's template is an asset of the stack that it belongs to. */
function withNestedStacks(stack: StackWithPaths): SynthesizedStack[] {
  const { template: parent, assets } = stack;
  const nested = parent.read('AWS::CloudFormation::Stack', (resource) => {
    const file = assets.get(String(resource.value('TemplateURL')).split('/').pop()!);
    if (file === undefined) return undefined;
    const { logicalId } = resource;
    const nestedPath = stack.constructPath(logicalId).replace(/\.NestedStack\/.*$/, '');
    const paths = stack.paths.filter((entry) => entry.path.startsWith(`${nestedPath}/`));
    const constructPath = (nestedId: string): string => trimResource(findPath(paths, nestedId) ?? `${nestedPath}/${nestedId}`);
    const template = new StackTemplate(readJson(file) as TemplateJson, {
      stackName: `${parent.stackName}-${logicalId}`,
      account: parent.account,
      region: parent.region,
      constructPath,
      parent: { template: parent, parameters: parent.parametersOfNested(logicalId) },
    });
    parent.nested.set(logicalId, template);
    return withNestedStacks({ paths, path: nestedPath, template, assets, constructPath });
  });
  return [stack, ...nested.flat()];
}

/** The logical IDs are in the manifest, or, since schema 50, in a file beside it. */
function readConstructPaths(directory: string, artifact: Artifact): ConstructPath[] {
  const metadata: ArtifactMetadata = { ...artifact.metadata };
  if (artifact.additionalMetadataFile) {
    Object.assign(metadata, readJson(path.join(directory, artifact.additionalMetadataFile)));
  }
  return Object.entries(metadata).flatMap(([constructPath, entries]) => entries
    .filter(({ type }) => type === 'aws:cdk:logicalId')
    .map(({ data }) => ({ logicalId: String(data), path: constructPath.replace(/^\//, '') })));
}

/** A nested stack may use the same logical ID; its construct path is the longer one. */
function findPath(paths: readonly ConstructPath[], logicalId: string): string | undefined {
  return paths.filter((entry) => entry.logicalId === logicalId).map(({ path: found }) => found).sort((a, b) => a.length - b.length)[0];
}

function readAssets(directory: string, artifacts: Artifact[]): Map<string, string> {
  const assets = new Map<string, string>();
  for (const artifact of artifacts) {
    if (artifact.type !== 'cdk:asset-manifest') continue;
    const manifest = readJson(path.join(directory, artifact.properties!.file!)) as {
      files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
    };
    for (const asset of Object.values(manifest.files ?? {})) {
      // An asset that a command creates during the upload has no path.
      if (!asset.source.path) continue;
      for (const destination of Object.values(asset.destinations)) {
        assets.set(destination.objectKey, path.resolve(directory, asset.source.path));
      }
    }
  }
  return assets;
}

/** `Stack/Api/Handler/Resource` is the L1 of the construct `Stack/Api/Handler`. */
function trimResource(constructPath: string): string {
  return constructPath.replace(/\/(Resource|Default)$/, '');
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}; if 'cdk synth' was interrupted or is still running, run it again`);
  }
}
