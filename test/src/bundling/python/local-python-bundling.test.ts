import { readFileSync, statSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { answer, APP, bundle, bundles, withoutUv, WSGI } from './python-project';
import { findInterpreters } from '../../../lambda-runtime/python-environments';
import { Project } from '../project';

const files = {
  'main.py': APP,
  'templates/index.html': '<p>',
  'bin/keep': 'the app reads it',
  'tests/test_main.py': '',
  '.venv/x.py': '',
  '.env': 'SECRET=1',
  '__pycache__/main.cpython-313.pyc': 'stale',
  '__pycache__/main.cpython-312.pyc': 'stale',
  '__pycache__/gone.cpython-313.pyc': 'stale',
  'legacy.pyc': 'stale',
  'cdk.out/x': '',
  'node_modules/x/index.js': '',
  '.git/HEAD': '',
  'secret.txt': '',
  'data/big.csv': '',
};

const OURS = /^wrapped_web_app_(runtime|entry\.py)/;

test('the whole root is uploaded, without tests, caches and files of tools', () => {
  const made = bundle(new Project(files), 'main.py');
  expect(made.files.filter(file => !OURS.test(file))).toEqual(['bin', 'bin/keep', 'data', 'data/big.csv', 'main.py', 'secret.txt', 'templates', 'templates/index.html']);
  expect(made.files.filter(file => /pycache|\.pyc$/.test(file))).toEqual([]);
  expect(made.bytecode).not.toContain('__pycache__/gone.cpython-313.pyc');
  expect(made.bytecode.filter(file => readFileSync(path.join(made.directory, file), 'latin1') === 'stale')).toEqual([]);
});

test('exclude leaves out more files, and takes others back', () => {
  const made = bundle(new Project(files), 'main.py', { exclude: ['secret.txt', 'data/*.csv', '!tests'] });
  expect(made.files.filter(file => !OURS.test(file))).toEqual(['bin', 'bin/keep', 'main.py', 'templates', 'templates/index.html', 'tests', 'tests/test_main.py']);
});

test('symbolic links within the root are followed', () => {
  const project = new Project({ 'main.py': `from lib.shared import MESSAGE\n${WSGI}`, 'vendor/shared.py': 'MESSAGE = b"shared"' });
  symlinkSync('vendor', project.path('lib'));
  expect(answer(bundle(project, 'main.py'))).toBe('shared');
});

test('fails for a link out of the root before anything is installed', () => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'no-such-package==1.0' });
  symlinkSync(new Project({}).root, project.path('lib'));
  expect(() => bundle(project, 'main.py')).toThrow(`Stack/Web: the link ${project.path('lib')} leads out of ${project.root}`);
});

test('a file beside the asset lists what is in it, what was left out and why, and the size of each package', () => {
  const made = bundle(new Project({ ...files, 'requirements.txt': 'markupsafe==3.0.3', 'db.sqlite3': '' }), 'main.py', { exclude: ['data'] });
  const listing = JSON.parse(readFileSync(`${made.directory}.contents.json`, 'utf8'));
  expect(listing.packages.map(({ name }: { name: string }) => name).sort()).toEqual(['markupsafe 3.0.3', 'the app']);
  expect(listing.leftOut).toEqual(expect.arrayContaining([
    { path: '.env', reason: 'may hold secrets' },
    { path: '.venv', reason: 'a virtual environment' },
    { path: 'data', reason: 'exclude' },
    { path: 'tests', reason: 'tests' },
  ]));
  expect(listing.doubtful).toEqual([{ path: 'db.sqlite3', reason: expect.stringContaining('database') }]);
  expect(listing.files.filter((file: string) => !file.endsWith('.pyc')).sort())
    .toEqual(made.files.filter(file => statSync(path.join(made.directory, file)).isFile()).sort());
});

test('the uploaded script that starts the runtime loop is executable', () => {
  const { directory } = bundle(new Project({ 'main.py': APP }), 'main.py');
  expect(statSync(path.join(directory, 'wrapped_web_app_runtime/stream-responses.sh')).mode.toString(8)).toMatch(/755$/);
});

test('the hash is the same with every Python version that installs, and with uv and pip', () => {
  const project = new Project({ 'main.py': APP, 'requirements.txt': 'flask==3.1.3' });
  const original = process.env.PATH;
  const hashes = findInterpreters().map(({ executable }) => {
    process.env.PATH = `${path.dirname(executable)}:${original}`;
    return bundle(project, 'main.py').hash;
  });
  withoutUv();
  hashes.push(bundle(project, 'main.py').hash);
  expect(new Set(hashes).size).toBe(1);
});

test('two entries in one folder have different bundles', () => {
  const project = new Project({ 'one.py': APP, 'two.py': `MESSAGE = b"two"\n${WSGI}` });
  expect(bundles(project, [{ entry: 'one.py' }, { entry: 'two.py' }]).map(answer)).toEqual(['hello', 'two']);
});

test('one entry with different options has different bundles', () => {
  const [one, other] = bundles(new Project(files), [{ entry: 'main.py' }, { entry: 'main.py', options: { exclude: ['data'] } }]);
  expect(one.files).toContain('data/big.csv');
  expect(other.files).not.toContain('data/big.csv');
});

test('a file of the app replaces a file of a dependency with the same name', () => {
  const project = new Project({ 'main.py': `from markupsafe import MESSAGE\n${WSGI}`, 'markupsafe/__init__.py': 'MESSAGE = b"mine"', 'requirements.txt': 'markupsafe==3.0.3' });
  expect(answer(bundle(project, 'main.py'))).toBe('mine');
});
