// A selection means the events that were on the screen when they were chosen, whatever others do to the
// list meanwhile, and what differs is said before anything is done.
import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const IN_ERROR = '/events?status=ORA_ERROR';
const READY = { EventStatus: 'ORA_READY' };

test.use({ stock: { journey: 'selection means its events', events: 2000 } });
test.describe.configure({ timeout: 180_000 });

test('two selected events are meant, although a third one leaves the list before them', async ({ sitDown, records }) => {
  const [first, second, third] = await records.everyEventInError();
  const page = await sitDown('editor', IN_ERROR);
  const grid = new EventGrid(page);
  await (await grid.cell(second.EventNumber, 'Status')).click();
  await page.keyboard.press('Space');
  await (await grid.cell(third.EventNumber, 'Status')).click({ modifiers: ['Control'] });
  await expect(page.getByTestId('selected')).toHaveText('2 selected');
  expect((await records.write(first.EventNumber, READY)).status).toBe(200);

  await page.getByRole('button', { name: 'Correct 2…' }).click();
  const { dialog } = new BulkCorrection(page);
  await dialog.getByLabel('Field to change').selectOption({ label: 'File' });
  await dialog.getByLabel('New value').fill('mine.csv');
  await expect(dialog.getByTestId('named')).toContainText(second.EventNumber);
  await expect(dialog.getByTestId('named')).toContainText(third.EventNumber);
  await dialog.getByRole('button', { name: 'Correct 2 events' }).click();
  await expect(dialog.getByTestId('corrected')).toHaveText('2 of 2 corrected');
  expect((await records.event(second.EventNumber)).FileName).toBe('mine.csv');
  expect((await records.event(third.EventNumber)).FileName).toBe('mine.csv');
});

test('a selected event that somebody changed is named and left out, until the person takes it in', async ({ sitDown, records }) => {
  const [first, second] = await records.everyEventInError();
  const page = await sitDown('editor', IN_ERROR);
  const grid = new EventGrid(page);
  await (await grid.cell(first.EventNumber, 'Status')).click();
  await page.keyboard.press('Shift+ArrowDown');
  expect((await records.write(second.EventNumber, { FileName: 'theirs.csv' }, 'editor2')).status).toBe(200);
  await page.getByRole('button', { name: 'Correct 2…' }).click();
  const { dialog } = new BulkCorrection(page);
  await expect(dialog.getByTestId('changed-since')).toContainText('1 selected event has changed since you selected it');
  await expect(dialog.getByTestId('changed-since')).toContainText(second.EventNumber);
  await dialog.getByLabel('Field to change').selectOption({ label: 'File' });
  await dialog.getByLabel('New value').fill('mine-again.csv');
  await expect(dialog.getByRole('button', { name: 'Correct 1 event' })).toBeEnabled();
  await dialog.getByRole('button', { name: 'Include it as it is now' }).click();
  await expect(dialog.getByTestId('changed-since')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Correct 2 events' })).toBeEnabled();
});

test('the selection follows its events through a correction and a refresh', async ({ sitDown, records }) => {
  const [first, second, third, fourth] = await records.everyEventInError();
  const page = await sitDown('editor', IN_ERROR);
  const grid = new EventGrid(page);
  await (await grid.cell(first.EventNumber, 'Status')).click();
  await page.keyboard.press('Shift+ArrowDown');
  const correction = new BulkCorrection(page);
  await page.getByRole('button', { name: 'Correct 2…' }).click();
  await correction.dialog.getByLabel('Field to change').selectOption({ label: 'Status' });
  await correction.dialog.getByLabel('New value').selectOption({ label: 'Ready for processing' });
  await correction.dialog.getByRole('button', { name: 'Correct 2 events' }).click();
  await expect(correction.dialog.getByTestId('corrected')).toHaveText('2 of 2 corrected');
  await correction.close();
  await expectAllSaved(page);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(grid.row(first.EventNumber)).toBeHidden();
  // What stands in their places now is not selected.
  for (const event of [third, fourth]) {
    await expect(grid.row(event.EventNumber)).toHaveAttribute('aria-selected', 'false');
    await expect(grid.row(event.EventNumber).locator('[role=gridcell][aria-selected=true]')).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'Correct 2…' }).click();
  await correction.dialog.getByLabel('New value').fill('EUR');
  // The person's own change is not somebody else's.
  await expect(correction.dialog.getByText(/^2 excluded/)).toContainText(first.EventNumber);
  await expect(correction.dialog.getByText(/^2 excluded/)).toContainText(second.EventNumber);
  await expect(correction.dialog.getByTestId('changed-since')).toBeHidden();
});

test('a list that changes while all of it is read is read by its order, and the difference stops', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR,ORA_DRAFT,ORA_PROCESSED');
  const grid = new EventGrid(page);
  await expect(grid.root).toHaveAttribute('aria-rowcount', /^[1-9]\d{3}$/);
  const all = Number(await grid.root.getAttribute('aria-rowcount')) - 1;
  const leaving = (await records.everyEventInError()).slice(0, 3);
  // What the list itself reads to its end is not what is spoilt below.
  await expect(page.getByLabel('Totals', { exact: true })).toContainText('All loaded, as of');
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await expect(page.getByTestId('selected')).toHaveText('Everything in this list is selected');
  // Between the first page and the second one three events leave the list.
  let pages = 0;
  await page.route(/EventId%20%3E/, async (route) => {
    pages += 1;
    if (pages === 1) for (const event of leaving) expect((await records.write(event.EventNumber, READY)).status).toBe(200);
    await route.continue();
  });
  await page.getByRole('button', { name: /^Reverse all [\d,]+…$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('moved-meanwhile')).toContainText(new RegExp(`It had ${all.toLocaleString('en')} events when the reading began, [\\d,]+ were read, and it has ${(all - 3).toLocaleString('en')} now`));
  await expect(dialog.getByRole('button', { name: 'Reverse events', exact: true })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Read again' }).click();
  await expect(dialog.getByTestId('counted-then')).toContainText(`The list had ${all.toLocaleString('en')} events when all of them were selected`);
  await dialog.getByLabel('Reason').fill('Reported twice');
  await expect(dialog.getByRole('button', { name: /^Reverse [1-9][\d,]* events$/ })).toBeEnabled();
});

test('the events of a group under a filter are one set in number, list and action, and those that another filter hides are counted', async ({ sitDown, records }) => {
  const thirty = (await records.everyEventInError()).slice(6, 36);
  expect(thirty).toHaveLength(30);
  for (const [at, event] of thirty.entries()) {
    const fields = { ServiceId: 'one of thirty', CurrencyCode: at % 5 === 0 ? 'GBP' : 'EUR' };
    expect((await records.write(event.EventNumber, fields)).status).toBe(200);
  }
  const six = thirty.filter((_, at) => at % 5 === 0).map((event) => event.EventNumber);
  const page = await sitDown('editor', `${IN_ERROR}&CurrencyCode=is.GBP&group=ServiceId`);
  const groups = page.getByRole('grid', { name: 'Groups of events' });
  const group = groups.getByRole('row').filter({ hasText: 'one of thirty' });
  await expect(group.getByRole('gridcell').nth(1)).toHaveText('6', { timeout: 60_000 });
  await group.getByRole('gridcell').nth(1).click();
  await page.keyboard.press('Enter');
  const grid = new EventGrid(page);
  await grid.expectRows(6);
  expect((await grid.firstCells()).sort()).toEqual([...six].sort());
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  // Another person makes a seventh that answers the question; it was not on the screen.
  expect((await records.write(thirty[1].EventNumber, { CurrencyCode: 'GBP' })).status).toBe(200);
  await page.getByRole('button', { name: 'Correct all 6…' }).click();
  const { dialog } = new BulkCorrection(page);
  await dialog.getByLabel('Field to change').selectOption({ label: 'File' });
  await dialog.getByLabel('New value').fill('six.csv');
  await expect(dialog.getByTestId('counted-then')).toContainText('The list had 6 events when all of them were selected');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // Of three that are ticked one answers the next question: three are selected, named and meant until the person drops
  // the two that are not in sight.
  await grid.root.focus();
  await page.keyboard.press('Escape');
  for (const number of six.slice(0, 3)) await (await grid.cell(number, 'Status')).click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByTestId('selected')).toHaveText('3 selected');
  await page.getByRole('searchbox', { name: 'Find events' }).fill(six[0]);
  await grid.expectRows(1);
  await expect(page.getByTestId('selected')).toHaveText('3 selected');
  await expect(page.getByTestId('not-shown')).toHaveText('2 not in this filter');
  await page.getByRole('button', { name: 'Correct 3…' }).click();
  await dialog.getByLabel('Field to change').selectOption({ label: 'File' });
  await dialog.getByLabel('New value').fill('three.csv');
  for (const number of six.slice(0, 3)) await expect(dialog.getByTestId('named')).toContainText(number);
  await expect(dialog.getByRole('button', { name: 'Correct 3 events' })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Drop them' }).click();
  await expect(page.getByTestId('selected')).toHaveText('1 selected');
  await expect(page.getByTestId('not-shown')).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Correct ${six[0]}…` })).toBeVisible();
});

test('a range stays selected by its events under another filter and another order, of a list that is read in sight too', async ({ openBrowser, records }) => {
  const batch = 'UB-2026-08-TEL';
  const events = await records.eventsOf(batch, "EventStatus = 'ORA_PROCESSED'", 3);
  const numbers = events.map((event) => event.EventNumber);
  const page = await openBrowser(`/batches/${batch}?status=ORA_PROCESSED`);
  await page.evaluate(() => localStorage.setItem('usage-desk.rows-kept', '0'));
  await signIn(page, 'editor');
  const grid = new EventGrid(page);
  await (await grid.cell(numbers[0], 'Status')).click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await grid.head('Event').click();
  await expect(page).toHaveURL(/sort=EventNumber/);
  await expect(page.getByTestId('selected')).toHaveText('3 selected');
  await page.getByRole('searchbox', { name: 'Find events' }).fill(numbers[1]);
  await grid.expectRows(1);
  await expect(grid.row(numbers[1])).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('not-shown')).toHaveText('2 not in this filter');
  await page.getByRole('button', { name: 'Reverse 3…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  for (const number of numbers) await expect(dialog.getByTestId('named')).toContainText(number);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('searchbox', { name: 'Find events' }).fill('');
  await expect(page.getByTestId('not-shown')).toHaveCount(0);
  await expect(page.getByTestId('selected')).toHaveText('3 selected');
});

test('nothing selected means nothing to reverse, and one event is named in button and dialog', async ({ sitDown, records }) => {
  const batch = 'UB-2026-08-TEL';
  const events = await records.eventsOf(batch);
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  const pressed = events[5];
  await (await grid.cell(pressed.EventNumber, 'Status')).click();
  await expect(page.getByRole('button', { name: `Reverse ${pressed.EventNumber}…` })).toBeVisible();
  const other = events.find((event) => event.ServiceId !== pressed.ServiceId && event.EventStatus === 'ORA_PROCESSED' && event.ReverseFlag === true);
  await page.getByRole('searchbox', { name: 'Find events' }).fill(other?.EventNumber);
  await grid.expectRows(1);
  const reverse = page.getByRole('button', { name: 'Reverse…', exact: true });
  await expect(reverse).toHaveAttribute('aria-disabled', 'true');
  // Playwright takes it for one that cannot be pressed, a person does not.
  await reverse.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Select the events to reverse first.')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Reverse events' })).toBeHidden();
  // The cursor that nobody put is not drawn as if it were.
  await expect(grid.root.locator('.is-active')).toHaveCount(0);

  await (await grid.cell(other?.EventNumber, 'Status')).click();
  await expect(page.getByText('Select the events to reverse first.')).toHaveCount(0);
  await page.getByRole('button', { name: `Reverse ${other?.EventNumber}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('1 event will be reversed');
  await expect(dialog.getByTestId('named').getByRole('rowheader')).toHaveText([other?.EventNumber]);
});

test('what will be touched can be listed by number and saved', async ({ sitDown, records }) => {
  const batch = 'UB-2026-08-TEL';
  const open = await records.eventsOf(batch, "EventStatus = 'ORA_PROCESSED'", 6);
  const page = await sitDown('editor', `/batches/${batch}?status=ORA_PROCESSED`);
  const grid = new EventGrid(page);
  await (await grid.cell(open[0].EventNumber, 'Status')).click();
  for (let row = 0; row < 5; row += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('button', { name: 'Reverse 6…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('named')).toContainText('and 1 more');
  await dialog.getByText('All 6 by number').click();
  for (const event of open) await expect(dialog.getByRole('region', { name: 'Every event that is meant' })).toContainText(event.EventNumber);
  const [file] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save as CSV' }).click()]);
  expect(file.suggestedFilename()).toBe('selected-events.csv');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('group', { name: 'Selection' }).getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByTestId('selected')).toBeHidden();
  await expect(page.getByRole('button', { name: `Reverse ${open[5].EventNumber}…` })).toBeVisible();
});

test('what is excluded is counted apart from what will be done', async ({ sitDown, records }) => {
  const batch = 'UB-2026-10-CLD';
  const all = (await records.everyEventOf(batch)).length;
  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  await grid.expectRows(all);
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.getByRole('button', { name: /^Reverse all/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  const allowed = dialog.getByTestId('allowed');
  await expect(allowed).toHaveText(/^[1-9][\d,]* events will be reversed$/);
  const number = (text: string | null) => Number((text ?? '').replace(/\D/g, ''));
  const reversed = number(await allowed.textContent());
  expect(reversed).toBeLessThan(all);
  const told = (count: number) => count.toLocaleString('en-US');
  await expect(dialog.getByText(`All ${told(all)} by number, ${told(all - reversed)} of them excluded`)).toBeVisible();
});

test('a reversal goes on when its dialog is closed and its tab reloaded before the batch was made', async ({ sitDown, records, faults }) => {
  const batch = 'UB-2026-08-CLD';
  const processed = await records.eventsOf(batch, "EventStatus = 'ORA_PROCESSED'");
  const open = processed.slice(-4);
  const page = await sitDown('editor', `/batches/${batch}?status=ORA_PROCESSED`);
  const grid = new EventGrid(page);
  await grid.expectRows(processed.length);
  await grid.root.focus();
  await page.keyboard.press('ControlOrMeta+End');
  await (await grid.cell(open[3].EventNumber, 'Status')).click();
  for (let row = 0; row < 3; row += 1) await page.keyboard.press('Shift+ArrowUp');
  await page.getByRole('button', { name: 'Reverse 4…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  const number = await dialog.getByLabel('Number').inputValue();
  // The server makes the batch, and nobody here hears of it.
  await faults.set({ method: 'POST', path: '/subscriptionUsageEventBatches', times: 1, kind: 'cut_after' }, { method: 'GET', path: `/subscriptionUsageEventBatches/${number}`, kind: { delay_ms: 60_000 } });
  await dialog.getByLabel('Reason').fill('Reported twice');
  await dialog.getByRole('button', { name: 'Reverse 4 events' }).click();
  await faults.applied();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.reload();
  await faults.clear();
  await signIn(page, 'editor');
  await expect.poll(async () => (await records.eventsOf(number)).map((event) => event.RelatedEventId).sort(), { timeout: 60_000 }).toEqual(open.map((event) => event.EventId).sort());
  await expectAllSaved(page);
  await expect(page.getByText(`Reversals of 4 events made in ${number}.`)).toBeVisible();
});
