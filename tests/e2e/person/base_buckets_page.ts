// The list of base buckets, and the drawer with one of them.
import { type Locator, type Page, expect } from '@playwright/test';

export const BUCKETS = '/buckets';

export class BucketGrid {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.getByRole('grid', { name: 'Base buckets' });
  }

  row(name: string): Locator {
    return this.root.getByRole('row').filter({ has: this.page.getByRole('gridcell', { name, exact: true }) });
  }

  async cell(name: string, column: string): Promise<Locator> {
    const head = this.root.getByRole('columnheader', { name: column, exact: true });
    const index = await head.getAttribute('aria-colindex');
    if (!index) throw new Error(`no column ${column}`);
    return this.row(name).locator(`[role=gridcell][aria-colindex="${index}"]`);
  }

  /** Row count as the grid tells it to a screen reader, without the header. */
  async expectRows(count: number): Promise<void> {
    await expect(this.root).toHaveAttribute('aria-rowcount', String(count + 1));
  }

  /** The list was read and is not being read again. */
  async expectRead(): Promise<void> {
    const totals = this.page.getByRole('group', { name: 'Totals' });
    await expect(totals).toContainText(/\d base buckets?/);
    await expect(totals).not.toContainText('Reading');
  }

  /** The list is read again while the keyboard stays where it is, as another tab may cause it. */
  async readAgain(): Promise<void> {
    await this.page.getByRole('button', { name: 'Refresh', exact: true }).dispatchEvent('click');
  }

  /** Shows only what holds a text. */
  async find(text: string): Promise<void> {
    await this.page.getByLabel('Find base buckets').fill(text);
    await expect(this.page).toHaveURL(new RegExp(`find=`));
  }

  async open(name: string): Promise<void> {
    await this.row(name).getByRole('link', { name, exact: true }).click();
  }

  /** Selects all that are shown and opens the dialog that changes them together. */
  async changeTogether(count: number): Promise<Locator> {
    await this.root.getByRole('gridcell').nth(1).click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.getByRole('button', { name: `Edit ${count} selected…` }).click();
    return this.page.getByRole('dialog', { name: 'Edit selected base buckets' });
  }
}

export class BucketDrawer {
  readonly root: Locator;

  constructor(private readonly page: Page) {
    this.root = page.getByRole('complementary', { name: /^Base bucket/ });
  }

  /** It stands, and nothing that the page reads when it is opened is still to come. */
  async expectOpen(name: string): Promise<void> {
    await this.expectTitle(name);
    await expect(this.root.getByRole('heading', { name: 'Covers' })).toBeVisible();
    await new BucketGrid(this.page).expectRead();
  }

  async expectTitle(name: string): Promise<void> {
    await expect(this.root.getByRole('heading', { name, exact: true })).toBeVisible();
  }

  field(title: string): Locator {
    return this.root.getByLabel(title, { exact: true });
  }

  /** The field's box with its state and what is wrong with it. */
  box(name: string): Locator {
    return this.root.locator(`[data-field="${name}"]:not(fieldset)`).first();
  }

  section(name: 'life' | 'details' | 'delete'): Locator {
    return this.root.locator(`[data-section="${name}"]`);
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  /** Types a text into a field and leaves it with Enter. */
  async correct(title: string, text: string): Promise<void> {
    const field = this.field(title);
    await field.fill(text);
    await field.press('Enter');
  }

  async delete(): Promise<void> {
    await this.button('Delete…').click();
    await this.button('Delete for good').click();
  }
}
