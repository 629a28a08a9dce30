// A gateway answers in the server's place when it loses patience or connection: whether the write was done, it does not
// know. Each such answer is looked up before anything is sent again.
import type { Page } from '@playwright/test';
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/billing_test';
import { writesSeen } from '../stand/server_records';
import { Front } from '../stand/front';
import { TimingOutFront } from '../stand/timing_out_front';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'answers of gateways to writes', events: 2000 } });

const ANSWERS = [502, 504, 500, 408].flatMap((status) => [false, true].map((isDone) => ({ status, isDone })));

/** What the gateway says; the server says it where the write was done. */
const page = (status: number) => ({ status, contentType: 'text/html', body: `<html><head><title>${status}</title></head></html>` });

const askForBucket = async (desk: Page, name: string) => {
  await expect(new BucketGrid(desk).root.getByRole('gridcell').first()).toHaveText(/\w/);
  await desk.getByRole('button', { name: 'New base bucket' }).click();
  const form = desk.getByRole('dialog', { name: 'New base bucket' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Unit').selectOption('Data');
  return form;
};

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
    const form = await askForBucket(desk, name);
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

test('a gateway that lets browsers keep what they read: each look is at the server, and no kept record makes a conflict', async ({ openBrowser, server, records, faults }) => {
  const event = (await records.eventsInError(BATCH)).at(-1)!;
  const front = await Front.before(server);
  front.letsReadingsBeKept = true;
  const desk = await openBrowser(front.address + eventAddress(BATCH, event.EventNumber));
  await signIn(desk, 'editor');
  const drawer = new EventDrawer(desk, event.EventNumber);
  for (const service of ['+49 kept 1', '+49 kept 2']) {
    await drawer.correct('Service', service);
    await expectAllSaved(desk);
  }
  await faults.set({ method: 'PATCH', times: 1, kind: 'cut_after' });
  await drawer.correct('Service', '+49 kept 3');
  await expectAllSaved(desk);
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe('+49 kept 3');
  expect(writesSeen(after)).toBe(writesSeen(event) + 3);
  // Loaded anew it shows what is there now.
  await desk.reload();
  await signIn(desk, 'editor');
  await expect(drawer.field('Service')).toHaveValue('+49 kept 3');
  await front.end();
});

/** A browser takes 408 on a connection that was used before for no answer, and sends the write again by itself, on each such
 * connection that it has and at last on a new one. The page has sent it once. */
const TIME_OUTS = [
  { isDoneFirst: false, refusesNewConnections: false, when: 'before the write was done' },
  { isDoneFirst: true, refusesNewConnections: true, when: 'after the write was done, and to the browser’s own repetition too' },
];

const expectRepeatedByTheBrowser = ({ writes }: TimingOutFront) => {
  expect(writes.length).toBeGreaterThan(1);
  expect(writes.map(({ isOnUsedConnection }) => isOnUsedConnection)).toEqual(writes.map((_, place) => place < writes.length - 1));
};

for (const [place, { isDoneFirst, refusesNewConnections, when }] of [...TIME_OUTS, { isDoneFirst: true, refusesNewConnections: false, when: 'after the write was done' }].entries()) {
  test(`408 on a used connection ${when}: an edit is saved exactly once`, async ({ openBrowser, server, records }) => {
    const event = (await records.eventsInError(BATCH))[ANSWERS.length + place];
    const front = await TimingOutFront.before(server);
    Object.assign(front, { isDoneFirst, refusesNewConnections });
    const desk = await openBrowser(front.address + eventAddress(BATCH, event.EventNumber));
    await signIn(desk, 'editor');
    const drawer = new EventDrawer(desk, event.EventNumber);
    await drawer.expectOpen();
    const asked: string[] = [];
    desk.on('request', (request) => {
      if (request.url().includes(`subscriptionUsageEvents/${event.EventNumber}`)) asked.push(request.method());
    });
    front.timeOut();
    await drawer.correct('Service', `+49 timed out ${place}`);
    await expectAllSaved(desk);
    expectRepeatedByTheBrowser(front);
    // What is in doubt, or refused for its version, is read first, and then need not be sent again.
    expect(asked.filter((method) => method === 'PATCH')).toHaveLength(1);
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(`+49 timed out ${place}`);
    expect(writesSeen(after)).toBe(writesSeen(event) + 1);
    await front.end();
  });
}

test('408 on a used connection after the write was done: a new bucket that the browser’s own repetition is refused is told to be there', async ({ openBrowser, server, billing }) => {
  const name = 'Timed out, then taken';
  const front = await TimingOutFront.before(server);
  front.isDoneFirst = true;
  const desk = await openBrowser(front.address + BUCKETS);
  await signIn(desk, 'editor');
  const form = await askForBucket(desk, name);
  front.timeOut();
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form.getByText('It is done all the same: your browser may have sent the request twice.')).toBeVisible();
  expectRepeatedByTheBrowser(front);
  expect((await billing.buckets()).filter((bucket: { name: string }) => bucket.name === name)).toHaveLength(1);
  await front.end();
});

for (const { isDoneFirst, refusesNewConnections, when } of TIME_OUTS) {
  test(`408 on a used connection ${when}: a new bucket is made once`, async ({ openBrowser, server, billing, writesOf }) => {
    const name = `Timed out ${isDoneFirst}`;
    const front = await TimingOutFront.before(server);
    Object.assign(front, { isDoneFirst, refusesNewConnections });
    const desk = await openBrowser(front.address + BUCKETS);
    const writes = writesOf(desk.context());
    await signIn(desk, 'editor');
    const form = await askForBucket(desk, name);
    front.timeOut();
    await form.getByRole('button', { name: 'Create' }).click();
    await new BucketDrawer(desk).expectOpen(name);
    expectRepeatedByTheBrowser(front);
    expect(writes).toHaveLength(1);
    expect((await billing.buckets()).filter((bucket: { name: string }) => bucket.name === name)).toHaveLength(1);
    await front.end();
  });
}
