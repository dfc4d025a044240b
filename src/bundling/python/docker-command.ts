import { compileArguments, LARGEST_MEGABYTES } from './compile-python';
import { CONSTRAINTS, REQUIREMENTS } from './docker-requirements';
import { PythonAppOptions } from './python-app-options';

/**
 * The command that runs in Docker if the machine has neither uv nor pip. The pip of the image installs the packages, and can also build
 * packages that have no wheel, even with compiled code, because the image is Lambda's system. The Python of the image compiles everything.
 * The container has no variables of this machine and no home folder of a user.
 */
export function dockerCommand({ onlyWheels }: PythonAppOptions): string[] {
  return ['bash', '-c', [
    `if [ -f /asset-output/${REQUIREMENTS} ]; then`,
    'python -m pip install --quiet --no-cache-dir --no-compile --target /tmp/packages',
    `${onlyWheels ? '--only-binary :all: ' : ''}--constraint /asset-output/${CONSTRAINTS} --requirement /asset-output/${REQUIREMENTS}`,
    '&& rm -rf /tmp/packages/bin',
    "&& find /tmp/packages \\( -name __pycache__ -o -path '*.dist-info/direct_url.json' -o -path '*.dist-info/REQUESTED' \\) -prune -exec rm -rf {} +",
    '&& cp -rn /tmp/packages/. /asset-output/',
    `&& rm /asset-output/${REQUIREMENTS} /asset-output/${CONSTRAINTS}; fi`,
    // Not in the folder of the app: its modules would hide modules of Python with the same name.
    `&& cd / && { PYTHONHASHSEED=0 python ${compileArguments('/asset-output').join(' ')} || true; }`,
    `&& { [ "$(du -sm /asset-output | cut -f1)" -le ${LARGEST_MEGABYTES} ] || { echo 'the bundle has no bytecode, because it would be larger than ${LARGEST_MEGABYTES} MB' >&2`,
    '&& find /asset-output -name __pycache__ -prune -exec rm -rf {} +; }; }',
  ].join(' ')];
}
