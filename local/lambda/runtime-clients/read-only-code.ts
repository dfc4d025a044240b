/**
 * Makes the function's folder as read-only as on Lambda, where it is a file system that even its owner cannot write to. The
 * folder's own permissions do not stop root, and their error has another code than Lambda's.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
 */
// The module itself: its exports are replaced.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The functions of `fs` that change something, by the place of the path among their parameters. */
const WRITERS: readonly (readonly string[])[] = [
  ['appendFile', 'chmod', 'chown', 'lchown', 'lutimes', 'mkdir', 'mkdtemp', 'rename', 'rm', 'rmdir', 'truncate', 'unlink', 'utimes', 'writeFile'],
  ['copyFile', 'cp', 'link', 'symlink'],
];

type AnyFunction = (...args: any[]) => any;

/**
 * Makes all functions of `fs` fail with EROFS in a folder.
 *
 * @param onWrite called with the call and the file, once for each
 */
export function makeReadOnly(folder: string, onWrite: (call: string, file: string) => void): void {
  const prefix = fs.realpathSync(folder) + path.sep;
  const told = new Set<string>();

  const refusal = (call: string, target: unknown): NodeJS.ErrnoException | undefined => {
    const file = toPath(target);
    if (file === undefined || !`${file}${path.sep}`.startsWith(prefix)) return undefined;
    const syscall = call.replace(/Sync$/, '');
    if (!told.has(file)) onWrite(syscall, file);
    told.add(file);
    return Object.assign(new Error(`EROFS: read-only file system, ${syscall} '${file}'`), { errno: -30, code: 'EROFS', syscall, path: file });
  };

  const replace = (module: Record<string, any>, name: string, style: 'sync' | 'callback' | 'promise', target: (args: any[]) => unknown): void => {
    const original = module[name] as AnyFunction | undefined;
    if (!original) return;
    const replaced: AnyFunction = function replaced(this: unknown, ...args) {
      const error = refusal(name, target(args));
      if (!error) return original.apply(this, args);
      // The stack begins with the caller.
      Error.captureStackTrace(error, replaced);
      if (style === 'sync') throw error;
      if (style === 'promise') return Promise.reject(error);
      process.nextTick(args[args.length - 1], error);
    };
    // util.promisify looks for properties of the function.
    module[name] = Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(original));
  };

  const atIndex = (index: number) => (args: any[]): unknown => args[index];
  const ifWriting = ([file, flags]: any[]): unknown => (isForWriting(flags) ? file : undefined);
  for (const [name, index] of WRITERS.flatMap((names, place) => names.map((writer) => [writer, place] as const))) {
    replace(fs, name, 'callback', atIndex(index));
    replace(fs, `${name}Sync`, 'sync', atIndex(index));
    replace(fs.promises, name, 'promise', atIndex(index));
  }
  replace(fs, 'open', 'callback', ifWriting);
  replace(fs, 'openSync', 'sync', ifWriting);
  replace(fs.promises, 'open', 'promise', ifWriting);
  syncBuiltinESMExports();
}

function toPath(target: unknown): string | undefined {
  if (typeof target === 'string') return path.resolve(target);
  if (target instanceof URL) return target.protocol === 'file:' ? fileURLToPath(target) : undefined;
  return Buffer.isBuffer(target) ? path.resolve(target.toString()) : undefined;
}

function isForWriting(flags: unknown): boolean {
  const { O_ACCMODE = 3, O_RDONLY, O_CREAT, O_TRUNC } = fs.constants as typeof fs.constants & { O_ACCMODE?: number };
  // eslint-disable-next-line no-bitwise
  if (typeof flags === 'number') return (flags & O_ACCMODE) !== O_RDONLY || (flags & (O_CREAT | O_TRUNC)) !== 0;
  return typeof flags === 'string' && /[wa+]/.test(flags);
}
