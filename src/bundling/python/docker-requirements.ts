import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { lockForPip } from './install-python-packages';
import { PythonDependencies } from './python-dependencies';
import { localPathOf, readRequirements, RequirementLine, requiresHashes } from './requirements-file';
import { withScratchFolder } from '../scratch-folder';

/** The file with the list of packages, which exists only while Docker installs them. */
export const REQUIREMENTS = '.wrapped-web-app-requirements.txt';

/** The file with the constraints for them. It may be empty. */
export const CONSTRAINTS = '.wrapped-web-app-constraints.txt';

/**
 * Writes what the pip of the image installs. The container sees only the bundle, so the files that a requirements file includes are
 * copied into one, and what the container cannot reach is refused.
 */
export function writeDockerRequirements(constructPath: string, dependencies: PythonDependencies, outputDirectory: string): void {
  withScratchFolder(scratch => {
    const lines = readRequirements(lockForPip(constructPath, dependencies, scratch).files);
    lines.forEach(line => refuseUnreachable(constructPath, dependencies, line));
    // Hashes hold without an option of their own: pip insists on all of them as soon as one line has one.
    const options = requiresHashes(lines) ? ['--require-hashes'] : [];
    const text = (wanted: RequirementLine[]) => wanted.map(line => `${line.text}\n`).join('');
    writeFileSync(path.join(outputDirectory, REQUIREMENTS), [...options, ''].join('\n') + text(lines.filter(line => !line.constraint)));
    writeFileSync(path.join(outputDirectory, CONSTRAINTS), text(lines.filter(line => line.constraint)));
  });
}

function refuseUnreachable(constructPath: string, { kind, files }: PythonDependencies, line: RequirementLine): void {
  const where = kind === 'requirements.txt' ? `${line.file}:${line.line}` : files.join(', ');
  const refuse = (problem: string) => {
    throw new Error(`${constructPath}: ${where} ${problem}, and this machine has neither uv nor pip; install uv`);
  };
  const local = localPathOf(line);
  if (local !== undefined) refuse(`names ${local}, which is not in the Docker container that installs the packages`);
  if (kind !== 'requirements.txt' && line.text.startsWith('--extra-index-url')) {
    refuse('takes packages from several indexes, but the pip in the Docker container asks all of them for each package');
  }
  if (/^--(?:extra-)?index-url\b.*\$\{/.test(line.text)) {
    refuse('names an index with a variable, which is not set in the Docker container that installs the packages');
  }
}
