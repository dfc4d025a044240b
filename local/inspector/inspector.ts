import * as fs from 'node:fs';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { DoorRequest, FrontDoor } from '../front-doors/front-door';
import { listen } from '../listen';
import { Exchange, ExchangeRecorder } from './exchange';

/** How many exchanges the page can show. */
const KEPT = 200;

/**
 * A page that shows each request's HTTP, event, result and answer side by side, while they come in.
 * Exchanges contain cookies and form data: they are kept in memory, and only this page can read them.
 */
export class Inspector {
  private readonly exchanges: Exchange[] = [];
  private readonly watchers = new Set<http.ServerResponse>();
  private readonly server = http.createServer((request, response) => this.handle(request, response));
  private nextId = 1;

  /**
   * @param pageFile the page's HTML
   */
  constructor(private readonly pageFile: string) {}

  /** Starts to listen and returns the port. */
  async start(host: string, port: number): Promise<number> {
    await listen(this.server, host, port);
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  record(door: FrontDoor, request: DoorRequest): ExchangeRecorder {
    const recorder = new ExchangeRecorder(this.nextId++, door, request, (exchange) => this.publish(exchange));
    this.exchanges.push(recorder.exchange);
    if (this.exchanges.length > KEPT) this.exchanges.shift();
    this.publish(recorder.exchange);
    return recorder;
  }

  private publish(exchange: Exchange): void {
    // An exchange that ends after the page was cleared is not shown again.
    if (!this.exchanges.includes(exchange)) return;
    for (const watcher of this.watchers) watcher.write(toServerSentEvent(exchange));
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    // Against DNS rebinding: a page of another site could make its own name resolve to this machine and read the exchanges.
    if (!isOwnAddress(request.headers.host)) {
      response.writeHead(403).end('use the inspector by an IP address or by localhost\n');
      return;
    }
    switch (`${request.method} ${request.url}`) {
      case 'GET /':
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'",
        });
        response.end(fs.readFileSync(this.pageFile));
        break;
      case 'GET /exchanges':
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.write(`retry: 1000\nevent: start\ndata: {}\n\n${this.exchanges.map(toServerSentEvent).join('')}`);
        this.watchers.add(response);
        response.on('close', () => this.watchers.delete(response));
        break;
      case 'DELETE /exchanges':
        this.exchanges.length = 0;
        response.writeHead(204).end();
        break;
      default:
        response.writeHead(404).end('not found\n');
    }
  }
}

function toServerSentEvent(exchange: Exchange): string {
  return `data: ${JSON.stringify(exchange)}\n\n`;
}

function isOwnAddress(host: string | undefined): boolean {
  return /^(localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\])(:\d+)?$/i.test(host ?? '');
}
