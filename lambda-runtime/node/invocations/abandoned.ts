/**
 * Thrown into an app that keeps on writing in one piece of synchronous code after its response was given up: nothing else
 * can stop it, and no timer of the process could run. The log has the reason already. See
 * docs/decisions/0014-apps-are-stopped-from-outside.md.
 */
export class ResponseAbandoned extends Error {
  public override readonly name = 'ResponseAbandoned';

  constructor() {
    super('the response was given up, and the log says why; stop writing when write() returns false or the response emits \'close\'');
  }
}
