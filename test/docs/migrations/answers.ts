import { spawnSync } from 'node:child_process';
import { eventOf, PageRequest } from './events';
import { DoorAnswer, FrontDoorName } from '../../../local/front-doors/front-door';
import { answer, answerOutcome, doorOf } from '../../local/fixtures/doors';

/** What a client gets: the door's reading of the function's result. */
export interface Answer {
  readonly status: number;
  /** Names in lower case, all values of each in order. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** Headers that differ between two requests, or that the door makes, also of those of a server behind the Lambda Web Adapter. */
const OF_THE_DOOR = ['x-amzn-remapped-connection', 'x-amzn-remapped-date', 'apigw-requestid', 'x-amzn-requestid', 'server', 'date', 'x-amzn-remapped-content-length', 'content-length'];

const PROGRAM = `
  let input = '';
  process.stdin.on('data', chunk => input += chunk).on('end', async () => {
    const { file, events } = JSON.parse(input);
    const module = await import(file);
    const handler = await (module.handler ?? module.default.handler);
    const outcomes = [];
    for (const event of events) {
      const context = { awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef', callbackWaitsForEmptyEventLoop: true, getRemainingTimeInMillis: () => 29000 };
      outcomes.push(await Promise.resolve().then(() => handler(event, context)).then(result => ({ result }), error => ({ error: String(error) })));
    }
    process.stdout.write('\\n' + JSON.stringify(outcomes) + '\\n', () => process.exit());
  });
`;

/** The answers to some requests, behind each of some front doors. */
export type Answers = Partial<Record<FrontDoorName, Answer[]>>;

/** Calls a handler as Lambda does, in a process of its own, and reads its results as the front doors do. */
export async function answersOf(
  doors: readonly FrontDoorName[], file: string, requests: readonly PageRequest[], options: { cwd: string; env?: Record<string, string> },
): Promise<Answers> {
  const child = spawnSync(process.execPath, ['--input-type=commonjs', '-e', PROGRAM], {
    cwd: options.cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NODE_ENV: 'production', AWS_LAMBDA_FUNCTION_NAME: 'web', ...options.env },
    input: JSON.stringify({ file, events: doors.flatMap(door => requests.map(request => eventOf(door, request))) }),
  });
  const outcomes = child.stdout.trim().split('\n').at(-1);
  if (child.status !== 0 || !outcomes) throw new Error(`${file} failed:\n${child.stdout}\n${child.stderr}`);
  const given: { result?: unknown; error?: string }[] = JSON.parse(outcomes);
  const entries = doors.map(async door => [door, await Promise.all(given.splice(0, requests.length).map(async ({ result, error }) => simplify(
    error === undefined
      ? await answer(doorOf(door), result ?? null)
      : await answerOutcome(doorOf(door), { kind: 'error', errorType: 'Error', errorMessage: error }),
  )))]);
  return Object.fromEntries(await Promise.all(entries));
}

export function simplify({ status, headers, body }: DoorAnswer): Answer {
  const byName: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    if (!OF_THE_DOOR.includes(name.toLowerCase())) (byName[name.toLowerCase()] ??= []).push(value);
  }
  // Bytes that are no UTF-8 stay distinguishable.
  return { status, headers: byName, body: (body as Buffer).toString('latin1') };
}

