import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { STACKS, synthesize } from './stacks';
import { prepareTool } from '../lambda-runtime/python-environments';

const CFN_LINT = 'cfn-lint==1.58.0';

/** Rules that the CDK's own output breaks: a `DependsOn` that a reference makes redundant, and outputs of values that another stack exports. */
const IGNORED = ['W3005', 'W6001'];

test('cfn-lint finds nothing in the stacks of integ', () => {
  const command = path.join(prepareTool(CFN_LINT), 'cfn-lint');
  const templates = STACKS.flatMap(name => synthesize(name).stacks.map(({ templateFullPath }) => templateFullPath));
  const { stdout, stderr, status } = spawnSync(command, ['--ignore-checks', ...IGNORED, '--', ...templates], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
}, 300_000);
