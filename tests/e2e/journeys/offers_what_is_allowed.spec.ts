// Every state of a batch and every status of an event: what may be done is offered, what may not is
// blocked and says why. The server's side of the same table is proved in its own tests.
import { EventDrawer } from '../person/event_drawer';
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
