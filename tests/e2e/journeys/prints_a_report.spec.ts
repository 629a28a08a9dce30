// The overview and a batch on paper: black on white whatever the theme, without what is pressed, every figure with what it
// is of and when it was so, whole or said not to be, and on each sheet what it is and which sheet.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';
const FOLDER = process.env.USAGE_DESK_PICTURES;

test.use({ stock: { journey: 'prints a report', events: 2000 } });

/** Prints as the browser does, and looks at the page as it stands on paper. */
async function print(page: Page, name: string, look: () => Promise<void>): Promise<number> {
  // What the page does before it is printed stays while it is looked at.
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await look();
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: null });
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
  if (FOLDER) await writeFile(path.join(FOLDER, `${name}.pdf`), pdf);
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

const colours = (page: Page) =>
  page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return [style.color, style.backgroundColor];
  });

/** Elements that stand beyond the right edge of the sheet. */
const cut = (page: Page) =>
  page.evaluate(() => {
    const edge = document.documentElement.clientWidth + 1;
    const all = [...document.querySelectorAll('.page *')].filter((element) => element.getClientRects().length > 0);
    return all.filter((element) => element.getBoundingClientRect().right > edge).map((element) => element.outerHTML.slice(0, 80));
  });

test('the overview is a report: source, time and completeness of each figure, nothing to press', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/?month=2026-10&zone=Europe/Berlin', { colorScheme: 'dark', viewport: { width: 1050, height: 800 } });
  await expect(page.getByTestId('as-of')).toHaveText(/^As of /);
  const asOf = (await page.getByTestId('as-of').textContent()) ?? '';
  const sources = page.locator('.provenance p');
  await expect(sources.first()).toBeHidden();
  const sheets = await print(page, 'overview', async () => {
    await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
    expect(await page.locator('button:visible').count()).toBe(0);
    expect(await colours(page)).toEqual(['rgb(24, 29, 36)', 'rgb(255, 255, 255)']);
    for (const source of await sources.all()) await expect(source).toBeVisible();
    await expect(page.locator('.print-head')).toContainText(new URL(page.url()).host);
    await expect(page.locator('.print-head')).toContainText(asOf);
    await expect(page.locator('.print-head')).toContainText('printed');
    expect(await cut(page)).toEqual([]);
  });
  expect(sheets).toBeGreaterThan(0);
  // The screen is as it was.
  await expect(sources.first()).toBeHidden();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('a batch prints its rows under repeated heads, all of them or which of how many', async ({ sitDown, records }) => {
  const errors = await records.eventsInError(BATCH);
  const page = await sitDown('viewer', `/batches/${BATCH}?status=ORA_ERROR`, { colorScheme: 'dark', viewport: { width: 1050, height: 800 } });
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1)).toBeVisible();
  await expect(page.getByText(/loaded, as of/).first()).toBeVisible();
  const table = page.locator('.grid-print');
  const sheets = await print(page, 'batch', async () => {
    await expect(table.locator('.grid-print-said')).toHaveText(`All ${errors.length} rows.`);
    await expect(table.locator('tbody tr')).toHaveCount(errors.length);
    for (const event of [errors[0], errors[errors.length - 1]]) await expect(table.getByText(event.EventNumber, { exact: true })).toBeVisible();
    expect(await table.locator('thead').evaluate((head) => getComputedStyle(head).display)).toBe('table-header-group');
    await expect(page.getByRole('grid')).toBeHidden();
    await expect(page.getByText('Error', { exact: true }).first()).toBeVisible();
    expect(await colours(page)).toEqual(['rgb(24, 29, 36)', 'rgb(255, 255, 255)']);
    expect(await page.locator('button:visible:not(.chip)').count()).toBe(0);
    expect(await cut(page)).toEqual([]);
  });
  expect(sheets).toBeGreaterThan(1);
  await expect(table).toHaveCount(0);
  await expect(grid.rowAt(1)).toBeVisible();

  // Of a list that is not all here it says which rows these are.
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '600'));
  await page.goto('/events');
  await signIn(page, 'viewer');
  await expect(grid.rowAt(1).getByRole('link').first()).toBeVisible();
  await print(page, 'events', async () => {
    await expect(table.locator('.grid-print-said')).toHaveText(/^Rows 1 to \d+ of 2,000\. This is not the whole list: export it to have all rows\.$/);
    const [, last] = /to (\d+) of/.exec((await table.locator('.grid-print-said').textContent()) ?? '') ?? [];
    await expect(table.locator('tbody tr')).toHaveCount(Number(last));
  });
});
