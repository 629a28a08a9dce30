// A server asks for a pause, by seconds or by a date, sensible or not. It is honoured within minutes, told
// with its end, and a person need not wait for it.
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import type { Fault } from '../stand/fault_switches';
import { takePictures } from '../stand/pictures';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'server asks for a pause', events: 2000 } });

const asks = (status: number, wish: string): Fault => ({ answer: { status, content_type: 'application/json', body: '{}', headers: { 'Retry-After': wish } } });

for (const [place, wish] of ['99999999', '86400', '18446744073709551616', 'Fri, 31 Dec 2199 23:59:59 GMT'].entries()) {
  test(`a pause of “${wish}” is minutes, and can be cut short`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ method: 'PATCH', times: 1, kind: asks(429, wish) });
    const before = new Date();
    await drawer.correct('Service', `+49 paused ${place}`);
    await drawer.correct('Quantity', '5.25');
    await expect(savedState(page)).toHaveText(/^Paused until \d\d:\d\d, 2 saving$/);
    const [, hour, minute] = /(\d\d):(\d\d)/.exec((await savedState(page).textContent())!)!;
    const minutes = (Number(hour) * 60 + Number(minute) - before.getUTCHours() * 60 - before.getUTCMinutes() + 1440) % 1440;
    expect(minutes).toBeGreaterThanOrEqual(9);
    expect(minutes).toBeLessThanOrEqual(11);
    await page.getByRole('button', { name: 'Try now', exact: true }).click();
    await expectAllSaved(page);
    await expect(page.getByRole('button', { name: 'Try now', exact: true })).toBeHidden();
    const after = await records.event(event.EventNumber);
    expect([after.ServiceId, after.UsageQuantity]).toEqual([`+49 paused ${place}`, '5.25']);
  });
}

const imf = (at: Date) => at.toUTCString();
const rfc850 = (at: Date) => {
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const [, day, month, year, time] = /, (\d\d) (\w{3}) \d\d(\d\d) (\S+) GMT/.exec(at.toUTCString())!;
  return `${days[at.getUTCDay()]}, ${day}-${month}-${year} ${time} GMT`;
};
const asctime = (at: Date) => {
  const [, week, day, month, year, time] = /(\w{3}), (\d\d) (\w{3}) (\d{4}) (\S+) GMT/.exec(at.toUTCString())!;
  return `${week} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
};

for (const [place, [form, write]] of Object.entries({ imf, rfc850, asctime }).entries()) {
  test(`a pause until a date (${form}) is honoured`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[4 + place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 7000);
    await faults.set({ method: 'PATCH', times: 1, kind: asks(503, write(until)) });
    const sent: number[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(Date.now());
    });
    await drawer.correct('Service', `+49 until ${form}`);
    await expect(savedState(page)).toHaveText(/^Paused until \d\d:\d\d:\d\d, 1 saving$/);
    await expectAllSaved(page);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBeGreaterThanOrEqual(until.getTime() - 1100);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 until ${form}`);
  });
}

for (const [place, wish] of ['0', '-5', 'soon', '', 'Sun, 06 Nov 1994 08:49:37 GMT'].entries()) {
  test(`a wish of “${wish}” is none to wait for`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[7 + place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ method: 'PATCH', times: 1, kind: asks(429, wish) });
    await drawer.correct('Service', `+49 soon ${place}`);
    await faults.applied();
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 soon ${place}`);
  });
}

test('LogiSense’s pause holds up nothing of Oracle’s', async ({ sitDown, records, faults }) => {
  const page = await sitDown('editor', '/buckets');
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText(/\d base buckets?/);
  await faults.set({ path: '/ResourceServer/', method: 'PUT', kind: asks(429, '600') });
  await page.getByRole('grid', { name: 'Base buckets' }).getByRole('gridcell').first().dblclick();
  const drawer = page.getByRole('complementary', { name: /^Base bucket/ });
  await drawer.getByLabel('Name', { exact: true }).fill('paused bucket');
  await drawer.getByLabel('Name', { exact: true }).press('Enter');
  await expect(savedState(page)).toHaveText(/^Paused until \d\d:\d\d, 1 saving$/);
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  const grid = new EventGrid(page);
  await grid.filterTo('Error');
  const cell = grid.root.locator('[role=row][aria-rowindex="2"]');
  await expect(cell.getByRole('gridcell').first()).not.toHaveText('');
  const number = (await cell.getByRole('gridcell').first().textContent())!.trim();
  await grid.correct(number, 'Service', '+49 beside a pause');
  await expect.poll(async () => (await records.event(number)).ServiceId).toBe('+49 beside a pause');
  await expect(savedState(page)).toHaveText(/^Paused until \d\d:\d\d, 1 saving$/);
  await faults.clear();
  await page.getByRole('button', { name: 'Try now', exact: true }).click();
  await expectAllSaved(page);
});

test('a batch whose server asks for a pause says so once, counts down, and comes by itself', async ({ sitDown, faults }) => {
  await faults.set({ method: 'GET', path: `subscriptionUsageEventBatches/${BATCH}`, kind: asks(503, '4') });
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await expect(page.getByRole('heading', { name: 'The server is busy' })).toBeVisible();
  await expect(page.getByText(/The server is busy/).filter({ visible: true })).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Try now', exact: true })).toHaveCount(1);
  // One state at a time: no rows to come beneath the words, and nothing that still counts.
  await expect(grid.root.locator('[role=row]:has(> [role=gridcell])').first()).toBeHidden();
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('Number of events not known');
  const countdown = page.getByText(/^Next try in \d seconds?$/);
  const left = async () => Number(/\d/.exec((await countdown.textContent())!)![0]);
  const first = await left();
  await expect.poll(left).toBeLessThan(first);
  await faults.clear();
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await expect(page.getByRole('heading', { name: 'October voice and data', level: 1 })).toBeVisible();
  await expect(page.getByText(/The server is busy/)).toHaveCount(0);
});

test('what counts down is the time until the next try, also after the computer has slept', async ({ openBrowser, faults }) => {
  const page = await openBrowser('/version');
  await page.clock.install();
  await page.goto('/batches');
  await faults.set({ method: 'GET', path: 'subscriptionUsageEventBatches?', kind: asks(503, '100') });
  await signIn(page, 'viewer');
  await expect(page.getByText(/^Next try in (9\d|100) seconds$/)).toBeVisible();
  await faults.clear();
  // A timer that came due while it slept is called once.
  await page.clock.fastForward(80_000);
  await expect(page.getByText(/^Next try in (1\d|20) seconds$/)).toBeVisible();
  await page.clock.fastForward(21_000);
  await expect(page.getByRole('grid', { name: 'Usage event batches' }).getByRole('gridcell').first()).toHaveText(/\w/);
});

for (const [wish, words] of [['400', '7 minutes'], ['99999999999999999999', '10 minutes'], ['Fri, 31 Dec 2199 23:59:59 GMT', '10 minutes']] as const) {
  test(`a pause of “${wish}” that a list asks for counts down from ${words} at most, and need not be waited for`, async ({ sitDown, faults }) => {
    await faults.set({ method: 'GET', path: 'subscriptionUsageEvents?', kind: asks(429, wish) });
    const page = await sitDown('editor', '/events');
    await expect(page.getByText(`Next try in ${words}`)).toBeVisible();
    await faults.clear();
    await page.getByRole('button', { name: 'Try now', exact: true }).click();
    await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  });
}

for (const wish of ['soon', '-5', '']) {
  test(`a list whose server says “${wish}” is tried again by whoever wants to`, async ({ sitDown, faults }) => {
    await faults.set({ method: 'GET', path: 'subscriptionUsageEvents?', kind: asks(429, wish) });
    const page = await sitDown('editor', '/events');
    await expect(page.getByText('Try again in a moment.')).toBeVisible();
    await faults.clear();
    await page.getByRole('button', { name: 'Try again', exact: true }).click();
    await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  });
}

test('service usage is asked for again after the pause that the platform asks for', async ({ sitDown, faults }) => {
  await faults.set({ method: 'GET', path: '/v3/service_usage_events', kind: asks(429, '2') });
  const page = await sitDown('viewer', '/service-usage');
  await expect(page.getByText(/^Next try in \d seconds?$/)).toBeVisible();
  await expect(page.getByTestId('row-count')).toHaveText('Number of events not known');
  await faults.clear();
  await expect(page.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first()).toHaveText(/\d/);
});

for (const [list, path, address] of [
  ['Usage event batches', 'subscriptionUsageEventBatches?', '/batches'],
  ['Base buckets', '/ResourceServer/', '/buckets'],
] as const) {
  test(`a Refresh of “${list}” that fails says so beside what was read before, and can be tried again`, async ({ sitDown, faults }) => {
    const page = await sitDown('editor', address);
    const first = page.getByRole('grid', { name: list }).getByRole('gridcell').first();
    await expect(first).toHaveText(/\w/);
    const before = await first.textContent();
    await faults.set({ method: 'GET', path, kind: { answer: { status: 500 } } });
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    const told = page.getByRole('alert').filter({ hasText: 'What is new in this list could not be read: The server refused the request (500)' });
    await expect(told).toBeVisible();
    await expect(first).toHaveText(before!);
    await takePictures(page, `refresh failed ${list}`);
    expect(await violations(page)).toEqual([]);
    await faults.clear();
    await told.getByRole('button', { name: 'Try again' }).click();
    await expect(told).toBeHidden();
    await expect(first).toHaveText(before!);
  });
}
