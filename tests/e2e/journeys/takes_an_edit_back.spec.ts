import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { type ServerRecord, type ServerRecords, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'takes an edit back', events: 2000 } });

test('an edit that the server holds is taken back by a further edit, and done again', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await grid.correct(event.EventNumber, 'Service', '+49 170 1');
  await expectAllSaved(page);
  const cell = await grid.cell(event.EventNumber, 'Service');

  await page.keyboard.press('Control+z');
  await expect(cell).toHaveText(event.ServiceId);
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);

  await page.keyboard.press('Control+y');
  await expect(cell).toHaveText('+49 170 1');
  await expectAllSaved(page);
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe('+49 170 1');
  expect(writesSeen(after)).toBe(writesSeen(event) + 3);
});

test('an edit is not taken back over what someone else made of the field since', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await grid.correct(event.EventNumber, 'Service', '+49 170 2');
  await expectAllSaved(page);
  expect((await records.write(event.EventNumber, { ServiceId: '+49 170 theirs' })).ok).toBe(true);

  // The console learns of it by the refusal of the undo, not before.
  await page.keyboard.press('Control+z');
  await expect(await grid.cell(event.EventNumber, 'Service')).toHaveAccessibleDescription('Someone else changed this too');
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 170 theirs');
});

test('a correction of several events of which it cannot be read whether they were processed is not undone, and said not to be', async ({ sitDown, records, faults, watch }) => {
  const events = (await records.eventsInError(BATCH)).slice(2, 5);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  for (const event of events) await (await grid.cell(event.EventNumber, 'Status')).click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  const correction = new BulkCorrection(page);
  await correction.dialog.getByLabel('Field to change').selectOption({ label: 'Service' });
  await correction.dialog.getByLabel('New value').fill('+49 of three');
  expect(await correction.willChange()).toBe(3);
  await correction.correct();
  await correction.close();
  await expectAllSaved(page);
  const held = watch.writes.length;

  const notices = page.getByRole('log', { name: 'Notices' });
  await faults.set({ method: 'GET', path: 'fields=EventNumber,EventStatus', kind: { refuse: { status: 400 } } });
  await grid.root.focus();
  await page.keyboard.press('Control+z');
  await expect(notices.getByText('Nothing was undone: it could not be read whether the events have been processed since.')).toBeVisible();
  await expectAllSaved(page);
  await expect(notices.getByText(/undone:/)).toHaveCount(1);
  expect(watch.writes.length).toBe(held);
  for (const event of events) expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 of three');

  // It is still the last change, and can be undone once the reading goes through.
  await faults.clear();
  await page.keyboard.press('Control+z');
  await expect(notices.getByText('3 changes undone: 3 changed back by a further edit.')).toBeVisible();
  await expectAllSaved(page);
  for (const event of events) expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
});

/** Three events that follow each other in the list, with the quantities 1, 2 and 3. */
async function threeOf(records: ServerRecords, first: number): Promise<ServerRecord[]> {
  const events = (await records.eventsInError(BATCH)).slice(first, first + 3);
  for (const [at, event] of events.entries()) {
    expect((await records.write(event.EventNumber, { UsageQuantity: at + 1 })).ok).toBe(true);
  }
  return Promise.all(events.map((event) => records.event(event.EventNumber)));
}

async function quantities(records: ServerRecords, events: ServerRecord[]): Promise<string[]> {
  return (await Promise.all(events.map((event) => records.event(event.EventNumber)))).map((event) => event.UsageQuantity);
}

test('undo and redo mean the event that was corrected, wherever an order or a filter has put it', async ({ sitDown, records }) => {
  const three = await threeOf(records, 6);
  const [a, b, c] = three;
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const notices = page.getByRole('log', { name: 'Notices' });
  await grid.correct(b.EventNumber, 'Quantity', '20');
  await expectAllSaved(page);
  await grid.head('Quantity').click();
  await grid.head('Quantity').click();
  await expect(grid.head('Quantity')).toHaveAttribute('aria-sort', 'descending');
  await page.keyboard.press('Control+z');
  await expect(notices.getByText(`Quantity of ${b.EventNumber}: 20 to 2 undone.`)).toBeVisible();
  await expectAllSaved(page);
  expect(await quantities(records, three)).toEqual(['1', '2', '3']);

  // Hidden by what is looked for, it is the event that is done again, and undone.
  await page.getByRole('searchbox', { name: 'Find events' }).fill(a.EventNumber);
  await grid.expectRows(1);
  await grid.root.focus();
  await page.keyboard.press('Control+y');
  await expect(notices.getByText(`Quantity of ${b.EventNumber}: 2 to 20 done again.`)).toBeVisible();
  await expectAllSaved(page);
  expect(await quantities(records, three)).toEqual(['1', '20', '3']);
  await page.keyboard.press('Control+z');
  await expect.poll(() => quantities(records, three)).toEqual(['1', '2', '3']);
  await expectAllSaved(page);
  for (const event of [a, c]) expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event));
});

test('three pasted cells are undone and done again in another order of the list', async ({ sitDown, records }) => {
  const three = await threeOf(records, 9);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const grid = new EventGrid(page);
  await page.evaluate(() => navigator.clipboard.writeText('70\n60\n50\n'));
  await (await grid.cell(three[0].EventNumber, 'Quantity')).click();
  await page.keyboard.press('ControlOrMeta+V');
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await dialog.getByRole('button', { name: 'Correct 3 events', exact: true }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('3 of 3 corrected');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expectAllSaved(page);
  expect(await quantities(records, three)).toEqual(['70', '60', '50']);
  await grid.head('Quantity').click();
  await expect(grid.head('Quantity')).toHaveAttribute('aria-sort', 'ascending');
  for (const [keys, expected] of [['Control+z', ['1', '2', '3']], ['Control+y', ['70', '60', '50']], ['Control+z', ['1', '2', '3']]] as const) {
    await page.keyboard.press(keys);
    await expect.poll(() => quantities(records, three)).toEqual(expected);
    await expectAllSaved(page);
  }
});

test('Ctrl+Z in the search box and in a cell that is edited takes back what was typed there, and no correction', async ({ sitDown, records }) => {
  const [event] = await threeOf(records, 12);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await grid.correct(event.EventNumber, 'Quantity', '20');
  await expectAllSaved(page);
  const box = page.getByRole('searchbox', { name: 'Find events' });
  await box.focus();
  await page.keyboard.type('abc');
  await expect(box).toHaveValue('abc');
  await page.keyboard.press('Control+z');
  await expect(box).toHaveValue('');
  await expect(grid.row(event.EventNumber)).toBeVisible();
  const editor = await grid.openEditor(event.EventNumber, 'Quantity');
  await page.keyboard.type('7');
  await page.keyboard.press('Control+z');
  await expect(editor).toHaveValue('20');
  await page.keyboard.press('Escape');
  await expectAllSaved(page);
  expect(await quantities(records, [event])).toEqual(['20']);
  expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event) + 1);
});
