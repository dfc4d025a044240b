import { withVariables } from './package-index';
import { APP, bundle, withoutUv } from './python-project';
import { describeFailure } from '../../../../src/bundling/python/describe-failure';
import { Project } from '../project';

const TARGET = { version: '3.13', architecture: 'x86_64' };

/** Nothing listens there. */
const CLOSED = 'http://127.0.0.1:1/simple';

test.each([
  ['uv', () => withVariables({ UV_DEFAULT_INDEX: CLOSED, UV_HTTP_RETRIES: '0', UV_NO_CACHE: '1' }), 'http://127.0.0.1:1/simple/markupsafe/'],
  ['pip', () => {
    withoutUv();
    withVariables({ PIP_INDEX_URL: CLOSED, PIP_RETRIES: '1', PIP_NO_CACHE_DIR: '1' });
  }, 'the package index'],
])('fails with %s if the network is down, with the dependency file, the address and what to check', (_, prepare, address) => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'markupsafe==3.0.3' });
  prepare();
  expect(() => bundle(project, 'main.py')).toThrow(`Stack/Web: cannot download the dependencies of ${project.path('requirements.txt')}, because ${address} cannot be reached; check the network`);
});

test('a host that git cannot reach is named', () => {
  const output = `error: Failed to download and build \`pyyaml @ git+https://github.com/yaml/pyyaml.git@a9c28e0b521967f5330f0316edd90a57f99cdd32\`
  cause: Git operation failed
         fatal: unable to access 'https://github.com/yaml/pyyaml.git/': Could not resolve host: github.com`;
  expect(describeFailure('Stack/Web', undefined, TARGET, 'uv pip install', output))
    .toMatch(/^Stack\/Web: cannot download the dependencies, because https:\/\/github\.com\/yaml\/pyyaml\.git\/ cannot be reached/);
});

test('fails on a full disk with what to do', () => {
  const output = `error: Failed to install: markupsafe-3.0.4-cp313-cp313-manylinux_2_28_x86_64.whl (markupsafe==3.0.4)
  cause: Failed to copy to \`/tmp/x/markupsafe/_speedups.so\`
  cause: failed to copy file from /home/ada/.cache/uv/_speedups.so to /tmp/x/markupsafe/.tmpMgiLC9: No space left on device (os error 28)`;
  expect(describeFailure('Stack/Web', undefined, TARGET, 'uv pip install', output))
    .toMatch(/^Stack\/Web: cannot install the app's dependencies, because a disk is full; free some space on the disk that is named below .*\nerror: Failed to install/);
});
