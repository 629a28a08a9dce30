// A month is closed and reopened: nothing that began in it changes meanwhile, and nothing that was typed is lost.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { pressEnterOn } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';
import type { ServerRecords } from '../stand/server_records';

test.use({ stock: { journey: 'closes_a_month', events: 2000 } });

const MONTH = '/?month=2026-09&zone=Europe/Berlin';
const NAME = 'September 2026 (Europe/Berlin)';
const WITHIN = "EventStartTime >= '2026-08-31T22:00:00Z' and EventStartTime < '2026-09-30T22:00:00Z'";

const period = (page: Page) => page.getByTestId('period');

async function one(records: ServerRecords, q: string) {
  const { items } = await records.events({ q: `${WITHIN} and ${q}`, limit: 1 });
  return items[0];
}

/** By keyboard alone. */
async function close(page: Page): Promise<void> {
  await pressEnterOn(page, 'button', 'Close the month…');
  const dialog = page.getByRole('dialog', { name: 'Close a period' });
  await expect(dialog).toContainText(`${NAME}: events from 2026-09-01 00:00:00 Europe/Berlin, UTC+02:00 to before 2026-10-01 00:00:00 Europe/Berlin, UTC+02:00.`);
  await pressEnterOn(page, 'button', 'Close the period');
  await expect(dialog).toBeHidden();
  await expect(period(page)).toContainText(`${NAME} was closed by Ada Moreau at 2`);
  await expect(page.getByRole('button', { name: 'Reopen…' })).toBeFocused();
}

async function reopen(page: Page): Promise<void> {
  await pressEnterOn(page, 'button', 'Reopen…');
  await pressEnterOn(page, 'button', 'Reopen the period');
  await expect(period(page)).toContainText('The month is open.');
}

test('what is typed while a month is being closed is refused and kept, then told before typing, and goes through once it is reopened', async ({ sitDown, records }) => {
  const wrong = await one(records, "EventStatus = 'ORA_ERROR'");
  const admin = await sitDown('admin', MONTH);
  const page = await sitDown('editor', eventAddress(wrong.BatchNumber, wrong.EventNumber));
  const drawer = new EventDrawer(page, wrong.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Service').fill('+49 170 half typed');

  await expect(period(admin)).toContainText('The month is open.');
  await admin.getByRole('button', { name: 'Close the month…' }).click();
  expect(await violations(admin)).toEqual([]);
  await takePictures(admin, 'close a month');
  await admin.keyboard.press('Escape');
  await close(admin);
  expect(await violations(admin)).toEqual([]);
  await takePictures(admin, 'a closed month');

  await drawer.field('Service').press('Enter');
  await expect(savedState(page)).toHaveText('1 refused');
  await expect(drawer.root.getByText(/The event began in a closed period\. Nothing in it can change/)).toBeVisible();
  expect((await records.event(wrong.EventNumber)).ServiceId).toBe(wrong.ServiceId);

  // Who looks at another event of the month is told before typing. So is a time that would lead into it.
  await page.reload();
  await signIn(page, 'editor');
  await drawer.expectOpen();
  await expect(drawer.root.getByText(`${NAME} is closed: no event that began in it can be changed.`).first()).toBeVisible();
  await expect(drawer.root.getByText('+49 170 half typed').first()).toBeVisible();

  await reopen(admin);
  await drawer.root.getByRole('button', { name: 'Send again' }).click();
  await expectAllSaved(page);
  expect((await records.event(wrong.EventNumber)).ServiceId).toBe('+49 170 half typed');
});

test('of a closed month nothing is reversed, and no event is moved into it', async ({ sitDown, records }) => {
  const rated = await one(records, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true");
  const admin = await sitDown('admin', MONTH);
  await close(admin);
  const page = await sitDown('editor', eventAddress(rated.BatchNumber, rated.EventNumber));
  const drawer = new EventDrawer(page, rated.EventNumber);
  await drawer.expectOpen();
  const reverse = drawer.root.getByRole('button', { name: 'Reverse…' });
  await expect(reverse).toHaveAttribute('aria-disabled', 'true');
  await expect(reverse).toHaveAttribute('title', new RegExp(`^${NAME.replace(/[()]/g, '\\$&')} is closed`));
  // All of its batch: the reading before a reversal names the reason and the count.
  await page.goto(`/batches/${rated.BatchNumber}?status=ORA_PROCESSED`);
  await signIn(page, 'editor');
  const grid = page.getByRole('grid', { name: 'Usage events' });
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  await grid.press('ControlOrMeta+A');
  await page.getByRole('button', { name: /^Reverse .*…$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Reverse events' })).toContainText('began in a closed period');
  await page.keyboard.press('Escape');

  const other = (await records.events({ q: "EventStartTime >= '2026-10-05T00:00:00Z' and EventStatus = 'ORA_ERROR'", limit: 1 })).items[0];
  await page.goto(eventAddress(other.BatchNumber, other.EventNumber));
  await signIn(page, 'editor');
  const open = new EventDrawer(page, other.EventNumber);
  await open.expectOpen();
  await open.correct('Start', '2026-09-15 12:00:00');
  await expect(open.root.getByText(`${NAME} is closed`).first()).toBeVisible();
  expect((await records.event(other.EventNumber)).EventStartTime).toBe(other.EventStartTime);

  // Only an administrator reopens it.
  await page.goto(MONTH);
  await signIn(page, 'editor');
  await expect(period(page)).toContainText(`${NAME} was closed by Ada Moreau`);
  await expect(page.getByRole('button', { name: 'Reopen…' })).toHaveAttribute('title', 'Only an administrator closes and reopens periods.');
  await reopen(admin);
});
