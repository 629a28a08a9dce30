// The platform's side of service usage, asked directly: what it holds, and instances that come and go.
import { expect } from '@playwright/test';
import type { DemoServer } from './demo_server';
import { FaultSwitches } from './fault_switches';
import type { User } from './server_records';

const EVENTS = '/v3/service_usage_events';
export const PURGE = `${EVENTS}/actions/destructively_purge_all_and_reseed`;

/** A service usage event as it is on the wire. */
export type UsageEvent = {
  guid: string;
  created_at: string;
  state: string;
  space: { guid: string; name: string };
  organization: { guid: string };
  service_instance: { guid: string; name: string; type: string };
  service_plan: { guid: string | null; name: string | null };
  service_offering: { guid: string | null; name: string | null };
};

type Instance = { guid: string; name: string; type: string; space_guid: string; service_plan_guid: string | null };

export class Platform {
  readonly faults: FaultSwitches;

  constructor(private readonly server: DemoServer) {
    this.faults = new FaultSwitches(server);
  }

  /** Every event, in the order of the list. */
  async events(): Promise<UsageEvent[]> {
    const events: UsageEvent[] = [];
    for (let page = 1; ; page += 1) {
      const { pagination, resources } = await this.json(`${EVENTS}?per_page=5000&page=${page}`);
      events.push(...resources);
      if (!pagination.next) return events;
    }
  }

  async count(): Promise<number> {
    return (await this.json(`${EVENTS}?per_page=1`)).pagination.total_results;
  }

  /** A time at which the newest event is older than any window of quiet. */
  async quietTime(): Promise<Date> {
    const [newest] = (await this.json(`${EVENTS}?per_page=1&order_by=-created_at`)).resources as UsageEvent[];
    const quiet = newest ? Date.parse(newest.created_at) + 6 * 60_000 : 0;
    return new Date(Math.max(Date.now(), quiet));
  }

  /** What organizations are called, by their guids. */
  async organizations(): Promise<Map<string, string>> {
    const { resources } = await this.json('/v3/organizations?per_page=5000');
    return new Map(resources.map(({ guid, name }: { guid: string; name: string }) => [guid, name]));
  }

  async instances(): Promise<Instance[]> {
    return (await this.json('/demo/service_instances')).resources;
  }

  /** Makes an instance like one that is there. */
  async makeInstance(name: string): Promise<Instance> {
    const like = (await this.instances()).find((one) => one.type === 'managed_service_instance')!;
    const body = { name, space_guid: like.space_guid, service_plan_guid: like.service_plan_guid };
    const answer = await this.send('POST', '/demo/service_instances', 'admin', JSON.stringify(body));
    expect(answer.status).toBe(201);
    return answer.json();
  }

  async purge(user: User): Promise<Response> {
    return this.send('POST', PURGE, user);
  }

  private async json(path: string): Promise<any> {
    const answer = await this.send('GET', path, 'admin');
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async send(method: string, path: string, user: User, body?: string): Promise<Response> {
    const form = new URLSearchParams({ grant_type: 'password', username: user, password: user });
    const token = await fetch(`${this.server.address}/oauth/token`, { method: 'POST', body: form });
    const { access_token } = (await token.json()) as { access_token: string };
    const headers = { Authorization: `bearer ${access_token}`, ...(body && { 'Content-Type': 'application/json' }) };
    return fetch(this.server.address + path, { method, headers, body });
  }
}
