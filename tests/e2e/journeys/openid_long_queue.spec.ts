// Many edits wait while the provider that is to renew the session is away: none is lost, and each is sent once.
import { BulkCorrection } from '../person/bulk_correction';
import { signInByProvider } from '../person/provider_page';
import { savedState } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/openid_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-11-API';

test.use({ journey: 'openid long queue', events: 8000 });

for (const how of [503, 429] as const) {
  test(`a provider that answers ${how} in the middle of more than fifty edits holds them up and loses none`, async ({ openBrowser, provider, records, faults }) => {
    const events = await records.eventsInError(BATCH);
    expect(events.length).toBeGreaterThanOrEqual(50);
    const page = await openBrowser(`/batches/${BATCH}?status=ORA_ERROR`);
    await signInByProvider(page, 'editor');
    const bulk = new BulkCorrection(page);
    const file = `provider-${how}.csv`;
    await bulk.prepare(events.length, 'File', file);
    expect(await bulk.willChange()).toBe(events.length);
    provider.goAway(how);
    await faults.set({ method: 'PATCH', after: 10, kind: { refuse: { status: 401 } } });
    await bulk.correct();
    await expect.poll(() => provider.tokenRequests('refresh_token').length).toBeGreaterThanOrEqual(1);
    await expect(savedState(page)).toHaveText(/saving/);
    await expect(sessionDialog(page).dialog).toBeHidden();
    // Those that were let through may still be on their way.
    await expect.poll(async () => (await records.eventsOf(BATCH, `FileName = '${file}'`)).length).toBe(10);
    await faults.clear();
    provider.comeBack();
    await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${events.length} of ${events.length} corrected`, { timeout: 90_000 });
    await expect(sessionDialog(page).dialog).toBeHidden();
    const now = new Map((await records.everyEventOf(BATCH)).map((event) => [event.EventNumber, event]));
    const wrong = events.filter((before) => {
      const after = now.get(before.EventNumber)!;
      return after.FileName !== file || writesSeen(after) !== writesSeen(before) + 1;
    });
    expect(wrong.map((event) => event.EventNumber)).toEqual([]);
    const uses = [...provider.front.refreshTokenUses.values()];
    expect(uses.length).toBeGreaterThanOrEqual(1);
  });
}
