// Keys that lead around: to the search, to another screen, from region to region, and from one open event to
// the next. Where something is typed they type.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { refuseRenewal, sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'keys lead around the page', events: 2000 } });

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test('after sign-in the grid has the keyboard, and two keys lead to every screen', async ({ sitDown }) => {
  const page = await sitDown('admin', '/batches');
  await expect(page.getByRole('grid', { name: 'Usage event batches' })).toBeFocused();
  for (const [letter, address, title] of [
    ['e', '/events', 'Events'],
    ['k', '/buckets', 'Base buckets'],
    ['u', '/service-usage', 'Service usage'],
    ['c', '/changes', 'Changes'],
    ['b', '/batches', 'Batches'],
  ] as const) {
    await press(page, 'g', letter);
    await expect(page).toHaveURL(new RegExp(`${address}$`));
    await expect(page.getByRole('heading', { name: title, exact: true, level: 1 })).toBeVisible();
  }
  await page.getByRole('link', { name: 'Skip to the page' }).press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('a slash leads to the search, and nothing leads away from where one types', async ({ sitDown, watch }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await expect(grid.root).toBeFocused();
  await press(page, '/');
  const search = page.getByRole('searchbox', { name: 'Find events' });
  await expect(search).toBeFocused();
  await page.keyboard.type('g b/?jk');
  await expect(search).toHaveValue('g b/?jk');
  await search.fill('');
  // An empty search is left by Esc.
  await press(page, 'Escape');
  await expect(grid.root).toBeFocused();
  await press(page, '/');
  await expect(search).toBeFocused();
  await press(page, 'F6');
  await expect(grid.root).toBeFocused();
  // In a column that can be edited the same keys begin an edit.
  await grid.filterTo('Error');
  const event = (await grid.rowAt(1).getByRole('link').textContent()) ?? '';
  await (await grid.cell(event, 'Service')).click();
  await page.keyboard.type('gb/');
  await expect(grid.editor('Service')).toHaveValue('gb/');
  await press(page, 'Escape');
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}\\?status=`));
  expect(watch.writes).toEqual([]);
});

test('F6 leads to the grid from anywhere, and from the grid to drawer, head and filters', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const grid = new EventGrid(page).root;
  const regions = [drawer.root, page.locator('.page-head'), page.getByRole('search', { name: 'Filter events' })];
  await drawer.field('Quantity').focus();
  await press(page, 'F6');
  await expect(grid).toBeFocused();
  await press(page, 'F6');
  for (const region of [regions[1], regions[2], regions[0]]) {
    await expect(region.locator(':focus')).toHaveCount(1);
    await press(page, 'F6');
    await expect(grid).toBeFocused();
    await press(page, 'F6');
  }
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await press(page, 'F6');
  await expect(grid).toBeFocused();
  await press(page, 'Shift+F6');
  await expect(regions[2].locator(':focus')).toHaveCount(1);
});

test('J and K open the next and the previous event in error, past all others and rows that are not loaded', async ({ sitDown, records }) => {
  const errors = (await records.eventsInError(BATCH)).map((event) => event.EventNumber);
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1)).toBeVisible();
  // The errors stand apart from one another, and most of them beyond the rows that are loaded at first.
  expect(errors.length).toBeGreaterThan(10);
  await expect(grid.row(errors[errors.length - 1])).toHaveCount(0);
  const notices = page.getByRole('log', { name: 'Notices' });
  const seen: string[] = [];
  for (const event of errors) {
    await press(page, 'j');
    await new EventDrawer(page, event).expectOpen();
    await expect(page).toHaveURL(new RegExp(`/events/${event}$`));
    // However far below what is loaded it stands, its row comes into sight; the keyboard is in the drawer.
    await grid.expectOn(event);
    await expect(page.getByRole('complementary').locator(':focus')).toHaveCount(1);
    seen.push(event);
  }
  expect(seen).toEqual(errors);
  await press(page, 'j');
  await expect(notices.getByText('No further event in error in this list.')).toBeVisible();
  for (const event of errors.slice(0, -1).reverse()) {
    await press(page, 'k');
    await new EventDrawer(page, event).expectOpen();
    await grid.expectOn(event);
  }
  await expect(notices.locator('.notice-line')).toHaveCount(0);
  await press(page, 'k');
  await expect(notices.getByText('No earlier event in error in this list.')).toBeVisible();
  // The arrows go from row to row, and say so.
  const first = Number(await grid.row(errors[0]).getAttribute('aria-rowindex')) - 1;
  const beside = (await grid.rowAt(first + 1).getByRole('link').textContent()) ?? '';
  await page.getByRole('button', { name: 'Next event', exact: true }).click();
  await new EventDrawer(page, beside).expectOpen();
});

test('from an event that is opened by its address, far from the rows that are loaded, J and K lead the grid along', async ({ sitDown, records }) => {
  const errors = (await records.eventsInError(BATCH)).map((event) => event.EventNumber);
  const [before, opened, last] = errors.slice(-3);
  const page = await sitDown('viewer', eventAddress(BATCH, opened));
  const grid = new EventGrid(page);
  await new EventDrawer(page, opened).expectOpen();
  await expect(grid.rowAt(1)).toBeVisible();
  await press(page, 'j');
  await new EventDrawer(page, last).expectOpen();
  await grid.expectOn(last);
  await press(page, 'k', 'k');
  await new EventDrawer(page, before).expectOpen();
  await grid.expectOn(before);
  // Out of the drawer the keyboard goes on from there.
  await press(page, 'Escape');
  await expect(grid.root).toBeFocused();
  await expect(grid.row(before)).toContainText((await (await grid.activeCell()).textContent()) ?? '');
  await grid.expectOn(before);
  // In the list of all events too.
  const all = (await records.everyEventInError()).map((event) => event.EventNumber);
  const far = await sitDown('viewer', `/events/${all[all.length - 2]}`);
  await new EventDrawer(far, all[all.length - 2]).expectOpen();
  await press(far, 'j');
  await new EventDrawer(far, all[all.length - 1]).expectOpen();
  await new EventGrid(far).expectOn(all[all.length - 1]);
});

test('from the grid J opens the first event in error at the cursor or behind it', async ({ sitDown, records }) => {
  const [first, second] = (await records.eventsInError(BATCH)).map((event) => event.EventNumber);
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await (await grid.cell(first, 'Event')).click({ position: { x: 3, y: 3 } });
  await press(page, 'j');
  await new EventDrawer(page, first).expectOpen();
  await press(page, 'Escape', 'ArrowDown', 'j');
  await new EventDrawer(page, second).expectOpen();
  // So it does in a column that others may type in, for whoever may not.
  await press(page, 'Escape');
  await (await grid.cell(first, 'Quantity')).click();
  await press(page, 'j');
  await new EventDrawer(page, first).expectOpen();
  // A list without errors says so.
  const other = await sitDown('viewer', `/batches/${BATCH}?status=ORA_PROCESSED`);
  await expect(new EventGrid(other).rowAt(1)).toBeVisible();
  await press(other, 'j');
  const none = other.getByRole('log', { name: 'Notices' }).getByText('No further event in error in this list.');
  await expect(none).toBeVisible();
  // It is past once one goes elsewhere.
  await press(other, 'g', 'b');
  await expect(other).toHaveURL(/\/batches$/);
  await expect(none).toHaveCount(0);
});

test('J and K do nothing from a field, and a dialog holds them back', async ({ sitDown, records }) => {
  const [first, second] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `${eventAddress(BATCH, first.EventNumber)}?status=ORA_ERROR`);
  const [one, two] = [first, second].map((event) => new EventDrawer(page, event.EventNumber));
  await one.expectOpen();
  await expect(new EventGrid(page).row(second.EventNumber)).toBeVisible();
  await press(page, 'j');
  await two.expectOpen();
  await two.field('Service').focus();
  await page.keyboard.press('End');
  await page.keyboard.type('k');
  await expect(two.field('Service')).toHaveValue(/k$/);
  await press(page, 'Escape');
  await two.expectOpen();
  await page.getByRole('button', { name: 'Next event' }).focus();
  await press(page, 'k');
  await one.expectOpen();
  // A dialog holds the keys back from what lies beneath.
  await press(page, '?');
  const keys = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(keys.getByText('Open the next event in error; in another list the next record, while one is open')).toBeVisible();
  await press(page, 'j', 'g', 'e');
  await expect(keys).toBeVisible();
  await press(page, 'Escape');
  await one.expectOpen();
});

test('where the session has ended the password is what is typed next', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Usage event batches' })).toBeFocused();
  // The list has come: what is answered next is what is asked for next.
  await expect(page.getByRole('gridcell', { name: 'UB-2026-11-API' })).toBeVisible();
  await refuseRenewal(page);
  await faults.set({ method: 'GET', path: 'subscriptionUsageEventBatches', kind: { refuse: { status: 401 } }, times: 1 });
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  const { dialog } = sessionDialog(page);
  await expect(dialog.getByLabel('Password')).toBeFocused();
  await page.keyboard.type('editor');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
});
