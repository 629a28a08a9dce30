// The first column of a list is a link: it opens by one press or one tap, in another tab as well, and its
// address can be taken along. The rest of a row selects.
import type { Locator, Page } from '@playwright/test';
import { ChangesPage } from '../person/changes_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expectSignedIn } from '../person/sign_in';
import { UsageGrid } from '../person/usage_grid';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'follows a link in a list', events: 2000 } });

function batchLink(page: Page): Locator {
  return page.getByRole('grid', { name: 'Usage event batches' }).getByRole('link', { name: BATCH, exact: true });
}

async function expectBatch(page: Page): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}$`));
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
}

test('one press opens a batch, one more an event of it, and the rest of the row selects', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  await batchLink(page).click();
  await expectBatch(page);
  const grid = new EventGrid(page);
  const link = grid.rowAt(2).getByRole('link');
  const event = (await link.textContent()) ?? '';
  await expect(link).toHaveAttribute('href', eventAddress(BATCH, event));
  await (await grid.cell(event, 'Status')).click();
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}$`));
  await page.keyboard.press('Space');
  await expect(grid.row(event)).toHaveAttribute('aria-selected', 'true');
  await link.click();
  await new EventDrawer(page, event).expectOpen();
  // The keyboard goes on from the row that was opened.
  await page.keyboard.press('Escape');
  await expect(grid.root).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const next = (await grid.rowAt(3).getByRole('link').textContent()) ?? '';
  const drawer = new EventDrawer(page, next);
  await drawer.expectOpen();
  // Escape closes it from the grid too, once there is nothing to clear, and where nothing has the focus.
  await (await grid.cell(next, 'Status')).click();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await expect(grid.row(next)).toHaveAttribute('aria-selected', 'false');
  await drawer.expectOpen();
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await expect(grid.root).toBeFocused();
  await grid.rowAt(3).getByRole('link').click();
  await drawer.expectOpen();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
});

test('a double click, out of habit, opens the record and nothing more', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  await batchLink(page).dblclick();
  await expectBatch(page);
  const link = new EventGrid(page).rowAt(1).getByRole('link');
  const event = (await link.textContent()) ?? '';
  await link.dblclick();
  await new EventDrawer(page, event).expectOpen();
  await page.goBack();
  await expectBatch(page);
});

test('who comes back to a list stands on the row that was opened, and its keys go on from there', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('Service', '+49 opened again');
  await drawer.correct('File', 'opened_again.csv');
  await expectAllSaved(page);
  await new ChangesPage(page).open();
  const screens = page.getByRole('navigation', { name: 'Screens' });
  for (const list of ['Changes', 'Batches']) {
    await screens.getByRole('link', { name: list, exact: true }).click();
    const grid = page.getByRole('grid');
    const row = grid.locator('[role=row][aria-rowindex="3"]');
    if (list === 'Changes') {
      await row.getByRole('gridcell').first().click();
      await page.getByRole('complementary', { name: 'One change' }).getByRole('link', { name: 'Open the record' }).click();
    } else {
      await row.getByRole('link').click();
    }
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(list);
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1, name: list })).toBeVisible();
    await expect(row.locator('.is-active'), list).toHaveCount(1);
    // What stood beside it stands there again.
    if (list === 'Changes') await page.keyboard.press('Escape');
    await expect(grid, list).toBeFocused();
    await expect(row.locator('.is-active'), list).toHaveCount(1);
    // A row opens once it is here.
    await expect(row.getByRole('gridcell').first(), list).toHaveText(/\w/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(list);
  }
});

for (const [list, address] of [
  ['all events', '/events'],
  ["a batch's events", `/batches/${BATCH}?find=TEL`],
] as const) {
  test(`who comes back to ${list} is at the row that was open, closed or not`, async ({ sitDown }) => {
    const page = await sitDown('viewer', address);
    const grid = page.getByRole('grid', { name: 'Usage events' });
    const drawer = page.getByRole('complementary');
    await expect(grid.getByRole('link').first()).toBeVisible();
    for (const [number, way] of ['closed', 'open', 'stepped to'].entries()) {
      const opened = 60 + 45 * number;
      const row = (index: number) => grid.locator(`[role=row][aria-rowindex="${index}"]`);
      await grid.evaluate((root, top) => { root.scrollTop = top; }, 28 * (opened - 8));
      await row(opened).getByRole('link').first().click();
      await expect(drawer).toBeVisible();
      if (way === 'closed') {
        await page.keyboard.press('Escape');
        await expect(drawer).toBeHidden();
      }
      if (way === 'stepped to') await drawer.getByRole('button', { name: 'Next event' }).click();
      const wanted = row(way === 'stepped to' ? opened + 1 : opened);
      await expect(wanted.locator('.is-active'), way).toHaveCount(1);
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches', exact: true }).click();
      await expect(grid).toBeHidden();
      await page.goBack();
      await expect(wanted.locator('.is-active'), way).toHaveCount(1);
      await expect(wanted, way).toBeInViewport();
      if (way !== 'closed') await drawer.getByRole('button', { name: 'Close the event' }).click();
    }
  });
}

test("the number of an event's batch leads to the batch, in the list and where the event is open", async ({ sitDown }) => {
  const page = await sitDown('viewer', `/events?find=${BATCH.slice(-3)}`);
  const grid = new EventGrid(page);
  const event = (await grid.rowAt(2).getByRole('link').first().textContent()) ?? '';
  const batch = (await grid.cell(event, 'Batch')).getByRole('link');
  const number = (await batch.textContent()) ?? '';
  await expect(batch).toHaveAttribute('href', `/batches/${number}`);
  await batch.click();
  await expect(page).toHaveURL(`/batches/${number}`);
  await page.goBack();
  await grid.expectOn(event);
  await grid.row(event).getByRole('link').first().click();
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await drawer.box('BatchNumber').getByRole('link', { name: number, exact: true }).click();
  await expect(page).toHaveURL(`/batches/${number}`);
});

for (const [how, options] of [
  ['a middle click', { button: 'middle' }],
  ['a press with Ctrl', { modifiers: ['ControlOrMeta'] }],
] as const) {
  test(`${how} opens the record in another tab and leaves this one as it is`, async ({ sitDown }) => {
    const page = await sitDown('editor', `/batches/${BATCH}?find=TEL`);
    const grid = new EventGrid(page);
    const link = grid.rowAt(1).getByRole('link');
    const event = (await link.textContent()) ?? '';
    const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click(options)]);
    await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}\\?find=TEL$`));
    await expect(grid.root.locator('[role=row][aria-selected=true]')).toHaveCount(0);
    // The filter goes along in the address.
    await expect(tab).toHaveURL(`${eventAddress(BATCH, event)}?find=TEL`);
    await expectSignedIn(tab);
    await new EventDrawer(tab, event).expectOpen();
  });
}

test('on a touch screen one tap on the number opens, and a tap beside it does not', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches', { hasTouch: true, isMobile: true, viewport: { width: 820, height: 1180 } });
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: BATCH, exact: true }) });
  await row.getByRole('gridcell').nth(1).tap();
  await expect(page).toHaveURL(/\/batches$/);
  const box = await batchLink(page).boundingBox();
  expect(box?.height, 'a finger meets it').toBeGreaterThanOrEqual(24);
  await batchLink(page).tap();
  await expectBatch(page);
});

test('base buckets and service usage events open by their links too', async ({ sitDown }) => {
  const page = await sitDown('admin', '/buckets');
  const bucket = page.getByRole('grid', { name: 'Base buckets' }).getByRole('link').first();
  const name = (await bucket.textContent()) ?? '';
  await bucket.click();
  await expect(page.getByRole('complementary', { name: /^Base bucket/ }).getByRole('heading', { name, exact: true })).toBeVisible();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Service usage' }).click();
  const usage = await new UsageGrid(page).cellAt(1, 'Created (UTC)');
  await usage.getByRole('link').click();
  const close = page.getByRole('complementary').getByRole('button', { name: 'Close the event' });
  await expect(close).toBeVisible();
  // Closed or not, Back leads to its row.
  await close.click();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches', exact: true }).click();
  await expect(usage).toBeHidden();
  await page.goBack();
  await expect(usage).toHaveClass(/is-active/);
});
