// Errors are grouped by cause and by the value at fault, corrected all at once, and the batch is
// submitted: in few interactions, with the sums that stand before and after equal to the rows'.
import { BatchPage } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'triages errors', events: 4000 } });
test.describe.configure({ timeout: 240_000 });

/** What to put right, by the key of the error; without an entry the status alone is set. */
const REMEDIES: Record<string, string> = {
  OSS_UOM_NOT_MAPPED: 'SEC',
  OSS_END_BEFORE_START: '12:00',
  OSS_CURRENCY_NOT_ACTIVE: 'EUR',
};

/** Amounts added up per currency. */
function sums(charges: ServerRecord[]): Map<string, string> {
  const byCurrency = new Map<string, string[]>();
  for (const charge of charges) {
    const currency = charge.ChargeCurrency ?? '';
    byCurrency.set(currency, [...(byCurrency.get(currency) ?? []), charge.BilledAmount]);
  }
  return new Map([...byCurrency].map(([currency, parts]) => [currency, digits(parts.map(exact).reduce(add))]));
}

const chargesOf = (events: ServerRecord[]): ServerRecord[] => events.flatMap((event) => event.usageCharges.items ?? event.usageCharges);

test('a batch with errors of many causes is brought to zero errors and submitted in at most 25 interactions', async ({ sitDown, records }) => {
  const errors = await records.eventsInError(BATCH);
  const causes = new Set(errors.map((event) => event.Error));
  expect(causes.size).toBeGreaterThanOrEqual(5);
  expect(errors.length).toBeGreaterThan((await records.everyEventOf(BATCH)).length / 25);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const batch = new BatchPage(page);
  let interactions = 0;
  const act = async (one: Promise<void>): Promise<void> => {
    interactions += 1;
    await one;
  };

  await act(batch.part('Errors').click());
  await expect(page.getByTestId('in-error')).toHaveText(`${errors.length} events in error, ${causes.size} causes`);
  // What is charged already is added up per currency.
  for (const [currency, sum] of sums(chargesOf(errors))) {
    expect(shownDigits((await page.locator(`.triage-head [data-kind=charged] [data-currency="${currency}"]`).textContent()) ?? '')).toBe(sum);
  }
  const cards = page.locator('.cause');
  const order = await cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-cause') ?? ''));
  expect(new Set(order)).toEqual(causes);
  await expect(cards.first().locator('.cause-remedy')).not.toBeEmpty();

  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await act(cards.first().getByRole('button', { name: /^Fix all [\d,]+…$/ }).click());
  for (const [place, cause] of order.entries()) {
    const count = errors.filter((event) => event.Error === cause).length;
    const remedy = REMEDIES[cause];
    if (remedy) await act(dialog.getByLabel('New value').first().fill(remedy));
    await expect(dialog.getByTestId('will-change')).toHaveText(`${count} event${count === 1 ? '' : 's'} will change`);
    await expect(dialog.getByRole('region', { name: 'Before and after' })).toBeVisible();
    await act(dialog.getByRole('button', { name: /^Correct / }).click());
    await expect(dialog.getByTestId('corrected')).toHaveText(`${count} of ${count} corrected`);
    const goOn = place + 1 < order.length ? /^Next: / : 'Close';
    await act(dialog.getByRole('button', { name: goOn }).click());
  }
  await expect(page.getByText('No event is in error')).toBeVisible();
  expect(await records.eventsInError(BATCH)).toEqual([]);

  await act(page.getByRole('button', { name: 'Submit', exact: true }).click());
  const confirmation = page.getByRole('dialog', { name: 'Submit' });
  await expect(confirmation.getByRole('region', { name: 'Expected amounts' })).toBeVisible();
  await act(confirmation.getByRole('button', { name: 'Submit', exact: true }).click());
  await expect.poll(async () => (await records.batch(BATCH)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED');
  await expect(page.locator('.page-head').getByText('Completed', { exact: true })).toBeVisible();
  expect(interactions).toBeLessThanOrEqual(25);
  await expectAllSaved(page);
  expect(await records.eventsInError(BATCH)).toEqual([]);

  // What the job came to stands beside what was expected, and is what the rows add up to.
  await batch.part('Result').click();
  await expect(page.getByTestId('moved')).toContainText('differ from their estimate');
  const billed = sums(chargesOf(await records.everyEventOf(BATCH)));
  const shown = await batch.totals('Totals per currency');
  for (const [currency, sum] of billed) {
    expect(shownDigits(shown.get(currency)?.[1] ?? ''), currency).toBe(sum);
  }
});

test('one value at fault is corrected by itself; what is excluded is explained and stays', async ({ sitDown, records }) => {
  const batch = 'UB-2026-10-CLD';
  const errors = await records.eventsInError(batch);
  const wrong = errors.filter((event) => event.Error === 'OSS_CURRENCY_NOT_ACTIVE');
  const [value] = wrong.map((event) => event.CurrencyCode);
  const same = wrong.filter((event) => event.CurrencyCode === value);
  const page = await sitDown('editor', `/batches/${batch}/errors`);
  const card = page.locator('.cause[data-cause=OSS_CURRENCY_NOT_ACTIVE]');
  // The cause's events are one press away, and the way back is the browser's own.
  await card.getByRole('link', { name: 'View events' }).click();
  await new EventGrid(page).expectRows(wrong.length);
  await page.goBack();
  const one = card.getByRole('button', { name: new RegExp(`with Currency ${value}$`) });
  const all = card.getByRole('button', { name: /^Fix all [\d,]+…$/ });
  await expect(all).toBeVisible();
  // Values that each event has for itself are not listed at first.
  const values = card.getByRole('button', { name: /^Show \d+ values$/ });
  if (await values.isVisible()) await values.click();
  await ((await one.count()) > 0 ? one : all).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  const input = dialog.getByLabel('New value').first();
  // What is not in the list of values is refused while it is being typed.
  await input.fill('QQQ');
  await expect(dialog.getByText('QQQ is not in the list of values of Currency.')).toBeVisible();
  const commit = dialog.getByRole('button', { name: 'Preview first' });
  await expect(commit).toBeDisabled();
  await expect(commit).toHaveAttribute('title', 'Enter the new values first.');
  await input.fill('USD');
  await dialog.getByRole('button', { name: `Correct ${same.length} event` }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText(`${same.length} of ${same.length} corrected`);
  await dialog.getByRole('button', { name: 'Close' }).click();
  for (const event of same) {
    const now = await records.event(event.EventNumber);
    expect([now.CurrencyCode, now.EventStatus]).toEqual(['USD', 'ORA_READY']);
  }
  expect((await records.eventsInError(batch)).length).toBe(errors.length - same.length);

  // From the list: of all processed events none may be changed, and the reason is said.
  await new BatchPage(page).part('Events').click();
  const grid = new EventGrid(page);
  await grid.filterTo('Processed');
  const rows = (await records.eventsOf(batch, "EventStatus = 'ORA_PROCESSED'")).length;
  await grid.expectRows(rows);
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  await dialog.getByLabel('New value').fill('USD');
  await expect(dialog.getByText(`${rows} excluded: Only events in Draft or Error can be changed`)).toBeVisible();
  await expect(dialog.getByText(`All ${rows.toLocaleString('en-US')} by number, excluded`)).toBeVisible();
  const nothing = dialog.getByRole('button', { name: 'Correct events', exact: true });
  await expect(nothing).toBeDisabled();
  await expect(nothing).toHaveAttribute('title', 'No event to correct.');
});

test('rows that the server refuses are told one by one and tried again together', async ({ sitDown, records, faults }) => {
  const batch = 'UB-2026-11-API';
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  await grid.filterTo('Draft');
  await grid.root.focus();
  const rows = (await records.eventsOf(batch, "EventStatus = 'ORA_DRAFT'")).length;
  await grid.expectRows(rows);
  await page.keyboard.press('ControlOrMeta+A');
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await dialog.getByLabel('Field to change').selectOption({ label: 'File' });
  await dialog.getByLabel('New value').fill('corrected.csv');
  await expect(dialog.getByTestId('will-change')).toHaveText(`${rows} events will change`);
  const body = JSON.stringify({ title: 'Bad Request', status: '400', 'o:errorDetails': [{ detail: 'The period is closed.', 'o:errorCode': '27023' }] });
  await faults.set({ method: 'PATCH', times: 3, kind: { answer: { status: 400, content_type: 'application/vnd.oracle.adf.error+json', body } } });
  await dialog.getByRole('button', { name: `Correct ${rows} events` }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText(`${rows - 3} of ${rows} corrected`, { timeout: 60_000 });
  await expect(dialog.getByRole('listitem').filter({ hasText: 'The period is closed.' })).toHaveCount(3);
  await faults.clear();
  await dialog.getByRole('button', { name: 'Try the refused again' }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText(`${rows} of ${rows} corrected`);
  await dialog.getByRole('button', { name: 'Close' }).click();
  const files = (await records.eventsOf(batch, "FileName = 'corrected.csv'")).length;
  expect(files).toBe(rows);
});
