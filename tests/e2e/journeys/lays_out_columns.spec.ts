import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

const BATCH = 'UB-2026-10-TEL';

/** Leaves the list of events for the one of batches, and comes to it again by its plain address. */
async function reopen(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Batches' }).first().click();
  await expect(page.getByRole('grid', { name: 'Usage event batches' })).toBeVisible();
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Usage events' })).toBeVisible();
}

test.use({ stock: { journey: 'lays out columns', events: 2000 } });

test('a column is hidden, kept in sight and sorted from its menu, and an edit still meets the column it stands in', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const head = (title: string) => grid.head(title);
  const menu = page.getByRole('menu');
  await expect(grid.row(event.EventNumber)).toBeVisible();

  await head('Status').click({ button: 'right' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await menu.getByRole('menuitem', { name: 'Hide this column' }).click();
  await expect(head('Status')).toBeHidden();
  await expect(menu).toBeHidden();

  await head('Service').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Freeze column' }).click();
  await expect(head('Service')).toHaveAttribute('aria-colindex', '2');

  await grid.correct(event.EventNumber, 'Service', '+49 151 laid out');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 151 laid out');

  await head('Quantity').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Sort, largest first' }).press('Enter');
  await expect(head('Quantity')).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/sort=-UsageQuantity/);

  await head('Quantity').click({ button: 'right' });
  await page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: 'Show all columns' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(head('Status')).toBeVisible();
  await expect(grid.root).toBeFocused();
});

test('columns are chosen and ordered by keys, stay so, and a link shows the same to someone else', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  const heads = (of: Page) => of.getByRole('grid', { name: 'Usage events' }).getByRole('columnheader');
  await expect(heads(page).first()).toBeVisible();
  await tabTo(page, 'button', 'View…');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'View of the list' });
  const columns = form.getByRole('group', { name: 'Columns' });
  await columns.getByRole('checkbox', { name: 'Error' }).press('Space');
  const up = columns.getByRole('button', { name: 'Move Currency up' });
  await up.focus();
  const place = () => columns.locator('.view-column').allInnerTexts().then((titles) => titles.findIndex((title) => title.trim() === 'Currency'));
  for (let now = await place(); now > 2; now -= 1) {
    await page.keyboard.press('Enter');
    await expect.poll(place).toBe(now - 1);
    await expect(up).toBeFocused();
  }
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'view of a list');
  await page.setViewportSize({ width: 1440, height: 900 });
  await form.getByRole('button', { name: 'Apply' }).press('Enter');
  await expect(form).toBeHidden();
  await expect(grid.head('Error')).toHaveCount(0);
  await expect(heads(page).nth(2)).toContainText('Currency');
  const link = page.url();
  expect(link).toContain('columns=');

  const other = await sitDown('viewer', link.slice(new URL(link).origin.length));
  await expect(heads(other).nth(2)).toContainText('Currency');
  await reopen(other);
  await expect(heads(other).nth(2)).toContainText('Status');

  await reopen(page);
  await expect(heads(page).nth(2)).toContainText('Currency');
  await expect(grid.head('Error')).toHaveCount(0);
  await expect(page).toHaveURL(link);
  await page.getByRole('button', { name: 'View…' }).click();
  await form.getByRole('button', { name: 'Reset columns' }).click();
  await form.getByLabel('Rows of all lists').selectOption('Comfortable');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(heads(page).nth(2)).toContainText('Status');
  await expect(page).not.toHaveURL(/columns=/);
  const height = (of: EventGrid) => of.rowAt(2).evaluate((row) => row.getBoundingClientRect().height);
  expect(await height(grid)).toBe(36);
  await reopen(page);
  expect(await height(grid)).toBe(36);
});

test('a column is made as wide as what stands in it, by a double press on its edge, by a key, and all of them at once', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await expect(grid.row(event.EventNumber)).toBeVisible();
  const width = (title: string) => grid.head(title).evaluate((head) => head.getBoundingClientRect().width);
  /** Pixels that the cells of a column, and its head, are too narrow for, or too wide. */
  const amiss = async (title: string) => {
    const index = await grid.columnIndex(title);
    return grid.root.evaluate((root, index) => {
      const room = (cell: Element, text: Node) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return cell.getBoundingClientRect().right - 8 - range.getBoundingClientRect().right;
      };
      const cells = [...root.querySelectorAll(`[role=gridcell][aria-colindex="${index}"]`)].filter((cell) => cell.getClientRects().length > 0);
      const head = root.querySelector(`[role=columnheader][aria-colindex="${index}"]`)!;
      const clipped = cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length + Number(head.querySelector('.grid-title')!.scrollWidth > head.querySelector('.grid-title')!.clientWidth);
      return { clipped, spare: Math.min(...cells.map((cell) => room(cell, cell)), room(head, head.querySelector('.grid-title')!)) };
    }, index);
  };
  const expectFits = async (title: string) => {
    await expect.poll(async () => ((now) => now.clipped === 0 && now.spare < 30)(await amiss(title)), title).toBe(true);
  };
  expect((await amiss('Error')).clipped).toBeGreaterThan(0);
  const edge = async (title: string) => {
    const box = (await grid.head(title).boundingBox())!;
    return { x: box.x + box.width - 3, y: box.y + box.height / 2 };
  };
  const error = await edge('Error');
  await page.mouse.dblclick(error.x, error.y);
  await expectFits('Error');
  await expect(page).toHaveURL(/columns=.*Error%3A\d+/);

  // A press that moves nothing sets no width, and a drag still does.
  const status = await edge('Status');
  const before = await width('Status');
  await page.mouse.click(status.x, status.y);
  await expect(page).not.toHaveURL(/EventStatus%3A/);
  await page.mouse.move(status.x, status.y);
  await page.mouse.down();
  await page.mouse.move(status.x + 40, status.y + 200, { steps: 3 });
  await page.mouse.up();
  expect(await width('Status')).toBe(before + 40);

  // By keys: one, then all.
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('f');
  await expectFits('Status');
  await page.keyboard.press('Alt+ArrowDown');
  const all = page.getByRole('menuitem', { name: 'Fit all columns' });
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  for (let presses = 0; presses < 6 && !(await all.evaluate((one) => one === document.activeElement)); presses += 1) await page.keyboard.press('f');
  await page.keyboard.press('Enter');
  for (const title of ['Event', 'Status', 'Error', 'Quantity', 'Unit', 'Amount', 'Currency']) await expectFits(title);
  await takePictures(page, 'columns that fit');
});

test('a view is saved under a name, opened, taken to another browser as a file, and deleted', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR&sort=-UsageQuantity&columns=;Error');
  const grid = new EventGrid(page);
  const form = (of: Page) => of.getByRole('dialog', { name: 'View of the list' });
  const saved = (of: Page) => form(of).getByRole('group', { name: 'Saved views' });
  const open = async (of: Page) => of.getByRole('button', { name: 'View…' }).click();
  await expect(grid.head('Status')).toBeVisible();
  await open(page);
  await saved(page).getByLabel('Name of the view').fill('Errors, largest first');
  await page.keyboard.press('Enter');
  await expect(saved(page).getByRole('status')).toHaveText('“Errors, largest first” is saved as the list is shown now.');
  const [file] = await Promise.all([page.waitForEvent('download'), saved(page).getByRole('button', { name: 'Export' }).click()]);
  const path = await file.path();
  await page.keyboard.press('Escape');
  await page.evaluate(() => {
    history.pushState(null, '', '/events?columns=;Status');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(grid.head('Error')).toBeVisible();
  await open(page);
  await saved(page).getByRole('button', { name: 'Errors, largest first', exact: true }).click();
  await expect(form(page)).toBeHidden();
  await expect(grid.head('Error')).toHaveCount(0);
  await expect(grid.head('Quantity')).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/status=ORA_ERROR/);

  const other = await sitDown('viewer', '/events');
  await expect(new EventGrid(other).head('Error')).toBeVisible();
  await open(other);
  await saved(other).getByLabel('Import').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('a\t?find=b\n') });
  await expect(saved(other).getByRole('status')).toHaveText('notes.txt holds no views of events.');
  await saved(other).getByLabel('Import').setInputFiles(path);
  await expect(saved(other).getByRole('status')).toHaveText('1 view is read.');
  await saved(other).getByRole('button', { name: 'Delete view Errors, largest first' }).click();
  await expect(saved(other).getByRole('button', { name: /largest first/ })).toHaveCount(0);
});

test('a view whose name means another one in the other browser stands beside it there, and a link shows its rows', async ({ sitDown, records }) => {
  const rows = async (q: string) => Number((await records.events({ q, limit: 1 })).totalResults);
  const narrowed = '/events?status=ORA_ERROR&CurrencyCode=is.EUR';
  const inEuro = await rows("EventStatus = 'ORA_ERROR' and CurrencyCode = 'EUR'");
  const saved = (of: Page) => of.getByRole('dialog', { name: 'View of the list' }).getByRole('group', { name: 'Saved views' });
  const save = async (of: Page) => {
    await of.getByRole('button', { name: 'View…' }).click();
    await saved(of).getByLabel('Name of the view').fill('Errors');
    await of.keyboard.press('Enter');
    await expect(saved(of).getByRole('status')).toHaveText('“Errors” is saved as the list is shown now.');
  };
  const page = await sitDown('editor', narrowed);
  await new EventGrid(page).expectRows(inEuro);
  await save(page);
  const [file] = await Promise.all([page.waitForEvent('download'), saved(page).getByRole('button', { name: 'Export' }).click()]);

  const other = await sitDown('viewer', '/events?status=ORA_ERROR');
  const grid = new EventGrid(other);
  const all = await rows("EventStatus = 'ORA_ERROR'");
  await grid.expectRows(all);
  await save(other);
  const path = await file.path();
  for (let times = 0; times < 2; times += 1) {
    await saved(other).getByLabel('Import').setInputFiles(path);
    await expect(saved(other).getByRole('status')).toHaveText('1 view is read. “Errors” is another view here, so it is called “Errors (2)”.');
  }
  await expect(saved(other).getByRole('button', { name: /^Errors/ })).toHaveText(['Errors', 'Errors (2)']);
  await saved(other).getByRole('button', { name: 'Errors (2)', exact: true }).click();
  await grid.expectRows(inEuro);
  await expect(other.getByRole('group', { name: 'Filters of columns' })).toContainText('Currency is EUR');
  await expect(other.getByRole('group', { name: 'Status' }).getByRole('button', { name: 'Error', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await other.getByRole('button', { name: 'View…' }).click();
  await saved(other).getByRole('button', { name: 'Errors', exact: true }).click();
  await grid.expectRows(all);

  // The address alone says both filters, whatever the name means.
  const linked = await sitDown('viewer', narrowed);
  await new EventGrid(linked).expectRows(inEuro);
});

test('what an address asks that the list does not understand is named, and not all that it shows can be meant', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR&CostCentre=is.4711&UsageQuantity=from.soon');
  const grid = new EventGrid(page);
  const named = page.getByRole('button', { name: 'Not understood, show without it' });
  await expect(named).toHaveText('Not understood: CostCentre, UsageQuantity');
  await expect(grid.root).toHaveAttribute('aria-rowcount', /\d/);
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  const correct = page.getByRole('button', { name: /^Correct all/ });
  await expect(correct).toHaveAttribute('aria-disabled', 'true');
  expect(await violations(page)).toEqual([]);
  await named.click();
  await expect(named).toHaveCount(0);
  await expect(page).not.toHaveURL(/CostCentre/);
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await expect(correct).not.toHaveAttribute('aria-disabled', 'true');
});
