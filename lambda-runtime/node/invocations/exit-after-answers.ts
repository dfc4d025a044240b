import { request } from 'node:http';

/** How long a streamed answer has to leave the process; it is on its way to the same machine. */
const STREAM_FLUSH_MS = 100;

/**
 * Ends the process once the answers are out. Lambda's client asks for the next event in the same breath in which it
 * hands over an answer, in a call that blocks: a process that waited for its turn would end during the next request.
 * So the last answers go to the Runtime API from here, and the client never learns of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class ExitAfterAnswers {
  private readonly answers: Promise<void>[] = [];
  private ending = false;

  /** From now on every answer is one of the last. */
  public begin(): void {
    this.ending = true;
  }

  /** Gives the function that an invocation is answered with. */
  public settler<T>(requestId: string | undefined, settle: (value: T) => void, streams: boolean): (value: T) => void {
    return (value) => {
      if (!this.ending || process.env.AWS_LAMBDA_RUNTIME_API === undefined || requestId === undefined) {
        settle(value);
      } else if (!streams) {
        this.answers.push(post(process.env.AWS_LAMBDA_RUNTIME_API, requestId, JSON.stringify(value)));
      }
    };
  }

  public finish(): void {
    this.answers.push(new Promise((resolve) => setTimeout(resolve, STREAM_FLUSH_MS)));
    void Promise.allSettled(this.answers).then(() => process.exit(1));
  }
}

function post(api: string, requestId: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const url = `http://${api}/2018-06-01/runtime/invocation/${encodeURIComponent(requestId)}/response`;
    const req = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (res) => {
      res.resume().on('end', resolve);
    });
    req.on('error', reject).end(body);
  });
}
