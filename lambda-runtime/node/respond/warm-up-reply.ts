import { BufferedReply } from './buffered-reply';
import { log } from '../invocations/log';

/** The answer to the warm-up request. Nobody gets it, so that its failures are warnings. */
export class WarmUpReply extends BufferedReply {
  public failed = false;

  protected override logFailure(status: number, problem: string, error?: unknown): void {
    this.failed = true;
    const cause = status === 504 ? 'the app did not answer in the time that the init phase leaves' : problem;
    log('warn', `the warm-up request failed: ${cause}`, this.invocation.subject, error);
  }
}
