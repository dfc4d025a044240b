import * as fs from 'node:fs';
import * as path from 'node:path';
import { findApp } from './find-app';
import { FoundApp } from './found-app';
import { readPackage, withDevDependencies } from './package-file';
import { PackageManager, packageManagerOf } from './package-manager';
import { nameOfFolder, packagesFor, renderCdkJson, renderStack } from './project-files';

/** What was written, and what the user can do next. */
export interface Initialized {
  readonly app: FoundApp;
  readonly written: readonly string[];
  /** Files that existed, and have some more lines now. */
  readonly changed: readonly string[];
  readonly commands: readonly string[];
  /** What the user should know of the project. */
  readonly notes: readonly string[];
}

/**
 * Makes a CDK app of a folder with a web app: writes cdk.json and stack.ts, and adds what is missing to package.json
 * and .gitignore. No file is overwritten; nothing is written if one of the two exists.
 *
 * @throws when there is no web app, or a file is in the way
 */
export function initProject(directory: string, ownPackage: Parameters<typeof packagesFor>[0]): Initialized {
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${directory} is not a folder`);
  const app = findApp(directory);
  const packageFile = readPackage(directory);
  const stack = renderStack(app, packageFile?.name ?? nameOfFolder(directory));
  refuseExisting(directory, stack, app);

  const added = ['package.json', '.gitignore'].map((name) => ({ name, existed: fs.existsSync(path.join(directory, name)) }));
  fs.writeFileSync(path.join(directory, 'stack.ts'), stack, { flag: 'wx' });
  fs.writeFileSync(path.join(directory, 'cdk.json'), renderCdkJson(), { flag: 'wx' });
  const touched = [...addPackages(directory, packagesFor(ownPackage)), ...ignoreOutput(directory)];
  const namesOf = (existed: boolean) => added.filter((file) => file.existed === existed && touched.includes(file.name)).map(({ name }) => name);
  const manager = packageManagerOf(directory);
  return { app, written: ['stack.ts', 'cdk.json', ...namesOf(false)], changed: namesOf(true), commands: commandsFor(app, manager), notes: notesOf(directory, packageFile !== undefined) };
}

function refuseExisting(directory: string, stack: string, app: FoundApp): void {
  const existing = ['cdk.json', 'stack.ts'].filter((name) => fs.existsSync(path.join(directory, name)));
  if (existing.length === 0) return;
  const [, construct] = /^(new WrappedWebApp[\s\S]*)$/m.exec(stack)!;
  throw new Error(`${existing.join(' and ')} already ${existing.length > 1 ? 'exist' : 'exists'} in ${directory}, and nothing is overwritten; `
    + `found ${app.kind} in ${app.place}: add this to your stack, with this in place of stack:\n\n${construct}`);
}

function addPackages(directory: string, packages: Record<string, string>): string[] {
  const file = path.join(directory, 'package.json');
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : `${JSON.stringify({ private: true }, null, 2)}\n`;
  const after = withDevDependencies(before, packages);
  if (after === before) return [];
  fs.writeFileSync(file, after);
  return ['package.json'];
}

function ignoreOutput(directory: string): string[] {
  const file = path.join(directory, '.gitignore');
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const lines = before.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = ['cdk.out', 'node_modules'].filter((name) => !lines.includes(name));
  if (missing.length === 0) return [];
  fs.appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.map((name) => `${name}/\n`).join('')}`);
  return ['.gitignore'];
}

function commandsFor(app: FoundApp, { install, execute, run }: PackageManager): string[] {
  const build = app.build.map((step) => step.replace(/^run /, `${run} `).replace(/^exec /, `${execute} `));
  return [[install, ...build].join(' && '), `${execute} cdk-wrapped-web-app serve --watch`];
}

/** A tsconfig.json that names no files compiles every TypeScript file, and so stack.ts too. */
function notesOf(directory: string, isNode: boolean): string[] {
  if (!isNode) return [];
  const names = ['tsconfig.build.json', 'tsconfig.json'];
  const name = names.find((candidate) => fs.existsSync(path.join(directory, candidate)));
  if (name === undefined) return [];
  const text = fs.readFileSync(path.join(directory, name), 'utf8');
  if (/"(include|files)"\s*:/.test(text) || /"exclude"\s*:[^\]]*"(\.\/)?stack\.ts"/.test(text)) return [];
  return [`${name} compiles every TypeScript file of this folder: add "stack.ts" to its "exclude", so that your build stays as it is`];
}
