import * as path from 'node:path';

/** The folder of this package. This file runs from `lib/bundling` or, in tests, from `src/bundling`. */
export const PACKAGE_ROOT = path.resolve(__dirname, '../..');
