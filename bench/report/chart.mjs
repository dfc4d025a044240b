import * as vega from 'vega';
import { compile } from 'vega-lite';
import { CONTENDERS, FRAMEWORKS } from '../contenders.mjs';
import { PYTHON_FRAMEWORKS, PYTHON_NAMES } from '../python/measure-python.mjs';
import { geometricMean, median } from '../statistics.mjs';

const SHOWN = CONTENDERS.filter(({ kind }) => kind !== 'floor');
const OURS = SHOWN.find(({ kind }) => kind === 'ours').name;
const BEST = 'the fastest other adapter';
/** Wide enough for a README, with the names on the left and one column of bars for each version of Node. */
const BARS_WIDTH = 520;
const NAMES_WIDTH = 245;

/** Without a canvas, Vega assumes very wide characters. This is about right for the sans-serif fonts of browsers. */
vega.textMetrics.width = (item, text) => Math.ceil(0.56 * String(text ?? '').length * item.fontSize);

/** Vega-Lite warns that scales of facets are merged, which is intended. */
const SILENT = vega.logger(vega.None);

/**
 * The chart of the README: whole cold starts.
 * @param {Array<{ name: string, ours: number, best: number }>} starts in milliseconds
 */
export function startsChart(starts, subtitle) {
  return draw({
    title: 'A cold start, to the first response',
    subtitle: ['Framework and adapter together, in milliseconds of processor time above an empty function; shorter is better', subtitle],
    names: starts.map(({ name }) => name),
    columns: [{ values: starts.flatMap(({ name, ours, best }) => [{ framework: name, contender: OURS, value: ours }, { framework: name, contender: BEST, value: best }]) }],
    format: (value) => `${value.toFixed(0)} ms`,
  });
}

/** The time of an invocation relative to ours, over all scenarios and doors. */
export function warmChart(runs, subtitle) {
  return draw({
    title: 'Time of a warm invocation, ours = 1',
    subtitle: ['Geometric mean of six scenarios behind four front doors, processor time, the framework\'s own included; shorter is better', subtitle],
    columns: nodeColumns(runs, ({ warm = {} }, id) => {
      const rows = Object.values(warm).flat().filter(({ contender }) => contender === id);
      return rows.length === 0 ? undefined : 1 / geometricMean(rows.map(({ ratio }) => ratio));
    }),
    format: (value) => `${value.toFixed(2)}×`,
  });
}

export function allocationChart(runs, subtitle) {
  return draw({
    title: 'Memory that an invocation allocates',
    subtitle: ['A small JSON answer, the framework\'s own part included; shorter is better', subtitle],
    columns: nodeColumns(runs, ({ allocation = {} }, id) => {
      const rows = Object.values(allocation).flat().filter(({ contender, scenario }) => contender === id && scenario === 'small JSON');
      return rows.length === 0 ? undefined : median(rows.map(({ bytes }) => bytes)) / 1000;
    }),
    format: (value) => `${value.toFixed(1)} KB`,
  });
}

export function coldChart(runs, subtitle) {
  return draw({
    title: 'What a cold start takes beside loading the app',
    subtitle: ['Init added (dark) and the first request (light), processor time in fresh processes; shorter is better', subtitle],
    columns: nodeColumns(runs, ({ cold = [] }, id) => cold.find(({ contender }) => contender === id)?.both.ms),
    parts: nodeColumns(runs, ({ cold = [] }, id) => cold.find(({ contender }) => contender === id)?.initAdded.ms),
    format: (value) => `${value.toFixed(1)} ms`,
  });
}

export function pythonChart(runs, subtitle) {
  const measured = runs.filter(({ python }) => Object.keys(python).length > 0);
  const values = Object.entries(PYTHON_NAMES).flatMap(([framework, name]) => ['ours', PYTHON_FRAMEWORKS[framework]].map((id) => ({
    framework: name,
    contender: id === 'ours' ? OURS : id,
    value: medianOf(measured, ({ python }) => {
      const rows = python[framework]?.warm.filter(({ contender }) => contender === id);
      return rows === undefined ? undefined : 1 / geometricMean(rows.map(({ ratio }) => ratio));
    }),
  }))).filter(({ value }) => value !== undefined);
  return draw({
    title: 'Time of a warm invocation in Python, ours = 1',
    subtitle: ['Geometric mean of six scenarios behind four front doors, processor time, the framework\'s own included; shorter is better', subtitle],
    columns: [{ name: undefined, values }],
    format: (value) => `${value.toFixed(2)}×`,
  });
}

/** One column of bars for each version of Node: the median of the runs for each framework and contender. */
function nodeColumns(runs, read) {
  const majors = [...new Set(runs.flatMap(({ node }) => Object.keys(node)))].sort();
  return majors.map((major) => ({
    name: `Node ${major}`,
    values: Object.entries(FRAMEWORKS).flatMap(([framework, name]) => SHOWN.map(({ id, name: contender }) => ({
      framework: name,
      contender,
      value: medianOf(runs, ({ node }) => node[major]?.[framework] && read(node[major][framework], id)),
    }))).filter(({ value }) => value !== undefined),
  }));
}

function medianOf(runs, read) {
  const values = runs.map(read).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
}

/** Groups of bars, each with its value next to it: ours in one colour, all others in another. */
async function draw({ title, subtitle, columns, parts, format, names = Object.values({ ...FRAMEWORKS, ...PYTHON_NAMES }) }) {
  const most = Math.max(...columns.flatMap(({ values }) => values.map(({ value }) => value)));
  const contenders = [...SHOWN.map(({ name }) => name), ...new Set(Object.values(PYTHON_FRAMEWORKS)), BEST];
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: { text: title, subtitle, anchor: 'start', fontSize: 17, subtitleFontSize: 12, subtitleColor: '#555', subtitlePadding: 6, offset: 14 },
    spacing: 24,
    hconcat: columns.map(({ name, values }, index) => ({
      ...(name && { title: { text: name, anchor: 'start', frame: 'group', fontSize: 13, offset: 6 } }),
      data: { values: values.map((each, i) => ({ ...each, ours: each.contender === OURS, label: format(each.value), group: values[i - 1]?.framework === each.framework ? '' : each.framework, part: parts?.[index].values[i].value ?? each.value })) },
      facet: { row: { field: 'framework', type: 'nominal', sort: names, header: null } },
      spacing: 12,
      spec: {
        width: BARS_WIDTH / columns.length - 12,
        height: { step: 18 },
        layer: [
          ...(index > 0 ? [] : [{
            mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 'bold' },
            encoding: { x: { value: -NAMES_WIDTH }, text: { field: 'group' }, color: { value: '#222' } },
          }]),
          ...(parts === undefined ? [] : [{ mark: { type: 'bar', opacity: 0.45 }, encoding: { x: { field: 'value', type: 'quantitative' } } }]),
          { mark: { type: 'bar' }, encoding: { x: { field: 'part', type: 'quantitative' } } },
          { mark: { type: 'text', align: 'left', dx: 4, fontSize: 11 }, encoding: { x: { field: 'value', type: 'quantitative' }, text: { field: 'label' }, color: { value: '#333' } } },
        ],
        encoding: {
          x: { type: 'quantitative', axis: null, scale: { domain: [0, most * 1.14] } },
          y: {
            field: 'contender',
            type: 'nominal',
            sort: contenders,
            title: null,
            scale: { paddingInner: 0.2, paddingOuter: 0 },
            axis: index === 0 ? { domain: false, ticks: false, labelLimit: 0, labelPadding: 6, labelFontSize: 11, labelColor: { condition: { test: `datum.value === '${OURS}'`, value: '#b34e00' }, value: '#444' } } : null,
          },
          color: { field: 'ours', type: 'nominal', scale: { domain: [true, false], range: ['#d55e00', '#9db0c4'] }, legend: null },
        },
      },
      resolve: { scale: { y: 'independent' } },
    })),
    config: { font: 'sans-serif', view: { stroke: null } },
  };
  const view = new vega.View(vega.parse(compile(spec, { logger: SILENT }).spec), { renderer: 'none' });
  return view.toSVG();
}
