// Copies the files that the local front doors need in addition to their compiled code: pages, and clients in other languages.
// Makes the command executable: npm does so when it installs the package, but the console script of a Python wheel does not.
import { chmodSync, cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

for (const file of ['inspector/page.html', 'runtime-client/python_client.py']) {
  cpSync(path(`../local/${file}`), path(`../lib/local/${file}`));
}
chmodSync(path('../lib/local/cli.js'), 0o755);
