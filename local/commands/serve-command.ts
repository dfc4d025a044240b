import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command, readOptions, UsageError } from './command';
import { readEnvironmentFile } from '../assembly/environment-file';
import { readOutputsFile } from '../assembly/outputs-file';
import { CdkProject } from '../reload/cdk-project';
import { DevelopmentLoop } from '../reload/development-loop';
import { hasColours } from '../report/colours';
import { JsonReport } from '../report/json-report';
import { Report } from '../report/report';
import { TextReport } from '../report/text-report';
import { serve, Served } from '../serve';
import { Terminal } from '../terminal';

const HELP = `Usage: cdk-wrapped-web-app serve [cdk.out [names...]] [options]

Serves every WrappedWebApp of a synthesized CDK app on this machine,
each front door on its own port. Run 'cdk synth' first.
A new 'cdk synth' is picked up while they are served, on the same ports.
The inspector shows each request, its event, its result and its answer.

With names, only these are served: construct paths of apps (Stack/Api) or of
stacks (Stage/Stack), or names of stacks. '*' stands for any characters.

Options:
  --watch             bundle an app again when one of its sources is edited, and run
                      'cdk synth' when a stack is, or when there is no cdk.out
  --inspect[=<port>]  let debuggers attach to Node apps, the first at this port, default
                      9229; no time limit is applied while one is attached
  --debugpy[=<port>]  the same for Python apps, default 5678; needs the package debugpy
  --env-file <file>   values of environment variables that are not known before a
                      deployment: lines of NAME=value, or LogicalId.NAME=value
  --outputs <file>    the same from a deployed stack, where an output has the value:
                      the file that 'cdk deploy --outputs-file' wrote
  --no-credentials    functions do not get your AWS credentials
  --port-base <n>     the first door's port, default 3100; the others follow, whichever
                      are served; 0 uses any free ports
  --host <address>    the address to listen on, default 127.0.0.1
  --allow-host <name> also answer requests to this name, which are refused otherwise;
                      addresses and localhost are allowed; repeat it for several names
  --quiet             show only requests that fail with 5xx
  --json              show everything as one JSON object in each line
  --help              this text`;

const DEFAULT_PORT_BASE = 3100;

/** The usual ports of debuggers. */
const DEBUGGER_PORTS: Readonly<Record<string, number>> = { '--inspect': 9229, '--debugpy': 5678 };

const OPTIONS = {
  'inspect': { type: 'string' },
  'debugpy': { type: 'string' },
  'watch': { type: 'boolean', default: false },
  'env-file': { type: 'string' },
  'outputs': { type: 'string' },
  'no-credentials': { type: 'boolean', default: false },
  'port-base': { type: 'string', default: String(DEFAULT_PORT_BASE) },
  'host': { type: 'string', default: '127.0.0.1' },
  'allow-host': { type: 'string', multiple: true, default: [] as string[] },
  'quiet': { type: 'boolean', default: false },
  'json': { type: 'boolean', default: false },
} as const;

/** Serves the front doors of a synthesized CDK app until it is interrupted. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'serve the front doors of a synthesized CDK app on this machine',
  help: HELP,
  async run(args) {
    const { values, positionals: [assembly = 'cdk.out', ...names] } = readOptions(args.map(withDefaultPort), OPTIONS);
    const terminal: Terminal = {
      out: (line) => console.log(line),
      error: (line) => console.error(line),
      colours: hasColours(process.stdout, process.env),
    };
    const report = values.json ? new JsonReport(terminal.out, values.quiet) : new TextReport(terminal, values.quiet);
    let served: Served | undefined;
    let loop: DevelopmentLoop | undefined;
    onInterruption(async () => {
      await Promise.all([loop?.stop(), served?.stop()]);
    });
    if (values.watch) await synthesizeIfMissing(assembly, report);
    served = await serve({
      assembly,
      names,
      environmentFile: values['env-file'] === undefined ? new Map() : readEnvironmentFile(values['env-file']),
      outputs: values.outputs === undefined ? {} : readOutputsFile(values.outputs),
      credentials: !values['no-credentials'],
      host: values.host,
      allowedHosts: values['allow-host'],
      portBase: readPort('port-base', values['port-base']),
      debug: { inspect: readOptionalPort('inspect', values.inspect), debugpy: readOptionalPort('debugpy', values.debugpy) },
      terminal,
      report,
    });
    const sources = values.watch ? { rebuildProgram: path.join(__dirname, '../bundling/rebuild.js') } : undefined;
    loop = new DevelopmentLoop({ assembly, served, report, sources });
    report.ready(served.doors, served.inspectorUrl);
  },
};

async function synthesizeIfMissing(assembly: string, report: Report): Promise<void> {
  if (fs.existsSync(path.join(assembly, 'manifest.json'))) return;
  const project = CdkProject.find(assembly);
  if (!project) throw new Error(`there is neither ${assembly} nor a cdk.json to make it from; run the command in the folder of a CDK app`);
  report.notice(`there is no ${assembly}: running cdk synth`);
  await project.synthesize();
}

/** At any moment, also while the apps start. What `stop` does not end is ended when the process exits. */
function onInterruption(stop: () => Promise<void> | undefined): void {
  let isStopping = false;
  const end = (): void => {
    // The second time, nobody wants to wait.
    if (isStopping) process.exit();
    isStopping = true;
    void Promise.resolve(stop()).finally(() => process.exit());
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // Whoever read the output is gone, as with `serve | head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', end);
}

/** `--inspect` is `--inspect=9229`, as it is of Node. */
function withDefaultPort(arg: string): string {
  const port = DEBUGGER_PORTS[arg];
  return port === undefined ? arg : `${arg}=${port}`;
}

function readOptionalPort(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readPort(name, text);
}

function readPort(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--${name} must be a port from 0 to 65535, got '${text}'`);
  }
  return port;
}
