import { arrivesInParts, Cases, compareRequests, MakeRequest } from './compare-requests';
import { Difference, Normalize } from './comparison';
import { FRAMEWORKS } from './frameworks';
import { Counts, writeResults } from './page-results';
import { linesOf, synthesizeLines } from './recipe';
import { COMMON } from './requests';
import { buildSite, startOwnServer } from './site';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { send } from '../local/fixtures/http-client';
import { lines as printed, serveAssembly } from '../local/fixtures/serving';

export interface Site {
  /** The name of the fixture and of the page in docs/frameworks. */
  readonly framework: string;
  /** What only this framework has. */
  readonly cases: Cases;
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

/** Compares a site behind all front doors with the framework's own server, request by request. */
export function compareSite(site: Site): void {
  const counts: Counts[] = [];
  const { normalize, differences = [] } = site;
  const { own, assets } = FRAMEWORKS[site.framework];
  let folder: string;

  beforeAll(() => {
    folder = buildSite(site.framework);
  }, 1_800_000);

  test.each([false, true])('answers behind the front doors as its own server does, streamed: %s', async (streamed) => {
    const doors = DOOR_NAMES.filter((name) => !streamed || name === 'function-url' || name === 'rest-api');
    const ownUrl = await startOwnServer(folder, own);
    const served = await serveAssembly(synthesizeLines(linesOf(site.framework), folder, doors, streamed));
    expect(served.doors.map(({ name }) => name).sort()).toEqual([...doors].sort());
    await Promise.all(served.doors.map(async ({ url }) => started(url)));
    const cases: Cases = { ...COMMON, 'a public file that did not change': UNCHANGED, ...assets(folder), ...site.cases };
    const results = await compareRequests(ownUrl, served.doors, cases, normalize);
    const broken = results.flatMap(({ title, door, own: { complete }, response }) => [
      ...complete && response.complete ? [] : [`${title} is incomplete behind ${door}, or on its own server`],
      ...streamed && site.streams.includes(title) && !arrivesInParts(response) ? [`${title} did not arrive in parts behind ${door}`] : [],
    ]);
    const unequal = results.filter(({ difference }) => difference !== undefined).map(({ title, door, difference }) => ({
      door,
      request: title,
      difference,
      cause: differences.find((known) => (typeof known.request === 'string' ? known.request === title : known.request.test(title))
        && (known.doors?.includes(door) ?? true) && (known.streamed ?? streamed) === streamed)?.cause,
    }));
    const withoutCause = unequal.filter(({ cause }) => cause === undefined).map(({ door, request, difference }) => `${door}, ${request}\n  ${difference}`);
    if (withoutCause.length > 0 || broken.length > 0) throw new Error([...broken, ...withoutCause, '', ...printed.slice(-30)].join('\n'));
    const total = Object.keys(cases).length;
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
