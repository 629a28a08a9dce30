// The test of a journey to LogiSense: what the server holds of it, and every request that changes it.
import type { BrowserContext } from '@playwright/test';
import { Billing } from './billing';
import { test as base } from './desk_test';

export { expect } from '@playwright/test';

/** A request to LogiSense that changes something. */
export type BillingWrite = { method: string; path: string; ifMatch?: string; body: any };

type BillingStand = {
  billing: Billing;
  /** Notes what leaves a browser, whatever tab. */
  writesOf: (context: BrowserContext) => BillingWrite[];
};

export const test = base.extend<BillingStand>({
  billing: async ({ server }, use) => use(new Billing(server)),
  writesOf: async ({}, use) =>
    use((context) => {
      const writes: BillingWrite[] = [];
      context.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (!pathname.startsWith('/ResourceServer/') || request.method() === 'GET') return;
        const path = pathname.replace('/ResourceServer/api/v8/', '');
        writes.push({ method: request.method(), path, ifMatch: request.headers()['if-match'], body: request.postDataJSON() });
      });
      return writes;
    }),
});
