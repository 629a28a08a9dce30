// Numbers in and out of the desk as the reader's locale writes them: what is shown, copied, typed and
// exported is one and the same value, and what could be two is refused.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createBatch } from '../person/batch_page';
import { BulkCorrection } from '../person/bulk_correction';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { type ServerRecords, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const IN_ERROR = `/batches/${BATCH}?status=ORA_ERROR`;
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

test.use({ stock: { journey: 'numbers in the readers notation', events: 2000 } });

/** An event in error that holds this quantity; each test has its own. */
async function eventWith(records: ServerRecords, place: number, quantity: number): Promise<string> {
  const event = (await records.eventsInError(BATCH))[place];
  expect((await records.write(event.EventNumber, { UsageQuantity: quantity })).status).toBe(200);
  return event.EventNumber;
}

/** What a cell shows, without what keeps a column in line. */
async function shown(grid: EventGrid, event: string, column: string): Promise<string> {
  return ((await (await grid.cell(event, column)).textContent()) ?? '').replace(/[\u2007\u2008]/g, '');
}

async function copy(page: Page, grid: EventGrid, event: string, column: string): Promise<string> {
  await (await grid.cell(event, column)).click();
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText('Copied.', { exact: true })).toBeAttached();
  return page.evaluate(() => navigator.clipboard.readText());
}

for (const { locale, text } of [
  { locale: 'en-GB', text: '\u22121,234,567.5' },
  { locale: 'en-IN', text: '\u221212,34,567.5' },
  { locale: 'de-DE', text: '\u22121.234.567,5' },
  { locale: 'fr-FR', text: '\u22121\u202f234\u202f567,5' },
  { locale: 'ar-EG', text: '\u2212\u0661\u066c\u0662\u0663\u0664\u066c\u0665\u0666\u0667\u066b\u0665' },
]) {
  test(`a number is shown to a reader of ${locale}, copied for machines, and pasted again`, async ({ sitDown, records }) => {
    const [from, to] = [await eventWith(records, 0, -1234567.5), await eventWith(records, 1, 7)];
    const page = await sitDown('editor', IN_ERROR, { locale, ...CLIPBOARD });
    const grid = new EventGrid(page);
    await expect(grid.row(from)).toBeVisible();
    expect(await shown(grid, from, 'Quantity')).toBe(text);
    expect(await copy(page, grid, from, 'Quantity')).toBe('-1234567.5');
    const editor = await grid.openEditor(to, 'Quantity');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+V');
    await expect(editor).toHaveAccessibleDescription(new RegExp(`^= ${text.replace(/[.]/g, '\\.').replace(/\s/g, '\\s')}`));
    await page.keyboard.press('Enter');
    await expectAllSaved(page);
    expect((await records.event(to)).UsageQuantity).toBe('-1234567.5');
    // As it is shown it can be typed, too.
    await grid.correct(to, 'Quantity', text);
    expect((await records.event(to)).UsageQuantity).toBe('-1234567.5');
  });
}

test('a German types numbers as Germans do, and what could be two numbers is refused in the cell', async ({ sitDown, records }) => {
  const [event, other] = [await eventWith(records, 2, 1234), await eventWith(records, 3, 5)];
  const page = await sitDown('editor', IN_ERROR, { locale: 'de-DE', ...CLIPBOARD });
  const grid = new EventGrid(page);
  await expect(grid.row(event)).toBeVisible();
  expect(await shown(grid, event, 'Quantity')).toBe('1.234');
  const before = writesSeen(await records.event(event));
  const editor = await grid.openEditor(event, 'Quantity');
  await expect(editor).toHaveValue('1234');
  await editor.fill('1.234');
  await page.keyboard.press('Enter');
  await expect(editor).toBeFocused();
  await expect(editor).toHaveValue('1.234');
  await expect(editor).toHaveAccessibleDescription('Quantity can be read in two ways; type 1234 or 1,234.');
  expect(writesSeen(await records.event(event))).toBe(before);
  await editor.fill('1,234');
  await expect(editor).toHaveAccessibleDescription('= 1,234 (1.234)');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  expect((await records.event(event)).UsageQuantity).toBe('1.234');
  // A thousandth, copied here, is a thousandth where it is pasted here.
  expect(await copy(page, grid, event, 'Quantity')).toBe('1.234');
  const pasted = await grid.openEditor(other, 'Quantity');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
  await expect(pasted).toHaveValue('1,234');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  expect((await records.event(other)).UsageQuantity).toBe('1.234');
});

test('the drawer reads and refuses the same, and keeps what was typed', async ({ sitDown, records }) => {
  const event = await eventWith(records, 4, 10);
  const page = await sitDown('editor', eventAddress(BATCH, event), { locale: 'de-DE' });
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  const field = drawer.field('Quantity');
  await drawer.correct('Quantity', '-12.345');
  await expect(field).toHaveValue('-12.345');
  await expect(field).toHaveAccessibleDescription('Quantity can be read in two ways; type -12345 or -12,345.');
  await field.fill('(12.345,50)');
  await expect(field).toHaveAccessibleDescription('= \u221212.345,50 (-12345.50)');
  await field.press('Enter');
  await expectAllSaved(page);
  expect((await records.event(event)).UsageQuantity).toBe('-12345.50');
  // Machine notation is taken where it can mean nothing else.
  await drawer.correct('Quantity', '0.125');
  await expectAllSaved(page);
  await expect(field).toHaveValue('0,125');
  expect((await records.event(event)).UsageQuantity).toBe('0.125');
});

test('so does the correction of many events', async ({ sitDown, records }) => {
  const inError = await records.eventsInError(BATCH);
  const page = await sitDown('editor', IN_ERROR, { locale: 'de-DE' });
  const bulk = new BulkCorrection(page);
  await bulk.prepare(inError.length, 'Quantity', '1.500');
  const alert = bulk.dialog.getByRole('alert').filter({ hasText: 'Quantity' });
  await expect(alert).toHaveText('Quantity can be read in two ways; type 1500 or 1,500.');
  const value = bulk.dialog.getByLabel('New value');
  await value.fill('1.500,25');
  await expect(bulk.dialog.getByTestId('understood')).toHaveText('= 1.500,25 (1500.25)');
  await expect(bulk.dialog.getByRole('region', { name: 'Before and after' }).locator('.after').first()).toHaveText('1.500,25');
  await bulk.dialog.getByLabel('Action', { exact: true }).selectOption({ label: 'multiply by' });
  await bulk.dialog.getByLabel('New value').fill('1.000');
  await expect(bulk.dialog.getByRole('alert').filter({ hasText: 'factor' })).toHaveText('The factor can be read in two ways; type 1000 or 1,000.');
});

test('a rule asks for the numbers that its reader typed, and is another reader\'s afterwards', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches', { locale: 'de-DE' });
  const number = await createBatch(page, /^Re-rate/, 'Halves');
  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Field').selectOption({ label: 'Quantity' });
  await builder.getByLabel('Comparison', { exact: true }).selectOption({ label: 'is one of' });
  const value = builder.getByLabel('Value');
  await value.fill('1,5');
  await expect(builder.getByTestId('understood')).toHaveText('= 1,5');
  await expect(builder.locator('.rule-q code')).toHaveText('UsageQuantity in (1.5)');
  await value.fill('1.234');
  await expect(builder.getByRole('alert')).toHaveText('Quantity can be read in two ways; type 1234 or 1,234.');
  await builder.getByLabel('Comparison', { exact: true }).selectOption({ label: 'is at least' });
  await value.fill('2,5');
  await builder.getByLabel('Name of the rule').fill('From two and a half');
  await expect(builder.locator('.rule-q code')).toHaveText('UsageQuantity >= 2.5');
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Batch' });
  await builder.getByLabel('Value').nth(1).fill('UB-2026-08-TEL');
  await builder.getByRole('button', { name: /^Add [1-9]/ }).click();
  await expectAllSaved(page);
  expect((await records.eventsOf(number)).length).toBeGreaterThan(0);

  const english = await sitDown('editor', '/batches', { locale: 'en-GB' });
  await createBatch(english, /^Re-rate/, 'Halves again');
  await english.getByRole('button', { name: 'Add events', exact: true }).click();
  const theirs = english.getByRole('dialog', { name: 'Add events' });
  await theirs.getByLabel('Use a saved rule').selectOption({ label: `From two and a half \u2013 ${number}` });
  await expect(theirs.getByLabel('Value').first()).toHaveValue('2.5');
});

test('the evidence of changes keeps numbers as numbers and digits as they are', async ({ sitDown, records }) => {
  const event = await eventWith(records, 5, 3);
  const page = await sitDown('editor', eventAddress(BATCH, event), { locale: 'de-DE' });
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await drawer.correct('Quantity', '-12,50');
  await expectAllSaved(page);
  for (const service of ['0049176123456789', "'=1+1", '=1+1', '1E5']) {
    await drawer.correct('Service', service);
    await expectAllSaved(page);
  }
  await page.getByRole('link', { name: 'Changes', exact: true }).click();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export evidence' }).click();
  const lines = fields(await readFile((await (await saved).path())!, 'utf8'));
  const after = (title: string) => lines.filter((line) => line[2] === title).map((line) => line[4]);
  expect(new Set(after('Quantity'))).toEqual(new Set(['-12.50']));
  // One apostrophe off gives every text back to the letter.
  const services = new Set(after('Service').map((text) => text.replace(/^'/, '')));
  expect(services).toEqual(new Set(['0049176123456789', "'=1+1", '=1+1', '1E5']));
  expect(after('Service').every((text) => text.startsWith("'"))).toBe(true);
  const changes = lines.filter((line) => line[2] === 'Quantity');
  expect(changes.every((line) => /^C-\d+$/.test(line[0]) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(line[7]))).toBe(true);
  expect(lines.find((line) => line[0] === 'Changes')).toEqual(['Changes', '5']);
});

/** The fields of a file of comma-separated values. */
function fields(text: string): string[][] {
  const lines = text.replace(/^\ufeff/, '').match(/(?:"(?:[^"]|"")*"|[^"\r\n]*)+\r\n/g) ?? [];
  return lines.map((line) => [...line.trimEnd().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((field) => field[1]?.replaceAll('""', '"') ?? field[2]));
}
