/**
 * A program of its own beside a bundle: V8's code cache for it, made when the app is synthesized and used when it starts.
 * It changes how long the bundle takes to load, and nothing else.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { constants, Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** As Node wraps CommonJS modules itself. */
const [HEAD, TAIL] = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'];

/**
 * The start of V8's data: magic number, hash of V8's version, length of the source, hash of its flags, and
 * the checksum of its snapshot, each of four bytes.
 *
 * @see https://github.com/v8/v8/blob/main/src/snapshot/code-serializer.h
 */
const HEADER_BYTES = 20;
const FLAGS = 12;
const SNAPSHOT = 16;

/** In Node 20 a script from a cache has no `import()`. */
const MAJOR = Number(process.versions.node.split('.')[0]);

/** Options of Node and V8 that change neither the bytecode nor the source. Lambda sets the first four. */
const HARMLESS = /^--(expose[-_]gc|max-http-header-size|max[-_]semi[-_]space[-_]size|max[-_]old[-_]space[-_]size|enable-source-maps|trace-warnings|no-warnings|no-deprecation|unhandled-rejections)(=.*)?$/;

interface CompilableModule extends NodeJS.Module {
  _compile(source: string, file: string, ...rest: unknown[]): unknown;
}
const { prototype } = Module as unknown as { prototype: CompilableModule };

/** Compiles a bundle, and writes the cache beside it. None of the bundle runs. Node must have been started with `--no-lazy`. */
export function writeCodeCache(file: string): void {
  const source = readFileSync(file);
  const data = new Script(wrap(source.toString())).createCachedData();
  data.fill(0, FLAGS, FLAGS + 4);
  const check = Buffer.alloc(4);
  check.writeUInt32LE(checksum(data, source));
  writeFileSync(`${file}.cache`, Buffer.concat([data, check]));
  // Unlike the cache, it is part of the asset's hash: the cache of another build must be uploaded.
  const { node, v8 } = process.versions;
  writeFileSync(`${file}.cache.json`, `${JSON.stringify({ node, v8, architecture: process.arch })}\n`);
}

/** Lets the next `require` of a bundle use its cache. Writes one line to the log, which says whether it could. */
export function useCodeCache(file: string): void {
  const compile = prototype._compile;
  prototype._compile = function (this: CompilableModule, source, name, ...rest): unknown {
    if (name !== file) {
      return compile.call(this, source, name, ...rest);
    }
    prototype._compile = compile;
    const read = readCache(file);
    const script = typeof read === 'string' ? undefined : scriptOf(source, file, read);
    const problem = typeof read === 'string' ? read : script?.cachedDataRejected ? 'V8 refused it' : undefined;
    console.debug(`[wrapped-web-app] code cache: ${problem === undefined ? 'used' : `not used, ${problem}`}`);
    if (script === undefined) {
      return compile.call(this, source, name, ...rest);
    }
    const run = script.runInThisContext() as Function;
    return run.call(this.exports, this.exports, createRequire(file), this, file, dirname(file));
  };
}

function wrap(source: string): string {
  return HEAD + source + TAIL;
}

/** Node says once that the loader which `import()` needs is experimental. That is not news of the app. */
function withoutWarning(): void {
  const { emitWarning } = process;
  const filtered = function (this: unknown, warning: unknown, ...rest: unknown[]): void {
    if (typeof warning !== 'string' || !warning.startsWith('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER')) {
      Reflect.apply(emitWarning, this, [warning, ...rest]);
    } else if (process.emitWarning === filtered) {
      process.emitWarning = emitWarning;
    }
  };
  process.emitWarning = filtered as typeof emitWarning;
}

function scriptOf(source: string, filename: string, cachedData: Buffer): Script {
  if (/\bimport\s*\(/.test(source)) {
    withoutWarning();
  }
  return new Script(wrap(source), {
    filename,
    // The first line of the source begins at its own column.
    columnOffset: -HEAD.length,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** @returns the cache, or why there is none that this process may use */
function readCache(file: string): Buffer | string {
  if (MAJOR < 22) {
    return 'Node 22 or later is needed';
  }
  const unknown = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].find((option) => option.startsWith('-') && !HARMLESS.test(option));
  if (unknown !== undefined) {
    return `its effect with ${unknown} is not known`;
  }
  if (!existsSync(`${file}.cache`)) {
    return 'there is none';
  }
  // V8 does not check what it deserializes, and would crash.
  const own = new Script('').createCachedData();
  const header = readHeader(`${file}.cache`);
  if (!isSame(own, header, 0, 8) || !isSame(own, header, SNAPSHOT, 4)) {
    return 'another build of Node made it';
  }
  const all = readFileSync(`${file}.cache`);
  const data = all.subarray(0, -4);
  if (all.length < HEADER_BYTES + 4 || all.readUInt32LE(data.length) !== checksum(data, readFileSync(file))) {
    return 'it is damaged, or of another bundle';
  }
  own.copy(data, FLAGS, FLAGS, FLAGS + 4);
  return data;
}

/** The whole file has megabytes, and most caches that cannot be used show it here. */
function readHeader(file: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, header);
  closeSync(descriptor);
  return header;
}

function isSame(one: Buffer, other: Buffer, start: number, length: number): boolean {
  return one.compare(other, start, start + length, start, start + length) === 0;
}

/** Against accidents, not attacks. Most apps load `node:zlib` anyway; a loop in JavaScript would take longer than to load it. */
function checksum(data: Buffer, source: Buffer): number {
  return crc32(data, crc32(source));
}
