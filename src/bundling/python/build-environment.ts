import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';

/** Variables with credentials, or with the addresses of package indexes. */
const PRIVATE = [
  '^(?:AWS|UV|PIP|POETRY|PIPENV|PDM|HATCH|TWINE|NPM|DOCKER|GIT|GITHUB|GITLAB|CI_JOB|CODEARTIFACT|NETRC|GOOGLE|AZURE|CDK)(?:_|$)',
  'TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|(?:^|_)KEY$|API_?KEY|SSH_',
];

/** Where programs look for the files of a user. */
const HOMES = ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'];

/**
 * The environment for uv, which needs the credentials of indexes to download packages. The Python processes that uv starts to build a
 * package do not get them: Python runs `sitecustomize` before anything else, and it starts the process anew without them.
 *
 * @param folder an empty folder
 */
export function buildEnvironment(folder: string): NodeJS.ProcessEnv {
  const home = path.join(folder, 'home');
  const startup = path.join(folder, 'startup');
  for (const made of [home, startup]) mkdirSync(made, { recursive: true });
  writeFileSync(path.join(startup, 'sitecustomize.py'), restartWithout(home));
  const { PYTHONHOME, PYTHONSTARTUP, ...rest } = process.env;
  return { ...rest, PYTHONPATH: startup, UV_NO_EDITABLE: '1', UV_PREVIEW_FEATURES: 'pylock', NO_COLOR: '1' };
}

function restartWithout(home: string): string {
  return `import os, re, sys

private = re.compile(${JSON.stringify(PRIVATE.join('|'))}, re.IGNORECASE)
clean = {
    name: value
    for name, value in os.environ.items()
    if not private.search(name) and not re.search("://[^/]*@", value) and name != "PYTHONPATH"
}
clean.update({name: ${JSON.stringify(home)} for name in ${JSON.stringify(HOMES)} if name == "HOME" or name in clean})
if os.name == "posix" and hasattr(sys, "orig_argv"):
    os.execve(sys.executable, sys.orig_argv, clean)
os.environ.clear()
os.environ.update(clean)
`;
}
