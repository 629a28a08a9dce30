// What a person typed outlives the tab: it is on disk before it leaves, and the next tab of the
// same person goes on where the last one stood, each change exactly once.
import { ChangesPage } from '../person/changes_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expectSignedIn, signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { linesOnDisk } from '../stand/journal';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'survives a closed tab', events: 2000 } });

test('what was typed without a network is sent after the tab was closed and opened again', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[3];
  const address = eventAddress(BATCH, event.EventNumber);
  const page = await sitDown('editor', address);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const context = page.context();
  await context.setOffline(true);
  await drawer.correct('Service', '+49 offline');
  await expect(savedState(page)).toHaveText('Offline, 1 saving');
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(address);
  await signIn(next, 'editor');
  await expect(next.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(next);
  await expect(new EventDrawer(next, event.EventNumber).field('Service')).toHaveValue('+49 offline');
  expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event) + 1);
});

test('the work of a tab that dies is taken over by the other tab of the same person', async ({ sitDown, records, faults }) => {
  const events = (await records.eventsInError(BATCH)).slice(5, 9);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await expect(await grid.cell(events[0].EventNumber, 'Service')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto('/changes');
  await expectSignedIn(other);
  const changes = new ChangesPage(other);
  await expect(changes.root).toBeVisible();
  await faults.set({ method: 'PATCH', kind: { delay_ms: 120_000 } });
  for (const event of events) await grid.correct(event.EventNumber, 'Service', `+49 over ${event.EventNumber}`);
  await faults.applied(4);
  await faults.clear();
  await page.close();

  await expect(other.getByText('4 changes from before are taken up where they stood.')).toBeVisible();
  await expectAllSaved(other);
  for (const event of events) {
    await expect(changes.rows(event.EventNumber, 'Done')).toHaveCount(1);
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(`+49 over ${event.EventNumber}`);
    expect(writesSeen(after)).toBe(writesSeen(event) + 1);
  }
});

test('two tabs take turns, and what both of them typed is saved', async ({ sitDown, records, faults }) => {
  const [one, two] = (await records.eventsInError(BATCH)).slice(9, 11);
  const first = await sitDown('editor', eventAddress(BATCH, one.EventNumber));
  const second = await first.context().newPage();
  await second.goto(eventAddress(BATCH, two.EventNumber));
  await expectSignedIn(second);
  const drawers = [new EventDrawer(first, one.EventNumber), new EventDrawer(second, two.EventNumber)];
  await Promise.all(drawers.map((drawer) => drawer.expectOpen()));
  // The first tab holds its turn as long as its write is out; the second one waits for it.
  await faults.set({ method: 'PATCH', path: one.EventNumber, times: 1, kind: { delay_ms: 3000 } });
  await drawers[0].correct('Service', '+49 first');
  await faults.applied();
  await drawers[1].correct('Service', '+49 second');
  await expect(drawers[1].box('ServiceId').getByRole('status')).toHaveText('Not sent yet');
  await expectAllSaved(first);
  await expectAllSaved(second);
  expect((await records.event(one.EventNumber)).ServiceId).toBe('+49 first');
  expect((await records.event(two.EventNumber)).ServiceId).toBe('+49 second');
});

test('nobody goes on with another person’s changes', async ({ sitDown, records, watch }) => {
  const event = (await records.eventsInError(BATCH))[11];
  const address = eventAddress(BATCH, event.EventNumber);
  const page = await sitDown('editor', address);
  await new EventDrawer(page, event.EventNumber).expectOpen();
  const context = page.context();
  await context.setOffline(true);
  await new EventDrawer(page, event.EventNumber).correct('Service', '+49 mine');
  await expect(savedState(page)).toHaveText('Offline, 1 saving');
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  await page.close();
  await context.setOffline(false);
  const other = await context.newPage();
  await other.goto('/changes');
  await signIn(other, 'editor2');
  await expect(other.getByText('Nothing changed yet')).toBeVisible();
  await other.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect(watch.writes).toEqual([]);
  await signIn(other, 'editor');
  await expect(other.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(other);
  await expect(new ChangesPage(other).rows(event.EventNumber, 'Done')).toHaveCount(1);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 mine');
});

for (const isOffline of [false, true]) {
  test(`signing out ${isOffline ? 'without a network ' : ''}leaves nothing in the browser but settings`, async ({ sitDown, records }) => {
    const event = (await records.eventsInError(BATCH))[isOffline ? 12 : 13];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const stored = () =>
      page.evaluate(async () => ({
        databases: (await indexedDB.databases()).map((database) => database.name),
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        caches: await caches.keys(),
        cookies: document.cookie,
      }));
    await page.context().setOffline(isOffline);
    await drawer.correct('Service', '+49 sign out');
    await expect(savedState(page)).toHaveText(isOffline ? 'Offline, 1 saving' : 'All changes saved');
    expect((await stored()).databases).toEqual(['usage-desk']);
    page.on('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
    await expect.poll(async () => (await stored()).databases).toEqual([]);
    const left = await stored();
    expect({ ...left, local: left.local.filter((key) => !/theme|layout|columns/.test(key)) }).toEqual({ databases: [], local: [], session: [], caches: [], cookies: '' });
  });
}
