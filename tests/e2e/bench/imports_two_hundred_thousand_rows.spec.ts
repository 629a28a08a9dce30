// What an import of 200,000 rows costs the page, and that it can be stopped, taken up after a reload and after a cut:
// the server holds what the file holds, row by row and to the last digit.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { savedBy } from '../stand/exported_file';
import { type MadeUsage, asCsv, asWorkbook, madeUsage, sumsOf, written } from '../stand/made_usage';
import type { ServerRecords } from '../stand/server_records';
import { longTasks } from './long_tasks';
import { memoryOf } from './page_memory';

/** `ROWS=20000` measures a smaller file. */
const ROWS = Number(process.env.ROWS ?? 200_000);
const LONG = { timeout: 1_000_000 };

test.use({ stock: { journey: 'import measured', events: 100 } });

/** A file of its own: one that Playwright hands over as bytes is decoded in the page, which would be measured too. */
async function saved(file: string, bytes: Buffer): Promise<string> {
  await writeFile(file, bytes);
  console.log(`${path.basename(file)}: ${ROWS} rows, ${(bytes.length / 1e6).toFixed(1)} MB`);
  return file;
}

async function measured(page: Page, name: string, act: () => Promise<void>): Promise<void> {
  await memoryOf(page, name, async () => void (await longTasks(page, name, act)));
}

async function readAndCheck(page: Page, file: string): Promise<void> {
  const name = path.basename(file);
  await measured(page, `${name}: read`, async () => {
    await page.getByLabel('File, or drop one here').setInputFiles(file);
    await expect(page.getByRole('button', { name: 'Check all rows' })).toBeEnabled(LONG);
  });
  await measured(page, `${name}: check`, async () => {
    await page.getByRole('button', { name: 'Check all rows' }).click();
    await expect(page.getByRole('heading', { name: 'Check', exact: true })).toBeVisible(LONG);
  });
}

async function expectWhole(records: ServerRecords, batch: string, usage: MadeUsage): Promise<void> {
  const events = await records.everyEventOf(batch);
  expect(events.length).toBe(usage.rows.length);
  expect(new Set(events.map((event) => event.EventNumber)).size).toBe(usage.rows.length);
  const sums = sumsOf(events);
  expect(sums).toEqual(written(usage.sums));
  console.log(`  the server holds ${events.length} events: ${sums.join(', ')}`);
}

test('a CSV file, without a stop', async ({ sitDown, records }, info) => {
  const usage = madeUsage(ROWS, 7);
  const file = await saved(info.outputPath('usage.csv'), asCsv(usage));
  const page = await sitDown('editor', '/import');
  await readAndCheck(page, file);
  await page.getByLabel('Number', { exact: true }).fill('UB-BENCH-1');
  await measured(page, 'usage.csv: commit', async () => {
    await page.getByRole('button', { name: /^Import [\d,]+ events$/ }).click();
    await expect(page.getByRole('heading', { name: 'Finished', exact: true })).toBeVisible(LONG);
  });
  await expectWhole(records, 'UB-BENCH-1', usage);
});

test('a workbook, paused, reloaded, cut and taken up', async ({ sitDown, records, faults }, info) => {
  const usage = madeUsage(ROWS, 8);
  const file = await saved(info.outputPath('usage.xlsx'), asWorkbook(usage));
  const page = await sitDown('editor', '/import');
  page.on('dialog', (dialog) => dialog.accept());
  await readAndCheck(page, file);
  await page.getByLabel('Number', { exact: true }).fill('UB-BENCH-2');
  const bar = page.getByRole('progressbar');
  const reaches = (part: number) => expect.poll(async () => Number(await bar.getAttribute('value')), LONG).toBeGreaterThan(ROWS * part);
  await measured(page, 'usage.xlsx: a tenth', async () => {
    await page.getByRole('button', { name: /^Import [\d,]+ events$/ }).click();
    await reaches(0.1);
  });
  const pressed = Date.now();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused.')).toBeVisible();
  console.log(`  paused ${Date.now() - pressed} ms after the press`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await reaches(0.2);
  await page.reload();
  await signIn(page, 'editor');
  await readAndCheck(page, file);
  await page.getByLabel('Batch', { exact: true }).selectOption('UB-BENCH-2');
  await faults.set({ method: 'POST', path: '/crmRestApi', after: 100, times: 3, kind: 'cut_after' });
  await page.getByRole('button', { name: /^Import [\d,]+ events$/ }).click();
  const go_on = page.getByRole('button', { name: 'Continue' });
  const finished = page.getByRole('heading', { name: 'Finished', exact: true });
  await measured(page, 'usage.xlsx: the rest', async () => {
    await expect(go_on.or(finished)).toBeVisible(LONG);
    await faults.clear();
    if (await go_on.isVisible()) await go_on.click();
    await expect(finished).toBeVisible(LONG);
  });
  await expectWhole(records, 'UB-BENCH-2', usage);
});

test('a file of which no row can be read', async ({ sitDown, watch }, info) => {
  const usage = madeUsage(ROWS, 9);
  for (const [place, row] of usage.rows.entries()) row[1] = `day ${place}`;
  const file = await saved(info.outputPath('refused.csv'), asCsv(usage));
  const page = await sitDown('editor', '/import');
  await readAndCheck(page, file);
  await expect(page.getByTestId('failed')).toHaveText(`${ROWS.toLocaleString('en-GB')} not imported`);
  let lines = 0;
  await measured(page, 'refused.csv: rows that failed', async () => {
    const { bytes } = await savedBy(page, () => page.getByRole('button', { name: 'Download the rows that failed' }).click());
    lines = bytes.toString('utf8').trimEnd().split('\r\n').length;
  });
  expect(lines).toBe(ROWS + 1);
  expect(watch.writes).toEqual([]);
});
