// A gateway answers in the server's place when it loses patience or connection: whether the write was done, it does not
// know. Each such answer is looked up before anything is sent again.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/billing_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'answers of gateways to writes', events: 2000 } });

const ANSWERS = [502, 504, 500, 408].flatMap((status) => [false, true].map((isDone) => ({ status, isDone })));

/** What the gateway says; the server says it where the write was done. */
const page = (status: number) => ({ status, contentType: 'text/html', body: `<html><head><title>${status}</title></head></html>` });

for (const [place, { status, isDone }] of ANSWERS.entries()) {
  const when = isDone ? 'after the write was done' : 'before it was done';
  test(`${status} ${when}: an edit is looked up and saved exactly once`, async ({ sitDown, records }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const desk = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(desk, event.EventNumber);
    await drawer.expectOpen();
    const asked: string[] = [];
    desk.on('request', (request) => {
      if (request.url().includes(`subscriptionUsageEvents/${event.EventNumber}`)) asked.push(request.method());
    });
    await desk.route(/subscriptionUsageEvents\//, async (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback();
      if (isDone) await route.fetch();
      await route.fulfill(page(status));
      await desk.unroute(/subscriptionUsageEvents\//);
    });
    await drawer.correct('Service', `+49 ${status} ${place}`);
    await expect.poll(() => asked.slice(0, 2)).toEqual(['PATCH', 'GET']);
    await expectAllSaved(desk);
    expect(asked.filter((method) => method === 'PATCH')).toHaveLength(isDone ? 1 : 2);
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(`+49 ${status} ${place}`);
    expect(writesSeen(after)).toBe(writesSeen(event) + 1);
  });
}

for (const { status, isDone } of ANSWERS.filter(({ status, isDone }) => status !== 500 && (isDone || status === 408))) {
  const when = isDone ? 'after it was made' : 'before it was made';
  test(`${status} ${when}: a new bucket is looked up and never made twice`, async ({ sitDown, billing, writesOf }) => {
    const name = `Gateway ${status} ${isDone}`;
    const desk = await sitDown('editor', BUCKETS);
    const writes = writesOf(desk.context());
    const grid = new BucketGrid(desk);
    await expect(grid.root.getByRole('gridcell').first()).toHaveText(/\w/);
    await desk.getByRole('button', { name: 'New base bucket' }).click();
    const form = desk.getByRole('dialog', { name: 'New base bucket' });
    await form.getByLabel('Name').fill(name);
    await form.getByLabel('Unit').selectOption('Data');
    await desk.route(/Usage\/Bucket\/Base\/$/, async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      if (isDone) await route.fetch();
      await route.fulfill(page(status));
    });
    await form.getByRole('button', { name: 'Create' }).click();
    if (isDone) {
      await new BucketDrawer(desk).expectOpen(name);
    } else {
      // "Not made" counts only when the lost request can no longer arrive; then a person decides.
      await expect(form.getByText(/A reading proved that it was not done/)).toBeVisible({ timeout: 60_000 });
    }
    expect(writes).toHaveLength(1);
    const buckets = (await billing.buckets()).filter((bucket: { name: string }) => bucket.name === name);
    expect(buckets).toHaveLength(isDone ? 1 : 0);
  });
}
