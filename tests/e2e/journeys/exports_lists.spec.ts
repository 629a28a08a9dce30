// A list leaves as a file: every row that was asked for, to the digit, and what the file is of; or no file at all.
import type { Page } from '@playwright/test';
import { askByAddress } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact } from '../stand/exact_decimal';
import { aboutOf, csvLines, savedBy, sheet, unzipped } from '../stand/exported_file';
import { takePictures } from '../stand/pictures';
import type { ServerRecord, ServerRecords } from '../stand/server_records';

test.use({ stock: { journey: 'exports lists', events: 2000 } });

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export' });
const open = (page: Page) => page.getByRole('button', { name: 'Export…', exact: true }).click();
const press = (page: Page) => dialog(page).getByRole('button', { name: 'Export', exact: true }).click();

/** All events of a question, with their charges, in an order. */
async function everyEvent(records: ServerRecords, q: string, orderBy: string): Promise<ServerRecord[]> {
  const events: ServerRecord[] = [];
  for (;;) {
    const page = await records.events({ q, orderBy, offset: events.length, expand: 'usageCharges' });
    events.push(...page.items);
    if (!page.hasMore) return events;
  }
}

/** What the charges of an event come to per currency. */
function amounts(event: ServerRecord): Record<string, string> {
  const sums: Record<string, string> = {};
  for (const { ChargeCurrency, BilledAmount } of event.usageCharges.items ?? event.usageCharges) {
    const currency = ChargeCurrency ?? '';
    sums[currency] = digits(add(exact(sums[currency] ?? '0'), exact(BilledAmount)));
  }
  return sums;
}

test('the events that a filter finds leave as a workbook, as the server has them', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', '/events?status=ORA_PROCESSED&CurrencyCode=is.EUR%2CGBP&sort=-UsageQuantity');
  const events = await everyEvent(records, "EventStatus in ('ORA_PROCESSED') and CurrencyCode in ('EUR','GBP')", 'UsageQuantity:desc');
  await new EventGrid(page).expectRows(events.length);
  await open(page);
  await takePictures(page, 'export');
  const { name, bytes } = await savedBy(page, () => press(page));
  await expect(dialog(page).getByTestId('exported')).toHaveText(`Saved ${name} with ${events.length.toLocaleString('en-GB')} rows.`);
  expect(name).toMatch(/^usage-events-\d{8}T\d{6}Z\.xlsx$/);
  const [head, ...rows] = sheet(bytes, 'Usage events');
  const column = (title: string) => Object.keys(head).find((letter) => head[letter].value === title) ?? '';
  const of = (row: (typeof rows)[number], title: string) => row[column(title)];
  expect(rows.map((row) => of(row, 'Event'))).toEqual(events.map((event) => ({ kind: 'text', value: event.EventNumber })));
  expect(rows.map((row) => of(row, 'Quantity'))).toEqual(events.map((event) => ({ kind: 'number', value: event.UsageQuantity })));
  // Bare digits are of the event's own currency; any other one is named.
  const words = (event: ServerRecord) => {
    const sums = Object.entries(amounts(event));
    if (sums.length === 1 && sums[0][0] === event.CurrencyCode) return sums[0][1];
    return sums.sort(([one], [other]) => (one < other ? -1 : 1)).map(([currency, sum]) => `${sum} ${currency || 'without currency'}`).join(', ');
  };
  expect(rows.map((row) => of(row, 'Amount')?.value ?? '')).toEqual(events.map(words));
  const days = (event: ServerRecord) => Date.parse(event.EventStartTime) / 86_400_000 + 25_569;
  rows.forEach((row, place) => expect(Number(of(row, 'Start (UTC)').value)).toBeCloseTo(days(events[place]), 8));
  const totals: Record<string, string> = {};
  for (const event of events) {
    for (const [currency, sum] of Object.entries(amounts(event))) totals[currency] = digits(add(exact(totals[currency] ?? '0'), exact(sum)));
  }
  const about = aboutOf(bytes);
  expect(about).toMatchObject({
    Completeness: 'Every row was read',
    Rows: String(events.length),
    Source: 'Events of all batches',
    Order: 'Quantity, descending',
    'Time zone': 'UTC',
    ...Object.fromEntries(Object.entries(totals).map(([currency, sum]) => [`Amount, ${currency || 'no currency'}, total`, sum])),
  });
  expect(about.User).toContain('viewer');
  expect(about.Address).toContain('CurrencyCode=is.EUR');
});

test('selected events leave as CSV with what they are of beside them; the keyboard does it', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', '/batches/UB-2026-10-TEL');
  const events = (await records.eventsOf('UB-2026-10-TEL')).slice(0, 3);
  const grid = new EventGrid(page);
  for (const { EventNumber } of events.slice(0, 2)) await (await grid.cell(EventNumber, 'Status')).click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByTestId('selected')).toHaveText('2 selected');
  await page.getByRole('button', { name: 'Export…', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('radio', { name: 'Only the 2 selected rows' })).toBeChecked();
  await dialog(page).getByRole('radio', { name: 'Excel workbook (XLSX)' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(dialog(page).getByRole('radio', { name: /^CSV/ })).toBeChecked();
  const { name, bytes } = await savedBy(page, () => page.keyboard.press('Enter'));
  expect(name).toMatch(/^usage-events-\d{8}T\d{6}Z\.zip$/);
  const files = unzipped(bytes);
  expect([...files.keys()]).toEqual(['usage-events.csv', 'about this export.csv']);
  const [head, ...lines] = csvLines(files.get('usage-events.csv')!);
  const of = (line: string[], title: string) => line[head.indexOf(title)];
  expect(lines.map((line) => [of(line, 'Event'), of(line, 'Quantity')])).toEqual(events.slice(0, 2).map((event) => [event.EventNumber, event.UsageQuantity]));
  const about = csvLines(files.get('about this export.csv')!);
  expect(about[0]).toEqual(['Completeness', 'Every row was read']);
  expect(about).toContainEqual(['Source', 'Events of batch UB-2026-10-TEL']);
  expect(about).toContainEqual(['Filter', 'Only what was selected']);
});

test('every list leaves whole: groups, batches, base buckets, changes, service usage', async ({ sitDown }) => {
  const page = await sitDown('admin', '/batches');
  const lists: [string, string, string][] = [
    ['/batches', 'Usage event batches', 'All batches'],
    ['/events?group=ServiceId', 'Groups of events', 'Events of all batches'],
    ['/buckets', 'Base buckets', 'All base buckets'],
    ['/service-usage', 'Service usage events', 'All service usage events'],
    ['/changes', 'Changes', 'Changes proposed in this browser'],
  ];
  for (const [address, label, source] of lists) {
    await askByAddress(page, address);
    const grid = page.getByRole('grid', { name: label, exact: true });
    await expect(grid).toHaveAttribute('aria-rowcount', /^\d+$/);
    await open(page);
    const { bytes } = await savedBy(page, () => press(page));
    const rows = sheet(bytes, label).length - 1;
    const about = aboutOf(bytes);
    expect([about.Completeness, about.Source, about.Rows], label).toEqual(['Every row was read', source, String(rows)]);
    expect(Number(await grid.getAttribute('aria-rowcount')) - 1, label).toBe(rows);
    await dialog(page).getByRole('button', { name: 'Close' }).click();
  }
});

test('an event that is deleted while the list is read is not in the file, and none is twice', async ({ sitDown, records, faults }) => {
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { delay_ms: 700 } });
  const page = await sitDown('viewer', '/events');
  const { items: drafts } = await records.events({ q: "EventStatus = 'ORA_DRAFT'", limit: 1 });
  await open(page);
  const saved = savedBy(page, () => press(page));
  await expect(dialog(page).getByText(/^Read [1-9]/)).toBeVisible();
  await records.remove(drafts[0].EventNumber);
  await faults.clear();
  const { name, bytes } = await saved;
  expect(name).toMatch(/^usage-events-/);
  const rows = sheet(bytes, 'Usage events').slice(1);
  const events = await everyEvent(records, '', '');
  expect(rows.map(({ A }) => A.value)).toEqual(events.map((event) => event.EventNumber));
  expect(aboutOf(bytes)).toMatchObject({ Completeness: 'Every row was read', Rows: String(events.length) });
});

test('a list that is too long to come here as a whole leaves all the same', async ({ openBrowser, records }) => {
  const page = await openBrowser('/events?sort=-UsageQuantity');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '1000'));
  await signIn(page, 'viewer');
  await expect(page.getByTestId('whole-line')).toContainText('More than 1,000 events');
  await open(page);
  const { bytes } = await savedBy(page, () => press(page));
  const events = await everyEvent(records, '', 'UsageQuantity:desc');
  expect(sheet(bytes, 'Usage events').slice(1).map(({ A }) => A.value)).toEqual(events.map((event) => event.EventNumber));
  expect(aboutOf(bytes)).toMatchObject({ Completeness: 'Every row was read', Rows: String(events.length) });
});

test('an export that is stopped saves nothing, and one whose source fails says so', async ({ sitDown, faults }) => {
  let downloads = 0;
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { delay_ms: 1500 } });
  const page = await sitDown('viewer', '/events');
  page.on('download', () => (downloads += 1));
  await open(page);
  await press(page);
  await expect(dialog(page).getByText(/^Read/)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Stop the export' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Export', exact: true })).toBeEnabled();
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { answer: { status: 500 } } });
  await press(page);
  await expect(dialog(page).getByRole('alert')).toContainText('Nothing was exported. Loading ended at');
  // A list of few rows is asked once, and that answer fails too.
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  await askByAddress(page, '/events?status=ORA_ON_HOLD');
  await faults.set({ method: 'GET', path: 'limit=499', kind: { answer: { status: 500 } } });
  await open(page);
  await press(page);
  await expect(dialog(page).getByRole('alert')).toContainText('Nothing was exported.');
  expect(downloads).toBe(0);
});

test('an export that is stopped while it is written saves nothing and can be begun again', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/events');
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  // All rows are here, so that nothing is read any more.
  await open(page);
  const { bytes } = await savedBy(page, () => press(page));
  expect(downloads).toBe(1);
  // In the first pause of the writing, which nobody is quick enough for by hand.
  await dialog(page).evaluate((element) => {
    new MutationObserver((_, observer) => {
      const stop = [...element.querySelectorAll('button')].find(({ textContent }) => textContent === 'Stop the export');
      if (!stop || !element.textContent?.includes('Written ')) return;
      observer.disconnect();
      // The form is still being sent, and takes no other press before that is over.
      setTimeout(() => stop.click());
    }).observe(element, { childList: true, subtree: true, characterData: true });
  });
  await press(page);
  await expect(dialog(page).getByRole('progressbar')).toHaveCount(0);
  await expect(dialog(page).getByRole('button', { name: 'Export', exact: true })).toBeEnabled();
  const again = await savedBy(page, () => press(page));
  expect(sheet(again.bytes, 'Usage events').length).toBe(sheet(bytes, 'Usage events').length);
  expect(downloads).toBe(2);
});
