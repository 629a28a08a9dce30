import { PURGE_ADDRESS, PurgePage } from '../person/purge_page';
import { tabTo } from '../person/tab_to';
import { UsageGrid } from '../person/usage_grid';
import { expect, test } from '../stand/desk_test';
import { Platform } from '../stand/platform';

test.use({ stock: { journey: 'keyboard alone in service usage', events: 200 } });

test('a person with a keyboard alone filters, opens an event, comes back, and walks the purge until it is cancelled', async ({ sitDown, server }) => {
  const platform = new Platform(server);
  const events = await platform.events();
  const page = await sitDown('admin', '/service-usage');
  const grid = new UsageGrid(page);
  await grid.expectRows(events.length);
  await tabTo(page, 'button', 'Updated');
  await page.keyboard.press('Enter');
  const updated = events.filter((event) => event.state === 'UPDATED');
  await grid.expectRows(updated.length);
  await tabTo(page, 'grid', 'Service usage events');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: `Event ${updated[1].guid}` });
  await expect(drawer.getByText(updated[1].guid, { exact: true })).toBeVisible();
  await tabTo(page, 'button', 'Next event');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: `Event ${updated[2].guid}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(grid.root).toBeFocused();

  await tabTo(page, 'link', 'Purge and reseed', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${PURGE_ADDRESS}$`));
  const desk = new PurgePage(page, platform);
  // Whoever listens from now on keeps the browser's own chooser from opening.
  page.on('filechooser', () => {});
  await desk.setTime(await platform.quietTime());
  await desk.expectStart();
  await tabTo(page, 'button', 'Begin with the copy');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const copy = await (await download).path();
  // The focus follows the procedure: the next control is one Tab away.
  await expect(desk.step).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(desk.step.getByLabel('The saved copy')).toBeFocused();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(copy);
  await expect(desk.button('I have read this')).toBeVisible();
  await tabTo(page, 'button', 'I have read this');
  await page.keyboard.press('Enter');
  await expect(desk.step.getByLabel('Name of the platform')).toBeVisible();
  await tabTo(page, 'textbox', 'Name of the platform');
  await page.keyboard.type('Usage Desk demo');
  await page.keyboard.press('Enter');
  await expect(desk.step.getByRole('timer')).toBeVisible();
  await expect(desk.step).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(desk.button('Cancel')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(desk.step.getByText('Cancelled. Nothing was sent.')).toBeVisible();
  await desk.passSeconds(600);
  await desk.expectStart();
  expect(desk.posts).toBe(0);
});
