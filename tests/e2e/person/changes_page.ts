// The list of everything that this browser proposed.
import { type Locator, type Page, expect } from '@playwright/test';

export class ChangesPage {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.getByRole('grid', { name: 'Changes' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('link', { name: 'Changes', exact: true }).click();
    await expect(this.page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
  }

  /** Rows that hold all of these texts. */
  rows(...texts: string[]): Locator {
    return texts.reduce((rows, text) => rows.filter({ hasText: text }), this.root.getByRole('row').filter({ has: this.page.getByRole('gridcell') }));
  }
}
