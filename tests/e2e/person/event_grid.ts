// The grid of usage events, or of another list, as a person finds things in it: by what a row's first cell says, and
// column title.
import { type Locator, type Page, expect } from '@playwright/test';

export class EventGrid {
  readonly root: Locator;

  constructor(
    private readonly page: Page,
    name = 'Usage events',
  ) {
    this.root = page.getByRole('grid', { name, exact: true });
  }

  row(event: string): Locator {
    return this.root.getByRole('row').filter({ has: this.page.getByRole('gridcell', { name: event, exact: true }) });
  }

  /** A row by its place in the whole list, counted from 1. */
  rowAt(place: number): Locator {
    // The header is row 1 of the grid.
    return this.root.locator(`[role=row][aria-rowindex="${place + 1}"]`);
  }

  /** What the first cells of the rows in sight say, from the top. */
  async firstCells(): Promise<string[]> {
    return this.root.evaluate((root) => {
      const rows = [...root.querySelectorAll('[role=row][aria-rowindex]:not([aria-rowindex="1"])')];
      const place = (row: Element) => Number(row.getAttribute('aria-rowindex'));
      const shown = rows.filter((row) => row.getClientRects().length > 0).sort((one, other) => place(one) - place(other));
      return shown.map((row) => row.querySelector('[role=gridcell]')?.textContent ?? '');
    });
  }

  async cell(event: string, column: string): Promise<Locator> {
    return this.row(event).locator(`[role=gridcell][aria-colindex="${await this.columnIndex(column)}"]`);
  }

  /** The head of a column. One that is filtered says so behind its title. */
  head(column: string): Locator {
    return this.root.locator('[role=columnheader]').filter({ has: this.page.getByText(column, { exact: true }) });
  }

  async columnIndex(column: string): Promise<string> {
    const index = await this.head(column).getAttribute('aria-colindex');
    if (!index) throw new Error(`no column ${column}`);
    return index;
  }

  /** The grid's cursor stands on the event, whose row is wholly in sight. */
  async expectOn(event: string): Promise<void> {
    const row = this.row(event);
    await expect(row.locator('.is-active')).toHaveCount(1);
    await expect(row.getByRole('gridcell').first()).toBeInViewport({ ratio: 1 });
  }

  /** Row count as the grid tells it to a screen reader, without the header. */
  async expectRows(count: number): Promise<void> {
    await expect(this.root).toHaveAttribute('aria-rowcount', String(count + 1));
  }

  /** Goes to a cell and opens its editor with the text that stands there. */
  async openEditor(event: string, column: string): Promise<Locator> {
    await (await this.cell(event, column)).click();
    await this.page.keyboard.press('F2');
    return this.editor(column);
  }

  editor(column: string): Locator {
    return this.root.getByLabel(column, { exact: true });
  }

  /** F2, type, Enter. */
  async correct(event: string, column: string, text: string): Promise<void> {
    const editor = await this.openEditor(event, column);
    await expect(editor).toBeFocused();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await expect(editor).toBeHidden();
  }

  /** Shows only events of one kind of status. */
  async filterTo(chip: string): Promise<void> {
    const button = this.page.getByRole('group', { name: 'Status' }).getByRole('button', { name: chip, exact: true });
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
  }

  /** The cell that the keyboard is at, once the last key is painted. */
  async activeCell(): Promise<Locator> {
    await expect(this.root).toHaveAttribute('aria-activedescendant', /.+/);
    await this.root.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    return this.root.locator('[role=gridcell].is-active');
  }
}
