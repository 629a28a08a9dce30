import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

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

test('a command takes the key that is pressed for it; a clash is named, and single keys are switched off', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await expect(new EventGrid(page).rowAt(1)).toBeVisible();
  const map = page.getByRole('dialog', { name: 'Keyboard' });
  const find = map.getByRole('textbox', { name: 'Find a key or what it does' });
  const change = (what: string) => map.getByRole('button', { name: `Change the key: ${what}` });
  const field = (what: string) => map.getByRole('textbox', { name: `New key: ${what}` });
  const row = (what: string) => map.locator('dt:has(+ dd)').filter({ has: page.locator(`xpath=following-sibling::dd[1][starts-with(normalize-space(.), "${what}")]`) });
  await page.keyboard.press('?');
  await expect(find).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'keys');
  await find.fill('nothing of the kind');
  await expect(map.getByRole('status').first()).toHaveText(/^No key is called so\./);
  await find.fill('search');
  await expect(map.getByText('Search in the list')).toBeVisible();
  await expect(map.getByText('Go to Batches')).toBeHidden();

  // By keyboard alone. What another command has is refused, and stays to be mended.
  await change('Search in the list').press('Enter');
  await expect(field('Search in the list')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(map.getByRole('alert')).toHaveText(/^Another command has this key: Open the next event in error/);
  await expect(field('Search in the list')).toHaveValue('J');
  await takePictures(page, 'keys that clash');
  await page.keyboard.press('ControlOrMeta+c');
  await page.keyboard.press('Enter');
  await expect(map.getByRole('alert')).toHaveText('Lists, fields or the browser use this key.');
  await page.keyboard.press('ControlOrMeta+m');
  await page.keyboard.press('Enter');
  await expect(map.getByRole('alert')).toHaveCount(0);
  await expect(row('Search in the list')).toHaveText('Ctrl+M');
  await expect(change('Search in the list')).toBeFocused();
  // Esc leaves a key as it was, and then the list of keys.
  await page.keyboard.press('Enter');
  await page.keyboard.press('q');
  await page.keyboard.press('Escape');
  await expect(row('Search in the list')).toHaveText('Ctrl+M');
  await expect(change('Search in the list')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(map).toBeHidden();

  const search = page.getByRole('searchbox', { name: 'Find events' });
  await new EventGrid(page).root.focus();
  await page.keyboard.press('/');
  await expect(search).not.toBeFocused();
  await page.keyboard.press('ControlOrMeta+m');
  await expect(search).toBeFocused();
  // Two keys behind one another, for a way; the palette and what is loaded anew have them.
  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await find.fill('batches');
  await change('Go to Batches').click();
  await page.keyboard.press('s');
  await page.keyboard.press('l');
  await page.keyboard.press('Enter');
  await expect(row('Go to Batches')).toHaveText('S then L');
  await page.keyboard.press('Escape');
  await page.reload();
  await signIn(page, 'editor');
  await expect(new EventGrid(page).rowAt(1)).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('batches');
  await expect(page.getByRole('dialog', { name: 'Commands' }).getByRole('option', { name: /Batches/ }).filter({ hasText: 'S then L' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.keyboard.press('l');
  await expect(page).toHaveURL(/\/batches$/);

  // Without single keys letters do nothing, the others go on, and what is shown says so.
  await page.keyboard.press('?');
  await map.getByRole('checkbox', { name: /^Single keys/ }).uncheck();
  await find.fill('search in the list');
  await expect(row('Search in the list')).toHaveText('Ctrl+M');
  await find.fill('go to batches');
  await expect(row('Go to Batches')).toHaveText('off');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.keyboard.press('?');
  await expect(map).toHaveCount(0);
  await expect(page).toHaveURL(/\/batches$/);
  await page.keyboard.press('ControlOrMeta+m');
  await expect(page.getByRole('searchbox').first()).toBeFocused();

  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await map.getByRole('button', { name: 'Reset all keys' }).click();
  await find.fill('search in the list');
  await expect(row('Search in the list')).toHaveText('/');
  await expect(map.getByRole('checkbox', { name: /^Single keys/ })).toBeChecked();
  expect(await page.evaluate(() => localStorage.getItem('usage-desk.keys'))).toBeNull();
});

test('the help stands beside the keys, on a phone behind "More", which closes', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const rail = page.getByRole('navigation', { name: 'Screens' });
  const help = rail.getByRole('link', { name: 'Help' });
  await help.click();
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
  await expect(help).toHaveAttribute('aria-current', 'page');
  await page.setViewportSize({ width: 390, height: 844 });
  await rail.getByRole('link', { name: 'Batches' }).click();
  await expect(help).toBeHidden();
  await rail.getByRole('button', { name: 'More' }).click();
  await help.click();
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
  await expect(help).toBeHidden();
});
