import * as fs from 'node:fs';
import * as path from 'node:path';
import { findApp } from './find-app';
import { FoundApp } from './found-app';
import { readPackage, withDevDependencies } from './package-file';
import { PackageManager, packageManagerOf } from './package-manager';
import { Language, nameOfFolder, OwnPackage, packagesFor, ProjectFiles, projectFiles } from './project-files';

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
 * Makes a CDK app of a folder with a web app: writes cdk.json and a stack, and adds what is missing to package.json or, for a
 * stack in Python, to a requirements file of its own, and to .gitignore. No file is overwritten; nothing is written if one exists.
 *
 * @param language by default Python for a Python app in a folder without a package.json, else TypeScript
 * @throws when there is no web app, or a file is in the way
 */
export function initProject(directory: string, ownPackage: OwnPackage, language?: Language): Initialized {
  if (!fs.existsSync(directory) || !fs.statSync(directory).isDirectory()) throw new Error(`${directory} is not a folder`);
  const app = findApp(directory);
  const packageFile = readPackage(directory);
  const chosen = language ?? (app.language === 'python' && !packageFile ? 'python' : 'typescript');
  if (chosen === 'python' && app.language !== 'python') {
    throw new Error(`found ${app.kind} in ${app.place}: a stack in Python can be written only for a Python app; leave out --language, or see docs/languages/python.md`);
  }
  const files = projectFiles(chosen, app, packageFile?.name ?? nameOfFolder(directory), ownPackage);
  refuseExisting(directory, files, app);

  const added = ['package.json', '.gitignore'].map((name) => ({ name, existed: fs.existsSync(path.join(directory, name)) }));
  const written = Object.entries({
    [files.stackFile]: files.stack,
    'cdk.json': files.cdkJson,
    ...files.requirements && { [files.requirements.file]: files.requirements.text },
  });
  for (const [name, text] of written) fs.writeFileSync(path.join(directory, name), text, { flag: 'wx' });
  const touched = [
    ...(chosen === 'python' ? [] : addPackages(directory, packagesFor(ownPackage))),
    ...ignoreOutput(directory, chosen === 'python' ? ['cdk.out', '.venv'] : ['cdk.out', 'node_modules']),
  ];
  const namesOf = (existed: boolean) => added.filter((file) => file.existed === existed && touched.includes(file.name)).map(({ name }) => name);
  return {
    app,
    written: [...written.map(([name]) => name), ...namesOf(false)],
    changed: namesOf(true),
    commands: commandsFor(app, packageManagerOf(directory), files),
    notes: notesOf(directory, packageFile !== undefined && chosen === 'typescript'),
  };
}

function refuseExisting(directory: string, { stackFile, stack, requirements }: ProjectFiles, app: FoundApp): void {
  const existing = ['cdk.json', stackFile, requirements?.file].filter((name) => name !== undefined && fs.existsSync(path.join(directory, name)));
  if (existing.length === 0) return;
  const [, construct] = /^((?:new )?WrappedWebApp[\s\S]*?\n\}?\);?\n)/m.exec(stack)!;
  throw new Error(`${existing.join(' and ')} already ${existing.length > 1 ? 'exist' : 'exists'} in ${directory}, and nothing is overwritten; `
    + `found ${app.kind} in ${app.place}: add this to your stack, with ${stackFile === 'stack.py' ? 'self' : 'this'} in place of stack:\n\n${construct}`);
}

function addPackages(directory: string, packages: Record<string, string>): string[] {
  const file = path.join(directory, 'package.json');
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : `${JSON.stringify({ private: true }, null, 2)}\n`;
  const after = withDevDependencies(before, packages);
  if (after === before) return [];
  fs.writeFileSync(file, after);
  return ['package.json'];
}

function ignoreOutput(directory: string, names: readonly string[]): string[] {
  const file = path.join(directory, '.gitignore');
  const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const lines = before.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = names.filter((name) => !lines.includes(name));
  if (missing.length === 0) return [];
  fs.appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${missing.map((name) => `${name}/\n`).join('')}`);
  return ['.gitignore'];
}

function commandsFor(app: FoundApp, { install, execute, run }: PackageManager, { requirements }: ProjectFiles): string[] {
  const build = app.build.map((step) => step.replace(/^run /, `${run} `).replace(/^exec /, `${execute} `));
  const prepare = requirements ? `python3 -m venv .venv && . .venv/bin/activate && pip install -r ${requirements.file}` : install;
  return [[prepare, ...build].join(' && '), `${requirements ? 'npx' : execute} cdk-wrapped-web-app serve --watch`];
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
