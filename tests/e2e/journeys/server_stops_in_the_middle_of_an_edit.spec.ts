import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'server stops in the middle of an edit', events: 2000 } });

for (const [place, { name, kind }] of [
  { name: 'before the server wrote it', kind: 'cut_before' as const },
  { name: 'after the server wrote it', kind: 'cut_after' as const },
].entries()) {
  test(`a change whose answer is lost ${name} is looked up and then saved exactly once`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    // The read that finds out is slow, so that the doubt can be seen.
    await faults.set(
      { method: 'PATCH', times: 1, kind },
      { method: 'GET', path: `subscriptionUsageEvents/${event.EventNumber}`, times: 1, kind: { delay_ms: 2000 } },
    );
    await drawer.correct('Service', '+49 once');
    await expect(savedState(page)).toHaveText('1 in doubt');
    await expect(drawer.box('ServiceId').getByRole('status')).toHaveText('In doubt, checking');
    await expect(drawer.field('Service')).toHaveValue('+49 once');
    await expectAllSaved(page);
    await expect(drawer.field('Service')).toHaveValue('+49 once');

    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe('+49 once');
    expect(writesSeen(after)).toBe(writesSeen(event) + 1);
  });
}

test('changes made while the server is down are kept and sent once it is back, each exactly once', async ({ sitDown, records, server }) => {
  const events = (await records.eventsInError(BATCH)).slice(2, 5);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await expect(await grid.cell(events[0].EventNumber, 'Service')).toHaveText(events[0].ServiceId);

  await server.kill();
  for (const event of events) {
    await grid.correct(event.EventNumber, 'Service', `+49 ${event.EventNumber}`);
    await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText(`+49 ${event.EventNumber}`);
  }
  await expect(savedState(page)).toHaveText('3 in doubt');
  await expect(await grid.cell(events[0].EventNumber, 'Service')).toHaveAccessibleDescription('Sent, not confirmed; checking');

  await server.start();
  await expect(savedState(page)).toHaveText('All changes saved', { timeout: 60_000 });
  for (const event of events) {
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(`+49 ${event.EventNumber}`);
    expect(writesSeen(after)).toBe(writesSeen(event) + 1);
    await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText(`+49 ${event.EventNumber}`);
  }
});

test('a server that is killed while it works on a change and comes back on its database holds the change once', async ({ sitDown, records, faults, server }) => {
  const event = (await records.eventsInError(BATCH))[6];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await faults.set({ method: 'PATCH', kind: { delay_ms: 60_000 } });
  await drawer.correct('Service', '+49 after the cut');
  await faults.applied();
  await expect(savedState(page)).toHaveText('1 saving');
  await server.kill();
  await expect(savedState(page)).toHaveText('1 in doubt');
  await server.start();
  await expect(savedState(page)).toHaveText('All changes saved', { timeout: 60_000 });
  await expect(drawer.field('Service')).toHaveValue('+49 after the cut');
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe('+49 after the cut');
  expect(writesSeen(after)).toBe(writesSeen(event) + 1);
});
