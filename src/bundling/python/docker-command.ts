import { compileArguments, LARGEST_MEGABYTES } from './compile-python';
import { REQUIREMENTS } from './install-python-packages';

/**
 * The command that runs in Docker if the machine has neither uv nor pip. The pip of the image installs the packages, and can also build
 * packages that have no wheel. The Python of the image compiles everything.
 */
export const DOCKER_COMMAND = ['bash', '-c', [
  `if [ -f /asset-output/${REQUIREMENTS} ]; then`,
  `python -m pip install --quiet --no-cache-dir --no-compile --target /tmp/packages --requirement /asset-output/${REQUIREMENTS}`,
  '&& rm -rf /tmp/packages/bin',
  "&& find /tmp/packages \\( -name __pycache__ -o -path '*.dist-info/direct_url.json' -o -path '*.dist-info/REQUESTED' \\) -prune -exec rm -rf {} +",
  '&& cp -rn /tmp/packages/. /asset-output/',
  `&& rm /asset-output/${REQUIREMENTS}; fi`,
  // Not in the folder of the app: its modules would hide modules of Python with the same name.
  `&& cd / && { PYTHONHASHSEED=0 python ${compileArguments('/asset-output').join(' ')} || true; }`,
  `&& { [ "$(du -sm /asset-output | cut -f1)" -le ${LARGEST_MEGABYTES} ] || find /asset-output -name __pycache__ -prune -exec rm -rf {} +; }`,
].join(' ')];
