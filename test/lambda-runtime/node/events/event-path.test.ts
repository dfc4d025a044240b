import { EventPath } from '../../../../lambda-runtime/node/events/event-path';

/** The spellings that both runtimes refuse are in test/fixtures/requests.json. */
const eventPath = new EventPath('/events');

/** Escapes each digit of each escape, as often as `rounds`. */
function escapedInLayers(path: string, rounds: number): string {
  return rounds === 0 ? path : escapedInLayers(path.replace(/%(\d)(\d)/g, '%%3$1%3$2'), rounds - 1);
}

test('a path that is escaped in more layers than anybody needs is taken for the event path', () => {
  expect(eventPath.has(escapedInLayers('/%65vents', 4))).toBe(true);
  expect(eventPath.has(escapedInLayers('/%78', 4))).toBe(false);
  expect(eventPath.has(escapedInLayers('/%78', 8))).toBe(true);
});

test('a long path is read once, and not once for each of its characters', () => {
  // With a loop per escape or segment, each of these takes minutes.
  for (const path of [`/%${'25'.repeat(100_000)}`, '/'.repeat(100_000), '/..'.repeat(100_000), '/x;'.repeat(100_000), '%'.repeat(100_000)]) {
    expect(eventPath.has(path)).toBe(false);
  }
});

test('an event path at the root is only the root', () => {
  const root = new EventPath('/');
  expect(['/', '//', '/x/..', '/?x'].map((path) => root.has(path))).toEqual([true, true, true, true]);
  expect(root.has('/x')).toBe(false);
});
