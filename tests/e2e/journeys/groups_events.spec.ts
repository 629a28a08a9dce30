// Events in groups by what they have in common: how many there are and what they come to per currency, which adds up
// to the foot; a group leads to its events, and what is done there is done to these.
import { type Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import { type Exact, add, digits, exact, shownDigits } from '../stand/exact_decimal';
import { takePictures } from '../stand/pictures';
import type { ServerRecord } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const MAY_TAKE = { timeout: 60_000 };

test.use({ stock: { journey: 'groups events', events: 2000 } });

const groups = (page: Page) => page.getByRole('grid', { name: 'Groups of events' });
const line = (page: Page) => page.locator('.grouped-line');

/** Each group by what its cells say, from the top. */
async function shown(page: Page): Promise<string[][]> {
  return groups(page).evaluate((root) => {
    const rows = [...root.querySelectorAll('[role=row][aria-rowindex]:not([aria-rowindex="1"])')];
    const place = (row: Element) => Number(row.getAttribute('aria-rowindex'));
    const here = rows.filter((row) => row.getClientRects().length > 0).sort((one, other) => place(one) - place(other));
    return here.map((row) => [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent ?? ''));
  });
}

async function heads(page: Page): Promise<string[]> {
  return (await groups(page).getByRole('columnheader').allInnerTexts()).map((text) => text.trim());
}

/** How many events and which sums per currency a group should have. */
function expected(events: ServerRecord[], by: (event: ServerRecord) => string): Map<string, { rows: number; sums: Map<string, Exact> }> {
  const found = new Map<string, { rows: number; sums: Map<string, Exact> }>();
  for (const event of events) {
    const group = found.get(by(event)) ?? { rows: 0, sums: new Map() };
    found.set(by(event), group);
    group.rows += 1;
    for (const charge of event.usageCharges?.items ?? event.usageCharges ?? []) {
      if (charge.BilledAmount === null || charge.BilledAmount === undefined) continue;
      const currency = charge.ChargeCurrency ?? '';
      group.sums.set(currency, add(group.sums.get(currency) ?? exact('0'), exact(charge.BilledAmount)));
    }
  }
  return found;
}

test('by keys alone events are grouped, the groups add up, and one leads to its events and back', async ({ sitDown, records }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await expect(grid.root).toHaveAttribute('aria-rowcount', /\d{3}/);
  await tabTo(page, 'button', 'View…');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog', { name: 'View of the list' });
  await expect(form.getByLabel('Name of the view')).toBeFocused();
  await form.getByLabel('Group by').selectOption('Time zone');
  await page.keyboard.press('Tab');
  await form.getByLabel('Then by').first().selectOption('Unit');
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: 'Apply' }).press('Enter');
  await expect(form).toBeHidden();

  const events = await records.everyEventOf(BATCH);
  const names = (event: ServerRecord) => [event.EventTimeZone ?? '(blank)', event.UsageUnitOfMeasure ?? '(blank)'].join(' / ');
  const due = expected(events, names);
  await expect(line(page)).toContainText(`By time zone, then by unit: ${due.size} groups`, MAY_TAKE);
  await expect(page).toHaveURL(/group=EventTimeZone%2CUsageUnitOfMeasure/);
  const currencies = (await heads(page)).slice(3).map((head) => (head === 'No currency' ? '' : head.replace('Amount, ', '')));
  const rows = await shown(page);
  expect(rows).toHaveLength(due.size);
  for (const [zone, unit, count, ...amounts] of rows) {
    const group = due.get(`${zone} / ${unit}`)!;
    expect(shownDigits(count)).toBe(String(group.rows));
    const found = amounts.map((text, at) => [currencies[at], shownDigits(text)]).filter(([, text]) => text !== '');
    const sums = [...group.sums].map(([currency, sum]) => [currency, sum] as const).sort();
    expect(found.map(([currency]) => currency).sort()).toEqual(sums.map(([currency]) => currency));
    for (const [currency, text] of found) {
      const sum = group.sums.get(currency)!;
      expect(digits(add(exact(text), { ...sum, units: -sum.units })), `${zone} / ${unit} ${currency}`).toMatch(/^-?0(\.0*)?$/);
    }
  }
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'groups of events');
  await page.setViewportSize({ width: 1440, height: 900 });

  // The largest first, then into the second one by Enter.
  await groups(page).getByRole('columnheader').filter({ hasText: 'Events' }).click();
  await groups(page).getByRole('columnheader').filter({ hasText: 'Events' }).click();
  await expect(page).toHaveURL(/sort=-Events/);
  const counts = () => shown(page).then((rows) => rows.map((row) => Number(shownDigits(row[2]))));
  await expect.poll(counts).toEqual([...due.values()].map((group) => group.rows).sort((one, other) => other - one));
  const [zone, unit, count] = (await shown(page))[1];
  await tabTo(page, 'grid', 'Groups of events');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await grid.expectRows(Number(shownDigits(count)));
  await expect(page.getByRole('group', { name: 'Filters of columns' })).toContainText(zone);
  await page.keyboard.press('ControlOrMeta+A');
  await expect(page.getByRole('button', { name: `Reverse all ${count}…` })).toBeVisible();
  await page.goBack();
  await expect(line(page)).toContainText(`${due.size} groups`);
  await expect(groups(page).locator('.is-active')).toHaveCount(1);
  expect((await shown(page))[1].slice(0, 3)).toEqual([zone, unit, count]);
  await expect(page.getByRole('button', { name: /^Reverse (all|\d)/ })).toHaveCount(0);
  await line(page).getByRole('button', { name: 'Show events' }).click();
  await grid.expectRows(events.length);
});

test('groups follow what another person changes, and a filter; what cannot be grouped by is passed over', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events?group=EventNumber,CurrencyCode,Nothing,CurrencyCode&status=ORA_ERROR');
  const rowOf = async (currency: string) => (await shown(page)).find(([name]) => name === currency);
  const due = expected(await records.everyEventInError(), (event) => event.CurrencyCode ?? '(blank)');
  await expect(line(page)).toContainText(due.size === 1 ? 'By currency: 1 group' : `By currency: ${due.size} groups`, MAY_TAKE);
  for (const [currency, { rows }] of due) {
    expect(shownDigits((await rowOf(currency))![1]), currency).toBe(String(rows));
  }
  const [from, to] = [...due.keys()].filter((currency) => currency !== '(blank)');
  const [one] = (await records.everyEventInError()).filter((event) => event.CurrencyCode === from);
  expect((await records.write(one.EventNumber, { CurrencyCode: to })).ok).toBe(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  const rowsOf = async (currency: string) => Number(shownDigits((await rowOf(currency))?.[1] ?? '0'));
  await expect.poll(() => rowsOf(from)).toBe(due.get(from)!.rows - 1);
  expect(await rowsOf(to)).toBe(due.get(to)!.rows + 1);
  await page.getByRole('searchbox', { name: 'Find events' }).fill('no such thing');
  await expect(page.getByText('No event matches')).toBeVisible();
  // What has no currency is marked, and no blank beside it.
  await page.evaluate(() => {
    history.pushState(null, '', '/events?group=ServiceId&sort=-Amount.');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(groups(page).getByRole('columnheader', { name: 'No currency' })).toHaveCount(1);
  const marked = groups(page).locator('[role=gridcell][data-tone=warn]');
  await expect(marked.first()).toHaveText(/\d/);
  await expect(marked.filter({ hasText: /^\s*$/ })).toHaveCount(0);
});

test('columns of the list and of its groups say by their menus what is grouped by, by keys and by the mouse', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  const menu = page.getByRole('menu');
  const item = (name: string) => menu.getByRole('menuitem', { name, exact: true });
  const events = await records.everyEventOf(BATCH);
  await expect(grid.root).toHaveAttribute('aria-rowcount', /\d{3}/);
  await tabTo(page, 'grid', 'Usage events');
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('ArrowUp');
  for (let column = 1; column < Number(await grid.columnIndex('Unit')); column += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(menu).toHaveAccessibleName('Column Unit');
  await page.keyboard.press('g');
  await expect(item('Group by Unit')).toBeFocused();
  await page.keyboard.press('Enter');
  const units = expected(events, (event) => event.UsageUnitOfMeasure ?? '(blank)');
  await expect(line(page)).toContainText(units.size === 1 ? 'By unit: 1 group' : `By unit: ${units.size} groups`, MAY_TAKE);
  await expect(groups(page)).toBeFocused();

  // Another level, from the menu of the first one.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('a');
  await expect(item('Also group by…')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(item('Also group by Batch')).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'menu of a group');
  await page.setViewportSize({ width: 1440, height: 900 });
  await item('Also group by Time zone').press('Enter');
  await expect(page).toHaveURL(/group=UsageUnitOfMeasure%2CEventTimeZone/);
  const both = expected(events, (event) => [event.UsageUnitOfMeasure, event.EventTimeZone].join(' / '));
  await expect(line(page)).toContainText(`By unit, then by time zone: ${both.size} groups`);
  await expect(groups(page)).toBeFocused();

  await groups(page).getByRole('columnheader', { name: 'Time zone' }).click({ button: 'right' });
  await item('Group by Time zone alone').click();
  await expect(line(page)).toContainText(/By time zone: \d+ groups/);
  await groups(page).getByRole('columnheader', { name: 'Time zone' }).click({ button: 'right' });
  await item('Show events').click();
  await grid.expectRows(events.length);
  await expect(grid.root).toBeFocused();
});

test('a short list is loaded to be grouped', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/events?find=%2B4915&status=ORA_ERROR');
  await expect(new EventGrid(page).root).toHaveAttribute('aria-rowcount', /\d/);
  await page.getByRole('button', { name: 'View…' }).click();
  const form = page.getByRole('dialog', { name: 'View of the list' });
  await form.getByLabel('Group by').selectOption('Service');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(line(page)).toContainText(/By service: \d+ groups?/, MAY_TAKE);
});

test.describe('in Berlin', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('times are grouped by days and months on the clock of UTC or of the reader, and a group leads to all of its events and no other', async ({ sitDown, records }) => {
    const events = await records.everyEventOf(BATCH);
    // Two that stand at the edges of the day of 25 hours, and two just beyond.
    const wrong = (await records.eventsInError(BATCH)).slice(0, 4).map((event) => event.EventNumber as string);
    const starts = ['2026-10-24T21:59:59+00:00', '2026-10-24T22:00:00+00:00', '2026-10-25T22:59:59+00:00', '2026-10-25T23:00:00+00:00'];
    for (const [at, event] of wrong.entries()) {
      expect((await records.write(event, { EventStartTime: starts[at], EventEndTime: '2026-10-27T00:00:00+00:00' })).ok).toBe(true);
    }
    const changed = await records.everyEventOf(BATCH);
    expect(changed).toHaveLength(events.length);
    const page = await sitDown('viewer', `/batches/${BATCH}?group=EventStartTime.day.Europe/Berlin`);
    const grid = new EventGrid(page);
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short' });
    const dayOf = (event: ServerRecord) => (event.EventStartTime ? day.format(new Date(event.EventStartTime)) : '(blank)');
    const due = expected(changed, dayOf);
    await expect(line(page)).toContainText(`By start, day (Europe/Berlin): ${due.size} groups`, MAY_TAKE);
    expect((await heads(page))[0]).toBe('Start, day (Europe/Berlin)');
    const currencies = (await heads(page)).slice(2).map((head) => (head === 'No currency' ? '' : head.replace('Amount, ', '')));
    for (const [label, count, ...amounts] of await shown(page)) {
      expect(shownDigits(count), label).toBe(String(due.get(label)!.rows));
      for (const [at, text] of amounts.entries()) {
        const sum = due.get(label)!.sums.get(currencies[at]);
        expect(shownDigits(text) === '', `${label} ${currencies[at]}`).toBe(sum === undefined);
        if (sum) expect(digits(add(exact(shownDigits(text)), { ...sum, units: -sum.units })), `${label} ${currencies[at]}`).toMatch(/^-?0(\.0*)?$/);
      }
    }

    // The day on which the clock goes back, by keys; the list is asked for its 25 hours.
    const long = (await shown(page)).findIndex(([label]) => label === '2026-10-25');
    await tabTo(page, 'grid', 'Groups of events');
    await page.keyboard.press('ControlOrMeta+Home');
    for (let row = 0; row < long; row += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const of = (from: string, to: string) => changed.filter((event) => event.EventStartTime >= from && event.EventStartTime < to);
    const hours = of('2026-10-24T22:00:00', '2026-10-25T23:00:00');
    expect(hours).toHaveLength(due.get('2026-10-25')!.rows);
    await grid.expectRows(hours.length);
    await expect(page.getByRole('group', { name: 'Filters of columns' })).toContainText('Start (UTC) from 2026-10-24 22:00 to 2026-10-25 22:59');
    const { totalResults } = await records.events({ q: `BatchNumber = '${BATCH}' and EventStartTime >= '2026-10-24T22:00:00+00:00' and EventStartTime < '2026-10-25T23:00:00+00:00'`, limit: 1 });
    expect(Number(totalResults)).toBe(hours.length);
    await page.goBack();
    await expect(line(page)).toContainText(`${due.size} groups`);

    // By month, from the menu of the column; the two clocks differ at the end of the month.
    await line(page).getByRole('button', { name: 'Show events' }).click();
    await grid.head('Start (UTC)').click({ button: 'right' });
    const menu = page.getByRole('menu');
    await expect(menu.getByRole('menuitem', { name: /^Group by/ })).toHaveText(['Group by Start, day (UTC)', 'Group by Start, month (UTC)', 'Group by Start, day (Europe/Berlin)', 'Group by Start, month (Europe/Berlin)']);
    await menu.getByRole('menuitem', { name: 'Group by Start, month (UTC)' }).click();
    const months = expected(changed, (event) => event.EventStartTime?.slice(0, 7) ?? '(blank)');
    await expect(page).toHaveURL(/group=EventStartTime\.month$/);
    await expect(line(page)).toContainText(months.size === 1 ? 'By start, month (UTC): 1 group' : `By start, month (UTC): ${months.size} groups`, MAY_TAKE);
    await expect.poll(async () => (await shown(page)).map(([label, count]) => [label, shownDigits(count)])).toEqual([...months].sort().map(([label, { rows }]) => [label, String(rows)]));
    await takePictures(page, 'groups by month');
  });
});
