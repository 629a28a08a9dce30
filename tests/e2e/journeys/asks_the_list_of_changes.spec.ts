// The list of changes is asked by its columns, by a text and in an order, by keys alone and by its address.
import { type Page } from '@playwright/test';
import { ChangesPage } from '../person/changes_page';
import { askByAddress, chips, expectBackAtHead, form, goToHead, openFilterOfHead } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import type { ServerRecords } from '../stand/server_records';

const LIST = 'Changes';
const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'asks the list of changes', events: 2000 } });

/** Corrects the quantities of some events, the last one with what the server refuses, and gives their numbers. */
async function correctSome(page: Page, records: ServerRecords): Promise<string[]> {
  const numbers = (await records.eventsInError(BATCH)).slice(0, 4).map((event) => event.EventNumber);
  const grid = new EventGrid(page);
  for (const [at, number] of numbers.entries()) await grid.correct(number, 'Quantity', String(100 + at));
  await expectAllSaved(page);
  return numbers;
}

/** To the head of a column. The life of the change that the cursor comes by opens beside the list, and takes the keyboard. */
async function goToHeadOfChanges(page: Page, title: string): Promise<void> {
  await tabTo(page, 'grid', LIST);
  await page.keyboard.press('ControlOrMeta+Home');
  const life = page.getByRole('complementary', { name: 'One change' });
  await expect(life.locator('.drawer-head')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(life).toBeHidden();
  await goToHead(page, title, LIST);
}

const quantities = (page: Page) => new ChangesPage(page).root.locator('[role=row] [role=gridcell][aria-colindex="6"]');

test('changes are ordered, filtered and found, and a link shows the same', async ({ sitDown, records }) => {
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const numbers = await correctSome(page, records);
  await new ChangesPage(page).open();
  const grid = new EventGrid(page, LIST);
  await grid.expectRows(4);
  // The newest stands first.
  await expect(quantities(page)).toHaveText(['103', '102', '101', '100'].map((text) => new RegExp(`^\\s*${text}\\s*$`)));

  await goToHeadOfChanges(page, 'After');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sort=to$/);
  await expect(quantities(page).first()).toHaveText(/100/);

  await goToHeadOfChanges(page, 'Record');
  await openFilterOfHead(page);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type(numbers[2]);
  await tabTo(page, 'checkbox', new RegExp(`${numbers[2]} 1$`));
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Record', LIST);
  await grid.expectRows(1);
  await expect(chips(page)).toContainText(numbers[2]);
  await chips(page).getByRole('button', { name: /^Record is/ }).press('Enter');
  await grid.expectRows(4);

  await page.getByLabel('Find changes').fill(numbers[1].toLowerCase());
  await grid.expectRows(1);
  await expect(quantities(page)).toHaveText(/101/);
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Open' }).click();
  await expect(page).toHaveURL(/shown=open/);
  await expect(page.getByRole('heading', { name: 'No change matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all changes' }).click();
  await expect(page.getByRole('heading', { name: 'Everything is settled' })).toBeVisible();

  await askByAddress(page, '/changes?shown=done&to=contains.10&state=is.Done&sort=-to');
  await expect(quantities(page).first()).toHaveText(/103/);
  await grid.expectRows(4);
  await page.getByRole('link', { name: 'Batches', exact: true }).click();
  await page.goBack();
  await expect(quantities(page).first()).toHaveText(/103/);
  await askByAddress(page, '/changes?shown=never&batch=x');
  await expect(page.getByRole('button', { name: 'Not understood, show without it' })).toHaveText('Not understood: shown, batch');
  await grid.expectRows(4);
});

test('what takes its steps meanwhile stands in its place, and all that are shown are meant', async ({ sitDown, records, faults }) => {
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  await faults.set({ method: 'PATCH', path: 'subscriptionUsageEvents', kind: { answer: { status: 400, body: 'Not today' } } });
  const numbers = (await records.eventsInError(BATCH)).slice(4, 7).map((event) => event.EventNumber);
  const events = new EventGrid(page);
  for (const [at, number] of numbers.entries()) await events.correct(number, 'Quantity', String(200 + at));
  await new ChangesPage(page).open();
  const grid = new EventGrid(page, LIST);
  await expect(await grid.rowAt(1).getByRole('gridcell').nth(1)).toHaveText('Refused');
  await page.getByLabel('Find changes').fill(numbers[0]);
  await grid.expectRows(1);
  await tabTo(page, 'grid', LIST);
  await page.keyboard.press('ControlOrMeta+A');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(await grid.rowAt(1).getByRole('gridcell').nth(1)).toHaveText('Discarded');
  await page.getByLabel('Find changes').fill('');
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Open' }).click();
  await grid.expectRows(2);
  await expect(form(page)).toHaveCount(0);
});
