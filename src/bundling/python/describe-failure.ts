import { neededBy } from './needed-by';
import { PythonDependencies } from './python-dependencies';
import { platformTagOf, PythonTarget } from './python-target';
import { WAYS_OUT } from './refuse-compiled';

/** Messages of uv and pip about a package that has no wheel that fits. */
const NO_WHEEL = [
  /(?:Because|and) (?:only )?([\w.[\]<>=!~-]+) ?(?:has|is available with) no (?:usable )?wheels/,
  /Package `([^`]+)` can't be installed because it (?:is marked as `--no-build` but has no binary|doesn't have a source)/,
  /No matching distribution found for ([^\s(]+)/,
];

/** Messages of uv about a package that could not be built, or that was built for this machine. */
const NOT_BUILT = /Failed to (?:download and )?build `([^`]+)`/;

/** Messages of uv, pip and git about a host that does not answer. pip says first how often it tries again, and then that there is no such package. */
const UNREACHABLE = [
  /Failed to (?:fetch|download)[^\n]*?[: `](https?:\/\/[^\s`]+)[\s\S]*?(?:dns error|tcp connect error|error sending request|timed out|connection closed)/,
  /Retrying \(Retry\(total=0,.*?(?:Connection|Proxy|Timeout|SSL|NameResolution)\w*Error/,
  /unable to access '(https?:\/\/[^']+)': (?:Could not resolve|Failed to connect|Connection)/,
];

const FULL = /No space left on device|Disk quota exceeded/;

/**
 * Why the packages could not be installed, with the fix. The reason comes first, and the message of the tool last.
 *
 * @param compiled packages whose source is known to be compiled code
 */
export function describeFailure(
  constructPath: string,
  dependencies: PythonDependencies | undefined,
  target: PythonTarget,
  command: string,
  output: string,
  compiled: ReadonlySet<string> = new Set(),
): string {
  const platform = `Python ${target.version} on Lambda (${platformTagOf(target.version)}, ${target.architecture})`;
  const unreachable = UNREACHABLE.map(pattern => pattern.exec(output)).find(found => found !== null);
  if (unreachable) {
    const from = dependencies ? ` of ${dependencies.files.join(', ')}` : '';
    return `${constructPath}: cannot download the dependencies${from}, because ${unreachable[1] ?? 'the package index'} cannot be reached; check the network, `
      + 'and the settings for proxies, certificates and indexes (HTTPS_PROXY, SSL_CERT_FILE, UV_DEFAULT_INDEX, PIP_INDEX_URL), and run cdk synth again\n' + output;
  }
  if (FULL.test(output)) {
    return `${constructPath}: cannot install the app's dependencies, because a disk is full; free some space on the disk that is named below `
      + `(TMPDIR and UV_CACHE_DIR choose other ones)\n${output}`;
  }
  const [, unbuilt] = NOT_BUILT.exec(output) ?? [];
  if (unbuilt && !/Git operation failed|Failed to fetch:/.test(output)) {
    const local = / @ file:/.test(unbuilt);
    const problem = /The built wheel/.test(output) ? `has no wheel for ${platform}, and its source is compiled code` : 'could not be built from source';
    return local
      ? `${constructPath}: ${unbuilt} ${problem}; the reason is below, try it with: uv build --wheel ${unbuilt.replace(/^.* @ file:\/\//, '')}\n${output}`
      : `${constructPath}: ${unbuilt}${neededBy(unbuilt, dependencies)} ${problem}; ${WAYS_OUT}\n${output}`;
  }
  const [, missing] = NO_WHEEL.map(pattern => pattern.exec(output)).find(found => found !== null) ?? [];
  if (missing) {
    const forbidden = dependencies?.onlyWheels ? ', and onlyWheels forbids building it from source' : '';
    const isCompiled = compiled.has(missing.split(/[^\w.-]/, 1)[0]) ? ', and its source is compiled code' : '';
    return `${constructPath}: ${missing}${neededBy(missing, dependencies)} has no wheel for ${platform}${forbidden}${isCompiled}; ${WAYS_OUT}\n${output}`;
  }
  // uv does not name the package that it builds only to learn what it needs.
  if (/build backend returned an error|Failed to parse metadata from built/.test(output)) {
    return `${constructPath}: a package could not be built from source, for the reason below; ${WAYS_OUT}\n${output}`;
  }
  if (/Hash mismatch|DO NOT MATCH THE HASHES/.test(output)) {
    return `${constructPath}: a package is not the one that was locked in ${dependencies?.files.join(', ')}; find out who changed it before you lock it again\n${output}`;
  }
  return `${constructPath}: cannot install the app's dependencies with ${command}:\n${output}`;
}
