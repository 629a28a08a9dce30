// One correction of many events, from the list as it is filtered.
import { type Locator, type Page, expect } from '@playwright/test';
import { EventGrid } from './event_grid';

export class BulkCorrection {
  readonly dialog: Locator;

  constructor(private readonly page: Page) {
    this.dialog = page.getByRole('dialog', { name: 'Correct events' });
  }

  /** Chooses every event of the list and what to set in them; nothing is proposed yet. */
  async prepare(count: number, field: string, value: string): Promise<void> {
    const grid = new EventGrid(this.page);
    await grid.expectRows(count);
    await grid.root.focus();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.getByRole('button', { name: /^Correct.*…$/ }).click();
    await this.dialog.getByLabel('Field to change').selectOption({ label: field });
    await this.dialog.getByLabel('New value').fill(value);
  }

  /** How many events will change, once all of them have been read. */
  async willChange(): Promise<number> {
    const words = this.dialog.getByTestId('will-change');
    await expect(words).toHaveText(/^[\d,]+ events? will change$/, { timeout: 120_000 });
    return Number((await words.textContent())?.replace(/\D/g, ''));
  }

  async correct(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^Correct [\d,]+ events$/ }).click();
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^(Close|Go on in the background)$/ }).click();
  }
}
