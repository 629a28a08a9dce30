// One of two servers is cut off in the middle of a queue of edits. Work goes on with the other one: nothing is lost,
// nothing is done twice.
import { BulkCorrection } from '../person/bulk_correction';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';
import { TwoServers } from '../stand/two_servers';

const BATCH = 'UB-2026-11-API';

test.use({ stock: { journey: 'one of two servers dies', events: 4000 } });

test('a queue of edits goes on with the other server, each edit once', async ({ sitDown, records, server, faults, watch }) => {
  const before = (await records.everyEventOf(BATCH)).filter((event) => ['ORA_DRAFT', 'ORA_ERROR'].includes(event.EventStatus));
  expect(before.length).toBeGreaterThanOrEqual(150);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const bulk = new BulkCorrection(page);
  await bulk.prepare((await records.eventsOf(BATCH)).length, 'File', 'through-two-servers.csv');
  expect(await bulk.willChange()).toBe(before.length);
  // What the one that is killed is at then has no answer.
  await faults.set({ method: 'PATCH', kind: { delay_ms: 40 } });
  await bulk.correct();
  await expect.poll(() => watch.writes.length, { intervals: [20] }).toBeGreaterThanOrEqual(30);
  await (server as TwoServers).killOne();
  expect(watch.writes.length).toBeLessThan(before.length);
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${before.length} of ${before.length} corrected`, { timeout: 90_000 });
  await expectAllSaved(page);
  const now = new Map((await records.everyEventOf(BATCH)).map((event) => [event.EventNumber, event]));
  const wrong = before.filter((event) => {
    const after = now.get(event.EventNumber)!;
    return after.FileName !== 'through-two-servers.csv' || writesSeen(after) !== writesSeen(event) + 1;
  });
  expect(wrong.map((event) => event.EventNumber)).toEqual([]);
});
