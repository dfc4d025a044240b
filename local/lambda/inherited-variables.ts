import { existsSync } from 'node:fs';
import { devNull, homedir } from 'node:os';
import * as path from 'node:path';

/** Where programs, files and AWS's endpoints are. */
const PLACES = /^(PATH|HOME|TMPDIR|SYSTEMROOT|AWS_CA_BUNDLE|AWS_ENDPOINT_URL.*)$/;

/** https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings */
const CREDENTIALS = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE)$/;

/** With these, AWS's SDKs find no credentials on this machine. */
const NO_CREDENTIALS = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull, AWS_EC2_METADATA_DISABLED: 'true' };

/** The only variables of the shell that functions get. With credentials, they use the developer's AWS account. */
export function inheritedVariables(shell: NodeJS.ProcessEnv, withCredentials: boolean): NodeJS.ProcessEnv {
  const isInherited = (name: string): boolean => PLACES.test(name) || (withCredentials && CREDENTIALS.test(name));
  return {
    ...Object.fromEntries(Object.entries(shell).filter(([name]) => isInherited(name))),
    ...(!withCredentials && NO_CREDENTIALS),
  };
}

/** Says which credentials AWS's SDKs find on this machine, in the order in which they look; undefined if they find none. */
export function describeCredentials(shell: NodeJS.ProcessEnv): string | undefined {
  if (shell.AWS_ACCESS_KEY_ID) return 'the access key in AWS_ACCESS_KEY_ID';
  if (shell.AWS_PROFILE) return `the profile '${shell.AWS_PROFILE}'`;
  const home = shell.HOME ?? homedir();
  const files = [shell.AWS_SHARED_CREDENTIALS_FILE ?? path.join(home, '.aws/credentials'), shell.AWS_CONFIG_FILE ?? path.join(home, '.aws/config')];
  const found = files.find((file) => existsSync(file));
  return found === undefined ? undefined : `the default profile in ${found}`;
}
