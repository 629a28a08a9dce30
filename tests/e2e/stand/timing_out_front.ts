// A server before the demo server that says 408 to a write on a connection that was used before, as one does that closes
// idle connections in the very moment. A browser takes that for no answer, and sends the write again by itself, on a new
// connection: no page can keep it from that, nor sees it.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { DemoServer } from './demo_server';

/** A write as it came over the wire. */
type Arrived = { method: string; path: string; isOnUsedConnection: boolean; answer: number };

export class TimingOutFront {
  /** Every write that came, whoever sent it. */
  readonly writes: Arrived[] = [];
  /** Whether the server has done what is answered with 408. */
  isDoneFirst = false;
  /** Whether a new connection is answered so too, which a browser hands to the page. */
  refusesNewConnections = false;
  private isTimingOut = false;
  private readonly used = new WeakSet<Socket>();
  private readonly server: http.Server;

  private constructor(private readonly to: DemoServer) {
    this.server = http.createServer((request, answer) => {
      this.answer(request, answer).catch(() => answer.destroy());
    });
  }

  static async before(server: DemoServer): Promise<TimingOutFront> {
    const front = new TimingOutFront(server);
    await new Promise<void>((ready) => front.server.listen(0, '127.0.0.1', ready));
    return front;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on. */
  timeOut(): void {
    this.isTimingOut = true;
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((ended) => this.server.close(ended));
  }

  private async answer(request: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part);
    const isOnUsedConnection = this.used.has(request.socket);
    this.used.add(request.socket);
    const { method = '', url = '' } = request;
    const isWrite = ['PATCH', 'POST'].includes(method) && /^\/(crmRestApi|ResourceServer)\/.*(UsageEvents|Bucket\/Base)\//.test(url);
    const isRefused = isWrite && this.isTimingOut && (isOnUsedConnection || this.refusesNewConnections);
    const isFirst = isRefused && !this.writes.some((write) => write.answer === 408);
    const from = !isRefused || (this.isDoneFirst && isFirst) ? await this.handOn(request, Buffer.concat(body)) : undefined;
    const status = isRefused ? 408 : from!.status;
    if (isWrite) this.writes.push({ method, path: url, isOnUsedConnection, answer: status });
    if (isRefused) answer.writeHead(408, { connection: 'close', 'content-type': 'text/html' }).end('<title>408</title>');
    else answer.writeHead(status, from!.headers).end(from!.body);
  }

  private handOn({ method, url, headers: { host: _, ...headers } }: http.IncomingMessage, body: Buffer): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const forward = http.request(this.to.address + url, { method, headers }, async (from) => {
        const parts: Buffer[] = [];
        for await (const part of from) parts.push(part);
        // The connection to the server is none of the browser's.
        const { connection: _, ...kept } = from.headers;
        resolve({ status: from.statusCode ?? 502, headers: kept, body: Buffer.concat(parts) });
      });
      forward.on('error', reject);
      forward.end(body);
    });
  }
}
