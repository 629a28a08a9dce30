// Lists of values longer than a page, cut short, or not to be read for a moment: nothing right is refused
// by half a list, and nothing known is forgotten because a reading failed.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'lists that do not come whole', events: 2000 } });

type Trouble = 'none' | 'second page fails' | 'pages repeat' | 'says nothing of further pages';

/** A system with 700 currencies more, which come before those that there are. */
async function manyCurrencies(page: Page, trouble: Trouble): Promise<void> {
  await page.context().route('**/currenciesLOV?**', async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const [offset, limit] = [Number(asked.get('offset') ?? 0), Number(asked.get('limit') ?? 25)];
    if (offset > 0 && trouble === 'second page fails') return route.fulfill({ status: 503, body: '{}' });
    const real = await (await route.fetch({ url: route.request().url().replace(/offset=\d+/, 'offset=0') })).json();
    const more = Array.from({ length: 700 }, (_, i) => ({ CurrencyCode: `_${i}`, Name: `Token ${i}` }));
    const all = [...more, ...real.items];
    const from = trouble === 'pages repeat' ? 0 : offset;
    const items = all.slice(from, from + limit);
    const hasMore = trouble === 'pages repeat' || from + items.length < all.length;
    const paging = trouble === 'says nothing of further pages' ? {} : { hasMore };
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify({ items, count: items.length, ...paging, limit, offset }) });
  });
}

for (const [place, trouble] of (['none', 'second page fails', 'pages repeat', 'says nothing of further pages'] as const).entries()) {
  test(`a currency beyond the first page can be entered (trouble: ${trouble})`, async ({ openBrowser, records }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
    await manyCurrencies(page, trouble);
    await signIn(page, 'editor');
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const wanted = event.CurrencyCode === 'JPY' ? 'CHF' : 'JPY';
    const currency = drawer.box('CurrencyCode').locator('input');
    await expect(currency).toHaveAttribute('list', /.+/);
    await currency.fill(wanted);
    await currency.press('Enter');
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).CurrencyCode).toBe(wanted);
    if (trouble === 'none' || trouble === 'says nothing of further pages') {
      // A list that came whole still rules out what it does not have.
      await currency.fill('QQQ');
      await expect(drawer.box('CurrencyCode').getByText('Currency takes a value of its list.')).toBeVisible();
      await currency.press('Escape');
    }
  });
}

test('what one person was shown is not shown to the next, who may not read it', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  const grid = page.getByRole('grid', { name: 'Batches' });
  const status = (text: string) => grid.getByRole('gridcell', { name: text, exact: true });
  await expect(status('Draft').first()).toBeVisible();
  await faults.set({ path: 'LookupType', kind: { refuse: { status: 403 } } });
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signIn(page, 'viewer');
  await expect(status('ORA_DRAFT').first()).toBeVisible();
  await expect(status('Draft')).toHaveCount(0);
});

test('rates that cannot be read again leave the estimate as it was, and are asked for again before long', async ({ sitDown, records, faults }) => {
  const q = "EventStatus = 'ORA_DRAFT' and CurrencyCode = 'EUR' and EventRatingType <> 'ORA_PRE_RATED'";
  const [event, other] = await records.eventsOf('UB-2026-11-API', q, 2);
  const page = await sitDown('editor', `/events/${event.EventNumber}`);
  const estimate = (number: string) => new EventDrawer(page, number).root.getByTestId('estimate');
  await expect(estimate(event.EventNumber)).toHaveText(/\d/);
  const open = async (number: string) => {
    await page.getByLabel('Find events').fill(number);
    await page.getByRole('grid', { name: 'Usage events' }).getByRole('gridcell', { name: number, exact: true }).dblclick();
    await new EventDrawer(page, number).expectOpen();
  };

  // The book has grown old, and one of its lists does not come.
  await page.clock.setFixedTime(Date.now() + 120_000);
  await faults.set({ path: 'unitConversionsLOV', times: 1, kind: { refuse: { status: 400 } } });
  await open(other.EventNumber);
  await faults.applied();
  await expect(estimate(other.EventNumber)).toHaveText(/\d/);
  await page.clock.setFixedTime(Date.now() + 130_000);
  const again = page.waitForResponse(/currenciesLOV\?(?!.*offset)|usageAllowancesLOV/);
  await open(event.EventNumber);
  expect((await again).status()).toBe(200);
  await expect(estimate(event.EventNumber)).toHaveText(/\d/);
});
