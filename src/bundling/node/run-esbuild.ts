/**
 * The program that `LocalNodeBundling` starts. It reads an `EsbuildJob` from standard input and writes the bundle.
 * Errors in the user's sources are written to standard error, and the exit code is then 1.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import type * as Esbuild from 'esbuild';
import { withEsbuildArgs } from './esbuild-args';
import { NodeAppOptions } from './node-app-options';
import { NodeEntry } from './node-entry';
import { FileLocations } from './plugins/file-locations';
import { nativePackages } from './plugins/native-packages';
import { optionalPackages } from './plugins/optional-packages';
import { awaitingModule, ENTRY_MODULE, runtimeModules } from './plugins/runtime-modules';
import { userFiles } from './plugins/user-files';
import { viewEngines } from './plugins/view-engines';

/** What is bundled, with which esbuild, and where the output goes. */
export interface EsbuildJob {
  /** The main file of the esbuild package. */
  readonly esbuild: string;
  /** The folder of the built runtime. */
  readonly runtimeDirectory: string;
  readonly outputDirectory: string;
  readonly entry: NodeEntry;
  /** The path of the bundle in the output, without an extension. */
  readonly bundle: string;
  readonly nodeVersion: string;
  readonly options: NodeAppOptions;
}

type Format = 'cjs' | 'esm';

const EXTENSIONS: Record<Format, string> = { cjs: '.cjs', esm: '.mjs' };

if (require.main === module) {
  run(JSON.parse(readFileSync(0, 'utf8'))).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

async function run(job: EsbuildJob): Promise<void> {
  const esbuild: typeof Esbuild = createRequire(__filename)(job.esbuild);
  try {
    await buildInFormatOfEntry(esbuild, job);
  } catch (error) {
    const { errors } = error as Partial<Esbuild.BuildFailure>;
    if (!Array.isArray(errors)) throw error;
    const messages = errors.map(withFix);
    throw new Error((await esbuild.formatMessages(messages, { kind: 'error', color: false })).join('').trim());
  }
}

/** Adds the option of this library that fixes the error, which esbuild cannot know. */
function withFix(message: Esbuild.Message): Esbuild.Message {
  if (!message.text.startsWith('No loader is configured for ".node" files')) return message;
  const [, name = 'the package'] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(message.location?.file ?? '') ?? [];
  return { ...message, text: `${message.text}; native code cannot be bundled: add ${JSON.stringify(name)} to nodeModules, which installs it for Lambda` };
}

/** A CommonJS app stays CommonJS, because an ES module always runs in strict mode. */
async function buildInFormatOfEntry(esbuild: typeof Esbuild, job: EsbuildJob): Promise<void> {
  const chosen = job.options.format as Format | undefined;
  if (chosen) return build(esbuild, job, chosen);
  if (job.entry.isModule) return build(esbuild, job, 'esm');
  try {
    await build(esbuild, job, 'cjs');
  } catch (error) {
    const { errors = [] } = error as Partial<Esbuild.BuildFailure>;
    if (!errors.some(({ text }) => /top-level await/i.test(text))) throw error;
    await build(esbuild, job, 'esm');
  }
}

async function build(esbuild: typeof Esbuild, job: EsbuildJob, format: Format): Promise<void> {
  const { entry, options } = job;
  const locations = new FileLocations(format, job.bundle);
  const result = await esbuild.build(withEsbuildArgs({
    entryPoints: [{ in: ENTRY_MODULE, out: job.bundle }],
    bundle: true,
    write: false as const,
    platform: 'node' as const,
    format,
    target: options.target ?? `node${job.nodeVersion}`,
    // Every path in the output and in its source map is relative to the project, so the output is the same in every directory.
    absWorkingDir: entry.projectRoot,
    outdir: entry.projectRoot,
    outExtension: { '.js': EXTENSIONS[format] },
    sourcemap: options.sourceMap ?? true,
    sourcesContent: options.sourcesContent ?? false,
    minify: options.minify,
    keepNames: options.keepNames,
    external: [...options.externalModules ?? [], ...options.nodeModules ?? []],
    define: { ...locations.define, ...options.define },
    loader: options.loader as Record<string, Esbuild.Loader>,
    banner: { js: [options.banner, locations.banner].filter(Boolean).join('\n') },
    footer: options.footer ? { js: options.footer } : undefined,
    tsconfig: options.tsconfig ? path.resolve(options.tsconfig) : undefined,
    mainFields: options.mainFields,
    conditions: options.conditions,
    inject: options.inject?.map(file => path.resolve(file)),
    charset: (options.charset ?? 'utf8') as Esbuild.Charset,
    logLevel: 'silent',
    plugins: [
      runtimeModules(job.runtimeDirectory, entry, format),
      userFiles(entry.projectRoot, locations, options.tsconfig && path.resolve(options.tsconfig)),
      viewEngines(entry.projectRoot),
      optionalPackages(),
      nativePackages(),
    ],
  }, options.esbuildArgs ?? {}));
  for (const file of result.outputFiles) {
    const target = path.join(job.outputDirectory, path.relative(entry.projectRoot, file.path));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, target.endsWith(EXTENSIONS[format]) ? locations.complete(file.text) : file.contents);
  }
  if (format === 'cjs') {
    const bundle = path.join(job.outputDirectory, job.bundle);
    writeFileSync(`${bundle}.mjs`, awaitingModule(`${path.basename(bundle)}.cjs`));
  }
  process.stderr.write((await esbuild.formatMessages(result.warnings, { kind: 'warning', color: false })).join(''));
}
