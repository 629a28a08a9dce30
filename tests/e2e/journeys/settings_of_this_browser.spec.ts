// How a person likes the console: theme, rows, notation, zone, first screen and single keys count at once, are kept in
// this browser, and are no more than that: what is odd in storage, or cannot be kept, stops nobody.
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'settings of this browser', events: 2000 } });

const section = (page: Page) => page.getByRole('region', { name: 'This browser' });
const example = (page: Page) => section(page).getByTestId('example');
const open = (page: Page) => page.getByRole('link', { name: 'Settings', exact: true }).click();

/** At the settings, which are there without a sign-in. */
async function signInAtSettings(page: Page, user: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await signIn(page, user);
}

/** What stands in this browser's storage of the settings. */
const kept = (page: Page) =>
  page.evaluate(() => Object.fromEntries(Object.entries({ ...localStorage }).filter(([key]) => key.startsWith('usage-desk.'))));

/** What a cell shows, without what keeps a column in line. */
async function shown(grid: EventGrid, event: string, column: string): Promise<string> {
  return ((await (await grid.cell(event, column)).textContent()) ?? '').replace(/[\u2007\u2008]/g, '');
}

test('numbers and times are written as any language has them, read so, and copied for machines', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0].EventNumber as string;
  expect((await records.write(event, { UsageQuantity: -1234567.5, EventStartTime: '2026-10-05T08:30:00.250+00:00' })).status).toBe(200);
  const page = await sitDown('editor', '/batches', { permissions: ['clipboard-read', 'clipboard-write'] });
  await open(page);
  await expect(example(page)).toHaveText('\u22121,234,567.891; 1,234.50; 2026-10-31 14:05:07.250 UTC');
  const numbers = section(page).getByRole('combobox', { name: 'Numbers' });
  for (const [tag, text] of [
    ['en-IN', '\u221212,34,567.891; 1,234.50'],
    ['de-CH', '\u22121\u2019234\u2019567.891; 1\u2019234.50'],
    ['fr-FR', '\u22121\u202f234\u202f567,891; 1\u202f234,50'],
    // Groups begin at five digits.
    ['es-ES', '\u22121.234.567,891; 1234,50'],
    ['pl-PL', '\u22121\u00a0234\u00a0567,891; 1234,50'],
    ['sv-SE', '\u22121\u00a0234\u00a0567,891; 1\u00a0234,50'],
    ['de-DE', '\u22121.234.567,891; 1.234,50'],
  ]) {
    await numbers.selectOption(tag);
    // toHaveText would take every blank for the same. Browsers have either apostrophe for the Swiss.
    const written = async () => (await example(page).textContent())?.replaceAll("'", '\u2019');
    await expect.poll(written, tag).toBe(`${text}; 2026-10-31 14:05:07.250 UTC`);
  }
  const times = section(page).getByRole('combobox', { name: 'Dates and times' });
  for (const [tag, text] of [
    ['browser', '31/10/2026 14:05:07.250'],
    ['en-US', '10/31/2026 14:05:07.250'],
    ['ja-JP', '2026/10/31 14:05:07.250'],
    ['de-DE', '31.10.2026 14:05:07,250'],
  ]) {
    await times.selectOption(tag);
    await expect(example(page)).toHaveText(`\u22121.234.567,891; 1.234,50; ${text} UTC`);
  }
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'settings of this browser');

  // Everywhere at once: shown, typed and echoed so, copied as machines have it.
  await page.getByRole('link', { name: 'Batches' }).first().click();
  await page.getByRole('gridcell', { name: BATCH }).dblclick();
  const grid = new EventGrid(page);
  await grid.filterTo('Error');
  expect(await shown(grid, event, 'Quantity')).toBe('\u22121.234.567,5');
  expect(await shown(grid, event, 'Start (UTC)')).toBe('05.10.2026 08:30:00,250');
  await (await grid.cell(event, 'Start (UTC)')).click();
  await page.keyboard.press('ControlOrMeta+C');
  // That it was copied is said until the list says something else.
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^2026-10-05 08:30:00\.250/);
  const editor = await grid.openEditor(event, 'Quantity');
  await editor.fill('1.234,5');
  await expect(editor).toHaveAccessibleDescription('= 1.234,5 (1234.5)');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  expect((await records.event(event)).UsageQuantity).toBe('1234.5');
  const start = await grid.openEditor(event, 'Start (UTC)');
  await start.fill('6.10.2026 9:15');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  expect((await records.event(event)).EventStartTime).toMatch(/^2026-10-06T/);

  // A language that is not listed is typed, and known or not.
  await open(page);
  await numbers.selectOption('another');
  const tag = section(page).getByRole('textbox', { name: 'Numbers: language tag' });
  await tag.fill('e');
  await tag.press('Tab');
  await expect(section(page).getByRole('alert').filter({ hasText: 'knows no language' })).toBeVisible();
  await expect(tag).toHaveValue('e');
  await expect(example(page)).toContainText('\u22121.234.567,891');
  await tag.fill('nb-NO');
  await tag.press('Tab');
  await expect.poll(() => example(page).textContent()).toContain('\u22121\u00a0234\u00a0567,891');
  await page.reload();
  await signInAtSettings(page, 'editor');
  await expect(tag).toHaveValue('nb-NO');
  await section(page).getByRole('button', { name: 'Back to default' }).click();
  await expect(example(page)).toHaveText('\u22121,234,567.891; 1,234.50; 2026-10-31 14:05:07.250 UTC');
  await expect(tag).toHaveCount(0);
  expect(await kept(page)).toEqual({});
});

test('theme, rows, zone, first screen and single keys count at once, last, and go back to default', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/batches');
  await open(page);
  const field = (name: string) => section(page).getByLabel(name, { exact: true });
  const root = page.locator('html');
  await field('Theme').selectOption('Dark');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('navigation', { name: 'Screens' }).getByLabel('Theme')).toHaveValue('dark');
  await field('Rows of lists').selectOption('Comfortable');
  const zone = field('Time zone of months and days');
  await zone.fill('Europe/Atlantis');
  await zone.press('Tab');
  await expect(section(page).getByRole('alert').filter({ hasText: 'does not know the time zone' })).toBeVisible();
  await zone.fill('Asia/Kolkata');
  await zone.press('Tab');
  await expect(section(page).getByRole('alert').filter({ hasText: 'does not know' })).toHaveCount(0);
  await field('Begin with').selectOption('Batches');
  const singleKeys = section(page).getByRole('checkbox', { name: /^Single keys/ });
  await singleKeys.uncheck();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/\/settings$/);

  await page.goto('/');
  await signIn(page, 'viewer');
  await expect(page).toHaveURL(/\/batches$/);
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('.grid-frame')).toHaveAttribute('data-density', 'comfortable');
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('Asia/Kolkata');
  // Who loads the overview anew wants the overview; a link that says what it shows leads there.
  await page.reload();
  await signIn(page, 'viewer');
  await expect(page.getByRole('heading', { name: /^Overview of/, level: 1 })).toBeVisible();
  await page.goto('/?month=2026-10&zone=UTC');
  await signIn(page, 'viewer');
  await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('UTC');

  await open(page);
  await field('Begin with').selectOption('The screen that I was on last');
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Events', level: 1 })).toBeVisible();
  await page.goto('/');
  await signIn(page, 'viewer');
  await expect(page).toHaveURL(/\/events$/);

  await open(page);
  await section(page).getByRole('button', { name: 'Back to default' }).click();
  await expect(root).not.toHaveAttribute('data-theme');
  await expect(singleKeys).toBeChecked();
  await expect(zone).toHaveValue('');
  expect(await kept(page)).toEqual({});
});

test('what is odd in storage counts as not set, and a browser that keeps nothing says so', async ({ openBrowser }) => {
  const odd = await openBrowser('/settings');
  await odd.evaluate(() => {
    for (const key of ['theme', 'density', 'numbers', 'times', 'zone', 'first-screen', 'keys', 'notices']) localStorage.setItem(`usage-desk.${key}`, '<img src=x>\n=');
    localStorage.setItem('usage-desk.numbers', 'de'.repeat(500));
    localStorage.setItem('usage-desk.first-screen', '//elsewhere.example');
  });
  await odd.goto('/');
  await signIn(odd, 'viewer');
  await expect(odd.getByRole('heading', { name: /^Overview of/, level: 1 })).toBeVisible();
  await open(odd);
  await expect(example(odd)).toHaveText('\u22121,234,567.891; 1,234.50; 2026-10-31 14:05:07.250 UTC');
  await expect(section(odd).getByRole('checkbox', { name: /^Single keys/ })).toBeChecked();

  const page = await openBrowser('about:blank');
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('refused', 'SecurityError'); } });
  });
  await page.goto('/settings');
  await signInAtSettings(page, 'viewer');
  await section(page).getByRole('combobox', { name: 'Numbers' }).selectOption('en-IN');
  await expect(example(page)).toContainText('12,34,567.891');
  await expect(section(page).getByRole('alert').filter({ hasText: 'keeps no settings' })).toBeVisible();
  await page.getByRole('link', { name: 'Batches' }).first().click();
  await expect(page.getByRole('heading', { name: 'Batches', level: 1 })).toBeVisible();
  await open(page);
  await expect(section(page).getByRole('combobox', { name: 'Numbers' })).toHaveValue('en-IN');
});
