// A reversal that still waits to be processed is a mark on its original, in the list and beside it, with the way
// to it; and the batch that it waits in shows what it will come to.
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-08-TEL';
const RV = 'RV-PENDING';

test.use({ stock: { journey: 'marks a pending reversal', events: 2000 } });

function billed(event: ServerRecord): string {
  const charges: ServerRecord[] = event.usageCharges.items ?? event.usageCharges;
  return digits(charges.map((charge) => exact(charge.BilledAmount)).reduce(add));
}

test('the original is marked in grid and drawer, and its batch of reversals shows what is to come', async ({ sitDown, records }) => {
  const q = "EventStatus = 'ORA_PROCESSED' and UsageQuantity > 0 and CurrencyCode = 'EUR' and usageCharges.BilledAmount > 0";
  const [one, two] = await records.eventsOf(BATCH, q, 2);
  await records.addEvents(await records.makeBatch(RV, 'ORA_REVERSE_REPLACE'), `EventNumber in ('${one.EventNumber}', '${two.EventNumber}')`);

  const page = await sitDown('editor', `/batches/${BATCH}?find=${one.EventNumber}`);
  const grid = new EventGrid(page);
  const status = await grid.cell(one.EventNumber, 'Status');
  await expect(status).toHaveText('Processed, reversal pending');
  // The mark is read whole; which batch it waits in is said to whoever points at it.
  expect(await status.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
  await expect(status).toHaveAttribute('title', `Processed, reversal pending in ${RV}`);
  await page.goto(`/events/${one.EventNumber}`);
  await page.getByRole('button', { name: /^editor / }).click();
  const drawer = new EventDrawer(page, one.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.root.locator('.drawer-head')).toContainText('Processed, reversal pending');
  const mark = drawer.root.getByTestId('pending-reversal');
  await expect(mark).toContainText(`Reversal pending in ${RV}`);
  await expect(mark).toContainText(`${one.EventNumber}-REV comes to −${billed(one)} EUR once that batch is processed.`);

  await mark.getByRole('link', { name: RV }).click();
  await grid.expectRows(2);
  for (const original of [one, two]) {
    const cell = await grid.cell(`${original.EventNumber}-REV`, 'Amount');
    await expect(cell).toContainText('expected');
    const figure = ((await cell.textContent()) ?? '').replace('expected', '');
    expect(shownDigits(figure), original.EventNumber).toBe(`-${billed(original)}`);
  }
  const totals = page.getByLabel('Totals', { exact: true });
  const expected = totals.getByRole('group', { name: 'Expected from reversals' });
  const sum = digits(add(exact(billed(one)), exact(billed(two))));
  await expect(expected.locator('[data-currency=EUR] dd')).toHaveText(`−${sum}`);
  await expect(totals.locator('[data-currency]')).toHaveCount(1);

  // Beside the list the reversal itself says what it takes back: no price is worked out for it.
  await page.goto(`/events/${one.EventNumber}-REV`);
  await page.getByRole('button', { name: /^editor / }).click();
  const reversal = new EventDrawer(page, `${one.EventNumber}-REV`);
  await reversal.expectOpen();
  await expect(reversal.root.getByTestId('takes-back')).toHaveText(`−${billed(one)} EUR`);
  await expect(reversal.root.getByTestId('estimate')).toHaveCount(0);
  await expect(reversal.root.getByTestId('pending-reversal')).toHaveCount(0);
  // It repeats its original: nothing of it is typed, and it came from no file.
  await expect(reversal.root.getByText(/^This event is a reversal: it repeats another event/).first()).toBeVisible();
  await expect(reversal.root.getByRole('textbox')).toHaveCount(0);
  await reversal.root.locator('summary', { hasText: 'Timeline' }).click();
  const created = reversal.root.getByRole('listitem').filter({ hasText: 'Created' });
  await expect(created).toBeVisible();
  await expect(created).not.toContainText('From the file');

  // Once it is processed the mark is gone, and the amounts are billed.
  await records.take(RV, 'lockForReview');
  await records.take(RV, 'submit');
  await expect.poll(async () => (await records.batch(RV)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED');
  await page.goto(`/batches/${RV}`);
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(totals.getByRole('group', { name: 'Billed' }).locator('[data-currency=EUR] dd')).toHaveText(`−${sum}`);
  await expect(expected).toHaveCount(0);
  await page.goto(`/batches/${BATCH}?find=${one.EventNumber}`);
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(await grid.cell(one.EventNumber, 'Status')).toHaveText('Reversed');
});
