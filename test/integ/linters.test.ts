import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { STACKS, synthesize } from './stacks';
import { prepareTool } from '../lambda-runtime/python-environments';

const CFN_LINT = 'cfn-lint==1.58.0';

/** `DependsOn` beside a reference: the CDK writes it for the role of every function. */
const IGNORED = ['W3005'];

test('cfn-lint has nothing to say of the stacks of integ', () => {
  const command = path.join(prepareTool(CFN_LINT), 'cfn-lint');
  const templates = STACKS.flatMap(name => synthesize(name).stacks.map(({ templateFullPath }) => templateFullPath));
  const { stdout, stderr, status } = spawnSync(command, ['--ignore-checks', ...IGNORED, '--', ...templates], { encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  expect(status).toBe(0);
}, 300_000);
