import { chmodSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { Project } from './project';
import { APP, bundle } from './python/python-project';

/** Runs with a umask that hides new files from other users. */
function withPrivateUmask(run: () => void): void {
  const umask = process.umask(0o077);
  try {
    run();
  } finally {
    process.umask(umask);
  }
}

function modesOf(directory: string, files: string[]): string[] {
  return files.map(file => (statSync(path.join(directory, file)).mode & 0o777).toString(8)); // eslint-disable-line no-bitwise
}

test('everyone can read the bundle of a Node app, with any umask and any modes of its files', () => {
  const project = new Project({ 'package.json': {}, 'src/app.ts': '', 'private/data.txt': 'x', 'private/run.sh': '#!/bin/sh' });
  chmodSync(project.path('private/data.txt'), 0o600);
  chmodSync(project.path('private/run.sh'), 0o700);
  withPrivateUmask(() => {
    const { directory } = project.bundle('src/app.ts', { assets: ['private'] });
    expect(modesOf(directory, ['src', 'src/app.cjs', 'private', 'private/data.txt', 'private/run.sh'])).toEqual(['755', '644', '755', '644', '744']);
  });
});

test('everyone can read the bundle of a Python app, with any umask', () => {
  const project = new Project({ 'main.py': APP, 'data/x.txt': '', 'requirements.txt': 'markupsafe==3.0.3' });
  withPrivateUmask(() => {
    const { directory } = bundle(project, 'main.py');
    const files = ['main.py', 'data', 'markupsafe/__init__.py', 'wrapped_web_app_entry.py', 'wrapped_web_app_runtime/stream-responses.sh'];
    expect(modesOf(directory, files)).toEqual(['644', '755', '644', '644', '755']);
  });
});
