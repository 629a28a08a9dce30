// A selection of processed events is taken back: what may be reversed is reversed once, what may not
// is explained, and neither a cut line nor a reload makes it twice.
import { BatchPage } from '../person/batch_page';
import { ChangesPage } from '../person/changes_page';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact, shownDigits } from '../stand/exact_decimal';

const BATCH = 'UB-2026-09-TEL';
/** Rows of that batch among which 185 can be reversed and 15 cannot. */
const ROWS = { first: 10, last: 209 };

test.use({ stock: { journey: 'reverses a selection', events: 2000 } });
test.describe.configure({ timeout: 240_000 });

test('185 of 200 selected events are reversed once, although the line is cut and the tab reloaded; 15 are explained', async ({ sitDown, records, faults }) => {
  const all = await records.eventsOf(BATCH);
  const selected = all.slice(ROWS.first - 1, ROWS.last);
  const open = selected.filter((event) => event.EventStatus === 'ORA_PROCESSED' && event.ReverseFlag === true);
  expect([selected.length, open.length]).toEqual([200, 185]);
  const worth = new Map<string, string[]>();
  for (const charge of open.flatMap((event) => event.usageCharges.items ?? event.usageCharges)) {
    worth.set(charge.ChargeCurrency ?? '', [...(worth.get(charge.ChargeCurrency ?? '') ?? []), charge.BilledAmount]);
  }

  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await grid.expectRows(all.length);
  // By keyboard: to the first row, then a range down to the last one.
  await (await grid.cell(all[0].EventNumber, 'Status')).click();
  for (let row = 1; row < ROWS.first; row += 1) await page.keyboard.press('ArrowDown');
  for (let row = ROWS.first; row < ROWS.last; row += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('button', { name: 'Reverse 200…' }).click();

  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('185 events will be reversed');
  await expect(dialog.getByText(/excluded: The event has been reversed already/)).toBeVisible();
  const amounts = dialog.getByRole('region', { name: 'Amounts of the reversals' });
  for (const [currency, parts] of worth) {
    const shown = await amounts.locator(`[data-currency="${currency}"] dd.number`).textContent();
    const sum = parts.map(exact).reduce(add);
    expect(exact(shownDigits(shown ?? '')), currency).toEqual({ ...sum, units: -sum.units });
  }
  await dialog.getByLabel('Name').fill('Taken back for the journey');
  await dialog.getByLabel('Reason').fill('Reported twice');
  const number = await dialog.getByLabel('Number').inputValue();
  // Two answers are cut, one before and one after the server did it, and then everything hangs.
  await faults.set(
    { method: 'POST', path: '/action/reverse', times: 1, kind: 'cut_before' },
    { method: 'POST', path: '/action/reverse', times: 1, after: 1, kind: 'cut_after' },
    { method: 'POST', path: '/action/reverse', after: 60, kind: { delay_ms: 120_000 } },
  );
  await dialog.getByRole('button', { name: 'Reverse 185 events' }).click();
  await expect(dialog.getByTestId('reversed')).toHaveText(/^[3-9]\d of 185 reversals made/, { timeout: 60_000 });
  await page.reload();
  await faults.clear();
  await signIn(page, 'editor');
  const changes = new ChangesPage(page);
  // What was cut before it was done is proven not done, and sent again by the person.
  await expect(savedState(page)).toHaveText(/^\d+ refused$/, { timeout: 90_000 });
  await changes.open();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(changes.rows('Refused', 'A reading proved that it was not done').first()).toBeVisible();
  await changes.rows('Refused').first().getByRole('gridcell').first().click();
  await page.keyboard.press('Control+A');
  await page.getByRole('button', { name: /^Try again/ }).click();
  await expectAllSaved(page);

  const reversals = await records.eventsOf(number);
  expect(reversals.length).toBe(185);
  const originals = new Map(all.map((event) => [event.EventId, event]));
  expect(new Set(reversals.map((event) => event.RelatedEventId)).size).toBe(185);
  for (const reversal of reversals) {
    const original = originals.get(reversal.RelatedEventId);
    const sum = add(exact(reversal.UsageQuantity), exact(original?.UsageQuantity));
    expect(sum.units, reversal.EventNumber).toBe(0n);
  }
  await page.goto(`/batches/${number}`);
  await signIn(page, 'editor');
  await expect(page.getByRole('heading', { name: 'Taken back for the journey' })).toBeVisible();
  await new EventGrid(page).expectRows(185);

  // Once it is processed, each pair nets to nothing, and is linked both ways.
  const batch = new BatchPage(page);
  await batch.step('Lock for review');
  await batch.expectAt('Locked for review');
  await batch.step('Submit');
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED');
  await batch.part('Result').click();
  await expect(page.getByTestId('moved')).toHaveText(/^All \d+ amounts net to zero$/);
  const totals = await batch.totals('Totals per currency');
  expect([...totals.keys()].sort()).toEqual([...worth.keys()].sort());
  for (const [currency, parts] of worth) {
    const sum = digits(parts.map(exact).reduce(add));
    const [original, reversal, net] = (totals.get(currency) ?? []).map((text) => exact(shownDigits(text)).units);
    expect([original, reversal, net], currency).toEqual([exact(sum).units, -exact(sum).units, 0n]);
  }
  const [first] = reversals;
  const original = originals.get(first.RelatedEventId);
  await page.goto(`/events/${original?.EventNumber}`);
  await signIn(page, 'editor');
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await expect(lineage.getByRole('listitem')).toHaveText([new RegExp(`^Original.*${original?.EventNumber}`), new RegExp(`^Reversal.*${first.EventNumber}`)]);
  await expect(lineage.getByRole('link', { name: original?.BatchNumber, exact: true })).toHaveAttribute('href', `/batches/${original?.BatchNumber}`);
  await expect(lineage.getByTestId('net')).toHaveText(/^Net 0(\.0+)? [A-Z]{3}$/);
  await lineage.getByRole('link', { name: first.EventNumber }).click();
  await expect(page.getByRole('complementary', { name: `Event ${first.EventNumber}` })).toBeVisible();
  await expect(lineage.getByRole('link', { name: original?.EventNumber })).toBeVisible();
});
