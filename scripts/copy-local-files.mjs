// Copies the files that the local front doors need in addition to their compiled code: pages, and clients in other languages.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

for (const file of ['inspector/page.html', 'runtime-client/python_client.py']) {
  cpSync(path(`../local/${file}`), path(`../lib/local/${file}`));
}
