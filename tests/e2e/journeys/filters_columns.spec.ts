// What a column holds can be asked for from its head: some of its values, which are counted, a text, a range, a blank. By
// the keyboard alone; the server and the list that is here as a whole give the same rows.
import { type Page } from '@playwright/test';
import { askByAddress, chips, expectBackAtHead, form, openFilter } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { roomOfRows } from '../person/room';
import { signIn } from '../person/sign_in';
import { pressEnterOn, tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'filters columns', events: 2000 } });

async function expectLoaded(page: Page): Promise<void> {
  await expect(page.getByTestId('whole-line')).toContainText('All loaded, as of', { timeout: 60_000 });
}

test('by keys alone a column is asked for some of its values, another for a range, and both are taken back', async ({ sitDown, records }) => {
  const count = async (q: string) => Number((await records.events({ q, limit: 1 })).totalResults);
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);

  await openFilter(page, 'Currency');
  await expect(form(page).getByRole('searchbox', { name: 'Search the values' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expectBackAtHead(page, 'Currency');

  await openFilter(page, 'Currency');
  const values = form(page).getByRole('group', { name: 'Values' });
  const line = (words: string) => values.locator('label').filter({ hasText: words });
  const words = (number: number) => new Intl.NumberFormat('en-US').format(number);
  await expect(line('EUR')).toContainText(words(await count("CurrencyCode = 'EUR'")));
  await expect(line('(blank)')).toContainText(words(await count('CurrencyCode is null')));
  await page.keyboard.type('eur');
  await expect(values.getByRole('checkbox')).toHaveCount(1);
  await tabTo(page, 'checkbox', /^EUR/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Currency');
  await expect(page).toHaveURL(/CurrencyCode=is\.EUR$/);
  await grid.expectRows(await count("CurrencyCode = 'EUR'"));
  await expect(chips(page).getByRole('button', { name: 'Currency is EUR, remove', exact: true })).toHaveText('Currency is EUR');
  await expect(grid.root.getByRole('columnheader', { name: 'Currency filtered', exact: true })).toBeVisible();

  // Counted under all other filters, and not under its own.
  await openFilter(page, 'Currency');
  await expect(line('EUR').getByRole('checkbox')).toBeChecked();
  const [other] = (await values.locator('label').allInnerTexts()).map((text) => text.split('\n')[0]).filter((code) => /^[A-Z]{3}$/.test(code) && code !== 'EUR');
  await expect(line(other)).toContainText(words(await count(`CurrencyCode = '${other}'`)));
  await page.keyboard.press('Escape');

  await openFilter(page, 'Quantity');
  await expect(form(page).getByLabel('From')).toBeFocused();
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await expect(form(page).getByRole('alert')).toContainText('Quantity');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('1.5');
  await expect(form(page).getByTestId('understood')).toHaveText('= 1.5');
  await tabTo(page, 'textbox', 'To');
  await page.keyboard.type('100');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Quantity');
  const both = "CurrencyCode = 'EUR' and UsageQuantity >= 1.5 and UsageQuantity <= 100";
  await grid.expectRows(await count(both));
  await expect(chips(page)).toContainText('Quantity from 1.5 to 100');
  await expect(page.getByRole('group', { name: 'Totals', exact: true })).toContainText(`${words(await count(both))} `);

  // All of them are what the query selects.
  await page.keyboard.press('ControlOrMeta+A');
  await expect(page.getByRole('button', { name: `Correct all ${words(await count(both))}…` })).toBeVisible();
  await page.keyboard.press('Escape');

  await pressEnterOn(page, 'button', 'Currency is EUR, remove');
  await expect(page).not.toHaveURL(/CurrencyCode/);
  await grid.expectRows(await count('UsageQuantity >= 1.5 and UsageQuantity <= 100'));
  await expect(grid.root).toBeFocused();
  await openFilter(page, 'Quantity');
  await expect(form(page).getByLabel('To')).toHaveValue('100');
  await pressEnterOn(page, 'button', 'Clear filter');
  await expectBackAtHead(page, 'Quantity');
  await grid.expectRows(await count('EventId is not null'));
  await expect(chips(page)).toBeHidden();
});

test('a day is all of it, a status is chosen by its name, and what matches nothing says so', async ({ sitDown, records }) => {
  const count = async (q: string) => Number((await records.events({ q, limit: 1 })).totalResults);
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);
  await openFilter(page, 'Start (UTC)');
  await page.keyboard.type('2026-10-05');
  await expect(form(page).getByTestId('understood')).toHaveText('from 2026-10-05 00:00 UTC on');
  await tabTo(page, 'textbox', 'To');
  await page.keyboard.type('2026-10-06');
  await page.keyboard.press('Enter');
  const days = "EventStartTime >= '2026-10-05T00:00:00Z' and EventStartTime < '2026-10-07T00:00:00Z'";
  await grid.expectRows(await count(days));
  await expect(chips(page)).toContainText('Start (UTC) from 2026-10-05 to 2026-10-06');

  await openFilter(page, 'Status');
  for (const status of ['Error', 'Processed']) {
    await tabTo(page, 'checkbox', new RegExp(`^${status} [\\d,]+$`));
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Enter');
  await grid.expectRows(await count(`EventStatus in ('ORA_ERROR','ORA_PROCESSED') and ${days}`));
  await expect(chips(page)).toContainText('Status is Error or Processed');
  await grid.filterTo('Error');
  await grid.expectRows(await count(`EventStatus = 'ORA_ERROR' and ${days}`));
  await expect(chips(page)).not.toContainText('Status');

  await openFilter(page, 'Service');
  await form(page).getByRole('combobox').selectOption('contains');
  await tabTo(page, 'textbox', 'Text to look for');
  await page.keyboard.type("o'b, \"~%");
  await page.keyboard.press('Enter');
  await expect(page.getByText('No event matches')).toBeVisible();
  await expect(chips(page)).toContainText('Service contains “o\'b, "~%”');
  await page.reload();
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(chips(page)).toContainText('Service contains “o\'b, "~%”');
  await page.getByRole('button', { name: 'Show all events' }).press('Enter');
  await grid.expectRows(await count('EventId is not null'));
  await expect(page).toHaveURL(/\/events$/);
});

test('where the list is not here as a whole, the form says why it cannot count, and the server is asked', async ({ openBrowser, records }) => {
  const page = await openBrowser('/events');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await page.getByRole('button', { name: /^editor / }).click();
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await openFilter(page, 'Service');
  await expect(form(page)).toContainText('Values are listed with how many events have each once all events are loaded.');
  await expect(form(page).getByRole('checkbox')).toHaveCount(0);
  await expect(form(page).getByRole('textbox', { name: 'Text to look for' })).toBeFocused();
  await page.keyboard.type('+49');
  await page.keyboard.press('Enter');
  await grid.expectRows(Number((await records.events({ q: "UPPER(ServiceId) like '%+49%'", limit: 1 })).totalResults));
});

test('an address that is too long for a link says so, and a reload keeps its rows', async ({ sitDown, records }) => {
  const first = (await records.events({ limit: 499 })).items;
  const q = `EventId > ${first.at(-1).EventId}`;
  const seven = [...first, ...(await records.events({ q, limit: 201 })).items].map((event) => event.EventNumber);
  expect(seven).toHaveLength(700);
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);
  const tooLong = page.getByText(/^Too long for a link: [\d,]+ characters$/);
  await askByAddress(page, `/events?EventNumber=is.${seven.slice(0, 100).join(',')}`);
  await grid.expectRows(100);
  await expect(tooLong).toHaveCount(0);
  await askByAddress(page, `/events?EventNumber=is.${seven.join(',')}`);
  await grid.expectRows(700);
  const told = Number((await tooLong.innerText()).replace(/\D/g, ''));
  expect(told).toBe(page.url().length);
  expect(await violations(page)).toEqual([]);
  const rows = (await grid.firstCells()).slice(0, 20);
  await page.reload();
  await signIn(page, 'editor');
  await grid.expectRows(700);
  await expect.poll(async () => (await grid.firstCells()).slice(0, 20)).toEqual(rows);
  await expect(tooLong).toBeVisible();
});

test('more values than an address takes are refused, and all but some are said by those that are left out', async ({ sitDown, records }) => {
  const count = async (q: string) => Number((await records.events({ q, limit: 1 })).totalResults);
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);
  await openFilter(page, 'Service');
  await page.keyboard.type('+');
  await expect(form(page).getByRole('checkbox').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(form(page).getByRole('alert')).toContainText(/^[\d,]{3,} values are chosen\. Choose at most 100,/);
  await form(page).getByRole('button', { name: 'Cancel' }).click();

  await openFilter(page, 'Currency');
  await pressEnterOn(page, 'button', 'Select all');
  for (const code of ['EUR', 'USD']) {
    await tabTo(page, 'checkbox', new RegExp(`^${code} `));
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Currency');
  await expect(page).toHaveURL(/CurrencyCode=is-not\.EUR%2CUSD$/);
  await expect(chips(page)).toContainText('Currency is not EUR or USD');
  const others = "(CurrencyCode not in ('EUR','USD') or CurrencyCode is null)";
  const before = await count(others);
  await grid.expectRows(before);

  // The first event in a currency that no event had comes, and is not left out.
  const [event] = (await records.events({ q: "CurrencyCode = 'EUR' and EventStatus = 'ORA_ERROR'", limit: 1 })).items;
  expect((await records.write(event.EventNumber, { CurrencyCode: 'AUD' })).ok).toBe(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await grid.expectRows(before + 1);
  await openFilter(page, 'Currency');
  const box = (code: string) => form(page).getByRole('checkbox', { name: new RegExp(`^${code} [\\d,]+$`) });
  await expect(box('AUD')).toBeChecked();
  await expect(box('EUR')).not.toBeChecked();
  // Without a blank as well.
  await form(page).getByRole('checkbox', { name: /^\(blank\)/ }).uncheck();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/CurrencyCode=is-not-or-blank\.EUR%2CUSD$/);
  await grid.expectRows(await count("CurrencyCode not in ('EUR','USD') and CurrencyCode is not null"));
});

test('an exclusion that is asked of the server stays one when a first value comes', async ({ openBrowser, records }) => {
  const page = await openBrowser('/events?CurrencyCode=is-not.EUR%2CCHF&EventStatus=is-not.ORA_PROCESSED');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  const q = "(CurrencyCode <> 'EUR' and CurrencyCode <> 'CHF' or CurrencyCode is null) and EventStatus <> 'ORA_PROCESSED'";
  const rows = Number((await records.events({ q, limit: 1 })).totalResults);
  await grid.expectRows(rows);
  const [event] = (await records.events({ q: "CurrencyCode = 'EUR' and EventStatus = 'ORA_ERROR'", limit: 1 })).items;
  expect((await records.write(event.EventNumber, { CurrencyCode: 'SEK' })).ok).toBe(true);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await grid.expectRows(rows + 1);
  await expect(chips(page)).toContainText('Currency is not EUR or CHF');
});

test('where a filter takes the active row away, the nearest one left is active and nothing is done to it', async ({ sitDown, records }) => {
  const { items } = await records.events({ limit: 10 });
  const numbers: string[] = items.map((event: { EventNumber: string }) => event.EventNumber);
  const page = await sitDown('editor', '/events');
  const grid = new EventGrid(page);
  await expectLoaded(page);
  const correct = (name: string) => page.getByRole('button', { name: `Correct${name}…`, exact: true });
  const quantity = await grid.columnIndex('Quantity');
  const expectActive = async (number: string) => {
    await grid.root.focus();
    await expect(grid.row(number).locator('.is-active')).toHaveAttribute('aria-colindex', quantity);
  };
  const only = async (...places: number[]) => {
    await askByAddress(page, `/events?EventNumber=is.${places.map((place) => numbers[place]).join(',')}`);
    await grid.expectRows(places.length);
  };
  await (await grid.cell(numbers[5], 'Quantity')).click();
  await expect(correct(` ${numbers[5]}`)).toBeVisible();
  await only(0, 2, 8);
  await expectActive(numbers[8]);
  // It stands there, and nobody chose what is there.
  await expect(correct('')).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('ArrowUp');
  await expectActive(numbers[2]);
  await expect(correct(` ${numbers[2]}`)).toBeVisible();
  // Nothing is left behind it: the last one before it is the nearest.
  await only(0, 1);
  await expectActive(numbers[1]);
  await askByAddress(page, '/events');
  await grid.expectRows(Number((await records.events({ limit: 1 })).totalResults));
  await expectActive(numbers[2]);
  await expect(correct('')).toHaveAttribute('aria-disabled', 'true');
});

test('a group that a filter takes away leaves the cursor at the nearest one, as a list does that is read in sight', async ({ openBrowser, records }) => {
  const page = await openBrowser('/events?group=UsageUnitOfMeasure');
  await signIn(page, 'editor');
  const groups = new EventGrid(page, 'Groups of events');
  await expect(groups.rowAt(4).getByRole('gridcell').first()).toHaveText(/./, { timeout: 60_000 });
  const names = await groups.firstCells();
  const [gone, next] = [names[1], names[2]];
  await groups.row(gone).getByRole('gridcell').nth(1).click();
  await askByAddress(page, `/events?group=UsageUnitOfMeasure&UsageUnitOfMeasure=is.${[names[0], ...names.slice(2)].join(',')}`);
  await expect(groups.row(gone)).toHaveCount(0);
  await groups.root.focus();
  await expect(groups.row(next).locator('.is-active')).toHaveCount(1);

  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await page.reload();
  await signIn(page, 'editor');
  await askByAddress(page, `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const wrong = await records.eventsInError(BATCH);
  await (await grid.cell(wrong[2].EventNumber, 'Status')).click();
  await askByAddress(page, `/batches/${BATCH}?status=ORA_ERROR&EventNumber=contains.${wrong[4].EventNumber}`);
  await grid.expectRows(1);
  await grid.root.focus();
  await expect(grid.row(wrong[4].EventNumber).locator('.is-active')).toHaveCount(1);
});

test('of two questions the answer to the last one counts, however late that to the first one comes', async ({ openBrowser, sitDown, records }) => {
  const found = (text: string) => `(${['EventNumber', 'ServiceId', 'SubscriptionProductPuid', 'Error'].map((field) => `UPPER(${field}) like '%${text.toUpperCase()}%'`).join(' or ')})`;
  const ask = (text: string, more = '') => records.events({ q: found(text) + more, limit: 10 });
  const [wide, narrow] = ['r', 'ra'];
  const { items, totalResults } = await ask(narrow);
  const count = Number(totalResults);
  expect(count).toBeLessThan(Number((await ask(wide)).totalResults));
  const page = await openBrowser('/events');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  // What is asked of the first letter alone comes when the rest has long been answered.
  let isHeld = 0;
  let release = () => {};
  const late = new Promise<void>((resolve) => (release = resolve));
  await page.route((url) => (url.searchParams.get('q') ?? '').includes(`'%${wide.toUpperCase()}%'`), async (route) => {
    isHeld += 1;
    const answer = await route.fetch();
    await late;
    // Nobody may wait for it any longer.
    await route.fulfill({ response: answer }).catch(() => {});
  });
  const find = page.getByRole('searchbox', { name: 'Find events' });
  await find.press(wide);
  await expect.poll(() => isHeld).toBeGreaterThan(0);
  await find.press(narrow[1]);
  const numbers = items.map((event: { EventNumber: string }) => event.EventNumber);
  const expectLast = async () => {
    await grid.expectRows(count);
    await expect.poll(async () => (await grid.firstCells()).slice(0, numbers.length)).toEqual(numbers);
    await expect(foot(page)).toContainText(`Amounts of all ${count.toLocaleString('en')} loaded`);
  };
  const foot = (of: Page) => of.getByRole('group', { name: 'Totals', exact: true });
  await expectLast();
  release();
  await page.unrouteAll({ behavior: 'wait' });
  // What is asked after it is answered after it.
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expectLast();
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await expect(page.getByRole('button', { name: `Correct all ${count.toLocaleString('en')}…` })).toBeVisible();

  // The same sums, and the values counted, where all is here.
  const whole = await sitDown('viewer', '/events');
  await expectLoaded(whole);
  await whole.getByRole('searchbox', { name: 'Find events' }).pressSequentially(narrow);
  await new EventGrid(whole).expectRows(count);
  const sums = (of: Page) => foot(of).locator('.totals-groups').innerText();
  await expect.poll(() => sums(whole)).toBe(await sums(page));
  await openFilter(whole, 'Currency');
  const inEuro = Number((await ask(narrow, " and CurrencyCode = 'EUR'")).totalResults);
  await expect(form(whole).getByRole('checkbox', { name: /^EUR / })).toHaveAccessibleName(`EUR ${inEuro.toLocaleString('en')}`);
});

for (const kept of [null, '0']) {
  test(`what a search finds is said in one sentence once nothing more is typed (${kept ? 'read in sight' : 'all here'})`, async ({ openBrowser, records }) => {
    const page = await openBrowser('/events');
    if (kept) await page.evaluate((kept) => localStorage.setItem('usage-desk.rows-kept', kept), kept);
    await signIn(page, 'editor');
    const grid = new EventGrid(page);
    if (!kept) await expectLoaded(page);
    await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
    await page.evaluate(() => {
      const region = document.querySelector('.grid-spoken')!;
      const said: string[] = ((window as any).said = []);
      new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
    });
    const said = () => page.evaluate(() => (window as any).said as string[]);
    const [event] = await records.eventsInError(BATCH);
    const find = page.getByRole('searchbox', { name: 'Find events' });
    // Key behind key, as quickly as nobody types: on a busy machine the pause for a sentence lies between two presses.
    await find.evaluate((box: HTMLInputElement, text) => {
      for (let length = 1; length <= text.length; length += 1) {
        box.value = text.slice(0, length);
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
    }, event.EventNumber);
    await grid.expectRows(1);
    await expect.poll(said).toEqual(['1 event']);
    await grid.root.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await expect.poll(said).toEqual(['1 event', 'All rows selected.']);
    await find.fill('currency');
    const count = Number((await records.events({ q: "UPPER(EventNumber) like '%CURRENCY%' or UPPER(ServiceId) like '%CURRENCY%' or UPPER(SubscriptionProductPuid) like '%CURRENCY%' or UPPER(Error) like '%CURRENCY%'", limit: 1 })).totalResults);
    await grid.expectRows(count);
    // Nothing is selected any longer, and no one goes on to say so.
    await expect(page.locator('.grid-spoken')).not.toContainText('All rows selected.');
    await expect.poll(said).toEqual(['1 event', 'All rows selected.', `${count} events`]);
    // As many rows as are told, wherever the list is scrolled to.
    await grid.root.focus();
    await page.keyboard.press('ControlOrMeta+End');
    await expect(grid.rowAt(count)).toBeVisible();
    await expect(grid.root).toHaveAttribute('aria-rowcount', String(count + 1));
    expect(await said()).toHaveLength(3);
  });
}

test('values of a list that is not here as a whole are searched by the server, under all other filters', async ({ openBrowser, records, faults }) => {
  const page = await openBrowser('/events?status=ORA_ERROR,ORA_PROCESSED');
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  const statuses = "EventStatus in ('ORA_ERROR','ORA_PROCESSED')";
  const last = (await records.events({ q: `${statuses} and ServiceId is not null`, orderBy: 'EventId:desc', limit: 1 })).items[0].ServiceId as string;
  const values = form(page).getByRole('group', { name: 'Values' });
  const search = (text: string) => form(page).getByRole('searchbox', { name: 'Search the values' }).fill(text);
  const searchValues = async (text: string) => {
    await openFilter(page, 'Service');
    await form(page).getByRole('combobox').selectOption('is one of');
    await search(text);
  };
  // One that only the last events have, by a part of it, in any case.
  const part = last.slice(-6).toLowerCase();
  const like = `UPPER(ServiceId) like '%${part.toUpperCase().replace(/[%_]/g, '\\$&')}%'`;
  const holding = async () => new Set((await records.events({ q: `${statuses} and ${like}` })).items.map((event: any) => event.ServiceId));
  await searchValues(part);
  const boxes = values.getByRole('checkbox');
  await expect(boxes).toHaveCount((await holding()).size);
  await values.getByRole('checkbox', { name: last, exact: true }).check();
  await page.keyboard.press('Enter');
  await expect(chips(page)).toContainText(`Service is ${last}`);
  await grid.expectRows(Number((await records.events({ q: `${statuses} and ServiceId = '${last}'`, limit: 1 })).totalResults));

  // Its own filter hides none of them; those of which there are too many are not all meant.
  await searchValues('e');
  await expect(values).toContainText('There are more. Type more of the one that you want.');
  await expect(boxes.first()).toBeVisible();
  await search('no such service');
  await expect(values).toContainText('No value is like this.');
  await faults.set({ path: 'fields=EventId,EventNumber,ServiceId', kind: { answer: { status: 500 } } });
  await search('ab');
  await expect(values.getByRole('status')).toContainText(/\.$/);
  await expect(boxes).toHaveCount(0);
});

test('the rows keep their room under filters of columns, and the open form is accessible', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}?UsageQuantity=between.0%2C100000&CurrencyCode=is.EUR%2CUSD&Error=blank`, { viewport: { width: 1440, height: 900 } });
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await expect(chips(page)).toContainText('Currency is EUR or USD');
  expect((await roomOfRows(page)).above).toBeLessThanOrEqual(150);
  expect(await violations(page)).toEqual([]);
  for (const title of ['Currency', 'Quantity', 'Error']) {
    await openFilter(page, title);
    // However few rows are shown, all of the list are counted.
    if (title === 'Currency') await expect(form(page).getByRole('checkbox', { name: /^EUR [\d,]+$/ })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
});
