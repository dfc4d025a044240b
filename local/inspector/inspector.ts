import * as fs from 'node:fs';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ExchangeRecorder } from './exchange';
import { findDoor, InspectedDoor, replay } from './replay';
import { DoorRequest } from '../front-doors/front-door';
import { Hosts, refuseHost } from '../hosts';
import { listen } from '../listen';

/** How many exchanges the page can show. */
const KEPT = 200;

/** Of the requests' bodies, which are kept for a replay. */
const KEPT_BODY_BYTES = 64 * 1024 * 1024;

/**
 * A page that shows each request's HTTP, event, result and answer side by side, while they come in.
 * Exchanges contain cookies and form data: they are kept in memory, and only this page can read them.
 */
export class Inspector {
  private readonly recorders: ExchangeRecorder[] = [];
  private readonly watchers = new Set<http.ServerResponse>();
  private readonly server = http.createServer((request, response) => this.handle(request, response));
  private nextId = 1;
  private doors: readonly InspectedDoor[] = [];
  private notice = '';

  /**
   * @param pageFile the page's HTML
   */
  constructor(private readonly pageFile: string, private readonly hosts: Hosts) {}

  /** Starts to listen and returns the port. */
  async start(host: string, port: number): Promise<number> {
    await listen(this.server, host, port, 'the inspector');
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** The doors that the page links to, and through which it can replay requests. */
  showDoors(doors: readonly InspectedDoor[]): void {
    this.doors = doors;
    this.send('doors', doors);
  }

  /** Shows a text above everything else, such as why a change was not picked up. An empty text removes it. */
  showNotice(text: string): void {
    if (text === this.notice) return;
    this.notice = text;
    this.send('notice', { text });
  }

  /**
   * @param doorUrl the address of the door's server
   */
  record(doorName: string, doorUrl: string, request: DoorRequest): ExchangeRecorder {
    const door = findDoor(this.doors, doorUrl, request.target) ?? { name: doorName, url: doorUrl };
    const recorder = new ExchangeRecorder(this.nextId++, door, request, () => this.publish(recorder));
    this.recorders.push(recorder);
    if (this.recorders.length > KEPT) this.recorders.shift();
    this.forgetBodies();
    this.publish(recorder);
    return recorder;
  }

  /** Forgets the oldest of the requests that have a body, until the rest is small enough. */
  private forgetBodies(): void {
    let bytes = 0;
    for (const recorder of [...this.recorders].reverse()) {
      bytes += recorder.kept?.body.length ?? 0;
      if (bytes > KEPT_BODY_BYTES && recorder.kept?.body.length) recorder.kept = undefined;
    }
  }

  private publish(recorder: ExchangeRecorder): void {
    // An exchange that ends after the page was cleared is not shown again.
    if (this.recorders.includes(recorder)) this.send(undefined, recorder.exchange);
  }

  private send(event: string | undefined, data: object): void {
    for (const watcher of this.watchers) watcher.write(toServerSentEvent(event, data));
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (!this.hosts.isAllowed(request.headers.host)) {
      refuseHost(request, response);
      return;
    }
    // The page itself contains nothing that is secret. Everything else is for its own script only.
    if (request.url !== '/' && !this.hosts.isOwnPage(request)) {
      response.writeHead(403).end('only the inspector\'s own page may ask for this\n');
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
        response.write(['retry: 1000\n', toServerSentEvent('start', {}), toServerSentEvent('doors', this.doors),
          toServerSentEvent('notice', { text: this.notice }), ...this.recorders.map(({ exchange }) => toServerSentEvent(undefined, exchange))].join(''));
        this.watchers.add(response);
        response.on('close', () => this.watchers.delete(response));
        break;
      case 'DELETE /exchanges':
        this.recorders.length = 0;
        response.writeHead(204).end();
        break;
      case 'POST /replay':
        void this.replay(request, response);
        break;
      default:
        response.writeHead(404).end('not found\n');
    }
  }

  private async replay(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { id, url } = await json(request).catch(() => ({})) as { id?: number; url?: string };
    const recorder = this.recorders.find(({ exchange }) => exchange.id === id);
    const door = this.doors.find((candidate) => candidate.url === url);
    if (!recorder?.kept || !door) {
      response.writeHead(404).end(recorder?.kept ? 'this door is not served any more\n' : 'this request is not kept any more\n');
      return;
    }
    try {
      await replay(recorder.kept, recorder.exchange.url, door.url);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(502).end(`${(error as Error).message}\n`);
    }
  }
}

function toServerSentEvent(event: string | undefined, data: object): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}
