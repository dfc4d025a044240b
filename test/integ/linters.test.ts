import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { STACKS, synthesize } from './stacks';
import { prepareTool } from '../lambda-runtime/python-environments';

const CFN_LINT = 'cfn-lint==1.58.0';

/** What the CDK itself writes: `DependsOn` beside a reference, for the role of every function; outputs of what another stack exports. */
const IGNORED = ['W3005', 'W6001'];

test('cfn-lint has nothing to say of the stacks of integ', () => {
  const command = path.join(prepareTool(CFN_LINT), 'cfn-lint');
  const templates = STACKS.flatMap(name => synthesize(name).stacks.map(({ templateFullPath }) => templateFullPath));
  const { stdout, stderr, status } = spawnSync(command, ['--ignore-checks', ...IGNORED, '--', ...templates], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
}, 300_000);
