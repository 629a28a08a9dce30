// The drawer with one event's fields.
import { type Locator, type Page, expect } from '@playwright/test';

export class EventDrawer {
  readonly root: Locator;

  constructor(
    private readonly page: Page,
    readonly event: string,
  ) {
    this.root = page.getByRole('complementary', { name: `Event ${event}` });
  }

  field(title: string): Locator {
    return this.root.getByLabel(title, { exact: true });
  }

  /** The field's box with its state and what is wrong with it. */
  box(name: string): Locator {
    return this.root.locator(`[data-field="${name}"]:not(fieldset)`).first();
  }

  /** Types a text into a field and leaves it with Enter. */
  async correct(title: string, text: string): Promise<void> {
    const field = this.field(title);
    await field.fill(text);
    await field.press('Enter');
  }

  async expectOpen(): Promise<void> {
    await expect(this.root.getByRole('heading', { name: this.event, exact: true })).toBeVisible();
    await expect(this.root.getByText('Reading the event')).toBeHidden();
  }

  async close(): Promise<void> {
    await this.root.getByRole('button', { name: 'Close the event' }).click();
    await expect(this.root).toBeHidden();
  }
}

/** Opens an event at its own address, over its batch. */
export function eventAddress(batch: string, event: string): string {
  return `/batches/${batch}/events/${event}`;
}
