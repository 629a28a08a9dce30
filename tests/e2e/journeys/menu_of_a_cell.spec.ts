// What can be done with a cell stands in its menu: by a press of the right button, by the menu key, by Shift+F10. It does
// what the keys do, asks the list by the cell's value, and leads on from the record.
import { type Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const IN_ERROR = `/batches/${BATCH}?status=ORA_ERROR`;
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

test.use({ stock: { journey: 'menu of a cell', events: 2000 } });

const menu = (page: Page) => page.getByRole('menu');
const item = (page: Page, name: string | RegExp) => menu(page).getByRole('menuitem', { name, exact: typeof name === 'string' });
const chips = (page: Page) => page.getByRole('group', { name: 'Filters of columns' });
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** To another address without loading the page anew, which would end the session. */
async function goTo(page: Page, address: string): Promise<void> {
  // A list of the same name may be on both pages: the one that was left is not taken for the other.
  const left = await page.getByRole('grid').elementHandle();
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
  await left?.waitForElementState('hidden');
}

/** The item that begins with a letter, by pressing it until the item has the focus. */
async function typeTo(page: Page, name: string | RegExp): Promise<void> {
  const wanted = item(page, name);
  const letter = (await wanted.innerText())[0];
  const isThere = () => wanted.evaluate((one) => one === document.activeElement);
  for (let presses = 0; presses < 9 && !(await isThere()); presses += 1) await page.keyboard.press(letter);
  await expect(wanted).toBeFocused();
}

test('by the mouse: a cell is copied, the list is asked by its value, and what is selected stays so', async ({ sitDown, records }) => {
  const wrong = await records.eventsInError(BATCH);
  const [first, second, third] = wrong.map((event) => event.EventNumber as string);
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  await expect(grid.row(third)).toBeVisible();

  await (await grid.cell(second, 'Unit')).click({ button: 'right' });
  await expect(item(page, `Open ${second}`)).toBeFocused();
  await grid.expectOn(second);
  await expect(menu(page)).toHaveAccessibleName('Unit');
  await expect(item(page, 'Copy')).toHaveAttribute('aria-keyshortcuts', 'Control+C');
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'menu of a cell');
  await page.setViewportSize({ width: 1440, height: 900 });
  await item(page, 'Copy').click();
  await expect(menu(page)).toBeHidden();
  await expect(grid.root).toBeFocused();
  expect(await clipboard(page)).toBe(wrong[1].UsageUnitOfMeasure);

  // Within a range the menu is of the range, and the range stays.
  await (await grid.cell(first, 'Quantity')).click();
  await (await grid.cell(third, 'Unit')).click({ modifiers: ['Shift'] });
  await (await grid.cell(second, 'Quantity')).click({ button: 'right' });
  await expect(item(page, 'Correct 3…')).toBeVisible();
  await expect(item(page, 'Fill down')).toBeVisible();
  await item(page, 'Copy').click();
  expect((await clipboard(page)).split('\r\n').filter(Boolean)).toHaveLength(3);
  await (await grid.cell(second, 'Quantity')).click({ button: 'right' });
  await item(page, 'Fill down').click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await expect(dialog.getByTestId('pasted')).toHaveText('2 rows: Quantity, Unit');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // Outside of it the range ends, and the menu is of the one event.
  await (await grid.cell(second, 'Service')).click({ button: 'right' });
  await expect(item(page, `Correct ${second}…`)).toBeVisible();
  await expect(item(page, 'Fill down')).toHaveCount(0);
  await item(page, `Only where Service is ${wrong[1].ServiceId}`).click();
  await expect(chips(page)).toContainText(`Service is ${wrong[1].ServiceId}`);
  const same = wrong.filter((event) => event.ServiceId === wrong[1].ServiceId);
  await grid.expectRows(same.length);
  await (await grid.cell(second, 'Service')).click({ button: 'right' });
  await expect(item(page, /^Only where Service/)).toHaveCount(0);
  await item(page, 'Clear filter of Service').click();
  await grid.expectRows(wrong.length);

  // One value after the other is left out.
  const service = (event: ServerRecord) => event.ServiceId as string;
  await (await grid.cell(second, 'Service')).click({ button: 'right' });
  await item(page, `Filter out where Service is ${service(wrong[1])}`).click();
  const others = wrong.filter((event) => service(event) !== service(wrong[1]));
  await grid.expectRows(others.length);
  await expect(chips(page)).toContainText(`Service is not ${service(wrong[1])}`);
  await (await grid.cell(others[0].EventNumber as string, 'Service')).click({ button: 'right' });
  await item(page, `Filter out where Service is ${service(others[0])}`).click();
  const left = others.filter((event) => service(event) !== service(others[0]));
  await grid.expectRows(left.length);
  await expect(chips(page)).toContainText(`Service is not ${service(wrong[1])} or ${service(others[0])}`);
  await (await grid.cell(left[0].EventNumber as string, 'Service')).click({ button: 'right' });
  await item(page, 'Clear filter of Service').click();
  await grid.expectRows(wrong.length);

  // The browser's own menu comes with Shift.
  const isTaken = (modifiers: ('Shift')[]) =>
    grid.root.evaluate((root, shift) => {
      const cell = root.querySelector('[role=gridcell]')!;
      return !cell.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, shiftKey: shift }));
    }, modifiers.includes('Shift'));
  expect(await isTaken(['Shift'])).toBe(false);
  await expect(menu(page)).toBeHidden();
  expect(await isTaken([])).toBe(true);
  await expect(menu(page)).toBeVisible();
  await page.mouse.click(700, 20);
  await expect(menu(page)).toBeHidden();
});

test('by keys alone: the menu opens, letters and arrows go through it, and Esc gives the grid back its keys', async ({ sitDown, records }) => {
  const page = await sitDown('editor', IN_ERROR, CLIPBOARD);
  const grid = new EventGrid(page);
  const without = (await records.eventsInError(BATCH))[3].EventNumber as string;
  expect((await records.write(without, { CurrencyCode: null })).ok).toBe(true);
  const wrong = await records.eventsInError(BATCH);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await tabTo(page, 'grid', 'Usage events');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  const event = wrong[1].EventNumber as string;
  await page.keyboard.press('Shift+F10');
  await expect(item(page, `Open ${event}`)).toBeFocused();
  await page.keyboard.press('End');
  await expect(item(page, 'Select all rows')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, `Open ${event}`)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await expect(item(page, `Open ${event}`)).toBeFocused();
  // No letter is the page's meanwhile: J would lead to the next event.
  await page.keyboard.press('j');
  await page.keyboard.press('Escape');
  await expect(menu(page)).toBeHidden();
  await expect(grid.root).toBeFocused();
  await grid.expectOn(event);
  await expect(page).toHaveURL(/\/batches\/[^/]*$/);

  await page.keyboard.press('ContextMenu');
  await typeTo(page, 'Select row');
  await page.keyboard.press('Enter');
  await expect(grid.row(event)).toHaveAttribute('aria-selected', 'true');
  await expect(grid.root).toBeFocused();

  // Group by, and back.
  for (let column = 1; column < Number(await grid.columnIndex('Error')); column += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+F10');
  await typeTo(page, 'Group by Error');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/group=Error/);
  await expect(page.getByRole('grid', { name: 'Groups of events' })).toBeFocused();
  await page.getByRole('button', { name: 'Show events' }).click();
  await expect(grid.row(event)).toBeVisible();

  // A blank is asked for, or left out.
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  const rows = await grid.firstCells();
  for (let row = 0; row < rows.indexOf(without); row += 1) await page.keyboard.press('ArrowDown');
  for (let column = 1; column < Number(await grid.columnIndex('Currency')); column += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+F10');
  await typeTo(page, 'Filter out where Currency is blank');
  await page.keyboard.press('Enter');
  await grid.expectRows(wrong.filter((one) => one.CurrencyCode).length);

  // A link in a cell can be followed.
  await goTo(page, '/events');
  await tabTo(page, 'grid', 'Usage events');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowRight');
  const batch = (await (await grid.activeCell()).innerText()).trim();
  await page.keyboard.press('Shift+F10');
  await typeTo(page, `Open ${batch}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/batches/${batch}`));
});

test('a viewer is offered what a viewer may do, and other lists have their menus too', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', IN_ERROR);
  const grid = new EventGrid(page);
  await (await grid.cell((await records.eventsInError(BATCH))[0].EventNumber, 'Status')).click({ button: 'right' });
  await expect(item(page, /^Group by /)).toBeVisible();
  await expect(item(page, /^(Correct|Reverse|Edit|Fill)/)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await goTo(page, '/batches');
  const batches = page.getByRole('grid', { name: 'Usage event batches' });
  await batches.getByRole('gridcell', { name: BATCH }).click({ button: 'right' });
  await expect(menu(page).getByRole('menuitem')).toHaveText([`Open ${BATCH}Enter`, 'Open in new tab', 'CopyCtrl+C', `Only where Batch is ${BATCH}`, `Filter out where Batch is ${BATCH}`, 'Find in the list…Ctrl+F', 'Select rowSpace', 'Select all rowsCtrl+A']);
  await item(page, `Open ${BATCH}`).click();
  await expect(grid.rowAt(1)).toBeVisible();
});

for (const [address, name, column] of [
  ['/batches', 'Usage event batches', 'Status'],
  ['/batches', 'Usage event batches', 'Events'],
  ['/buckets', 'Base buckets', 'Unit'],
  ['/service-usage', 'Service usage events', 'Plan'],
  ['/service-usage', 'Service usage events', 'State'],
]) {
  test(`the list at ${address} is asked by what a cell of ${column} holds`, async ({ sitDown }) => {
    const page = await sitDown('viewer', address);
    const grid = new EventGrid(page, name);
    const rows = () => grid.root.getAttribute('aria-rowcount').then(Number);
    await expect(grid.rowAt(1)).toBeVisible();
    const at = await grid.columnIndex(column);
    const cells = grid.root.locator(`[role=gridcell][aria-colindex="${at}"]`);
    const cell = grid.rowAt(1).locator(`[role=gridcell][aria-colindex="${at}"]`);
    await expect(cell).toHaveText(/\S/);
    const value = (await cell.innerText()).trim();
    const all = await rows();

    await cell.click({ button: 'right' });
    await item(page, `Only where ${column} is ${value}`).click();
    await expect.poll(rows).toBeLessThan(all);
    await expect(grid.rowAt(1)).toBeVisible();
    const texts = async () => [...new Set((await cells.allInnerTexts()).map((text) => text.trim()).filter(Boolean))];
    await expect.poll(texts).toEqual([value]);
    await cell.click({ button: 'right' });
    await item(page, `Clear filter of ${column}`).click();
    await expect.poll(rows).toBe(all);

    // Of numbers only a range can be asked for.
    if (column === 'Events') return;
    await expect(cell).toHaveText(value);
    await cell.click({ button: 'right' });
    await item(page, `Filter out where ${column} is ${value}`).click();
    await expect(page).toHaveURL(/=is-not\./);
    await expect.poll(rows).toBeLessThan(all);
    await expect(grid.rowAt(1)).toBeVisible();
    await expect(cells.filter({ hasText: value })).toHaveCount(0);
  });
}
