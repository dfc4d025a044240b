import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { APP, bundle } from './python-project';
import { Project } from '../project';

test('packages have no commands, caches and traces of the installation, and their records list only existing files', () => {
  const written = { 'main.py': APP, 'requirements.txt': 'markupsafe==3.0.3\nflask==3.1.3\n' };
  const [one, other] = [bundle(new Project(written), 'main.py'), bundle(new Project(written), 'main.py')];
  expect(one.hash).toBe(other.hash);
  const records = one.files.filter(file => file.endsWith('.dist-info/RECORD')).map(file => readFileSync(path.join(one.directory, file), 'utf8').trimEnd().split('\n'));
  const recorded = records.flat().map(line => line.split(',')[0]);
  expect(recorded).toEqual(expect.arrayContaining(['flask/app.py', 'flask-3.1.3.dist-info/RECORD', 'markupsafe/__init__.py']));
  expect(recorded.filter(file => !one.files.includes(file))).toEqual([]);
  expect(one.files.filter(file => /^bin\/flask|__pycache__|direct_url\.json|\.lock$/.test(file))).toEqual([]);
});
