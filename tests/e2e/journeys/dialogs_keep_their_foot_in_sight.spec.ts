// The buttons of a dialog are in sight as it opens, however much it has to say and however small the window is:
// what it does, and the way out. The rest of the dialog scrolls under them.
import { type Locator, type Page, expect } from '@playwright/test';
import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { hiddenFocus } from '../person/room';
import { test } from '../stand/desk_test';

const NOT_MAPPED = 'OSS_UOM_NOT_MAPPED';

test.use({ stock: { journey: 'dialogs keep their foot in sight', events: 4000 } });
test.describe.configure({ mode: 'parallel', timeout: 120_000 });

const ZOOMED = { viewport: { width: 720, height: 450 } };

/** Each button of the foot can be seen whole, and nothing lies over it. */
async function expectFoot(dialog: Locator): Promise<void> {
  const buttons = dialog.locator('.dialog-foot').locator('button, a.button');
  await expect(buttons.first()).toBeVisible();
  await expectNothingBelow(dialog);
  for (const button of await buttons.all()) {
    await expect(button).toBeInViewport({ ratio: 1 });
    const isOnTop = await button.evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    });
    expect(isOnTop, (await button.textContent()) ?? '').toBe(true);
  }
}

/** Nothing shows below its foot, whether there is much to say or little, and wherever it is scrolled to. */
async function expectNothingBelow(dialog: Locator): Promise<void> {
  const below = await dialog.evaluate((element) => {
    const foot = element.querySelector('.dialog-foot')!;
    const at = element.scrollTop;
    const rooms = [0, 0.5, 1].map((part) => {
      element.scrollTop = part * (element.scrollHeight - element.clientHeight);
      return element.getBoundingClientRect().bottom - foot.getBoundingClientRect().bottom;
    });
    element.scrollTop = at;
    return Math.max(...rooms);
  });
  expect(below).toBeLessThan(2);
}

/** Goes through all that can be reached in it: what has the focus is never under the foot. */
async function expectFocusInSight(page: Page, dialog: Locator): Promise<void> {
  const number = await dialog.locator('button:enabled, input, select, textarea, [tabindex="0"]').count();
  for (let presses = 0; presses < Math.min(number, 25); presses += 1) {
    await page.keyboard.press('Tab');
    if (await dialog.evaluate((element) => element.contains(document.activeElement))) {
      expect(await hiddenFocus(page)).toBeUndefined();
    }
  }
}

async function closeBy(page: Page, dialog: Locator): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  ZOOMED.viewport,
  { width: 390, height: 844 },
]) {
  test(`a correction with its warnings, in ${viewport.width} by ${viewport.height}`, async ({ sitDown, records }) => {
    const batch = 'UB-2026-11-API';
    const wrong = (await records.eventsInError(batch)).filter((event) => event.Error === NOT_MAPPED);
    const page = await sitDown('editor', `/batches/${batch}?find=${NOT_MAPPED}`, { viewport });
    const correction = new BulkCorrection(page);
    await new EventGrid(page).expectRows(wrong.length);
    await new EventGrid(page).root.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.getByRole('button', { name: /^Correct.*…$/ }).click();
    await expect(correction.dialog.getByTestId('will-change')).toBeAttached();
    await expectFoot(correction.dialog);
    await page.keyboard.press('Escape');
    await correction.prepare(wrong.length, 'Reported unit', 'KAP');
    await correction.willChange();
    await expect(correction.dialog.getByTestId('far-outside')).toBeAttached();
    await expectFoot(correction.dialog);
    await expectFocusInSight(page, correction.dialog);
    await expectFoot(correction.dialog);
    for (let more = 0; more < 5; more += 1) await correction.dialog.getByRole('button', { name: 'Change another field' }).click();
    await expectFoot(correction.dialog);
  });
}

test('the dialogs of batches, of their steps and of their events', async ({ sitDown, records }) => {
  const full = await records.makeBatch('RR-FEET', 'ORA_RERATE');
  const [first, second] = await records.eventsOf('UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true", 2);
  await records.addEvents(full, `EventNumber = '${first.EventNumber}'`);
  const page = await sitDown('editor', '/batches', ZOOMED);
  const open = async (button: string | RegExp, title: string) => {
    const folded = page.getByRole('button', { name: 'Steps and details' });
    if ((await folded.isVisible()) && (await folded.getAttribute('aria-expanded')) !== 'true') await folded.click();
    await page.getByRole('button', { name: button, exact: typeof button === 'string' }).first().click();
    const dialog = page.getByRole('dialog', { name: title });
    await expectFoot(dialog);
    await expectFocusInSight(page, dialog);
    await closeBy(page, dialog);
  };
  await open('New batch', 'New batch');
  await page.getByRole('grid', { name: 'Usage event batches' }).focus();
  await page.keyboard.press('?');
  const map = page.getByRole('dialog', { name: 'Keyboard' });
  await expectFoot(map);
  await closeBy(page, map);

  await page.getByRole('link', { name: full, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: full })).toBeVisible();
  for (const step of ['Edit', 'Add events', 'Remove events', 'Lock for review', 'Delete']) {
    await open(step, step === 'Edit' ? 'Edit the batch' : step);
  }
  await records.take(full, 'lockForReview');
  await page.reload();
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(page.getByText('Locked for review').first()).toBeVisible();
  await open('Submit', 'Submit');

  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await page.getByRole('link', { name: 'UB-2026-08-TEL', exact: true }).click();
  await (await new EventGrid(page).cell(second.EventNumber, 'Status')).click();
  await open(/^Reverse .*…$/, 'Reverse events');
});

test('the dialogs of base buckets', async ({ sitDown }) => {
  const page = await sitDown('editor', '/buckets', ZOOMED);
  await page.getByRole('button', { name: 'New base bucket' }).click();
  const form = page.getByRole('dialog', { name: 'New base bucket' });
  await expectFoot(form);
  await closeBy(page, form);
  const grid = page.getByRole('grid');
  await grid.getByRole('gridcell').nth(1).click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.getByRole('button', { name: /^Edit \d+ selected…$/ }).click();
  const several = page.getByRole('dialog', { name: 'Edit selected base buckets' });
  await expectFoot(several);
  await expectFocusInSight(page, several);
});
