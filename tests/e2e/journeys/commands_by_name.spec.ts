// Ctrl+K: every screen, every action of the page and every record by its number, by typing. Enter does what stands
// there when it is pressed, or nothing.
import { type Locator, type Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'commands by name', events: 200 } });

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const field = (page: Page) => palette(page).getByRole('combobox');
const entries = (page: Page) => palette(page).getByRole('option');
const chosen = (page: Page): Locator => palette(page).locator('[role=option][aria-selected=true]');

/** Opens it and types. */
async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
}

test('a screen, an action and a record are found by typing, and Esc leaves everything as it was', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0].EventNumber as string;
  const page = await sitDown('editor', '/batches');
  const batches = new EventGrid(page, 'Usage event batches');
  await expect(batches.rowAt(1)).toBeVisible();
  await batches.root.focus();

  await page.keyboard.press('ControlOrMeta+k');
  await expect(field(page)).toBeFocused();
  await expect(palette(page).getByRole('group')).toHaveCount(2);
  await expect(chosen(page)).toHaveCount(1);
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await chosen(page).getAttribute('id'))!);
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'commands');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toHaveCount(0);
  await expect(batches.root).toBeFocused();

  // A screen, with the keys that lead there.
  await type(page, 'bucket');
  await expect(chosen(page)).toContainText('Buckets');
  await expect(chosen(page)).toContainText('G then K');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/buckets$/);
  await expect(palette(page)).toHaveCount(0);

  // An action of the page, once it is there: it asks as its button does.
  await expect(page.getByRole('button', { name: 'New base bucket' })).toBeVisible();
  await type(page, 'new base');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New base bucket' })).toBeVisible();
  // Over a dialog there is no other.
  await page.keyboard.press('ControlOrMeta+k');
  await expect(palette(page)).toHaveCount(0);
  await page.keyboard.press('Escape');

  // A record, by a part of its number. Arrows go round.
  await type(page, BATCH.slice(3).toLowerCase());
  await expect(chosen(page)).toContainText(BATCH);
  const several = await entries(page).count();
  for (let step = 0; step < several; step += 1) await page.keyboard.press('ArrowUp');
  await expect(chosen(page)).toContainText(BATCH);
  await takePictures(page, 'commands by number');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}$`));
  await type(page, event);
  await expect(chosen(page)).toContainText(event);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/events/${event}$`));
  await expect(page.getByRole('complementary')).toContainText(event);

  // What was open before is offered first, and from a field too.
  await type(page, '');
  await expect(palette(page).getByRole('group', { name: 'Recent' }).getByRole('option').first()).toContainText(BATCH);
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').first().focus();
  await page.keyboard.press('ControlOrMeta+k');
  await expect(palette(page)).toBeVisible();
  // The mouse, and a press beside it.
  await entries(page).filter({ hasText: BATCH }).first().click();
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}`));
  await page.keyboard.press('ControlOrMeta+k');
  await page.mouse.click(20, 880);
  await expect(palette(page)).toHaveCount(0);
});

test('what was opened last is offered with its time, after a reload too, and to nobody else', async ({ sitDown, records }) => {
  const events = (await records.eventsOf(BATCH)).slice(0, 12).map((event) => event.EventNumber as string);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const recent = palette(page).getByRole('group', { name: 'Recent' }).getByRole('option');
  for (const event of events) {
    await type(page, event);
    await expect(chosen(page)).toContainText(event);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/events/${event}$`));
  }
  const expected = events.slice(-11, -1).reverse();
  await type(page, '');
  await expect(recent).toHaveCount(10);
  for (const [place, event] of expected.entries()) {
    await expect(recent.nth(place)).toContainText(event);
    await expect(recent.nth(place)).toContainText(/Event, opened \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  }
  await takePictures(page, 'commands opened last');
  await page.reload();
  await signIn(page, 'editor');
  await type(page, '');
  await expect(recent.first()).toContainText(expected[0]);
  await page.keyboard.press('Escape');

  // Whoever signs out leaves nothing behind.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signIn(page, 'editor2');
  expect(await page.evaluate(() => sessionStorage.getItem('usage-desk.recent') ?? '')).not.toContain(events[0]);
  await type(page, '');
  await expect(recent.filter({ hasText: events[0] })).toHaveCount(0);
  await page.keyboard.press('Escape');
  // Nor does who only goes: the next person in this tab is another one.
  await page.goto(`/events/${events[0]}`);
  await signIn(page, 'editor2');
  await page.goto('/batches');
  await signIn(page, 'viewer');
  await type(page, '');
  await expect(palette(page).getByRole('option').filter({ hasText: events[0] })).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.getItem('usage-desk.recent') ?? '')).not.toContain(events[0]);
});

test('Enter before the answer does nothing, what arrives moves nothing, and a failed search says so', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/batches');
  await expect(new EventGrid(page, 'Usage event batches').rowAt(1)).toBeVisible();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/subscriptionUsageEventBatches\?.*UPPER/, async (route) => {
    await held;
    await route.continue();
  });
  await type(page, BATCH);
  await expect(palette(page)).toContainText('Looking for records…');
  await expect(entries(page)).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeVisible();
  release();
  await expect(chosen(page)).toContainText(BATCH);
  await expect(page).toHaveURL(/\/batches$/);

  // An entry that was chosen stays it while others arrive.
  await field(page).fill('ba');
  await expect(chosen(page)).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  const before = await chosen(page).innerText();
  await expect(palette(page)).not.toContainText('Looking for records…');
  expect(await chosen(page).innerText()).toBe(before);

  // What the answer brings is not taken for what stood there: a number that a bucket may have stays before it.
  await field(page).fill('2026');
  await expect(chosen(page)).toContainText('Base bucket');
  await expect(palette(page)).not.toContainText('Looking for records…');
  await expect(entries(page).filter({ hasText: 'Batch' })).not.toHaveCount(0);
  await expect(chosen(page)).toContainText('Base bucket');
  await expect(entries(page).filter({ hasText: /^Find/ })).toHaveCount(0);
  await expect(palette(page).getByRole('status')).toHaveText('More records hold this. Type more of the number.');

  await page.unrouteAll();
  await page.route(/subscriptionUsageEventBatches\?.*UPPER/, (route) => route.fulfill({ status: 500, contentType: 'text/plain', body: 'down' }));
  await field(page).fill('UB-2026-11');
  await expect(palette(page).getByRole('status')).toContainText('Records could not be looked for.');
});

test('what is forbidden says why, and a second Enter confirms nothing', async ({ sitDown, records }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await expect(new EventGrid(page).rowAt(1)).toBeVisible();
  await type(page, 'delete');
  await expect(chosen(page)).toHaveAttribute('aria-disabled', 'true');
  await expect(chosen(page)).toContainText('Only a batch in Draft');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.notices')).toContainText('Only a batch in Draft');

  await page.getByRole('link', { name: 'Batches' }).first().click();
  const draft = new EventGrid(page, 'Usage event batches');
  await draft.root.getByRole('gridcell', { name: 'Draft' }).first().dblclick();
  await expect(page).toHaveURL(/\/batches\/[^/]+$/);
  const number = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1)!);
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).not.toHaveAttribute('aria-disabled', 'true');
  await type(page, 'delete');
  await expect(chosen(page)).not.toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Delete' });
  await expect(question.locator('p').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question.getByRole('button', { name: 'Delete' })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/batches/${number}$`));
  expect(await records.batch(number)).toBeTruthy();
});
