// One odd thing in a server's answer: it is shown as it came, it cannot be changed, it is in no sum, and
// everything else stands. The answers are the server's own with one token changed on the way.
import type { Page, Route } from '@playwright/test';
import { BatchPage } from '../person/batch_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

test.use({ stock: { journey: 'odd answers', events: 1000 } });

const BATCH = 'UB-2026-11-API';
const LIST = /child\/usageEvents\?/;
const LONG = '0.333333333333333333333333333333333333';

type Change = (text: string) => string;

/**
 * Changes answers on their way to the page, as long as there is something to change. The server is asked
 * from here: a page that is left drops its requests, and what the browser asks for it may then never end.
 */
async function change(page: Page, path: RegExp, how: Change, method = 'GET'): Promise<void> {
  await page.route(path, async (route: Route) => {
    const request = route.request();
    if (request.method() !== method) return route.fallback();
    const answer = await fetch(request.url(), { method, headers: ofItsOwn(request.headers()), body: request.postData() });
    const text = await answer.text();
    const headers = ofItsOwn(Object.fromEntries(answer.headers));
    try {
      await route.fulfill({ status: answer.status, headers, body: answer.ok ? how(text) : text });
    } catch (error) {
      // A page that is left does not wait for what it asked for.
      if (!/disposed|closed|handled/.test(String(error))) throw error;
    }
  });
}

/** Headers without those that a connection sets for itself. */
function ofItsOwn(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^(host|connection|keep-alive|transfer-encoding|content-(length|encoding))$/.test(name));
  return Object.fromEntries(kept);
}

/** Puts a token in the place of a member of the first item that has another member's value. */
function inItem(key: string, value: string, member: string, token: string): Change {
  return (text) => {
    const at = text.indexOf(`"${key}":"${value}"`);
    if (at < 0) return text;
    const start = text.lastIndexOf('{"', at);
    const end = text.indexOf('"links"', at);
    const item = text.slice(start, end).replace(new RegExp(`"${member}":("[^"]*"|[^,}]*)`), `"${member}":${token}`);
    return text.slice(0, start) + item + text.slice(end);
  };
}

for (const [member, column, token, shown] of [
  ['UsageQuantity', 'Quantity', LONG, LONG],
  ['UsageQuantity', 'Quantity', '"1,5"', '"1,5"'],
  ['ServiceId', 'Service', '{"id":7}', '{"id":7}'],
  ['EventStartTime', 'Start (UTC)', '"yesterday"', '"yesterday"'],
] as const) {
  test(`${member} ${token} is one cell that cannot be read, and the list stands`, async ({ openBrowser, records }) => {
    const [event, other] = await records.eventsInError(BATCH);
    const page = await openBrowser(`/batches/${BATCH}?status=ORA_ERROR`);
    await change(page, LIST, inItem('EventNumber', event.EventNumber, member, token));
    await signIn(page, 'editor');
    const grid = new EventGrid(page);
    const cell = await grid.cell(event.EventNumber, column);
    await expect(cell).toHaveAccessibleName(`\u26a0 ${shown}`);
    await cell.click();
    await page.keyboard.press('F2');
    await expect(page.getByText(/came in a form that this console does not understand/).first()).toBeVisible();
    await expect(grid.editor(column)).toHaveCount(0);
    // The row beside it is as it ever was, and can be changed.
    await grid.correct(other.EventNumber, 'Service', '+49 beside');
    await expectAllSaved(page);
    expect((await records.event(other.EventNumber)).ServiceId).toBe('+49 beside');
    expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event));
  });
}

test('an amount that cannot be read is left out of the sum, and the sum says so', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/batches');
  let changed = 0;
  await change(page, /usageCharges:BilledAmount/, (text) => text.replace(/"BilledAmount":-?[\d.]+/, () => (changed++ ? 'x' : `"BilledAmount":${LONG}`)));
  await page.getByRole('link', { name: 'UB-2026-08-TEL' }).or(page.getByRole('gridcell', { name: 'UB-2026-08-TEL' })).first().dblclick();
  const totals = page.getByRole('group', { name: 'Totals' });
  await expect(totals).toContainText('(without 1 amount that could not be read)');
});

test('an odd value in the answer to a change leaves nothing in doubt', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[3];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await change(page, new RegExp(`subscriptionUsageEvents/${event.EventNumber}`), (text) => text.replace(/"ReportedUsageQuantity":[^,]*/, `"ReportedUsageQuantity":${LONG}`), 'PATCH');
  await drawer.correct('Service', '+49 answered');
  await expectAllSaved(page);
  await expect(drawer.field('Service')).toHaveValue('+49 answered');
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, writesSeen(after)]).toEqual(['+49 answered', writesSeen(event) + 1]);
});

test('a byte order mark before every answer changes nothing', async ({ openBrowser, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await openBrowser(`/batches/${BATCH}?status=ORA_ERROR`);
  await change(page, /crmRestApi/, (text) => `\ufeff${text}`);
  await change(page, /crmRestApi/, (text) => `\ufeff${text}`, 'PATCH');
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await grid.correct(event.EventNumber, 'Service', '+49 marked');
  await expectAllSaved(page);
  await expect(page.getByTestId('unread')).toBeHidden();
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 marked');
});

test('an event without a number keeps its place, is counted, and can be handed on', async ({ openBrowser, records }) => {
  const [event, other] = await records.eventsInError(BATCH);
  const page = await openBrowser(`/batches/${BATCH}?status=ORA_ERROR`);
  await change(page, LIST, inItem('EventNumber', event.EventNumber, 'EventNumber', '{"lost":true}'));
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await expect(grid.row(other.EventNumber)).toHaveAttribute('aria-rowindex', '3');
  await expect(grid.rowAt(1)).toContainText('could not be read');
  const unread = page.getByTestId('unread');
  await expect(unread).toContainText('1 record could not be read');
  await unread.getByText('1 record could not be read').click();
  await expect(unread).toContainText('"lost":true');
  await expect(unread).toContainText('EventNumber must be a text');
});

test('the platform leaves out a plan, and one event has no time', async ({ openBrowser }) => {
  const page = await openBrowser('/service-usage');
  let odd = '';
  await change(page, /service_usage_events\?/, (text) => {
    const body = JSON.parse(text);
    if (!body.resources) return text;
    for (const [place, event] of body.resources.entries()) {
      if (place === 1) event.service_plan = null;
      if (place !== 2) continue;
      odd = event.guid;
      event.created_at = 'yesterday';
    }
    return JSON.stringify(body);
  });
  await signIn(page, 'viewer');
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('All loaded');
  const unread = page.getByTestId('unread');
  await expect(unread).toContainText(/record(s)? could not be read/);
  await unread.locator('summary').click();
  await expect(unread).toContainText('Its time of creation could not be read: yesterday');
  await expect(unread).toContainText(odd);
});

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = BigInt(seed);
  return (sides) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % (1n << 64n);
    return Number((state >> 33n) % BigInt(sides));
  };
}

const TOKENS = ['null', 'true', '7', '-1.5', LONG, '1e400', '""', '"x"', '[]', '{}', '[[[1]]]', '{"a":{"b":null}}', '"\\ud800"', `"${'long'.repeat(500)}"`];

for (const [name, address, path, label] of [
  ['events', `/batches/${BATCH}`, LIST, 'Usage events'],
  ['batches', '/batches', /subscriptionUsageEventBatches\?/, 'Usage event batches'],
  ['base buckets', '/buckets', /Usage\/Bucket\/Base/, 'Base buckets'],
  ['service usage', '/service-usage', /service_usage_events\?/, 'Service usage events'],
] as const) {
  test(`${name}: whatever one value of an answer turns into, the page stands`, async ({ openBrowser, watch }) => {
    const page = await openBrowser(address);
    const throwOf = dice(20_26);
    let answers = 0;
    await change(page, path, (text) => {
      const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|-?[\d.]+(?:[eE][+-]?\d+)?|true|false|null)(?=[,}])/g)];
      if (values.length === 0) return text;
      const value = values[throwOf(values.length)];
      answers += 1;
      return text.slice(0, value.index + 1) + TOKENS[throwOf(TOKENS.length)] + text.slice(value.index + value[0].length);
    });
    await signIn(page, 'admin');
    // The list is read anew each time that its page is opened.
    while (answers < 40) {
      const before = answers;
      await page.getByRole('link', { name: 'Changes' }).click();
      await expect(page.getByRole('heading', { name: 'Changes', level: 1 })).toBeVisible();
      await page.goBack();
      await expect.poll(() => answers).toBeGreaterThan(before);
      await expect(page.getByRole('grid', { name: label })).toBeVisible();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
    expect(watch.writes).toEqual([]);
  });
}

for (const [words, answerOf] of [
  ['an error', () => '{"error":"login_required"}'],
  ['nothing', () => '{}'],
  ['another event', (other: object) => JSON.stringify(other)],
] as const) {
  test(`a write that is answered with ${words} is not saved by that, and the row stays its own`, async ({ sitDown, records }) => {
    const [event, other] = await records.eventsInError(BATCH);
    const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
    let answered = 0;
    const instead = { contentType: 'application/json', body: answerOf(other) };
    await page.route(/\/subscriptionUsageEvents\/[^/?]+$/, (route) => {
      if (route.request().method() !== 'PATCH' || answered > 0) return route.fallback();
      answered += 1;
      return route.fulfill(instead);
    });
    const grid = new EventGrid(page);
    await grid.correct(event.EventNumber, 'Service', `+49 beside ${words}`);
    await expect.poll(async () => (await records.event(event.EventNumber)).ServiceId).toBe(`+49 beside ${words}`);
    await expectAllSaved(page);
    expect(answered).toBe(1);
    await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText(`+49 beside ${words}`);
    await expect(await grid.cell(other.EventNumber, 'Service')).toHaveText(other.ServiceId ?? '');
  });
}

test('an action that is answered with an error is not done by that', async ({ sitDown, records }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const batch = new BatchPage(page);
  await page.route(/\/action\/\w+$/, (route) => route.fulfill({ contentType: 'application/json', body: '{"error":"login_required"}' }));
  await batch.step('Lock for review');
  await expect(savedState(page)).toHaveText(/^1 refused$/, { timeout: 90_000 });
  await batch.expectAt('Draft');
  expect((await records.batch(BATCH)).BatchStatus).toBe('ORA_DRAFT');
});

test('a batch of which nothing could be read offers no step', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches');
  await page.route(/\/subscriptionUsageEventBatches\/[^/?]+$/, (route) => route.fulfill({ contentType: 'application/json', body: '{"error":"login_required"}' }));
  await page.goto(`/batches/${BATCH}`);
  await signIn(page, 'editor');
  await expect(page.getByText('The batch could not be read: The answer could not be read.')).toBeVisible();
  for (const step of ['Lock for review', 'Submit']) {
    await expect(page.getByRole('button', { name: step, exact: true, disabled: false })).toHaveCount(0);
  }
  expect((await records.batch(BATCH)).BatchStatus).toBe('ORA_DRAFT');
});
