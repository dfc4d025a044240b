import { EventEmitter } from 'node:events';
import { Server } from 'node:http';
import { NodeApp } from './node-app';

/**
 * Has the requests of an app without a server of its own pass through one that never listens, if somebody observes servers.
 *
 * OpenTelemetry's instrumentation of HTTP, and agents of other makers, begin their spans in an `emit` that they put in place of
 * that of `http.Server`. An app whose listener is called directly would have no span for its requests.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/tree/main/experimental/packages/opentelemetry-instrumentation-http
 */
export function observedListener(listener: NodeApp['listener']): NodeApp['listener'] {
  if (Server.prototype.emit === EventEmitter.prototype.emit) {
    return listener;
  }
  const server = new Server();
  let result: unknown;
  server.on('request', (req, res) => {
    result = listener(req, res);
  });
  return (req, res) => {
    server.emit('request', req, res);
    const returned = result;
    result = undefined;
    return returned;
  };
}
