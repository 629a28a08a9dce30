// "Billed" is said of what is billed alone; a nothing that an allowance covers is told from a nothing; what has no
// currency is an alarm with the way to it; nothing is ordered over currencies.
import { BatchPage } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { type Exact, add, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

test.use({ stock: { journey: 'amounts say what they are', events: 4000 } });

const chargesOf = (event: ServerRecord): ServerRecord[] => event.usageCharges.items ?? event.usageCharges;

function sums(events: ServerRecord[]): Map<string, Exact> {
  const sums = new Map<string, Exact>();
  for (const charge of events.flatMap(chargesOf)) {
    const currency = charge.ChargeCurrency ?? '';
    sums.set(currency, add(sums.get(currency) ?? exact('0'), exact(charge.BilledAmount)));
  }
  return sums;
}

test('what a draft batch holds is charged, not billed', async ({ sitDown, records }) => {
  const batch = 'UB-2026-11-API';
  const page = await sitDown('editor', `/batches/${batch}`);
  const totals = page.getByLabel('Totals', { exact: true });
  const charged = totals.getByRole('group', { name: 'Charged, not processed' });
  const expected = sums(await records.everyEventOf(batch));
  expect(expected.size).toBeGreaterThan(1);
  for (const [currency, sum] of expected) {
    await expect.poll(async () => exact(shownDigits((await charged.locator(`[data-currency="${currency}"] dd`).textContent()) ?? '')).units, { message: currency }).toBe(sum.units);
  }
  await expect(totals.getByRole('group', { name: 'Billed' })).toHaveCount(0);
});

test('rows without a currency are an alarm that leads to them', async ({ sitDown, records }) => {
  const batch = 'UB-2026-08-TEL';
  const all = await records.everyEventOf(batch);
  const without = all.filter((event) => event.CurrencyCode === null);
  expect(without.length).toBeGreaterThan(0);
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  const alarm = page.getByRole('group', { name: 'Billed' }).locator('[data-alarm]');
  await expect(alarm).toContainText('No currency');
  await alarm.getByRole('link', { name: 'Show rows' }).click();
  await grid.expectRows(without.length);
  for (const event of without) await expect(grid.row(event.EventNumber)).toBeVisible();
  await page.getByRole('button', { name: 'No currency', pressed: true }).click();
  await grid.expectRows(all.length);
});

test('an amount that an allowance covers is told from a nothing', async ({ sitDown, records }) => {
  const q = "EventStatus = 'ORA_PROCESSED' and usageCharges.AllowanceAmount > 0";
  const events = await records.eventsOf('UB-2026-10-TEL', q);
  const isNothing = (event: ServerRecord) => chargesOf(event).every((charge) => exact(charge.BilledAmount).units === 0n);
  const covered = events.find(isNothing);
  const page = await sitDown('editor', `/batches/UB-2026-10-TEL?find=${covered?.EventNumber}`);
  await expect(await new EventGrid(page).cell(covered?.EventNumber, 'Amount')).toHaveText(/^covered 0(\.0+)?\s*$/);
});

test('the result counts what is billed, says what is not, and orders by currency', async ({ sitDown, records }) => {
  const batch = 'UB-2026-10-TEL';
  const all = await records.everyEventOf(batch);
  const processed = all.filter((event) => event.EventStatus === 'ORA_PROCESSED');
  const others = all.filter((event) => event.EventStatus !== 'ORA_PROCESSED' && chargesOf(event).length > 0);
  expect(others.length).toBeGreaterThan(0);
  const page = await sitDown('editor', `/batches/${batch}`);
  await new BatchPage(page).part('Result').click();
  await expect(page.getByTestId('moved')).toHaveText(`${processed.length} events billed, one amount each`);
  await expect(page.getByTestId('not-billed')).toContainText('not processed, but charged already');
  const totals = await new BatchPage(page).totals('Totals per currency');
  for (const [currency, sum] of sums(processed)) {
    expect(exact(shownDigits(totals.get(currency)?.[0] ?? '')).units, currency).toBe(sum.units);
  }
  const list = page.getByRole('grid', { name: 'Amounts by event' });
  const currencies = async () => list.locator('[role=row] [role=gridcell][aria-colindex="2"]').allTextContents();
  await expect.poll(async () => (await currencies()).length).toBeGreaterThan(5);
  await list.focus();
  await page.keyboard.press('ControlOrMeta+End');
  const last = [...sums(processed).keys()].sort().at(-1);
  await expect.poll(async () => new Set(await currencies())).toEqual(new Set([last]));
  await page.getByTestId('not-billed').getByRole('link', { name: 'Show events' }).click();
  await expect(page.getByRole('button', { name: 'Error', exact: true, pressed: true })).toBeVisible();
});
