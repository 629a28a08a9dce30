// A field with a long list takes what is typed, if the list has it; a time says its zone and offset
// while it is typed; and the expected amount follows what the fields say.
import { EventDrawer } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { shownDigits } from '../stand/exact_decimal';

test.use({ stock: { journey: 'types ahead in lists', events: 2000 } });

test('currency, unit and time are checked as they are typed, and the estimate follows', async ({ sitDown, records }) => {
  const q = "EventStatus = 'ORA_DRAFT' and CurrencyCode = 'EUR' and EventTimeZone = 'Europe/Berlin' and EventRatingType <> 'ORA_PRE_RATED'";
  const [event] = await records.eventsOf('UB-2026-11-API', q, 1);
  const page = await sitDown('editor', `/events/${event.EventNumber}`);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const expected = drawer.root.getByRole('region', { name: 'Expected amount' });
  await expect(expected.getByTestId('estimate')).toBeVisible();
  await expect(expected.getByText('EUR', { exact: true })).toBeVisible();
  const inEuros = shownDigits((await expected.getByTestId('estimate').textContent()) ?? '');

  const currency = drawer.field('Currency');
  await currency.fill('QQQ');
  await expect(drawer.box('CurrencyCode').getByText('Currency takes a value of its list.')).toBeVisible();
  await expect(currency).toHaveAttribute('aria-invalid', 'true');
  await currency.press('Escape');
  await expect(currency).toHaveValue('EUR');
  await currency.fill('JPY');
  await currency.press('Enter');
  await expect(expected.getByText('JPY', { exact: true })).toBeVisible();
  expect(shownDigits((await expected.getByTestId('estimate').textContent()) ?? '')).not.toBe(inEuros);
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).CurrencyCode).toBe('JPY');

  // The offset is the one that the zone's clock shows at the time that is typed.
  const end = drawer.field('End');
  await end.fill('2026-07-01 08:30');
  await expect(drawer.box('EventEndTime').getByText('Europe/Berlin, UTC+02:00')).toBeVisible();
  await end.fill('2026-12-01 08:30');
  await expect(drawer.box('EventEndTime').getByText('Europe/Berlin, UTC+01:00')).toBeVisible();
  await end.fill('2026-03-29 02:30');
  await expect(drawer.box('EventEndTime').getByText(/does not exist in Europe\/Berlin/)).toBeVisible();
  await end.press('Escape');

  // Without an input there is no figure, and the reason in its place.
  const unit = drawer.field('Reported unit');
  await unit.fill('TB');
  await unit.press('Enter');
  await expect(expected.getByTestId('no-estimate')).toHaveText('Amount unknown: TB is not mapped to KAP.');
  await expectAllSaved(page);
});
