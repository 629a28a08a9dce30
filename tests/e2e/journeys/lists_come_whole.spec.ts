// A list of many events is loaded beside the work; from then on order, filter and totals come from memory.
import { type Page } from '@playwright/test';
import { askByAddress } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const EVENTS = 20_000;
const ROWS_LOOKED_AT = 20;
const MAY_TAKE = { timeout: 90_000 };

test.use({ stock: { journey: 'lists come whole', events: EVENTS } });

/** What the address asks, and what a server is asked for the same. */
const QUESTIONS: [string, { q?: string; orderBy?: string }][] = [
  ['?sort=-UsageQuantity', { orderBy: 'UsageQuantity:desc' }],
  ['?sort=Error,-ServiceId', { orderBy: 'Error:asc,ServiceId:desc' }],
  ['?sort=-Error', { orderBy: 'Error:desc' }],
  ['?sort=-EventStartTime,CurrencyCode', { orderBy: 'EventStartTime:desc,CurrencyCode:asc' }],
  ['?sort=CurrencyCode,UsageUnitOfMeasure,LastUpdateDate', { orderBy: 'CurrencyCode:asc,UsageUnitOfMeasure:asc,LastUpdateDate:asc' }],
  ['?status=ORA_ERROR,ORA_READY&sort=EventStatus', { q: "EventStatus in ('ORA_ERROR','ORA_READY')", orderBy: 'EventStatus:asc' }],
  ['?find=%20rAte%20', { q: "(UPPER(EventNumber) like '%RATE%' or UPPER(ServiceId) like '%RATE%' or UPPER(SubscriptionProductPuid) like '%RATE%' or UPPER(Error) like '%RATE%')" }],
  ['?currency=none&sort=-EventNumber', { q: '(CurrencyCode is null or usageCharges.ChargeCurrency is null)', orderBy: 'EventNumber:desc' }],
  ['?find=%2B491508&status=ORA_PROCESSED&sort=ServiceId', { q: "UPPER(ServiceId) like '%+491508%' and EventStatus = 'ORA_PROCESSED'", orderBy: 'ServiceId:asc' }],
  ['?Error=contains.%20cUrrency%20&sort=-Error', { q: "UPPER(Error) like '%CURRENCY%'", orderBy: 'Error:desc' }],
  ['?CurrencyCode=is.EUR%2CUSD&UsageUnitOfMeasure=not-blank&sort=CurrencyCode', { q: "CurrencyCode in ('EUR','USD') and UsageUnitOfMeasure is not null", orderBy: 'CurrencyCode:asc' }],
  ['?CurrencyCode=is-or-blank.EUR&sort=-CurrencyCode', { q: "(CurrencyCode = 'EUR' or CurrencyCode is null)", orderBy: 'CurrencyCode:desc' }],
  ['?CurrencyCode=blank', { q: 'CurrencyCode is null' }],
  ['?CurrencyCode=is-not.EUR%2CUSD&sort=CurrencyCode', { q: "(CurrencyCode <> 'EUR' and CurrencyCode <> 'USD' or CurrencyCode is null)", orderBy: 'CurrencyCode:asc' }],
  ['?CurrencyCode=is-not-or-blank.EUR', { q: "CurrencyCode <> 'EUR' and CurrencyCode is not null" }],
  ['?Error=not-blank&status=ORA_ERROR', { q: "Error is not null and EventStatus = 'ORA_ERROR'" }],
  ['?UsageQuantity=between.10%2C20.50&sort=UsageQuantity', { q: 'UsageQuantity >= 10 and UsageQuantity <= 20.50', orderBy: 'UsageQuantity:asc' }],
  ['?UsageQuantity=to.-0.5', { q: 'UsageQuantity <= -0.5' }],
  ['?EventStartTime=between.2026-10-05%2C2026-10-06&sort=-EventStartTime', { q: "EventStartTime >= '2026-10-05T00:00:00Z' and EventStartTime < '2026-10-07T00:00:00Z'", orderBy: 'EventStartTime:desc' }],
  ['?EventEndTime=to.2026-10-06%2012%3A30', { q: "EventEndTime < '2026-10-06T12:31:00Z'" }],
  ['?ServiceId=contains.%25&Error=contains.o%27b', { q: "UPPER(ServiceId) like '%\\%%' escape '\\' and UPPER(Error) like '%O''B%'" }],
  ['?EventTimeZone=is.Europe%2FBerlin&find=%2B49&CurrencyCode=is.EUR', { q: "EventTimeZone = 'Europe/Berlin' and UPPER(ServiceId) like '%+49%' and CurrencyCode = 'EUR'" }],
  // What cannot be asked of a column is passed over.
  ['?UsageQuantity=from.soon&Error=is.&CurrencyCode=odd.EUR', {}],
  ['', {}],
];

const ask = (page: Page, query: string) => askByAddress(page, `/events${query}`);
const line = (page: Page) => page.getByTestId('whole-line');

test('a long list answers from memory what the server would answer', async ({ sitDown, records, watch }) => {
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await grid.expectRows(EVENTS);
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  const firstRead = watch.reads.length;
  for (const [address, query] of QUESTIONS) {
    await ask(page, address);
    const { items, totalResults } = await records.events({ ...query, limit: ROWS_LOOKED_AT });
    await grid.expectRows(Number(totalResults));
    const numbers = items.map((event: { EventNumber: string }) => event.EventNumber);
    await expect.poll(async () => (await grid.firstCells()).slice(0, numbers.length), address).toEqual(numbers);
  }
  const lists = watch.reads.slice(firstRead).filter((read) => read.includes('subscriptionUsageEvents?'));
  expect(lists.filter((read) => !read.includes('EventId in (') && !read.includes('LastUpdateDate >=') && !read.includes('RelatedEventId is not null'))).toEqual([]);
});

/** Chance from a seed: `pick` gives one of these. */
function chance(seed: number): <T>(from: T[]) => T {
  return (from) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return from[(seed >>> 8) % from.length];
  };
}

const TEXTS = ['Zürich', 'zurich', 'ZÜRICH', 'a_b', 'axb', '50%', 'a*b', 'o\'b', 'back\\slash', ' usd-vm', 'USD-VM', 'é', 'e\u0301', 'ß', 'SS', null];

test('questions made up by chance are answered from memory as the server answers what the list asks of it', async ({ sitDown, openBrowser, records }) => {
  const odd = (await records.everyEventInError()).slice(-2 * TEXTS.length);
  for (const [at, event] of odd.entries()) {
    expect((await records.write(event.EventNumber, { ServiceId: TEXTS[at % TEXTS.length], UsageQuantity: at % 5 })).status).toBe(200);
  }
  const local = await sitDown('editor', '/events');
  await expect(line(local)).toContainText('All loaded, as of', MAY_TAKE);
  const remote = await openBrowser('/events');
  await remote.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(remote, 'viewer');
  await expect(new EventGrid(remote).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  const seed = Number(process.env.QUESTIONS_SEED ?? 22);
  const pick = chance(seed);
  const condition = () => pick([
    () => `ServiceId=contains.${encodeURIComponent(pick(['z', 'ü', 'Ü', 'U', '_', '%', '*', 'A_', 'é', 'e\u0301', '\'', '\\', 's', 'ß', '-vm']))}`,
    () => `ServiceId=is.${encodeURIComponent((pick(TEXTS) ?? 'zurich').replace(/[\\,]/g, '\\$&'))}`,
    () => `ServiceId=${pick(['blank', 'not-blank'])}`,
    () => `UsageQuantity=${pick(['from.2', 'to.0', 'between.1,3', 'between.0,0', 'not-blank'])}`,
    () => `CurrencyCode=${pick(['is.EUR', 'is-or-blank.EUR', 'is.EUR,USD', 'is-not.EUR', 'is-not-or-blank.USD,JPY', 'blank'])}`,
    () => `find=${encodeURIComponent(pick(['rich', '%', 'a_b', 'VM', 'É', '1']))}`,
  ])();
  const columns = ['ServiceId', 'UsageQuantity', 'CurrencyCode', 'Error', 'EventStartTime', 'EventNumber'];
  for (let turn = 0; turn < 30; turn += 1) {
    const conditions = new Map(Array.from({ length: 1 + (turn % 2) }, condition).map((each) => [each.split('=')[0], each]));
    const sort = `sort=${pick(['', '-'])}${pick(columns)}${pick(['', ',ServiceId', ',-UsageQuantity'])}`;
    const address = `?status=ORA_ERROR&${[...conditions.values(), sort].join('&')}`;
    const asked = remote.waitForRequest((request) => /subscriptionUsageEvents\?expand=usageCharges/.test(request.url()) && request.url().includes('offset=0'));
    await ask(remote, address);
    const query = new URL((await asked).url()).searchParams;
    const orderBy = (query.get('orderBy') ?? '').replace(/,?EventId:asc$/, '');
    const { items, totalResults } = await records.events({ q: query.get('q') ?? '', orderBy, limit: ROWS_LOOKED_AT });
    const numbers = items.map((event: { EventNumber: string }) => event.EventNumber);
    await ask(local, address);
    for (const [page, where] of [[local, 'from memory'], [remote, 'from the server']] as const) {
      const grid = new EventGrid(page);
      const rows = async () => [Number(await grid.root.getAttribute('aria-rowcount')) - 1, ...(await grid.firstCells()).slice(0, numbers.length)];
      if (numbers.length === 0) await expect(page.getByText('No event matches'), `seed ${seed}, turn ${turn}, ${where}: ${address}`).toBeVisible();
      else await expect.poll(rows, `seed ${seed}, turn ${turn}, ${where}: ${address}`).toEqual([Number(totalResults), ...numbers]);
    }
  }
});

test('what a loaded list comes to is what the server’s rows add up to', async ({ sitDown }) => {
  const totals = (page: Page) => page.getByRole('group', { name: 'Totals', exact: true });
  const [local, remote] = [await sitDown('editor', '/events'), await sitDown('viewer', '/events')];
  await remote.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  for (const query of ['?status=ORA_PROCESSED', '?status=ORA_ERROR,ORA_READY', '?currency=none']) {
    await ask(local, query);
    await ask(remote, query);
    await expect(line(local)).toContainText('All loaded, as of', MAY_TAKE);
    const button = remote.getByRole('button', { name: /^Total the amounts/ });
    if (await button.isVisible()) await button.click();
    await expect(totals(remote)).toContainText(/Amounts of all [\d,]+ loaded/, MAY_TAKE);
    const groups = (page: Page) => totals(page).locator('.totals-groups').innerText();
    expect(await groups(remote)).toMatch(/\d/);
    await expect.poll(() => groups(local)).toBe(await groups(remote));
  }
});

test('what others change is told, and no row leaves its place until it is shown', async ({ openBrowser, records }) => {
  const page = await openBrowser('/events?status=ORA_ERROR');
  await page.clock.install();
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  const before = await grid.firstCells();
  const [first, second] = await records.everyEventInError();
  expect(before[1]).toBe(second.EventNumber);
  await (await grid.cell(second.EventNumber, 'Quantity')).click();
  const status = await grid.cell(first.EventNumber, 'Status');
  await expect(status).toHaveText('Error');
  expect((await records.write(first.EventNumber, { EventStatus: 'ORA_READY' })).status).toBe(200);
  await page.clock.fastForward(31_000);
  await expect(line(page)).toContainText('1 changed, as of');
  // It says what it is now, where it stood.
  await expect(status).toHaveText('Ready for processing');
  expect(await grid.firstCells()).toEqual(before);
  const rows = Number(await grid.root.getAttribute('aria-rowcount'));
  await line(page).getByRole('button', { name: 'Show' }).click();
  await expect(grid.root).toHaveAttribute('aria-rowcount', String(rows - 1));
  expect((await grid.firstCells())[0]).toBe(second.EventNumber);
  await expect(line(page)).toContainText('All loaded, as of');
  // What the keyboard was at is what it is at.
  await expect(grid.row(second.EventNumber).locator('.is-active')).toHaveCount(1);
});

test('an edit in a loaded list keeps its place, counts in the next order, and goes with the version that was read', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR&sort=-UsageQuantity');
  const grid = new EventGrid(page);
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  const [first, second] = await grid.firstCells();
  await grid.correct(second, 'Quantity', '99999999');
  await expect.poll(async () => (await records.event(second)).UsageQuantity).toBe('99999999');
  expect((await grid.firstCells()).slice(0, 2)).toEqual([first, second]);
  await ask(page, '?status=ORA_ERROR&sort=-UsageQuantity,EventNumber');
  await expect.poll(async () => (await grid.firstCells())[0]).toBe(second);
});

test('loading can be stopped, fails in words, and goes on where it was', async ({ sitDown, faults }) => {
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { delay_ms: 700 } });
  const page = await sitDown('editor', '/events');
  const stop = line(page).getByRole('button', { name: 'Stop' });
  await expect(line(page)).toContainText(/Loading all: [1-9][\d,]* of 20,000/);
  await stop.click();
  await expect(line(page)).toContainText(/^Loading stopped at [1-9][\d,]* of 20,000/);
  const grid = new EventGrid(page);
  await grid.filterTo('Error');
  await expect(await grid.rowAt(1).getByRole('gridcell').nth(2)).toHaveText('Error');
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { answer: { status: 500 } } });
  await line(page).getByRole('button', { name: 'Load the rest' }).click();
  await expect(line(page)).toContainText(/^Loading stopped at [1-9][\d,]* of 20,000: /);
  await faults.clear();
  await line(page).getByRole('button', { name: 'Try again' }).click();
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  await expect(await grid.rowAt(1).getByRole('gridcell').nth(2)).toHaveText('Error');
});

test('a list that is longer than a person wants to keep stays on the server, until they want it', async ({ openBrowser }) => {
  const page = await openBrowser('/events');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '5000'));
  await signIn(page, 'editor');
  await expect(line(page)).toContainText('More than 5,000 events: read from the server as you scroll');
  await line(page).getByRole('button', { name: 'Load all 20,000' }).click();
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
});

test('a loaded batch is read again once it is processed', async ({ sitDown, records }) => {
  const batch = 'UB-2026-11-NRG';
  const ready = await records.eventsOf(batch, "EventStatus = 'ORA_READY'", 2);
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  const rows = Number(await grid.root.getAttribute('aria-rowcount')) - 1;
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('dialog', { name: 'Submit' }).getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Notices' })).toContainText(`Batch ${batch} is completed`, MAY_TAKE);
  for (const { EventNumber } of ready) {
    const { EventStatus } = await records.event(EventNumber);
    await expect(await grid.cell(EventNumber, 'Status')).toHaveText(EventStatus === 'ORA_PROCESSED' ? 'Processed' : 'Error');
  }
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  await grid.expectRows(rows);
  // What is asked next comes from what was read after the processing.
  await grid.filterTo('Ready for processing');
  await expect(page.getByText('No event matches')).toBeVisible();
});

test('the active cell and what is half typed stay with their event while the list comes here, and under a search', async ({ sitDown, records, faults, watch }) => {
  await faults.set({ method: 'GET', path: 'fields=EventNumber,BatchNumber', kind: { delay_ms: 700 } });
  const page = await sitDown('editor', '/events?status=ORA_ERROR&sort=-UsageQuantity');
  const grid = new EventGrid(page);
  await expect(grid.rowAt(3).getByRole('gridcell').first()).toHaveText(/\d/);
  const [, , number, fourth] = await grid.firstCells();
  const before = (await records.event(number)).UsageQuantity;
  const editor = await grid.openEditor(number, 'Quantity');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('12');
  await expect(line(page)).toContainText(/Loading all/);
  await faults.clear();
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  await expect(editor).toHaveValue('12');
  await expect(grid.row(number).locator('.is-active')).toHaveCount(1);
  expect((await records.event(number)).UsageQuantity).toBe(before);
  // The search takes the row out of the list: the field stays open with what was typed, and is of its event alone.
  await page.getByRole('searchbox', { name: 'Find events' }).fill(fourth);
  await grid.expectRows(1);
  await expect(editor).toHaveValue('12');
  expect(watch.writes).toEqual([]);
  await editor.press('Enter');
  await expect(editor).toBeHidden();
  await expectAllSaved(page);
  expect(watch.writes.map((write) => write.path.split('/').at(-1))).toEqual([number]);
  expect((await records.event(number)).UsageQuantity).toBe('12');
});

test('all of a loaded list is copied, its last row too', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events', { permissions: ['clipboard-read', 'clipboard-write'] });
  await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
  await new EventGrid(page).root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  await expect(page.getByText(`${EVENTS} rows copied.`, { exact: true })).toBeAttached();
  const numbers: string[] = await page.evaluate(async () => (await navigator.clipboard.readText()).split('\r\n').map((row) => row.split('\t')[0]!));
  expect(new Set(numbers).size).toBe(EVENTS);
  const last = await records.events({ orderBy: 'EventId:desc', limit: 1 });
  expect(numbers.at(-1)).toBe(last.items[0].EventNumber);
});

/** Notes the memory that the app's modules work in, by which it is weighed. */
function noteMemory(): void {
  const memories = new Set<WebAssembly.Memory>();
  (window as any).memories = memories;
  const note = (exports: WebAssembly.Exports) => Object.values(exports).forEach((one) => one instanceof WebAssembly.Memory && memories.add(one));
  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    const original = WebAssembly[name] as (...given: any[]) => Promise<any>;
    (WebAssembly as any)[name] = async (...given: any[]) => {
      const made = await original(...given);
      note((made.instance ?? made).exports);
      return made;
    };
  }
}

test('a list that is left and loaded again ten times takes no more memory than before', async ({ openBrowser }) => {
  test.setTimeout(300_000);
  const page = await openBrowser('/batches');
  await page.addInitScript(noteMemory);
  await page.goto('/events');
  await signIn(page, 'editor');
  const browser = await page.context().newCDPSession(page);
  const bytes: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
    await browser.send('HeapProfiler.collectGarbage');
    const { usedSize } = await browser.send('Runtime.getHeapUsage');
    const app = await page.evaluate(() => [...(window as any).memories].reduce((sum: number, one: WebAssembly.Memory) => sum + one.buffer.byteLength, 0));
    expect(app).toBeGreaterThan(1_000_000);
    bytes.push(usedSize + app);
    await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
    await expect(page.getByRole('grid', { name: 'Usage event batches' })).toBeVisible();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await expect(page.getByRole('grid', { name: 'Usage events' })).toBeVisible();
  }
  // A heap that once needs a further stretch keeps it; what is not given back makes it grow at each visit.
  const growths = bytes.slice(2).map((held, at) => held - bytes[at + 1]!);
  const usual = growths.sort((one, other) => one - other)[growths.length >> 1]!;
  expect(1 + (usual * growths.length) / bytes[1]!, bytes.join(' ')).toBeLessThan(1.1);
});

// The last ones: the other journeys count on all events.
for (const gone of [1, 2]) {
  test(`a list of which ${gone} at the front goes and one comes while it is read has each event once, and its total waits for that`, async ({ openBrowser, records }) => {
    const batch = 'UB-2026-11-API';
    const before = await records.everyEventOf(batch);
    const leaving = before.filter((event) => event.EventStatus === 'ORA_DRAFT').slice(0, gone);
    const [like] = leaving;
    const page = await openBrowser(`/batches/${batch}`, { permissions: ['clipboard-read', 'clipboard-write'] });
    const foot = page.getByRole('group', { name: 'Totals', exact: true });
    /** What the foot says as the second reading begins. */
    const said: string[] = [];
    let pages = 0;
    await page.route((url) => url.search.includes('fields=EventNumber,BatchNumber'), async (route) => {
      const isFirst = !(new URL(route.request().url()).searchParams.get('q') ?? '').includes('EventId >');
      if (isFirst && pages > 0) said.push(await foot.innerText());
      pages += 1;
      // The lanes are under way, and the first events have been read.
      if (pages === 3) {
        for (const event of leaving) await records.deleteEvent(event.EventNumber);
        const { SubscriptionProductPuid, EventType, EventStartTime, EventTimeZone, UsageUnitOfMeasure, CurrencyCode } = like;
        const fields = { SubscriptionProductPuid, EventType, EventStartTime, EventTimeZone, UsageUnitOfMeasure, CurrencyCode };
        await records.makeEvent(batch, { ...fields, UsageQuantity: 1, EventNumber: `NEW-${gone}` });
      }
      await route.continue();
    });
    await signIn(page, 'editor');
    await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
    // As many rows came as the server counted, but not all of them were in it any longer.
    expect(said).not.toEqual([]);
    for (const words of said) {
      expect(words).toContain('Loading all');
      expect(words).not.toContain('loaded, as of');
    }
    const after = (await records.everyEventOf(batch)).map((event) => event.EventNumber);
    expect(after).toHaveLength(before.length - gone + 1);
    expect(after).toContain(`NEW-${gone}`);
    await expect(foot).toContainText(`${after.length.toLocaleString('en')} events`);
    await new EventGrid(page).root.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('ControlOrMeta+C');
    await expect(page.getByText(`${after.length} rows copied.`, { exact: true })).toBeAttached();
    const numbers = await page.evaluate(async () => (await navigator.clipboard.readText()).split('\r\n').map((row) => row.split('\t')[0]!));
    expect(numbers.toSorted()).toEqual(after.toSorted());
  });
}

for (const kept of [null, '0']) {
  test(`what is half typed is of its event alone while others add three above it (${kept ? 'read in sight' : 'all here'})`, async ({ openBrowser, records, watch }) => {
    const batch = 'UB-2026-11-API';
    const page = await openBrowser(`/batches/${batch}?sort=-EventNumber`);
    if (kept) await page.evaluate((kept) => localStorage.setItem('usage-desk.rows-kept', kept), kept);
    await signIn(page, 'editor');
    if (!kept) await expect(line(page)).toContainText('All loaded, as of', MAY_TAKE);
    const grid = new EventGrid(page);
    await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
    const rows = Number(await grid.root.getAttribute('aria-rowcount')) - 1;
    const events = new Map((await records.everyEventOf(batch)).map((event) => [event.EventNumber, event]));
    const shown = await grid.firstCells();
    const place = shown.findIndex((number) => ['ORA_DRAFT', 'ORA_ERROR'].includes(events.get(number)!.EventStatus));
    const event = events.get(shown[place])!;
    const editor = await grid.openEditor(event.EventNumber, 'Quantity');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('12');
    const { SubscriptionProductPuid, EventType, EventStartTime, EventTimeZone, UsageUnitOfMeasure, CurrencyCode } = event;
    const fields = { SubscriptionProductPuid, EventType, EventStartTime, EventTimeZone, UsageUnitOfMeasure, CurrencyCode };
    const numbers = [1, 2, 3].map((number) => `${kept ? 'ZZZZ' : 'ZZZ'}-${number}`);
    for (const number of numbers) await records.makeEvent(batch, { ...fields, UsageQuantity: 1, EventNumber: number });
    // Read again, while the keyboard stays in the field.
    await page.getByRole('button', { name: 'Refresh' }).dispatchEvent('click');
    await grid.expectRows(rows + 3);
    await expect.poll(async () => (await grid.firstCells()).slice(0, 3)).toEqual(numbers.toReversed());
    await expect(editor).toHaveValue('12');
    expect(watch.writes).toEqual([]);
    await editor.press('Enter');
    await expect(editor).toBeHidden();
    await expectAllSaved(page);
    expect(watch.writes.map((write) => [write.method, write.path.split('/').at(-1)])).toEqual([['PATCH', event.EventNumber]]);
    expect((await records.event(event.EventNumber)).UsageQuantity).toBe('12');
    for (const number of [...numbers, shown[place + 1]]) expect((await records.event(number)).UsageQuantity).toBe(events.get(number)?.UsageQuantity ?? '1');
  });
}
