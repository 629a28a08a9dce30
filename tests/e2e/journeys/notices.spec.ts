// Notices stand in the head of the page: one for each fact, for as long as it is true, with the way to it.
import type { Locator } from '@playwright/test';
import { BatchPage } from '../person/batch_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'notices', events: 2000 } });

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  expect(box).not.toBeNull();
  return box!;
}

test('what is in doubt is said as long as it is, above the rows, and the way leads there', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await faults.set(
    { method: 'PATCH', times: 1, kind: 'cut_after' },
    { method: 'GET', path: `subscriptionUsageEvents/${event.EventNumber}`, kind: 'cut_before' },
  );
  await drawer.correct('Service', '+49 in doubt');
  const notices = page.getByRole('log', { name: 'Notices' });
  const doubt = notices.getByText(/a change was sent and not confirmed/);
  await expect(doubt).toBeVisible();
  const line = await boxOf(page.locator('.notices'));
  for (const below of [new EventGrid(page).root, page.getByRole('group', { name: 'Totals' }).first(), drawer.root]) {
    expect(line.y + line.height).toBeLessThanOrEqual((await boxOf(below)).y);
  }
  // It stands on the next page as well, and leads back.
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches' }).click();
  await expect(doubt).toBeVisible();
  await notices.getByRole('link', { name: 'Open' }).click();
  await expect(page).toHaveURL(new RegExp(`${event.EventNumber}$`));
  await faults.clear();
  await expectAllSaved(page);
  await expect(doubt).toHaveCount(0);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 in doubt');
});

test('the word that a batch has taken a step leads to it from elsewhere, and from no part of its own page', async ({ sitDown }) => {
  const batch = 'UB-2026-11-API';
  const page = await sitDown('editor', `/batches/${batch}`);
  await page.getByRole('button', { name: 'Lock for review', exact: true }).click();
  await page.getByRole('dialog', { name: 'Lock for review' }).getByRole('button', { name: 'Lock for review', exact: true }).click();
  const notice = page.getByRole('log', { name: 'Notices' }).locator('.notice-line').filter({ hasText: `Batch ${batch} is locked for review` });
  await expect(notice).toBeVisible();
  await new BatchPage(page).part('Errors').click();
  await expect(page).toHaveURL(`/batches/${batch}/errors`);
  await expect(notice.getByRole('link', { name: 'Open' })).toHaveCount(0);
  await expect(notice).toBeVisible();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches' }).click();
  await notice.getByRole('link', { name: 'Open' }).click();
  await expect(page).toHaveURL(`/batches/${batch}`);
});

test('of several the newest is in sight, and all of them open over the page', async ({ sitDown }) => {
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const notices = page.getByRole('log', { name: 'Notices' });
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  const submit = steps.getByRole('button', { name: 'Submit', exact: true });
  // Pressed twice it is said once.
  for (const press of [1, 2]) {
    await submit.focus();
    await page.keyboard.press('Enter');
    await expect(notices.locator('.notice-line'), `press ${press}`).toHaveCount(1);
  }
  const all = page.getByRole('button', { name: 'Show the whole notice' });
  await all.click();
  await expect(all).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(all).toHaveAttribute('aria-expanded', 'false');
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await expect(notices.locator('.notice-line')).toHaveCount(0);
});

test('what an open dialog tells stands in no notice beside it; what is still open then, does once it is closed', async ({ sitDown, records, faults }) => {
  const page = await sitDown('editor', '/batches');
  const lines = page.getByRole('log', { name: 'Notices' }).locator('.notice-line');
  await page.getByRole('button', { name: 'New batch' }).click();
  const form = page.getByRole('dialog', { name: 'New batch' });
  await form.getByLabel('Number').fill(BATCH);
  await form.getByRole('button', { name: 'Create batch' }).click();
  await expect(form.getByRole('alert')).toContainText(BATCH);
  await expect(lines).toHaveCount(0);
  await faults.set({ method: 'POST', times: 1, kind: 'cut_before' }, { method: 'GET', path: 'subscriptionUsageEventBatches', kind: 'cut_before' });
  await form.getByLabel('Number').fill('UB-TOLD-ONCE');
  await form.getByRole('button', { name: 'Create batch' }).click();
  await expect(form.getByText('Sent, not confirmed.')).toBeVisible();
  await expect(lines).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(lines.filter({ hasText: 'a change was sent and not confirmed' })).toBeVisible();
  await faults.clear();

  const [event] = await records.eventsOf('UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true", 1);
  await page.goto(`/batches/UB-2026-08-TEL?find=${event.EventNumber}`);
  await signIn(page, 'editor');
  await (await new EventGrid(page).cell(event.EventNumber, 'Status')).click();
  await page.getByRole('button', { name: /^Reverse .*…$/ }).click();
  const reversal = page.getByRole('dialog', { name: 'Reverse events' });
  await reversal.getByLabel('Reason').fill('Told once');
  const said = lines.filter({ hasText: /Reversal|is created/ });
  await reversal.getByRole('button', { name: 'Reverse 1 event' }).click();
  await expect(reversal.getByTestId('reversed')).toHaveText('1 of 1 reversal made');
  await expect(said).toHaveCount(0);
  await reversal.getByRole('button', { name: 'Close' }).click();
  await expect(reversal).toBeHidden();
  await expect(said).toHaveCount(0);
});

test('what has ended while nobody looked is told in the title until somebody looks, and by the browser only where it was asked for', async ({ sitDown, records, faults }) => {
  const [first, second] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', '/batches');
  const told = () => page.evaluate(() => (window as any).told as string[]);
  // What the browser asks and shows is its own; what it is given is looked at.
  await page.evaluate(() => {
    const told: string[] = [];
    class Told {
      static answer = 'denied';
      static asked = 0;
      static requestPermission = async () => ((Told.asked += 1), Told.answer);
      constructor(title: string, options: { body: string }) {
        told.push(`${title}: ${options.body}`);
      }
    }
    Object.assign(window, { Notification: Told, told });
  });
  const look = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);
  /** A change whose answer takes longer than a person waits. */
  const change = async (event: string, service: string): Promise<void> => {
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    const search = page.getByRole('searchbox', { name: 'Find events' });
    await search.fill(event);
    const grid = new EventGrid(page);
    await expect(grid.row(event)).toBeVisible();
    await faults.set({ method: 'PATCH', times: 1, kind: { delay_ms: 3500 } });
    await grid.correct(event, 'Service', service);
  };
  await change(first.EventNumber, '+49 told');
  await look(true);
  await expect(page).toHaveTitle(/^All changes saved \u2013 Events \u2013 /);
  await look(false);
  await expect(page).toHaveTitle(/^Events \u2013 /);
  expect(await told()).toEqual([]);

  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const box = page.getByRole('checkbox', { name: /^The browser tells/ });
  await box.click();
  await expect(page.getByRole('alert').filter({ hasText: 'does not allow it' })).toBeVisible();
  await expect(box).not.toBeChecked();
  await page.evaluate(() => ((window as any).Notification.answer = 'granted'));
  await box.click();
  await expect(box).toBeChecked();
  expect(await page.evaluate(() => (window as any).Notification.asked)).toBe(2);
  await change(second.EventNumber, '+49 told too');
  await look(true);
  await expect.poll(told).toEqual(['Usage Desk: All changes saved']);
  // What is watched is not told.
  await look(false);
  await change(second.EventNumber, '+49 watched');
  await expectAllSaved(page);
  await expect(page).toHaveTitle(/^Events \u2013 /);
  expect(await told()).toHaveLength(1);
});
