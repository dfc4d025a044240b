import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, readOptions, UsageError } from './command';
import { initProject } from '../init/init-project';

const HELP = `Usage: cdk-wrapped-web-app init [folder] [--language=<language>]

Makes a CDK app of a folder with a web app: writes cdk.json and stack.ts,
and adds what they need to package.json; or stack.py, with a
requirements-cdk.txt. It overwrites no file.
The app is found by the framework in package.json, manage.py, or the Python
file that makes the app. Default: the current folder.

Options:
  --language=<language>  of the stack, typescript or python; default: python for
                         a Python app in a folder without a package.json
  --help                 this text`;

/** Makes a CDK app of a folder with a web app. */
export const initCommand: Command = {
  name: 'init',
  summary: 'make a CDK app of a folder with a web app',
  help: HELP,
  async run(args) {
    const { positionals: [directory = '.', ...rest], values: { language } } = readOptions(args, { language: { type: 'string' } });
    if (rest.length > 0) throw new UsageError(`expected 'init [folder]', got 'init ${[directory, ...rest].join(' ')}'`);
    if (language !== undefined && language !== 'typescript' && language !== 'python') {
      throw new UsageError(`--language must be typescript or python, got '${language}'`);
    }
    const ownPackage = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
    const { app, written, changed, commands, notes } = initProject(path.resolve(directory), ownPackage, language);
    console.log(`found ${app.kind} in ${app.place}`);
    console.log(`wrote ${written.join(', ')}`);
    if (changed.length > 0) console.log(`added lines to ${changed.join(', ')}`);
    for (const note of notes) console.log(note);
    const inFolder = path.resolve(directory) === process.cwd() ? [] : [`cd ${directory}`];
    console.log(`\nnext:\n${[...inFolder, ...commands].map((command) => `  ${command}`).join('\n')}\n\nand when it works: npx cdk deploy`);
  },
};
