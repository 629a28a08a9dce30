// Two demo servers on one PostgreSQL, and nginx before them as the package tells it: what a journey's browser
// then reaches is the one or the other.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { DemoServer, type Stock } from './demo_server';

/** What stands in the configuration for ports that are chosen late, and for nginx's own folder. */
const PLACES = { first: '127.0.0.1:11111', second: '127.0.0.1:11112', front: '11113', folder: '@FOLDER@' };

const setting = (name: string) => {
  const value = process.env[`USAGE_DESK_${name}`];
  if (!value) throw new Error(`The variable USAGE_DESK_${name} is missing.`);
  return value;
};

/** Whether journeys are to go through nginx: `cargo xtask test --only proxies` says so. */
export const goesThroughNginx = () => process.env.USAGE_DESK_NGINX !== undefined;

let made = 0;

async function makeDatabase(): Promise<string> {
  const server = new URL(setting('POSTGRES'));
  const name = `journey_${process.pid}_${++made}`;
  await promisify(execFile)(setting('CREATEDB'), ['-h', server.hostname, '-p', server.port, '-U', server.username, name]);
  server.pathname = name;
  return server.href;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export class TwoServers extends DemoServer {
  private second?: DemoServer;
  private nginx?: ChildProcess;
  private front = 0;

  static override async start(stock: Stock): Promise<TwoServers> {
    const both = { ...stock, database: await makeDatabase() };
    const folder = await mkdtemp(path.join(tmpdir(), 'usage-desk-nginx-'));
    const servers = new TwoServers(both, folder);
    await servers.startOne();
    servers.second = await DemoServer.start(both);
    await servers.startNginx(folder);
    return servers;
  }

  override get address(): string {
    return `http://127.0.0.1:${this.front}`;
  }

  override get doors(): string[] {
    return [...super.doors, ...this.others.flatMap((other) => other.doors)];
  }

  override get isRunning(): boolean {
    return super.isRunning && this.others.every((other) => other.isRunning);
  }

  override async start(): Promise<void> {
    const ended = this.others.filter((other) => !other.isRunning);
    await Promise.all([this.startOne(), ...ended.map((other) => other.start())]);
  }

  /** Ends one of the two as a power cut would; the other goes on. */
  async killOne(): Promise<void> {
    await super.kill();
  }

  override async stop(): Promise<void> {
    await Promise.all([super.stop(), ...this.others.map((other) => other.stop())]);
  }

  override async kill(): Promise<void> {
    await Promise.all([super.kill(), ...this.others.map((other) => other.kill())]);
  }

  override async remove(): Promise<void> {
    if (this.nginx && this.nginx.exitCode === null) {
      const ended = once(this.nginx, 'exit');
      this.nginx.kill('SIGTERM');
      await ended;
    }
    await Promise.all(this.others.map((other) => other.remove()));
    await super.remove();
  }

  private get others(): DemoServer[] {
    return this.second ? [this.second] : [];
  }

  private async startOne(): Promise<void> {
    if (!super.isRunning) await super.start();
  }

  private async startNginx(folder: string): Promise<void> {
    this.front = await freePort();
    const [first, second] = this.doors.map((door) => new URL(door).host);
    const template = await readFile(setting('NGINX_CONFIG'), 'utf8');
    const text = template
      .replaceAll(PLACES.first, first)
      .replaceAll(PLACES.second, second)
      .replaceAll(PLACES.front, String(this.front))
      .replaceAll(PLACES.folder, folder);
    const file = path.join(folder, 'nginx.conf');
    await writeFile(file, text);
    this.nginx = spawn(setting('NGINX'), ['-c', file, '-e', path.join(folder, 'error.log')], { stdio: ['ignore', 'inherit', 'inherit'] });
    const answers = async () => (await fetch(this.address).catch(() => undefined))?.status;
    await expect.poll(answers, { message: 'nginx answers' }).toBe(200);
  }
}
