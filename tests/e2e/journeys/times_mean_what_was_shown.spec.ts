// Times in the zones of their events: exact to the digit, and of the zone that was shown when the typing
// began; days of a rule from their first moment to the last.
import { createBatch } from '../person/batch_page';
import { BulkCorrection } from '../person/bulk_correction';
import { ChangesPage } from '../person/changes_page';
import { ConflictCard } from '../person/conflict_card';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { type ServerRecord, type ServerRecords, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'times mean what was shown', events: 2000 } });

async function berliner(records: ServerRecords, place: number): Promise<ServerRecord> {
  return (await records.eventsInError(BATCH)).filter((record) => record.EventTimeZone === 'Europe/Berlin')[place];
}

test('what a person says of an event stands on its own clock, what a system stamps in UTC', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH)).find((record) => record.EventTimeZone === 'Europe/Berlin')!;
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.box('EventStartTime')).toContainText('Europe/Berlin');
  const stamped = event.LastUpdateDate.slice(0, 19).replace('T', ' ');
  await expect(drawer.box('LastUpdateDate')).toContainText(stamped);
  await expect(drawer.box('LastUpdateDate')).toContainText(/ UTC$/);
  await expect(drawer.box('CreationDate')).not.toContainText('Berlin');
  // That it was priced is a stamp of rating.
  const processed = await records.eventsOf('UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED'");
  const priced = processed.find((record) => record.EventTimeZone === 'Europe/Berlin' && record.PricedOn)!;
  await page.goto(`/events/${priced.EventNumber}`);
  await signIn(page, 'viewer');
  const pricing = new EventDrawer(page, priced.EventNumber);
  await pricing.expectOpen();
  await expect(pricing.box('PricedOn')).toContainText(`${priced.PricedOn.slice(0, 19).replace('T', ' ')} UTC`);
  await expect(pricing.box('PricedOn')).not.toContainText('Berlin');
});

test('times in what a server says read like the console\'s own, and what they name is still found', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH)).find((record) => record.Error === 'OSS_END_BEFORE_START')!;
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const messages = drawer.root.getByRole('region', { name: 'Messages' });
  // On the clock of the field that is to be mended, which begins with the same digits.
  const label = (await messages.getByText(/^End instead of /).textContent()) ?? '';
  const end = label.replace('End instead of ', '');
  expect(end).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  await expect(messages).toContainText(`The end ${end} ${event.EventTimeZone}, UTC`);
  await expect(messages.getByLabel(/^End instead of /)).toBeVisible();
});

test('a refused time, and what the server says of it, stand on the clock of the fields', async ({ sitDown, records }) => {
  const { EventNumber: event } = await berliner(records, 5);
  expect((await records.write(event, { EventStartTime: '2026-10-05T08:30:00+00:00', EventEndTime: '2026-10-05T09:30:00+00:00' })).status).toBe(200);
  const page = await sitDown('editor', eventAddress(BATCH, event));
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await drawer.correct('End', '2026-10-05 10:15');
  const [start, end] = ['2026-10-05 10:30:00', '2026-10-05 10:15:00'].map((time) => `${time} Europe/Berlin, UTC+02:00`);
  await expect(drawer.box('EventEndTime')).toContainText(`The event would end (${end}) before it starts (${start}).`);
  await expect(drawer.field('End')).toHaveValue('2026-10-05 10:15:00');
  // The zone went along as it was, and is not at fault.
  await expect(drawer.box('EventTimeZone')).not.toContainText(/Refused|would end/);
  const here = drawer.root.getByRole('region', { name: 'Changed in this browser' });
  await expect(here.getByRole('listitem').filter({ hasText: 'Refused' })).toContainText(`End: 2026-10-05 11:30:00 Europe/Berlin, UTC+02:00 \u2192 ${end}`);
  // On the same clock where it is told beside other changes.
  const said = `The event would end (${end}) before it starts (${start}).`;
  await savedState(page).click();
  const unsaved = page.getByRole('link').filter({ hasText: `Event ${event}` }).filter({ hasText: 'Refused' });
  await expect(unsaved).toContainText(`End: ${end}`);
  await expect(unsaved).toContainText(said);
  const changes = new ChangesPage(page);
  await changes.open();
  await expect(changes.rows(event, '2026-10-05 11:30:00 Europe/Berlin, UTC+02:00', end, said)).toHaveCount(1);
});

test('a correction of many events shows each of its times on the clock of its event', async ({ sitDown, records }) => {
  const { EventNumber: event } = await berliner(records, 0);
  expect((await records.write(event, { EventStartTime: '2026-10-05T08:30:00+00:00', EventEndTime: '2026-10-05T09:30:00+00:00' })).status).toBe(200);
  const page = await sitDown('editor', `/batches/${BATCH}?find=${encodeURIComponent(event)}`);
  const bulk = new BulkCorrection(page);
  await bulk.prepare(1, 'Start', '2026-10-05 08:00');
  const rows = bulk.dialog.getByRole('region', { name: 'Before and after' });
  await expect(rows.locator('.before')).toHaveText('2026-10-05 10:30:00 Europe/Berlin, UTC+02:00');
  await expect(rows.locator('.after')).toHaveText('2026-10-05 10:00:00 Europe/Berlin, UTC+02:00');
});

test('a fraction of a second does not move the clock', async ({ sitDown, records }) => {
  const { EventNumber: event } = await berliner(records, 0);
  const written = { EventStartTime: '2026-10-01T08:30:00.000500+00:00', EventEndTime: '2026-10-01T08:31:00.999999+00:00' };
  expect((await records.write(event, written)).status).toBe(200);
  const page = await sitDown('editor', eventAddress(BATCH, event));
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await expect(drawer.field('Start')).toHaveValue('2026-10-01 10:30:00.000500');
  await expect(drawer.field('Start')).toHaveAccessibleDescription('Europe/Berlin, UTC+02:00');
  await expect(drawer.field('End')).toHaveValue('2026-10-01 10:31:00.999999');
  await drawer.correct('Start', '2026-10-01 10:30:00.000501');
  await expectAllSaved(page);
  expect((await records.event(event)).EventStartTime).toBe('2026-10-01T08:30:00.000501+00:00');
  // What is taken back is told in times as people read them.
  await drawer.root.getByRole('heading', { name: event, exact: true }).click();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('log', { name: 'Notices' })).toContainText(`Start of ${event}: 2026-10-01 08:30:00.000501 UTC to 2026-10-01 08:30:00.000500 UTC`);
});

test('a time typed in the grid is of the zone that was shown, and a change of it meanwhile is a conflict', async ({ sitDown, records }) => {
  const before = await berliner(records, 1);
  const event = before.EventNumber;
  expect((await records.write(event, { EventEndTime: '2026-12-31T00:00:00+00:00' })).status).toBe(200);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const editor = await grid.openEditor(event, 'Start (UTC)');
  await expect(editor).toHaveAccessibleDescription(/^Europe\/Berlin, UTC/);
  await editor.fill('2026-10-05 14:30');
  await expect(editor).toHaveAccessibleDescription('Europe/Berlin, UTC+02:00');
  // Somebody else moves the event to another zone, and the list learns of it.
  expect((await records.write(event, { EventTimeZone: 'America/New_York' })).status).toBe(200);
  await page.getByRole('button', { name: 'Refresh' }).evaluate((button: HTMLElement) => button.click());
  await expect(await grid.cell(event, 'Time zone')).toHaveText('America/New_York');
  await expect(editor).toHaveValue('2026-10-05 14:30');
  await expect(editor).toHaveAccessibleDescription('Europe/Berlin, UTC+02:00');
  const writes = writesSeen(await records.event(event));
  await editor.press('Enter');
  await expect(savedState(page)).toHaveText('1 in conflict');
  expect(writesSeen(await records.event(event))).toBe(writes);

  await (await grid.cell(event, 'Event')).dblclick();
  const card = new ConflictCard(page, event);
  await card.expectTells('Time zone', { who: 'Ada Moreau', before: 'Europe/Berlin', theirs: 'America/New_York', mine: 'Europe/Berlin' });
  await expect(card.root.getByTestId('besides')).toHaveText('Saved with your decision: Start: 2026-10-05 14:30:00 Europe/Berlin, UTC+02:00');
  await card.keepMine('Time zone');
  await expectAllSaved(page);
  const after = await records.event(event);
  expect([after.EventStartTime, after.EventTimeZone]).toEqual(['2026-10-05T12:30:00+00:00', 'Europe/Berlin']);
});

test('so is one that is typed in the drawer', async ({ sitDown, records }) => {
  const before = await berliner(records, 2);
  const event = before.EventNumber;
  const page = await sitDown('editor', eventAddress(BATCH, event));
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  const field = drawer.field('End');
  await field.fill('2026-12-24 18:00');
  await expect(field).toHaveAccessibleDescription('Europe/Berlin, UTC+01:00');
  expect((await records.write(event, { EventTimeZone: 'Asia/Tokyo' })).status).toBe(200);
  // Nobody here has heard of it yet; the server's answer tells.
  await field.press('Enter');
  const card = new ConflictCard(page, event);
  await expect(card.root.getByTestId('besides')).toHaveText('Saved with your decision: End: 2026-12-24 18:00:00 Europe/Berlin, UTC+01:00');
  await card.takeTheirs('Time zone');
  await expectAllSaved(page);
  const after = await records.event(event);
  // The moment that was meant, on the clock of the zone that was chosen.
  expect([after.EventEndTime, after.EventTimeZone]).toEqual(['2026-12-24T17:00:00+00:00', 'Asia/Tokyo']);
  await expect(drawer.field('End')).toHaveValue('2026-12-25 02:00:00');
});

test('a stamp in the grid is shown to the second and copied whole', async ({ sitDown, records }) => {
  const { EventNumber: event } = await berliner(records, 4);
  expect((await records.write(event, { ServiceId: '+49 stamped' })).status).toBe(200);
  const { LastUpdateDate: stamp } = await records.event(event);
  const page = await sitDown('viewer', `/batches/${BATCH}?find=${encodeURIComponent(event)}`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const grid = new EventGrid(page);
  await (await grid.cell(event, 'Event')).click({ position: { x: 3, y: 3 } });
  await page.keyboard.press('End');
  await expect(await grid.activeCell()).toHaveText(stamp.slice(0, 19).replace('T', ' '));
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText('Copied.', { exact: true })).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(new Date(copied.trim().replace(' ', 'T')).getTime()).toBe(new Date(stamp).getTime());
  expect(copied).toContain('.');
});

test('a copied time is pasted as the moment that it is', async ({ sitDown, records }) => {
  const { EventNumber: event, EventStartTime } = await berliner(records, 3);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const grid = new EventGrid(page);
  await (await grid.cell(event, 'Start (UTC)')).click();
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText('Copied.', { exact: true })).toBeAttached();
  const editor = await grid.openEditor(event, 'Start (UTC)');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
  await expect(editor).toHaveValue(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?Z$/);
  await page.keyboard.press('Enter');
  await expect(editor).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event)).EventStartTime).toBe(EventStartTime);
});

test('a day in a rule is all of it, its ends are told, and blanks are among what something is not', async ({ sitDown, records }) => {
  const from = 'UB-2026-09-TEL';
  const done = await records.eventsOf(from, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true");
  const day = done[Math.floor(done.length / 2)].EventStartTime.slice(0, 10);
  const until = done.filter((event) => event.EventStartTime.slice(0, 10) <= day);
  const page = await sitDown('editor', '/batches');
  await createBatch(page, /^Re-rate/, 'To the end of a day');
  await page.getByRole('button', { name: 'Add events', exact: true }).click();
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await builder.getByLabel('Value').fill(from);
  await builder.getByRole('button', { name: 'Add condition' }).click();
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Start' });
  await builder.getByLabel('Comparison', { exact: true }).nth(1).selectOption({ label: 'is at or before' });
  await builder.getByLabel('Value').nth(1).fill(day);
  await expect(builder.getByTestId('understood')).toHaveText(/^before \d{4}-\d\d-\d\d 00:00 UTC$/);
  await expect(builder.getByTestId('allowed')).toHaveText(`${until.length} events will be added`);
  await expect(builder.getByTestId('first-and-last')).toContainText(`last ${day} `);
  await builder.getByLabel('Comparison', { exact: true }).nth(1).selectOption('Is');
  const within = done.filter((event) => event.EventStartTime.slice(0, 10) === day);
  await expect(builder.getByTestId('allowed')).toHaveText(new RegExp(`^${within.length} events? will be added$`));
  await builder.getByLabel('Field').nth(1).selectOption({ label: 'Currency' });
  await builder.getByLabel('Comparison', { exact: true }).nth(1).selectOption({ label: 'is not' });
  await builder.getByLabel('Value').nth(1).fill('EUR');
  await expect(builder.getByTestId('understood')).toHaveText('or Currency is empty');
  const others = done.filter((event) => event.CurrencyCode !== 'EUR');
  expect(others.some((event) => event.CurrencyCode === null)).toBe(true);
  await expect(builder.getByTestId('allowed')).toHaveText(`${others.length} events will be added`);
});

test('how old a sum is, and when it is now, the systems’ clocks tell and this computer’s does not', async ({ sitDown, faults }) => {
  await faults.setClock(new Date('2026-02-03T08:30:00Z'));
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('as of 2026-02-03 08:3');
  await page.getByRole('link', { name: 'Buckets', exact: true }).click();
  await page.getByRole('grid', { name: 'Base buckets' }).getByRole('row').filter({ hasText: 'Active' }).first().getByRole('gridcell').first().dblclick();
  await page.getByRole('complementary').getByRole('button', { name: /^Retire/ }).click();
  await expect(page.getByLabel('End (UTC)')).toHaveValue(/^2026-02-03 08:3/);
});
