/** The machine that packages are installed for. */
export interface PythonTarget {
  /** As in `3.13`. */
  readonly version: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
}

/** Lambda's Python 3.10 and 3.11 run on Amazon Linux 2 with glibc 2.26; 3.12 and later on Amazon Linux 2023 with 2.34. */
export function platformTagOf(version: string): 'manylinux2014' | 'manylinux_2_28' {
  return Number(version.split('.')[1]) < 12 ? 'manylinux2014' : 'manylinux_2_28';
}

export function machineOf(architecture: string): string {
  return architecture === 'arm64' ? 'aarch64' : 'x86_64';
}

/**
 * Patch releases that Lambda has had for long. It updates them by itself: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html
 */
const PATCHES: { [version: string]: number } = { '3.10': 18, '3.11': 13, '3.12': 11, '3.13': 5 };

/**
 * The version that markers such as `python_full_version < "3.11.3"` and `requires-python` of packages are compared with. uv and pip take
 * `3.11` for 3.11.0.
 */
export function fullVersionOf(version: string): string {
  return `${version}.${PATCHES[version] ?? 0}`;
}

/** The options with which uv locks for the target. */
export function targetArguments({ version, architecture }: PythonTarget): string[] {
  return ['--python-platform', `${machineOf(architecture)}-${platformTagOf(version)}`, '--python-version', version];
}
