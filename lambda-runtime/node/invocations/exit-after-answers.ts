import { request } from 'node:http';
import { isNeverFrozen } from './never-frozen';

/** The time to flush streamed answers. Their receiver is on the same machine. */
const STREAM_FLUSH_MS = 100;

/**
 * Ends the process after the last answers are sent. After each answer, Lambda's runtime client immediately asks for the
 * next event, and is frozen until it comes, so the process would end during the next request. Therefore this class posts
 * the last answers to the Runtime API itself, and the runtime client never gets them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class ExitAfterAnswers {
  private readonly answers: Promise<void>[] = [];
  private ending = false;

  /** From now on, answers bypass the runtime client. */
  public begin(): void {
    this.ending = true;
  }

  /** Wraps the function that answers an invocation. */
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
    void Promise.allSettled(this.answers).then(endProcess);
  }
}

/**
 * Where requests overlap, the app runs in threads. One that ended alone would be missing from then on, and would take with it the event that
 * its runtime client is waiting for.
 */
function endProcess(): void {
  isNeverFrozen() ? process.kill(process.pid, 'SIGKILL') : process.exit(1);
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
