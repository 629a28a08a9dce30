// A text is found in the cells of a list without filtering it: from match to match, round at the ends, as far as the rows
// are here. Esc leaves the person at the match.
import { type Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'finds in a list', events: 2000 } });

const bar = (page: Page) => page.getByRole('search', { name: 'Find in the list' });
const field = (page: Page) => bar(page).getByRole('textbox', { name: 'Find in the list' });
const result = (page: Page) => bar(page).getByRole('status');

/** Where the active cell stands, by row (from 1) and title. */
async function active(grid: EventGrid): Promise<[number, string]> {
  const cell = await grid.activeCell();
  const row = Number(await cell.locator('xpath=..').getAttribute('aria-rowindex')) - 1;
  const title = await grid.root.locator(`[role=columnheader][aria-colindex="${await cell.getAttribute('aria-colindex')}"] .grid-title`).textContent();
  return [row, title ?? ''];
}

/** To another address without loading the page anew, which would end the session. */
async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
}

async function expectLoaded(page: Page): Promise<void> {
  await expect(page.getByTestId('whole-line')).toContainText(/loaded, as of/, { timeout: 60_000 });
}

test('by keys alone a text is gone through from match to match, round at the ends, and Esc leaves one there', async ({ sitDown, records }) => {
  const events = await records.everyEventOf(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await tabTo(page, 'grid', 'Usage events');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ControlOrMeta+F');
  await expect(field(page)).toBeFocused();
  await expectLoaded(page);
  // The digits of one service: in its own cell alone, or in others that hold them too.
  const wanted = (events[140].ServiceId as string).slice(-7);
  const times = (event: ServerRecord) => [event.EventNumber, event.ServiceId].filter((text) => String(text ?? '').includes(wanted)).length;
  const cells = events.reduce((sum, event) => sum + times(event), 0);
  await page.keyboard.type(wanted);
  const first = events.findIndex((event) => times(event) > 0) + 1;
  await expect(result(page)).toHaveText(new RegExp(`^1 of ${cells}, row ${first}, `));
  expect((await active(grid))[0]).toBe(first);
  await grid.expectRows(events.length);
  expect(await violations(page)).toEqual([]);

  // Shown words are found, not codes, in any case; from the active cell on.
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('eRRoR');
  const inError = events.filter((event) => event.EventStatus === 'ORA_ERROR');
  const place = (event: ServerRecord) => events.indexOf(event) + 1;
  const begins = place(inError.find((event) => place(event) >= first)!);
  await expect(result(page)).toHaveText(new RegExp(`^\\d+ of \\d+, row ${begins}, Status$`));
  await takePictures(page, 'find in a list');
  await page.setViewportSize({ width: 1440, height: 900 });
  expect((await active(grid))[0]).toBe(begins);
  const total = Number((await result(page).innerText()).match(/of (\d+)/)![1]);
  expect(total).toBeGreaterThanOrEqual(inError.length);

  // Round at the end, and back.
  const ordinal = async () => Number((await result(page).innerText()).match(/^(\d+) of/)?.[1]);
  const now = await ordinal();
  for (let at = now; at < total; at += 1) {
    await page.keyboard.press(at % 2 ? 'Enter' : 'F3');
    await expect.poll(ordinal).toBe(at + 1);
  }
  await page.keyboard.press('Enter');
  await expect(result(page)).toHaveText(new RegExp(`^1 of ${total}, going on from the top`));
  await page.keyboard.press('Shift+Enter');
  await expect(result(page)).toHaveText(new RegExp(`^${total} of ${total}, going on from the end`));
  await page.keyboard.press('Shift+F3');
  await expect.poll(ordinal).toBe(total - 1);
  const [row, title] = await active(grid);
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);
  await expect(grid.root).toBeFocused();
  expect(await active(grid)).toEqual([row, title]);

  // From the grid it goes on with the same text.
  await page.keyboard.press('F3');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('eRRoR');
  await expect.poll(ordinal).toBe(total - 1);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('no such text');
  await expect(result(page)).toHaveText('No match');
});

test('who asks for the find bar types on, and nothing of it goes into the grid', async ({ sitDown, records, watch }) => {
  const events = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await (await grid.cell(events[0].EventNumber, 'Quantity')).click();
  const wanted = events[1].EventNumber;
  await page.keyboard.press('ControlOrMeta+F');
  await page.keyboard.type(wanted);
  await expect(field(page)).toHaveValue(wanted);
  await expect(result(page)).toHaveText('1 of 1, row 2, Event');
  // Once more, over what stands there.
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+F');
  await page.keyboard.type('12');
  await expect(field(page)).toHaveValue('12');
  await page.keyboard.press('Escape');
  await expect(grid.root).toBeFocused();
  await page.keyboard.press('F3');
  await page.keyboard.type(wanted);
  await expect(field(page)).toHaveValue(wanted);
  expect(watch.writes).toEqual([]);
});

test('what is found follows another order and another person, and of rows that are not here that is said', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);
  const count = async (q: string) => Number((await records.events({ q, limit: 1 })).totalResults);
  await grid.rowAt(1).getByRole('gridcell').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Find in the list…' }).click();
  await field(page).fill('JPY');
  const yen = await count("CurrencyCode = 'JPY'");
  await expect(result(page)).toHaveText(new RegExp(`^1 of ${yen}, row \\d+, Currency$`));
  await grid.head('Currency').click();
  await expect(grid.head('Currency')).toHaveAttribute('aria-sort', 'ascending');
  await expect(result(page)).toHaveText(`${yen} matches`);
  await bar(page).getByRole('button', { name: 'Next match (Enter)' }).click();
  await expect(result(page)).toHaveText(new RegExp(`^1 of ${yen}, row`));
  await expect.poll(async () => (await active(grid))[0]).toBeGreaterThan(0);
  const [row] = await active(grid);
  await expect(grid.rowAt(row).getByRole('gridcell', { name: 'JPY', exact: true })).toBeVisible();
  const [other] = (await records.events({ q: "CurrencyCode = 'EUR' and EventStatus = 'ORA_ERROR'", limit: 1 })).items;
  expect((await records.write(other.EventNumber, { CurrencyCode: 'JPY' })).ok).toBe(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(result(page)).toHaveText(new RegExp(`of ${yen + 1}|^${yen + 1} matches`), { timeout: 30_000 });
  await bar(page).getByRole('button', { name: 'Close (Esc)' }).click();

  // A list that is read as its rows come into sight, and groups, which are all here.
  await goTo(page, '/service-usage');
  const usage = page.getByRole('grid', { name: 'Service usage events' });
  await expect(usage.getByRole('row').nth(3).getByRole('gridcell').first()).toHaveText(/./);
  await usage.focus();
  await page.keyboard.press('ControlOrMeta+F');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('created');
  await expect(result(page)).toHaveText(/^\d+ of \d+, row/i);
  await goTo(page, '/events?group=CurrencyCode');
  const groups = page.getByRole('grid', { name: 'Groups of events' });
  await expect(groups.getByRole('gridcell', { name: 'JPY' })).toBeVisible({ timeout: 60_000 });
  await groups.focus();
  await page.keyboard.press('ControlOrMeta+F');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('jpy');
  await expect(result(page)).toHaveText(/^1 of 1, row \d+, Currency$/);
});
