import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { answer, APP, bundle, PythonBundle, WSGI } from './python-project';
import { Project } from '../project';

/** The call in the entry module of a bundle. */
function entryOf({ directory }: PythonBundle): string {
  return readFileSync(path.join(directory, 'wrapped_web_app_entry.py'), 'utf8').split('handler = ')[1];
}

describe('the import root', () => {
  test.each([
    ['a flat file', 'main.py', {}, '("main", None, '],
    ['a flat file with requirements', 'main.py', { 'requirements.txt': '' }, '("main", None, '],
    ['a package', 'app/main.py', { 'app/__init__.py': '' }, '("app.main", None, '],
    ['a package in a project', 'app/main.py', { 'app/__init__.py': '', 'requirements.txt': '' }, '("app.main", None, '],
    ['a folder without __init__.py in a project', 'app/main.py', { 'requirements.txt': '' }, '("app.main", None, '],
    ['a folder without __init__.py and no project', 'app/main.py', {}, '("main", None, '],
    ["Django's default layout", 'mysite/wsgi.py', { 'mysite/__init__.py': '', 'manage.py': '', 'requirements.txt': '' }, '("mysite.wsgi", None, '],
    ['a src layout', 'src/shop/web.py', { 'src/shop/__init__.py': '', 'pyproject.toml': '[project]\nname = "shop"' }, '("shop.web", None, '],
    ['a file in src itself', 'src/web.py', { 'requirements.txt': '' }, '("src.web", None, '],
    ['a package in a package', 'shop/web/main.py', { 'shop/__init__.py': '', 'shop/web/__init__.py': '' }, '("shop.web.main", None, '],
    ['a package that is the entry itself', 'shop/__init__.py', { 'requirements.txt': '' }, '("shop", None, '],
    ['a package that has requirements', 'shop/main.py', { 'shop/__init__.py': '', 'shop/requirements.txt': '' }, '("shop.main", None, '],
  ])('is found for %s', (_, entry, files, call) => {
    const made = bundle(new Project({ [entry]: APP, ...files }), entry);
    expect(entryOf(made)).toContain(call);
    expect(answer(made)).toBe('hello');
  });

  test('is the one of the user', () => {
    const project = new Project({ 'backend/requirements.txt': '', 'backend/lib/shop/web.py': `import helper\nMESSAGE = helper.MESSAGE\n${WSGI}`, 'backend/lib/helper.py': 'MESSAGE = b"helped"' });
    const made = bundle(project, 'backend/lib/shop/web.py', { root: project.path('backend/lib') });
    expect(entryOf(made)).toContain('("shop.web", None, ');
    expect(answer(made)).toBe('helped');
  });

  test('is not above the repository of the entry', () => {
    const project = new Project({ 'requirements.txt': '', 'repository/.git/HEAD': '', 'repository/app/main.py': APP });
    expect(entryOf(bundle(project, 'repository/app/main.py'))).toContain('("main", None, ');
  });

  test('is not the temporary folder of the system', () => {
    const stray = path.join(realpathSync(tmpdir()), 'Pipfile');
    const had = existsSync(stray);
    if (!had) writeFileSync(stray, '');
    try {
      expect(answer(bundle(new Project({ 'main.py': APP }), 'main.py'))).toBe('hello');
    } finally {
      if (!had) rmSync(stray);
    }
  });

  test('fails if it is not a folder, or not above the entry', () => {
    const project = new Project({ 'main.py': APP, 'other/x.py': '' });
    expect(() => bundle(project, 'main.py', { root: project.path('nowhere') })).toThrow(/^Stack\/Web: root ".*nowhere" is not a folder; it is looked up/);
    expect(() => bundle(project, 'main.py', { root: project.path('other') })).toThrow(/is not in root ".*other"; choose a folder above the entry/);
  });
});

describe('the entry', () => {
  test('can name the app after a colon', () => {
    const project = new Project({ 'main.py': `${APP}\nclass sites:\n    shop = app\ndel app\n` });
    expect(answer(bundle(project, 'main.py:sites.shop'))).toBe('hello');
  });

  test.each([
    ['app/main.py', {}, /^Stack\/Web: entry .*main\.py does not exist; it is looked up from the working directory/],
    ['my-app.py', { 'my-app.py': APP }, /cannot be imported from .*, because "my-app" is not a valid Python name; rename it, or set root/],
    ['my-app/main.py', { 'my-app/main.py': APP, 'requirements.txt': '' }, /because "my-app" is not a valid Python name/],
    ['main.rb', { 'main.rb': '' }, /entry must be a file that ends in \.py, optionally followed by :name/],
  ])('fails if it is %s', (entry, files, message) => {
    expect(() => bundle(new Project(files as Record<string, string>), entry)).toThrow(message);
  });
});
