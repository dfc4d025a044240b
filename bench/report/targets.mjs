import { CONTENDERS, FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_FRAMEWORKS, PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean } from '../statistics.mjs';

const PEERS = new Set(CONTENDERS.filter(({ kind }) => kind === 'peer').map(({ id }) => id));
/** The targets for Express apply to Express 5. Express 4 is measured and shown, but has no target. */
const WITH_TARGET = ['express5', 'http', 'koa', 'fastify', 'hono'];

/**
 * The fastest peer of a scenario. A peer with a wrong response does less work, and does not count.
 * @returns {{ contender: string, ratio: number } | undefined} `ratio` is our time divided by that of the peer
 */
export function bestPeer(rows, scenario) {
  const peers = rows.filter((row) => row.scenario === scenario && PEERS.has(row.contender));
  const right = peers.filter(({ problem }) => problem === undefined);
  return (right.length > 0 ? right : peers).reduce((best, row) => best === undefined || row.ratio > best.ratio ? row : best, undefined);
}

/** Our ratio to the best peer, for each scenario and door. */
export function warmRatios(measured) {
  return Object.values(measured.warm).flatMap((rows) => scenariosOf(rows).map((scenario) => bestPeer(rows, scenario)?.ratio)).filter((ratio) => ratio !== undefined);
}

/**
 * Our ratio to the fastest peer of a framework, over all scenarios and doors in which its responses are correct. The fastest
 * peer of each single scenario differs, partly by chance.
 * @returns {number | undefined}
 */
export function bestPeerRatio(measured) {
  const rows = Object.values(measured.warm).flat().filter(({ contender, problem }) => PEERS.has(contender) && problem === undefined);
  const ratios = [...PEERS].map((peer) => mean(rows.filter(({ contender }) => contender === peer).map(({ ratio }) => ratio))).filter((ratio) => ratio !== undefined);
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

/**
 * Our ratio to the best peer of each scenario, over all doors.
 * @returns {Array<{ scenario: string, ratio: number }>}
 */
export function scenarioRatios({ warm }) {
  const scenarios = [...new Set(Object.values(warm).flatMap(scenariosOf))];
  return scenarios.map((scenario) => ({ scenario, ratio: mean(Object.values(warm).map((rows) => bestPeer(rows, scenario)?.ratio).filter((ratio) => ratio !== undefined)) }))
    .filter(({ ratio }) => ratio !== undefined);
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

/**
 * The peer that adds the least to a cold start.
 * @param {'initAdded' | 'both'} name the name of the figure
 */
export function bestColdPeer(cold, name) {
  return cold.filter(({ contender }) => PEERS.has(contender)).reduce((best, row) => best === undefined || row[name].ms < best[name].ms ? row : best, undefined);
}

export function scenariosOf(rows) {
  return [...new Set(rows.map(({ scenario }) => scenario))];
}

/**
 * Every target that a run has figures for.
 * @returns {Array<{ kind: string, of: string, column: string, limit?: number, value: number, unit: string }>} `of` is the
 *   subject, `column` the version of Node or 'measured'. A row without `limit` is not a target, only a comparison.
 */
export function targetsOf(run) {
  const targets = [];
  for (const [major, frameworks] of Object.entries(run.node)) {
    for (const framework of WITH_TARGET.filter((name) => name in frameworks)) {
      for (const target of nodeTargets(frameworks[framework], framework)) {
        targets.push({ unit: '', ...target, of: FRAMEWORKS[framework], column: `Node ${major}` });
      }
    }
  }
  for (const [framework, measured] of Object.entries(run.python)) {
    for (const target of pythonTargets(measured, PYTHON_FRAMEWORKS[framework])) {
      targets.push({ unit: '', ...target, of: PYTHON_NAMES[framework], column: 'measured' });
    }
  }
  if (run.synth !== undefined) {
    const { ratio } = run.synth.find(({ construct }) => construct === 'NodejsFunction');
    targets.push({ kind: 'Synth, of NodejsFunction\'s', of: 'Express 5', column: 'measured', limit: 1.1, value: ratio, unit: '' });
  }
  return targets.filter(({ value }) => Number.isFinite(value));
}

function nodeTargets({ warm, allocation, cold, streaming }, framework) {
  const targets = [
    { kind: 'Warm invocation, of the best peer\'s', limit: 0.5, value: bestPeerRatio({ warm }) },
    { kind: 'Warm invocation, of the best peer of each scenario', value: mean(warmRatios({ warm })) },
    { kind: 'Warm invocation, of the best peer, in the worst scenario', limit: 1, value: Math.max(...scenarioRatios({ warm }).map(({ ratio }) => ratio)) },
    { kind: 'Allocation, of the best peer\'s', limit: 0.6, value: mean(allocationRatios({ warm, allocation })) },
  ];
  if (cold !== undefined) {
    const ours = cold.find(({ contender }) => contender === 'ours');
    targets.push(
      { kind: 'Init added, of the best peer\'s', limit: 0.6, value: bestColdPeer(cold, 'initAdded')?.initAdded.ratio },
      { kind: 'Init added and the first request, of the best peer\'s', value: bestColdPeer(cold, 'both')?.both.ratio },
    );
    // These targets are for listener apps; Hono's app is a fetch function.
    if (framework !== 'hono') {
      targets.push(
        { kind: 'Bundle, added', limit: 10, value: ours.bytesAdded / 1024, unit: ' KB' },
        { kind: 'Fetch\'s classes loaded', limit: 0, value: loadsFetch(cold) ? 1 : 0 },
      );
    }
  }
  if (streaming !== undefined) {
    const { firstAfterPlatform } = streaming.find(({ contender }) => contender === 'ours');
    targets.push({ kind: 'First byte of a stream, after the bare platform\'s', limit: 1, value: firstAfterPlatform, unit: ' ms' });
  }
  return targets;
}

function pythonTargets(measured, peer) {
  const ratios = measured.warm.filter(({ contender, problem }) => contender === peer && problem === undefined).map(({ ratio }) => ratio);
  return [
    { kind: `Whole invocation, of ${peer}'s, worst scenario`, limit: peer === 'mangum' ? 0.75 : 1, value: Math.max(...ratios) },
    { kind: `Import time added, of ${peer}'s`, limit: 0.6, value: measured.import.find(({ contender }) => contender === peer).ratio },
  ];
}

/** Koa itself loads these classes, with any adapter. */
function loadsFetch(cold) {
  return cold.every(({ fetchLoaded }) => fetchLoaded) ? false : cold.some(({ contender, fetchLoaded }) => contender === 'ours' && fetchLoaded);
}

function mean(ratios) {
  return ratios.length === 0 ? undefined : geometricMean(ratios);
}
