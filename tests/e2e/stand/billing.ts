// LogiSense's side, asked directly: what the server holds, and what somebody else does to it.
import { expect } from '@playwright/test';
import type { DemoServer } from './demo_server';
import type { User } from './server_records';

const BASE = '/ResourceServer/api/v8';

/** A base bucket as it is on the wire. */
export type Bucket = {
  identity: number;
  name: string;
  start: string | null;
  end: string | null;
  retired: boolean;
  usageBucketBaseUnitId: number;
  usageBucketBaseUnitName: string;
  ownerName: string;
  details?: unknown;
};

export const UNITS = { count: 1, data: 8, time: 19 };

export class Billing {
  private readonly tokens = new Map<User, string>();

  constructor(private readonly server: DemoServer) {}

  async buckets(): Promise<Bucket[]> {
    return (await this.json('Usage/Bucket/Base/')).items;
  }

  async bucket(identity: number): Promise<Bucket> {
    return (await this.json(`Usage/Bucket/Base/${identity}/Detail`)).instance;
  }

  async named(name: string): Promise<Bucket | undefined> {
    return (await this.buckets()).find((bucket) => bucket.name === name);
  }

  /** How many writes a bucket has seen: the demo server counts them in its entity tag. */
  async writesSeen(identity: number): Promise<number> {
    const answer = await this.send('GET', `Usage/Bucket/Base/${identity}`, 'admin');
    const count = /\d+/.exec(answer.headers.get('etag') ?? '')?.[0];
    if (!count) throw new Error(`bucket ${identity} has no entity tag`);
    return Number(count);
  }

  /** Buckets that a usage bucket draws on, by the names of those. */
  async users(): Promise<Map<number, string[]>> {
    const users = new Map<number, string[]>();
    for (const { name, usageBucketBaseIds } of (await this.json('Usage/Bucket/')).items) {
      for (const identity of usageBucketBaseIds) users.set(identity, [...(users.get(identity) ?? []), name]);
    }
    return users;
  }

  async make(name: string, fields: Partial<Bucket> = {}): Promise<Bucket> {
    const answer = await this.send('POST', 'Usage/Bucket/Base/', 'admin', { name, usageBucketBaseUnitId: UNITS.data, ...fields });
    expect(answer.status).toBe(200);
    return (await answer.json()).results.items[0];
  }

  async addRow(identity: number, fields: Record<string, unknown>): Promise<void> {
    expect((await this.send('POST', 'Usage/Bucket/BaseDetail/', 'admin', { usageBucketBaseId: identity, ...fields })).status).toBe(200);
  }

  async change(identity: number, fields: Partial<Bucket>, user: User = 'admin'): Promise<Response> {
    return this.send('PUT', `Usage/Bucket/Base/${identity}`, user, fields);
  }

  private async json(path: string): Promise<any> {
    const answer = await this.send('GET', path, 'admin');
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async send(method: string, path: string, user: User, body?: unknown): Promise<Response> {
    const ask = async () => {
      const headers = { Authorization: `Bearer ${await this.token(user)}`, 'Content-Type': 'application/json' };
      return fetch(`${this.server.address}${BASE}/${path}`, { method, headers, body: body && JSON.stringify(body) } as RequestInit);
    };
    const answer = await ask();
    if (answer.status !== 401) return answer;
    this.tokens.delete(user);
    return ask();
  }

  private async token(user: User): Promise<string> {
    const known = this.tokens.get(user);
    if (known) return known;
    const form = new URLSearchParams({ grant_type: 'password', client_id: 'tests', username: user, password: user });
    const answer = await fetch(`${this.server.address}/AuthorizationServer/api/v8/Access/Login`, { method: 'POST', body: form });
    const { access_token } = (await answer.json()) as { access_token: string };
    this.tokens.set(user, access_token);
    return access_token;
  }
}
