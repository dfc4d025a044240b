#!/usr/bin/env node
import { Command, UsageError } from './commands/command';
import { initCommand } from './commands/init-command';
import { runCommand } from './commands/run-command';
import { serveCommand } from './commands/serve-command';

const COMMANDS: readonly Command[] = [serveCommand, runCommand, initCommand];

const HELP = `Usage: cdk-wrapped-web-app <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`).join('\n')}

'cdk-wrapped-web-app <command> --help' shows the options of a command.`;

async function main(args: readonly string[]): Promise<void> {
  warnOfNode(process.versions.node);
  const [name, ...rest] = args;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if ((command?.ownWords?.(rest) ?? rest).some(asksForHelp) || (!command && args.some(asksForHelp))) {
      console.log(command?.help ?? HELP);
      return;
    }
    if (!command) throw new UsageError(name === undefined ? 'no command given' : `expected a command, one of ${COMMANDS.map((known) => known.name).join(', ')}; got '${name}'`);
    await command.run(rest);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? `${error.message}\n\n${command?.help ?? HELP}` : (error as Error).message);
    process.exit(isUsage ? 2 : 1);
  }
}

/** As `engines` in package.json says. */
function warnOfNode(version: string): void {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 1)) return;
  console.error(`this command runs on Node.js ${version}, but needs 20.1 or later: what it shows may be wrong; update Node.js on this machine`);
}

function asksForHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

void main(process.argv.slice(2));
