/**
 * Compares a site that its authors' commands have built behind all front doors with its own server:
 * `WEBSITE=site.json npm run test:website`. The file has a `Website`, with paths relative to itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { arrivesInParts, Cases, compareRequests, DoorResult, MakeRequest } from './compare-requests';
import { crawl } from './crawl';
import { FRAMEWORKS } from './frameworks';
import { linesOf, synthesizeLines } from './recipe';
import { startOwnServer } from './site';
import { Served } from '../../local/serve';
import { DOOR_NAMES } from '../local/fixtures/doors';
import { ReceivedResponse, SentRequest } from '../local/fixtures/http-client';
import { lines as printed, serveAssembly } from '../local/fixtures/serving';

interface Website {
  readonly folder: string;
  /** The name of its page in docs/frameworks. */
  readonly framework: string;
  /** The lines of the stack, if they cannot be those of the page. */
  readonly lines?: string;
  /** The arguments of `node` for its own server, if they cannot be those of the framework. */
  readonly own?: string[];
  /** The environment of both. */
  readonly environment?: Record<string, string>;
  /**
   * What no link leads to. `(server)` in a path, header or body is another word for each server and run, e.g. for a user that can be made
   * only once.
   */
  readonly requests?: (SentRequest & {
    /** Sends the cookies that earlier requests with this field got. */
    readonly session?: boolean;
  })[];
  /** The titles of requests that its own server never answers. */
  readonly unanswered?: string[];
  /** What the site makes anew for each answer: regular expressions, and what they are replaced by. */
  readonly replace?: Record<string, string>;
}

const file = path.resolve(process.env.WEBSITE ?? 'no WEBSITE is set');
const website: Website = JSON.parse(readFileSync(file, 'utf8'));
const folder = path.resolve(path.dirname(file), website.folder);
const { own, assets, data } = FRAMEWORKS[website.framework];
/** The name of a second server of its own, among the doors. */
const CONTROL = 'control';

const results: (DoorResult & { streamed: boolean })[] = [];

test.each([false, true])('answers behind the front doors as its own server does, streamed: %s', async (streamed) => {
  const { environment, lines = linesOf(website.framework) } = website;
  const doors = DOOR_NAMES.filter((name) => !streamed || name === 'function-url' || name === 'rest-api');
  const server = website.own ? { args: website.own } : own;
  const start = async () => startOwnServer(folder, { ...server, environment: { ...server.environment, ...environment } });
  // Not on the server that is compared: the functions have not answered these requests before, and caches tell the difference.
  const crawled = await crawl(await start(), data);
  const ownUrl = await start();
  // What differs between two of its own servers says nothing about the doors.
  const control = { name: CONTROL, url: await start() } as unknown as Served['doors'][number];
  const served = await serveAssembly(synthesizeLines(lines, folder, doors, streamed, environment));
  const requests = new ListedRequests();
  const cases: Record<string, SentRequest | MakeRequest> = { ...crawled, ...assets(folder), ...requests.cases };
  for (const title of website.unanswered ?? []) delete cases[title];
  const compared = await compareRequests(ownUrl, [...served.doors, control], cases, normalize, (...answer) => requests.keepCookies(...answer));
  results.push(...compared.map((result) => ({ ...result, streamed })));
  const log = path.join(path.dirname(file), `${path.basename(file, '.json')}.${streamed ? 'streamed' : 'buffered'}.log`);
  writeFileSync(log, printed.join('\n'));
}, 3_600_000);

/** The requests of the file, with the cookies that each server sets. */
class ListedRequests {
  readonly #run = Date.now();
  readonly #jars = new Map<string, Map<string, string>>();

  public readonly cases: Cases = Object.fromEntries((website.requests ?? []).map(({ session, ...request }, index) => [
    `${index + 1}. ${request.method ?? 'GET'} ${request.path}${session ? ', with the session' : ''}`,
    async (_ask, url) => {
      const { headers = [], ...rest }: SentRequest = JSON.parse(JSON.stringify(request)
        .replaceAll('(server)', `server${this.#run}x${new URL(url).port}x`).replaceAll('(origin)', new URL(url).origin));
      const cookies = [...this.#jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
      return { ...rest, headers: session && cookies ? [...headers, ['Cookie', cookies]] : headers };
    },
  ] satisfies [string, MakeRequest]));

  public keepCookies(title: string, url: string, { headers }: ReceivedResponse): void {
    if (!title.endsWith('with the session')) return;
    for (const cookie of headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.#jarOf(url).set(name, value);
    }
  }

  #jarOf(url: string): Map<string, string> {
    return this.#jars.get(url) ?? this.#jars.set(url, new Map()).get(url)!;
  }
}

function normalize(text: string): string {
  return Object.entries(website.replace ?? {}).reduce(
    (replaced, [pattern, by]) => replaced.replace(new RegExp(pattern, 'g'), by),
    text.replace(/server\d{13}x\d+x/g, '(server)'),
  );
}

afterAll(() => {
  const report = DOOR_NAMES.flatMap((door) => [false, true].map((streamed) => {
    const of = results.filter((result) => result.door === door && result.streamed === streamed);
    const varies = new Set(results.filter((result) => (result.door as string) === CONTROL && result.streamed === streamed && result.difference)
      .map(({ title }) => title));
    const different = of.filter(({ difference }) => difference !== undefined);
    const unequal = different.filter(({ title }) => !varies.has(title));
    const whole = of.filter(({ own: plain, response }) => streamed && arrivesInParts(plain) && !arrivesInParts(response));
    return of.length === 0 ? [] : [
      `${door}${streamed ? ', streamed' : ''}: ${of.length - different.length} of ${of.length} equal, ${different.length - unequal.length} differ between two of its own servers too`
        + `, ${of.filter(({ own: plain }) => arrivesInParts(plain)).length} come in parts from its own server`,
      ...unequal.map(({ title, difference }) => `  ${title}\n    ${difference}`),
      ...whole.map(({ title }) => `  ${title}\n    did not arrive in parts`),
    ];
  })).flat();
  process.stdout.write(`${report.join('\n')}\n`);
});
