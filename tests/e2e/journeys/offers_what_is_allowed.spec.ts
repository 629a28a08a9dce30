// Every state of a batch and every status of an event: what may be done is offered, what may not is
// blocked and says why. The server's side of the same table is proved in its own tests.
import type { Page } from '@playwright/test';
import { BatchPage, createBatch } from '../person/batch_page';
import { ChangesPage } from '../person/changes_page';
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'offers what is allowed', events: 2000 } });

/** A batch of the demo in each state, and what is offered there: `true`, or the reason in part. */
const NOT_DRAFT = 'Only a batch in Draft takes this';
const NOT_LOCKED = 'Only a batch that is locked for review';
const HAS_EVENTS = 'Only a batch in Draft or without events can be deleted';
const BATCHES: Record<string, Record<string, true | string>> = {
  'UB-2026-11-API': { 'Remove events': true, 'Lock for review': true, Submit: NOT_LOCKED, Delete: true },
  'UB-2026-11-NRG': { 'Add events': NOT_DRAFT, 'Remove events': NOT_DRAFT, 'Lock for review': NOT_DRAFT, 'Unlock': true, Submit: true, Delete: HAS_EVENTS },
  'UB-2026-11-CLD': { 'Remove events': NOT_DRAFT, 'Lock for review': NOT_DRAFT, Submit: NOT_LOCKED, Delete: HAS_EVENTS },
  'UB-2026-08-TEL': { 'Remove events': NOT_DRAFT, 'Lock for review': NOT_DRAFT, Submit: NOT_LOCKED, Delete: HAS_EVENTS },
  'UB-2026-10-TEL': { 'Remove events': NOT_DRAFT, 'Lock for review': NOT_DRAFT, Submit: 'None of the batch', Delete: HAS_EVENTS },
};

for (const [batch, steps] of Object.entries(BATCHES)) {
  test(`the steps of ${batch} are those of its state`, async ({ sitDown, records }) => {
    const stands = (await records.batch(batch)).BatchStatus;
    const page = await sitDown('editor', `/batches/${batch}`);
    const buttons = page.getByRole('region', { name: 'Steps of the batch' });
    await expect(buttons.getByRole('button', { name: 'Submit', exact: true })).toBeVisible();
    for (const [name, allowed] of Object.entries(steps)) {
      const button = buttons.getByRole('button', { name, exact: true });
      await expect(button, name).toHaveAttribute('aria-disabled', String(allowed !== true));
      if (allowed !== true) {
        await expect(button, name).toHaveAttribute('title', new RegExp(allowed));
        // It can be reached and pressed by keyboard, and then says why; nothing is sent.
        await button.focus();
        await page.keyboard.press('Enter');
        await expect(page.locator('.notice-line').filter({ hasText: allowed })).toBeVisible();
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    }
    // Steps that make no sense in the state are not there at all.
    if (!('Unlock' in steps)) await expect(buttons.getByRole('button', { name: 'Unlock' })).toHaveCount(0);
    expect((await records.batch(batch)).BatchStatus).toBe(stands);
  });
}

test('an empty batch gives no events away, and Changes tells what was done and leads to it', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const number = await createBatch(page, /^Re-rate/, 'Nothing in it yet');
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  const remove = steps.getByRole('button', { name: 'Remove events', exact: true });
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await expect(remove).toHaveAttribute('title', 'The batch has no events. Add some first.');
  await steps.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  const add = builder.getByRole('button', { name: 'Add events', exact: true });
  await expect(add).toBeDisabled();
  await expect(add).toHaveAttribute('title', 'Type a value to compare with.');
  await builder.getByLabel('Value', { exact: true }).fill('No such batch');
  await expect(add).toHaveAttribute('title', 'No event that can be added matches.');
  await builder.getByRole('button', { name: 'Cancel' }).click();

  const changes = new ChangesPage(page);
  await changes.open();
  for (const [name, reason] of [['Try again', /refused or is in doubt/], ['Discard', /waiting, refused or in conflict/]] as const) {
    const button = page.getByRole('button', { name, exact: true });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAttribute('title', reason);
  }
  const made = changes.rows(number, 'Create');
  await expect(made.getByRole('link')).toHaveAttribute('href', `/batches/${number}`);
  await made.getByRole('gridcell').first().dblclick();
  await expect(page).toHaveURL(new RegExp(`/batches/${number}$`));
  await new BatchPage(page).step('Delete');
  await expectAllSaved(page);
  await changes.open();
  await expect(changes.rows(number, 'Delete').getByRole('gridcell', { name: 'Deleted', exact: true })).toBeVisible();
});

test('a status has a chip in the words of its rows, and an address of two of them shows both', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_READY,ORA_ON_HOLD', { viewport: { width: 1440, height: 900 } });
  const chips = page.getByRole('group', { name: 'Status' }).getByRole('button');
  await expect(chips.and(page.locator('[aria-pressed=true]'))).toHaveText(['Ready for processing', 'On hold']);
  await new EventGrid(page).filterTo('On hold');
  await expect(chips.and(page.locator('[aria-pressed=true]'))).toHaveText(['On hold']);
  await expect(page).toHaveURL(/status=ORA_ON_HOLD$/);
});

/** Whether an event of a status can be changed and reversed, or why not. */
const EVENTS: Record<string, { change: true | string; reverse: true | string }> = {
  ORA_DRAFT: { change: true, reverse: 'Only processed events can be reversed or re-rated.' },
  ORA_READY: { change: 'Only events in draft or in error can be changed', reverse: 'Only processed events can be reversed or re-rated.' },
  ORA_ON_HOLD: { change: 'Only events in draft or in error can be changed', reverse: 'Only processed events can be reversed or re-rated.' },
  ORA_IN_PROCESS: { change: 'Only events in draft or in error can be changed', reverse: 'Its batch is being processed.' },
  ORA_ERROR: { change: true, reverse: 'Only processed events can be reversed or re-rated.' },
  ORA_PROCESSED: { change: 'Only events in draft or in error can be changed', reverse: true },
  ORA_REVERSED: { change: 'Only events in draft or in error can be changed', reverse: 'The event has been reversed already.' },
};

async function eventOf(records: any, status: string): Promise<string> {
  const where: Record<string, string> = { ORA_PROCESSED: 'UB-2026-08-TEL', ORA_REVERSED: 'UB-2026-09-TEL', ORA_IN_PROCESS: 'UB-2026-11-CLD' };
  const [event] = await records.eventsOf(where[status] ?? 'UB-2026-11-API', `EventStatus = '${status}'`, 1);
  return event.EventNumber;
}

for (const [status, { change, reverse }] of Object.entries(EVENTS)) {
  test(`an event in ${status} offers what its status allows`, async ({ sitDown, records }) => {
    const number = await eventOf(records, status);
    const page = await sitDown('editor', `/events/${number}`);
    const drawer = new EventDrawer(page, number);
    await drawer.expectOpen();
    if (change === true) {
      await expect(drawer.field('Service')).toBeEditable();
    } else {
      await expect(drawer.root.getByText(change)).toBeVisible();
      await expect(drawer.root.getByRole('textbox', { name: 'Service' })).toHaveCount(0);
    }
    const reversal = drawer.root.getByRole('button', { name: 'Reverse…' });
    if (reverse === true) {
      await reversal.click();
      const dialog = page.getByRole('dialog', { name: 'Reverse events' });
      await expect(dialog.getByTestId('allowed')).toHaveText('1 event will be reversed');
      const go = dialog.getByRole('button', { name: /^Reverse \d/ });
      await expect(go).toBeDisabled();
      await expect(go).toHaveAttribute('title', 'Enter a reason first.');
      await dialog.getByLabel('Reason').fill('Reported twice');
      await expect(go).toBeEnabled();
    } else {
      await expect(reversal).toBeDisabled();
      await expect(reversal).toHaveAttribute('title', new RegExp(reverse));
      await reversal.press('Enter');
      await expect(page.locator('.notice-line').filter({ hasText: reverse })).toBeVisible();
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
  });
}

/** The buttons of the line below the rows, by what they begin with. */
function selectionButton(page: Page, name: 'Reverse' | 'Correct'): ReturnType<Page['getByRole']> {
  return page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: new RegExp(`^${name}`) });
}

async function expectForbidden(page: Page, name: 'Reverse' | 'Correct', reason: string | RegExp): Promise<void> {
  await expect(selectionButton(page, name)).toHaveAttribute('aria-disabled', 'true');
  await expect(selectionButton(page, name)).toHaveAttribute('title', reason);
}

test('of selected events of which none can be reversed, the button says why; where one can, the dialog tells of each', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR,ORA_READY&sort=EventStatus');
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await grid.rowAt(1).getByRole('gridcell').nth(2).click();
  for (let rows = 0; rows < 3; rows += 1) await page.keyboard.press('Shift+ArrowDown');
  await expectForbidden(page, 'Reverse', 'None of the 4 events can be reversed. Only processed events can be reversed or re-rated.');
  await expect(selectionButton(page, 'Correct')).not.toHaveAttribute('aria-disabled');
  // It can be pressed all the same, and says so.
  await selectionButton(page, 'Reverse').press('Enter');
  await expect(page.locator('.notice-line').filter({ hasText: 'None of the 4 events can be reversed.' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // Not all of the list is here: what may be done to the rest is not known yet.
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await expect(selectionButton(page, 'Reverse')).not.toHaveAttribute('aria-disabled');
});

test('what has been reversed stays selected and cannot be reversed again', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_PROCESSED');
  const grid = new EventGrid(page);
  const status = grid.rowAt(1).locator(`[aria-colindex="${await grid.columnIndex('Status')}"]`);
  await expect(status).toHaveText('Processed');
  await status.click();
  for (let rows = 0; rows < 3; rows += 1) await page.keyboard.press('Shift+ArrowDown');
  await expect(selectionButton(page, 'Reverse')).not.toHaveAttribute('aria-disabled');
  await expectForbidden(page, 'Correct', /^None of the 4 events can be corrected\. Only events in Draft or Error can be changed/);
  await selectionButton(page, 'Reverse').click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('4 events will be reversed');
  await dialog.getByLabel('Reason').fill('Reported twice');
  await dialog.getByRole('button', { name: 'Reverse 4 events' }).click();
  await expect(dialog.getByTestId('reversed')).toHaveText('4 of 4 reversals made');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(status).toHaveText('Processed, reversal pending');
  await expect(status).toHaveAttribute('title', /^Processed, reversal pending in RV-/);
  await expect(page.getByTestId('selected')).toHaveText('4 selected');
  await expectForbidden(page, 'Reverse', /^None of the 4 events can be reversed\. An open reversal or re-rating batch holds the event\..* Batch: RV-\S+\.$/);
});

test('a step that was refused says where it is decided before the next one', async ({ sitDown, records, faults }) => {
  const number = await records.makeBatch('REFUSED-STEP', 'ORA_RERATE');
  await records.addEvents(number, "BatchNumber = 'UB-2026-09-NRG' and EventStatus = 'ORA_PROCESSED' and CurrencyCode = 'GBP'");
  const page = await sitDown('editor', `/batches/${number}`);
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  const lock = steps.getByRole('button', { name: 'Lock for review', exact: true });
  await expect(lock).toBeEnabled();
  await faults.set({ method: 'POST', path: 'lockForReview', times: 1, kind: { refuse: { status: 400 } } });
  await lock.click();
  await page.getByRole('dialog', { name: 'Lock for review' }).getByRole('button', { name: 'Lock for review', exact: true }).click();
  for (const step of [lock, steps.getByRole('button', { name: 'Delete', exact: true })]) {
    await expect(step).toHaveAttribute('title', 'Lock for review was refused. Try it again or discard it under Changes before the next step.');
    await expect(step).toBeDisabled();
  }
  expect((await records.batch(number)).BatchStatus).toBe('ORA_DRAFT');
});
