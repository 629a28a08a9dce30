import type { BrowserContextOptions, Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test as base } from '../stand/desk_test';

const EVENTS = 20_000;
const EVENT_PAGE = /\/subscriptionUsageEvents\?expand=usageCharges/;

/** Here nobody keeps a list: rows come as they are in sight. */
const test = base.extend<{ sitDown: (user: 'editor', address: string, options?: BrowserContextOptions) => Promise<Page> }>({
  sitDown: async ({ openBrowser }, use) =>
    use(async (user, address, options) => {
      const page = await openBrowser(address, options);
      await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
      await signIn(page, user);
      return page;
    }),
});

test.use({ stock: { journey: 'scrolls through twenty thousand events', events: EVENTS } });

test('the first rows are there when one or two pages were asked for', async ({ sitDown, watch }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  expect(watch.reads.filter((read) => EVENT_PAGE.test(read)).length).toBeLessThanOrEqual(2);
});

test('Ctrl+End shows the very last event and Ctrl+Home the first one again', async ({ sitDown, watch }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  const first = grid.rowAt(1).getByRole('gridcell').first();
  await expect(first).toHaveText(/\d/);
  const firstEvent = await first.textContent();
  await grid.rowAt(1).getByRole('gridcell').nth(2).click();
  await page.keyboard.press('ControlOrMeta+End');
  const last = grid.rowAt(EVENTS).getByRole('gridcell').first();
  await expect(last).toHaveText(/\d/);
  await expect(last).toBeInViewport();
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(first).toHaveText(firstEvent!);
  await expect(first).toBeInViewport();
  // The middle was never in sight and so never asked for.
  expect(watch.reads.filter((read) => EVENT_PAGE.test(read)).length).toBeLessThan(8);
});

test('going through all of it by the scrollbar shows every event once', async ({ sitDown, records }) => {
  test.setTimeout(600_000);
  // A tall screen holds a page of the list, so that each is fetched and looked at once; and the
  // steps are made in the page itself, for round trips from here would take minutes.
  const page = await sitDown('editor', '/events', { viewport: { width: 700, height: 3000 } });
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  const seen = await grid.root.evaluate(async (root) => {
    const frame = () => new Promise(requestAnimationFrame);
    const seen: [number, string][] = [];
    for (let top = 0; ; top += root.clientHeight - 100) {
      root.scrollTop = top;
      await frame();
      do await frame();
      while (root.querySelector('[role=row][data-state=loading]'));
      for (const row of root.querySelectorAll('[role=row]')) {
        const event = row.querySelector('[role=gridcell]')?.textContent;
        if (event) seen.push([Number(row.getAttribute('aria-rowindex')) - 1, event]);
      }
      if (root.scrollTop >= root.scrollHeight - root.clientHeight - 1) return seen;
    }
  });
  // One `expect` at the end: each of tens of thousands would cost the runner milliseconds.
  const places = new Map<number, string>();
  const changed: string[] = [];
  for (const [place, event] of seen) {
    const before = places.get(place) ?? event;
    if (before !== event) changed.push(`row ${place} shows ${before}, then ${event}`);
    places.set(place, event);
  }
  expect(changed).toEqual([]);
  expect(places.size).toBe(EVENTS);
  expect(new Set(places.values()).size).toBe(EVENTS);
  const counts = (await records.batches()).map((batch) => Number(batch.CountOfUsageEvents));
  expect(counts.reduce((sum, count) => sum + count)).toBe(EVENTS);
});

test('while a slow server thinks, rows in sight are skeletons and never blank', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  await faults.set({ method: 'GET', path: 'subscriptionUsageEvents?', kind: { delay_ms: 3000 } });
  // Every frame from the jump until all rows are loaded is looked at, in the page itself.
  const frames = grid.root.evaluate(
    (root) =>
      new Promise<{ blank: number; skeletons: number }>((resolve) => {
        const found = { blank: 0, skeletons: 0 };
        root.scrollTop = root.scrollHeight / 2;
        let isFirst = true;
        const look = () => {
          const body = root.querySelectorAll<HTMLElement>('[role=rowgroup]')[1]!;
          const sight = root.getBoundingClientRect();
          const top = root.querySelector('[role=rowgroup]')!.getBoundingClientRect().bottom;
          const rows = [...body.querySelectorAll<HTMLElement>('[role=row]')].filter((row) => {
            const box = row.getBoundingClientRect();
            return box.bottom > top + 1 && box.top < sight.bottom - 1;
          });
          const loading = rows.filter((row) => row.dataset.state === 'loading').length;
          const blank = rows.filter((row) => !row.dataset.state && row.textContent!.trim() === '').length;
          // The frame of the jump itself is painted with the scroll event, before this sees it.
          if (!isFirst && (blank > 0 || rows.length === 0)) found.blank += 1;
          isFirst = false;
          if (loading > 0) found.skeletons += 1;
          if (loading === 0 && found.skeletons > 0) resolve(found);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
  const found = await frames;
  expect(found.blank, 'frames with a blank row in sight').toBe(0);
  expect(found.skeletons, 'frames with skeletons').toBeGreaterThan(10);
  await expect(grid.rowAt(EVENTS / 2 + 10).getByRole('gridcell').first()).toHaveText(/\d/);
});

test('the call for an older filter is cancelled, and changes nothing', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  // The first question is answered long after the second one.
  await faults.set({ method: 'GET', path: 'ORA_DRAFT', kind: { delay_ms: 4000 } });
  const late = page.waitForEvent('requestfailed', (request) => decodeURIComponent(request.url()).includes('ORA_DRAFT'));
  await grid.filterTo('Draft');
  await grid.filterTo('Error');
  const status = grid.rowAt(1).locator(`[aria-colindex="${await grid.columnIndex('Status')}"]`);
  await expect(status).toHaveText('Error');
  const rows = await grid.root.getAttribute('aria-rowcount');
  await late;
  await expect(page.getByLabel('Totals', { exact: true })).toContainText(/all [\d,]+ loaded/i);
  await expect(status).toHaveText('Error');
  await expect(grid.root).toHaveAttribute('aria-rowcount', rows!);
});

test('pages that are passed by are cancelled: four are under way at most, and the one in sight does not wait', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  let [under, most, cancelled] = [0, 0, 0];
  page.on('request', (request) => {
    if (EVENT_PAGE.test(request.url())) most = Math.max(most, (under += 1));
  });
  page.on('requestfinished', (request) => {
    if (EVENT_PAGE.test(request.url())) under -= 1;
  });
  page.on('requestfailed', (request) => {
    if (EVENT_PAGE.test(request.url())) [under, cancelled] = [under - 1, cancelled + 1];
  });
  // No page of the middle is ever answered, as with a server that is slow beyond bearing.
  await page.route(EVENT_PAGE, async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'));
    if (offset < EVENTS - 300) return;
    await route.continue();
  });
  for (const place of [2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 14_000]) {
    const asked = page.waitForRequest((request) => EVENT_PAGE.test(request.url()) && request.url().includes(`offset=${place}&`));
    await grid.root.evaluate((root, top) => { root.scrollTop = top; }, place * 28);
    await asked;
  }
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await expect(grid.rowAt(EVENTS).getByRole('gridcell').first()).toHaveText(/\d/);
  expect(most).toBeLessThanOrEqual(4);
  expect(cancelled).toBeGreaterThanOrEqual(7);
});

test('events that leave the list while it is added up move no other over a page’s edge', async ({ sitDown, records }) => {
  const errors = await records.everyEventInError();
  const page = await sitDown('editor', '/events');
  let asked = 0;
  await page.route(/fields=EventNumber,EventId,EventStatus,RelatedEventId,UsageQuantity;usageCharges/, async (route) => {
    asked += 1;
    if (asked === 2) {
      for (const { EventNumber } of errors.slice(0, 3)) {
        expect((await records.write(EventNumber, { EventStatus: 'ORA_READY' })).status).toBe(200);
      }
    }
    await route.fallback();
  });
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  await grid.filterTo('Error');
  const totals = page.getByLabel('Totals', { exact: true });
  const rows = totals.getByTestId('row-count');
  await expect(rows).toHaveText(/^(?!20,000)[\d,]+ events$/);
  const [found] = (await rows.textContent())!.split(' ');
  await expect(totals).toContainText(new RegExp(`all ${found} loaded`, 'i'));
  expect(asked).toBeGreaterThan(1);
});
