/**
 * Runs esbuild. As a program, which a synth starts for each bundle, it reads an `EsbuildJob` from standard input and writes warnings to
 * standard error; after an error, which it writes there too, the exit code is 1.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import * as path from 'node:path';
import type * as Esbuild from 'esbuild';
import { withEsbuildArgs } from './esbuild-args';
import { errorWithFix, LOG_OVERRIDE, warningsForUser } from './messages';
import { NodeAppOptions } from './node-app-options';
import { NodeEntry } from './node-entry';
import { computedNames, passComputedNames, withNodeEndings } from './plugins/computed-names';
import { FileLocations } from './plugins/file-locations';
import { jsonFiles } from './plugins/json-files';
import { withModuleNamespaces } from './plugins/module-namespaces';
import { nativePackages } from './plugins/native-packages';
import { optionalPackages } from './plugins/optional-packages';
import { packageFiles } from './plugins/package-files';
import { packageModules } from './plugins/package-modules';
import { circularImporters, requiredBuiltins } from './plugins/required-builtins';
import { awaitingModule, ENTRY_MODULE, runtimeModules, SEPARATE_RUNTIME } from './plugins/runtime-modules';
import { ScriptLocations } from './plugins/script-locations';
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
  /** Whether the entry is a program of its own, and not a web app for the runtime. */
  readonly isScript?: boolean;
  readonly options: NodeAppOptions;
}

type Format = 'cjs' | 'esm';

const EXTENSIONS: Record<Format, string> = { cjs: '.cjs', esm: '.mjs' };

/** `\u1234` in the place of one character. */
const ESCAPE_LENGTH = 6;
/** A bundle may become 2 % longer by its escapes. */
const MAX_GROWTH = 0.02;

if (require.main === module) {
  runEsbuild(JSON.parse(readFileSync(0, 'utf8'))).then(
    warnings => process.stderr.write(warnings),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}

/**
 * Writes the bundle.
 *
 * @returns warnings for the user, as text
 * @throws when the user's sources cannot be bundled, with esbuild's messages as text
 */
export async function runEsbuild(job: EsbuildJob): Promise<string> {
  const esbuild: typeof Esbuild = createRequire(__filename)(job.esbuild);
  try {
    return await buildInFormatOfEntry(esbuild, job);
  } catch (error) {
    const { errors } = error as Partial<Esbuild.BuildFailure>;
    if (!Array.isArray(errors)) throw error;
    const messages = errors.map(errorWithFix);
    throw new Error((await esbuild.formatMessages(messages, { kind: 'error', color: false })).join('').trim());
  }
}

/** A CommonJS app stays CommonJS, because an ES module always runs in strict mode. */
async function buildInFormatOfEntry(esbuild: typeof Esbuild, job: EsbuildJob): Promise<string> {
  const chosen = job.options.format as Format | undefined;
  if (chosen) return build(esbuild, job, chosen);
  if (job.entry.isModule) return build(esbuild, job, 'esm');
  try {
    return await build(esbuild, job, 'cjs');
  } catch (error) {
    const { errors = [] } = error as Partial<Esbuild.BuildFailure>;
    if (!errors.some(({ text }) => /top-level await/i.test(text))) throw error;
    return build(esbuild, job, 'esm');
  }
}

async function build(esbuild: typeof Esbuild, job: EsbuildJob, format: Format): Promise<string> {
  const charset = job.options.charset ?? 'utf8';
  const bundle = await bundleOf(esbuild, job, format, { charset });
  // An ES module runs what it imports before itself, so the runtime would be too late to catch the `listen()` of a package that is not bundled.
  const isRuntimeLate = format === 'esm' && !job.isScript && importsPackages(bundle.result.metafile);
  const isWorthEscaping = job.options.charset === undefined && hasFewOtherCharacters(codeOf(bundle.result, format).text);
  const circular = format === 'esm' ? circularImporters(bundle.result.metafile) : new Set<string>();
  const { result, locations } = isRuntimeLate || isWorthEscaping || circular.size > 0
    ? await bundleOf(esbuild, job, format, { charset: isWorthEscaping ? 'ascii' : charset, separateRuntime: isRuntimeLate, circular })
    : bundle;

  const target = (file: string) => path.join(job.outputDirectory, path.relative(job.entry.projectRoot, file));
  const code = codeOf(result, format);
  const sourceMap = result.outputFiles.find(({ path: file }) => file === `${code.path}.map`);
  const complete = withNodeEndings(withModuleNamespaces({ output: locations.complete(code.text), map: sourceMap?.text }));
  for (const file of result.outputFiles) {
    mkdirSync(path.dirname(target(file.path)), { recursive: true });
    writeFileSync(target(file.path), file === code ? complete.output : file === sourceMap ? complete.map! : file.contents);
  }
  const file = path.join(job.outputDirectory, job.bundle);
  if (isRuntimeLate) copyFileSync(path.join(job.runtimeDirectory, 'serve-server.mjs'), path.join(path.dirname(file), SEPARATE_RUNTIME));
  if (format === 'cjs' && !job.isScript) writeFileSync(`${file}.mjs`, awaitingModule(`${path.basename(file)}.cjs`));
  if (job.options.metafile) writeFileSync(`${file}.meta.json`, JSON.stringify(result.metafile, undefined, 2));
  const warnings = warningsForUser(result.warnings);
  return warnings.length === 0 ? '' : (await esbuild.formatMessages(warnings, { kind: 'warning', color: false })).join('');
}

function codeOf({ outputFiles }: { outputFiles: Esbuild.OutputFile[] }, format: Format): Esbuild.OutputFile {
  return outputFiles.find(({ path: file }) => file.endsWith(EXTENSIONS[format]))!;
}

/**
 * One character that is not Latin-1 makes V8 keep the whole bundle with two bytes for each character, which takes longer to read and compile:
 * with a few such characters, Fastify starts 7 % later. If there are many, as in the tables of iconv-lite, their escapes take longer.
 */
function hasFewOtherCharacters(code: string): boolean {
  const count = code.match(/[^\x00-\x7f]/g)?.length ?? 0;
  return count > 0 && count * ESCAPE_LENGTH < code.length * MAX_GROWTH;
}

/** Whether the output has imports of packages, which are then loaded before its own code. */
function importsPackages({ outputs }: Esbuild.Metafile): boolean {
  return Object.values(outputs).flatMap(({ imports }) => imports).some(({ path: name, kind, external }) => (
    external && kind === 'import-statement' && !name.startsWith('node:') && !builtinModules.includes(name)
  ));
}

/** What is known only when the app was bundled once. */
interface Findings {
  readonly charset: string;
  readonly separateRuntime?: boolean;
  readonly circular?: ReadonlySet<string>;
}

async function bundleOf(esbuild: typeof Esbuild, job: EsbuildJob, format: Format, findings: Findings) {
  const { entry, options } = job;
  const { charset, separateRuntime = false, circular = new Set() } = findings;
  const script = job.isScript ? new ScriptLocations(format, job.bundle, entry.relativeFile) : undefined;
  const locations = script ?? new FileLocations(format, job.bundle);
  const buildOptions = withEsbuildArgs({
    entryPoints: [{ in: script ? entry.file : ENTRY_MODULE, out: job.bundle }],
    bundle: true,
    write: false as const,
    metafile: true as const,
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
    banner: { js: [separateRuntime && `import "./${SEPARATE_RUNTIME}";`, options.banner, locations.banner, script?.afterBanner].filter(Boolean).join('\n') },
    footer: options.footer ? { js: options.footer } : undefined,
    tsconfig: options.tsconfig ? path.resolve(options.tsconfig) : undefined,
    mainFields: options.mainFields,
    // Without any, esbuild adds `module`, which Node does not know: `require` would get an ES module where Node has one in CommonJS.
    conditions: options.conditions ?? [],
    inject: options.inject?.map(file => path.resolve(file)),
    charset: charset as Esbuild.Charset,
    logLevel: 'silent' as const,
    logOverride: LOG_OVERRIDE,
    plugins: [
      runtimeModules(job.runtimeDirectory, entry, format, separateRuntime),
      userFiles(entry, locations, options.tsconfig && path.resolve(options.tsconfig)),
      packageModules(),
      viewEngines(entry),
      jsonFiles(),
      optionalPackages(),
      nativePackages(),
      packageFiles(),
      requiredBuiltins(format, circular),
    ],
  }, options.esbuildArgs ?? {});
  const result = await esbuild.build(buildOptions).catch((error: Partial<Esbuild.BuildFailure>) => {
    const names = computedNames(error.errors ?? []);
    if (!names) throw error;
    return esbuild.build({ ...buildOptions, plugins: [passComputedNames(names), ...buildOptions.plugins] });
  });
  return { result, locations };
}
