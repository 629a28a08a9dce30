// A batch in process is looked at by one watcher, and one bad answer takes nothing away.
import type { Locator } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-11-CLD';

test.use({ stock: { journey: 'watches a batch in process', events: 2000 } });

test('looks go on one at a time after bad answers, and what was read last stays', async ({ sitDown, records }) => {
  expect((await records.batch(BATCH)).BatchStatus).toBe('ORA_IN_PROCESS');
  const page = await sitDown('editor', '/batches');
  let [under, most, looks, bad] = [0, 0, 0, 0];
  await page.route(new RegExp(`/subscriptionUsageEventBatches/${BATCH}$`), async (route) => {
    looks += 1;
    under += 1;
    most = Math.max(most, under);
    if (looks === 2 || looks === 3) {
      bad += 1;
      await route.fulfill({ status: 503, contentType: 'application/json', body: '{}' });
    } else {
      await route.continue();
    }
    under -= 1;
  });
  await page.goto(`/batches/${BATCH}`).catch(() => undefined);
  const { signIn } = await import('../person/sign_in');
  await signIn(page, 'editor');
  await expect(new EventGrid(page).rowAt(1)).toBeVisible();
  const facts = page.getByRole('region', { name: 'How the events stand' });
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  await expect(facts).toBeVisible();
  // A status has one colour, in the head, on the way of the batch and in its bar.
  const colour = (drawn: Locator, of: 'color' | 'backgroundColor') => drawn.evaluate((element, of) => getComputedStyle(element)[of], of);
  const amber = await colour(page.locator('.page-head .badge').filter({ hasText: 'In process' }), 'color');
  expect(await colour(steps.locator('[aria-current=step]'), 'color')).toBe(amber);
  expect(await colour(facts.getByRole('listitem').filter({ hasText: 'in process' }).locator('.swatch'), 'backgroundColor')).toBe(amber);
  await expect.poll(() => bad, { timeout: 15_000 }).toBe(2);
  // Beside the failure everything stands, and looking goes on.
  await expect(facts).toBeVisible();
  await expect(steps).toBeVisible();
  const before = looks;
  await expect.poll(() => looks, { timeout: 15_000 }).toBeGreaterThan(before + 1);
  await expect(page.getByText('The server is busy')).toBeHidden();
  expect(most).toBe(1);
});

test('a processing that is over before it is seen at work is told, and the list follows', async ({ sitDown, records }) => {
  const batch = 'UB-2026-11-NRG';
  const [ready] = await records.eventsOf(batch, "EventStatus = 'ORA_READY'", 1);
  const page = await sitDown('editor', `/batches/${batch}`);
  const status = await new EventGrid(page).cell(ready.EventNumber, 'Status');
  const isList = (address: string) => /\/child\/usageEvents\?expand=/.test(address);
  const asBefore = page.waitForResponse((answer) => isList(answer.url()) && answer.request().method() === 'GET');
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  const before = await (await asBefore).body();
  await expect(status).toHaveText('Ready for processing');
  // The list is read while the job has not begun, and the batch when it is over.
  let [reads, isOver] = [0, false];
  await page.route((address) => isList(address.href), async (route) => {
    if (isOver) return route.continue();
    await route.fulfill({ contentType: 'application/json', body: before });
    reads += 1;
  });
  await page.route(new RegExp(`/subscriptionUsageEventBatches/${batch}$`), async (route) => {
    if (route.request().method() === 'GET') {
      await expect.poll(async () => (await records.batch(batch)).BatchStatus, { timeout: 60_000 }).toMatch(/^ORA_COMPLETED/);
      await expect.poll(() => reads).toBeGreaterThan(0);
      isOver = true;
    }
    await route.continue();
  });
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('dialog', { name: 'Submit' }).getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Notices' })).toContainText(`Batch ${batch} is completed`, { timeout: 60_000 });
  const { EventStatus } = await records.event(ready.EventNumber);
  await expect(status).toHaveText(EventStatus === 'ORA_PROCESSED' ? 'Processed' : 'Error');
});
