// The demo server's fault switches: the list of rules that `PUT /faults` takes.
import { expect } from '@playwright/test';
import type { DemoServer } from './demo_server';

export type Fault =
  | { delay_ms: number }
  | { step_gap_ms: number }
  | 'cut_before'
  | 'cut_after'
  /** The work is done; of the answer's body half comes. */
  | 'truncate'
  /** The API's own refusal; nothing is done. */
  | { refuse: { status: number; retry_after?: number } }
  | { answer: { status: number; content_type?: string; body?: string; headers?: Record<string, string> } };

export type FaultRule = {
  method?: string;
  /** A part of the path and query. */
  path?: string;
  /** How often it applies; without it, always. */
  times?: number;
  /** How many matching requests pass before it first applies. */
  after?: number;
  kind: Fault;
};

type ActiveRule = FaultRule & { matched: number; applied: number };

export class FaultSwitches {
  constructor(private readonly server: DemoServer) {}

  /** At each process of the server. */
  private get addresses(): string[] {
    return this.server.doors.map((door) => `${door}/faults`);
  }

  /** Puts these rules in the place of all others. */
  async set(...rules: FaultRule[]): Promise<void> {
    for (const address of this.addresses) {
      const answer = await fetch(address, { method: 'PUT', body: JSON.stringify(rules) });
      if (!answer.ok) throw new Error(await answer.text());
    }
  }

  /** Ends all rules, and the gap between two steps that one of them has opened. */
  async clear(): Promise<void> {
    await Promise.all(this.addresses.map((address) => fetch(address, { method: 'DELETE' })));
  }

  /** What the server's answers show as its clock, to the second; the server's own without one. */
  async setClock(time: Date | null): Promise<void> {
    const body = time ? String(Math.floor(time.getTime() / 1000)) : undefined;
    for (const address of this.addresses) {
      const answer = await fetch(`${address}/clock`, { method: time ? 'PUT' : 'DELETE', body });
      if (!answer.ok) throw new Error(await answer.text());
    }
  }

  /** Waits until the first rule has been applied so many times. */
  async applied(times = 1): Promise<void> {
    const count = async () => {
      const told = await Promise.all(this.addresses.map(async (address) => (await fetch(address)).json() as Promise<ActiveRule[]>));
      return told.reduce((sum, rules) => sum + (rules[0]?.applied ?? 0), 0);
    };
    await expect.poll(count, { message: 'the fault was applied' }).toBeGreaterThanOrEqual(times);
  }
}

/** An error page as a proxy in front of the service writes it. */
export const PROXY_PAGE: Fault = {
  answer: {
    status: 502,
    content_type: 'text/html',
    body: '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
  },
};
