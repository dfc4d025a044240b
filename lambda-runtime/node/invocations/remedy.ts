import { resolve, sep } from 'node:path';

/** The number of causes of an error that are looked at. */
const DEPTH = 5;

/**
 * What to do about an error that an app meets on Lambda only, where its message says only what is wrong.
 *
 * @returns undefined for all other errors
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
 */
export function remedyFor(error: unknown): string | undefined {
  try {
    return remedyOf(error);
  } catch {
    // Apps may throw any value, even one whose properties cannot be read.
    return undefined;
  }
}

function remedyOf(error: unknown): string | undefined {
  let each = error as NodeJS.ErrnoException | null | undefined;
  for (let i = 0; i < DEPTH && typeof each === 'object' && each !== null; i++, each = each.cause as typeof each) {
    const { code, path } = each;
    if (code === 'EROFS') {
      return 'on Lambda only /tmp can be written to; have the app write its files there';
    }
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || (code === 'ENOENT' && typeof path === 'string' && isInBundle(path))) {
      return 'the file is not in the bundle; if a package looks for it, add the package to nodeModules, which installs it with all of its files; '
        + 'if it is a file of the app, add it to assets';
    }
  }
  return undefined;
}

function isInBundle(path: string): boolean {
  const root = process.env.LAMBDA_TASK_ROOT;
  return root !== undefined && resolve(path).startsWith(root.endsWith(sep) ? root : root + sep);
}
