import { type Locator, type Page, expect } from '@playwright/test';

/** The rail has twelve stops, a list's filters and commands some twenty; the overview has more, with its marks of help. */
const MOST_PRESSES = 60;

/** Presses Tab until the named thing has the focus; fails where that takes longer than a person would bear. */
export async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp, key = 'Tab'): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: typeof name === 'string' });
  // Nobody looks for what is not there yet.
  await expect(wanted.first()).toBeAttached();
  if (role === 'grid') await expectRowsRead(wanted.first());
  for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
    if (await wanted.evaluateAll((found) => found.some((element) => element === document.activeElement))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST_PRESSES} presses of ${key} do not lead to ${role} ${name}`);
}

/** Nobody moves through rows that are not read yet. */
async function expectRowsRead(grid: Locator): Promise<void> {
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  await expect(grid.locator('[role=row][data-state=loading]')).toHaveCount(0);
}

/** Goes to the named thing and presses Enter. */
export async function pressEnterOn(page: Page, role: 'button' | 'link', name: string | RegExp): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press('Enter');
}
