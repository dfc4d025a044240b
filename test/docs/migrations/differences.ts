import { Answer, Answers } from './answers';
import { PageRequest } from './events';
import { FrontDoorName } from '../../../local/front-doors/front-door';

/** All differences as a table for the page, a row for each. Front doors that differ in the same way share a row. */
export function tableOfDifferences(requests: readonly PageRequest[], before: Answers, after: Answers): string {
  const rows = new Map<string, FrontDoorName[]>();
  requests.forEach(({ method = 'GET', path }, index) => {
    for (const door of Object.keys(before) as FrontDoorName[]) {
      for (const cells of differencesOf(before[door]![index], after[door]![index])) {
        const row = [`\`${method} ${path}\``, ...cells].join(' | ');
        rows.set(row, [...rows.get(row) ?? [], door]);
      }
    }
  });
  const lines = [...rows].map(([row, doors]) => `| ${doors.map(door => `\`${door}\``).join(', ')} | ${row} |`);
  return lines.length === 0 ? 'No answer differs.' : ['| front door | request | what | before | after |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function differencesOf(before: Answer, after: Answer): string[][] {
  // Another status is another answer: its headers and body are of no interest.
  if (before.status !== after.status) return [['status', String(before.status), String(after.status)]];
  const differences = before.body === after.body ? [] : [['body', showBody(before.body), showBody(after.body)]];
  const names = [...new Set([...Object.keys(before.headers), ...Object.keys(after.headers)])].sort();
  for (const name of names) {
    const [one, other] = [before, after].map(({ headers }) => showHeader(headers[name]));
    // An ETag is made of the body.
    if (one !== other && !(name === 'etag' && differences.length > 0)) differences.push([`\`${name}\``, one, other]);
  }
  return differences;
}

function showHeader(values: readonly string[] | undefined): string {
  return values === undefined ? 'none' : values.map(value => `\`${value}\``).join(' and ');
}

function showBody(body: string): string {
  if (body === '') return 'empty';
  return /^[\x20-\x7e]{1,200}$/.test(body) ? `\`${body}\`` : `${body.length} bytes: \`${Buffer.from(body, 'latin1').subarray(0, 8).toString('hex')}…\``;
}
