// The tour: by keyboard alone, each step on its real screen, going on when the person does what it says. It writes
// nothing but what the person writes.
import type { Page } from '@playwright/test';
import { EventDrawer } from '../person/event_drawer';
import { savedState } from '../person/saved_state';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';

test.use({ stock: { journey: 'tour', events: 2000 } });

const TITLES = [
  'A month at a glance',
  'Errors by cause',
  'One event in error',
  'Correct it',
  'Take it back',
  'A batch',
  'A reversal, before it is made',
  'Base buckets',
  'Service usage',
  'Everything by its name',
];

const tour = (page: Page) => page.getByRole('region', { name: 'Tour', exact: true }).filter({ has: page.getByRole('status') });

async function expectStep(page: Page, step: number): Promise<void> {
  await expect(tour(page).getByText(`Tour, step ${step} of ${TITLES.length}`)).toBeVisible();
  await expect(tour(page).getByRole('heading', { name: TITLES[step - 1] })).toBeVisible();
}

/** What a step points at is on the page, and the panel lies beside it where there is room. */
async function expectPointed(page: Page, selector: string): Promise<void> {
  await expect(page.locator('[data-tour]')).toHaveCount(1);
  await expect(page.locator(`${selector}[data-tour]`)).toBeVisible();
}

/** By the keyboard, wherever it was. */
async function pressInTour(page: Page, name: string): Promise<void> {
  await page.getByRole('region', { name: 'Tour', exact: true }).getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

test('Next leads through the tour, each step on its screen, and nothing is written', async ({ sitDown, watch }) => {
  const page = await sitDown('editor', '/?month=2026-10&zone=UTC');
  const offer = page.getByRole('region', { name: 'Tour' }).getByRole('button', { name: 'Start the tour' });
  await offer.focus();
  await page.keyboard.press('Enter');
  await expect(offer).toHaveCount(0);
  const points = ['.verdict', '[aria-labelledby=errors-title]', '[role=grid]', '.mend', '.sync-state', '.tabs', 'button', '[role=grid]', '.views', '[data-commands]'];
  for (const [at, point] of points.entries()) {
    await expectStep(page, at + 1);
    await expectPointed(page, point);
    expect(await violations(page), TITLES[at]).toEqual([]);
    await takePictures(page, `tour ${at + 1}`, at === 0);
    if (at + 1 < points.length) await pressInTour(page, 'Next');
  }
  await pressInTour(page, 'Back');
  await expectStep(page, 9);
  await pressInTour(page, 'Next');
  await pressInTour(page, 'Finish');
  await expect(tour(page)).toHaveCount(0);
  await expect(page.locator('[data-tour]')).toHaveCount(0);
  expect(watch.writes).toEqual([]);
  // It was answered in this browser.
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test('the tour goes on when the person does what it says, and Escape leaves it', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/help');
  await page.getByRole('button', { name: 'Start the tour' }).focus();
  await page.keyboard.press('Enter');
  await expectStep(page, 1);
  await expect(page.locator('.tour-head')).toBeFocused();
  // Started where it is not, it says so and leads there.
  await expect(tour(page).getByText('This step is on another screen.')).toBeVisible();
  await pressInTour(page, 'Go there');
  await expectPointed(page, '.verdict');
  await pressInTour(page, 'Next');
  await expectStep(page, 2);
  await page.locator('[aria-labelledby=errors-title] a').first().click();
  await expectStep(page, 3);
  await page.getByRole('grid', { name: 'Usage events' }).focus();
  await page.keyboard.press('F6');
  await expect(page.locator('.tour-head')).toBeFocused();
  await page.keyboard.press('F6');
  await expect(page.getByRole('grid', { name: 'Usage events' })).toBeFocused();
  const link = page.getByRole('grid', { name: 'Usage events' }).getByRole('link').first();
  const event = (await link.textContent())!.trim();
  await link.click();
  await expectStep(page, 4);
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  const service = `+49 ${Date.now()}`;
  await drawer.correct('Service', service);
  await expectStep(page, 5);
  await expect(savedState(page)).toHaveText('All changes saved');
  expect((await records.event(event)).ServiceId).toBe(service);
  await page.locator('.drawer-head').focus();
  await page.keyboard.press('ControlOrMeta+z');
  await expectStep(page, 6);
  await expect.poll(async () => (await records.event(event)).ServiceId).not.toBe(service);
  await pressInTour(page, 'Go there');
  await page.getByRole('link', { name: /^Errors/ }).click();
  await expectStep(page, 7);
  await pressInTour(page, 'Go there');
  await page.getByRole('grid', { name: 'Usage events' }).getByRole('gridcell').nth(1).click();
  await page.getByRole('button', { name: /^Reverse .*…$/ }).click();
  const reversal = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(reversal.getByTestId('allowed')).toBeVisible();
  // Escape is the dialog's.
  await page.keyboard.press('Escape');
  await expect(reversal).toHaveCount(0);
  await expectStep(page, 8);
  await page.locator('.tour-head').focus();
  await page.keyboard.press('Escape');
  await expect(tour(page)).toHaveCount(0);
  // From Ctrl+K it begins anew.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Start the tour');
  await page.keyboard.press('Enter');
  await expectStep(page, 1);
});
