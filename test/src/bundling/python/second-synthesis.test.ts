/** @slow starts uv, pip and each Python of this machine */
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { APP, PYTHON, withoutUv, writeProgram } from './python-project';
import { AppSource, PythonAppOptions, WrappedWebApp } from '../../../../src';
import { scratchFolder } from '../../synthesis';
import { Project } from '../project';

/** Synthesizes into the same folder, and counts how often pip installs something. */
class Syntheses {
  private readonly outdir = scratchFolder();
  private readonly log = path.join(scratchFolder(), 'log');

  constructor(private readonly project: Project) {
    writeProgram(path.join(withoutUv(), 'python3'), `case "$*" in *install*) echo >> ${this.log};; esac; exec ${PYTHON.executable} "$@"`);
  }

  public installs(options: PythonAppOptions = {}, entry = 'main.py'): number {
    writeFileSync(this.log, '');
    const stack = new cdk.Stack(new cdk.App({ outdir: this.outdir }), 'Stack');
    new WrappedWebApp(stack, 'Web', { entry: AppSource.python(this.project.path(entry), options) });
    return readFileSync(this.log, 'utf8').length;
  }
}

const pinned = () => new Project({ 'main.py': APP, 'other.py': APP, 'requirements.txt': 'markupsafe==3.0.3' });

test('an unchanged project is not bundled again, even if its files have other times', () => {
  const project = pinned();
  const syntheses = new Syntheses(project);
  expect(syntheses.installs()).toBe(1);
  utimesSync(project.path('main.py'), new Date(0), new Date(0));
  expect(syntheses.installs()).toBe(0);
});

test('a project is bundled again after each change of what goes in', () => {
  const project = pinned();
  const syntheses = new Syntheses(project);
  expect(syntheses.installs()).toBe(1);
  project.write('main.py', `${APP}# changed`);
  expect(syntheses.installs()).toBe(1);
  project.write('new.py', '');
  expect(syntheses.installs()).toBe(1);
  project.write('requirements.txt', '# changed\nmarkupsafe==3.0.3');
  expect(syntheses.installs()).toBe(1);
  expect(syntheses.installs({ exclude: ['new.py'] })).toBe(1);
  expect(syntheses.installs({}, 'other.py')).toBe(1);
  process.env.PIP_TIMEOUT = '60';
  expect(syntheses.installs()).toBe(1);
  delete process.env.PIP_TIMEOUT;
});

test('a project with lines that are not pinned is always bundled', () => {
  const syntheses = new Syntheses(new Project({ 'main.py': APP, 'requirements.txt': 'markupsafe==3.0.3\n-r more.txt', 'more.txt': 'six>=1.16' }));
  expect([syntheses.installs(), syntheses.installs()]).toEqual([1, 1]);
});

test.each([
  ['a version that a file of constraints pins', 'markupsafe\n-c constraints.txt', [1, 0]],
  ['a folder', './lib ; python_version < "3"', [1, 1]],
  ['an address without a hash', 'six @ https://example.com/six-1.17.0.whl ; python_version < "3"', [1, 1]],
])('%s in a requirements file decides whether an unchanged project is bundled again', (_, requirements, installs) => {
  const syntheses = new Syntheses(new Project({ 'main.py': APP, 'requirements.txt': requirements, 'constraints.txt': 'markupsafe==3.0.3', 'lib/setup.py': '' }));
  expect([syntheses.installs(), syntheses.installs()]).toEqual(installs);
});

test('a stack that is not bundled needs no dependency file that commandHooks would write', () => {
  const project = new Project({ 'main.py': APP, 'requirements.in': 'markupsafe' });
  const app = new cdk.App({ outdir: scratchFolder(), context: { 'aws:cdk:bundling-stacks': [] } });
  const commandHooks = { beforeBundling: () => ['false'], afterBundling: () => [] };
  expect(() => new WrappedWebApp(new cdk.Stack(app, 'Stack'), 'Web', { entry: AppSource.python(project.path('main.py'), { commandHooks }) })).not.toThrow();
});

test('commandHooks run before the sources and the dependency file are read, and after the bundle is made', () => {
  const project = new Project({ 'main.py': APP });
  const outdir = scratchFolder();
  const stack = new cdk.Stack(new cdk.App({ outdir }), 'Stack');
  let output = '';
  new WrappedWebApp(stack, 'Web', {
    entry: AppSource.python(project.path('main.py'), {
      commandHooks: {
        beforeBundling: () => ['mkdir static', 'echo 1 > static/made.css', 'echo markupsafe==3.0.3 > requirements.txt'],
        afterBundling: (_, outputDir) => {
          output = outputDir;
          return [`ls ${outputDir}/static/made.css ${outputDir}/main.py`, `echo 2 > ${outputDir}/after.txt`];
        },
      },
    }),
  });
  expect(existsSync(output)).toBe(false);
  const [listing] = readdirSync(outdir).filter(name => name.endsWith('.contents.json'));
  const { files } = JSON.parse(readFileSync(path.join(outdir, listing), 'utf8'));
  expect(files).toEqual(expect.arrayContaining(['static/made.css', 'main.py', 'after.txt', 'markupsafe/__init__.py']));
});
