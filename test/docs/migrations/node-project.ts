import { existsSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MigrationPage } from './migration-page';
import * as library from '../../../src';
import { Project } from '../../src/bundling/project';
import { functionOf } from '../../src/synthesis';

const ROOT = path.join(__dirname, '../../..');

/** A project with the files of a page. Packages are those of this repository. */
export function projectOf(page: MigrationPage, files: readonly string[], packageJson: object = { type: 'module' }): Project {
  const project = new Project({ 'package.json': packageJson });
  symlinkSync(path.join(ROOT, 'node_modules'), project.path('node_modules'));
  for (const file of files) project.write(file, page.file(file));
  return project;
}

export interface BuiltApp {
  /** The file with the handler, in the folder that would be uploaded. */
  readonly file: string;
  readonly directory: string;
  readonly env: Record<string, string>;
}

/** Synthesizes the construct of the page's section "after", and returns what would be deployed, behind these front doors too. */
export function synthesizeAfter(page: MigrationPage, project: Project, doors: readonly library.FrontDoorName[]): BuiltApp {
  const app = new cdk.App();
  const stack = new cdk.Stack(app, 'Stack');
  // Paths on the page start from the folder of the CDK app.
  const code = page.snippet('after').replace(/^import .*\n/gm, '').replace(/'(src\/[^']+|[\w]+\.js)'/g, (_, file) => JSON.stringify(project.path(file)));
  new Function(...Object.keys(library), code).call(stack, ...Object.values(library));
  const [web] = stack.node.children as library.WrappedWebApp[];
  const made = { 'function-url': web.functionUrl, 'http-api': web.httpApi, 'rest-api': web.restApi, 'alb': web.loadBalancer };
  for (const door of doors.filter(one => made[one] === undefined)) web.addFrontDoor(door, door);
  const assembly = app.synth();
  const { Code, Handler, Environment } = functionOf(Template.fromJSON(assembly.getStackByName('Stack').template));
  const directory = path.join(assembly.directory, `asset.${path.parse(Code.S3Key).name}`);
  const module = path.join(directory, Handler.slice(0, Handler.lastIndexOf('.')));
  const file = ['.mjs', '.cjs', '.js'].map(extension => module + extension).find(existsSync);
  if (!file) throw new Error(`no file for the handler ${Handler} in ${directory}`);
  return { file, directory, env: Environment.Variables };
}
