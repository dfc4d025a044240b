import { CONTENDERS, FRAMEWORKS, contendersFor } from '../contenders.mjs';
import { PYTHON_FRAMEWORKS, PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean, median } from '../statistics.mjs';
import { problemsOf } from './problems.mjs';
import { allocationRatios, bestPeerRatio, scenarioRatios, scenariosOf, targetsOf, warmRatios } from './targets.mjs';

const NAMES = {
  ...Object.fromEntries(CONTENDERS.map(({ id, name }) => [id, name])),
  'platform': 'Lambda\'s stream written to directly',
  'web-adapter': 'AWS Lambda Web Adapter',
};
/** The display name of a contender. Python contenders have no other name than their id. */
const nameOf = (contender) => NAMES[contender] ?? contender;

/** A Markdown table with right-aligned figures. */
export function table(head, rows) {
  const aligned = head.map((_, i) => rows.every((row) => typeof row[i] !== 'string' || /^[-\d~*][^a-z]*( ms| KB)?$/i.test(row[i]) || row[i] === '') ? '--:' : '---');
  return [head, aligned, ...rows].map((row) => `| ${row.map((cell) => cell ?? '').join(' | ')} |`).join('\n');
}

/** The targets, one row for each measurement and its subject: the median of the runs, and their minimum and maximum. */
export function targetTable(runs) {
  const all = runs.map(targetsOf);
  const columns = [...new Set(all.flat().map(({ column }) => column))].sort();
  const [node, others] = [columns.filter((column) => column !== 'measured'), columns.filter((column) => column === 'measured')];
  return [node, others].filter((each) => each.length > 0).map((each) => targetRows(all, each)).join('\n\n');
}

function targetRows(all, columns) {
  const rows = new Map();
  for (const target of all.flat().filter(({ column }) => columns.includes(column))) {
    rows.set(`${target.kind}\n${target.of}`, target);
  }
  const kinds = [...new Set([...rows.values()].map(({ kind }) => kind))];
  const lines = kinds.flatMap((kind) => [...rows.values()].filter((row) => row.kind === kind).map(({ of, limit, unit }, index) => {
    const cells = columns.map((column) => {
      const values = all.map((targets) => targets.find((target) => target.kind === kind && target.of === of && target.column === column)?.value).filter((value) => value !== undefined);
      return values.length === 0 ? undefined : targetCell(values, limit, unit);
    });
    return [index === 0 ? kind : '', of, limitCell(limit, unit), ...cells];
  }));
  return table(['', 'on', 'at most', ...columns], lines);
}

function limitCell(limit, unit) {
  return limit === undefined ? 'no target' : limit === 0 ? 'no' : `${limit}${unit}`;
}

function targetCell(values, limit, unit) {
  const value = median(values);
  if (limit === 0) {
    return value === 0 ? 'no' : '**yes**';
  }
  const spread = values.length === 1 ? '' : ` (${number(Math.min(...values))} – ${number(Math.max(...values))})`;
  if (limit === undefined || value <= limit) {
    return `${number(value)}${unit}${spread}`;
  }
  const over = value - limit;
  return `**${number(value)}${unit}**${spread}, over by ${over < 0.005 ? 'less than 0.01' : number(over)}`;
}

/** How many targets are met by the median of the runs. */
export function targetCount(runs) {
  const values = new Map();
  for (const { kind, of, column, limit, value } of runs.flatMap(targetsOf).filter((target) => target.limit !== undefined)) {
    const key = `${kind}\n${of}\n${column}`;
    values.set(key, { limit, values: [...values.get(key)?.values ?? [], value] });
  }
  return { met: [...values.values()].filter((target) => median(target.values) <= target.limit).length, of: values.size };
}

/** Our ratio to each contender, as the geometric mean over scenarios and doors. */
export function warmSummary(runs, major) {
  const rows = frameworksOf(runs, major).map((framework) => {
    const measured = warmOf(runs, major, framework);
    if (measured.length === 0) {
      return [FRAMEWORKS[framework]];
    }
    const cells = columns().map((id) => {
      const ratios = measured.flatMap(({ warm }) => Object.values(warm).flat()).filter(({ contender }) => contender === id).map(({ ratio }) => ratio);
      return ratios.length === 0 ? '' : number(geometricMean(ratios));
    });
    const best = median(measured.map(bestPeerRatio));
    const bestOfEach = median(measured.map((each) => geometricMean(warmRatios(each))));
    return [FRAMEWORKS[framework], `**${number(best)}**`, number(bestOfEach), number(median(measured.map(floorRatio))), ...cells];
  });
  return table(['', 'ours to the best peer', 'to the best of each scenario', 'no adapter at all to the best peer', ...columns().map((id) => NAMES[id])], rows);
}

/** The ratio of the framework alone to the best peer, if it is comparable: the app alone does not encode images. */
function floorRatio({ warm }) {
  const small = Object.fromEntries(Object.entries(warm).map(([format, rows]) => [format, rows.filter(({ scenario }) => !scenario.startsWith('1 MB'))]));
  const floor = Object.values(small).flat().filter(({ contender }) => contender === 'bare').map(({ ratio }) => ratio);
  return bestPeerRatio({ warm: small }) / geometricMean(floor);
}

/** Microseconds of an invocation for each scenario: the median over the runs and doors. */
export function warmDetail(runs, major, framework) {
  const rows = warmOf(runs, major, framework).flatMap(({ warm }) => Object.values(warm).flat());
  const ids = contendersFor(framework).map(({ id }) => id);
  const lines = scenariosOf(rows).map((scenario) => [scenario, ...ids.map((id) => {
    const own = rows.filter((row) => row.scenario === scenario && row.contender === id);
    const wrong = own.some(({ problem }) => problem !== undefined);
    return `${number(median(own.map(({ microseconds }) => microseconds)))}${wrong ? ' ✗' : ''}`;
  })]);
  return table([`${FRAMEWORKS[framework]}, µs`, ...ids.map((id) => NAMES[id])], lines);
}

/** Microseconds of an invocation within the first of a process, and within the next; for ours also the ratio to the best peer. */
export function earlyTable(runs, major) {
  const ids = ['ours', ...columns()];
  const peers = CONTENDERS.filter(({ kind }) => kind === 'peer').map(({ id }) => id);
  const told = (values) => values.map(number).join(' / ');
  const rows = frameworksOf(runs, major).map((framework) => {
    const measured = runs.flatMap(({ node }) => node[major]?.[framework]?.early ?? []);
    const times = new Map(ids.flatMap((id) => {
      const own = measured.filter(({ contender }) => contender === id).map(({ microseconds }) => microseconds);
      return own.length === 0 ? [] : [[id, own[0].map((_, window) => median(own.map((each) => each[window])))]];
    }));
    const ratios = times.get('ours')?.map((time, window) => time / Math.min(...peers.flatMap((id) => times.get(id)?.[window] ?? [])));
    return [FRAMEWORKS[framework], ratios === undefined ? '' : `**${told(ratios)}**`, ...ids.map((id) => told(times.get(id) ?? []))];
  });
  return table(['', 'ours to the best peer', ...ids.map((id) => `${NAMES[id]}, µs`)], rows);
}

/** The scenarios whose time is that of their bodies. */
const LARGE = /KB|MB/;

/**
 * What the runtime takes beside the app: the difference to the app called with messages that were ready. Below 0 where
 * Node's own sending of a response takes longer than what the runtime does instead.
 */
export function ownCostTable(runs, major) {
  const rows = frameworksOf(runs, major).map((framework) => {
    const measured = warmOf(runs, major, framework).flatMap(({ warm }) => Object.values(warm).flat());
    const names = scenariosOf(measured);
    const cells = [...names.filter((name) => !LARGE.test(name)), ...names.filter((name) => LARGE.test(name))].map((scenario) => {
      const of = (id) => median(measured.filter((row) => row.scenario === scenario && row.contender === id).map(({ microseconds }) => microseconds));
      const ratios = warmOf(runs, major, framework).map((each) => scenarioRatios(each).find((row) => row.scenario === scenario)?.ratio).filter((ratio) => ratio !== undefined);
      return [scenario, `${number(of('ours') - of('bare'))} (${number(median(ratios))})`];
    });
    return [framework, new Map(cells)];
  });
  const scenarios = [...new Set(rows.flatMap(([, cells]) => [...cells.keys()]))];
  return table(['', ...scenarios], rows.map(([framework, cells]) => [FRAMEWORKS[framework], ...scenarios.map((scenario) => cells.get(scenario))]));
}

/** The wrong responses, once for each contender and scenario. */
export function wrongAnswers(runs) {
  const found = new Map();
  for (const { contender, scenario, where, problem } of runs.flatMap(problemsOf)) {
    const key = `${contender}\n${scenario}`;
    const entry = found.get(key) ?? { contender, scenario, problem, places: new Set() };
    entry.places.add(where);
    found.set(key, entry);
  }
  return found.size === 0 ? 'Every answer was right.' : table(['', 'scenario', 'where', 'what was wrong'], [...found.values()].map(({ contender, scenario, problem, places }) => [
    nameOf(contender), scenario, [...places].join(', '), `\`${problem.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('`', '\'').slice(0, 120)}\``,
  ]));
}

/** Bytes that an invocation allocates: for small JSON, and our ratio to the best peer over all scenarios. */
export function allocationTable(runs, major) {
  const rows = frameworksOf(runs, major).map((framework) => {
    const measured = runs.map((run) => run.node[major]?.[framework]).filter((each) => Object.keys(each?.allocation ?? {}).length > 0);
    if (measured.length === 0) {
      return undefined;
    }
    const small = (id) => {
      const bytes = measured.flatMap(({ allocation }) => Object.values(allocation).flat()).filter((row) => row.contender === id && row.scenario === 'small JSON').map((row) => row.bytes);
      return bytes.length === 0 ? '' : number(median(bytes) / 1000);
    };
    return [FRAMEWORKS[framework], `**${number(median(measured.map((each) => geometricMean(allocationRatios(each)))))}**`, ...['ours', ...columns()].map(small)];
  }).filter(Boolean);
  return table(['', 'all scenarios, ours to the best peer\'s', ...['ours', ...columns()].map((id) => `small JSON, KB: ${NAMES[id]}`)], rows);
}

/** The cold start of each contender. */
export function coldTable(runs, major) {
  const lines = frameworksOf(runs, major).flatMap((framework) => {
    const measured = runs.map((run) => run.node[major]?.[framework]?.cold).filter(Boolean);
    return (measured.at(-1) ?? []).map(({ contender }, index) => {
      const read = (value) => median(measured.map((rows) => value(rows.find((row) => row.contender === contender))));
      const between = (value, [low, high]) => `${number(value)} (${number(low)} – ${number(high)})`;
      const interval = (name, field) => [0, 1].map((end) => read((row) => row[name][field][end]));
      const milliseconds = (name) => between(read((row) => row[name].ms), interval(name, 'interval'));
      const ratio = (name) => contender === 'ours' ? '' : between(read((row) => row[name].ratio), interval(name, 'ratioInterval'));
      return [
        index === 0 ? FRAMEWORKS[framework] : '',
        NAMES[contender],
        number(read(({ bytesAdded }) => bytesAdded / 1024)),
        number(read(({ gzipAdded }) => gzipAdded / 1024)),
        milliseconds('initAdded'),
        ratio('initAdded'),
        milliseconds('both'),
        ratio('both'),
        number(read(({ rssAfterMany }) => rssAfterMany / 2 ** 20)),
        number(read(({ rssAfterLarge }) => rssAfterLarge / 2 ** 20)),
        measured.some((rows) => rows.find((row) => row.contender === contender).fetchLoaded) ? 'yes' : 'no',
      ];
    });
  });
  return table(['', '', 'KB added', 'gzipped', 'init added, ms', 'ours to it', 'and first request, ms', 'ours to it', 'RSS after 1,000 requests, MB', 'after 1 MB bodies', 'loads fetch'], lines);
}

export function streamingTable(runs, major) {
  const lines = frameworksOf(runs, major).flatMap((framework) => {
    const measured = runs.map((run) => run.node[major]?.[framework]?.streaming).filter(Boolean);
    return (measured.at(-1) ?? []).map(({ contender, problem }) => {
      const figure = (name) => number(median(measured.map((rows) => rows.find((row) => row.contender === contender)[name])));
      return [FRAMEWORKS[framework], `${NAMES[contender]}${problem === undefined ? '' : ' ✗'}`, figure('first'), figure('firstAfterPlatform'), figure('total')];
    });
  });
  return table(['', '', 'first byte, ms', 'after the platform\'s', 'all 10 MB, ms'], lines);
}

export function pythonTable(runs) {
  const lines = Object.keys(PYTHON_NAMES).filter((framework) => runs.some((run) => framework in run.python)).flatMap((framework) => {
    const rows = runs.flatMap((run) => run.python[framework]?.warm ?? []);
    const peer = PYTHON_FRAMEWORKS[framework];
    return scenariosOf(rows).map((scenario) => {
      const of = (contender, name) => rows.filter((row) => row.scenario === scenario && row.contender === contender).map((row) => row[name]);
      const wrong = rows.some((row) => row.scenario === scenario && row.contender === peer && row.problem !== undefined);
      return [
        PYTHON_NAMES[framework], scenario,
        number(median(of('ours', 'microseconds'))), `${number(median(of(peer, 'microseconds')))}${wrong ? ' ✗' : ''}`, number(median(of('bare', 'microseconds'))),
        number(geometricMean(of(peer, 'ratio'))), number(median(of('ours', 'ownMicroseconds'))), number(median(of(peer, 'ownMicroseconds'))),
      ];
    });
  });
  return table(['', 'scenario', 'ours, µs', 'peer, µs', 'framework by itself', 'ours to the peer', 'ours, its own part', 'the peer\'s own part'], lines);
}

export function pythonImportTable(runs) {
  const lines = Object.keys(PYTHON_NAMES).filter((framework) => runs.some((run) => framework in run.python)).flatMap((framework) => {
    const measured = runs.map((run) => run.python[framework]?.import).filter(Boolean);
    return measured.at(-1).map(({ contender }) => {
      const figure = (name) => median(measured.map((rows) => rows.find((row) => row.contender === contender)[name]));
      return [PYTHON_NAMES[framework], contender === 'ours' ? NAMES.ours : contender, number(figure('added')), number(figure('rss') / 2 ** 20)];
    });
  });
  return table(['', '', 'import time added, ms', 'RSS, MB'], lines);
}

export function synthTable(runs) {
  const measured = runs.map(({ synth }) => synth).filter(Boolean);
  const lines = measured.at(-1).map(({ construct }) => {
    const figure = (read) => number(median(measured.map((rows) => read(rows.find((row) => row.construct === construct)))));
    const ratio = `${figure((row) => row.ratio)} (${figure((row) => row.ratioInterval[0])} – ${figure((row) => row.ratioInterval[1])})`;
    return [`\`new ${construct}\``, figure(({ made }) => made), figure(({ synthesized }) => synthesized), construct === 'WrappedWebApp' ? '' : ratio];
  });
  return table(['', 'the construct, ms', 'with app.synth(), ms', 'ours to it'], lines);
}

/** Round trips through a Runtime API, or the reason why they were not measured. */
export function runtimeApiTable(runs) {
  const measured = runs.flatMap(({ node }) => Object.entries(node)).flatMap(([major, frameworks]) => Object.entries(frameworks).filter(([, { runtimeApi }]) => runtimeApi !== undefined)
    .flatMap(([framework, { runtimeApi }]) => Object.entries(runtimeApi).flatMap(([format, rows]) => rows.map((row) => ({ major, framework, format, ...row })))));
  const given = measured.some(({ contender }) => contender === 'web-adapter');
  const parts = given ? [] : ['AWS Lambda Web Adapter: no binary given (`--web-adapter`).'];
  if (measured.length === 0) {
    return parts;
  }
  const ids = [...new Set(measured.map(({ contender }) => contender))];
  const keys = new Map(measured.map((row) => [`${row.major} ${row.framework} ${row.format} ${row.scenario}`, row]));
  const lines = [...keys.values()].map(({ major, framework, format, scenario }) => {
    const cells = ids.map((id) => {
      const own = measured.filter((row) => row.major === major && row.framework === framework && row.format === format && row.scenario === scenario && row.contender === id);
      const figure = (read) => number(median(own.map(read)));
      const ratio = id === 'ours' ? '' : `: ${figure((row) => row.ratio)} (${figure((row) => row.ratioInterval[0])} – ${figure((row) => row.ratioInterval[1])})`;
      return `${figure(({ milliseconds }) => milliseconds)}${ratio}${own.some(({ problem }) => problem !== undefined) ? ' ✗' : ''}`;
    });
    return [`${FRAMEWORKS[framework]}, Node ${major}, ${format}`, scenario, ...cells];
  });
  return [
    ...parts,
    'Milliseconds by the clock from the event to the last byte of the result; after the colon ours to it, in brackets the 95 % interval of the median within a run. Handlers run on AWS\'s own Node runtime client; the web adapter is a program of its own, in front of the app as a plain server.',
    table(['', 'scenario', ...ids.map((id) => NAMES[id])], lines),
  ];
}

/** A run may lack some parts. */
function warmOf(runs, major, framework) {
  return runs.map((run) => run.node[major]?.[framework]).filter((measured) => Object.keys(measured?.warm ?? {}).length > 0);
}

export function frameworksOf(runs, major) {
  return Object.keys(FRAMEWORKS).filter((framework) => runs.some((run) => framework in (run.node[major] ?? {})));
}

/** The peers and floors that have a column in the tables of all frameworks. */
function columns() {
  return CONTENDERS.filter(({ kind, id }) => kind !== 'ours' && id !== 'hand-written').map(({ id }) => id);
}

export function number(value) {
  if (value === undefined || Number.isNaN(value)) {
    return '';
  }
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}
