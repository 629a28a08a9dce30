import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';

const EVENTS = 20_000;
const EVENT_PAGE = /\/subscriptionUsageEvents\?expand=usageCharges/;

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
  await first.click();
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
  test.setTimeout(300_000);
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
  const places = new Map<number, string>();
  for (const [place, event] of seen) {
    expect(places.get(place) ?? event, `what row ${place} shows`).toBe(event);
    places.set(place, event);
  }
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

test('a late answer to an older filter changes nothing', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  // The first question is answered long after the second one.
  await faults.set({ method: 'GET', path: 'ORA_DRAFT', kind: { delay_ms: 4000 } });
  const late = page.waitForResponse((answer) => decodeURIComponent(answer.url()).includes('ORA_DRAFT'));
  await grid.filterTo('Draft');
  await grid.filterTo('In error');
  const status = grid.rowAt(1).locator(`[aria-colindex="${await grid.columnIndex('Status')}"]`);
  await expect(status).toHaveText('Error');
  const rows = await grid.root.getAttribute('aria-rowcount');
  await (await late).finished();
  await expect(page.getByLabel('Totals', { exact: true })).toContainText('Billed, all');
  await expect(status).toHaveText('Error');
  await expect(grid.root).toHaveAttribute('aria-rowcount', rows!);
});
