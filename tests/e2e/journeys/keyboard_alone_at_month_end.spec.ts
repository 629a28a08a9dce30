// The month's work without a mouse: errors by cause are corrected, the batch is submitted and its result
// read; an event is reversed from its drawer; and what was processed since is not undone but reversed.
import { BatchPage } from '../person/batch_page';
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { pressEnterOn, tabTo } from '../person/tab_to';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'keyboard alone at month end', events: 2000 } });
test.describe.configure({ timeout: 180_000 });

test('errors are corrected by cause, the batch is submitted and its result read, by keyboard alone', async ({ sitDown, records }) => {
  const number = 'UB-2026-10-NRG';
  const errors = await records.eventsInError(number);
  const page = await sitDown('editor', `/batches/${number}`);
  await pressEnterOn(page, 'link', /^Errors/);
  await expect(page.getByTestId('in-error')).toContainText(`${errors.length} event`);
  await tabTo(page, 'button', /^Fix all [\d,]+…$/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  for (;;) {
    await expect(dialog.getByTestId('will-change')).toBeVisible();
    // Where a value is at fault it is left to the person: here only the status is set again.
    while ((await dialog.getByTestId('change').count()) > 1) await pressEnterOn(page, 'button', 'Leave this field');
    await pressEnterOn(page, 'button', /^Correct [1-9]/);
    await expect(dialog.getByTestId('corrected')).toHaveText(/^(\d+) of \1 corrected$/);
    if ((await dialog.getByRole('button', { name: /^Next: / }).count()) === 0) break;
    await pressEnterOn(page, 'button', /^Next: /);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByText('No event is in error')).toBeVisible();
  await expectAllSaved(page);

  await expect(page.getByRole('button', { name: 'Submit', exact: true })).toBeEnabled();
  await pressEnterOn(page, 'button', 'Submit');
  const submit = page.getByRole('dialog', { name: 'Submit' });
  await expect(submit).toBeVisible();
  await tabTo(page, 'button', 'Submit');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toMatch(/^ORA_COMPLETED/);
  await pressEnterOn(page, 'link', 'Result');
  await expect(page.getByTestId('moved')).toBeVisible();
});

test('an event is reversed from its drawer by keyboard alone', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf('UB-2026-08-CLD', "EventStatus = 'ORA_PROCESSED'", 1);
  const page = await sitDown('editor', `/events/${event.EventNumber}`);
  await new EventDrawer(page, event.EventNumber).expectOpen();
  await tabTo(page, 'button', 'Reverse…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('1 event will be reversed');
  await tabTo(page, 'textbox', 'Reason (required)');
  await page.keyboard.type('Reported twice');
  await pressEnterOn(page, 'button', 'Reverse 1 event');
  await expect(dialog.getByTestId('reversed')).toHaveText('1 of 1 reversal made');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await records.event(event.EventNumber)).ReverseFlag).toBe(false);
});

test('a change whose event was processed since is not undone: the reversal is proposed, or why not', async ({ sitDown, records }) => {
  const number = 'UB-2026-11-API';
  const [event] = await records.eventsOf(number, "EventStatus = 'ORA_DRAFT' and CurrencyCode = 'EUR'", 1);
  const page = await sitDown('editor', `/batches/${number}`);
  const batch = new BatchPage(page);
  const grid = new EventGrid(page);
  await tabTo(page, 'searchbox', 'Find events');
  await page.keyboard.type(event.EventNumber);
  await grid.expectRows(1);
  await tabTo(page, 'grid', 'Usage events');
  const column = Number(await grid.columnIndex('Service'));
  for (let steps = 1; steps < column; steps += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('client-00001/v2/orders');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  for (const [step, state] of [['Lock for review', 'Locked for review'], ['Submit', /^(In process|Completed)/]] as const) {
    await pressEnterOn(page, 'button', step);
    await expect(page.getByRole('dialog', { name: step })).toBeVisible();
    await pressEnterOn(page, 'button', step);
    await batch.expectAt(state);
  }
  await expect.poll(async () => (await records.event(event.EventNumber)).EventStatus, { timeout: 60_000 }).toBe('ORA_PROCESSED');
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toMatch(/^ORA_COMPLETED/);
  // The last things done are told first: an action has no undo.
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByText('What you changed has been processed since.')).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('1 event will be reversed');
  await page.keyboard.press('Escape');
  expect((await records.event(event.EventNumber)).ServiceId).toBe('client-00001/v2/orders');
});

test('a re-rating batch is made, filled by a rule, locked and submitted by keyboard alone', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches');
  await pressEnterOn(page, 'button', 'New batch');
  const form = page.getByRole('dialog', { name: 'New batch' });
  await tabTo(page, 'radio', /^Usage rating/);
  while (!(await form.getByRole('radio', { name: /^Re-rate/ }).isChecked())) await page.keyboard.press('ArrowDown');
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.type('By keyboard');
  const number = await form.getByLabel('Number').inputValue();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'By keyboard', exact: true })).toBeVisible();

  await pressEnterOn(page, 'button', 'Add events');
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await tabTo(page, 'combobox', 'Value');
  await page.keyboard.type('UB-2026-09-NRG');
  await expect(builder.getByTestId('allowed')).toHaveText(/^[1-9]\d* events will be added$/);
  await pressEnterOn(page, 'button', /^Add [1-9]\d* events$/);
  await expectAllSaved(page);
  await expect(page.getByRole('log', { name: 'Notices' }).getByText('events added.')).toBeVisible();
  for (const step of ['Lock for review', 'Submit']) {
    // A step is offered once the one before is known to be done.
    await expect(page.getByRole('button', { name: step, exact: true })).toBeEnabled();
    await pressEnterOn(page, 'button', step);
    await expect(page.getByRole('dialog', { name: step })).toBeVisible();
    await pressEnterOn(page, 'button', step);
    await expect(page.getByRole('dialog', { name: step })).toBeHidden();
    await expectAllSaved(page);
  }
  await expect.poll(async () => (await records.batch(number)).BatchStatus, { timeout: 60_000 }).toMatch(/^ORA_COMPLETED/);
});
