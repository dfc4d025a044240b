import { findBuiltPackages } from './built-packages';
import { Finished } from './run-command';

/** The package that uv could not build, or built for this machine. */
const NOT_BUILT = /Failed to (?:download and )?build `([A-Za-z0-9._-]+)==/;

/**
 * Installs packages from wheels, and builds those for which there is none. uv by itself takes the newest version of a package and builds
 * it, although an older version that is allowed as well may have a wheel. So nothing is built where wheels suffice, and a package whose
 * build would be compiled code is looked for as a wheel again.
 *
 * @param attempt installs with these options of uv into the directory, which it empties before
 * @param wheelsOnly the options for wheels only
 * @returns the attempt that succeeded, or else the last one, and the packages whose source is compiled code
 */
export function preferWheels(
  attempt: (options: string[]) => Finished,
  wheelsOnly: string[],
  directory: string,
): Finished & { compiled?: ReadonlySet<string> } {
  const withWheels = attempt(wheelsOnly);
  if (withWheels.status === 0 || !/wheel|binary|build/i.test(withWheels.output)) return withWheels;
  const compiled = new Set<string>();
  for (;;) {
    const done = attempt([...compiled].flatMap(name => ['--only-binary', name]));
    const more = compiledBy(done, directory).filter(name => !compiled.has(name));
    if (more.length === 0) return { ...done, compiled };
    more.forEach(name => compiled.add(name));
  }
}

function compiledBy({ status, output }: Finished, directory: string): string[] {
  if (status !== 0) return NOT_BUILT.exec(output)?.slice(1) ?? [];
  const built = findBuiltPackages(directory).filter(({ compiled, directory: folder }) => compiled && folder === undefined);
  return built.map(({ requirement }) => requirement.split('==')[0]);
}
