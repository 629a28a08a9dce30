import { BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { expectAllSaved } from '../person/saved_state';
import { tabTo } from '../person/tab_to';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'keyboard alone at base buckets', events: 200 } });

test('a base bucket is found, changed, given a row, retired and deleted without a mouse', async ({ sitDown, billing }) => {
  const bucket = await billing.make('By keyboard');
  const page = await sitDown('editor', '/batches');
  await tabTo(page, 'link', 'Buckets');
  await page.keyboard.press('Enter');
  const grid = new BucketGrid(page);
  await expect(grid.root.getByRole('gridcell').first()).toHaveText(/\w/);
  await tabTo(page, 'searchbox', 'Find base buckets');
  await page.keyboard.type('by keyboard');
  await grid.expectRows(1);
  await tabTo(page, 'grid', 'Base buckets');
  await page.keyboard.press('Enter');
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('By keyboard');
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('By keyboard alone');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);

  await tabTo(page, 'button', 'Add a row');
  await page.keyboard.press('Enter');
  await expect(drawer.field('Usage class')).toBeFocused();
  await page.keyboard.type('Voi');
  await tabTo(page, 'button', 'Add the row');
  await page.keyboard.press('Enter');
  const rows = drawer.section('details').getByRole('listitem');
  await expect(rows).toContainText('Voice, everywhere');
  await expect(drawer.button('Add a row')).toBeFocused();
  await expectAllSaved(page);

  await tabTo(page, 'button', 'Change Voice, everywhere', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(drawer.field('Usage class')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(drawer.button('Change Voice, everywhere')).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, 'checkbox', 'Left out rather than covered');
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Change the row');
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('Left out');
  await expectAllSaved(page);
  await expect(drawer.button('Change Voice, everywhere')).toBeFocused();

  await tabTo(page, 'button', 'Remove Voice, everywhere');
  await page.keyboard.press('Enter');
  await expect(drawer.button('Remove the row')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(0);
  await expect(drawer.section('details')).toBeFocused();
  await expectAllSaved(page);

  await drawer.button('Close the base bucket').focus();
  await tabTo(page, 'button', 'Retire…');
  await page.keyboard.press('Enter');
  await expect(drawer.field('End (UTC)')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(drawer.section('life')).toContainText('Retired, with its end at');
  await expectAllSaved(page);
  expect((await billing.bucket(bucket.identity)).retired).toBe(true);

  await drawer.button('Close the base bucket').focus();
  await tabTo(page, 'button', 'Delete…');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Delete for good');
  await page.keyboard.press('Enter');
  await expect(drawer.root.getByText('It is deleted')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await expect(grid.root).toBeFocused();
  expect(await billing.named('By keyboard alone')).toBeUndefined();
});
