import { Server } from 'node:net';

/**
 * Loads the module that bundles start with. It catches `listen()` for the rest of the process, which is that of other tests too, so
 * `listen()` is put back as it was.
 */
export function loadServeModule(): typeof import('../../../lambda-runtime/node/serve-module') {
  const { listen } = Server.prototype;
  try {
    return jest.requireActual('../../../lambda-runtime/node/serve-module');
  } finally {
    Server.prototype.listen = listen;
  }
}
