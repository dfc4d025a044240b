import { CONTENDERS, FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_FRAMEWORKS, PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean } from '../statistics.mjs';

const PEERS = new Set(CONTENDERS.filter(({ kind }) => kind === 'peer').map(({ id }) => id));
/** An Express app is Express 5 here; Express 4 is measured and shown, and has no target of its own. */
const WITH_TARGET = ['express5', 'http', 'koa', 'fastify', 'hono'];

/**
 * The fastest peer of a scenario. One that answers wrongly does less than was asked, and does not count.
 * @returns {{ contender: string, ratio: number } | undefined} `ratio` is ours to it
 */
export function bestPeer(rows, scenario) {
  const peers = rows.filter((row) => row.scenario === scenario && PEERS.has(row.contender));
  const right = peers.filter(({ problem }) => problem === undefined);
  return (right.length > 0 ? right : peers).reduce((best, row) => best === undefined || row.ratio > best.ratio ? row : best, undefined);
}

/** Ours to the best peer, for each scenario and door. */
export function warmRatios(measured) {
  return Object.values(measured.warm).flatMap((rows) => scenariosOf(rows).map((scenario) => bestPeer(rows, scenario)?.ratio)).filter((ratio) => ratio !== undefined);
}

export function allocationRatios(measured) {
  return Object.entries(measured.allocation).flatMap(([format, rows]) => scenariosOf(rows).map((scenario) => {
    const bytes = (row) => row.bytes;
    const warm = measured.warm[format] ?? [];
    const isRight = ({ contender }) => warm.find((row) => row.scenario === scenario && row.contender === contender)?.problem === undefined;
    const peers = rows.filter((row) => row.scenario === scenario && PEERS.has(row.contender) && isRight(row));
    const ours = rows.find((row) => row.scenario === scenario && row.contender === 'ours');
    return peers.length === 0 ? undefined : ours.bytes / Math.min(...peers.map(bytes));
  })).filter((ratio) => ratio !== undefined);
}

/** Ours to the least of the peers, of a figure of the cold start. */
export function coldRatio(measured, figure) {
  const least = Math.min(...measured.cold.filter(({ contender }) => PEERS.has(contender)).map(figure));
  return Math.max(0, figure(measured.cold.find(({ contender }) => contender === 'ours'))) / Math.max(LEAST_MS, least);
}

/** Less than this cannot be told from nothing: a peer that adds less counts with it. */
const LEAST_MS = 0.5;

export function scenariosOf(rows) {
  return [...new Set(rows.map(({ scenario }) => scenario))];
}

/**
 * Every target that a run has figures for.
 * @returns {Array<{ name: string, limit: number, unit: string, value: number, met: boolean }>}
 */
export function targetsOf(run) {
  const targets = [];
  const add = (name, limit, value, unit = '') => {
    if (value !== undefined && Number.isFinite(value)) {
      targets.push({ name, limit, value, unit, met: value <= limit });
    }
  };
  for (const [major, frameworks] of Object.entries(run.node)) {
    for (const framework of WITH_TARGET.filter((name) => name in frameworks)) {
      const measured = frameworks[framework];
      const name = `${FRAMEWORKS[framework]}, Node ${major}`;
      add(`Warm invocation of the best peer's, ${name}`, 0.5, mean(warmRatios(measured)));
      add(`Allocation of the best peer's, ${name}`, 0.6, mean(allocationRatios(measured)));
      if (measured.cold !== undefined) {
        add(`Init added of the best peer's, ${name}`, 0.6, coldRatio(measured, ({ initAdded }) => initAdded));
        if (framework !== 'hono') {
          add(`Bundle bytes added, ${name}`, 10, measured.cold.find(({ contender }) => contender === 'ours').bytesAdded / 1024, ' KB');
          add(`Fetch's classes loaded, ${name}`, 0, loadsFetch(measured.cold) ? 1 : 0);
        }
      }
      if (measured.streaming !== undefined) {
        add(`First byte of a stream after the bare platform's, ${name}`, 1, measured.streaming.find(({ contender }) => contender === 'ours').firstAfterPlatform, ' ms');
      }
    }
  }
  for (const [framework, measured] of Object.entries(run.python)) {
    const peer = PYTHON_FRAMEWORKS[framework];
    const ratios = measured.warm.filter(({ contender, problem }) => contender === peer && problem === undefined).map(({ ratio }) => ratio);
    add(`Whole invocation of ${peer}'s, worst scenario, ${PYTHON_NAMES[framework]}`, peer === 'mangum' ? 0.75 : 1, Math.max(...ratios));
    add(`Import time added of ${peer}'s, ${PYTHON_NAMES[framework]}`, 0.6, measured.import.find(({ contender }) => contender === peer).ratio);
  }
  if (run.synth !== undefined) {
    add('Synth of NodejsFunction\'s', 1.1, run.synth.find(({ construct }) => construct === 'NodejsFunction').ratio);
  }
  return targets;
}

/** Koa loads these classes by itself, whatever it runs in. */
function loadsFetch(cold) {
  return cold.every(({ fetchLoaded }) => fetchLoaded) ? false : cold.some(({ contender, fetchLoaded }) => contender === 'ours' && fetchLoaded);
}

function mean(ratios) {
  return ratios.length === 0 ? undefined : geometricMean(ratios);
}
