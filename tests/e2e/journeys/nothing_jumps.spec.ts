// While a batch opens, by a link of the list or by its address, nothing moves that a hand may be on its way to.
import type { BrowserContextOptions, Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';
const MOST = 0.02;

test.use({ stock: { journey: 'nothing jumps', events: 2000 } });

const sizes: BrowserContextOptions[] = [
  { viewport: { width: 1440, height: 900 } },
  { viewport: { width: 1024, height: 768 } },
  { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
];

/** Adds up every shift of the page from its start, those after a press as well. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts = ((window as any).shifts = [] as { value: number; moved: string[] }[]);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) {
        shifts.push({ value: entry.value, moved: entry.sources.map(({ node }: any) => `${node?.nodeName} ${node?.className}`) });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** The sum since it was last asked for, with what moved, for the words of a failure. */
async function shiftsSoFar(page: Page): Promise<{ sum: number; moved: string }> {
  // An observer hears of what is painted; two frames later that is so.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const shifts: { value: number; moved: string[] }[] = await page.evaluate(() => (window as any).shifts.splice(0));
  return { sum: shifts.reduce((sum, { value }) => sum + value, 0), moved: JSON.stringify(shifts) };
}

async function expectBatchRead(page: Page): Promise<void> {
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText(/All [\d,]+ loaded, as of/);
  await expect(page.getByRole('heading', { name: 'October voice and data', level: 1 })).toBeVisible();
}

for (const options of sizes) {
  const { width } = options.viewport!;
  test(`${width} wide: a batch opens by its address without a jump`, async ({ openBrowser, faults }) => {
    // Slow answers, one after the other, so that every state in between is painted.
    await faults.set({ method: 'GET', path: 'subscriptionUsageEventBatches', kind: { delay_ms: 300 } });
    const page = await openBrowser('/', options);
    await watchShifts(page);
    await page.goto(`/batches/${BATCH}`);
    await page.getByRole('button', { name: /^editor / }).click();
    await expectBatchRead(page);
    const { sum, moved } = await shiftsSoFar(page);
    expect(sum, moved).toBeLessThanOrEqual(MOST);
  });

  test(`${width} wide: a batch opens from the list without a jump, and begins with what the list knew`, async ({ openBrowser }) => {
    const page = await openBrowser('/', options);
    await watchShifts(page);
    await page.goto('/batches');
    await page.getByRole('button', { name: /^editor / }).click();
    const link = page.getByRole('link', { name: BATCH, exact: true });
    await expect(link).toBeVisible();
    await shiftsSoFar(page);
    let answer = () => {};
    const held = new Promise<void>((done) => (answer = done));
    await page.route((url) => url.pathname.includes('subscriptionUsageEventBatches') && url.href.includes(BATCH), async (route) => {
      await held;
      await route.continue();
    });
    await link.click();
    // Before the first answer: the name, the counts, and no step that could be taken.
    await expect(page.getByRole('heading', { name: 'October voice and data', level: 1 })).toBeVisible();
    await expect(page.getByRole('region', { name: 'How the events stand' })).toContainText(/\d+ events/);
    await expect(page.locator('[role=row][data-state=loading]').first()).toBeAttached();
    // All at one moment: the answer is on its way.
    const steps = page.locator('.batch-steps button[id^=step-]');
    const told = await steps.evaluateAll((buttons) => buttons.map((button) => [button.ariaDisabled, button.title]));
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(String))).toEqual(new Set(['true,The batch is not read yet.']));
    answer();
    await expectBatchRead(page);
    const { sum, moved } = await shiftsSoFar(page);
    expect(sum, moved).toBeLessThanOrEqual(MOST);
  });
}

test('a tab that becomes the open one moves no other', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await expectBatchRead(page);
  const tabs = page.getByRole('navigation', { name: 'Parts of the batch' }).getByRole('link');
  const places = async () => Promise.all((await tabs.all()).map(async (tab) => (await tab.boundingBox())!.x));
  const before = await places();
  for (const name of ['Errors', 'Rules', 'History']) {
    await tabs.filter({ hasText: name }).click();
    await expect(tabs.filter({ hasText: name })).toHaveAttribute('aria-current', 'page');
    expect(await places()).toEqual(before);
  }
});

test('the dialog of a correction keeps its size and place while one types', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}/errors`);
  await page.getByRole('button', { name: /^Fix all [\d,]+…$/ }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await expect(dialog.getByLabel('New value').first()).toBeVisible();
  const before = await dialog.boundingBox();
  await dialog.getByRole('button', { name: 'Change another field' }).click();
  await dialog.getByLabel('New value').last().fill('x');
  await expect(dialog.getByTestId('will-change')).toBeVisible();
  expect(await dialog.boundingBox()).toEqual(before);
});
