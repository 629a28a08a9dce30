// Rows from a spreadsheet are pasted into the list: what each of them changes stands there before anything is
// sent, what cannot be read is left out with its reason, and comes back by a file.
import { readFile } from 'node:fs/promises';
import { type Locator, type Page, expect } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { test } from '../stand/desk_test';
import { type ServerRecord, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const IN_ERROR = `/batches/${BATCH}?status=ORA_ERROR`;
/** Another one, for journeys that prepare what they paste over. */
const PREPARED = 'UB-2026-10-CLD';
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

test.use({ stock: { journey: 'pastes rows', events: 4000 } });

/** Puts a text on the clipboard and pastes it at a cell. */
async function paste(page: Page, cell: Locator, text: string): Promise<Locator> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await cell.click();
  return pasteHere(page);
}

async function pasteHere(page: Page): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+V');
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await expect(dialog).toBeVisible();
  return dialog;
}

async function correct(page: Page, dialog: Locator, events: string): Promise<void> {
  await dialog.getByRole('button', { name: `Correct ${events}`, exact: true }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText(new RegExp(`^${events.split(' ')[0]} of ${events.split(' ')[0]} corrected$`));
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expectAllSaved(page);
}

const quantity = (event: ServerRecord) => event.UsageQuantity;

test('rows are meant for the events in sight by the filter, and one press takes all of it back', async ({ sitDown, records, watch }) => {
  const wrong = await records.eventsInError(BATCH);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await expect(grid.row(wrong[1].EventNumber)).toBeVisible();
  const rows = ['12.5\tGB', 'abc\tGB', '\t', '7\tGB'];
  const dialog = await paste(page, await grid.cell(wrong[1].EventNumber, 'Quantity'), `${rows.join('\r\n')}\r\n`);
  await expect(dialog.getByTestId('pasted')).toHaveText('4 rows: Quantity, Unit');
  await expect(dialog.getByTestId('will-change')).toHaveText('2 events will change');
  await expect(dialog.getByText('1 excluded: Quantity is not a number')).toContainText(wrong[2].EventNumber);
  await expect(dialog.getByText('1 holds these values already')).toBeVisible();
  const table = dialog.getByRole('region', { name: 'Before and after' });
  await expect(table.getByRole('row').nth(1)).toContainText(wrong[1].EventNumber);
  await expect(table.getByRole('row').nth(1)).toContainText('12.5');
  expect(watch.writes).toEqual([]);
  await correct(page, dialog, '2 events');
  const after = await Promise.all(wrong.slice(0, 6).map((event) => records.event(event.EventNumber)));
  const before = wrong.slice(0, 6).map(quantity);
  expect(after.map(quantity)).toEqual([before[0], '12.5', before[2], before[3], '7', before[5]]);
  expect([after[1], after[4]].map((event) => event.UsageUnitOfMeasure)).toEqual(['GB', 'GB']);

  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+Z');
  await expectAllSaved(page);
  await expect(async () => {
    const back = await Promise.all([wrong[1], wrong[4]].map((event) => records.event(event.EventNumber)));
    expect(back.map(quantity)).toEqual([wrong[1], wrong[4]].map(quantity));
    expect(back.map((event) => event.UsageUnitOfMeasure)).toEqual([wrong[1], wrong[4]].map((event) => event.UsageUnitOfMeasure));
  }).toPass();
});

test('rows that leave the filter by what is pasted are written all the same, and those that it hides are not', async ({ sitDown, records, watch }) => {
  const six = (await records.eventsInError(PREPARED)).slice(0, 6);
  for (const [at, event] of six.entries()) {
    const fields = { UsageQuantity: at + 1, ServiceId: at === 2 || at === 4 ? 'hidden' : 'six in a row' };
    expect((await records.write(event.EventNumber, fields)).ok).toBe(true);
  }
  const before = await Promise.all(six.map((event) => records.event(event.EventNumber)));
  const page = await sitDown('editor', `/batches/${PREPARED}?status=ORA_ERROR&ServiceId=contains.six%20in&UsageQuantity=to.50`, CLIPBOARD);
  const grid = new EventGrid(page);
  await grid.expectRows(4);
  const first = await grid.cell(six[0].EventNumber, 'Quantity');
  await first.click();
  for (let row = 1; row < 4; row += 1) await page.keyboard.press('Shift+ArrowDown');
  // Delete opens the active cell; it empties no range.
  await page.keyboard.press('Delete');
  await expect(grid.editor('Quantity')).toHaveValue('');
  await page.keyboard.press('Escape');
  expect(watch.writes).toEqual([]);
  const dialog = await paste(page, first, '101\r\n102\r\n104\r\n106\r\n');
  await expect(dialog.getByTestId('will-change')).toHaveText('4 events will change');
  await correct(page, dialog, '4 events');
  const after = await Promise.all(six.map((event) => records.event(event.EventNumber)));
  expect(after.map(quantity)).toEqual(['101', '102', '3', '104', '5', '106']);
  for (const at of [2, 4]) expect(writesSeen(after[at])).toBe(writesSeen(before[at]));
  for (const at of [0, 1, 3, 5]) expect(writesSeen(after[at])).toBe(writesSeen(before[at]) + 1);
});

test('what is left out is saved as a file, corrected there, and pasted back by the numbers that it names', async ({ sitDown, records }) => {
  const wrong = await records.eventsInError(BATCH);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await expect(grid.row(wrong[6].EventNumber)).toBeVisible();
  const dialog = await paste(page, await grid.cell(wrong[6].EventNumber, 'Quantity'), '1.25\nn/a\n=1+1\n4\n');
  await expect(dialog.getByTestId('will-change')).toHaveText('2 events will change');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the 2 rows left out' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  const lines = file.replace('\ufeff', '').trimEnd().split('\r\n');
  expect(lines).toEqual([
    'EventNumber,UsageQuantity,Reason',
    `${wrong[7].EventNumber},n/a,"Quantity is not a number; write it like 1234.50."`,
    // No spreadsheet takes it for a formula.
    `${wrong[8].EventNumber},"'=1+1","Quantity is not a number; write it like 1234.50."`,
  ]);
  await correct(page, dialog, '2 events');

  // Corrected in a spreadsheet, in another order, and pasted anywhere.
  const corrected = [lines[0], `${wrong[8].EventNumber},3.75,`, `${wrong[7].EventNumber},2.5,`, 'NO-SUCH-EVENT,9,'];
  const again = await paste(page, await grid.cell(wrong[0].EventNumber, 'Service'), corrected.join('\n').replaceAll(',', '\t'));
  await expect(again.getByText('Each row is for the event whose number it names.')).toBeVisible();
  await expect(again).toContainText('NO-SUCH-EVENT');
  await expect(again.getByTestId('will-change')).toHaveText('2 events will change');
  await correct(page, again, '2 events');
  const after = await Promise.all(wrong.slice(6, 10).map((event) => records.event(event.EventNumber)));
  expect(after.map(quantity)).toEqual(['1.25', '2.5', '3.75', '4']);
  expect((await records.event(wrong[0].EventNumber)).ServiceId).toBe(wrong[0].ServiceId);
});

test('one value is for every cell of a range, and several begin at its first one, wherever the cursor is', async ({ sitDown, records }) => {
  const wrong = (await records.eventsInError(BATCH)).slice(19, 25);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await (await grid.cell(wrong[0].EventNumber, 'Quantity')).click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.evaluate(() => navigator.clipboard.writeText('8.25'));
  const one = await pasteHere(page);
  await expect(one.getByTestId('pasted')).toHaveText('3 rows: Quantity');
  await correct(page, one, '3 events');
  await grid.root.focus();
  await page.evaluate(() => navigator.clipboard.writeText('1.5\n2.5\n'));
  const two = await pasteHere(page);
  await correct(page, two, '2 events');
  const after = await Promise.all(wrong.slice(0, 4).map((event) => records.event(event.EventNumber)));
  expect(after.map(quantity)).toEqual(['1.5', '2.5', '8.25', quantity(wrong[3])]);
});

test('Ctrl+D gives the events below, in sight by the filter, the values of the first one', async ({ sitDown, records, watch }) => {
  const wrong = (await records.eventsInError(BATCH)).slice(25, 29);
  const page = await sitDown('editor', IN_ERROR);
  const grid = new EventGrid(page);
  const first = await grid.cell(wrong[0].EventNumber, 'Quantity');
  await first.click();
  await page.keyboard.press('ControlOrMeta+D');
  await expect(page.locator('.grid-hint')).toHaveText('Select the cell with the value, and those below it that are to get it.');
  await page.keyboard.press('Shift+ArrowRight');
  for (let row = 1; row < 3; row += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('ControlOrMeta+D');
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await expect(dialog.getByTestId('pasted')).toHaveText('2 rows: Quantity, Unit');
  await expect(dialog.getByTestId('will-change')).toHaveText('2 events will change');
  expect(watch.writes).toEqual([]);
  await correct(page, dialog, '2 events');
  const after = await Promise.all(wrong.map((event) => records.event(event.EventNumber)));
  expect(after.map(quantity)).toEqual([wrong[0], wrong[0], wrong[0], wrong[3]].map(quantity));
  expect(writesSeen(after[0])).toBe(writesSeen(wrong[0]));
});

test('rows that were copied here and ordered elsewhere go to their own events', async ({ sitDown, records }) => {
  const wrong = (await records.eventsInError(BATCH)).slice(10, 13);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  const rows = [wrong[2], wrong[0], wrong[1]].map((event, at) => `${event.EventNumber}\tError\t\t${at + 1}.5`);
  await page.evaluate((text) => navigator.clipboard.writeText(text), rows.join('\n'));
  // The event's number is a link: the keyboard stands on it, and opens nothing.
  await (await grid.cell(wrong[0].EventNumber, 'Quantity')).click();
  await page.keyboard.press('Home');
  const dialog = await pasteHere(page);
  await expect(dialog.getByTestId('pasted')).toHaveText('3 rows: Status, Quantity');
  await correct(page, dialog, '3 events');
  const after = await Promise.all(wrong.map((event) => records.event(event.EventNumber)));
  expect(after.map(quantity)).toEqual(['2.5', '3.5', '1.5']);
});

test('what is copied and pasted is what is in sight, from the top and from the left, however it was selected', async ({ sitDown, records }) => {
  const [one, other] = (await records.eventsInError(PREPARED)).slice(6, 8);
  for (const event of [one, other]) {
    const fields = { UsageQuantity: 1, CurrencyCode: 'EUR', UsageUnitOfMeasure: 'GB', ServiceId: `of ${event.EventNumber}` };
    expect((await records.write(event.EventNumber, fields)).ok).toBe(true);
  }
  // The unit is hidden between quantity and service, and the currency has been moved before them.
  const columns = 'columns=EventNumber,CurrencyCode,UsageQuantity,UsageUnitOfMeasure,ServiceId;UsageUnitOfMeasure';
  const page = await sitDown('editor', `/batches/${PREPARED}?status=ORA_ERROR&${columns}`, CLIPBOARD);
  const grid = new EventGrid(page);
  // From the last cell to the first one.
  await (await grid.cell(other.EventNumber, 'Service')).click();
  await page.keyboard.press('Shift+ArrowUp');
  for (let column = 0; column < 2; column += 1) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText('2 rows copied.', { exact: true })).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\r\n')).toEqual([one, other].map((event) => `EUR\t1\tof ${event.EventNumber}`));
  await page.keyboard.press('Escape');
  const dialog = await paste(page, await grid.cell(one.EventNumber, 'Currency'), 'EUR\t2.5\tfirst\r\nEUR\t3.5\tsecond\r\n');
  await expect(dialog.getByTestId('pasted')).toHaveText('2 rows: Currency, Quantity, Service');
  await correct(page, dialog, '2 events');
  const after = await Promise.all([one, other].map((event) => records.event(event.EventNumber)));
  expect(after.map((event) => [quantity(event), event.UsageUnitOfMeasure, event.ServiceId])).toEqual([['2.5', 'GB', 'first'], ['3.5', 'GB', 'second']]);
});

test('a blank empties its field only where one says so, and a rounded quantity is told', async ({ sitDown, records }) => {
  const [one, other] = (await records.eventsInError(BATCH)).slice(13, 15);
  for (const event of [one, other]) expect((await records.write(event.EventNumber, { UsageQuantity: 64.123, ServiceId: 'kept' })).ok).toBe(true);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  const head = 'Quantity\tService';
  const dialog = await paste(page, await grid.cell(one.EventNumber, 'Quantity'), `${head}\n64\t\n64.12\tmoved\n`);
  await expect(dialog.getByTestId('rounded')).toHaveText(`Like the present value, but rounded: ${one.EventNumber}, 64.123 becomes 64 and 1 more.`);
  const table = dialog.getByRole('region', { name: 'Before and after' });
  await expect(table.getByRole('row')).toHaveCount(4);
  const blanks = dialog.getByRole('group', { name: '1 cell is blank' });
  await expect(blanks.getByLabel('Leave the field as it is')).toBeChecked();
  await blanks.getByLabel('Empty the field').check();
  await expect(table.getByRole('row')).toHaveCount(5);
  await expect(table).toContainText('(empty)');
  await correct(page, dialog, '2 events');
  const after = await Promise.all([one, other].map((event) => records.event(event.EventNumber)));
  expect(after.map((event) => [quantity(event), event.ServiceId])).toEqual([['64', null], ['64.12', 'moved']]);
});

test('rows beyond what is loaded find their events, and those beyond the end are told', async ({ sitDown, records }) => {
  const drafts = await records.eventsOf('UB-2026-11-API', "EventStatus = 'ORA_DRAFT'");
  const { length } = drafts;
  expect(length).toBeGreaterThan(120);
  const page = await sitDown('editor', '/batches/UB-2026-11-API?status=ORA_DRAFT', CLIPBOARD);
  const grid = new EventGrid(page);
  await grid.expectRows(length);
  const values = Array.from({ length: length + 6 }, (_, at) => `${1000 + at}.5`);
  const dialog = await paste(page, await grid.cell(drafts[1].EventNumber, 'Quantity'), values.join('\n'));
  await expect(dialog.getByTestId('without-event')).toHaveText('7 rows do not fit: the list ends before.');
  await expect(dialog.getByTestId('will-change')).toHaveText(`${length - 1} events will change`);
  await correct(page, dialog, `${length - 1} events`);
  const after = await records.eventsOf('UB-2026-11-API', "EventStatus = 'ORA_DRAFT'");
  expect(after.map(quantity)).toEqual([quantity(drafts[0]), ...values.slice(0, length - 1)]);
});

test('an event that somebody else changed since it was on the screen is not written over', async ({ sitDown, records }) => {
  const [one, other] = (await records.eventsInError(BATCH)).slice(15, 17);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await expect(grid.row(other.EventNumber)).toBeVisible();
  expect((await records.write(other.EventNumber, { UsageQuantity: 77 })).ok).toBe(true);
  const dialog = await paste(page, await grid.cell(one.EventNumber, 'Quantity'), '5.5\n6.5');
  await expect(dialog).toContainText(`${other.EventNumber}`);
  await expect(dialog.getByText(/changed since/).first()).toBeVisible();
  // The other one is corrected, and no more than that.
  await correct(page, dialog, '1 event');
  expect((await records.event(one.EventNumber)).UsageQuantity).toBe('5.5');
  expect((await records.event(other.EventNumber)).UsageQuantity).toBe('77');
});

test('rows that the server refuses are saved with what it says, and the others are corrected', async ({ sitDown, records, faults }) => {
  const [one, other] = (await records.eventsInError(BATCH)).slice(17, 19);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await expect(grid.row(other.EventNumber)).toBeVisible();
  const dialog = await paste(page, await grid.cell(one.EventNumber, 'Quantity'), '5.5\n6.5');
  await faults.set({ method: 'PATCH', path: other.EventNumber, kind: { refuse: { status: 400 } } });
  await dialog.getByRole('button', { name: 'Correct 2 events', exact: true }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('1 of 2 corrected');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the refused rows' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe('\ufeffEventNumber,UsageQuantity,Reason');
  expect(lines[1]).toMatch(new RegExp(`^${other.EventNumber},"'6\\.5",.+`));
  await faults.clear();
  await dialog.getByRole('button', { name: 'Try the refused again' }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('2 of 2 corrected');
  expect((await records.event(other.EventNumber)).UsageQuantity).toBe('6.5');
});

test('a viewer is told why nothing can be pasted', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const before = writesSeen(event);
  const page = await sitDown('viewer', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await page.evaluate(() => navigator.clipboard.writeText('1\n2'));
  await (await grid.cell(event.EventNumber, 'Quantity')).click();
  await page.keyboard.press('ControlOrMeta+V');
  await expect(grid.root.getByText('Your role is read-only. Ask an administrator for the role Editor.').first()).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(watch.writes).toEqual([]);
  expect(writesSeen(await records.event(event.EventNumber))).toBe(before);
});
