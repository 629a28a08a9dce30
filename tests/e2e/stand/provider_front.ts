// What stands before an identity provider in the tests: it can be away, hold an answer back or change one, and it
// keeps what was asked. The provider itself stays as it is (`identity_provider.ts`).
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a provider is away: the connection is cut, a status without a word, a page in its place, or it does what was
 * asked and its answer is lost. */
export type Away = 'cut' | 503 | 429 | 'html' | 'lost-answer';

/** A request that came: secrets in it are fingerprints. */
export type Asked = { method: string; path: string; query: Record<string, string>; form: Record<string, string> };

/** Changes an answer of `/token`, or of discovery. */
export type ChangeJson = (body: Record<string, unknown>) => Record<string, unknown>;

const SECRETS = ['code', 'code_verifier', 'refresh_token', 'token', 'password', 'state', 'nonce', 'id_token_hint'];

export const fingerprint = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 12);

export class ProviderFront {
  readonly asked: Asked[] = [];
  /** Codes, verifiers and tokens that passed here: none of them may be found elsewhere. */
  readonly secrets = new Set<string>();
  /** The newest one that was given out. */
  lastRefreshToken = '';
  /** How often each refresh token was used, by its fingerprint. */
  readonly refreshTokenUses = new Map<string, number>();
  /** What it asks for while it is away with a status. */
  retryAfter?: string;
  /** What `/token` refuses with. */
  refuseToken?: { error: string; error_description?: string };
  changeToken?: ChangeJson;
  changeDiscovery?: ChangeJson;
  /** A step before its paths by which it is reached too. */
  step?: string;
  /** Changes the way back to the app. */
  changeWayBack?: (address: URL) => void;
  private away?: { how: Away; everything: boolean };
  private gate?: { opened: Promise<void>; open: () => void; arrived: () => void };
  private inner?: http.Server;
  private readonly server: http.Server;

  private constructor() {
    this.server = http.createServer((request, answer) => {
      this.answer(request, answer).catch(() => answer.destroy());
    });
    // A browser repeats by itself what is cut on a connection that was used before, a POST too: what is counted here is
    // what the page has sent.
    this.server.maxRequestsPerSocket = 1;
  }

  static async listen(): Promise<ProviderFront> {
    const front = new ProviderFront();
    await listening(front.server);
    return front;
  }

  get address(): string {
    return addressOf(this.server);
  }

  /** What it stands before. */
  async before(provider: http.RequestListener): Promise<void> {
    const inner = http.createServer(provider);
    await listening(inner);
    this.inner?.close();
    this.inner = inner;
  }

  /** From now on `/token`, or everything, is answered as if the provider were away. */
  goAway(how: Away, everything = false): void {
    this.away = { how, everything };
  }

  comeBack(): void {
    this.away = undefined;
  }

  /** The next answer of `/token` is ready and stays here until it is let go. */
  holdToken(): { arrived: Promise<void>; letGo: () => void } {
    let arrived = () => {};
    let open = () => {};
    const hasArrived = new Promise<void>((done) => (arrived = done));
    const opened = new Promise<void>((done) => (open = done));
    this.gate = { opened, open, arrived };
    return { arrived: hasArrived, letGo: open };
  }

  /** As it was at first; what passed here is forgotten. */
  reset(): void {
    this.gate?.open();
    this.gate = undefined;
    this.away = undefined;
    this.retryAfter = undefined;
    this.refuseToken = undefined;
    this.changeToken = undefined;
    this.changeDiscovery = undefined;
    this.step = undefined;
    this.changeWayBack = undefined;
    this.asked.length = 0;
    this.secrets.clear();
    this.refreshTokenUses.clear();
  }

  async end(): Promise<void> {
    for (const server of [this.server, this.inner]) {
      server?.closeAllConnections();
      await new Promise<void>((ended) => (server ? server.close(() => ended()) : ended()));
    }
  }

  private async answer(request: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    if (this.step && request.url?.startsWith(`${this.step}/`)) request.url = request.url.slice(this.step.length);
    const body = await read(request);
    const url = new URL(request.url ?? '/', this.address);
    const form = Object.fromEntries(new URLSearchParams(body.toString()));
    this.note(request.method ?? '', url, form);
    const isToken = url.pathname === '/token' && request.method === 'POST';
    const away = this.away && (this.away.everything || isToken) ? this.away.how : undefined;
    if (away === 'cut') {
      answer.destroy();
      return;
    }
    if (away === 503 || away === 429 || away === 'html') {
      const status = away === 'html' ? 200 : away;
      // The page may read it: what it makes of it is the question.
      const headers: http.OutgoingHttpHeaders = { 'content-type': 'text/html; charset=utf-8', 'access-control-allow-origin': request.headers.origin ?? '*', 'access-control-expose-headers': 'Retry-After' };
      if (this.retryAfter) headers['retry-after'] = this.retryAfter;
      answer.writeHead(status, headers).end('<!doctype html><title>Not now</title>');
      return;
    }
    if (isToken && this.refuseToken) {
      await this.passGate();
      const headers = { 'content-type': 'application/json', 'access-control-allow-origin': request.headers.origin ?? '*' };
      answer.writeHead(400, headers).end(JSON.stringify(this.refuseToken));
      return;
    }
    const from = await this.ask(request, body);
    let bytes = from.body;
    if (isToken) {
      await this.passGate();
      bytes = this.changed(bytes, from.status < 400 ? this.changeToken : undefined);
      this.keepSecrets(bytes);
    }
    if (url.pathname.endsWith('/.well-known/openid-configuration')) bytes = this.changed(bytes, this.changeDiscovery);
    if (away === 'lost-answer') {
      answer.destroy();
      return;
    }
    const headers: http.OutgoingHttpHeaders = { ...from.headers, 'content-length': String(bytes.length) };
    for (const name of ['transfer-encoding', 'connection', 'keep-alive']) delete headers[name];
    if (from.headers.location) headers.location = this.wayBack(from.headers.location);
    answer.writeHead(from.status, headers).end(bytes);
  }

  private async passGate(): Promise<void> {
    if (!this.gate) return;
    this.gate.arrived();
    await this.gate.opened;
    this.gate = undefined;
  }

  private note(method: string, { pathname, searchParams }: URL, form: Record<string, string>): void {
    for (const secret of ['code', 'code_verifier', 'refresh_token']) if (form[secret]) this.secrets.add(form[secret]);
    if (pathname === '/token' && form.refresh_token) {
      const print = fingerprint(form.refresh_token);
      this.refreshTokenUses.set(print, (this.refreshTokenUses.get(print) ?? 0) + 1);
    }
    this.asked.push({ method, path: pathname, query: veiled(Object.fromEntries(searchParams)), form: veiled(form) });
  }

  private keepSecrets(bytes: Buffer): void {
    const answer = jsonOf(bytes) ?? {};
    for (const name of ['access_token', 'refresh_token', 'id_token']) {
      const secret = answer[name];
      if (typeof secret !== 'string') continue;
      this.secrets.add(secret);
      if (name === 'refresh_token') this.lastRefreshToken = secret;
    }
  }

  private changed(bytes: Buffer, change?: ChangeJson): Buffer {
    const body = change && jsonOf(bytes);
    return body ? Buffer.from(JSON.stringify(change(body))) : bytes;
  }

  private wayBack(location: string): string {
    const url = new URL(location, this.address);
    if (!this.changeWayBack || !url.pathname.startsWith('/callback')) return location;
    this.changeWayBack(url);
    return url.toString();
  }

  private ask(request: http.IncomingMessage, body: Buffer): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer }> {
    const inner = this.inner;
    if (!inner) throw new Error('there is no provider behind it yet');
    return new Promise((resolve, reject) => {
      const { method, headers } = request;
      const forward = http.request(addressOf(inner) + request.url, { method, headers }, (from) => {
        read(from).then((bytes) => resolve({ status: from.statusCode ?? 502, headers: from.headers, body: bytes }), reject);
      });
      forward.on('error', reject);
      forward.end(body);
    });
  }
}

function veiled(members: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, SECRETS.includes(name) ? fingerprint(value) : value]));
}

function jsonOf(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

async function read(from: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part);
  return Buffer.concat(parts);
}

async function listening(server: http.Server): Promise<void> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
}

function addressOf(server: http.Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
