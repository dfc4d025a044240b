import * as vega from 'vega';
import { compile } from 'vega-lite';
import { CONTENDERS, FRAMEWORKS } from '../contenders.mjs';
import { geometricMean, median } from '../statistics.mjs';

const NAMES = Object.fromEntries(CONTENDERS.map(({ id, name }) => [id, name]));
const SHOWN = CONTENDERS.filter(({ kind }) => kind !== 'floor').map(({ id }) => id);
/** Told apart by people who see colours differently, on light and on dark pages. */
const COLOURS = ['#d55e00', '#8da0b6', '#5b7fa6', '#b3a2c8', '#7fae9b', '#c9b16f'];

/** Vega-Lite warns that scales of facets are merged, which is what is wanted here. */
const SILENT = vega.logger(vega.None);

/** The picture of the README: the time of an invocation beside ours, over all scenarios and doors. */
export function warmChart(runs, major) {
  const values = frameworks(runs, major).flatMap((framework) => SHOWN.map((id) => {
    const rows = runs.flatMap((run) => Object.values(run.node[major]?.[framework]?.warm ?? {}).flat()).filter(({ contender }) => contender === id);
    return rows.length === 0 ? undefined : { framework: FRAMEWORKS[framework], contender: NAMES[id], value: 1 / geometricMean(rows.map(({ ratio }) => ratio)) };
  }).filter(Boolean));
  return draw({
    title: ['Time of a warm invocation, cdk-wrapped-web-app = 1', `Node ${major}, geometric mean of six scenarios behind four doors; shorter is better`],
    values,
    axis: 'times as long',
    format: '.2f',
  });
}

export function allocationChart(runs, major) {
  const values = frameworks(runs, major).flatMap((framework) => SHOWN.map((id) => {
    const rows = runs.flatMap((run) => Object.values(run.node[major]?.[framework]?.allocation ?? {}).flat());
    const own = rows.filter(({ contender, scenario }) => contender === id && scenario === 'small JSON');
    return own.length === 0 ? undefined : { framework: FRAMEWORKS[framework], contender: NAMES[id], value: median(own.map(({ bytes }) => bytes)) / 1000 };
  }).filter(Boolean));
  return draw({
    title: ['KB allocated by an invocation that answers small JSON', `Node ${major}, the framework's own part included; shorter is better`],
    values,
    axis: 'KB',
    format: '.1f',
  });
}

export function coldChart(runs, major) {
  const values = frameworks(runs, major).flatMap((framework) => SHOWN.map((id) => {
    const rows = runs.map((run) => run.node[major]?.[framework]?.cold?.find(({ contender }) => contender === id)).filter(Boolean);
    return rows.length === 0 ? undefined : { framework: FRAMEWORKS[framework], contender: NAMES[id], value: Math.max(0, median(rows.map(({ initAdded, first }) => initAdded + first))) };
  }).filter(Boolean));
  return draw({
    title: ['Milliseconds that a cold start takes on top of the app: init added, and the first request', `Node ${major}, fresh processes; shorter is better`],
    values,
    axis: 'ms',
    format: '.1f',
  });
}

async function draw({ title: [text, subtitle], values, axis, format }) {
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: { text, subtitle, anchor: 'start', fontSize: 15, subtitleFontSize: 12, offset: 12 },
    data: { values },
    facet: { row: { field: 'framework', type: 'nominal', sort: Object.values(FRAMEWORKS), title: null, header: { labelAngle: 0, labelAlign: 'right', labelPadding: 6, labelFontSize: 12 } } },
    spacing: 8,
    spec: {
      width: 420,
      height: { step: 15 },
      layer: [
        { mark: { type: 'bar', cornerRadiusEnd: 2 } },
        { mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 }, encoding: { text: { field: 'value', type: 'quantitative', format }, color: { value: '#333' } } },
      ],
      encoding: {
        x: { field: 'value', type: 'quantitative', title: axis, scale: { zero: true } },
        y: { field: 'contender', type: 'nominal', sort: SHOWN.map((id) => NAMES[id]), axis: null },
        color: {
          field: 'contender',
          type: 'nominal',
          sort: SHOWN.map((id) => NAMES[id]),
          scale: { domain: SHOWN.map((id) => NAMES[id]), range: COLOURS },
          legend: { title: null, orient: 'bottom', columns: 3, labelLimit: 260 },
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
    config: { font: 'sans-serif', view: { stroke: null }, axis: { gridColor: '#eee' } },
  };
  const view = new vega.View(vega.parse(compile(spec, { logger: SILENT }).spec), { renderer: 'none' });
  return view.toSVG();
}

function frameworks(runs, major) {
  return Object.keys(FRAMEWORKS).filter((framework) => runs.some((run) => framework in (run.node[major] ?? {})));
}
