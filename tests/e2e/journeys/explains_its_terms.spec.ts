// Help stands beside the terms that people ask about, and all of it on one page: found by typing, each topic at an
// address of its own.
import type { Page } from '@playwright/test';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

test.use({ stock: { journey: 'screens are accessible', events: 2000 } });

const BATCH = 'UB-2026-10-TEL';

/** Where a mark is, what it is of, and a word of what it says. */
const MARKS: [address: string, about: string, says: string, user?: 'admin'][] = [
  ['/?month=2026-09&zone=UTC', 'months', 'by the clock of the time zone'],
  ['/?month=2026-09&zone=UTC', 'gross and net', 'Net is what remains'],
  ['/?month=2026-09&zone=UTC', 'errors', 'nothing is billed for it'],
  ['/?month=2026-09&zone=UTC', 'closed periods', 'until an administrator reopens it'],
  ['/events', 'statuses of events', 'Ready for processing'],
  [`/batches/${BATCH}`, 'statuses of batches', 'Locked for review'],
  ['/import', 'files that come again', 'two are two'],
  ['/service-usage', 'intervals', 'without its other half'],
  ['/approvals', 'approvals', 'one content and one use'],
];

const mark = (page: Page, about: string) => page.getByRole('button', { name: `Help: ${about}`, exact: true });

test('a mark opens the meaning of its term, and Escape closes it and nothing else', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  for (const [address, about, says] of MARKS) {
    await page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, address);
    const button = mark(page, about);
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(button, about).toHaveAttribute('aria-expanded', 'true');
    const text = page.locator('.help-text');
    await expect(text, about).toContainText(says);
    const [box, { width, height }] = [(await text.boundingBox())!, page.viewportSize()!];
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, `${about} within the window`).toBe(true);
    if (about === 'gross and net') expect(await violations(page), about).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(text).toHaveCount(0);
    await expect(button).toBeFocused();
  }
  // Over a dialog, Escape closes the help first and leaves the dialog.
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches', exact: true }).click();
  await page.getByRole('button', { name: 'New batch' }).click();
  const dialog = page.getByRole('dialog', { name: 'New batch' });
  await mark(page, 'types of batches').click();
  await expect(dialog.locator('.help-text')).toContainText('an event that should not be there');
  await page.keyboard.press('Escape');
  await expect(dialog.locator('.help-text')).toHaveCount(0);
  await expect(dialog).toBeVisible();
  // A press anywhere else closes it, too.
  await mark(page, 'types of batches').click();
  await dialog.getByLabel('Number').focus();
  await expect(dialog.locator('.help-text')).toHaveCount(0);
});

test('help is one page, searched, with an address for each topic', async ({ sitDown }) => {
  const page = await sitDown('editor', '/help#conflict');
  const conflict = page.locator('#conflict');
  await expect(conflict).toBeFocused();
  await expect(conflict).toBeInViewport();
  await page.keyboard.press('/');
  await page.keyboard.type('equal');
  await expect(page.locator('.topic:visible')).toHaveCount(1);
  await expect(page.locator('.topic:visible')).toContainText('two are two');
  await page.getByRole('searchbox', { name: 'Find help' }).fill('nothing is called so');
  await expect(page.getByText('No topic holds this.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all topics' }).click();
  await expect(conflict).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'help');
  // From the keys, from a mark, and from Ctrl+K.
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByRole('link', { name: 'What the words on the screens mean' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Events');
  await page.keyboard.press('Enter');
  await mark(page, 'statuses of events').click();
  await page.getByRole('link', { name: 'All help' }).click();
  await expect(page).toHaveURL(/\/help#event-statuses$/);
  await expect(page.locator('#event-statuses')).toBeFocused();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Batches', exact: true }).click();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Help');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
});
