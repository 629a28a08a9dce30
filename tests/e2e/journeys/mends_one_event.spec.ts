// One event in error is mended where its error stands, by one edit: the value that the message names, and
// the status with which rating tries it again.
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { type ServerRecord, type ServerRecords, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const API = 'UB-2026-11-API';

test.use({ stock: { journey: 'mends one event', events: 4000 } });

async function withError(records: ServerRecords, error: string): Promise<ServerRecord[]> {
  return (await records.eventsInError(BATCH)).filter((event) => event.Error === error);
}

test('the faulty value and the status are saved together, by keyboard alone', async ({ sitDown, records, watch }) => {
  const [event] = await withError(records, 'OSS_CURRENCY_NOT_ACTIVE');
  const page = await sitDown('editor', `${eventAddress(BATCH, event.EventNumber)}?find=OSS_CURRENCY_NOT_ACTIVE`);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const messages = drawer.root.getByRole('region', { name: 'Messages' });
  const value = messages.getByLabel(`Currency instead of ${event.CurrencyCode}`);
  // What is not in the list, and that nothing was typed, is told before anything is sent.
  await value.press('Enter');
  await expect(messages.getByRole('alert')).toContainText('Enter a value first.');
  await expect(value).toBeFocused();
  await value.fill(event.CurrencyCode);
  await expect(messages.getByTestId('forecast')).toContainText('This value stands there now');
  await value.fill('QQQ');
  await expect(messages.getByRole('alert')).toContainText('Currency takes a value of its list.');
  await page.keyboard.press('Enter');
  expect(watch.writes).toEqual([]);
  await value.fill('EUR');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  const after = await records.event(event.EventNumber);
  expect([after.CurrencyCode, after.EventStatus]).toEqual(['EUR', 'ORA_READY']);
  expect(writesSeen(after)).toBe(writesSeen(event) + 1);
  expect(watch.writes.length).toBe(1);
  // The keyboard stays in the drawer.
  await expect(drawer.root.locator(':focus')).toHaveCount(1);
  // The old words stay, as what they are.
  await expect(messages.getByText(/^Before the correction: /)).toBeVisible();
  await expect(messages.getByRole('button')).toHaveCount(0);
  await expect(drawer.box('Error')).toContainText(/Before the correction: /);
  // So they do in the row.
  const error = await new EventGrid(page).cell(event.EventNumber, 'Error');
  await expect(error).toHaveText(/^Before the correction: The currency/);
  await expect(error).toHaveAttribute('data-tone', 'quiet');
});

test('one after the other: saved, and on to the next event in error, past those that are not', async ({ sitDown, records }) => {
  const errors = await records.eventsInError(BATCH);
  const at = errors.findIndex((event) => event.Error === 'OSS_UOM_NOT_MAPPED');
  const [first, second] = [errors[at], errors[at + 1]];
  // All events of the batch are listed: between the two there are others.
  const page = await sitDown('editor', eventAddress(BATCH, first.EventNumber));
  const drawer = new EventDrawer(page, first.EventNumber);
  await drawer.expectOpen();
  // What is typed is told before it is saved: whether it leads anywhere, and where to.
  const unit = drawer.root.getByLabel(/^Reported unit instead of /);
  await unit.fill('GB');
  await expect(drawer.root.getByTestId('forecast')).toHaveText(/^It will still be in error: GB is not mapped to /);
  // Units that lead somewhere are offered first.
  const units = drawer.root.locator('#mend-values option');
  await expect(units.first()).toHaveText(/, mapped to /);
  await expect(units.last()).not.toHaveText(/mapped to/);
  await unit.fill('SEC');
  await expect(drawer.root.getByTestId('forecast')).toHaveText(/^Expected amount with this value: [\d.,]+ [A-Z]{3}(, covered by allowance)?$/);
  await drawer.root.getByRole('button', { name: 'Save and next error' }).click();
  const next = new EventDrawer(page, second.EventNumber);
  await next.expectOpen();
  await expect(next.root.getByRole('region', { name: 'Messages' }).getByLabel(/ instead of /)).toBeFocused();
  await new EventGrid(page).expectOn(second.EventNumber);
  await expectAllSaved(page);
  const after = await records.event(first.EventNumber);
  expect([after.ReportedUsageUnitOfMeasure, after.EventStatus]).toEqual(['SEC', 'ORA_READY']);
  expect((await records.event(second.EventNumber)).EventStatus).toBe('ORA_ERROR');
  // What was mended is in error no more.
  await next.root.getByRole('heading', { name: second.EventNumber }).click();
  await page.keyboard.press('k');
  const before = errors[at - 1];
  if (before) await new EventDrawer(page, before.EventNumber).expectOpen();
  else await expect(page.getByRole('log', { name: 'Notices' }).getByText('No earlier event in error in this list.')).toBeVisible();
});

test('an amount far outside of the usual is marked where one event is mended, and while it waits to be rated', async ({ sitDown, records }) => {
  const wrong = (await records.eventsInError(API)).find((event) => event.Error === 'OSS_UOM_NOT_MAPPED')!;
  const page = await sitDown('editor', eventAddress(API, wrong.EventNumber));
  const drawer = new EventDrawer(page, wrong.EventNumber);
  await drawer.expectOpen();
  const unit = drawer.root.getByLabel(/^Reported unit instead of /);
  const forecast = drawer.root.getByTestId('forecast');
  await unit.fill('API');
  await expect(forecast).toHaveText(/^Expected amount with this value: [\d.,]+ [A-Z]{3}(, covered by allowance)?$/);
  await expect(forecast).toHaveAttribute('data-tone', 'quiet');
  await unit.fill('KAP');
  const doubt = new RegExp(`More than 10 times what is usual in the batch\\. The median of [\\d,]+ amounts of [A-Z]{3} in ${API} is [\\d.,]+, zeros left out\\. Check quantity and unit\\.`);
  await expect(forecast).toHaveText(doubt);
  await expect(forecast).toHaveAttribute('data-tone', 'warn');
  // Now that it is known what is usual, what is stays unmarked.
  await unit.fill('API');
  await expect(forecast).toHaveAttribute('data-tone', 'quiet');
  await unit.fill('KAP');
  await expect(forecast).toHaveText(doubt);
  await unit.press('Enter');
  await expectAllSaved(page);
  await expect(drawer.root.getByTestId('far-outside')).toHaveText(doubt);
});

test('where a part of a long batch is read only, it is said of how many events the usual is the median', async ({ sitDown, records }) => {
  expect((await records.everyEventOf(BATCH)).length).toBeGreaterThan(499);
  const wrong = await withError(records, 'OSS_UOM_NOT_MAPPED');
  const most = wrong.reduce((one, other) => (Number(other.ReportedUsageQuantity) > Number(one.ReportedUsageQuantity) ? other : one));
  const page = await sitDown('editor', eventAddress(BATCH, most.EventNumber));
  const drawer = new EventDrawer(page, most.EventNumber);
  await drawer.expectOpen();
  await drawer.root.getByLabel(/^Reported unit instead of /).fill('MIN');
  const median = new RegExp(`The median of [\\d,]+ amounts of [A-Z]{3} in the first 499 events of ${BATCH} is [\\d.,]+, zeros left out\\.`);
  await expect(drawer.root.getByTestId('forecast')).toHaveText(median);
});

test('a nothing that an allowance covers is said to be covered', async ({ sitDown, records }) => {
  const covered = await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED' and usageCharges.AllowanceAmount > 0");
  const like = (event: ServerRecord) => covered.find((one) => one.SubscriptionProductPuid === event.SubscriptionProductPuid && one.EventType === event.EventType);
  const event = (await withError(records, 'OSS_UOM_NOT_MAPPED')).findLast(like)!;
  expect((await records.write(event.EventNumber, { ReportedUsageQuantity: 600 })).ok).toBe(true);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.root.getByLabel(/^Reported unit instead of /).fill(like(event)!.ReportedUsageUnitOfMeasure);
  await expect(drawer.root.getByTestId('forecast')).toHaveText(/^Expected amount with this value: 0(\.0+)? [A-Z]{3}, covered by allowance$/);
});

test('where the message names nothing that can be changed, the advice does', async ({ sitDown, records }) => {
  const [event] = await withError(records, 'OSS_NO_PRICE_LIST_LINE');
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const messages = drawer.root.getByRole('region', { name: 'Messages' });
  await expect(messages.getByText(/^Check the event's start time\./)).toBeVisible();
  await expect(messages.getByRole('button', { name: 'Set to Ready for processing', exact: true })).toBeVisible();
  await messages.getByLabel(/^Start instead of /).fill(event.EventEndTime.replace('T', ' '));
  await messages.getByRole('button', { name: 'Save and set to Ready for processing' }).click();
  // Saved is what was changed, and not the zone on whose clock it was typed.
  await expect(drawer.box('EventStartTime').getByRole('status')).toHaveText('Saved');
  expect(await drawer.box('EventTimeZone').getByRole('status').textContent()).toBe('');
  await expectAllSaved(page);
  const after = await records.event(event.EventNumber);
  expect([after.EventStartTime, after.EventStatus]).toEqual([event.EventEndTime, 'ORA_READY']);
});

test('a viewer reads the message and is offered nothing to change', async ({ sitDown, records }) => {
  const [event] = await withError(records, 'OSS_UOM_NOT_MAPPED');
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const messages = drawer.root.getByRole('region', { name: 'Messages' });
  await expect(messages.getByText(/not mapped/).first()).toBeVisible();
  await expect(messages.getByRole('button')).toHaveCount(0);
  await expect(messages.getByRole('combobox')).toHaveCount(0);
});
