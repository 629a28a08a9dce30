// The working life of a batch: made, filled by a rule, locked, reverted, changed, submitted, rated;
// and every step whose answer is lost is done exactly once.
import type { Page } from '@playwright/test';
import { BatchPage, createBatch } from '../person/batch_page';
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact, shownDigits } from '../stand/exact_decimal';
import type { ServerRecord } from '../stand/server_records';

const FROM = 'UB-2026-08-TEL';

test.use({ stock: { journey: 'rerates by rule', events: 2000 } });
test.describe.configure({ timeout: 240_000 });

async function step(page: Page, name: string): Promise<void> {
  await page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog', { name }).getByRole('button', { name, exact: true }).click();
}

async function expectAt(page: Page, state: string): Promise<void> {
  await expect(page.getByRole('list', { name: 'Where the batch stands' }).locator('[aria-current=step]')).toHaveText(state, { timeout: 60_000 });
}

test('a rerate batch is built by a rule, reviewed, reverted, changed, submitted and rated', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches');
  const number = await createBatch(page, /^Re-rate/, 'August again');
  await expectAt(page, 'Draft');

  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Value').fill(FROM);
  const expected = await records.eventsOf(FROM, "EventStatus = 'ORA_PROCESSED'");
  await expect(builder.getByTestId('allowed')).toHaveText(`${expected.length} events will be added`);
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Currency' });
  await builder.getByLabel('Value').nth(1).fill('EUR');
  await builder.getByLabel('Name of the rule').fill('Voice in euros');
  const euros = expected.filter((event) => event.CurrencyCode === 'EUR');
  const [rest] = expected.filter((event) => event.CurrencyCode !== 'EUR');
  await expect(builder.getByTestId('allowed')).toHaveText(`${euros.length} events will be added`);
  // Those that are excluded are named beside the reason only.
  await expect(builder.getByTestId('named')).toContainText(`and ${euros.length - 3} more`);
  await builder.getByRole('button', { name: `Add ${euros.length} events` }).click();
  await expectAllSaved(page);
  // One fact, one notice, and no bar that pushes the rows down.
  const notices = page.getByRole('log', { name: 'Notices' });
  await expect(notices.locator('.notice-words')).toHaveText([`Batch ${number}: ${euros.length} events added.`]);
  const grid = new EventGrid(page);
  await grid.expectRows(euros.length);
  expect((await records.eventsOf(number)).length).toBe(euros.length);
  // They wait for the re-rating: neither the rows nor the bar draw them as done.
  const status = await grid.cell(euros[1].EventNumber, 'Status');
  await expect(status).toHaveText('Processed, to be re-rated');
  await expect(status).toHaveAttribute('data-tone', 'info');
  await expect(page.getByRole('region', { name: 'How the events stand' }).getByRole('listitem')).toHaveText([`${euros.length}to be re-rated`]);
  await page.locator(`a[href$="/events/${euros[1].EventNumber}"]`).click();
  const drawer = new EventDrawer(page, euros[1].EventNumber);
  await expect(drawer.root.locator('.badge').first()).toHaveText('Processed, to be re-rated');
  await drawer.close();
  // So it is in the list of all events, which asks once for the batches that a page of it names.
  const other = await sitDown('viewer', '/events?status=ORA_PROCESSED&sort=-EventId');
  const all = new EventGrid(other);
  await expect(all.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  let asked = 0;
  other.on('request', (request) => { if (/\/subscriptionUsageEventBatches\?/.test(request.url())) asked += 1; });
  await other.getByRole('searchbox', { name: 'Find events' }).fill(euros[1].EventNumber);
  await expect(await all.cell(euros[1].EventNumber, 'Status')).toHaveText('Processed, to be re-rated');
  expect(asked).toBe(1);
  await other.goto(`/events/${euros[1].EventNumber}?find=${rest.EventNumber}`);
  await signIn(other, 'viewer');
  await expect(await all.cell(rest.EventNumber, 'Status')).toHaveText('Processed');
  // Beside a list that does not name its batch too.
  await expect(new EventDrawer(other, euros[1].EventNumber).root.locator('.badge').first()).toHaveText('Processed, to be re-rated');
  await other.close();

  await step(page, 'Lock for review');
  await expectAt(page, 'Locked for review');
  // The next step ends what was said of the one before.
  await expect(notices.locator('.notice-words')).toHaveText([`Batch ${number} is locked for review.`]);
  // An illegal step is not taken, and says why.
  await page.getByRole('button', { name: 'Remove events', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Only a batch in Draft takes this. Unlock it first if it is locked for review.')).toBeVisible();
  await step(page, 'Unlock');
  await expectAt(page, 'Draft');

  await page.getByRole('button', { name: 'Remove events', exact: true }).click();
  const removal = page.getByRole('dialog', { name: 'Remove events' });
  await removal.getByLabel('Field').selectOption({ label: 'Event' });
  await removal.getByLabel('Value').fill(euros[0].EventNumber);
  await removal.getByRole('button', { name: 'Remove 1 event' }).click();
  await new EventGrid(page).expectRows(euros.length - 1);

  await step(page, 'Lock for review');
  await expectAt(page, 'Locked for review');
  // A short processing is over in a moment: every notice is noted as it comes.
  await notices.evaluate((log) => {
    const told: (string | null)[] = [];
    Object.assign(window, { told });
    const note = () => told.push(log.querySelector('.notice-words')?.textContent ?? null);
    new MutationObserver(note).observe(log, { childList: true, subtree: true });
  });
  await step(page, 'Submit');
  // What became of it takes the place of that.
  await expect(notices.getByText(`Batch ${number} is completed`)).toBeVisible({ timeout: 60_000 });
  expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toContain(`Batch ${number} is submitted.`);
  await expect(notices.getByText(`Batch ${number} is submitted.`)).toHaveCount(0);
  const batch = await records.batch(number);
  await expectAt(page, batch.BatchStatus === 'ORA_COMPLETED' ? 'Completed' : 'Completed with errors');
  await expectAllSaved(page);
  expect(batch.BatchStatus).toMatch(/^ORA_COMPLETED/);
  // Once they are re-rated they are what they are.
  const rerated = await records.event(euros[1].EventNumber);
  await expect(status).toHaveText(rerated.EventStatus === 'ORA_PROCESSED' ? 'Processed' : 'Error');
  expect((await records.event(euros[0].EventNumber)).BatchNumber).toBe(FROM);

  // What changed, event by event and per currency, to the last digit of what the server holds.
  const batchPage = new BatchPage(page);
  await batchPage.part('Result').click();
  await expect(page.getByTestId('moved')).toContainText('amounts changed');
  const events = await records.eventsOf(number);
  const charges: ServerRecord[] = events.flatMap((event) => event.usageCharges.items ?? event.usageCharges);
  const isOfBatch = (charge: ServerRecord) => charge.ParentEntity === 'ORA_USAGE_BATCH' && charge.ParentEntityId === batch.UsageBatchId;
  const sum = (some: ServerRecord[]) => digits(some.map((charge) => exact(charge.BilledAmount)).reduce(add));
  const [before, after] = (await batchPage.totals('Totals per currency')).get('EUR') ?? [];
  expect(shownDigits(before)).toBe(sum(charges.filter((charge) => !isOfBatch(charge))));
  expect(shownDigits(after)).toBe(sum(charges));
  // The rule is kept under its name, readable as q.
  await batchPage.part('Rules').click();
  const kept = page.getByRole('article', { name: 'Voice in euros' });
  await expect(kept.getByText(`(BatchNumber = '${FROM}' and CurrencyCode = 'EUR')`)).toBeVisible();
  // An event tells of its re-rating, and leads to it.
  await page.goto(`/events/${events[0].EventNumber}`);
  await signIn(page, 'editor');
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await expect(lineage.getByRole('listitem').filter({ hasText: 'Re-rated' }).getByRole('link', { name: number })).toBeVisible();
});

test('a saved rule is used again; what was expected and not added is named', async ({ sitDown, records }) => {
  const from = 'UB-2026-08-CLD';
  const page = await sitDown('editor', '/batches');
  await createBatch(page, /^Re-rate/, 'Cloud once');
  const builder = page.getByRole('dialog', { name: 'Add events' });
  const addEvents = page.getByRole('button', { name: 'Add events', exact: true });
  await addEvents.click();
  await builder.getByLabel('Value').fill(from);
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Currency' });
  await builder.getByLabel('Value').nth(1).fill('KWD');
  await builder.getByLabel('Name of the rule').fill('Cloud in dinars');
  await builder.getByRole('button', { name: /^Add [1-9]/ }).click();
  await expectAllSaved(page);
  // Taken out again, so that another batch may have them.
  await page.getByRole('button', { name: 'Remove events', exact: true }).click();
  const removal = page.getByRole('dialog', { name: 'Remove events' });
  await removal.getByLabel('All events of the batch').check();
  await removal.getByRole('button', { name: /^Remove [1-9]/ }).click();
  await expectAllSaved(page);
  await new EventGrid(page).expectRows(0);

  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  const number = await createBatch(page, /^Re-rate/, 'Cloud again');
  const other = await records.makeBatch('ELSEWHERE', 'ORA_RERATE');
  await addEvents.click();
  await builder.getByLabel('Use a saved rule').selectOption({ label: 'Cloud in dinars – ' + (await savedIn(page)) });
  await expect(builder.getByLabel('Value').nth(1)).toHaveValue('KWD');
  const expected = await records.eventsOf(from, "EventStatus = 'ORA_PROCESSED' and CurrencyCode = 'KWD'");
  await expect(builder.getByTestId('allowed')).toHaveText(`${expected.length} events will be added`);
  // Meanwhile somebody takes one of them.
  const [taken] = expected;
  await records.addEvents(other, `EventNumber = '${taken.EventNumber}'`);
  await builder.getByRole('button', { name: `Add ${expected.length} events` }).click();
  const promise = page.getByRole('log', { name: 'Notices' });
  await expect(promise).toContainText(`${expected.length} events were expected, ${expected.length - 1} added.`);
  await expect(promise).toContainText(`Not added: ${taken.EventNumber}.`);
  expect((await records.eventsOf(number)).length).toBe(expected.length - 1);
  await promise.getByRole('button', { name: 'Close this notice' }).click();
  await expect(promise.locator('.notice-line')).toHaveCount(0);
});

test('events that could not be priced again are told in the result, with the reason and the way to them', async ({ sitDown, records }) => {
  const q = `BatchNumber = '${FROM}' and EventStatus = 'ORA_PROCESSED' and CurrencyCode is null`;
  const without = await records.eventsOf(FROM, q);
  const number = await records.makeBatch('WITHOUT-CURRENCY', 'ORA_RERATE');
  await records.addEvents(number, q);
  const page = await sitDown('editor', `/batches/${number}`);
  await step(page, 'Lock for review');
  await expectAt(page, 'Locked for review');
  await step(page, 'Submit');
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED_ERRORS');
  await new BatchPage(page).part('Result').click();
  const told = page.getByRole('region', { name: 'Totals per currency' }).getByText('could not be priced and keep their earlier amounts');
  await expect(told).toContainText(`${without.length} event`);
  await page.locator('.result-failed').getByRole('link', { name: 'View events' }).click();
  await new EventGrid(page).expectRows(without.length);
});

/** The batch that the saved rule came with, as the list names it. */
async function savedIn(page: Page): Promise<string> {
  const option = page.getByLabel('Use a saved rule').locator('option', { hasText: 'Cloud in dinars' });
  await expect(option).toHaveCount(1);
  return ((await option.textContent()) ?? '').split(' – ')[1];
}

test('name and description of a batch are edited like any field', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches/UB-2026-11-API');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit the batch' });
  const name = dialog.getByLabel('Name');
  await name.fill('November partner API, corrected');
  await name.press('Enter');
  await expectAllSaved(page);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { name: 'November partner API, corrected' })).toBeVisible();
  expect((await records.batch('UB-2026-11-API')).BatchName).toBe('November partner API, corrected');
});

test('a rule that is being typed stays when the batch is read again', async ({ sitDown, records, faults }) => {
  const batch = 'UB-2026-11-API';
  const [event] = await records.eventsInError(batch);
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  await expect(await grid.cell(event.EventNumber, 'Service')).toBeVisible();
  // The batch is read again when the change is settled, while the rule is open.
  await faults.set({ method: 'PATCH', times: 1, kind: { delay_ms: 3000 } });
  await grid.correct(event.EventNumber, 'Service', '+49 slow');
  await faults.applied();
  await page.getByRole('button', { name: 'Remove events', exact: true }).click();
  const removal = page.getByRole('dialog', { name: 'Remove events' });
  await expect(removal.getByTestId('what-becomes')).toContainText('Removed events are deleted with their charges and messages');
  const value = removal.getByLabel('Value');
  await value.fill('half a ru');
  await page.waitForResponse((answer) => answer.url().endsWith(`subscriptionUsageEventBatches/${batch}`));
  await expect(value).toHaveValue('half a ru');
  await expect(value).toBeFocused();
});

for (const [kind, currency] of [['cut_before', 'GBP'], ['cut_after', 'USD']] as const) {
  test(`create, add, lock and submit are done once each although every answer is ${kind.replace('_', ' ')} the server did it`, async ({ sitDown, records, faults }) => {
    const page = await sitDown('editor', '/batches');
    const retryIfNotDone = async (title: string) => {
      if (kind === 'cut_after') return;
      // Proven not done after the time in which it could still have landed; sent again by the person.
      await page.getByRole('link', { name: 'Changes', exact: true }).click();
      const row = page.getByRole('grid', { name: 'Changes' }).getByRole('row').filter({ hasText: title }).filter({ hasText: 'Refused' });
      await expect(row).toBeVisible({ timeout: 60_000 });
      await row.getByRole('gridcell').first().click();
      await page.getByRole('button', { name: 'Try again' }).click();
      await expectAllSaved(page);
    };
    const cut = (path: string) => faults.set({ method: 'POST', path, times: 1, kind });

    await cut('subscriptionUsageEventBatches');
    await page.getByRole('button', { name: 'New batch' }).click();
    const dialog = page.getByRole('dialog', { name: 'New batch' });
    await dialog.getByRole('radio', { name: /^Re-rate/ }).check();
    const number = await dialog.getByLabel('Number').inputValue();
    await dialog.getByRole('button', { name: 'Create batch' }).click();
    if (kind === 'cut_before') {
      await expect(dialog.getByRole('alert')).toContainText('A reading proved that it was not done', { timeout: 60_000 });
      await dialog.getByRole('button', { name: 'Create batch' }).click();
    }
    await expect(page.getByRole('heading', { name: number, exact: true })).toBeVisible({ timeout: 60_000 });

    const expected = await records.eventsOf(FROM, `EventStatus = 'ORA_PROCESSED' and CurrencyCode = '${currency}'`);
    await cut('/action/addEvents');
    await page.getByRole('button', { name: 'Add events', exact: true }).click();
    const builder = page.getByRole('dialog', { name: 'Add events' });
    await builder.getByLabel('Value').fill(FROM);
    await builder.getByRole('button', { name: 'Add condition' }).click();
    await builder.getByLabel('Field').nth(1).selectOption({ label: 'Currency' });
    await builder.getByLabel('Value').nth(1).fill(currency);
    await builder.getByRole('button', { name: `Add ${expected.length} events` }).click();
    await retryIfNotDone('Add events');
    await expectAllSaved(page);
    expect((await records.eventsOf(number)).length).toBe(expected.length);

    await page.goto(`/batches/${number}`);
    await page.getByRole('button', { name: /^editor / }).click();
    for (const [title, action] of [['Lock for review', 'lockForReview'], ['Submit', 'submit']]) {
      await cut(`/action/${action}`);
      await step(page, title);
      await retryIfNotDone(title);
      await expectAllSaved(page);
      if (kind === 'cut_before') await page.goBack();
    }
    await expectAt(page, 'Completed');
    expect((await records.eventsOf(number)).length).toBe(expected.length);
    expect((await records.batches()).filter((batch) => batch.BatchNumber === number).length).toBe(1);
  });
}
