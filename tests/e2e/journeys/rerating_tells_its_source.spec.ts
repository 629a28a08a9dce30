// Re-rating takes events out of a batch that may be billed already: told before it is done, in the dialog of
// each step, and in both batches afterwards, to the last digit of what the server holds.
import { BatchPage, createBatch } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

const FROM = 'UB-2026-09-NRG';

test.use({ stock: { journey: 'rerating tells its source', events: 2000 } });
test.describe.configure({ timeout: 120_000 });

/** What events are billed in pounds. */
function pounds(events: ServerRecord[]) {
  const charges: ServerRecord[] = events.flatMap((event) => event.usageCharges.items ?? event.usageCharges);
  const amounts = charges.filter((charge) => charge.ChargeCurrency === 'GBP').map((charge) => exact(charge.BilledAmount));
  return amounts.reduce(add, { units: 0n, places: 2 });
}

test('what re-rating takes out of its source is told before, in both batches, and is true afterwards', async ({ sitDown, records }) => {
  const before = await records.eventsOf(FROM);
  const inPounds = before.filter((event) => event.EventStatus === 'ORA_PROCESSED' && event.CurrencyCode === 'GBP');
  // The first of them is held by another batch, so it is barred.
  const [barred, ...taken] = inPounds;
  await records.addEvents(await records.makeBatch('RV-HOLDS-ONE', 'ORA_REVERSE_REPLACE'), `EventNumber = '${barred.EventNumber}'`);
  const worth = `by GBP ${digits(pounds(taken))}.`;

  const page = await sitDown('editor', '/batches');
  const number = await createBatch(page, /^Re-rate/, 'Grid fees again');
  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Value').fill(FROM);
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Currency' });
  await builder.getByLabel('Value').nth(1).fill('GBP');
  await expect(builder.getByTestId('allowed')).toHaveText(`${taken.length} events will be added`);
  await expect(builder.getByTestId('leaving')).toHaveText(`${taken.length} events leave ${FROM}; its total falls ${worth}`);
  // Who is barred is no sample of what will be added.
  await expect(builder.getByRole('region', { name: 'Sample' }).getByRole('rowheader')).toHaveText(taken.slice(0, 5).map((event) => event.EventNumber));
  await builder.getByRole('button', { name: `Add ${taken.length} events` }).click();
  await expectAllSaved(page);

  const batch = new BatchPage(page);
  const moved = page.getByRole('list', { name: 'Events that moved' });
  const here = `${taken.length} events left ${FROM} for this batch; its total fell ${worth}`;
  await expect(moved.getByRole('listitem')).toHaveText([here]);
  // They are processed as they were elsewhere, which is not what this batch has done.
  const stand = page.getByRole('region', { name: 'How the events stand' });
  await expect(stand).toContainText(`${taken.length}to be re-rated`);
  await expect(stand).not.toContainText('processed');

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches' }).click();
  const batches = page.getByRole('grid', { name: 'Usage event batches' });
  await expect(batches.getByRole('row').filter({ hasText: number })).toContainText(`${taken.length} to re-rate`);
  await page.goBack();

  await moved.getByRole('link', { name: FROM }).click();
  await expect(page.getByRole('heading', { name: 'September charge points' })).toBeVisible();
  await expect(moved.getByRole('listitem')).toHaveText([
    `${taken.length} events left this batch to be re-rated in ${number} (Draft); its total fell ${worth}`,
    'The reversal of 1 event of this batch waits in RV-HOLDS-ONE (Draft).',
  ]);
  await new EventGrid(page).expectRows(before.length - taken.length);
  await moved.getByRole('link', { name: number }).click();
  await expect(page.getByRole('heading', { name: 'Grid fees again' })).toBeVisible();

  await page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name: 'Delete', exact: true }).click();
  const back = `${taken.length} events came from ${FROM}. Those that are removed go back there; of all of them, its total rises ${worth}`;
  await expect(page.getByRole('dialog').getByRole('listitem').filter({ hasText: back })).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  for (const [step, state] of [['Lock for review', 'Locked for review'], ['Submit', 'Completed']]) {
    await page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name: step, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: step });
    await expect(dialog.getByRole('listitem').filter({ hasText: here })).toBeVisible();
    await dialog.getByRole('button', { name: step, exact: true }).click();
    await batch.expectAt(state);
  }
  await expect(stand).toContainText(`${taken.length}processed`);
  // What it was billed before counts, whatever it is billed now.
  await expect(moved.getByRole('listitem')).toHaveText([here]);
  await moved.getByRole('link', { name: FROM }).click();
  await expect(moved.getByRole('listitem')).toHaveText([
    `${taken.length} events left this batch and were re-rated in ${number} (Completed); its total fell ${worth}`,
    'The reversal of 1 event of this batch waits in RV-HOLDS-ONE (Draft).',
  ]);
  const left = pounds(await records.eventsOf(FROM));
  const sum = add(left, pounds(taken));
  expect(sum).toEqual(pounds(before));
});
