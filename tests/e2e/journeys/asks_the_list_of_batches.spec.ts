// The list of batches is asked by its columns, by a text and in an order of several columns; the server and the list that
// is here as a whole give the same rows.
import { type Page } from '@playwright/test';
import { askByAddress, chips, expectBackAtHead, form, goToHead, openFilter } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import type { ServerRecords } from '../stand/server_records';

const LIST = 'Usage event batches';
const LONG = 520;

test.use({ stock: { journey: 'asks the list of batches', events: 2000 } });

/** What the address asks, and what the server is asked for the same. */
const QUESTIONS: [string, { q?: string; orderBy?: string }][] = [
  ['?sort=BatchStatus,-CountOfUsageEvents', { orderBy: 'BatchStatus:asc,CountOfUsageEvents:desc' }],
  ['?sort=-BatchName', { orderBy: 'BatchName:desc' }],
  ['?sort=BatchName,BatchNumber', { orderBy: 'BatchName:asc,BatchNumber:asc' }],
  ['?find=%20tel', { q: "(UPPER(BatchNumber) like '%TEL%' or UPPER(BatchName) like '%TEL%' or UPPER(BusinessUnitName) like '%TEL%')", orderBy: 'CreationDate:desc' }],
  ['?BatchName=blank&sort=BatchNumber', { q: 'BatchName is null', orderBy: 'BatchNumber:asc' }],
  ['?BatchName=contains.o%27b%20%25&sort=BatchNumber', { q: "UPPER(BatchName) like '%O''B \\%%' escape '\\'", orderBy: 'BatchNumber:asc' }],
  ['?CountOfUsageEvents=between.1%2C200&sort=-CountOfUsageEvents', { q: 'CountOfUsageEvents >= 1 and CountOfUsageEvents <= 200', orderBy: 'CountOfUsageEvents:desc' }],
  ['?UsageType=is.ORA_RATING&BatchStatus=not-blank&sort=BatchNumber', { q: "UsageType = 'ORA_RATING' and BatchStatus is not null", orderBy: 'BatchNumber:asc' }],
  ['?CreationDate=from.2026-01-01&sort=CreationDate', { q: "CreationDate >= '2026-01-01T00:00:00Z'", orderBy: 'CreationDate:asc' }],
  ['', { orderBy: 'CreationDate:desc' }],
];

const line = (page: Page) => page.getByTestId('whole-line');

async function expectAnswers(page: Page, records: ServerRecords): Promise<void> {
  const grid = new EventGrid(page, LIST);
  for (const [address, query] of QUESTIONS) {
    await askByAddress(page, `/batches${address}`);
    const numbers = (await records.batches(query)).map((batch) => batch.BatchNumber);
    await grid.expectRows(numbers.length);
    await expect.poll(async () => (await grid.firstCells()).slice(0, 15), address).toEqual(numbers.slice(0, 15));
  }
}

test('from memory and from the server the same batches come', async ({ openBrowser, sitDown, records }) => {
  await records.rename(await records.makeBatch('UB-NAMED', 'ORA_RATING'), 'O\'B %');
  await records.makeBatch('UB-WITHOUT-A-NAME', 'ORA_RATING');
  const remote = await openBrowser('/batches');
  await remote.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(remote, 'viewer');
  await expect(new EventGrid(remote, LIST).rowAt(1).getByRole('gridcell').first()).toHaveText(/\w/);
  await expectAnswers(remote, records);
  const local = await sitDown('editor', '/batches');
  await openFilter(local, 'Type', LIST);
  await expect(form(local).getByRole('checkbox').first()).toBeVisible();
  await local.keyboard.press('Escape');
  await expect(line(local)).toContainText('All loaded, as of');
  await expectAnswers(local, records);
});

test('by keys alone a status is chosen, an order of two columns, and Back takes each back', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches');
  const grid = new EventGrid(page, LIST);
  const all = (await records.batches()).length;
  await grid.expectRows(all);
  await openFilter(page, 'Status', LIST);
  const completed = await records.batches({ q: "BatchStatus = 'ORA_COMPLETED'", orderBy: 'CreationDate:desc' });
  const line = form(page).getByRole('checkbox', { name: new RegExp(`^Completed ${completed.length}$`) });
  await expect(line).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type('completed');
  await tabTo(page, 'checkbox', /^Completed \d+$/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Status', LIST);
  await grid.expectRows(completed.length);
  await expect(page).toHaveURL(/BatchStatus=is\.ORA_COMPLETED/);
  await expect(chips(page).getByRole('button', { name: 'Status is Completed, remove' })).toBeVisible();

  await goToHead(page, 'Business unit', LIST);
  await page.keyboard.press('Enter');
  await goToHead(page, 'Events', LIST);
  await page.keyboard.press('Shift+Enter');
  await expect(page).toHaveURL(/sort=BusinessUnitName%2CCountOfUsageEvents/);
  const ordered = await records.batches({ q: "BatchStatus = 'ORA_COMPLETED'", orderBy: 'BusinessUnitName:asc,CountOfUsageEvents:asc' });
  await expect.poll(() => grid.firstCells()).toEqual(ordered.map((batch) => batch.BatchNumber));

  // What is opened from the list leads back to the list as it was asked.
  const [first] = ordered;
  await grid.row(first.BatchNumber).getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/batches/${first.BatchNumber}$`));
  await page.goBack();
  await expect.poll(() => grid.firstCells()).toEqual(ordered.map((batch) => batch.BatchNumber));
  await askByAddress(page, '/batches?Nothing=blank&BatchName=odd.x&sort=Nobody&find=UB');
  await expect(page.getByRole('button', { name: 'Not understood, show without it' })).toHaveText('Not understood: Nothing, BatchName, sort');
  await page.getByRole('button', { name: 'Not understood, show without it' }).click();
  await expect(page).toHaveURL(/\/batches\?find=UB$/);
  await page.getByLabel('Find batches').fill('nobody has this');
  await page.getByRole('button', { name: 'Show all batches' }).click();
  await grid.expectRows(all);
});

test('many batches come here by themselves, and what moves on the server is told', async ({ openBrowser, records }) => {
  const before = (await records.batches()).length;
  const made = Array.from({ length: LONG - before }, (_, at) => `UB-MANY-${String(at).padStart(4, '0')}`);
  for (const number of made) await records.makeBatch(number, 'ORA_RATING');
  const page = await openBrowser('/batches?sort=BatchNumber');
  await page.clock.install();
  await signIn(page, 'editor');
  const grid = new EventGrid(page, LIST);
  await grid.expectRows(LONG);
  await expect(line(page)).toContainText('All loaded, as of');
  const found = made.filter((number) => number.includes('MANY-050'));
  // What comes into sight is read once more; what changes afterwards is news.
  const inSight = page.waitForResponse((answer) => decodeURIComponent(answer.url()).includes('UsageBatchId in'));
  await page.getByLabel('Find batches').fill('many-050');
  await grid.expectRows(found.length);
  await inSight;
  await records.rename(found[0], 'Renamed by another');
  await records.makeBatch('UB-MANY-0500-B', 'ORA_RATING');
  await page.clock.fastForward(31_000);
  await expect(line(page)).toContainText('1 new, 1 changed, as of');
  expect(await grid.firstCells()).toEqual(found);
  await expect(await grid.cell(found[0], 'Name')).toHaveText('Renamed by another');
  await line(page).getByRole('button', { name: 'Show' }).click();
  await expect.poll(() => grid.firstCells()).toEqual([...found, 'UB-MANY-0500-B'].sort());
});
