import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'lists the keys', events: 2000 } });

test('the keys are listed at a press of "?", but not while one types', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const keys = page.getByRole('dialog', { name: 'Keyboard' });
  await page.getByRole('searchbox', { name: 'Find events' }).press('?');
  await expect(keys).toBeHidden();
  await page.getByRole('link', { name: 'Batches' }).first().press('?');
  await expect(keys).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
});
