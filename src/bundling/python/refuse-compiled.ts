import { BuiltPackage } from './built-packages';
import { neededBy } from './needed-by';
import { PackagesOf } from './packages-of';
import { platformTagOf } from './python-target';

/** What to do about a package that has no wheel for Lambda. */
export const WAYS_OUT = 'use a version that has one, use another runtime or architecture, build the wheel yourself on Lambda\'s system and name its '
  + 'file in requirements.txt, or bundle the app yourself and use AppSource.prebuilt';

/** Throws if a package was compiled on this machine: its libraries may be newer than those of Lambda. */
export function refuseCompiled({ constructPath, dependencies, target }: PackagesOf, built: BuiltPackage[]): void {
  for (const { requirement, directory } of built.filter(({ compiled }) => compiled)) {
    const name = directory === undefined ? `${requirement}${neededBy(requirement, dependencies)}` : `${requirement} in ${directory}`;
    throw new Error(`${constructPath}: ${name} has no wheel for Python ${target.version} on Lambda (${platformTagOf(target.version)}, `
      + `${target.architecture}), and its source is compiled code, which this machine may not compile for Lambda; ${WAYS_OUT}`);
  }
}
