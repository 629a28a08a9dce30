import { type Locator, type Page, expect } from '@playwright/test';

/** The header's button that says how much of the person's work the server has confirmed. */
export function savedState(page: Page): Locator {
  const words = /All changes saved|saving|in doubt|in conflict|refused|Offline|Paused|not on disk/;
  return page.getByRole('banner').or(page.locator('.page-head')).getByRole('button', { name: words }).first();
}

export async function expectAllSaved(page: Page): Promise<void> {
  await expect(savedState(page)).toHaveText('All changes saved');
}
