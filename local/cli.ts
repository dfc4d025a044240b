#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EnvironmentFile, readEnvironmentFile } from './assembly/environment-file';
import { serve } from './serve';

const HELP = `Usage: cdk-wrapped-web-app serve [cdk.out] [options]

Serves every WrappedWebApp of a synthesized CDK app on this machine,
each front door on its own port. Run 'cdk synth' first.
The inspector shows each request, its event, its result and its answer.

Options:
  --env-file <file>   values of environment variables that are not known before a
                      deployment: lines of NAME=value, or LogicalId.NAME=value
  --port-base <n>     the first door's port, default 3100; 0 uses any free ports
  --host <address>    the address to listen on, default 127.0.0.1
  --help              this text`;

const DEFAULT_PORT_BASE = 3100;

class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(HELP);
    return;
  }
  const [command, assembly = 'cdk.out', ...rest] = positionals;
  if (command !== 'serve' || rest.length > 0) {
    throw new UsageError(command === undefined ? 'no command given' : `expected 'serve [cdk.out]', got '${positionals.join(' ')}'`);
  }
  const environmentFile: EnvironmentFile = values['env-file'] === undefined ? new Map() : readEnvironmentFile(values['env-file']);
  const served = await serve({
    assembly,
    environmentFile,
    host: values.host,
    portBase: readPort(values['port-base']),
    terminal: { out: (line) => console.log(line), error: (line) => console.error(line) },
  });
  const pathWidth = Math.max(...served.doors.map((door) => door.path.length));
  for (const door of served.doors) {
    console.log(`${door.name.padEnd('function-url'.length)}  ${door.path.padEnd(pathWidth)}  ${door.url}`);
  }
  console.log(`${'inspector'.padEnd('function-url'.length)}  ${''.padEnd(pathWidth)}  ${served.inspectorUrl}`);
  console.log('ready');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void served.stop().then(() => process.exit(0));
    });
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        'env-file': { type: 'string' },
        'port-base': { type: 'string', default: String(DEFAULT_PORT_BASE) },
        'host': { type: 'string', default: '127.0.0.1' },
        'help': { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port-base must be a port from 0 to 65535, got '${text}'`);
  }
  return port;
}

main().catch((error: Error) => {
  console.error(error instanceof UsageError ? `${error.message}\n\n${HELP}` : error.message);
  process.exit(error instanceof UsageError ? 2 : 1);
});
