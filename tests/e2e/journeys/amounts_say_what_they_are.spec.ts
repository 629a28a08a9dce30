// "Billed" is said of what is billed alone; a nothing that an allowance covers is told from a nothing; what has no
// currency is an alarm with the way to it; nothing is ordered over currencies.
import { BatchPage } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { type Exact, add, digits, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

test.use({ stock: { journey: 'amounts say what they are', events: 4000 } });

const chargesOf = (event: ServerRecord): ServerRecord[] => event.usageCharges.items ?? event.usageCharges;

function sums(events: ServerRecord[], field = 'BilledAmount'): Map<string, Exact> {
  const sums = new Map<string, Exact>();
  for (const charge of events.flatMap(chargesOf)) {
    const currency = charge.ChargeCurrency ?? '';
    sums.set(currency, add(sums.get(currency) ?? exact('0'), exact(charge[field] ?? '0')));
  }
  return sums;
}

const isNothing = (event: ServerRecord) => chargesOf(event).every((charge) => exact(charge.BilledAmount).units === 0n);

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
  const processed = without.filter((event) => event.EventStatus === 'ORA_PROCESSED' && chargesOf(event).length > 0);
  await expect(alarm).toContainText(`${processed.length} event${processed.length === 1 ? '' : 's'}, not a total in money`);
  await alarm.getByRole('link', { name: 'View events' }).click();
  await grid.expectRows(without.length);
  for (const event of without) await expect(grid.row(event.EventNumber)).toBeVisible();
  await page.getByRole('button', { name: 'No currency', pressed: true }).click();
  await grid.expectRows(all.length);
});

test('an amount that an allowance covers is told from a nothing', async ({ sitDown, records }) => {
  const q = "EventStatus = 'ORA_PROCESSED' and usageCharges.AllowanceAmount > 0";
  const events = await records.eventsOf('UB-2026-10-TEL', q);
  const covered = events.find((event) => isNothing(event) && event.ReverseFlag);
  const page = await sitDown('editor', `/batches/UB-2026-10-TEL?find=${covered?.EventNumber}`);
  await expect(await new EventGrid(page).cell(covered?.EventNumber, 'Amount')).toHaveText(/^covered 0(\.0+)?\s*$/);
  await (await new EventGrid(page).cell(covered?.EventNumber, 'Status')).click();
  await page.getByRole('button', { name: `Reverse ${covered?.EventNumber}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('named').getByRole('cell')).toHaveText(/^0(\.0+)? [A-Z]{3}, covered by allowance$/);
  await expect(dialog.getByRole('region', { name: 'Amounts of the reversals' })).toContainText(/0 ?after [\d.,]+ covered by allowances/);
});

test('under Errors too, what allowances cover is told beside what is expected', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches/UB-2026-10-TEL/errors');
  const head = page.locator('.triage-head');
  await expect(head.locator('[data-kind=estimated] td').first()).toHaveText(/^0(\.0+)?$/);
  await expect(head.locator('[data-kind=estimated] + [data-kind=covered]')).toContainText(/^Covered by allowances \(estimate\).*[1-9]/);
  expect((await records.eventsInError('UB-2026-10-TEL')).length).toBeGreaterThan(0);
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
  await expect(page.getByTestId('not-billed')).toContainText('charged but not processed');
  const totals = await new BatchPage(page).totals('Totals per currency');
  for (const [currency, sum] of sums(processed)) {
    expect(exact(shownDigits(totals.get(currency)?.[0] ?? '')).units, currency).toBe(sum.units);
  }
  const allowed = sums(processed, 'AllowanceAmount');
  for (const [currency, sum] of allowed) {
    expect(exact(shownDigits((totals.get(currency)?.[1] ?? '').replace('–', '0'))).units, currency).toBe(sum.units);
  }
  expect([...allowed.values()].some((sum) => sum.units > 0n)).toBe(true);
  const list = page.getByRole('grid', { name: 'Amounts by event' });
  const currencies = async () => list.locator('[role=row] [role=gridcell][aria-colindex="2"]').allTextContents();
  await expect.poll(async () => (await currencies()).length).toBeGreaterThan(5);
  await list.focus();
  await page.keyboard.press('ControlOrMeta+End');
  const last = [...sums(processed).keys()].sort().at(-1);
  await expect.poll(async () => new Set(await currencies())).toEqual(new Set([last]));
  await page.getByTestId('not-billed').getByRole('link', { name: 'View events' }).click();
  await expect(page.getByRole('button', { name: 'Error', exact: true, pressed: true })).toBeVisible();
});

test('what is billed without an estimate is said, so that estimate and difference add up to it', async ({ sitDown, records }) => {
  const number = 'UB-2026-11-API';
  const page = await sitDown('editor', `/batches/${number}`);
  const batch = new BatchPage(page);
  await batch.step('Lock for review');
  await batch.expectAt('Locked for review');
  await page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name: 'Submit', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Submit' });
  await expect(dialog.getByLabel('Expected amounts')).toBeVisible();
  await dialog.getByRole('button', { name: 'Submit', exact: true }).click();
  await batch.expectAt(/^Completed/);
  await batch.part('Result').click();
  await expect(page.getByRole('columnheader', { name: 'Billed without estimate' })).toBeVisible();
  const heads = page.getByRole('region', { name: 'Totals per currency' }).getByRole('columnheader');
  const place = (await heads.allTextContents()).slice(1);
  const billed = sums((await records.everyEventOf(number)).filter((event) => event.EventStatus === 'ORA_PROCESSED'));
  const totals = await batch.totals('Totals per currency');
  expect(new Set(totals.keys())).toEqual(new Set(billed.keys()));
  let unestimated = 0;
  for (const [currency, cells] of totals) {
    const figure = (text: string) => (text === '–' ? exact('0') : exact(shownDigits(text)));
    const [estimate, second, without, difference] = ['Estimate', 'Billed', 'Billed without estimate', 'Difference'].map((head) => figure(cells[place.indexOf(head)]));
    expect(digits(second), currency).toBe(digits(billed.get(currency) ?? exact('0')));
    expect(add(add(estimate, without), difference), currency).toEqual(add(second, { units: 0n, places: add(add(estimate, without), difference).places }));
    unestimated += Number(without.units !== 0n);
  }
  expect(unestimated).toBeGreaterThan(0);
});
