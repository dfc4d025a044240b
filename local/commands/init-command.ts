import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, readOptions, UsageError } from './command';
import { initProject } from '../init/init-project';

const HELP = `Usage: cdk-wrapped-web-app init [folder]

Makes a CDK app of a folder with a web app: writes cdk.json and stack.ts,
and adds what they need to package.json. It overwrites no file.
The app is found by the framework in package.json, manage.py, or the Python
file that makes the app. Default: the current folder.

Options:
  --help              this text`;

/** Makes a CDK app of a folder with a web app. */
export const initCommand: Command = {
  name: 'init',
  summary: 'make a CDK app of a folder with a web app',
  help: HELP,
  async run(args) {
    const { positionals: [directory = '.', ...rest] } = readOptions(args, {});
    if (rest.length > 0) throw new UsageError(`expected 'init [folder]', got 'init ${[directory, ...rest].join(' ')}'`);
    const ownPackage = JSON.parse(fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
    const { app, written, changed, commands, notes } = initProject(path.resolve(directory), ownPackage);
    console.log(`found ${app.kind} in ${app.place}`);
    console.log(`wrote ${written.join(', ')}`);
    if (changed.length > 0) console.log(`added lines to ${changed.join(', ')}`);
    for (const note of notes) console.log(note);
    const inFolder = path.resolve(directory) === process.cwd() ? [] : [`cd ${directory}`];
    console.log(`\nnext:\n${[...inFolder, ...commands].map((command) => `  ${command}`).join('\n')}\n\nand when it works: cdk deploy`);
  },
};
