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

/** The options of uv for the target. */
export function targetArguments({ version, architecture }: PythonTarget): string[] {
  return ['--python-platform', `${machineOf(architecture)}-${platformTagOf(version)}`, '--python-version', version];
}
