// What is done to events, without a mouse: every kind of editor in the drawer, a correction of a
// selection and its undo, a selection reversed into a batch that is open.
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { pressEnterOn, tabTo } from '../person/tab_to';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'keyboard alone at events', events: 2000 } });
test.describe.configure({ timeout: 180_000 });

const BATCH = 'UB-2026-11-API';

test('number, list with typing ahead, time and status of an event are edited one after the other', async ({ sitDown, records }) => {
  const q = "EventStatus = 'ORA_DRAFT' and CurrencyCode = 'EUR' and EventTimeZone = 'Europe/Berlin'";
  const [event] = await records.eventsOf(BATCH, q, 1);
  const page = await sitDown('editor', `/batches/${BATCH}/events/${event.EventNumber}`);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const retype = async (text: string) => {
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  };
  await tabTo(page, 'textbox', 'Quantity');
  await retype('12,5');
  await expect(drawer.field('Quantity')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeVisible();
  await retype('12.5');
  await tabTo(page, 'textbox', 'End');
  await retype('2026-12-01 08:30');
  await expect(drawer.box('EventEndTime').getByText('Europe/Berlin, UTC+01:00')).toBeVisible();
  await tabTo(page, 'combobox', 'Currency');
  await retype('JPY');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  // Set to be rated, the event is read only: its status keeps the focus, and Esc still leaves the drawer.
  await tabTo(page, 'combobox', 'Status', 'Shift+Tab');
  await page.keyboard.type('Ready');
  await expectAllSaved(page);
  await expect(drawer.root.getByText('Read only', { exact: true })).toBeVisible();
  await expect(drawer.box('EventStatus').locator('.field-value')).toBeFocused();
  const after = await records.event(event.EventNumber);
  expect([after.UsageQuantity, after.CurrencyCode, after.EventStatus]).toEqual(['12.5', 'JPY', 'ORA_READY']);
  expect(new Date(after.EventEndTime).toISOString()).toBe('2026-12-01T07:30:00.000Z');
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await expect(new EventGrid(page).root).toBeFocused();
});

test('a selection is corrected from the list, and the correction is undone', async ({ sitDown, records }) => {
  const drafts = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'", 3);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await pressEnterOn(page, 'button', 'Draft');
  await tabTo(page, 'grid', 'Usage events');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await tabTo(page, 'button', 'Correct 3…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await expect(dialog.getByLabel('Field to change')).toBeFocused();
  await page.keyboard.type('File');
  await tabTo(page, 'combobox', 'New value');
  await page.keyboard.type('by-keyboard.csv');
  await expect(dialog.getByTestId('will-change')).toHaveText('3 events will change');
  await pressEnterOn(page, 'button', 'Correct 3 events');
  await expect(dialog.getByTestId('corrected')).toHaveText('3 of 3 corrected');
  await pressEnterOn(page, 'button', 'Close');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Correct 3…' })).toBeFocused();
  const files = async () => Promise.all(drafts.map(async (event) => (await records.event(event.EventNumber)).FileName));
  expect(await files()).toEqual(drafts.map(() => 'by-keyboard.csv'));
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(files).toEqual(drafts.map((event) => event.FileName));
  await expectAllSaved(page);
});

test('a selection is reversed into an open batch, and the way leads there', async ({ sitDown, records }) => {
  const target = await records.makeBatch('RV-BY-KEYBOARD', 'ORA_REVERSE_REPLACE');
  const page = await sitDown('editor', '/batches/UB-2026-08-CLD');
  await tabTo(page, 'grid', 'Usage events');
  for (let row = 0; row < 4; row += 1) await page.keyboard.press('Shift+ArrowDown');
  await tabTo(page, 'button', 'Reverse 5…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByTestId('allowed')).toHaveText('5 events will be reversed');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Reverse 5…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('radio', { name: target })).toBeVisible();
  await tabTo(page, 'radio', 'A new batch');
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: target })).toBeChecked();
  // The batch was made without a reason: it gets one.
  await tabTo(page, 'textbox', 'Reason (required)');
  await page.keyboard.type('Delivered by two files');
  await pressEnterOn(page, 'button', 'Reverse 5 events');
  await expect(dialog.getByTestId('reversed')).toHaveText('5 of 5 reversals made');
  await pressEnterOn(page, 'link', 'Open the reversal batch');
  await expect(page.getByRole('heading', { name: target, level: 1 })).toBeFocused();
  await new EventGrid(page).expectRows(5);
  expect((await records.eventsOf(target)).length).toBe(5);
  await expect.poll(async () => (await records.batch(target)).BatchDescription).toBe('Delivered by two files');

  // Held by that batch now, they cannot be reversed again, and it is named.
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'August cloud consumption', level: 1 })).toBeVisible();
  await tabTo(page, 'grid', 'Usage events');
  for (let row = 0; row < 4; row += 1) await page.keyboard.press('Shift+ArrowDown');
  await tabTo(page, 'button', 'Reverse 5…');
  await page.keyboard.press('Enter');
  await expect(page.locator('.notice-line').getByText(/^None of the 5 events can be reversed\. An open reversal or re-rating batch holds the event/)).toContainText(`Batch: ${target}.`);
  await expect(dialog).toBeHidden();
});
