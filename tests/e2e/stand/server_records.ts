// What the server holds, read over its REST API, with every number as the digits that were sent.
import type { DemoServer } from './demo_server';

const BASE = '/crmRestApi/resources/11.13.18.05';
const ACTION = 'application/vnd.oracle.adf.action+json';

/** A record whose numbers are texts of their digits. */
export type ServerRecord = { [field: string]: any };

/** A person of the demo, whose password is the name. */
export type User = 'viewer' | 'editor' | 'editor2' | 'admin';

export class ServerRecords {
  constructor(private readonly server: DemoServer) {}

  async event(number: string): Promise<ServerRecord> {
    return this.read(`${BASE}/subscriptionUsageEvents/${encodeURIComponent(number)}?expand=usageCharges`);
  }

  async batch(number: string): Promise<ServerRecord> {
    return this.read(`${BASE}/subscriptionUsageEventBatches/${encodeURIComponent(number)}`);
  }

  /** Batches that answer a question, in its order. */
  async batches({ q = '', orderBy = '' } = {}): Promise<ServerRecord[]> {
    const order = [orderBy, 'UsageBatchId:asc'].filter(Boolean).join(',');
    const query = new URLSearchParams({ limit: '499', totalResults: 'true', orderBy: order, ...(q && { q }) });
    return (await this.read(`${BASE}/subscriptionUsageEventBatches?${query}`)).items;
  }

  /** Events of a batch in the order in which the grid shows them. */
  async eventsOf(batch: string, q = '', limit = 499): Promise<ServerRecord[]> {
    const query = new URLSearchParams({ limit: String(limit), orderBy: 'EventId:asc', expand: 'usageCharges', ...(q && { q }) });
    return (await this.read(`${BASE}/subscriptionUsageEventBatches/${batch}/child/usageEvents?${query}`)).items;
  }

  /** Events of all batches that answer a question, with how many there are. */
  async events({ q = '', orderBy = '', limit = 499, offset = 0, expand = '' }): Promise<ServerRecord> {
    const order = [orderBy, 'EventId:asc'].filter(Boolean).join(',');
    const page = { limit: String(limit), offset: String(offset), orderBy: order, totalResults: 'true' };
    const query = new URLSearchParams({ ...page, ...(q && { q }), ...(expand && { expand }) });
    return this.read(`${BASE}/subscriptionUsageEvents?${query}`);
  }

  /** All of a batch's events, page by page. */
  async everyEventOf(batch: string): Promise<ServerRecord[]> {
    const events: ServerRecord[] = [];
    for (;;) {
      const query = new URLSearchParams({ limit: '499', offset: String(events.length), orderBy: 'EventId:asc', expand: 'usageCharges' });
      const page = await this.read(`${BASE}/subscriptionUsageEventBatches/${batch}/child/usageEvents?${query}`);
      events.push(...page.items);
      if (!page.hasMore) return events;
    }
  }

  /** The batch's events in error, first ones first. */
  async eventsInError(batch: string): Promise<ServerRecord[]> {
    return this.eventsOf(batch, "EventStatus = 'ORA_ERROR'");
  }

  /** Events in error of all batches, as far as one page goes, in the order of the list of all events. */
  async everyEventInError(): Promise<ServerRecord[]> {
    const query = new URLSearchParams({ limit: '499', orderBy: 'EventId:asc', q: "EventStatus = 'ORA_ERROR'" });
    return (await this.read(`${BASE}/subscriptionUsageEvents?${query}`)).items;
  }

  /** Writes fields of an event on condition that nobody did so meanwhile. */
  async write(number: string, fields: Record<string, unknown>, user: User = 'admin'): Promise<Response> {
    const record = await this.event(number);
    return fetch(`${this.server.address}${BASE}/subscriptionUsageEvents/${encodeURIComponent(number)}`, {
      method: 'PATCH',
      headers: { ...as(user), 'Content-Type': 'application/json', 'If-Match': changeIndicator(record) },
      body: JSON.stringify(fields),
    });
  }

  /** Deletes an event. */
  async remove(number: string): Promise<void> {
    const answer = await fetch(`${this.server.address}${BASE}/subscriptionUsageEvents/${encodeURIComponent(number)}`, { method: 'DELETE', headers: as('admin') });
    if (!answer.ok) throw new Error(`${number}: ${answer.status} ${await answer.text()}`);
  }

  /** Makes an open batch and gives its number. */
  async makeBatch(number: string, usageType: string): Promise<string> {
    await this.post('/subscriptionUsageEventBatches', 'application/json', { BatchNumber: number, UsageType: usageType });
    return number;
  }

  /** Makes an event in an open batch. */
  async makeEvent(batch: string, fields: Record<string, unknown>): Promise<void> {
    await this.post(`/subscriptionUsageEventBatches/${batch}/child/usageEvents`, 'application/json', fields);
  }

  /** Deletes an event of an open batch. */
  async deleteEvent(number: string): Promise<void> {
    const address = `${this.server.address}${BASE}/subscriptionUsageEvents/${encodeURIComponent(number)}`;
    const answer = await fetch(address, { method: 'DELETE', headers: as('admin') });
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  }

  async rename(batch: string, name: string): Promise<void> {
    const headers = { ...as('admin'), 'Content-Type': 'application/json' };
    const address = `${this.server.address}${BASE}/subscriptionUsageEventBatches/${batch}`;
    const answer = await fetch(address, { method: 'PATCH', headers, body: JSON.stringify({ BatchName: name }) });
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
  }

  /** Adds the events that a rule finds to a batch. */
  async addEvents(batch: string, q: string): Promise<void> {
    const ruleBuilderConditions = [{ ConditionGroupType: 'INCLUDE', ConditionRestQParam: q }];
    await this.post(`/subscriptionUsageEventBatches/${batch}/action/addEvents`, ACTION, { ruleBuilderConditions });
  }

  /** Takes all events out of an open batch. */
  async deleteEvents(batch: string): Promise<void> {
    await this.post(`/subscriptionUsageEventBatches/${batch}/action/deleteEvents`, ACTION, { mode: 'ALL' });
  }

  /** Takes a step of a batch, such as `submit`. */
  async take(batch: string, action: string): Promise<void> {
    await this.post(`/subscriptionUsageEventBatches/${batch}/action/${action}`, ACTION, {});
  }

  /** Puts a rule of approvals in force. */
  async addApprovalRule(fields: Record<string, unknown>): Promise<void> {
    const rules = await this.read(`${BASE}/usageApprovalRules`);
    // A test that is repeated may find the rule of its first try.
    if (rules.items.some((rule: ServerRecord) => rule.RuleName === fields.RuleName)) return;
    await this.post('/usageApprovalRules', 'application/json', fields);
  }

  private async post(path: string, type: string, body: object): Promise<void> {
    const headers = { ...as('admin'), 'Content-Type': type };
    const answer = await fetch(this.server.address + BASE + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  private async read(address: string): Promise<ServerRecord> {
    const answer = await fetch(this.server.address + address, { headers: as('admin') });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${text}`);
    return parseKeepingDigits(text);
  }
}

function as(user: User): Record<string, string> {
  const secret = Buffer.from(`${user}:${user}`).toString('base64');
  return { Authorization: `Basic ${secret}`, 'REST-Framework-Version': '4' };
}

export function changeIndicator(record: ServerRecord): string {
  return record.links.find((link: any) => link.rel === 'self').properties.changeIndicator;
}

/** How many writes an event has seen: the demo server counts them in its indicator's last digits. */
export function writesSeen(record: ServerRecord): number {
  const digits = /([0-9A-F]{8})"?$/.exec(changeIndicator(record))?.[1];
  if (!digits) throw new Error(`no counter in ${changeIndicator(record)}`);
  return Number.parseInt(digits, 16);
}

/** JSON with its numbers as texts: a number of JavaScript would lose digits. */
export function parseKeepingDigits(json: string): any {
  const strings = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  return JSON.parse(json.replace(strings, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}
