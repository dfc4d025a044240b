import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { Project } from './project';

const REPOSITORY = path.resolve(__dirname, '../../..');

/** A project in which this library and the given packages are installed. */
function projectWith(...packages: string[]): Project {
  const project = new Project({
    'package.json': {},
    'src/app.ts': 'export default (req: unknown, res: { end(text: string): void }) => res.end(__filename);',
    'node_modules/.keep': '',
    'stack.js': `
      const cdk = require('aws-cdk-lib');
      const { WrappedWebApp } = require('cdk-wrapped-web-app');
      const app = new cdk.App({ outdir: 'cdk.out' });
      new WrappedWebApp(new cdk.Stack(app, 'Stack'), 'Web', { entry: 'src/app.ts' });
      app.synth();`,
  });
  for (const file of ['package.json', 'lib', '.jsii']) {
    cpSync(path.join(REPOSITORY, file), project.path(`node_modules/cdk-wrapped-web-app/${file}`), { recursive: true });
  }
  for (const name of ['aws-cdk-lib', 'constructs', ...packages]) {
    symlinkSync(path.join(REPOSITORY, 'node_modules', name), project.path(`node_modules/${name}`));
  }
  return project;
}

function synthesize(project: Project) {
  return spawnSync(process.execPath, ['stack.js'], { cwd: project.root, encoding: 'utf8', env: process.env });
}

test('the library gives the same bundle in every folder in which it is installed', () => {
  const installed = projectWith('esbuild');
  expect(synthesize(installed)).toMatchObject({ status: 0 });
  const [asset] = readdirSync(installed.path('cdk.out')).filter(name => /^asset\.\w+$/.test(name));
  expect(asset).toBe(`asset.${installed.bundle('src/app.ts').hash}`);
});

test('the library fails if esbuild is not installed, with the construct, the file and the fix', () => {
  const project = projectWith();
  const { status, stderr } = synthesize(project);
  expect(status).toBe(1);
  expect(stderr).toContain(`Stack/Web: esbuild is needed to bundle ${project.path('src/app.ts')} but is not installed; run: npm install --save-dev esbuild`);
});
