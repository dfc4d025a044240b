import { CONTENDERS, FRAMEWORKS, contendersFor } from '../contenders.mjs';
import { PYTHON_FRAMEWORKS, PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean, median } from '../statistics.mjs';
import { allocationRatios, scenariosOf, targetsOf, warmRatios } from './targets.mjs';

const NAMES = Object.fromEntries([...CONTENDERS.map(({ id, name }) => [id, name]), ['platform', 'Lambda\'s stream written to directly'], ['bare', 'the framework called by itself']]);

/** A table of Markdown; figures are aligned right. */
export function table(head, rows) {
  const aligned = head.map((_, i) => rows.every((row) => typeof row[i] !== 'string' || /^[-\d~*]/.test(row[i]) || row[i] === '') ? '--:' : '---');
  return [head, aligned, ...rows].map((row) => `| ${row.map((cell) => cell ?? '').join(' | ')} |`).join('\n');
}

/** Each target: the median of the runs, the least and the most of them, and whether it is met. */
export function targetTable(runs) {
  const all = runs.map(targetsOf);
  const named = new Map(all.flat().map((target) => [target.name, target]));
  const rows = [...named.values()].map(({ name, limit, unit }) => {
    const values = all.map((targets) => targets.find((target) => target.name === name)?.value).filter((value) => value !== undefined);
    const value = median(values);
    const met = value <= limit;
    const by = met ? 'met' : limit === 0 ? '**missed**' : `**missed** by ${number(value - limit)}${unit}`;
    return [name, `${limit}${unit}`, `${number(value)}${unit}`, `${number(Math.min(...values))} – ${number(Math.max(...values))}`, by];
  });
  return table(['', 'at most', 'measured', 'in the runs', ''], rows);
}

/** Ours to each contender, as the geometric mean over scenarios and doors. */
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
    const best = median(measured.map((each) => geometricMean(warmRatios(each))));
    const floor = measured.flatMap(({ warm }) => Object.values(warm).flat()).filter(({ contender }) => contender === 'bare').map(({ ratio }) => ratio);
    return [FRAMEWORKS[framework], `**${number(best)}**`, number(best / geometricMean(floor)), ...cells];
  });
  return table(['', 'ours to the best peer of each scenario', 'no adapter at all to the best peer', ...columns().map((id) => NAMES[id])], rows);
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

/** What the wrong answers were: once for each contender, scenario and problem. */
export function wrongAnswers(runs) {
  const found = new Map();
  for (const [framework, { warm }] of runs.flatMap((run) => Object.values(run.node)).flatMap((frameworks) => Object.entries(frameworks))) {
    for (const [format, rows] of Object.entries(warm)) {
      for (const { contender, scenario, problem } of rows.filter((row) => row.problem !== undefined)) {
        const key = `${NAMES[contender]} | ${scenario}`;
        const entry = found.get(key) ?? { problem, where: new Set() };
        entry.where.add(`${FRAMEWORKS[framework]} ${format}`);
        found.set(key, entry);
      }
    }
  }
  return found.size === 0 ? 'Every answer was right.' : table(['', 'scenario', 'where', 'what was wrong'], [...found].map(([key, { problem, where }]) => {
    const [name, scenario] = key.split(' | ');
    return [name, scenario, [...where].join(', '), `\`${problem.replaceAll('|', '\\|').replaceAll('`', '\'').slice(0, 120)}\``];
  }));
}

/** Bytes that an invocation allocates: small JSON, and ours to the best peer over all scenarios. */
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
    return (measured.at(-1) ?? []).map(({ contender }) => {
      const figure = (read) => median(measured.map((rows) => read(rows.find((row) => row.contender === contender))));
      return [
        FRAMEWORKS[framework],
        NAMES[contender],
        number(figure(({ bytesAdded }) => bytesAdded / 1024)),
        number(figure(({ gzipAdded }) => gzipAdded / 1024)),
        number(figure(({ initAdded }) => initAdded)),
        number(figure(({ first }) => first)),
        number(figure(({ initAdded, first }) => initAdded + first)),
        number(figure(({ rssAfterMany }) => rssAfterMany / 2 ** 20)),
        number(figure(({ rssAfterLarge }) => rssAfterLarge / 2 ** 20)),
        measured.some((rows) => rows.find((row) => row.contender === contender).fetchLoaded) ? 'yes' : 'no',
      ];
    });
  });
  return table(['', '', 'KB added', 'gzipped', 'init added, ms', 'first request, ms', 'both, ms', 'RSS after 1,000 requests, MB', 'after 1 MB bodies', 'loads fetch'], lines);
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
    const figure = (name) => number(median(measured.map((rows) => rows.find((row) => row.construct === construct)[name])));
    return [`\`new ${construct}\``, figure('made'), figure('synthesized')];
  });
  return table(['', 'the construct, ms', 'with app.synth(), ms'], lines);
}

/** A run may be of other parts. */
function warmOf(runs, major, framework) {
  return runs.map((run) => run.node[major]?.[framework]).filter((measured) => Object.keys(measured?.warm ?? {}).length > 0);
}

export function frameworksOf(runs, major) {
  return Object.keys(FRAMEWORKS).filter((framework) => runs.some((run) => framework in (run.node[major] ?? {})));
}

/** The peers and floors that have columns in the tables over all frameworks. */
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
