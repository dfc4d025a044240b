import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describeCredentials, inheritedVariables } from '../../../local/lambda/inherited-variables';
import { writeAssembly } from '../fixtures/assembly';
import { get, HANDLER, lines, serveAssembly } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

const SHELL = { PATH: '/bin', HOME: '/home/me', SECRET: 'x', AWS_PROFILE: 'dev', AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't', AWS_ENDPOINT_URL: 'http://x' };

test('functions get credentials, places and nothing else of the shell', () => {
  const { SECRET, ...inherited } = SHELL;
  expect(inheritedVariables(SHELL, true)).toEqual(inherited);
});

test('without credentials, functions get none, and AWS\'s SDKs find none in files', () => {
  expect(inheritedVariables(SHELL, false)).toEqual({
    PATH: '/bin', HOME: '/home/me', AWS_ENDPOINT_URL: 'http://x', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true',
  });
});

test('the credentials are those that AWS\'s SDKs find first', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'home-'));
  expect(describeCredentials({ HOME: home })).toBeUndefined();
  mkdirSync(path.join(home, '.aws'));
  writeFileSync(path.join(home, '.aws/config'), '');
  expect(describeCredentials({ HOME: home })).toBe(`the default profile in ${path.join(home, '.aws/config')}`);
  expect(describeCredentials({ HOME: home, AWS_PROFILE: 'dev' })).toBe("the profile 'dev'");
  expect(describeCredentials(SHELL)).toBe('the access key in AWS_ACCESS_KEY_ID');
  rmSync(home, { recursive: true });
});

describe('serve', () => {
  const assembly = (): string => writeAssembly(fourDoors(), { 'index.js': HANDLER });

  beforeEach(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' }));
  afterEach(() => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });

  test('says that functions get the credentials of the shell', async () => {
    const served = await serveAssembly(assembly());
    expect(lines).toContain('functions use your AWS credentials, the access key in AWS_ACCESS_KEY_ID; --no-credentials keeps them from functions');
    expect(JSON.parse((await get(served, 'http-api', '/?do=context')).body.toString()).env).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIA' });
  });

  test('keeps them from functions', async () => {
    const served = await serveAssembly(assembly(), { credentials: false });
    expect(lines.join('\n')).not.toContain('credentials');
    const { env } = JSON.parse((await get(served, 'http-api', '/?do=context')).body.toString());
    expect(Object.keys(env).filter((name) => /KEY|TOKEN|PROFILE/.test(name))).toEqual([]);
  });

  test('warns of what others can do when it listens beyond this machine', async () => {
    await serveAssembly(assembly(), { host: '0.0.0.0' });
    expect(lines).toContain('listening on 0.0.0.0: everyone who can reach this machine can use the apps, and through them your AWS credentials, and read all requests in the inspector');
  });
});
