// The overview of a month: its figures are those that the API gives when it is asked otherwise, each leads to the
// events that it is of, and where a system adds nothing up, it says so.
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { type Exact, add, exact, shownDigits } from '../stand/exact_decimal';
import { takePictures } from '../stand/pictures';
import type { ServerRecord, ServerRecords } from '../stand/server_records';

test.use({ stock: { journey: 'overview', events: 2000 } });

const BERLIN = '/?month=2026-10&zone=Europe/Berlin';
const ACTION = 'getMetricsForUsageEvents';

const within = (from: string, before: string) => `EventStartTime >= '${from}' and EventStartTime < '${before}'`;
/** October 2026 on the clock of Berlin has 745 hours. */
const OCTOBER = within('2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z');
const BILLED = "EventStatus in ('ORA_PROCESSED','ORA_REVERSED')";

const number = (text: string | null) => Number((text ?? '').replace(/[^\d]/g, ''));
const grouped = (count: number) => count.toLocaleString('en-US');

async function countOf(records: ServerRecords, q: string): Promise<number> {
  return Number((await records.events({ q, limit: 1 })).totalResults);
}

/** Every event of a question with its charges, read page by page. */
async function everyEvent(records: ServerRecords, q: string): Promise<ServerRecord[]> {
  const events: ServerRecord[] = [];
  for (let last = '0'; ; last = events[events.length - 1].EventId) {
    const page = await records.events({ q: `${q} and EventId > ${last}` });
    for (const event of page.items) events.push(await records.event(event.EventNumber));
    if (!page.hasMore) return events;
  }
}

function sums(events: ServerRecord[]): Map<string, Exact> {
  const sums = new Map<string, Exact>();
  for (const charge of events.flatMap((event) => event.usageCharges.items ?? event.usageCharges)) {
    const currency = charge.ChargeCurrency ?? '';
    sums.set(currency, add(sums.get(currency) ?? exact('0'), exact(charge.BilledAmount ?? '0')));
  }
  return sums;
}

/** The sums of billed events at the foot of a list, as they should be. */
async function expectFoot(page: Page, expected: Map<string, Exact>): Promise<void> {
  const foot = page.getByRole('group', { name: 'Billed' });
  for (const [currency, sum] of expected) {
    const shown = foot.locator(`[data-currency="${currency}"] dd.number`);
    await expect.poll(async () => exact(shownDigits((await shown.textContent()) ?? '')).units, { message: currency }).toBe(sum.units);
  }
}

const mark = (page: Page, words: RegExp) => page.locator('.chart').getByRole('link', { name: words });

test('the figures of a month are those of its events, to the last digit', async ({ sitDown, records }) => {
  test.setTimeout(120_000);
  const page = await sitDown('viewer', BERLIN);
  const all = await countOf(records, OCTOBER);
  const errors = await countOf(records, `${OCTOBER} and EventStatus = 'ORA_ERROR'`);
  expect(errors).toBeGreaterThan(0);
  const verdict = page.getByTestId('verdict');
  await expect(verdict).toHaveText(`October 2026 cannot be invoiced yet: ${grouped(errors)} of ${grouped(all)} events not processed.`);
  await expect(page.getByRole('link', { name: `${grouped(errors)} events in error` })).toBeVisible();
  // Every day by itself, on Berlin's clock.
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const table = page.getByRole('region', { name: 'Events per day, as a table' });
  const totals = await table.locator('tbody tr td:nth-last-child(2)').allTextContents();
  expect(totals.length).toBe(31);
  expect(totals.map(number).reduce((sum, one) => sum + one, 0)).toBe(all);
  const the25th = await countOf(records, within('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'));
  expect(number(totals[24])).toBe(the25th);
  // Every currency, added up event by event.
  const billed = await everyEvent(records, `${OCTOBER} and ${BILLED}`);
  const expected = sums(billed);
  expect(expected.size).toBeGreaterThan(3);
  for (const [currency, sum] of expected) {
    const net = page.locator(`.value-table tr[data-currency="${currency}"] td[data-kind="strong"]`);
    expect(exact(shownDigits((await net.textContent()) ?? '')).units, currency).toBe(sum.units);
  }
  // What the errors come to, cause by cause.
  const causes = await page.locator('.ranked a').allTextContents();
  expect(causes.map(number).reduce((sum, one) => sum + one, 0)).toBe(errors);
  const open = await records.batches({ q: "BatchStatus != 'ORA_COMPLETED'" });
  const ofAnyMonth = page.getByRole('link', { name: new RegExp(`^(about )?${open.length} batches of any month are not completed$`) });
  await expect(ofAnyMonth).toHaveAttribute('href', /BatchStatus=is-not-or-blank\.ORA_COMPLETED/);
  // A list cannot ask for the currency of charges: the way leads to all that was billed.
  await expect(page.locator('.value-table tr:not([data-alarm]) th a')).toHaveCount(0);
  await page.getByRole('link', { name: 'All billed events' }).click();
  await new EventGrid(page).expectRows(billed.length);
});

/** Changes what the server tells of the days of two months on its way to the page, which reads it anew. */
async function tell(page: Page, change: (days: ServerRecord[]) => void): Promise<void> {
  await page.route(new RegExp(ACTION), async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    change(body.result.spans);
    await route.fulfill({ response: answer, json: body });
  });
  await page.getByRole('button', { name: 'Refresh' }).click();
}

const processed = (count: number, { error = null as string | null, isReversal = false } = {}) => ({
  eventStatus: 'ORA_PROCESSED',
  isReversal,
  error,
  count,
});

test('only a month that leaves nothing to look into is told to be all right', async ({ sitDown }) => {
  const page = await sitDown('viewer', BERLIN);
  const verdict = page.getByTestId('verdict');
  const tone = (tone: string) => expect(page.locator('.verdict')).toHaveAttribute('data-tone', tone);
  const line = (words: string) => page.locator('.verdict li').filter({ hasText: words });
  const the13th = 30 + 12;
  const told = (events: object[]) =>
    tell(page, (days) => {
      for (const day of days) Object.assign(day, { events: [processed(2)], amounts: [] });
      days[the13th].events = events;
    });
  await told([processed(2)]);
  await expect(verdict).toHaveText('All 62 events of October 2026 are processed.');
  await tone('ok');
  await told([processed(3), processed(1, { error: 'OSS_NO_PRICE_LIST_LINE' }), processed(1, { error: 'THEIR_OWN' })]);
  await expect(verdict).toHaveText('All 65 events of October 2026 are processed.');
  await tone('warn');
  await expect(line('2 events could not be re-rated; their old amounts stand')).toBeVisible();
  const kept = page.getByRole('link', { name: '2 events could not be re-rated' });
  await expect(kept).toHaveAttribute('href', /(?=.*status=ORA_PROCESSED)(?=.*Error=not-blank)/);
  await expect(page.getByText('No event of this month is in error.')).toBeVisible();
  await told([]);
  await expect(verdict).toHaveText('All 60 events of October 2026 are processed.');
  await tone('warn');
  await expect(line('1 day has no events')).toBeVisible();
  await told([processed(1), processed(1, { isReversal: true })]);
  await expect(line('Of all events 1 is a reversing event')).toBeVisible();
  await tone('ok');
  await expect(mark(page, /^2026-10-13: 2 processed, of them 1 reversing event$/)).toBeVisible();
});

test('a month that is to come shows what it has already, and is compared with none', async ({ sitDown }) => {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString().slice(0, 7);
  const page = await sitDown('viewer', `/?month=${month}&zone=UTC`);
  const amount = { ...processed(1), chargeCurrency: 'EUR', charges: 1, billedAmount: '1.00' };
  await tell(page, (days) => Object.assign(days[days.length - 1], { events: [processed(3)], amounts: [amount] }));
  await expect(mark(page, new RegExp(`^${month}-\\d\\d: 3 processed$`))).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'All of the month before' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Difference' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const days = page.getByRole('region', { name: 'Events per day, as a table' }).locator('tbody tr');
  await expect(days.last()).toContainText('3');
  await expect(days.first()).toContainText('to come');
});

test('a mark leads to the events of its day and status, for whoever is given the link too, and Back to the month', async ({ sitDown, openBrowser, records }) => {
  const page = await sitDown('editor', BERLIN);
  const day = `${within('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')} and EventStatus = 'ORA_PROCESSED'`;
  const expected = await everyEvent(records, day);
  expect(expected.length).toBeGreaterThan(0);
  await mark(page, /^2026-10-25: [\d,]+ processed$/).click();
  await new EventGrid(page).expectRows(expected.length);
  await expectFoot(page, sums(expected));
  // Another reader's zone and notation change neither the rows nor the sums.
  const other = await openBrowser(page.url(), { locale: 'de-DE', timezoneId: 'America/Los_Angeles' });
  await signIn(other, 'viewer');
  await expect(other.getByTestId('row-count')).toHaveText(`${expected.length} events`);
  for (const [currency, { units }] of sums(expected)) {
    const shown = other.getByRole('group', { name: 'Billed' }).locator(`[data-currency="${currency}"] dd.number`);
    await expect.poll(async () => (await shown.textContent())?.replace(/[^\d]/g, '').replace(/^0+(?=\d)/, ''), { message: currency }).toBe(String(units).replace('-', ''));
  }
  await page.goBack();
  await expect(page.getByTestId('verdict')).toContainText('October 2026');
  await expect(page).toHaveURL(/month=2026-10/);
});

test('a list of which there are other events, or other amounts, than its figure counted says so', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/?month=2026-11&zone=UTC');
  const foot = page.getByRole('group', { name: 'Totals' });
  const since = foot.getByText(/^Changed since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC: the figure was /);
  const errors = page.getByRole('link', { name: /^[\d,]+ events in error$/ }).first();
  const [before] = (await errors.innerText()).split(' ');
  await errors.click();
  await expect(foot.getByTestId('row-count')).toHaveText(`${before} events`);
  await expect(since).toHaveCount(0);
  // Whatever changes while the link lies in somebody's notes.
  const link = page.url();
  const { items } = await records.events({ q: "EventStartTime >= '2026-11-01T00:00:00Z' and EventStatus = 'ORA_ERROR'", limit: 1 });
  await page.goto('about:blank');
  expect((await records.write(items[0].EventNumber, { EventStartTime: '2026-10-31T23:00:00+00:00' })).status).toBe(200);
  await page.goto(link);
  await signIn(page, 'editor');
  await expect(since).toHaveText(new RegExp(`the figure was ${before} events$`));
  await takePictures(page, 'list that changed since its figure');
  // Asked for something else, it says nothing of that figure.
  await page.getByRole('button', { name: 'Processed', exact: true }).click();
  await expect(since).toHaveCount(0);
});

test('the chart is one stop of the Tab key, and arrows lead from mark to mark', async ({ sitDown, records }) => {
  const page = await sitDown('editor', BERLIN);
  const table = page.getByRole('button', { name: 'Table', exact: true });
  await table.focus();
  await page.keyboard.press('Tab');
  await expect(mark(page, /^2026-10-01: [\d,]+ processed$/)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('.chart a:focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  for (let day = 1; day < 25; day++) await page.keyboard.press('ArrowRight');
  await expect(mark(page, /^2026-10-25: [\d,]+ processed$/)).toBeFocused();
  await page.keyboard.press('End');
  await expect(mark(page, /^2026-10-31: /).first()).toBeFocused();
  await page.keyboard.press('t');
  await expect(page.getByRole('region', { name: 'Events per day, as a table' })).toBeFocused();
  // What was chosen outlasts a reading.
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByRole('region', { name: 'Events per day, as a table' })).not.toBeFocused();
  await expect(page.getByRole('region', { name: 'Events per day, as a table' })).toBeVisible();
  await table.press('Enter');
  await mark(page, /^2026-10-02: [\d,]+ processed$/).focus();
  await page.keyboard.press('Enter');
  const q = `${within('2026-10-01T22:00:00Z', '2026-10-02T22:00:00Z')} and EventStatus = 'ORA_PROCESSED'`;
  await new EventGrid(page).expectRows(await countOf(records, q));
});

test('month and zone are chosen by keyboard, stand in the address, and Back leads to those before', async ({ sitDown, records }) => {
  const page = await sitDown('editor', BERLIN);
  const verdict = page.getByTestId('verdict');
  await expect(verdict).toContainText('October 2026');
  await page.getByLabel('Month, as YYYY-MM').fill('2026-08');
  await page.keyboard.press('Enter');
  await expect(verdict).toContainText('August 2026');
  await expect(page).toHaveURL(/month=2026-08&zone=Europe%2FBerlin/);
  await page.getByRole('link', { name: 'Next month, September 2026' }).press('Enter');
  await expect(verdict).toContainText('September 2026');
  await page.getByLabel('Time zone', { exact: true }).selectOption('UTC');
  await expect(page).toHaveURL(/month=2026-09&zone=UTC/);
  const utc = await countOf(records, within('2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z'));
  await expect(verdict).toContainText(`${grouped(utc)} events`);
  await page.goBack();
  await expect(page).toHaveURL(/month=2026-09&zone=Europe%2FBerlin/);
  await page.goBack();
  await expect(verdict).toContainText('August 2026');
  // What is no month stays to be corrected.
  const field = page.getByLabel('Month, as YYYY-MM');
  await field.fill('2026-13');
  await page.keyboard.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/^Type a month such as 2026-10/);
  await expect(verdict).toContainText('August 2026');
  await page.getByRole('link', { name: 'Next month, September 2026' }).press('Enter');
  await expect(verdict).toContainText('September 2026');
  await expect(field).not.toHaveAttribute('aria-invalid');
  await expect(field).toHaveValue('2026-09');
});

test('reversals stand apart, and lead to what they take back', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', '/?month=2026-09&zone=UTC');
  const month = within('2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z');
  const back = await everyEvent(records, `${month} and EventStatus = 'ORA_REVERSED'`);
  expect(back.length).toBeGreaterThan(0);
  for (const [currency, sum] of sums(back)) {
    const cells = page.locator(`.value-table tr[data-currency="${currency}"] td.number`);
    const [gross, reversed, net] = (await cells.allTextContents()).map((text) => exact(shownDigits(text)));
    expect(reversed.units * 10n ** BigInt(sum.places), currency).toBe(-sum.units * 10n ** BigInt(reversed.places));
    expect(add(gross, reversed), currency).toEqual(net);
  }
  await expect(page.getByText(/^Of all events [\d,]+ (is a|are) reversing events?$/)).toBeVisible();
  await page.getByRole('link', { name: 'Events that were reversed', exact: true }).click();
  await new EventGrid(page).expectRows(back.length);
});

test('without the server\u2019s figures events are counted, and values are said not to be known', async ({ sitDown, records, faults }) => {
  await faults.set({ path: ACTION, kind: { answer: { status: 404 } } });
  const page = await sitDown('viewer', BERLIN);
  const all = await countOf(records, OCTOBER);
  await expect(page.getByTestId('verdict')).toContainText(`of about ${grouped(all)} events not processed`);
  await expect(page.getByText('Values are not known here')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Counting events' })).toHaveCount(0, { timeout: 30_000 });
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  const totals = page.getByRole('region', { name: 'Events per day, as a table' }).locator('tbody tr td.number:last-child');
  expect((await totals.allTextContents()).map(number).reduce((sum, one) => sum + one, 0)).toBe(all);
  await page.locator('summary').filter({ hasText: 'How these figures came about' }).first().click();
  await expect(page.getByText('Estimated by the server (totalResults), one count after another.').first()).toBeVisible();
  // Where all seems to be processed, that is no more than seeming.
  await page.route(/totalResults=true/, async (route) => {
    const isOfMonth = route.request().url().includes('EventStartTime');
    if (!isOfMonth || route.request().url().includes('ORA_PROCESSED')) return route.fallback();
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), totalResults: 0 } });
  });
  const processed = await countOf(records, `${OCTOBER} and EventStatus = 'ORA_PROCESSED'`);
  await page.getByRole('button', { name: 'Refresh' }).click();
  const title = `October 2026 has about ${grouped(processed)} events. None was found in error, waiting or in draft.`;
  await expect(page.getByTestId('verdict')).toHaveText(title, { timeout: 30_000 });
  await expect(page.locator('.verdict')).toHaveAttribute('data-tone', 'info');
});

test('counting that is stopped, or fails, shows a part as a part', async ({ sitDown, faults }) => {
  await faults.set(
    { path: ACTION, kind: { answer: { status: 404 } } },
    { path: 'totalResults=true&q=EventStartTime', after: 6, kind: { delay_ms: 20_000 } },
  );
  const page = await sitDown('editor', BERLIN);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText('Counting was stopped: not all is read')).toBeVisible();
  await expect(page.getByTestId('verdict')).toContainText('is not counted yet: at least');
  expect(await violations(page)).toEqual([]);
});

test('an empty month leads to one with events', async ({ sitDown }) => {
  const page = await sitDown('editor', '/?month=2026-02&zone=UTC');
  await expect(page.getByRole('heading', { name: 'February 2026 has no usage events' })).toBeVisible();
  await page.getByRole('link', { name: /^Show November 2026/ }).click();
  await expect(page.getByTestId('verdict')).toContainText('November 2026');
});

test('a failure is told, and trying again brings the figures; what stands stays', async ({ sitDown, faults }) => {
  await faults.set({ path: ACTION, times: 1, kind: { refuse: { status: 403 } } });
  const page = await sitDown('viewer', BERLIN);
  await expect(page.getByText('Your role does not allow this')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.getByTestId('verdict')).toContainText('October 2026');
  await faults.set({ path: ACTION, times: 1, kind: 'cut_before' });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByText('The figures could not be read')).toBeVisible();
  await expect(page.getByTestId('verdict')).toContainText('October 2026');
  // A server that finds fault with the question knows the action: it is not asked for counts instead.
  // Its own answer has come before the next one is made to fail.
  await Promise.all([page.waitForResponse((answer) => answer.url().includes(ACTION) && answer.ok()), page.getByRole('button', { name: 'Refresh' }).click()]);
  await expect(page.getByText('The figures could not be read')).toBeHidden();
  const detail = { detail: 'boundaries must ascend.', 'o:errorCode': '27024', 'o:errorPath': '/boundaries' };
  const body = JSON.stringify({ title: 'Bad Request', status: '400', 'o:errorDetails': [detail] });
  await faults.set({ path: ACTION, times: 1, kind: { answer: { status: 400, content_type: 'application/json', body } } });
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByText('The figures could not be read')).toBeVisible();
  await expect(page.getByText('Values are not known here')).toHaveCount(0);
});

/** Holds what fits back until it is let go. */
async function hold(page: Page, address: RegExp, method: string): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((open) => (letGo = open));
  await page.route(address, async (route) => {
    if (route.request().method() === method) await gate;
    await route.fallback();
  });
  return letGo;
}

test('figures that are older than one\u2019s own change say so, and are read again', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError('UB-2026-10-TEL');
  const page = await sitDown('editor', '/batches/UB-2026-10-TEL?status=ORA_ERROR');
  const confirm = await hold(page, /subscriptionUsageEvents\//, 'PATCH');
  await new EventGrid(page).correct(event.EventNumber, 'Service', 'changed-here');
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  const asOf = page.getByTestId('as-of');
  await expect(asOf).toContainText(/^As of /);
  await expect(page.getByRole('link', { name: '1 being saved' })).toBeVisible();
  await expect(asOf).not.toContainText('before your change');
  const answer = await hold(page, new RegExp(ACTION), 'POST');
  confirm();
  await expect(asOf).toContainText('before your change of');
  answer();
  await expect(asOf).not.toContainText('before your change');
  await expect(page.getByText('Nothing: every change that was made here is saved.')).toBeVisible();
});
