import { IncomingMessage, Server, ServerResponse } from 'node:http';

/** An app that takes Node's own request and response objects. */
export interface NodeApp {
  readonly listener: (req: IncomingMessage, res: ServerResponse) => unknown;
  /** The server whose other events the app may handle, such as `checkContinue`. */
  readonly server?: Server;
  /**
   * The prototypes that the app sets on requests and responses. Express sets them for every request, which is slow unless
   * the objects already have them.
   */
  readonly requestPrototype?: object;
  readonly responsePrototype?: object;
}
