// Many changes wait at once: the session ends in the middle of them, or the server is away for a
// while. Each one is at the server exactly once afterwards, and the screen tells the truth meanwhile.
import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { sessionDialog, signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { linesOnDisk } from '../stand/journal';
import { type ServerRecord, type ServerRecords, writesSeen } from '../stand/server_records';

/** A draft, in which events in Draft and in error can be changed. */
const BATCH = 'UB-2026-11-API';

test.use({ stock: { journey: 'long queues', events: 8000 } });

async function expectEachOnce(records: ServerRecords, before: ServerRecord[], file: string): Promise<void> {
  const now = new Map((await records.everyEventOf(BATCH)).map((event) => [event.EventNumber, event]));
  const wrong = before.filter((event) => {
    const after = now.get(event.EventNumber)!;
    return after.FileName !== file || writesSeen(after) !== writesSeen(event) + 1;
  });
  expect(wrong.map((event) => event.EventNumber)).toEqual([]);
}

test('a session that ends under a queue of more than fifty costs the password and nothing else', async ({ sitDown, records, faults, watch }) => {
  const events = await records.eventsInError(BATCH);
  expect(events.length).toBeGreaterThanOrEqual(60);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const bulk = new BulkCorrection(page);
  await bulk.prepare(events.length, 'File', 'after-the-session.csv');
  expect(await bulk.willChange()).toBe(events.length);
  await faults.set({ method: 'PATCH', after: 10, kind: { answer: { status: 401 } } });
  await bulk.correct();
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  await expect(savedState(page)).toHaveText(`Paused, ${events.length - 10} saving`);
  const sent = watch.writes.length;
  await faults.clear();
  // Nothing more leaves until the person has signed in again.
  expect(watch.writes.length).toBe(sent);
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${events.length} of ${events.length} corrected`, { timeout: 60_000 });
  await expectEachOnce(records, events, 'after-the-session.csv');
});

test('two hundred changes made while the server is away are kept, also by a killed tab, and sent when it is back, each once', async ({ sitDown, records, server }) => {
  const events = (await records.eventsOf(BATCH)).filter((event) => ['ORA_DRAFT', 'ORA_ERROR'].includes(event.EventStatus));
  expect(events.length).toBeGreaterThanOrEqual(200);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const all = (await records.eventsOf(BATCH)).length;
  const bulk = new BulkCorrection(page);
  await bulk.prepare(all, 'File', 'server-away.csv');
  expect(await bulk.willChange()).toBe(events.length);
  await server.kill();
  await bulk.correct();
  // Six have left and are in doubt, the others wait.
  await expect(savedState(page)).toHaveText(`6 in doubt, ${events.length - 6} saving`);
  await expect(bulk.dialog.getByText('6 in doubt, checking')).toBeVisible();
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`0 of ${events.length} corrected`);
  await expect.poll(() => linesOnDisk(page)).toBe(events.length);
  await page.close();

  await server.start();
  const next = await page.context().newPage();
  await next.goto('/changes');
  await signIn(next, 'editor');
  await expect(next.getByText(`${events.length} changes from before are taken up where they stood.`)).toBeVisible();
  await expect(savedState(next)).toHaveText('All changes saved', { timeout: 90_000 });
  await expectEachOnce(records, events, 'server-away.csv');
});

test('a server that is killed twice in the middle of pasted rows is sent the rest when it is back, and none twice', async ({ sitDown, records, server }) => {
  const before = (await records.everyEventOf(BATCH)).filter((event) => ['ORA_DRAFT', 'ORA_ERROR'].includes(event.EventStatus));
  expect(before.length).toBeGreaterThanOrEqual(400);
  const pasted = before.map((_, at) => `${at + 1}.25`);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_DRAFT,ORA_ERROR`, { permissions: ['clipboard-read', 'clipboard-write'] });
  const grid = new EventGrid(page);
  await grid.expectRows(before.length);
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted.join('\n'));
  await (await grid.cell(before[0].EventNumber, 'Quantity')).click();
  await page.keyboard.press('ControlOrMeta+V');
  const bulk = new BulkCorrection(page);
  expect(await bulk.willChange()).toBe(before.length);
  let answered = 0;
  page.on('response', (response) => {
    if (response.request().method() === 'PATCH' && response.ok()) answered += 1;
  });
  await bulk.correct();
  const isKilledAfter = async (rows: number) => {
    await expect.poll(() => answered, { intervals: [20], timeout: 60_000 }).toBeGreaterThanOrEqual(rows);
    await server.kill();
    await expect(savedState(page)).toContainText('in doubt');
    const written = answered;
    expect(written).toBeLessThan(before.length);
    await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${written} of ${before.length} corrected`);
    await server.start();
  };
  await isKilledAfter(Math.floor(before.length / 3));
  await isKilledAfter(Math.floor((2 * before.length) / 3));
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${before.length} of ${before.length} corrected`, { timeout: 90_000 });
  const now = new Map((await records.everyEventOf(BATCH)).map((event) => [event.EventNumber, event]));
  const wrong = before.filter((event, at) => {
    const after = now.get(event.EventNumber)!;
    return after.UsageQuantity !== pasted[at] || writesSeen(after) !== writesSeen(event) + 1;
  });
  expect(wrong.map((event) => event.EventNumber)).toEqual([]);
});

test('a bulk edit is taken back: what has left by a further edit, what has not by not sending it', async ({ sitDown, records, faults }) => {
  const events = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const bulk = new BulkCorrection(page);
  await bulk.prepare(events.length, 'File', 'a-mistake.csv');
  expect(await bulk.willChange()).toBe(events.length);
  // Twenty are saved, then the server asks for a rest.
  await faults.set({ method: 'PATCH', after: 20, kind: { answer: { status: 503, headers: { 'Retry-After': '600' } } } });
  await bulk.correct();
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`20 of ${events.length} corrected`);
  await faults.clear();
  await bulk.dialog.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(`${events.length - 20} not sent any more, 20 changed back by a further edit.`)).toBeVisible();
  // The rest is over for whoever comes anew.
  await page.reload();
  await signIn(page, 'editor');
  await expectAllSaved(page);
  const now = new Map((await records.everyEventOf(BATCH)).map((event) => [event.EventNumber, event]));
  for (const event of events) expect(now.get(event.EventNumber)?.FileName).toBe(event.FileName);
  const writes = events.map((event) => writesSeen(now.get(event.EventNumber)!) - writesSeen(event));
  expect([writes.filter((count) => count === 2).length, writes.filter((count) => count === 0).length]).toEqual([20, events.length - 20]);
});
