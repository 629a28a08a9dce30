import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'two people change different fields', events: 2000 } });

test('both changes are kept and the second person is told so', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const address = eventAddress(BATCH, event.EventNumber);
  const [first, second] = [await sitDown('admin', address), await sitDown('editor', address)];
  const [hers, his] = [new EventDrawer(first, event.EventNumber), new EventDrawer(second, event.EventNumber)];
  await hers.expectOpen();
  await his.expectOpen();
  // A list that is read after her change would bring it to him before he types.
  await expect(new EventGrid(second).row(event.EventNumber)).toBeVisible();

  await hers.correct('Quantity', '77.5');
  await expect(hers.box('UsageQuantity').getByRole('status')).toHaveText('Saved');
  await his.correct('Service', '+49 151 42');

  const notices = second.getByRole('log', { name: 'Notices' });
  await expect(notices).toContainText(`Event ${event.EventNumber}: Ada Moreau changed Quantity meanwhile. Both changes are kept.`);
  await expectAllSaved(second);
  await expect(his.field('Quantity')).toHaveValue('77.5');
  await expect(his.field('Service')).toHaveValue('+49 151 42');

  const after = await records.event(event.EventNumber);
  expect([after.UsageQuantity, after.ServiceId]).toEqual(['77.5', '+49 151 42']);
  expect(writesSeen(after)).toBe(writesSeen(event) + 2);
});
