import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** What Lambda gives for tracing with two requests, one after the other. */
export const TRACE_IDS = [
  'Root=1-5bef4de7-aaaaaaaaaaaaaaaaaaaaaaaa;Parent=aaaaaaaaaaaaaaaa;Sampled=1',
  'Root=1-5bef4de8-bbbbbbbbbbbbbbbbbbbbbbbb;Parent=bbbbbbbbbbbbbbbb;Sampled=1',
];

/** The trace of a client that sends `traceparent`. */
export const CLIENT_TRACES = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319c'];

export interface Segment {
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id: string;
  readonly http?: { readonly request: { readonly url: string } };
}


/** The X-Ray daemon, which takes datagrams, and a collector of OpenTelemetry, which is a web server. */
export class Collectors {
  public static async start(): Promise<Collectors> {
    const collectors = new Collectors();
    collectors.daemon.bind(0, '127.0.0.1');
    collectors.server.listen(0, '127.0.0.1');
    await Promise.all([once(collectors.daemon, 'listening'), once(collectors.server, 'listening')]);
    return collectors;
  }

  private segments: Segment[] = [];
  private exports: Buffer[] = [];
  private readonly daemon = createSocket('udp4').on('message', (message) => this.segments.push(JSON.parse(message.toString().replace(/^.*\n/, ''))));
  private readonly server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      if (req.url === '/v1/traces') this.exports.push(Buffer.concat(chunks));
      res.end(req.headers['content-type'] === 'application/json' ? '{}' : '');
    });
  });

  /** What tells the libraries where the collectors are. */
  public get variables(): NodeJS.ProcessEnv {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${this.daemon.address().port}`, OTEL_EXPORTER_OTLP_ENDPOINT: url, OTHER_SERVICE: `${url}/other` };
  }

  /** What came since the last call. */
  public async take(): Promise<{ segments: Segment[]; exports: Buffer[] }> {
    await setTimeout(100);
    return { segments: this.segments.splice(0), exports: this.exports.splice(0) };
  }

  public close(): void {
    this.daemon.close();
    this.server.close();
  }
}

/** Waits until Lambda would freeze the environment. From then on it can send nothing. */
export async function frozen(environment: { readonly frozenAfter: number | undefined }): Promise<void> {
  for (let waited = 0; environment.frozenAfter === undefined; waited += 10) {
    if (waited > 10_000) throw new Error('the environment is not frozen');
    await setTimeout(10);
  }
}
