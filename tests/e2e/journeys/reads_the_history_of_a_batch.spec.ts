import { BatchPage, createBatch } from '../person/batch_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { pressEnterOn, tabTo } from '../person/tab_to';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';
const OTHER = 'UB-2026-11-API';

test.use({ stock: { journey: 'reads the history of a batch', events: 2000 } });

test('another person reads who changed what, when, from what to what', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const begun = Date.now();
  const hers = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(hers, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('Quantity', '77.5');
  await expect(drawer.box('UsageQuantity').getByRole('status')).toHaveText('Saved');
  await drawer.correct('Service', '+49 151 42');
  await expectAllSaved(hers);

  const his = await sitDown('viewer', `/batches/${BATCH}`);
  await his.getByRole('navigation', { name: 'Parts of the batch' }).getByRole('link', { name: 'History' }).click();
  await expect(his).toHaveURL(`/batches/${BATCH}/history`);
  const steps = his.locator('.timeline > li');
  await expect(steps.filter({ hasText: `Service: ${event.ServiceId} \u2192 +49 151 42` })).toContainText(`Event ${event.EventNumber}`);
  await expect(steps.filter({ hasText: `Quantity: ${event.UsageQuantity} \u2192 77.5` })).toContainText('Edith Okafor');
  await his.getByRole('link', { name: 'All changed values' }).first().click();
  await expect(his).toHaveURL(`/batches/${BATCH}/history?changes=all`);
  const history = his.getByRole('grid', { name: 'Changed values of the batch' });
  await expect(his.getByLabel('Totals', { exact: true })).toContainText('2 changes');
  const cells = (place: number) => history.locator(`[role=row][aria-rowindex="${place + 1}"]`).getByRole('gridcell');
  const [time, who, record] = [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'Edith Okafor', `Event ${event.EventNumber}`];
  await expect(cells(1)).toHaveText([time, who, record, 'Service', event.ServiceId, '+49 151 42']);
  await expect(cells(2)).toHaveText([time, who, record, 'Quantity', event.UsageQuantity, '77.5']);
  const at = Date.parse(`${(await cells(2).first().textContent())?.replace(' ', 'T')}Z`);
  expect(Math.abs(at - begun)).toBeLessThan(120_000);

  // What is changed from now on comes with the next reading.
  await drawer.correct('Quantity', '78');
  await expectAllSaved(hers);
  await his.getByRole('button', { name: 'Refresh' }).click();
  await expect(cells(1)).toHaveText([time, who, record, 'Quantity', '77.5', '78']);

  await cells(1).first().dblclick();
  await new EventDrawer(his, event.EventNumber).expectOpen();
});

test('a batch in which nothing was changed says so', async ({ sitDown }) => {
  const page = await sitDown('viewer', `/batches/${OTHER}/history?changes=all`);
  await expect(page.getByRole('heading', { name: 'No changed values' })).toBeVisible();
  await expect(page.getByLabel('Totals', { exact: true })).toContainText('0 changes');
});

test('a system without a history says so', async ({ sitDown, faults }) => {
  const refuse = { refuse: { status: 404 } };
  await faults.set({ path: 'changeHistory', kind: refuse }, { path: 'changeSteps', kind: refuse });
  const page = await sitDown('viewer', `/batches/${OTHER}/history`);
  await expect(page.getByText('This system keeps no list of changes. Only what the batch itself records is shown.')).toBeVisible();
  await expect(page.locator('.timeline > li')).toContainText(['Created']);
  await page.getByRole('link', { name: 'All changed values' }).click();
  await expect(page.getByRole('heading', { name: 'This system keeps no list of changes' })).toBeVisible();
});

test('a batch tells its own steps, and a reversal its reason', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf('UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED' and CurrencyCode is not null", 1);
  const page = await sitDown('editor', `/batches/UB-2026-08-TEL?find=${event.EventNumber}`);
  await (await new EventGrid(page).cell(event.EventNumber, 'Status')).click();
  await page.getByRole('button', { name: `Reverse ${event.EventNumber}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await dialog.getByLabel('Reason').fill('Reported twice, ticket 12');
  const number = await dialog.getByLabel('Number').inputValue();
  await dialog.getByRole('button', { name: 'Reverse 1 event' }).click();
  await dialog.getByRole('link', { name: 'Open the reversal batch' }).click();
  const batch = new BatchPage(page);
  for (const step of ['Lock for review', 'Submit']) await batch.step(step);
  await batch.expectAt('Completed');
  await batch.part('History').click();
  const steps = page.locator('.timeline > li');
  await expect(steps.last()).toContainText(/Created.*Reason: Reported twice, ticket 12/);
  await expect(steps.filter({ hasText: 'Status: Draft \u2192 Locked' })).toContainText('Edith Okafor');
  await expect(steps.filter({ hasText: 'Events rated' })).toContainText('Now: 1 of 1 processed');
  await expect(steps.filter({ hasText: `A reversal of event ${event.EventNumber} of UB-2026-08-TEL was added` })).toBeVisible();
  // An event that is named by another's identifier is shown by its number.
  const [reversal] = await records.eventsOf(number);
  const his = await sitDown('viewer', '/batches/UB-2026-08-TEL/history?changes=all');
  const related = his.getByRole('row').filter({ hasText: 'Related event' }).first();
  await expect(related).toContainText(reversal.EventNumber);
  await expect(related).not.toContainText(reversal.EventId);
});

test('an event tells its own life, from its making on', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const hers = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(hers, event.EventNumber);
  await drawer.expectOpen();
  const timeline = drawer.root.locator('.timeline > li');
  await drawer.root.locator('summary', { hasText: 'Timeline' }).click();
  await expect(timeline.last()).toContainText('Created');
  await expect(timeline.last()).toContainText(event.CreatedBy);
  await expect(timeline.first()).toContainText(/Rating failed: \S+/);
  const before = await timeline.count();
  await drawer.correct('Service', '+49 151 43');
  await expectAllSaved(hers);
  await expect(timeline).toHaveCount(before + 1);
  await expect(timeline.first()).toContainText(`Service: ${event.ServiceId} \u2192 +49 151 43`);
  await expect(timeline.first()).toContainText('Edith Okafor');
});

test('an event that was mended and rated again tells why it had failed', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "Error = 'OSS_CURRENCY_NOT_ACTIVE'", 1);
  await records.write(event.EventNumber, { CurrencyCode: 'EUR', EventStatus: 'ORA_READY' });
  await records.take(BATCH, 'submit');
  await expect.poll(async () => (await records.event(event.EventNumber)).EventStatus, { timeout: 60_000 }).toBe('ORA_PROCESSED');
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.root.locator('summary', { hasText: 'Timeline' }).click();
  await expect(drawer.root.locator('.timeline > li')).toContainText([
    /Error: .+ \u2192 \(empty\)Status: In process \u2192 Processed/,
    'Status: Ready for processing \u2192 In process',
    'Status: Error \u2192 Ready for processing',
    'Created',
  ]);
});

test('a rule is told in its own words', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  await createBatch(page, /^Re-rate/, 'Voice again');
  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Value').fill('UB-2026-08-TEL');
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Event type' });
  await builder.getByLabel('Value').nth(1).fill('ORA_VOICE_DATA');
  await builder.getByRole('button', { name: /^Add \d+ events$/ }).click();
  await expectAllSaved(page);
  const words = 'Include: Batch is UB-2026-08-TEL and Event type is Voice and data';
  await page.getByRole('link', { name: 'Changes', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Rule: Include' }).first()).toContainText(words);
});

test('where no changes are kept, an event tells what its record says', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[2];
  await faults.set({ path: 'changeHistory', kind: { refuse: { status: 404 } } });
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.root.locator('summary', { hasText: 'Timeline' }).click();
  await expect(drawer.root.getByText('This system keeps no list of changes')).toBeVisible();
  await expect(drawer.root.locator('.timeline > li')).toContainText(['Last changed', 'Created']);
});

test('a batch tells by keys alone which events left it and came back, and each way leads there and back', async ({ sitDown, records }) => {
  const FROM = 'UB-2026-09-NRG';
  const [first, second, third] = await records.eventsOf(FROM, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true", 3);
  await records.makeBatch('RR-HISTORY', 'ORA_RERATE');
  await records.addEvents('RR-HISTORY', `EventNumber in ('${first.EventNumber}','${second.EventNumber}')`);
  await records.makeBatch('RV-HISTORY', 'ORA_REVERSE_REPLACE');
  await records.addEvents('RV-HISTORY', `EventNumber = '${third.EventNumber}'`);
  const page = await sitDown('viewer', `/batches/${FROM}`);
  await expect(page.getByRole('heading', { level: 1, name: 'September charge points' })).toBeVisible();
  await tabTo(page, 'link', /^History/, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const steps = page.locator('.timeline > li');
  const went = steps.filter({ hasText: '2 events went to RR-HISTORY for re-rating' });
  await expect(went).toContainText('Ada Moreau');
  await expect(went).toContainText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  await expect(steps.filter({ hasText: `A reversal of event ${third.EventNumber} was added to RV-HISTORY` })).toBeVisible();

  // The other batch, and back to where one stood.
  await tabTo(page, 'link', 'RR-HISTORY');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/batches\/RR-HISTORY$/);
  await page.goBack();
  await expect(went.getByRole('link', { name: 'RR-HISTORY' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'RR-HISTORY' })).toBeVisible();
  await pressEnterOn(page, 'link', /^History/);
  await expect(steps.filter({ hasText: `2 events came from ${FROM} for re-rating` })).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/batches/${FROM}/history$`));

  // A changed value by itself: its event opens, and closing it leads back to the row.
  await tabTo(page, 'link', 'All changed values', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await tabTo(page, 'grid', 'Changed values of the batch');
  const grid = page.getByRole('grid', { name: 'Changed values of the batch' });
  await expect(grid.getByRole('row').filter({ hasText: /Event \S+/ }).nth(1)).toBeVisible();
  await expect(grid).toHaveAttribute('aria-activedescendant', /.+/);
  const stood = await grid.getAttribute('aria-activedescendant');
  await page.keyboard.press('ArrowDown');
  await expect(grid).not.toHaveAttribute('aria-activedescendant', stood!);
  const at = await grid.getAttribute('aria-activedescendant');
  const row = grid.getByRole('row').filter({ has: page.locator(`[id="${at}"]`) });
  await expect(row).toContainText(/Event \S+/);
  const number = /Event (\S+)/.exec(await row.getByRole('gridcell').nth(2).innerText())![1];
  const place = await row.getAttribute('aria-rowindex');
  await page.keyboard.press('Enter');
  await new EventDrawer(page, number).expectOpen();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/batches/${FROM}/history\\?changes=all$`));
  await expect(grid).toBeFocused();
  const again = grid.getByRole('row').filter({ has: page.locator('.is-active') });
  await expect(again).toContainText(`Event ${number}`);
  await expect(again).toHaveAttribute('aria-rowindex', place!);

  // What is taken out again has come back.
  await records.deleteEvents('RR-HISTORY');
  await page.goto(`/batches/${FROM}/history`);
  await signIn(page, 'viewer');
  await expect(steps.filter({ hasText: '2 events came back from RR-HISTORY' })).toBeVisible();
  await page.goto('/batches/RR-HISTORY/history');
  await signIn(page, 'viewer');
  await expect(steps.filter({ hasText: `2 events went back to ${FROM}` })).toBeVisible();
});

// Takes every event that can be taken, so it stands last.
test('a step is told whole, however many events it changed, and older steps are a press away', async ({ sitDown, records }) => {
  const batch = await records.makeBatch('RR-WHOLE', 'ORA_RERATE');
  await records.addEvents(batch, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true");
  for (const action of ['lockForReview', 'submit']) await records.take(batch, action);
  await expect.poll(async () => (await records.batch(batch)).BatchStatus, { timeout: 60_000 }).toMatch(/^ORA_COMPLETED/);
  const count = Number((await records.batch(batch)).CountOfUsageEvents);
  expect(count).toBeGreaterThan(999);
  const page = await sitDown('viewer', `/batches/${batch}/history`);
  const steps = page.locator('.timeline > li');
  const number = count.toLocaleString('en-US');
  // The newest first: rated by the job, handed to it by who submitted the batch.
  await expect(steps.filter({ hasText: `${number} events changed` })).toContainText([
    `Status: In process \u2192 Processed, ${number} times`,
    `Status: Processed \u2192 In process, ${number} times`,
  ]);
  await expect(page.getByRole('button', { name: 'Older' })).toBeHidden();

  for (let at = 0; at < 101; at += 1) await records.rename(batch, `Name ${at}`);
  await page.reload();
  await signIn(page, 'viewer');
  await expect(steps.first()).toContainText('Name 99 \u2192 Name 100');
  await expect(steps.filter({ hasText: `${number} events changed` })).toHaveCount(0);
  await expect(steps.filter({ hasText: 'Created through' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Older' }).click();
  await expect(steps.filter({ hasText: `${number} events changed` })).toHaveCount(2);
  await expect(steps.last()).toContainText('Created');
  await expect(page.getByRole('button', { name: 'Older' })).toBeHidden();
});
