// One demo server: a process of its own on a database of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What a journey needs of its server. */
export type Stock = {
  /** Names the journey, so that no two of them share a server. */
  journey: string;
  /** How many usage events the fresh database is filled with. */
  events: number;
  /** How many service instances the platform's events tell of; a few hundred unless said. */
  instances?: number;
  /** How long an access token is good for; an hour unless said. */
  tokenSeconds?: number;
  /** The built app, where it is not the one under test. */
  dist?: string;
  /** What the app is told that it is connected to, where that is not all of the demo. */
  connections?: object;
  /** Where its data are, if not in a file of its own. */
  database?: string;
  /** Identity providers whose access tokens it takes. */
  providers?: { issuer: string; keysFile: string }[];
};

/** So many letters of a server's log are kept. */
const LONGEST_LOG = 4_000_000;
/** How long filling a database and starting may take: half a million rows take their minutes. */
const START_LIMIT = 500_000;

export class DemoServer {
  private process?: ChildProcess;
  private port = 0;
  /** What it has said of late on its standard error. */
  private log = '';

  protected constructor(
    private readonly stock: Stock,
    private readonly folder: string,
  ) {}

  static async start(stock: Stock): Promise<DemoServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'usage-desk-e2e-'));
    const server = new DemoServer(stock, folder);
    await server.start();
    await server.askForEveryFile();
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where each of its processes is reached, whatever stands before it. */
  get doors(): string[] {
    return [`http://127.0.0.1:${this.port}`];
  }

  get isRunning(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Which of these texts stand in its log. */
  foundInLog(texts: Iterable<string>): string[] {
    return [...texts].filter((text) => this.log.includes(text));
  }

  private get database(): string {
    return this.stock.database ?? `sqlite://${path.join(this.folder, 'desk.db')}`;
  }

  /** Starts on the same database, and from the second time on at the same port. */
  async start(): Promise<void> {
    const args = ['--listen', `127.0.0.1:${this.port}`, '--database', this.database];
    args.push('--events', String(this.stock.events), '--faults', '--dist', this.stock.dist ?? needed('USAGE_DESK_DIST'));
    if (this.stock.instances) args.push('--instances', String(this.stock.instances));
    args.push('--token-seconds', String(this.stock.tokenSeconds ?? 3600));
    for (const { issuer, keysFile } of this.stock.providers ?? []) args.push('--openid-issuer', issuer, '--openid-keys', keysFile);
    if (this.stock.connections) {
      if (!this.port) await this.writeConnections(JSON.stringify(this.stock.connections));
      args.push('--connections-file', this.connectionsFile);
    }
    const started = spawn(needed('USAGE_DESK_SERVER'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = started;
    started.stderr.on('data', (bytes) => (this.log = (this.log + bytes).slice(-LONGEST_LOG)));
    this.port = await new Promise<number>((resolve, reject) => {
      let said = '';
      const fail = (why: string) => reject(new Error(`demo-server ${why}\n${this.log.slice(-4000)}`));
      const limit = setTimeout(() => fail('did not start in time'), START_LIMIT);
      started.once('error', (error) => fail(`could not be started: ${error.message}`));
      started.once('exit', (code) => fail(`ended with ${code} before it listened`));
      started.stdout.on('data', (bytes) => {
        said += bytes;
        const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port) {
          clearTimeout(limit);
          resolve(Number(port));
        }
      });
    });
    const health = await fetch(`http://127.0.0.1:${this.port}/healthz`);
    if (!health.ok) throw new Error(`demo-server is not healthy: ${health.status}`);
  }

  private get connectionsFile(): string {
    return path.join(this.folder, 'connections.json');
  }

  /** Another connections.json, of a server that has one. */
  async writeConnections(text: string): Promise<void> {
    await writeFile(this.connectionsFile, text);
  }

  /** Ends it as an administrator would. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Loads a FOCUS file into a new batch of this server's database and gives what the program said. */
  async load(file: string): Promise<string> {
    const args = ['load', file, '--database', this.database];
    const { stdout, stderr } = await promisify(execFile)(needed('USAGE_DESK_SERVER'), args);
    return stdout + stderr;
  }

  /** Ends it for good and removes its database. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The server packs each file when it is first asked for, which must not eat into a test's own waits. */
  private async askForEveryFile(): Promise<void> {
    const headers = { 'Accept-Encoding': 'gzip, deflate, br, zstd', Accept: 'text/html' };
    const page = await (await fetch(this.address, { headers })).text();
    const files = new Set([...page.matchAll(/["'](\/[^"']+\.(?:js|css|wasm|svg))["']/g)].map((match) => match[1]));
    if (files.size === 0) throw new Error('USAGE_DESK_DIST holds no built app.');
    await Promise.all([...files].map(async (file) => (await fetch(this.address + file, { headers })).arrayBuffer()));
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    // Its own process: where several servers are one, some of them may have ended before.
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`The variable ${variable} must name the built ${variable.endsWith('SERVER') ? 'demo server' : 'app'}.`);
  return path.resolve(value);
}
