import { mkdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Project } from './project';
import { FileSelection, selectFiles } from '../../../src/bundling/select-files';
import { UploadRules } from '../../../src/bundling/upload-rules';
import { testStack } from '../synthesis';

function select(made: Project, exclude: string[] = [], start?: string[]): FileSelection {
  return selectFiles(new UploadRules(testStack(), made.root, exclude), start?.map(file => made.path(file)));
}

/** The paths that are uploaded. */
function uploaded(...args: Parameters<typeof select>): string[] {
  return select(...args).files.map(({ target }) => target);
}

function project(...files: string[]): Project {
  return new Project(Object.fromEntries(files.map(file => [file, ''])));
}

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n';

describe('names', () => {
  test.each([
    ['.env', 'may hold secrets'],
    ['.env.production', 'may hold secrets'],
    ['.envrc', 'may hold secrets'],
    ['config/.env.local', 'may hold secrets'],
    ['.aws/credentials', 'may hold credentials'],
    ['.ssh/id_rsa', 'may hold credentials'],
    ['.netrc', 'may hold credentials'],
    ['.npmrc', 'may hold credentials'],
    ['.pypirc', 'may hold credentials'],
    ['.git-credentials', 'may hold credentials'],
    ['infra/terraform.tfstate', 'state of Terraform, which holds secrets'],
    ['terraform.tfstate.backup', 'state of Terraform, which holds secrets'],
    ['.git/config', 'version control'],
    ['.gitignore', 'version control'],
    ['.github/workflows/ci.yml', 'version control'],
    ['cdk.json', 'belongs to the CDK app'],
    ['cdk.context.json', 'belongs to the CDK app'],
    ['cdk.out/manifest.json', 'belongs to the CDK app'],
    ['app/__pycache__/main.cpython-313.pyc', 'a cache'],
  ])('%s is not uploaded', (file, reason) => {
    const { files, leftOut } = select(project(file, 'main.py'));
    expect(files.map(({ target }) => target)).toEqual(['main.py']);
    expect(leftOut).toEqual([{ path: expect.stringMatching(/./), reason }]);
    expect(file.startsWith(leftOut[0].path)).toBe(true);
  });

  test('.env.example and other files with a dot are uploaded', () => {
    expect(uploaded(project('.env.example', '.well-known/security.txt', '.htaccess'))).toEqual(['.env.example', '.htaccess', '.well-known/security.txt']);
  });

  test('exclude leaves out more, and says so', () => {
    const { files, leftOut } = select(project('docs/a.md', 'docs/keep.md', 'main.py'), ['docs/*', '!keep.md']);
    expect(files.map(({ target }) => target)).toEqual(['docs/keep.md', 'main.py']);
    expect(leftOut).toEqual([{ path: 'docs/a.md', reason: 'exclude' }]);
  });

  test('exclude takes back a file by its name, and only that one', () => {
    expect(uploaded(project('.env', '.env.production', 'a/.env.production', '.aws/config'), ['!.env.production', '!.aws']))
      .toEqual(['.aws/config', '.env.production', 'a/.env.production']);
    expect(uploaded(project('.env.production', 'a/.env.production'), ['!/.env.production'])).toEqual(['.env.production']);
  });

  test('a folder that is taken back keeps its secrets to itself', () => {
    expect(uploaded(project('.git/config', '.git/.env', '.git/sub/.env'), ['!.git'])).toEqual(['.git/config']);
  });
});

describe('contents', () => {
  test('a private key is not uploaded, whatever the name of its file', () => {
    const keys = new Project({
      'certs/site.pem': `Bag Attributes\n${KEY}`,
      'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n',
      'deploy': KEY.replace('RSA', 'OPENSSH'),
      'plain.txt': KEY.replace('RSA ', ''),
      'main.py': `KEY = """${KEY}"""`,
    });
    const { files, leftOut } = select(keys);
    expect(files.map(({ target }) => target)).toEqual(['certs/ca.pem', 'main.py']);
    expect(leftOut).toEqual(['certs/site.pem', 'deploy', 'plain.txt'].map(file => ({ path: file, reason: 'holds a private key' })));
    expect(uploaded(keys, ['!site.pem', '!/deploy'])).toEqual(['certs/ca.pem', 'certs/site.pem', 'deploy', 'main.py']);
  });

  test.each([
    ['env/pyvenv.cfg', 'a virtual environment'],
    ['env/conda-meta/history', 'a virtual environment'],
    ['env/cdk.out', 'the output of a CDK app'],
    ['env/CACHEDIR.TAG', 'a cache'],
  ])('a folder with %s is not uploaded, and can be taken back', (marker, reason) => {
    const made = project(marker, 'env/lib/x.py', 'main.py');
    expect(select(made)).toMatchObject({ files: [{ target: 'main.py' }], leftOut: [{ path: 'env', reason }] });
    expect(uploaded(made, ['!env'])).toEqual(expect.arrayContaining(['env/lib/x.py', 'main.py']));
  });

  test('the output folder of this CDK app is not uploaded, whatever its name', () => {
    const made = project('build/asset.1/x.py', 'main.py');
    const stack = new cdk.Stack(new cdk.App({ outdir: made.path('build') }));
    expect(selectFiles(new UploadRules(stack, made.root, []))).toMatchObject({ files: [{ target: 'main.py' }], leftOut: [{ path: 'build' }] });
  });
});

describe('doubtful files', () => {
  test.each(['db.sqlite3', 'data/app.db', 'dump.sql.gz', 'store.p12', 'prod.tfvars', 'secrets.yaml', 'app.log'])('%s is uploaded with a doubt', (file) => {
    expect(select(project(file))).toMatchObject({ files: [{ target: file }], leftOut: [], doubtful: [{ path: file }] });
  });

  test('there is no doubt about a file that exclude takes back or leaves out', () => {
    expect(select(project('db.sqlite3', 'app.log'), ['!db.sqlite3', '*.log'])).toMatchObject({ files: [{ target: 'db.sqlite3' }], doubtful: [] });
  });
});

describe('links', () => {
  function linked(files: string[], links: { [link: string]: string }): Project {
    const made = project(...files);
    for (const [link, target] of Object.entries(links)) {
      mkdirSync(path.dirname(made.path(link)), { recursive: true });
      symlinkSync(target, made.path(link));
    }
    return made;
  }

  test('are followed to files and folders', () => {
    const made = linked(['shared/a.txt'], { 'b.txt': 'shared/a.txt', 'web/shared': '../shared' });
    expect(select(made).files).toEqual([
      { source: made.path('shared/a.txt'), target: 'b.txt' },
      { source: made.path('shared/a.txt'), target: 'shared/a.txt' },
      { source: made.path('shared/a.txt'), target: 'web/shared/a.txt' },
    ]);
  });

  test('are not uploaded if their target is not', () => {
    const made = linked(['.env', 'shared/secret.txt', 'real/.aws/credentials', 'env/pyvenv.cfg', 'env/lib/a.py'],
      { 'settings.txt': '.env', 'web': 'shared', 'file': 'real/.aws/credentials', 'packages': 'env/lib' });
    const { files, leftOut } = select(made, ['/shared/secret.txt']);
    expect(files).toEqual([]);
    expect(leftOut).toEqual(expect.arrayContaining([
      { path: 'settings.txt', reason: 'a link to .env: may hold secrets' },
      { path: 'web/secret.txt', reason: 'a link to shared/secret.txt: exclude' },
      { path: 'file', reason: 'a link to real/.aws/credentials: may hold credentials' },
      { path: 'packages', reason: 'a link to env/lib: a virtual environment' },
    ]));
  });

  test('fails for a link out of the root, unless it is left out', () => {
    const other = project('secret.txt');
    const made = linked(['main.py'], { 'data/secret [1].txt': other.path('secret.txt') });
    expect(() => select(made)).toThrow(`Stack: the link ${made.path('data/secret [1].txt')} leads out of ${made.root}, to ${other.path('secret.txt')}, `
      + 'so it cannot be uploaded; put what it points to into that folder, or leave it out with exclude: ["/data/secret \\\\[1\\\\].txt"]');
    expect(uploaded(made, ['/data/secret \\[1\\].txt'])).toEqual(['main.py']);
    expect(uploaded(linked(['main.py'], { '.venv': other.root }), ['.venv'])).toEqual(['main.py']);
  });

  test('fails for a link into a folder that contains it', () => {
    const made = linked(['a/main.py'], { 'a/b/again': '..' });
    expect(() => select(made)).toThrow(`Stack: the link ${made.path('a/b/again')} leads back into a, which contains it, so it cannot be uploaded; `
      + 'remove it, or leave it out with exclude: ["/a/b/again"]');
  });

  test('fails for two folders that link to each other', () => {
    expect(() => select(linked(['a/1', 'b/2'], { 'a/to-b': '../b', 'b/to-a': '../a' }))).toThrow(/the link .*a\/to-b\/to-a leads back into a, which contains it/);
  });

  test('fails for links that lead in a circle', () => {
    const made = linked([], { one: 'two', two: 'one' });
    expect(() => select(made)).toThrow(`Stack: the link ${made.path('one')} leads in a circle, through two, so it cannot be uploaded`);
  });

  test('to nothing are left out, with the reason', () => {
    expect(select(linked([], { broken: 'nowhere' })).leftOut).toEqual([{ path: 'broken', reason: 'a link to nowhere, which does not exist' }]);
  });
});

test('only the given files and folders are looked through', () => {
  const made = project('public/a.css', 'public/.env', 'views/b.html', 'app.js');
  expect(select(made, [], ['public', 'views/b.html', 'public/a.css'])).toMatchObject({
    files: [{ target: 'public/a.css' }, { target: 'views/b.html' }],
    leftOut: [{ path: 'public/.env' }],
  });
});
