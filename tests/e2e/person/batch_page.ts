// A batch's page: its steps, where it stands, and its parts.
import { type Locator, type Page, expect } from '@playwright/test';

export class BatchPage {
  constructor(private readonly page: Page) {}

  /** Takes a step and confirms it. */
  async step(name: string): Promise<void> {
    await this.page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name, exact: true }).click();
    await this.page.getByRole('dialog', { name }).getByRole('button', { name, exact: true }).click();
  }

  async expectAt(state: string | RegExp): Promise<void> {
    const here = this.page.getByRole('list', { name: 'Where the batch stands' }).locator('[aria-current=step]');
    await expect(here).toHaveText(state, { timeout: 60_000 });
  }

  part(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Parts of the batch' }).getByRole('link', { name: new RegExp(`^${name}`) });
  }

  /** Amounts of a table of totals: by currency the texts of its cells. */
  async totals(region: string): Promise<Map<string, string[]>> {
    const rows = this.page.getByRole('region', { name: region }).locator('tbody tr');
    const totals = new Map<string, string[]>();
    for (const row of await rows.all()) {
      totals.set((await row.getAttribute('data-currency')) ?? '', await row.locator('td').allTextContents());
    }
    return totals;
  }
}

/** Makes a batch from the list of batches and gives its number; the batch is open then. */
export async function createBatch(page: Page, type: RegExp, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New batch' }).click();
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await dialog.getByRole('radio', { name: type }).check();
  await dialog.getByLabel('Name').fill(name);
  const number = await dialog.getByLabel('Number').inputValue();
  expect(number.slice(0, 3)).toBe(type.test('Re-rate') ? 'RR-' : type.test('Reverse and replace') ? 'RV-' : 'UB-');
  await dialog.getByRole('button', { name: 'Create batch' }).click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible({ timeout: 60_000 });
  return number;
}
