// A file becomes events: what can be read in two ways is asked, every row is checked before anything is sent, a lost
// answer or a reload makes no event twice and loses none, and rows that failed come back as a file.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { add, digits, exact, shownDigits } from '../stand/exact_decimal';
import { expect, test } from '../stand/desk_test';
import { savedBy, unzipped } from '../stand/exported_file';
import { asCsv, madeUsage, sumsOf, written } from '../stand/made_usage';
import { takePictures } from '../stand/pictures';
import { violations } from '../stand/axe';

test.use({ stock: { journey: 'imports a file', events: 200 } });

const ROOT = '/crmRestApi/resources/11.13.18.05';
const HEADER = 'Event number;Start;ServiceId;Quantity;Unit;Currency;Amount';

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('File, or drop one here').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await expect(page.getByRole('heading', { name: 'Columns' })).toBeVisible();
}

/** Checks all rows. Of which zone times are that name no offset is asked, where the file has some. */
async function check(page: Page, zone?: string): Promise<void> {
  if (zone) await page.getByLabel('Times without an offset').selectOption(zone);
  await page.getByRole('button', { name: 'Check all rows' }).click();
  await expect(page.getByRole('heading', { name: 'Check', exact: true })).toBeVisible();
}

/** Imports the new rows into a batch of their own, or into an open one, to the end. */
async function send(page: Page, events: string, batch?: string): Promise<void> {
  if (batch) await page.getByLabel('Batch', { exact: true }).selectOption(batch);
  await page.getByRole('button', { name: `Import ${events}`, exact: true }).click();
}

test('what is in doubt is asked, what cannot be read is refused, and rows that failed come back corrected', async ({ sitDown, records, watch }) => {
  const page = await sitDown('editor', '/import');
  await takePictures(page, 'import');
  const rows = [
    ['IMP-1', '05/09/2026', 'acme', '5', 'HR', 'EUR', '1.000'],
    ['IMP-2', '06/09/2026', 'acme', '5', 'HR', 'EUR', '2.000'],
    // The server has no such unit.
    ['IMP-3', '06/09/2026', 'acme', '5', 'QQQ', 'EUR', '3.000'],
    ['IMP-4', '31/02/2026', 'acme', '5', 'HR', 'EUR', '4.000'],
    ['', '', '', '', '', '', ''],
    ['IMP-5', '07/09/2026', '=1+1', '5', 'HR', 'EUR', '(30.00)'],
    // An hour that New York's clock shows twice.
    ['IMP-6', '01/11/2026 01:30', 'acme', '5', 'HR', 'EUR', '8.000'],
  ];
  await choose(page, 'usage.csv', [HEADER, ...rows.map((row) => row.join(';'))].join('\r\n'));
  await expect(page.getByTestId('found')).toHaveText('usage.csv: 6 rows, 1 empty, 7 columns');
  await expect(page.getByText('is 05/09/2026 2026-09-05 or 2026-05-09?')).toBeVisible();
  // A column whose cells speak for one notation is not asked about, though others of its cells could be read in two ways.
  await expect(page.getByLabel('Numbers of Amount')).toHaveValue('point');
  await expect(page.getByRole('button', { name: 'Check all rows' })).toBeDisabled();
  await expect(page.getByText('Of which time zone are times that name no offset, such as 05/09/2026?')).toBeVisible();
  await page.getByLabel('Dates of Start').selectOption('Day first');
  await page.getByLabel('Numbers of Amount').selectOption('1,234.50');
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import columns');
  await expect(page.getByRole('button', { name: 'Check all rows' })).toBeDisabled();
  await check(page, 'America/New_York');
  await expect(page.getByTestId('new')).toHaveText('4 new');
  await expect(page.getByTestId('failed')).toHaveText('2 not imported');
  await expect(page.getByRole('list', { name: 'Reasons' })).toContainText('is not a date in the order of this column (day first)');
  await expect(page.getByRole('list', { name: 'Reasons' })).toContainText('comes twice in America/New_York');
  const total = (name: string) => page.getByRole('region', { name: 'Control totals' }).getByRole('row', { name: new RegExp(`^${name} `) });
  await expect(total('New')).toContainText('\u221224.000 EUR');
  await expect(total('Not imported')).toContainText('12.000 EUR');
  await expect(total('The file')).toContainText('\u221212.000 EUR');
  expect(watch.writes).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import check');

  await page.getByLabel('Number', { exact: true }).fill('UB-IMPORT-1');
  await send(page, '4 events');
  await expect(page.getByRole('heading', { name: 'Finished' })).toBeVisible();
  await expect(page.getByTestId('imported')).toHaveText('3 imported');
  await expect(page.getByTestId('failed')).toHaveText('3 not imported');
  await expect(total('Imported')).toContainText('\u221227.000 EUR');
  await expect(total('Not imported')).toContainText('15.000 EUR');
  await expect(total('The file')).toContainText('\u221212.000 EUR');
  await expect(total('New')).toBeHidden();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import outcome');
  const events = await records.eventsOf('UB-IMPORT-1');
  expect(events.map((event) => [event.EventNumber, event.EventStartTime, event.ServiceId])).toEqual([
    ['IMP-1', '2026-09-05T04:00:00+00:00', 'acme'],
    ['IMP-2', '2026-09-06T04:00:00+00:00', 'acme'],
    ['IMP-5', '2026-09-07T04:00:00+00:00', '=1+1'],
  ]);
  expect(events.map((event) => event.usageCharges.items[0].BilledAmount)).toEqual(['1.000', '2.000', '-30.00']);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the rows that failed' }).click();
  const failed = await readFile(await (await download).path(), 'utf8');
  expect(failed.trimEnd().split('\r\n')).toHaveLength(4);
  expect(failed).toContain('Why it was not imported');
  await page.getByRole('button', { name: 'Choose another file' }).click();
  // What was said of the file holds for the rows of it that come back.
  await choose(page, 'corrected.csv', failed.replace('QQQ', 'HR').replaceAll('31/02/2026', '28/02/2026').replaceAll('01/11/2026 01:30', '01/11/2026 01:30-05:00'));
  await expect(page.getByLabel('Numbers of Amount')).toHaveValue('point');
  await expect(page.getByLabel('Times without an offset')).toHaveValue('America/New_York');
  await check(page);
  await expect(page.getByTestId('new')).toHaveText('3 new');
  await send(page, '3 events', 'UB-IMPORT-1');
  await expect(page.getByTestId('imported')).toHaveText('3 imported');
  expect((await records.eventsOf('UB-IMPORT-1')).map((event) => event.EventNumber).sort()).toEqual(['IMP-1', 'IMP-2', 'IMP-3', 'IMP-4', 'IMP-5', 'IMP-6']);
});

test('a lost answer, a cut, a pause, a closed tab and another one make no event twice and lose none', async ({ sitDown, records, faults }) => {
  const usage = madeUsage(1500, 3);
  const file = asCsv(usage).toString('utf8');
  const sums = written(usage.sums);
  const page = await sitDown('editor', '/import');
  await choose(page, 'month.csv', file);
  await check(page);
  await expect(page.getByTestId('new')).toHaveText('1,500 new');
  await page.getByLabel('Number', { exact: true }).fill('UB-IMPORT-2');
  // The fourth hundred is stored, and its answer lost; the seventh is cut before it is stored, and again, and again.
  await faults.set(
    { method: 'POST', path: ROOT, after: 4, times: 1, kind: 'cut_after' },
    { method: 'POST', path: ROOT, after: 7, times: 3, kind: 'cut_before' },
  );
  await send(page, '1,500 events');
  const goOn = page.getByRole('button', { name: 'Continue' });
  await expect(goOn).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Not finished' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Finished', exact: true })).toBeHidden();
  expect((await records.everyEventOf('UB-IMPORT-2')).length).toBeGreaterThanOrEqual(400);
  // It is paused while an answer does not come, without waiting for it, and the tab is closed.
  await faults.set({ method: 'POST', path: ROOT, after: 2, times: 1, kind: { delay_ms: 20_000 } });
  await goOn.click();
  await faults.applied();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused.')).toBeVisible({ timeout: 2000 });
  await page.close();
  await faults.clear();
  const stored = (await records.everyEventOf('UB-IMPORT-2')).length;
  expect(stored).toBeLessThan(1500);
  const other = await sitDown('editor', '/import');
  await choose(other, 'month.csv', file);
  await check(other);
  await other.getByLabel('Batch', { exact: true }).selectOption('UB-IMPORT-2');
  await other.getByRole('button', { name: /^Import [\d,]+ events$/ }).click();
  await expect(other.getByRole('heading', { name: 'Finished', exact: true })).toBeVisible({ timeout: 60_000 });
  const events = await records.everyEventOf('UB-IMPORT-2');
  expect(new Set(events.map((event) => event.EventNumber)).size).toBe(1500);
  expect(events).toHaveLength(1500);
  expect(sumsOf(events)).toEqual(sums);
  const total = other.getByRole('region', { name: 'Control totals' }).getByRole('row', { name: /^The file 1,500 / });
  for (const sum of sums) expect(shownDigits((await total.textContent())!)).toContain(sum.split(' ').reverse().join(''));
});

test('a cost file without numbers is known when it comes again, corrected', async ({ sitDown, records }) => {
  const header = 'BilledCost,BillingCurrency,ChargeCategory,ChargePeriodEnd,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ResourceId';
  const row = (amount: string, resource: string) => `${amount},EUR,Usage,2026-10-01,2026-09-01,5,Hours,${resource}`;
  const long = `/subscriptions/${'3'.repeat(2000)}/end`;
  const first = [header, row('1.20', 'focus-1'), row('2.00', 'focus-2')].join('\n');
  const page = await sitDown('editor', '/import');
  await choose(page, 'focus.csv', first);
  await expect(page.getByText('This is a FOCUS cost file.')).toBeVisible();
  await check(page);
  await expect(page.getByTestId('same-time')).toContainText('The server has 0 events from 2026-09-01 00:00:00');
  await page.getByLabel('Number', { exact: true }).fill('UB-IMPORT-3');
  await send(page, '2 events');
  await expect(page.getByTestId('imported')).toHaveText('2 imported');
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await choose(page, 'focus.csv', [header, row('1.25', 'focus-1'), row('2.00', 'focus-2'), row('3.00', long)].join('\n'));
  await check(page);
  await expect(page.getByTestId('new')).toHaveText('1 new');
  await expect(page.getByTestId('there')).toHaveText('1 there already, with the same values');
  await expect(page.getByRole('list', { name: 'Reasons' })).toContainText('it is there already, with other values: Amount is');
  await expect(page.getByTestId('shortened')).toHaveText(/^1 text is longer than the field: ResourceId \(1\)\./);
  // Whether the new row is there under another number only a person can say.
  await expect(page.getByTestId('same-time')).toHaveText(
    'The server has 2 events from 2026-09-01 00:00:00 to 2026-09-01 00:00:00 UTC. 2 rows of this file are among them, 1 would be new.',
  );
  await page.getByLabel('Batch', { exact: true }).selectOption('UB-IMPORT-3');
  await expect(page.getByRole('button', { name: 'Import 1 event', exact: true })).toBeDisabled();
  await page.getByLabel('The new rows are not on the server under other numbers').check();
  expect(await violations(page)).toEqual([]);
  await send(page, '1 event');
  await expect(page.getByTestId('imported')).toHaveText('1 imported');
  expect(await records.everyEventOf('UB-IMPORT-3')).toHaveLength(3);
  // Nothing of a text is lost that its field does not take.
  const { items } = await records.events({ q: "BatchNumber = 'UB-IMPORT-3' and ServiceId like '/subscriptions/*'", expand: 'usageMessages' });
  expect(items).toHaveLength(1);
  expect(items[0].ServiceId).toHaveLength(120);
  const kept = items[0].usageMessages.items.filter((message: any) => message.MessageText.startsWith('ResourceId: '));
  expect(kept.map((message: any) => message.MessageText.replace('ResourceId: ', '')).join('')).toBe(long);

  // What the later file says otherwise is corrected on the server, over the version that was read.
  await expect(page.getByTestId('changed')).toHaveText('1 there already, with other values');
  await page.getByRole('button', { name: 'Correct 1 event\u2026' }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events by the file' });
  await expect(dialog.getByTestId('will-change')).toHaveText('1 event will change');
  await expect(dialog.getByTestId('amounts-change')).toHaveText('Amounts that change come to 1.25 EUR in the place of 1.20 EUR.');
  await expect(dialog.getByRole('row', { name: /Amount.*1\.20.*1\.25/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import corrections');
  await dialog.getByRole('button', { name: 'Correct 1 event', exact: true }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('1 of 1 corrected');
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByTestId('there')).toHaveText('3 there already, with the same values');
  await expect(page.getByTestId('changed')).toBeHidden();
  const amounts = (await records.everyEventOf('UB-IMPORT-3')).map((event) => exact(event.usageCharges.items[0].BilledAmount));
  expect(digits(amounts.reduce(add))).toBe('6.25');
});

test('a list that was exported comes back as it is, and what was changed in it is corrected', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events');
  const all = Number((await records.events({ limit: 1 })).totalResults);
  await new EventGrid(page).expectRows(all);
  const saved = async (format: RegExp) => {
    await page.getByRole('button', { name: 'Export\u2026', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByLabel(format).check();
    const file = await savedBy(page, () => dialog.getByRole('button', { name: 'Export', exact: true }).click());
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    return file;
  };
  const [book, archive] = [await saved(/XLSX/), await saved(/CSV/)];
  const list = [...unzipped(archive.bytes)].find(([name]) => !name.startsWith('about'));
  if (!list) throw new Error('the archive holds no list');
  const take = async (name: string, buffer: Buffer) => {
    await page.getByLabel('File, or drop one here').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    await expect(page.getByRole('heading', { name: 'Columns' })).toBeVisible();
    await check(page);
  };
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Import', exact: true }).click();
  for (const [name, bytes] of [[book.name, book.bytes], list] as const) {
    await take(name, bytes);
    await expect(page.getByTestId('there')).toHaveText(`${all.toLocaleString('en-GB')} there already, with the same values`);
    for (const other of ['new', 'changed', 'failed']) await expect(page.getByTestId(other)).toBeHidden();
    await page.getByRole('button', { name: 'Choose another file' }).click();
  }

  // One quantity that may be changed, and one that may not.
  const [open] = (await records.events({ q: "EventStatus = 'ORA_ERROR'", limit: 1 })).items;
  const [done] = (await records.events({ q: "EventStatus = 'ORA_PROCESSED'", limit: 1 })).items;
  const [head, ...lines] = list[1].toString('utf8').split('\r\n');
  const quantity = head.split(',').findIndex((title) => title.includes('Quantity'));
  const changed = lines.map((line) => {
    const cells = line.split(',');
    const isMeant = [open, done].some((event) => cells[0].replace(/^'/, '') === event.EventNumber);
    return isMeant ? cells.with(quantity, '7.125').join(',') : line;
  });
  await take('changed.csv', Buffer.from([head, ...changed].join('\r\n')));
  await expect(page.getByTestId('changed')).toHaveText('2 there already, with other values');
  await page.getByRole('button', { name: 'Correct 2 events\u2026' }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events by the file' });
  await expect(dialog.getByTestId('will-change')).toHaveText('1 event will change');
  await expect(dialog.getByText('1 excluded: ')).toContainText(done.EventNumber);
  await takePictures(page, 'import corrections of a list');
  await dialog.getByRole('button', { name: 'Correct 1 event', exact: true }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('1 of 1 corrected');
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByTestId('changed')).toHaveText('1 there already, with other values');
  expect((await records.event(open.EventNumber)).UsageQuantity).toBe('7.125');
  expect((await records.event(done.EventNumber)).UsageQuantity).toBe(done.UsageQuantity);
});

test('a value that no column has is said for every row, by the keyboard, which stays where it is', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/import');
  await page.getByLabel('File, or drop one here').setInputFiles({ name: 'bare.csv', mimeType: 'text/csv', buffer: Buffer.from('Event number;Start;ServiceId;Quantity;Amount\nIMP-C;2026-09-05;acme;5;1.25\n') });
  await expect(page.getByText('Which column is Unit?')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check all rows' })).toBeDisabled();
  const unit = page.getByLabel('Unit of every row');
  await unit.selectOption('HR');
  await expect(unit).toBeFocused();
  await page.getByLabel('Currency of every row').selectOption('EUR');
  await page.getByLabel('Times without an offset').selectOption('UTC');
  await expect(page.getByRole('button', { name: 'Check all rows' })).toBeEnabled();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import constants');
  await check(page);
  await page.getByLabel('Number', { exact: true }).fill('UB-IMPORT-5');
  await send(page, '1 event');
  await expect(page.getByTestId('imported')).toHaveText('1 imported');
  const [event] = await records.eventsOf('UB-IMPORT-5');
  expect([event.UsageUnitOfMeasure, event.CurrencyCode, event.usageCharges.items[0].BilledAmount]).toEqual(['HR', 'EUR', '1.25']);
});

test('of a workbook it is asked which sheet is meant, and what becomes of hidden rows', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/import');
  const file = path.resolve('../../crates/import-files/tests/cases/openpyxl.xlsx');
  await page.getByLabel('File, or drop one here').setInputFiles(file);
  await expect(page.getByRole('alert')).toContainText('which one is meant');
  await page.getByRole('button', { name: 'M\u00e4rz 2026' }).click();
  await expect(page.getByRole('alert')).toContainText('of the sheet');
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'import hidden rows');
  await page.getByRole('button', { name: /^Leave (it|them) out$/ }).click();
  await expect(page.getByTestId('found')).toHaveText('openpyxl.xlsx: 4 rows, 8 columns');
  await check(page, 'UTC');
  await expect(page.getByTestId('new')).toHaveText('3 new');
  await page.getByLabel('Number', { exact: true }).fill('UB-IMPORT-4');
  await send(page, '3 events');
  await expect(page.getByTestId('imported')).toHaveText('3 imported');
  const events = await records.eventsOf('UB-IMPORT-4');
  expect(events.map((event) => [event.EventNumber, event.usageCharges.items[0].BilledAmount])).toEqual([
    ['XL-1', '0.3'],
    ['051738928782', '-30'],
    ['XL-3', '1234.50'],
  ]);
});
