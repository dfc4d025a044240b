import { IncomingMessage, Server, ServerResponse } from 'node:http';

/** An app that takes Node's own request and response objects. */
export interface NodeApp {
  readonly listener: (req: IncomingMessage, res: ServerResponse) => unknown;
  /** The server that the app listens to for other events, such as `checkContinue`. */
  readonly server?: Server;
  /**
   * The prototypes that the app gives its requests and responses. Express sets them on every request, which is slow unless
   * the objects have them from the start.
   */
  readonly requestPrototype?: object;
  readonly responsePrototype?: object;
}
