// A list of a million events that is loaded while its first rows are looked at, and then answers from memory.
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { longTasks } from './long_tasks';

/** `EVENTS=50000` measures a smaller list. */
const EVENTS = Number(process.env.EVENTS ?? 1_000_000);

test.use({ stock: { journey: 'measure a million events', events: EVENTS } });

/** From a press until the rows of its answer are painted, and until what they come to is there too. */
async function answered(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const grid = document.querySelector('[role=grid]')!;
    const foot = document.querySelector('.totals-bar')!;
    const rows = () => [...grid.querySelectorAll('[role=row] [role=gridcell]:first-child')].map((cell) => cell.textContent).join();
    const times = ((window as any).times = { from: 0, rows: 0, sums: 0 });
    const before = { rows: rows(), sums: foot.textContent };
    const begin = (event: Event) => {
      times.from ||= event.timeStamp;
    };
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, begin, { capture: true, once: true });
    const look = () => {
      if (!times.rows && rows() !== before.rows) times.rows = performance.now();
      if (!times.sums && foot.textContent !== before.sums) times.sums = performance.now();
      if (!times.rows || performance.now() - times.rows < 2_000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await longTasks(page, name, async () => {
    await act();
    await page.waitForFunction(() => (window as any).times.rows && performance.now() - (window as any).times.rows > 1_500);
  });
  const { from, rows, sums } = await page.evaluate(() => (window as any).times);
  console.log(`  rows after ${Math.round(rows - from)} ms${sums ? `, sums after ${Math.round(sums - from)} ms` : ''}`);
}

test('a million events in the browser', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/batches');
  const grid = new EventGrid(page);
  const line = page.getByTestId('whole-line');
  await longTasks(page, 'open the list, first rows', async () => {
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  });
  await longTasks(page, 'all of them loaded', async () => {
    await expect(line).toContainText('All loaded, as of', { timeout: 900_000 });
  });
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await answered(page, 'order by quantity', () => head('Quantity').click());
  await answered(page, 'order by service', () => head('Service').click());
  await answered(page, 'only those in error', () => grid.filterTo('Error'));
  await answered(page, 'all again', () => grid.filterTo('All'));
  await answered(page, 'find, one key', () => page.getByRole('searchbox').press('7'));
  await answered(page, 'find, another key', () => page.getByRole('searchbox').press('3'));
  await page.getByRole('searchbox').fill('');
  await grid.expectRows(EVENTS);
  const swept = await grid.root.evaluate(async (root) => {
    const found = { frames: 0, late: 0, skeletons: 0 };
    const steps = 300;
    let last = await new Promise<number>(requestAnimationFrame);
    for (let step = 0; step <= steps; step += 1) {
      root.scrollTop = ((root.scrollHeight - root.clientHeight) * step) / steps;
      const now = await new Promise<number>(requestAnimationFrame);
      found.frames += 1;
      if (now - last > 25) found.late += 1;
      last = now;
      if (root.querySelector('[role=row][data-state=loading]')) found.skeletons += 1;
    }
    return found;
  });
  console.log(`swept in ${swept.frames} frames: ${swept.late} late, ${swept.skeletons} with skeletons`);
  expect(swept.skeletons).toBe(0);
});
