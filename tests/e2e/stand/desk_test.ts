// The test of a journey: a demo server for the file, people at their own browsers, and a watch over
// every page.
import { type BrowserContextOptions, type Page, test as base } from '@playwright/test';
import { signIn } from '../person/sign_in';
import type { DemoServer, Stock } from './demo_server';
import { FaultSwitches } from './fault_switches';
import { PageWatch } from './page_watch';
import { ServerAtWork } from './server_at_work';
import { ServerRecords, type User } from './server_records';
import { WRITE_LOG } from './write_report';

export { expect } from '@playwright/test';

type Stand = {
  stock: Stock;
  server: DemoServer;
  faults: FaultSwitches;
  records: ServerRecords;
  watch: PageWatch;
  /** A browser of one's own at an address, nobody signed in. */
  openBrowser: (address?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** A browser of one's own with a person signed in at an address. */
  sitDown: (user: User, address?: string, options?: BrowserContextOptions) => Promise<Page>;
};

export const test = base.extend<Stand, { serverAtWork: ServerAtWork }>({
  // An option of the worker would end each worker with its file, and the browser with it.
  stock: [{ journey: 'unnamed', events: 2000 }, { option: true }],
  serverAtWork: [
    async ({}, use) => {
      const atWork = new ServerAtWork();
      await use(atWork);
      await atWork.end();
    },
    { scope: 'worker' },
  ],
  server: [async ({ serverAtWork, stock }, use) => use(await serverAtWork.of(stock)), { timeout: 520_000 }],
  faults: async ({ server }, use) => {
    const faults = new FaultSwitches(server);
    await use(faults);
    if (!server.isRunning) await server.start();
    await faults.clear();
    await faults.setClock(null);
  },
  records: async ({ server }, use) => use(new ServerRecords(server)),
  watch: async ({}, use, info) => {
    const watch = new PageWatch();
    await use(watch);
    await info.attach(WRITE_LOG, { body: JSON.stringify(watch.writes), contentType: 'application/json' });
    watch.check();
  },
  openBrowser: async ({ browser, contextOptions, server, watch, faults: _ }, use) => {
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
    await use(async (address = '/', options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: server.address, ...options });
      contexts.push(context);
      await watch.over(context);
      const page = await context.newPage();
      await page.goto(address);
      return page;
    });
    // An answer that a journey was about to change may still be on its way when the journey is over.
    const routed = contexts.flatMap((context) => [context, ...context.pages()]);
    // A window may be closing by itself meanwhile.
    await Promise.allSettled(routed.map((each) => each.unrouteAll({ behavior: 'ignoreErrors' })));
    await Promise.all(contexts.map((context) => context.close()));
  },
  sitDown: async ({ openBrowser }, use) =>
    use(async (user, address, options) => {
      const page = await openBrowser(address, options);
      await signIn(page, user);
      return page;
    }),
});
