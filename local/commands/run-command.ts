import { Command, readOptions, UsageError } from './command';
import { readEnvironmentFile } from '../assembly/environment-file';
import { readOutputsFile } from '../assembly/outputs-file';
import { runAppCommand, RunningCommand } from '../run-app-command';

const HELP = `Usage: cdk-wrapped-web-app run [options] <command> [arguments...]

Runs a WebAppCommand of a synthesized CDK app on this machine, with its code and
its environment variables, prints its output, and ends with its exit code.
Run 'cdk synth' first.

<command> is the construct path of the command (Stack/Migrate), or its last part
if no other command has the same. The arguments come after those of the command.

Options, which come before <command>:
  --app <folder>      the folder that 'cdk synth' wrote, default cdk.out
  --env-file <file>   values of environment variables that are not known before a
                      deployment: lines of NAME=value, or LogicalId.NAME=value
  --outputs <file>    the same from a deployed stack, where an output has the value:
                      the file that 'cdk deploy --outputs-file' wrote
  --no-credentials    the command does not get your AWS credentials
  --help              this text`;

const OPTIONS = {
  'app': { type: 'string', default: 'cdk.out' },
  'env-file': { type: 'string' },
  'outputs': { type: 'string' },
  'no-credentials': { type: 'boolean', default: false },
} as const;

const WITH_VALUE = ['--app', '--env-file', '--outputs'];

/** Runs a command of a web app. */
export const runCommand: Command = {
  name: 'run',
  summary: 'run a command of a synthesized CDK app on this machine',
  help: HELP,
  ownWords: (args) => args.slice(0, placeOfName(args)),
  async run(args) {
    const place = placeOfName(args);
    const { values } = readOptions(args.slice(0, place), OPTIONS);
    const [name, ...words] = args.slice(place);
    if (name === undefined) throw new UsageError("expected the name of a command, as in 'run Stack/Migrate'");
    let running: RunningCommand | undefined;
    let isStopped = false;
    for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
      process.on(signal, () => {
        if (isStopped) process.exit(status);
        isStopped = true;
        void Promise.resolve(running?.stop()).finally(() => process.exit(status));
      });
    }
    running = await runAppCommand({
      assembly: values.app,
      name,
      args: words,
      environmentFile: values['env-file'] === undefined ? new Map() : readEnvironmentFile(values['env-file']),
      outputs: values.outputs === undefined ? {} : readOutputsFile(values.outputs),
      credentials: !values['no-credentials'],
      out: (line) => console.log(line),
      error: (line) => console.error(line),
    });
    process.exitCode = await running.ended;
  },
};

/** Where the options end. */
function placeOfName(args: readonly string[]): number {
  let place = 0;
  while (place < args.length && args[place].startsWith('-')) place += WITH_VALUE.includes(args[place]) ? 2 : 1;
  return place;
}
