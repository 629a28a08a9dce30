import { type Locator, type Page, expect } from '@playwright/test';

/** The card that stands in the drawer where two people changed the same field. */
export class ConflictCard {
  readonly root: Locator;

  constructor(page: Page, record: string) {
    this.root = page.getByRole('region', { name: `Conflict on ${record}` });
  }

  private field(title: string): Locator {
    return this.root.getByRole('group', { name: title });
  }

  /** Who, what it was, theirs and mine: all of it must be there to decide. */
  async expectTells(title: string, told: { who: string; before: string; theirs: string; mine: string }): Promise<void> {
    await expect(this.root).toContainText(`Last changed by ${told.who}`);
    const choices = this.field(title).locator('.conflict-choice');
    await expect(choices.filter({ hasText: 'Before' })).toContainText(told.before);
    await expect(choices.filter({ hasText: 'Take theirs' })).toContainText(told.theirs);
    await expect(choices.filter({ hasText: 'Keep mine' })).toContainText(told.mine);
  }

  async keepMine(title: string): Promise<void> {
    await this.field(title).getByRole('radio', { name: /^Keep mine/ }).check();
    await this.apply();
  }

  async takeTheirs(title: string): Promise<void> {
    await this.field(title).getByRole('radio', { name: /^Take theirs/ }).check();
    await this.apply();
  }

  async another(title: string, text: string): Promise<void> {
    await this.field(title).getByLabel(`${title}: another value`).fill(text);
    await this.apply();
  }

  private async apply(): Promise<void> {
    await this.root.getByRole('button', { name: 'Apply' }).click();
    await expect(this.root).toBeHidden();
  }
}
