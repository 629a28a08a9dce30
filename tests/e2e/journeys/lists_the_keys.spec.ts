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

test('the glossary stands beside the keys, on a phone behind "More", which closes', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const rail = page.getByRole('navigation', { name: 'Screens' });
  const glossary = rail.getByRole('link', { name: 'Glossary' });
  await glossary.click();
  await expect(page.getByRole('heading', { name: 'Glossary', level: 1 })).toBeVisible();
  await expect(glossary).toHaveAttribute('aria-current', 'page');
  await page.setViewportSize({ width: 390, height: 844 });
  await rail.getByRole('link', { name: 'Batches' }).click();
  await expect(glossary).toBeHidden();
  await rail.getByRole('button', { name: 'More' }).click();
  await glossary.click();
  await expect(page.getByRole('heading', { name: 'Glossary', level: 1 })).toBeVisible();
  await expect(glossary).toBeHidden();
});
