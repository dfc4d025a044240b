/** The command that looks for state that requests share, on an app that has all of it and on one that has none. */
import { join } from 'node:path';
import { findLeaks, Findings } from './find-leaks';
import { INSTALLATION_TIME, installedNodes } from '../../../toolchain';

const { binary } = installedNodes().at(-1)!;
const OPTIONS = { paths: ['/', '/orders/{marker}'], methods: ['GET', 'POST'], requests: 64 };

let leaky: Findings;
let careful: Findings;
beforeAll(async () => {
  [leaky, careful] = await Promise.all(['leaky.cjs', 'careful.cjs'].map((app) => findLeaks(binary, join(__dirname, 'apps', app), OPTIONS)));
}, INSTALLATION_TIME);

test('finds what a bad app mixes up, and what grows in it', () => {
  const { leaks, statuses } = leaky;
  expect([...statuses]).toEqual([[200, 64]]);
  expect([...leaks].sort()).toEqual([
    /^log: lines had what another request had sent, \d+ of 64: leak-\S+ wrote "\[leak-\S+\] looked at their orders"$/,
    /^memory: counters \(Object\) still has what 128 of 128 answered requests had sent$/,
    /^memory: sessions \(Map\) has grown by \d+ values in 64 requests, from \d+ to \d+$/,
    /^memory: visits \(Array\) has grown by \d+ values in 64 requests, from \d+ to \d+$/,
    /^response: the body had what another request had sent, in \d+ of 64 responses: leak-\S+ got "orders of leak-\S+"$/,
    /^response: the header x-last-body had what another request had sent, in \d+ of 64 responses: leak-\S+ got ".*leak-.*"$/,
  ].map((line) => expect.stringMatching(line)));
});

test('is silent about a good app', () => {
  expect(careful.leaks).toEqual([]);
  expect([...careful.statuses]).toEqual([[200, 64]]);
});
