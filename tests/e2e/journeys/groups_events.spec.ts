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

test('a short list is loaded to be grouped', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/events?find=%2B4915&status=ORA_ERROR');
  await expect(new EventGrid(page).root).toHaveAttribute('aria-rowcount', /\d/);
  await page.getByRole('button', { name: 'View…' }).click();
  const form = page.getByRole('dialog', { name: 'View of the list' });
  await form.getByLabel('Group by').selectOption('Service');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(line(page)).toContainText(/By service: \d+ groups?/, MAY_TAKE);
});
