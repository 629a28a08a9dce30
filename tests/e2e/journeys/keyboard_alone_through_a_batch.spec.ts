// A batch's whole life without a mouse: made, named anew, filled by a rule of two groups, thinned,
// emptied and deleted; another one locked, reverted, submitted and compared. Every dialog gives the
// focus back to where the person was, or to the page that follows.
import { BatchPage } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { pressEnterOn, tabTo } from '../person/tab_to';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'keyboard alone through a batch', events: 2000 } });
test.describe.configure({ timeout: 180_000 });

const FROM = 'UB-2026-08-TEL';

test('a batch is made, named anew, filled by groups, thinned, emptied and deleted', async ({ sitDown, records }) => {
  const page = await sitDown('editor', '/batches');
  await pressEnterOn(page, 'button', 'New batch');
  const form = page.getByRole('dialog', { name: 'New batch' });
  await tabTo(page, 'radio', /^Usage rating/);
  await page.keyboard.press('ArrowDown');
  await expect(form.getByRole('radio', { name: /^Re-rate/ })).toBeChecked();
  const number = await form.getByLabel('Number').inputValue();
  await pressEnterOn(page, 'button', 'Create batch');
  // The page that follows has the focus.
  await expect(page.getByRole('heading', { name: number, level: 1 })).toBeFocused();

  await pressEnterOn(page, 'button', 'Edit');
  const dialog = page.getByRole('dialog', { name: 'Edit the batch' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('August, other than pounds');
  await page.keyboard.press('Tab');
  await expect(dialog.getByLabel('Description')).toBeFocused();
  await page.keyboard.type('Named by keyboard');
  await page.keyboard.press('Enter');
  await expectAllSaved(page);
  await pressEnterOn(page, 'button', 'Done');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'August, other than pounds', level: 1 })).toBeVisible();
  const named = await records.batch(number);
  expect([named.BatchName, named.BatchDescription]).toEqual(['August, other than pounds', 'Named by keyboard']);

  // Events of one batch, those in pounds left out: one without a currency stays in.
  const all = await records.everyEventOf(FROM);
  const wanted = all.filter((event) => event.CurrencyCode !== 'GBP');
  expect(wanted.some((event) => event.CurrencyCode === null)).toBe(true);
  await tabTo(page, 'button', 'Add events', 'Shift+Tab');
  await page.keyboard.press('Enter');
  const builder = page.getByRole('dialog', { name: 'Add events' });
  await expect(builder.getByLabel('Name of the rule')).toBeFocused();
  await page.keyboard.type('Other than pounds');
  await tabTo(page, 'combobox', 'Value');
  await page.keyboard.type(FROM);
  await pressEnterOn(page, 'button', 'Add condition');
  await expect(builder.getByLabel('Field').nth(1)).toBeFocused();
  await tabTo(page, 'button', 'Remove the comparison');
  await page.keyboard.press('Enter');
  await expect(builder.getByRole('button', { name: 'Add condition' })).toBeFocused();
  await pressEnterOn(page, 'button', 'Add a group');
  const group = builder.getByRole('group', { name: 'Group 2' });
  await expect(group.getByLabel('What the group does')).toBeFocused();
  await page.keyboard.type('Exclude');
  await tabTo(page, 'combobox', 'Field');
  await expect(group.getByLabel('Field')).toBeFocused();
  await page.keyboard.type('Currency');
  await tabTo(page, 'combobox', 'Value');
  await page.keyboard.type('GBP');
  const open = wanted.filter((event) => event.EventStatus === 'ORA_PROCESSED');
  await expect(builder.getByTestId('allowed')).toHaveText(`${open.length} events will be added`);
  await pressEnterOn(page, 'button', `Add ${open.length} events`);
  await expect(builder).toBeHidden();
  const addEvents = page.getByRole('button', { name: 'Add events', exact: true });
  await expect(addEvents).toBeFocused();
  await expectAllSaved(page);
  await expect(page.getByRole('log', { name: 'Notices' }).getByText(`${open.length} events added.`)).toBeVisible();
  await expect(addEvents).toBeFocused();

  const [first] = await records.eventsOf(number, '', 1);
  await pressEnterOn(page, 'button', 'Remove events');
  const removal = page.getByRole('dialog', { name: 'Remove events' });
  await expect(removal.getByTestId('what-becomes')).toHaveText('Removed events go back to the batches that they came from.');
  await tabTo(page, 'combobox', 'Field');
  await page.keyboard.type('Event');
  await expect(removal.getByLabel('Field')).toHaveValue('EventNumber');
  await tabTo(page, 'combobox', 'Value');
  await page.keyboard.type(first.EventNumber);
  await pressEnterOn(page, 'button', 'Remove 1 event');
  await expect(removal).toBeHidden();
  const removeEvents = page.getByRole('button', { name: 'Remove events', exact: true });
  await expect(removeEvents).toBeFocused();
  await new EventGrid(page).expectRows(open.length - 1);
  await expectAllSaved(page);
  expect((await records.event(first.EventNumber)).BatchNumber).toBe(FROM);

  await page.keyboard.press('Enter');
  await tabTo(page, 'checkbox', 'All events of the batch');
  await page.keyboard.press('Space');
  await pressEnterOn(page, 'button', `Remove ${open.length - 1} events`);
  await new EventGrid(page).expectRows(0);
  await expect(removeEvents).toBeFocused();
  await expectAllSaved(page);

  await pressEnterOn(page, 'button', 'Delete');
  await expect(page.getByRole('dialog', { name: 'Delete' })).toBeVisible();
  await pressEnterOn(page, 'button', 'Delete');
  await expect(page).toHaveURL(/\/batches$/);
  await expect(page.getByRole('heading', { name: 'Batches', level: 1 })).toBeFocused();
  await expectAllSaved(page);
  await expect(page.getByRole('grid', { name: 'Usage event batches' }).getByRole('row').filter({ hasText: number })).toHaveCount(0);
  // One word for it, not another that it is gone.
  await expect(page.getByRole('log', { name: 'Notices' }).locator('.notice-words')).toHaveText([`Batch ${number} is deleted.`]);
  expect((await records.batches()).map((batch) => batch.BatchNumber)).not.toContain(number);
});

test('a batch is locked, reverted, submitted and compared, and the focus stays with its steps', async ({ sitDown, records }) => {
  const number = await records.makeBatch('KEYS-RERATE', 'ORA_RERATE');
  await records.addEvents(number, "BatchNumber = 'UB-2026-09-NRG' and EventStatus = 'ORA_PROCESSED'");
  const page = await sitDown('editor', `/batches/${number}`);
  const batch = new BatchPage(page);
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  const take = async (name: string) => {
    await pressEnterOn(page, 'button', name);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await pressEnterOn(page, 'button', name);
    await expect(page.getByRole('dialog', { name })).toBeHidden();
  };
  await take('Lock for review');
  await batch.expectAt('Locked for review');
  await expect(steps.getByRole('button', { name: 'Lock for review' })).toBeFocused();
  await take('Unlock');
  await batch.expectAt('Draft');
  // What was pressed is no longer offered; the steps that are come next.
  await expect(steps).toBeFocused();
  await expectAllSaved(page);
  await take('Lock for review');
  await batch.expectAt('Locked for review');
  await pressEnterOn(page, 'button', 'Submit');
  await expect(page.getByRole('region', { name: 'Expected amounts' })).toBeVisible();
  await pressEnterOn(page, 'button', 'Submit');
  await batch.expectAt(/^Completed/);
  await expect(steps.getByRole('button', { name: 'Submit' })).toBeFocused();

  await pressEnterOn(page, 'link', 'Result');
  await expect(page.getByTestId('moved')).toHaveText(/^\d+ of \d+ amounts changed$/);
  const amounts = page.getByRole('grid', { name: 'Amounts by event' });
  await expect(amounts.getByRole('columnheader', { name: 'Estimate', exact: true })).toBeVisible();
  await tabTo(page, 'grid', 'Amounts by event');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: /^Event / });
  await expect(drawer.getByRole('region', { name: 'Lineage' }).getByRole('listitem').filter({ hasText: 'Re-rated' })).toContainText(number);
});
