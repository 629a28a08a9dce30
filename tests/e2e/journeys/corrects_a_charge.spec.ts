import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-11-API';

test.use({ stock: { journey: 'corrects a charge', events: 2000 } });

test('a charge is corrected at its own version, and the event shows the new sum to the last digit', async ({ sitDown, records, watch }) => {
  const rated = (await records.eventsInError(BATCH)).find((event) => event.usageCharges.items.length === 1);
  if (!rated) throw new Error(`no event of ${BATCH} is in error and has a charge`);
  const charge = rated.usageCharges.items[0];
  const page = await sitDown('editor', eventAddress(BATCH, rated.EventNumber) + '?status=ORA_ERROR');
  const drawer = new EventDrawer(page, rated.EventNumber);
  await drawer.expectOpen();
  const box = drawer.root.getByRole('article', { name: `Charge ${charge.UsageChargePuid}` });

  const amount = box.getByLabel('Amount', { exact: true });
  await amount.fill('12.3456789000');
  await amount.press('Enter');
  await expectAllSaved(page);
  await expect(box.locator('[data-field=ObjectVersionNumber]')).toContainText(String(Number(charge.ObjectVersionNumber) + 1));
  await drawer.close();
  await expect(await new EventGrid(page).cell(rated.EventNumber, 'Amount')).toHaveText(/^12\.3456789000\s*$/);

  const after = (await records.event(rated.EventNumber)).usageCharges.items[0];
  expect(after.BilledAmount).toBe('12.3456789000');
  expect(after.ExtendedAmount).toBe(charge.ExtendedAmount);
  expect(watch.writes).toHaveLength(1);
});

test('what a charge is defined as stands in words, where it is read and where amounts can be typed', async ({ sitDown, records }) => {
  const asked: [string, string][] = [['UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED'"], ['UB-2026-11-API', "EventStatus = 'ORA_ERROR'"]];
  for (const [batch, q] of asked) {
    const event = (await records.eventsOf(batch, q)).find((one) => (one.usageCharges.items ?? one.usageCharges).length > 0)!;
    const page = await sitDown('editor', eventAddress(batch, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await expect(drawer.box('ChargeDefinition').locator('.field-value')).toHaveText('Usage');
    await expect(drawer.root.getByText('ORA_USAGE')).toHaveCount(0);
  }
});
