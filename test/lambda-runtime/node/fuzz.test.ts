import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from './cases';
import { fuzz } from './fuzz/run';

/** A short run for every `npm test`. `npx projen fuzz` is the long run. */
const EVENTS = 4_000;

test('every hostile event gets an answer or a clear error', async () => {
  const originals = readdirSync(join(__dirname, '../../fixtures/events')).filter((file) => file.endsWith('.json')).map(fixture);
  const { problems, answers, refusals } = await fuzz(EVENTS, 1, originals);
  expect(problems).toEqual([]);
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
  expect(sum(answers) + sum(refusals)).toBe(EVENTS);
  // Enough events must reach the apps, or the test would prove nothing.
  expect(answers[200]).toBeGreaterThan(EVENTS / 10);
  expect(Object.keys(refusals).length).toBeGreaterThan(1);
});
