import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FIXTURES = join(__dirname, '..', '..', 'fixtures');

/** The description of an event: see test/fixtures/README.md. */
export interface EventSpec {
  readonly inline?: unknown;
  readonly fixture?: string;
  readonly without?: string[];
  readonly with?: Record<string, unknown>;
}

export interface Case {
  readonly name: string;
  readonly runtime?: 'node' | 'python';
  readonly event: EventSpec;
  readonly doors?: any[];
  readonly options?: Record<string, unknown>;
  readonly cdnSecrets?: string[];
  readonly app: {
    status: number;
    reason?: string;
    headers: [string, string][];
    headerRepeat?: [name: string, character: string, times: number];
    body?: string;
    bodyRepeat?: [character: string, times: number];
    chunks?: string[];
  };
  readonly compare?: 'status' | 'stream';
  readonly ignore?: string[];
  readonly expected: any;
}

/** The cases of a table that apply to this runtime. */
export function casesOf<T extends { readonly runtime?: string } = Case>(table: 'requests' | 'responses' | 'faults'): T[] {
  const all: T[] = JSON.parse(readFileSync(join(FIXTURES, `${table}.json`), 'utf8'));
  return all.filter(({ runtime }) => runtime !== 'python');
}

export function fixture(name: string): any {
  return JSON.parse(readFileSync(join(FIXTURES, 'events', name), 'utf8'));
}

export function eventOf(spec: EventSpec): any {
  if (spec.fixture === undefined) {
    return spec.inline;
  }
  const event = fixture(spec.fixture);
  spec.without?.forEach((path) => removeAt(event, path));
  return spec.with === undefined ? event : merge(event, spec.with);
}

/** The headers that the app of a case sends. */
export function headersOf({ headers, headerRepeat }: Case['app']): [string, string][] {
  if (headerRepeat === undefined) {
    return headers;
  }
  const [name, character, times] = headerRepeat;
  return [...headers, [name, character.repeat(times)]];
}

export function removeAt(value: any, path: string): void {
  const names = path.split('.');
  const last = names.pop()!;
  const parent = names.reduce((at, name) => at?.[name], value);
  if (parent) {
    delete parent[last];
  }
}

function merge(below: any, above: any): any {
  if (!isObject(below) || !isObject(above)) {
    return above;
  }
  const merged: any = { ...below };
  for (const [name, value] of Object.entries(above)) {
    merged[name] = merge(below[name], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
