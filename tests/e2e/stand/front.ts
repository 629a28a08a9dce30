// A web server before the demo server, as one stands before the systems: it can answer for a file what the
// demo server never would, and the browser keeps it as it keeps any answer (it keeps nothing that
// Playwright itself answers).
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DemoServer } from './demo_server';

type Wrong = { status: number; type: string };

export class Front {
  /** How often each file was asked for. */
  readonly asked = new Map<string, number>();
  /** It knows no type of modules. */
  knowsNoModules = false;
  /** Files that it tells the browser to keep for good. */
  readonly kept = new Set<string>();
  /** Servers that stand under a path of their own, by that path. */
  readonly under = new Map<string, DemoServer>();
  /** It tells browsers to keep what they read of systems for a while. */
  letsReadingsBeKept = false;
  /** What it takes of headers, by the system's path; larger ones it refuses with 431. */
  mostHeaderBytes?: { path: string; bytes: number };
  /** The methods of what it refused so. */
  readonly tooLarge: string[] = [];
  /** The size of the last request's headers that the systems were asked with. */
  headerBytes = 0;
  private readonly wrong = new Map<string, Wrong>();
  private readonly server: http.Server;

  private constructor(to: DemoServer) {
    this.server = http.createServer((request, answer) => {
      const file = (request.url ?? '').slice(1);
      this.asked.set(file, (this.asked.get(file) ?? 0) + 1);
      const wrong = this.wrong.get(file);
      if (wrong) {
        this.wrong.delete(file);
        answer.writeHead(wrong.status, { 'content-type': wrong.type, 'cache-control': 'public, max-age=31536000, immutable' });
        answer.end('<!doctype html><title>Not this</title>');
        return;
      }
      const bytes = request.rawHeaders.join(': \r\n').length;
      if (request.headers.authorization) this.headerBytes = bytes;
      if (this.mostHeaderBytes && file.includes(this.mostHeaderBytes.path) && bytes > this.mostHeaderBytes.bytes) {
        this.tooLarge.push(request.method!);
        answer.writeHead(431).end();
        return;
      }
      const { host, ...headers } = request.headers;
      const [base, server] = [...this.under].find(([base]) => request.url?.startsWith(`${base}/`)) ?? ['', to];
      const forward = http.request(server.address + request.url?.slice(base.length), { method: request.method, headers }, (from) => {
        const kept = { ...from.headers };
        if (this.knowsNoModules && file.endsWith('.wasm')) kept['content-type'] = 'application/octet-stream';
        if (this.letsReadingsBeKept && request.method === 'GET' && file.startsWith('crmRestApi/')) kept['cache-control'] = 'private, max-age=600';
        if (this.kept.has(file)) kept['cache-control'] = 'public, max-age=31536000, immutable';
        answer.writeHead(from.statusCode ?? 502, kept);
        from.pipe(answer);
      });
      forward.on('error', () => answer.destroy());
      request.pipe(forward);
    });
  }

  static async before(server: DemoServer): Promise<Front> {
    const front = new Front(server);
    await new Promise<void>((ready) => front.server.listen(0, '127.0.0.1', ready));
    return front;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next answer for a file is another one, and says that it may be kept for good. */
  answerOnce(file: string, wrong: Wrong): void {
    this.wrong.set(file, wrong);
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((ended) => this.server.close(ended));
  }
}
