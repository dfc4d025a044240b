import { Behaviour, Door, Outcome } from './behaviour';
import { answerOf, eventFor } from './doors';
import { aftermath, serverOf } from './plain-server';

/** The time that an invocation has; an app that never answers gets 504 before it is over. */
const TIME_LIMIT = 3_000;

type MakeLambdaHandler = (app: unknown) => (event: unknown, context: unknown) => Promise<any>;

/** Runs a behaviour through the runtime, with an event of a door. */
export async function throughRuntime(behaviour: Behaviour, door: Door, makeLambdaHandler: MakeLambdaHandler): Promise<Outcome> {
  const { server, notes, closed } = serverOf(behaviour);
  const handler = makeLambdaHandler(server);
  const end = Date.now() + (behaviour.unfinished ? 400 : TIME_LIMIT);
  const result = await handler(eventFor(door, behaviour.request), {
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => end - Date.now(),
  });
  await aftermath(closed, notes);
  return { notes: notes.close(), answer: answerOf(door, result) };
}
