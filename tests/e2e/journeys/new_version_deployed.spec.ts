// A new version is served while a tab is open: it is noticed and said quietly, the work goes on, and a
// reload comes only when the person wants it.
import type { Page } from '@playwright/test';
import { BUCKETS, BucketDrawer } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/billing_test';
import { PartOnTheWay, fetchNothingAhead, isInParts, manifest } from '../stand/built_parts';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'new version deployed', events: 2000 } });
test.skip(!isInParts, 'this build is in one piece');

/** From now on another build is served. */
async function deploy(page: Page): Promise<void> {
  await page.route('**/parts.json', (route) => route.fulfill({ json: { ...manifest, build: '00000000deadbeef' } }));
}

/** The person comes back to the tab. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
}

const notice = (page: Page) => page.getByRole('log', { name: 'Notices' }).getByText('There is a new version of Usage Desk.');

test('it is said once, nothing is forced, and a reload asks for what is typed', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0].EventNumber;
  const page = await sitDown('editor', eventAddress(BATCH, event));
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  const field = drawer.field('Quantity');
  await field.fill('a dozen');
  const asked = page.waitForResponse('**/parts.json');
  await comeBack(page);
  expect((await asked).headers()['cache-control']).toBe('no-cache');
  await expect(notice(page)).toHaveCount(0);

  await deploy(page);
  await comeBack(page);
  await expect(notice(page)).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('a dozen');

  // A person who stays where the page asks has lost nothing.
  const question = page.waitForEvent('dialog');
  const pressed = page.getByRole('log', { name: 'Notices' }).getByRole('button', { name: 'Reload' }).click();
  await (await question).dismiss();
  await pressed;
  await expect(field).toHaveValue('a dozen');

  await page.getByRole('button', { name: 'Close this notice' }).click();
  await expect(notice(page)).toHaveCount(0);
  await comeBack(page);
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Changes' }).click();
  await expect(page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
});

test('a part that is gone with its version offers the reload, once, and never takes it', async ({ openBrowser }) => {
  const page = await openBrowser('about:blank');
  await fetchNothingAhead(page);
  await page.goto('/batches');
  await signIn(page, 'editor');
  const way = await PartOnTheWay.of(page, 'changes');
  way.startPage();
  await deploy(page);
  const loads: string[] = [];
  page.on('framenavigated', (frame) => loads.push(frame.url()));
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Changes' }).click();
  const fault = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' });
  await expect(fault).toContainText('Usage Desk was renewed meanwhile');
  expect(loads.filter((address) => !address.endsWith('/changes'))).toEqual([]);
  await page.unroute('**/parts.json');
  way.letThrough();
  await Promise.all([page.waitForEvent('load'), fault.getByRole('button', { name: 'Reload' }).click()]);
  await signIn(page, 'editor');
  await expect(page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
});

test('what signing in leads to is gone with its version: the form offers the reload', async ({ openBrowser }) => {
  const page = await openBrowser('about:blank');
  await fetchNothingAhead(page);
  const work = await PartOnTheWay.of(page, 'sync');
  work.gone();
  await page.goto('/changes');
  await deploy(page);
  await page.getByLabel('User').fill('editor');
  await page.getByLabel('Password').fill('editor');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const fault = page.getByRole('alert').filter({ hasText: 'Usage Desk was renewed meanwhile' });
  await expect(fault).toBeVisible();
  await page.unroute('**/parts.json');
  work.letThrough();
  await Promise.all([page.waitForEvent('load'), fault.getByRole('button', { name: 'Reload' }).click()]);
  await signIn(page, 'editor');
  await expect(page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
});

test('what sends a change is gone with its version: it is said, again to who closed it, and the change leaves after the reload', async ({ openBrowser, billing }) => {
  const bucket = await billing.make('typed in the old version');
  const page = await openBrowser('about:blank');
  await fetchNothingAhead(page);
  const way = await PartOnTheWay.of(page, 'billing');
  way.gone();
  await page.goto(`${BUCKETS}/${bucket.identity}`);
  await signIn(page, 'editor');
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(bucket.name);
  await drawer.correct('Name', 'sent by the new version');
  await expect(savedState(page)).not.toHaveText('All changes saved');
  await deploy(page);
  const told = page.getByRole('log', { name: 'Notices' }).getByText('comes with the new version only');
  await expect(told).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Close this notice' }).first().click();
  await expect(told).toHaveCount(0);
  await expect(told).toBeVisible({ timeout: 60_000 });
  expect((await billing.bucket(bucket.identity)).name).toBe('typed in the old version');

  await page.unroute('**/parts.json');
  way.letThrough();
  await Promise.all([page.waitForEvent('load'), page.getByRole('log', { name: 'Notices' }).getByRole('button', { name: 'Reload' }).click()]);
  await signIn(page, 'editor');
  await expectAllSaved(page);
  await expect.poll(async () => (await billing.bucket(bucket.identity)).name).toBe('sent by the new version');
});
