import * as net from 'node:net';
import { listen } from '../listen';

/**
 * A port that stays the same, at which a debugger reaches the process of a function, whichever that is at the moment.
 * It listens on this machine only, since who can debug a process can make it do anything.
 */
export class DebuggerPort {
  /** @throws when the port is taken */
  static async open(port: number, what: string): Promise<DebuggerPort> {
    const debuggerPort = new DebuggerPort();
    await listen(debuggerPort.server, '127.0.0.1', port, what);
    return debuggerPort;
  }

  private readonly server = net.createServer((socket) => this.connect(socket));
  private readonly attached = new Set<net.Socket>();
  private readonly waiting = new Set<net.Socket>();
  private target?: number;

  private constructor() {}

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Whether a debugger is attached. */
  get isAttached(): boolean {
    return this.attached.size > 0;
  }

  /** Leads debuggers to another process, and ends those of the one before: they attach again by themselves, if they are set to. */
  leadTo(target: number | undefined): void {
    if (target === this.target) return;
    this.target = target;
    for (const socket of this.attached) socket.destroy();
    if (target === undefined) return;
    for (const socket of this.waiting) this.connectTo(socket, target);
    this.waiting.clear();
  }

  close(): void {
    this.server.close();
    for (const socket of [...this.attached, ...this.waiting]) socket.destroy();
  }

  private connect(socket: net.Socket): void {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.attached.delete(socket);
      this.waiting.delete(socket);
    });
    if (this.target !== undefined) {
      this.connectTo(socket, this.target);
      return;
    }
    // The process is only starting.
    socket.pause();
    this.waiting.add(socket);
  }

  private connectTo(socket: net.Socket, target: number): void {
    const upstream = net.connect(target, '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    // Debuggers of Node first ask for a list, by HTTP, in connections of their own.
    socket.once('data', (chunk: Buffer) => {
      if (!/^GET (?![\s\S]*upgrade:)/i.test(chunk.toString('latin1'))) this.attached.add(socket);
    });
    socket.pipe(upstream);
    upstream.pipe(socket);
  }
}
