import { comparable, firstDifference, isEqual, Normalize } from './comparison';
import { FrontDoorName } from '../../local/front-doors/front-door';
import { Served } from '../../local/serve';
import { ReceivedResponse, send, SentRequest } from '../local/fixtures/http-client';

/** Makes a request of an earlier answer of the same server. */
export type MakeRequest = (ask: (request: SentRequest) => Promise<ReceivedResponse>, url: string) => Promise<SentRequest>;

export type Cases = Readonly<Record<string, SentRequest | MakeRequest>>;

export interface DoorResult {
  readonly title: string;
  readonly door: FrontDoorName;
  readonly own: ReceivedResponse;
  readonly response: ReceivedResponse;
  /** In which way the response is not that of the site's own server. */
  readonly difference?: string;
}

/** Sends each request to the site's own server and to all doors at the same time, one request after the other. */
export async function compareRequests(
  ownUrl: string,
  doors: Served['doors'],
  cases: Cases,
  normalize?: Normalize,
  onAnswer: (title: string, url: string, response: ReceivedResponse) => void = () => undefined,
): Promise<DoorResult[]> {
  const results: DoorResult[] = [];
  for (const [title, each] of Object.entries(cases)) {
    const answer = async (url: string) => {
      const response = await send(url, typeof each === 'function' ? await each(async (request) => send(url, request), url) : each);
      onAnswer(title, url, response);
      return { response, seen: comparable(response, url, title, normalize) };
    };
    const [own, ...answers] = await Promise.all([ownUrl, ...doors.map(({ url }) => url)].map(answer));
    answers.forEach(({ response, seen }, index) => results.push({
      title,
      door: doors[index].name as FrontDoorName,
      own: own.response,
      response,
      difference: isEqual(seen, own.seen) ? undefined : firstDifference(own.seen, seen),
    }));
  }
  return results;
}

/** Whether parts that are made at least 400 ms apart arrived apart. */
export function arrivesInParts({ chunks }: ReceivedResponse): boolean {
  return chunks.length > 1 && chunks.at(-1)!.at - chunks[0].at >= 200;
}
