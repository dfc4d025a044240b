import { parseArgs } from 'node:util';
import { FRAMEWORKS } from './contenders.mjs';
import { FORMATS } from './formats.mjs';
import { PYTHON_FRAMEWORKS } from './python/measure-python.mjs';
import { NODE_VERSIONS } from './toolchain.mjs';

const PARTS = ['warm', 'early', 'allocation', 'cold', 'streaming', 'python', 'synth', 'runtime-api'];

export const USAGE = `npm run bench -- [options]      measures everything, about 20 minutes, and writes results.md and the charts
npm run smoke -- [options]      every part for a moment, on the running Node: fails when something is broken, never by time
npm run report                  writes results.md and the charts again from the last runs

  --only PARTS          of ${PARTS.join(', ')}
  --frameworks NAMES    of ${[...Object.keys(FRAMEWORKS), ...Object.keys(PYTHON_FRAMEWORKS)].join(', ')}
  --formats NAMES       of ${FORMATS.join(', ')}
  --nodes VERSIONS      of Node, default ${NODE_VERSIONS.join(',')}
  --rounds N            of each scenario, default 9
  --milliseconds N      that a contender runs in a round, default 10
  --processes N         fresh processes for each start that is timed, default 15
  --cpu N               keep everything that is timed on one processor (needs taskset), instead of each version of Node on its own
  --web-adapter FILE    a binary of AWS Lambda Web Adapter: adds the part runtime-api, round trips beside it
  --runtime DIRECTORY   a build of the Node runtime other than that of this checkout
  --python COMMAND      the interpreter for the Python half`;

/** One of each kind: a smoke run only shows whether the bench and the runtime work. */
const SMOKE_FRAMEWORKS = ['http', 'hono', 'flask', 'starlette'];

/** The options of the command line. */
export function readOptions() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      'smoke': { type: 'boolean' },
      'report': { type: 'boolean' },
      'help': { type: 'boolean' },
      'only': string,
      'frameworks': string,
      'formats': string,
      'nodes': string,
      'rounds': string,
      'milliseconds': string,
      'processes': string,
      'cpu': string,
      'runtime': string,
      'python': string,
      'web-adapter': string,
    },
  });
  const smoke = values.smoke === true;
  const all = [...Object.keys(FRAMEWORKS), ...Object.keys(PYTHON_FRAMEWORKS)];
  const chosen = smoke && values.frameworks === undefined ? SMOKE_FRAMEWORKS : list(values.frameworks, all, '--frameworks');
  return {
    help: values.help === true,
    report: values.report === true,
    smoke,
    parts: list(values.only, PARTS, '--only').filter((part) => part !== 'runtime-api' || values.only !== undefined || values['web-adapter'] !== undefined),
    frameworks: chosen.filter((name) => name in FRAMEWORKS),
    pythonFrameworks: chosen.filter((name) => name in PYTHON_FRAMEWORKS),
    formats: smoke && values.formats === undefined ? ['rest-api'] : list(values.formats, FORMATS, '--formats'),
    nodes: values.nodes?.split(',') ?? (smoke ? [process.versions.node] : NODE_VERSIONS),
    rounds: Number(values.rounds ?? (smoke ? 2 : 9)),
    milliseconds: Number(values.milliseconds ?? (smoke ? 2 : 10)),
    warmUp: smoke ? 5 : 400,
    processes: Number(values.processes ?? (smoke ? 1 : 15)),
    cpu: values.cpu,
    runtime: values.runtime,
    python: values.python,
    webAdapter: values['web-adapter'],
  };
}

function list(value, choices, option) {
  const names = value?.split(',') ?? choices;
  const unknown = names.filter((name) => !choices.includes(name));
  if (unknown.length > 0) {
    throw new Error(`${option} must be some of ${choices.join(', ')}, got ${unknown.join(', ')}`);
  }
  return names;
}
