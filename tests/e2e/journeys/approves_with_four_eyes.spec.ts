// What needs a second person waits for one: asked for, seen, approved or refused, done once, and void when something changed.
import type { Page } from '@playwright/test';
import { BatchPage } from '../person/batch_page';
import { PURGE_ADDRESS } from '../person/purge_page';
import { signIn } from '../person/sign_in';
import { pressEnterOn } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { takePictures } from '../stand/pictures';
import type { ServerRecords } from '../stand/server_records';

test.use({ stock: { journey: 'approves_with_four_eyes', events: 600 } });

const RATED = "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true and CurrencyCode = 'EUR'";

const approvals = (page: Page) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Approve' });
const submission = (page: Page) => page.getByRole('dialog', { name: 'Submit' });
const cardOf = (page: Page, batch: string) => page.getByRole('article', { name: new RegExp(`batch ${batch}$`) });

/** A batch of reversals of so many events, locked for review, made by the administrator. */
async function reversals(records: ServerRecords, number: string, count: number): Promise<void> {
  await records.makeBatch(number, 'ORA_REVERSE_REPLACE');
  const { items } = await records.events({ q: RATED, limit: count });
  const numbers = items.map((event: { EventNumber: string }) => `'${event.EventNumber}'`);
  await records.addEvents(number, `EventNumber in (${numbers.join(', ')})`);
  await records.take(number, 'lockForReview');
}

async function openSubmission(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Steps of the batch' }).getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(submission(page)).toBeVisible();
}

async function ask(page: Page, note = ''): Promise<void> {
  const dialog = submission(page);
  await expect(dialog.getByText('This needs the approval of a second person')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Submit', exact: true })).toBeDisabled();
  if (note) await dialog.getByLabel('Note to the second person (optional)').fill(note);
  await dialog.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(dialog.getByText('Waiting for approval')).toBeVisible();
}

const OVER_TWO = { RuleName: 'Reversals', RuleKind: 'REVERSALS', CountLimit: 2 };

test('one person asks, another sees the content and approves, and the act is done once', async ({ sitDown, records }) => {
  const early = await sitDown('viewer');
  await expect(early.getByRole('heading', { name: 'Open batches' })).toBeVisible();
  await expect(approvals(early)).toHaveCount(0);

  await records.addApprovalRule(OVER_TWO);
  await reversals(records, 'FOUR-EYES', 3);
  const page = await sitDown('editor', '/batches/FOUR-EYES');
  await openSubmission(page);
  await expect(submission(page)).toContainText('3 reversals are above the limit of 2.');
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'an approval is needed');
  await ask(page, 'Wrong tariff in these three');
  await expect(submission(page)).toContainText('Edith Okafor asked for it');
  await expect(submission(page).getByRole('button', { name: 'Submit', exact: true })).toBeDisabled();

  // By keyboard alone, from the first screen.
  const second = await sitDown('editor2');
  await expect(approvals(second)).toBeVisible();
  await pressEnterOn(second, 'link', '1 request for your approval');
  const card = cardOf(second, 'FOUR-EYES');
  await expect(card).toContainText('Asked for by Edith Okafor');
  await expect(card).toContainText('Wrong tariff in these three');
  await expect(card.getByRole('button', { name: 'Approve' })).toHaveAttribute('aria-disabled', 'true');
  await pressEnterOn(second, 'button', 'Show the content');
  const rows = card.getByRole('region', { name: 'Records of the content' }).getByRole('row');
  await expect(rows).toHaveCount(1 + 4);
  await expect(card.getByRole('list', { name: 'Amounts, each charge without its sign' })).toContainText('EUR');
  expect(await violations(second)).toEqual([]);
  await takePictures(second, 'an approval is decided');
  // Ctrl+K leads to what decides, and presses nothing there.
  await second.keyboard.press('ControlOrMeta+k');
  const commands = second.getByRole('dialog', { name: 'Commands' });
  await expect(commands.getByRole('combobox')).toBeFocused();
  await second.keyboard.type('approve');
  await expect(commands.getByRole('option', { selected: true })).toContainText('Approve');
  await second.keyboard.press('Enter');
  await second.keyboard.press('Enter');
  await expect(commands).toHaveCount(0);
  await expect(card.locator('.decision')).toBeFocused();
  await expect(second.getByText('Nothing waits for your approval')).toHaveCount(0);
  await pressEnterOn(second, 'button', 'Approve');
  await expect(second.getByText('Nothing waits for your approval')).toBeVisible();
  await expect(card).toContainText('Approved by Emil Brandt');

  await page.keyboard.press('Escape');
  await openSubmission(page);
  await expect(submission(page)).toContainText('Approved by Emil Brandt');
  await submission(page).getByRole('button', { name: 'Submit', exact: true }).click();
  await new BatchPage(page).expectAt(/Completed/);
  expect((await records.batch('FOUR-EYES')).BatchStatus).toBe('ORA_COMPLETED');
  await page.goto('/approvals');
  await signIn(page, 'editor');
  await expect(cardOf(page, 'FOUR-EYES')).toContainText('Used by Edith Okafor');
});

test('what changed makes an approval void and is told; a refusal tells its reason', async ({ sitDown, records }) => {
  await records.addApprovalRule(OVER_TWO);
  await reversals(records, 'CHANGED', 4);
  const page = await sitDown('editor', '/batches/CHANGED');
  await openSubmission(page);
  await ask(page);
  const second = await sitDown('editor2', '/approvals');
  const card = cardOf(second, 'CHANGED');
  await card.getByRole('button', { name: 'Show the content' }).click();
  await expect(card.getByRole('button', { name: 'Approve' })).not.toHaveAttribute('aria-disabled', 'true');

  // Meanwhile somebody opens the batch again. What is on the second person's screen is not approved any more.
  await records.take('CHANGED', 'revert');
  await records.take('CHANGED', 'lockForReview');
  await card.getByRole('button', { name: 'Approve' }).click();
  await expect(card.getByRole('alert').first()).toContainText(/refused the request|changed/);
  await page.keyboard.press('Escape');
  await openSubmission(page);
  await expect(submission(page)).toContainText('is out of date');
  await expect(submission(page)).toContainText('CHANGED was changed.');
  await expect(submission(page)).toContainText('The last change is by Ada Moreau');
  await takePictures(page, 'an approval is out of date');
  await ask(page);

  await second.getByRole('button', { name: 'Refresh' }).click();
  const waiting = second.getByRole('region', { name: 'Waiting for your approval' }).getByRole('article');
  await expect(waiting).toHaveCount(1);
  // The new request stands there, its content not shown yet.
  await expect(waiting.getByRole('button', { name: 'Show the content' })).toBeVisible();
  await waiting.getByLabel('Reason for a refusal').fill('Take the third one out');
  await waiting.getByRole('button', { name: 'Refuse' }).click();
  await expect(second.getByText('Refused by Emil Brandt').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await openSubmission(page);
  await expect(submission(page)).toContainText('Refused by Emil Brandt');
  await expect(submission(page)).toContainText('Take the third one out');
  await expect(submission(page).getByRole('button', { name: 'Submit', exact: true })).toBeDisabled();
  expect((await records.batch('CHANGED')).BatchStatus).toBe('ORA_LOCKED');
});

test('a purge waits for a second person, administrators included', async ({ sitDown, records }) => {
  await records.addApprovalRule({ RuleName: 'Purge', RuleKind: 'PURGE' });
  const page = await sitDown('admin', PURGE_ADDRESS);
  const begin = page.getByRole('button', { name: 'Begin with the copy' });
  await expect(page.getByText('Every purge needs an approval.')).toBeVisible();
  await expect(begin).toBeDisabled();
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(page.getByText('Waiting for approval')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'a purge needs an approval');

  await page.goto('/approvals');
  await signIn(page, 'admin');
  const own = page.getByRole('region', { name: 'Asked for by you' });
  await expect(own.getByRole('button', { name: 'Withdraw' })).toBeVisible();
  await expect(own.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  const second = await sitDown('editor', '/approvals');
  const card = second.getByRole('article', { name: 'Purge the service usage events' });
  await card.getByRole('button', { name: 'Show the content' }).click();
  await card.getByRole('button', { name: 'Approve' }).click();
  await expect(card).toContainText('Approved by Edith Okafor');
  await page.goto(PURGE_ADDRESS);
  await signIn(page, 'admin');
  await expect(page.getByText('Approved by Edith Okafor')).toBeVisible();
  await expect(begin).toBeEnabled();
});
