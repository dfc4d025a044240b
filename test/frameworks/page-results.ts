import { readFileSync, writeFileSync } from 'node:fs';
import { NORMALIZATIONS } from './comparison';
import { pageOf } from './site';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { DOOR_NAMES } from '../local/fixtures/doors';

export interface Counts {
  readonly door: FrontDoorName;
  readonly streamed: boolean;
  readonly total: number;
  readonly unequal: readonly { readonly request: string; readonly cause?: string }[];
}

const START = '<!-- results: written by npm run test:frameworks -->';
const END = '<!-- end of results -->';

/** Writes what was counted to the page of the framework, between its two comments. */
export function writeResults(framework: string, counts: readonly Counts[], normalizations: readonly { what: string; why: string }[]): void {
  const file = pageOf(framework);
  const page = readFileSync(file, 'utf8');
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${file} has no place for the results: ${START} and ${END}`);
  writeFileSync(file, `${page.slice(0, start)}${START}\n\n${render(counts, normalizations)}\n${page.slice(end)}`);
}

function render(counts: readonly Counts[], normalizations: readonly { what: string; why: string }[]): string {
  const cell = (door: FrontDoorName, streamed: boolean) => {
    const count = counts.find((each) => each.door === door && each.streamed === streamed);
    return count ? `${count.total - count.unequal.length} of ${count.total}` : 'cannot stream';
  };
  const causes = new Map<string, Set<string>>();
  for (const { door, streamed, unequal } of counts) {
    for (const { request, cause } of unequal) {
      const key = `| ${request} | ${cause} |`;
      causes.set(key, (causes.get(key) ?? new Set()).add(`\`${door}\`${streamed ? ', streamed' : ''}`));
    }
  }
  return [
    '| front door | buffered | streamed |',
    '| --- | --- | --- |',
    ...DOOR_NAMES.map((door) => `| \`${door}\` | ${cell(door, false)} | ${cell(door, true)} |`),
    '',
    ...causes.size === 0 ? ['Every response is equal.'] : [
      '| unequal response | cause | behind |',
      '| --- | --- | --- |',
      ...[...causes].map(([row, doors]) => `${row} ${[...doors].join('; ')} |`),
    ],
    '',
    'Left out of the comparison:',
    '',
    ...[...NORMALIZATIONS, ...normalizations].map(({ what, why }) => `- ${what}: ${why}`),
    '',
  ].join('\n');
}
