import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { comparable, Difference, firstDifference, isEqual, Normalize } from './comparison';
import { Counts, writeResults } from './page-results';
import { synthesizeLines } from './recipe';
import { COMMON } from './requests';
import { buildSite, OwnServer, startOwnServer } from './site';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';
import { lines as printed, serveAssembly } from '../local/fixtures/serving';

/** Makes a request of an earlier answer of the same server. */
export type MakeRequest = (ask: (request: SentRequest) => Promise<ReceivedResponse>, url: string) => Promise<SentRequest>;

export interface Site {
  /** The name of the fixture and of the page in docs/frameworks. */
  readonly framework: string;
  readonly own: OwnServer;
  /** What only this framework has. */
  readonly cases: Readonly<Record<string, SentRequest | MakeRequest>>;
  /** The files that the build made for browsers. */
  readonly assets: (folder: string) => Record<string, SentRequest>;
  /** Requests whose answer comes in parts. */
  readonly streams: readonly string[];
  readonly normalize?: Normalize;
  /** What `normalize` leaves out, with the reason. */
  readonly normalizations?: readonly { what: string; why: string }[];
  readonly differences?: readonly Difference[];
}

const UNCHANGED: MakeRequest = async (ask) => {
  const { headers } = await ask({ path: '/door.png' });
  return { path: '/door.png', headers: [headers.etag ? ['If-None-Match', headers.etag[0]] : ['If-Modified-Since', headers['last-modified'][0]]] };
};

const children: ChildProcess[] = [];

afterAll(async () => {
  await Promise.all(children.map(async (child) => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }));
});

/** Compares a site behind all front doors with the framework's own server, request by request. */
export function compareSite(site: Site): void {
  const counts: Counts[] = [];
  const { normalize, differences = [] } = site;
  let folder: string;

  beforeAll(() => {
    folder = buildSite(site.framework);
  }, 1_800_000);

  test.each([false, true])('answers behind the front doors as its own server does, streamed: %s', async (streamed) => {
    const doors = DOOR_NAMES.filter((name) => !streamed || name === 'function-url' || name === 'rest-api');
    const own = await startOwnServer(folder, site.own, children);
    const served = await serveAssembly(synthesizeLines(site.framework, folder, doors, streamed));
    expect(served.doors.map(({ name }) => name).sort()).toEqual([...doors].sort());
    await Promise.all(served.doors.map(async ({ url }) => started(url)));
    const cases: Record<string, SentRequest | MakeRequest> = { ...COMMON, 'a public file that did not change': UNCHANGED, ...site.assets(folder), ...site.cases };
    const unequal: { door: FrontDoorName; request: string; cause?: string; difference: string }[] = [];
    const broken: string[] = [];
    for (const [title, each] of Object.entries(cases)) {
      const answer = async (url: string) => {
        const ask = async (request: SentRequest) => send(url, request);
        const response = await send(url, typeof each === 'function' ? await each(ask, url) : each);
        if (!response.complete) broken.push(`${title} at ${url}`);
        return { response, seen: comparable(response, url, title, normalize) };
      };
      const [expected, ...answers] = await Promise.all([own, ...served.doors.map(({ url }) => url)].map(answer));
      answers.forEach(({ response, seen }, index) => {
        const door = served.doors[index].name as FrontDoorName;
        if (streamed && site.streams.includes(title) && !arrivesInParts(response)) broken.push(`${title} did not arrive in parts behind ${door}`);
        if (isEqual(seen, expected.seen)) return;
        const cause = differences.find((known) => (typeof known.request === 'string' ? known.request === title : known.request.test(title))
          && (known.doors?.includes(door) ?? true) && (known.streamed ?? streamed) === streamed)?.cause;
        unequal.push({ door, request: title, cause, difference: firstDifference(expected.seen, seen) });
      });
    }
    const total = Object.keys(cases).length;
    const withoutCause = unequal.filter(({ cause }) => cause === undefined).map(({ door, request, difference }) => `${door}, ${request}\n  ${difference}`);
    if (withoutCause.length > 0 || broken.length > 0) throw new Error([...broken, ...withoutCause, '', ...printed.slice(-30)].join('\n'));
    counts.push(...doors.map((door) => ({ door, streamed, total, unequal: unequal.filter((each) => each.door === door) })));
  }, 900_000);

  test('every known difference still exists', () => {
    // Nothing is written about a run that failed, or ran in part.
    expect(counts).toHaveLength(DOOR_NAMES.length + 2);
    const causes = new Set(counts.flatMap(({ unequal }) => unequal.map(({ cause }) => cause)));
    expect(differences.filter(({ cause }) => !causes.has(cause))).toEqual([]);
    writeResults(site.framework, counts, site.normalizations ?? []);
  });
}

/** Waits for the function behind a door: on a busy machine its start may take longer than the door waits. */
async function started(url: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if ((await send(url, { path: '/door.png' })).status === 200) return;
  }
}

/** The parts of these answers are made at least 400 ms apart. */
function arrivesInParts({ chunks }: ReceivedResponse): boolean {
  return chunks.length > 1 && chunks.at(-1)!.at - chunks[0].at >= 200;
}
