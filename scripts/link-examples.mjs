// Lets the examples import this package by its name, as users do.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const link = fileURLToPath(new URL('../examples/node_modules/cdk-wrapped-web-app', import.meta.url));

mkdirSync(new URL('../examples/node_modules', import.meta.url), { recursive: true });
rmSync(link, { recursive: false, force: true });
symlinkSync(root, link, 'junction');
