import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { log } from '../../../../lambda-runtime/node/invocations/log';

/** The same cases as for the Python runtime. */
const CASES: any[] = JSON.parse(readFileSync(join(__dirname, '../../../fixtures/log-entries.json'), 'utf8'));

let written: string[];
let printed: string[];

beforeEach(() => {
  written = [];
  printed = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  for (const level of ['error', 'warn', 'info'] as const) {
    jest.spyOn(console, level).mockImplementation((...values) => void printed.push(...values));
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.AWS_LAMBDA_LOG_FORMAT;
  delete process.env.AWS_LAMBDA_LOG_LEVEL;
});

test.each(CASES)('$name', ({ format, level: configured, entry, json, text }) => {
  if (format) process.env.AWS_LAMBDA_LOG_FORMAT = format;
  if (configured) process.env.AWS_LAMBDA_LOG_LEVEL = configured;
  const { level, message, error, ...subject } = entry;
  log(level.toLowerCase(), message, subject, error && new Error(error));
  expect(printed).toEqual(text === undefined ? [] : [text]);
  if (json === undefined) {
    expect(written).toEqual([]);
    return;
  }
  // One line, not within an entry of Lambda's client.
  expect(written.join('').split('\n')).toEqual([expect.stringMatching(/^\{/), '']);
  const { timestamp, errorType, stackTrace, ...fields } = JSON.parse(written.join(''));
  expect(fields).toEqual(json);
  expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect([errorType, Array.isArray(stackTrace)]).toEqual(error === undefined ? [undefined, false] : ['Error', true]);
});
