import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

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
