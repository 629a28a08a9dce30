// Before anything is reversed a person sees which events, with the amounts that the reversals will have, and
// gives the reason that an auditor will read; further reversals go into a batch that is told by more than its
// number.
import type { Page } from '@playwright/test';
import { createBatch } from '../person/batch_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { add, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-08-TEL';

test.use({ stock: { journey: 'reverses with a reason', events: 2000 } });

const chargesOf = (event: ServerRecord): ServerRecord[] => event.usageCharges.items ?? event.usageCharges;

/** What an event is billed, with the sign turned, as a table shows it: one currency in this batch. */
function turned(event: ServerRecord) {
  const sum = chargesOf(event).map((charge) => exact(charge.BilledAmount)).reduce(add);
  return { units: -sum.units, places: sum.places };
}

async function selectRows(page: Page, first: ServerRecord, number: number): Promise<void> {
  await (await new EventGrid(page).cell(first.EventNumber, 'Status')).click();
  for (let row = 1; row < number; row += 1) await page.keyboard.press('Shift+ArrowDown');
}

test('three named events are reversed with a reason, and three more go into the same batch', async ({ sitDown, records }) => {
  const events = await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED' and CurrencyCode is not null", 6);
  const [three, more] = [events.slice(0, 3), events.slice(3)];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_PROCESSED`);
  const grid = new EventGrid(page);
  await expect(await grid.cell(events[5].EventNumber, 'Status')).toBeVisible();
  await selectRows(page, three[0], 3);
  await page.getByRole('button', { name: 'Reverse 3…' }).click();

  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  // What a person has to say has the keyboard.
  await expect(dialog.getByLabel('Reason')).toBeFocused();
  const named = dialog.getByTestId('named');
  await expect(named.getByRole('rowheader')).toHaveText(three.map((event) => event.EventNumber));
  for (const event of three) {
    const amount = await named.getByRole('row').filter({ hasText: event.EventNumber }).getByRole('cell').textContent();
    const [figure, currency] = (amount ?? '').replace(', covered by allowance', '').split(' ');
    expect(currency, event.EventNumber).toBe(event.CurrencyCode);
    expect(exact(shownDigits(figure)), event.EventNumber).toEqual(turned(event));
  }
  // All of them stand there: no second list.
  await expect(dialog.getByText(/ by number/)).toHaveCount(0);
  await expect(dialog.getByRole('button', { name: 'Save as CSV' })).toBeVisible();
  await expect(dialog.getByLabel('Name')).toHaveValue(`Reversal of events of ${BATCH}`);
  const go = dialog.getByRole('button', { name: 'Reverse 3 events' });
  await expect(go).toBeDisabled();
  await dialog.getByLabel('Reason').fill('Mediation reported them twice, ticket 4711');
  const number = await dialog.getByLabel('Number').inputValue();
  await go.click();
  await expect(dialog.getByTestId('reversed')).toHaveText('3 of 3 reversals made');
  await dialog.getByRole('button', { name: 'Close' }).click();
  const made = await records.batch(number);
  expect([made.BatchName, made.BatchDescription]).toEqual([`Reversal of events of ${BATCH}`, 'Mediation reported them twice, ticket 4711']);
  // Of the business unit of its originals, who all are of one batch.
  const { BusinessUnitName } = await records.batch(BATCH);
  expect(BusinessUnitName).toBeTruthy();
  expect(made.BusinessUnitName).toBe(BusinessUnitName);
  const ids = (await records.eventsOf(number)).map((event) => event.RelatedEventId);
  expect(ids.sort()).toEqual(three.map((event) => event.EventId).sort());

  // The open batch is offered with what it is and holds, and its reason is not asked again.
  await grid.expectRows((await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED'")).length);
  await selectRows(page, more[0], 3);
  await page.getByRole('button', { name: 'Reverse 3…' }).click();
  const open = dialog.getByRole('radio', { name: new RegExp(`^${number} Reversal of events of ${BATCH}`) });
  const holds = dialog.locator('label').filter({ hasText: number }).getByTestId('open-batch-holds');
  await expect(holds).toHaveText(/^3 events, −/);
  const currencies = new Map<string, bigint>();
  for (const event of three) {
    const { units, places } = turned(event);
    // All amounts of a currency have its places.
    currencies.set(`${event.CurrencyCode} ${places}`, (currencies.get(`${event.CurrencyCode} ${places}`) ?? 0n) + units);
  }
  const told = ((await holds.textContent()) ?? '').replace('3 events, ', '').split(', ');
  expect(told.length).toBe(currencies.size);
  for (const amount of told) {
    const [figure, currency] = amount.split(' ');
    const { units, places } = exact(shownDigits(figure));
    expect(units, currency).toBe(currencies.get(`${currency} ${places}`));
  }
  await open.check();
  await expect(dialog.getByTestId('reason')).toContainText('Reason: Mediation reported them twice, ticket 4711');
  await dialog.getByRole('button', { name: 'Reverse 3 events' }).click();
  await expect(dialog.getByTestId('reversed')).toHaveText('3 of 3 reversals made');
  expect((await records.eventsOf(number)).length).toBe(6);
  await dialog.getByRole('button', { name: 'Close' }).click();

  // The batch of the originals tells where their reversals wait.
  await page.reload();
  await signIn(page, 'editor');
  const moved = page.getByRole('list', { name: 'Events that moved' });
  await expect(moved).toContainText(`The reversals of 6 events of this batch wait in ${number} (Draft).`);
  await moved.getByRole('link', { name: number }).click();
  // Before the step is taken it says what it takes back, from where, and why.
  await page.getByRole('button', { name: 'Lock for review', exact: true }).click();
  const lock = page.getByRole('dialog', { name: 'Lock for review' });
  await expect(lock.getByTestId('reason')).toHaveText('Reason: Mediation reported them twice, ticket 4711');
  await expect(lock.getByText(`Their originals are in ${BATCH}.`)).toBeVisible();
  const worth = lock.getByRole('region', { name: 'Amounts of the reversals' });
  for (const currency of new Set(events.map((event) => event.CurrencyCode))) {
    const all = events.filter((event) => event.CurrencyCode === currency).map(turned);
    const shown = await worth.locator(`[data-currency="${currency}"] dd`).first().textContent();
    expect(exact(shownDigits(shown ?? '')), currency).toEqual(all.reduce(add));
  }
  await lock.getByRole('button', { name: 'Lock for review', exact: true }).click();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('dialog', { name: 'Submit' }).getByRole('button', { name: 'Submit', exact: true }).click();
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED');
  await page.goBack();
  await expect(moved).toContainText(`6 events of this batch are reversed in ${number} (Completed), billed `);
});

test('a new batch that a rule fills with reversals is of the business unit of all originals', async ({ sitDown, records }) => {
  const [event] = (await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true")).slice(-2);
  const page = await sitDown('editor', '/batches');
  const number = await createBatch(page, /^Reverse and replace/, 'Reversed by rule');
  expect((await records.batch(number)).BusinessUnitName).toBeNull();
  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Field').selectOption({ label: 'Event' });
  await builder.getByLabel('Value').fill(event.EventNumber);
  await builder.getByRole('button', { name: 'Add reversals of 1 event' }).click();
  await expect.poll(async () => (await records.eventsOf(number)).length).toBe(1);
  const { BusinessUnitName } = await records.batch(BATCH);
  expect(BusinessUnitName).toBeTruthy();
  await expect.poll(async () => (await records.batch(number)).BusinessUnitName).toBe(BusinessUnitName);
});

test('where somebody else was quicker, the new batch is said to be empty', async ({ sitDown, records }) => {
  const event = (await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true")).at(-1)!;
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.root.getByRole('button', { name: 'Reverse…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await dialog.getByLabel('Reason').fill('Reported twice');
  const go = dialog.getByRole('button', { name: 'Reverse 1 event' });
  await expect(go).toBeEnabled();
  const quicker = await records.makeBatch('RV-QUICKER', 'ORA_REVERSE_REPLACE');
  await records.addEvents(quicker, `EventNumber = '${event.EventNumber}'`);
  await go.click();
  await expect(dialog.getByTestId('reversed')).toHaveText('0 of 1 reversal made');
  await expect(dialog.getByTestId('empty-batch')).toHaveText('The new batch is empty. Open it to delete it or to use it for other reversals.');
  await dialog.getByRole('link', { name: 'Open the reversal batch' }).click();
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeEnabled();
});
