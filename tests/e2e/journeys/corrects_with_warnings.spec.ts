// Before a correction is made it says what will come of it: which events cannot be rated even then, which amounts
// are far outside of what is usual, that a quantity stays while its unit changes, and what is not handed to the
// rating at all. What it says is what the rating job does.
import { BulkCorrection } from '../person/bulk_correction';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-11-API';
const NOT_MAPPED = 'OSS_UOM_NOT_MAPPED';

test.use({ stock: { journey: 'corrects with warnings', events: 4000 } });
test.describe.configure({ timeout: 120_000 });

test('a quantity that is not priced says that the amount stays', async ({ sitDown, records }) => {
  const [draft] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'", 1);
  const page = await sitDown('editor', `/batches/${BATCH}?find=${draft.EventNumber}`);
  const correction = new BulkCorrection(page);
  await correction.prepare(1, 'Quantity', '123456');
  const { dialog } = correction;
  await expect(dialog.getByTestId('same-amount')).toHaveText('1 event: the new quantity does not change the expected amount.');
  await dialog.getByLabel('Field to change').selectOption({ label: 'Reported quantity' });
  await dialog.getByLabel('New value').fill('98765432');
  await expect(dialog.getByRole('region', { name: 'Expected amounts' })).toBeVisible();
  await expect(dialog.getByTestId('same-amount')).toHaveCount(0);
});

test('the drawer says the same of a quantity that is not priced', async ({ sitDown, records }) => {
  const [draft] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'", 1);
  const page = await sitDown('editor', eventAddress(BATCH, draft.EventNumber));
  const drawer = new EventDrawer(page, draft.EventNumber);
  await drawer.expectOpen();
  const expected = drawer.root.getByRole('region', { name: 'Expected amount' });
  await expect(expected.getByTestId('estimate')).toBeVisible();
  const same = expected.getByTestId('same-amount');
  await expect(same).toHaveCount(0);
  await drawer.correct('Quantity', '123457');
  await expect(same).toHaveText('The new quantity does not change the expected amount.');
  await expectAllSaved(page);
  await expect(same).toBeVisible();
  // What is priced changes it.
  await drawer.correct('Reported quantity', '98765432');
  await expectAllSaved(page);
  await expect(same).toHaveCount(0);
});

test('a currency that no other event of the product has is marked', async ({ sitDown, records }) => {
  const batch = 'UB-2026-10-TEL';
  const wrong = (await records.eventsInError(batch)).filter((event) => event.Error === 'OSS_CURRENCY_NOT_ACTIVE');
  const page = await sitDown('editor', `/batches/${batch}?find=OSS_CURRENCY_NOT_ACTIVE`);
  const correction = new BulkCorrection(page);
  await correction.prepare(wrong.length, 'Currency', 'EUR');
  const { dialog } = correction;
  await expect(dialog.getByTestId('other-currency')).toContainText('a currency that no event of the subscription product has now. Check the subscription.');
  await expect(dialog.getByTestId('other-currency')).toContainText(/ gets EUR; events of its product have [A-Z]{3}/);
});

test('a correction that cannot lead to a rated event says so, and so it comes', async ({ sitDown, records }) => {
  const wrong = (await records.eventsInError(BATCH)).filter((event) => event.Error === NOT_MAPPED);
  expect(wrong.length).toBeGreaterThan(2);
  const page = await sitDown('editor', `/batches/${BATCH}?find=${NOT_MAPPED}`);
  const correction = new BulkCorrection(page);
  await correction.prepare(wrong.length, 'Reported unit', 'GB');
  const { dialog } = correction;
  await expect(dialog.getByTestId('still-in-error')).toContainText(`${wrong.length} events will still be in error: GB is not mapped to KAP.`);
  await expect(dialog.getByTestId('quantity-kept')).toContainText(/The quantity is kept, only the unit changes: ([\d,]+) \w+ becomes \1 GB\./);
  await expect(dialog.getByTestId('not-handed')).toHaveText(`${wrong.length} events stay in the status Error: not processed until the status is Ready for processing.`);

  // Units in which these events can be rated stand first, and say so.
  const units = dialog.getByTestId('change').first().locator('datalist option');
  await expect(units.nth(0)).toHaveText(/, mapped to KAP$/);
  await expect(units.nth(1)).toHaveText(/, mapped to KAP$/);
  expect(new Set([await units.nth(0).getAttribute('value'), await units.nth(1).getAttribute('value')])).toEqual(new Set(['API', 'KAP']));
  await expect(units.nth(2)).not.toHaveText(/mapped to/);

  // A thousand times the quantity is a unit that can be rated, and not what was meant.
  const value = dialog.getByLabel('New value').first();
  await value.fill('KAP');
  await expect(dialog.getByTestId('still-in-error')).toHaveCount(0);
  const far = dialog.getByTestId('far-outside');
  await expect(far).toContainText(/events are expected at more than 10 times what is usual in the batch\. Check quantity and unit\./);
  await expect(far).toContainText(new RegExp(`The median of [\\d,]+ amounts of [A-Z]{3} in ${BATCH} is [\\d.,]+, zeros left out\\.`));
  await value.fill('API');
  await expect(dialog.getByRole('region', { name: 'Expected amounts' })).toBeVisible();
  await expect(far).toHaveCount(0);
  await expect(dialog.getByTestId('still-in-error')).toHaveCount(0);

  // Against the warning it can be done all the same, and the rating job says the same.
  await value.fill('GB');
  await dialog.getByRole('button', { name: 'Change another field' }).click();
  await dialog.getByLabel('Field to change').nth(1).selectOption({ label: 'Status' });
  await dialog.getByLabel('New value').nth(1).selectOption({ label: 'Ready for processing' });
  await expect(dialog.getByTestId('not-handed')).toHaveCount(0);
  await expect(dialog.getByTestId('still-in-error')).toContainText('GB is not mapped to KAP.');
  await correction.correct();
  await expect(dialog.getByTestId('corrected')).toHaveText(`${wrong.length} of ${wrong.length} corrected`);
  await correction.close();
  await expectAllSaved(page);
  await records.take(BATCH, 'lockForReview');
  await records.take(BATCH, 'submit');
  await expect.poll(async () => (await records.batch(BATCH)).BatchStatus, { timeout: 60_000 }).toBe('ORA_COMPLETED_ERRORS');
  const numbers = wrong.map((event) => event.EventNumber);
  const still = (await records.eventsInError(BATCH)).filter((event) => numbers.includes(event.EventNumber));
  expect(still.map((event) => [event.EventNumber, event.Error])).toEqual(numbers.map((number) => [number, NOT_MAPPED]));
});
