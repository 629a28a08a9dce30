// The grid of service usage events.
import { type Locator, type Page, expect } from '@playwright/test';

export class UsageGrid {
  readonly root: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('grid', { name: 'Service usage events' });
  }

  /** A cell by its row's place in the whole list, counted from 1. */
  async cellAt(place: number, column: string): Promise<Locator> {
    const head = this.root.getByRole('columnheader', { name: column, exact: true });
    const index = await head.getAttribute('aria-colindex');
    if (!index) throw new Error(`no column ${column}`);
    return this.root.locator(`[role=row][aria-rowindex="${place + 1}"] [aria-colindex="${index}"]`);
  }

  /** Row count as the grid tells it to a screen reader, without the header. */
  async expectRows(count: number): Promise<void> {
    await expect(this.root).toHaveAttribute('aria-rowcount', String(count + 1));
  }
}
