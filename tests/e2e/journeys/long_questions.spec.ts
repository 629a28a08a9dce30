// Gateways refuse long addresses. What a long filter asks is asked in portions that no row is in twice, and comes in one
// order with one count; where that cannot be done, and where a gateway refuses all the same, the page says so.
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test as base } from '../stand/desk_test';
import { Platform } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

const MOST = 1000;
const LIMITED = { demo: true, oracle: {}, logiSense: {}, cloudFoundry: {}, limits: { addressBytes: MOST } };
test.use({ stock: { journey: 'long questions', events: 2000, connections: LIMITED } });

/** What the page asks the systems from now on, by path and query as they are sent. */
function asked(page: Page): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (/^\/(crmRestApi|v3)\//.test(pathname)) all.push(pathname + search);
  });
  return all;
}

test('a list of 120 chosen events is asked in portions, and is one list', async ({ openBrowser, records, server }) => {
  const { items } = await records.events({ limit: 400 });
  const chosen = items.filter((_: unknown, place: number) => place % 3 === 0).slice(0, 120);
  // Neither the order of the filter nor a number that comes twice matters.
  const numbers = [...chosen].reverse().map((event) => event.EventNumber);
  const page = await openBrowser(`/events?EventNumber=is.${[...numbers, numbers[7]].join(',')}`);
  const sent = asked(page);
  await page.getByRole('button', { name: /^editor / }).click();
  const grid = new EventGrid(page);
  await grid.expectRows(120);
  await expect.poll(async () => (await grid.firstCells()).slice(0, 12)).toEqual(chosen.slice(0, 12).map((event: any) => event.EventNumber));
  // The second window too.
  await grid.root.press('End');
  await grid.root.press('ControlOrMeta+End');
  await expect.poll(async () => (await grid.firstCells()).at(-1)).toBe(chosen[119].EventNumber);
  expect(Math.max(...sent.map((address) => address.length))).toBeLessThanOrEqual(MOST);
  expect(sent.filter((address) => address.includes('EventNumber')).length).toBeGreaterThan(4);
  // Totals go through every page by the ids.
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('All 120 loaded');
  expect(Math.max(...sent.map((address) => address.length))).toBeLessThanOrEqual(MOST);
});

test('a server that gives fewer rows than it is asked for loses none of them', async ({ openBrowser, records }) => {
  const { items } = await records.events({ limit: 499 });
  const chosen = items.filter((_: unknown, place: number) => place % 4 === 0).slice(0, 120);
  const page = await openBrowser(`/events?EventNumber=is.${chosen.map((event: any) => event.EventNumber).join(',')}`);
  const offsets = new Set<string>();
  await page.route('**/subscriptionUsageEvents?*', (route) => {
    const address = new URL(route.request().url());
    offsets.add(address.searchParams.get('offset')!);
    return route.continue({ url: address.href.replace(/\blimit=\d+/, 'limit=7') });
  });
  await page.getByRole('button', { name: /^editor / }).click();
  const grid = new EventGrid(page);
  await grid.expectRows(120);
  await expect.poll(async () => (await grid.firstCells()).slice(0, 12)).toEqual(chosen.slice(0, 12).map((event: any) => event.EventNumber));
  await grid.root.press('End');
  await grid.root.press('ControlOrMeta+End');
  await expect.poll(async () => (await grid.firstCells()).at(-1)).toBe(chosen[119].EventNumber);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText('All 120 loaded');
  expect([...offsets]).toContain('14');
});

test('60 chosen events, whose numbers fit no address, are all reversed', async ({ sitDown, records }) => {
  const all = await records.eventsOf('UB-2026-09-TEL');
  const chosen = all.slice(9, 69);
  const open = chosen.filter((event) => event.EventStatus === 'ORA_PROCESSED' && event.ReverseFlag === true);
  expect(open.length).toBeGreaterThan(40);
  const page = await sitDown('editor', '/batches/UB-2026-09-TEL');
  const grid = new EventGrid(page);
  await grid.expectRows(all.length);
  await (await grid.cell(all[0].EventNumber, 'Status')).click();
  for (let row = 0; row < 9; row += 1) await page.keyboard.press('ArrowDown');
  for (let row = 1; row < 60; row += 1) await page.keyboard.press('Shift+ArrowDown');
  const sent = asked(page);
  await page.getByRole('button', { name: 'Reverse 60…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText(`${open.length} events will be reversed`);
  expect(sent.filter((address) => address.includes('EventNumber')).length).toBeGreaterThan(1);
  await dialog.getByLabel('Name').fill('Reversed by the journey');
  await dialog.getByLabel('Reason').fill('Reported twice');
  const number = await dialog.getByLabel('Number').inputValue();
  await dialog.getByRole('button', { name: `Reverse ${open.length} events` }).click();
  // The reversal goes on behind the press: its batch need not be there yet.
  await expect(async () => {
    expect((await records.eventsOf(number)).map((event) => event.RelatedEventId).sort()).toEqual(open.map((event) => event.EventId).sort());
  }).toPass();
  await expectAllSaved(page);
  expect(Math.max(...sent.map((address) => address.length))).toBeLessThanOrEqual(MOST);
});

test('an order that only the server knows is told to be too long, and works with fewer values', async ({ sitDown, records }) => {
  const { items } = await records.events({ limit: 100 });
  const numbers = items.map((event: any) => event.EventNumber);
  const page = await sitDown('editor', `/events?EventNumber=is.${numbers.join(',')}&sort=-ServiceId`);
  await expect(page.getByRole('heading', { name: 'The question is too long' })).toBeVisible();
  await expect(page.getByText(/It takes an address of [\d,]+ bytes, and 1,?000 is the most\. Ask for fewer values at once\./)).toBeVisible();
  await page.goto(`/events?EventNumber=is.${numbers.slice(0, 5).join(',')}&sort=-ServiceId`);
  await page.getByRole('button', { name: /^editor / }).click();
  await new EventGrid(page).expectRows(5);
});

test('a long list of guids is asked of the platform in portions, newest first', async ({ openBrowser, platform }) => {
  const all = await platform.events();
  const offerings = [...new Set(all.map((event) => event.service_offering.guid!))].filter(Boolean);
  // So many that are none make the question long.
  const others = Array.from({ length: 60 }, (_, place) => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`);
  const wanted = offerings.slice(0, 2);
  const guids = [...others.slice(0, 30), wanted[0], ...others.slice(30), wanted[1]];
  const page = await openBrowser(`/service-usage?offering=${guids.join(',')}&sort=-created_at`);
  const sent = asked(page);
  await page.getByRole('button', { name: /^viewer / }).click();
  const rows = all.filter((event) => wanted.includes(event.service_offering.guid!)).map((event) => event.created_at).sort().reverse();
  const grid = new EventGrid(page, 'Service usage events');
  await grid.expectRows(rows.length);
  await expect.poll(async () => (await grid.firstCells()).slice(0, 12)).toEqual(rows.slice(0, 12).map((at) => at.replace('T', ' ').replace('Z', '')));
  const portions = sent.filter((address) => address.includes('service_offering_guids'));
  expect(portions.length).toBeGreaterThan(2);
  expect(Math.max(...sent.map((address) => address.length))).toBeLessThanOrEqual(MOST);
});

test('a server that takes no address of this length is told as such', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: 'subscriptionUsageEvents?', kind: { answer: { status: 414, content_type: 'text/html', body: '<html><head><title>414 Request-URI Too Large</title></head></html>' } } });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'The question is too long' })).toBeVisible();
  await expect(page.getByText(/A server on the way takes no address of this length/)).toBeVisible();
  await faults.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
});
