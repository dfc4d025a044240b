import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from './cases';
import { fuzz } from './fuzz/run';

/** The long run is `npx projen fuzz`; this one is for every test run. */
const EVENTS = 4_000;

test('hostile events get an answer or a clear error, whatever is wrong with them', async () => {
  const originals = readdirSync(join(__dirname, '../../fixtures/events')).filter((file) => file.endsWith('.json')).map(fixture);
  const { problems, answers, refusals } = await fuzz(EVENTS, 1, originals);
  expect(problems).toEqual([]);
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
  expect(sum(answers) + sum(refusals)).toBe(EVENTS);
  // Events that the apps never see would prove nothing.
  expect(answers[200]).toBeGreaterThan(EVENTS / 10);
  expect(Object.keys(refusals).length).toBeGreaterThan(1);
});
