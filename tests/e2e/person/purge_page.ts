// The page of the purge, and a person who walks its one path.
import { type Locator, type Page, expect } from '@playwright/test';
import { PURGE, type Platform } from '../stand/platform';

export const PURGE_ADDRESS = '/service-usage/purge';
const TARGET = 'Usage Desk demo';

/** Where a person stops on the way, in order. */
export const STOPS = ['copied', 'proven', 'naming', 'counting'] as const;
export type Stop = (typeof STOPS)[number];

export class PurgePage {
  /** Purges that left this browser, whatever tab. */
  posts = 0;
  readonly step: Locator;
  private time = new Date();

  constructor(
    readonly page: Page,
    private readonly platform: Platform,
  ) {
    this.step = page.getByRole('group', { name: 'Current step' });
    page.context().on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).pathname === PURGE) this.posts += 1;
    });
  }

  button(name: string): Locator {
    return this.step.getByRole('button', { name, exact: true });
  }

  /** The clocks of the page and of the platform stand still at a time, and so does the countdown. */
  async setTime(time: Date): Promise<void> {
    this.time = time;
    await this.platform.faults.setClock(time);
    await this.page.clock.setFixedTime(time);
  }

  async passSeconds(seconds: number): Promise<void> {
    await this.setTime(new Date(this.time.getTime() + seconds * 1000));
  }

  /** Walks to a stop from the page's start; gives the path of the copy that was saved. */
  async walkTo(stop: Stop): Promise<string> {
    await this.setTime(await this.platform.quietTime());
    const copy = await this.copy();
    if (stop === 'copied') return copy;
    await this.step.getByLabel('The saved copy').setInputFiles(copy);
    await expect(this.button('I have read this')).toBeVisible();
    if (stop === 'proven') return copy;
    await this.button('I have read this').click();
    await expect(this.step.getByLabel('Name of the platform')).toBeVisible();
    if (stop === 'naming') return copy;
    await this.name(TARGET);
    await expect(this.step.getByRole('timer')).toContainText('10 seconds');
    return copy;
  }

  /** Begins, and saves the copy under its own name. */
  async copy(): Promise<string> {
    const download = this.page.waitForEvent('download');
    await this.button('Begin with the copy').click();
    const saved = await download;
    await expect(this.step.getByLabel('The saved copy')).toBeVisible();
    return saved.path();
  }

  async name(text: string): Promise<void> {
    await this.step.getByLabel('Name of the platform').fill(text);
    await this.button('Start the countdown').click();
  }

  /** Lets the countdown run out. */
  async countDown(): Promise<void> {
    await this.passSeconds(10);
  }

  async expectStart(): Promise<void> {
    await expect(this.button('Begin with the copy')).toBeVisible();
  }
}
