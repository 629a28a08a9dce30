// What is asked of a list's columns: the form behind a column's head, by keys alone, and the chips over the grid.
import { type Locator, type Page, expect } from '@playwright/test';
import { EventGrid } from './event_grid';
import { tabTo } from './tab_to';

export const form = (page: Page): Locator => page.getByRole('dialog', { name: /^Filter by / });
export const chips = (page: Page): Locator => page.getByRole('group', { name: 'Filters of columns' });

/** The keyboard goes to a column's head, from wherever it is. */
export async function goToHead(page: Page, title: string, list = 'Usage events'): Promise<void> {
  const grid = new EventGrid(page, list);
  await tabTo(page, 'grid', list);
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowUp');
  const index = Number(await grid.head(title).getAttribute('aria-colindex'));
  for (let column = 1; column < index; column += 1) await page.keyboard.press('ArrowRight');
  await expect(grid.root.locator('.grid-head.is-active')).toContainText(title);
}

/** The form of a column, by keys from wherever the keyboard is. */
export async function openFilter(page: Page, title: string, list = 'Usage events'): Promise<void> {
  await goToHead(page, title, list);
  await openFilterOfHead(page);
}

/** The form of the column at whose head the keyboard is. */
export async function openFilterOfHead(page: Page): Promise<void> {
  await page.keyboard.press('Alt+ArrowDown');
  const item = page.getByRole('menuitem', { name: 'Filter…' });
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  while (!(await item.evaluate((one) => one === document.activeElement))) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(form(page)).toBeVisible();
}

export async function expectBackAtHead(page: Page, title: string, list = 'Usage events'): Promise<void> {
  const grid = new EventGrid(page, list);
  await expect(form(page)).toBeHidden();
  await expect(grid.root).toBeFocused();
  await expect(grid.root.locator('.grid-head.is-active')).toContainText(title);
}

/** Another question of the list that stands, as by a link. */
export async function askByAddress(page: Page, address: string): Promise<void> {
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
}
