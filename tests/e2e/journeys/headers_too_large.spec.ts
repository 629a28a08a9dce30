// Cookies of a gateway have piled up, and a server on the way takes no request with so many: it is told with its cure,
// nothing is lost, and work goes on by itself.
import type { Page } from '@playwright/test';
import { BUCKETS, BucketDrawer } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { sessionDialog, signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/billing_test';
import type { Fault } from '../stand/fault_switches';
import { Front } from '../stand/front';
import { takePictures } from '../stand/pictures';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'headers too large', events: 2000 } });

const page400 = (title: string): Fault => ({ answer: { status: 400, content_type: 'text/html', body: `<html>\r\n<head><title>400 ${title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>${title}</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>` } });

const REFUSALS: [string, Fault][] = [
  ['nginx', page400('Request Header Or Cookie Too Large')],
  ['Apache', page400('Size of a request header field exceeds server limit.')],
  ['IIS', page400('Bad Request - Request Too Long. The size of the request headers is too long.')],
  ['431', { answer: { status: 431 } }],
  ['431 in JSON', { answer: { status: 431, content_type: 'application/json', body: '{"title":"x"}' } }],
];

const banner = (page: Page) => page.locator('.gateway-banner').filter({ hasText: 'The request headers are too large.' });

REFUSALS.forEach(([who, kind], place) => {
  test(`${who}: an edit waits, the cure is told, and it goes on by itself`, async ({ sitDown, records, faults, watch }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ path: '/crmRestApi/', kind });
    await drawer.correct('Service', `+49 cookies ${place}`);
    await expect(banner(page)).toContainText('Sign out at the gateway, or delete the cookies of this site');
    await expect(savedState(page)).toHaveText('Paused, 1 saving');
    await expect(sessionDialog(page).dialog).toBeHidden();
    const tried = watch.writes.length;
    await drawer.correct('Quantity', '7.75');
    await expect(savedState(page)).toHaveText('Paused, 2 saving');
    expect(watch.writes.length).toBe(tried);
    if (place === 0) {
      await takePictures(page, 'headers too large');
      expect(await violations(page)).toEqual([]);
    }
    await faults.clear();
    await expect(banner(page)).toBeHidden();
    await expectAllSaved(page);
    const after = await records.event(event.EventNumber);
    expect([after.ServiceId, after.UsageQuantity]).toEqual([`+49 cookies ${place}`, '7.75']);
    expect(writesSeen(after)).toBe(writesSeen(event) + 2);
  });
});

test('a write that is too large with its token is not sent again until one as large gets through', async ({ openBrowser, server, records }) => {
  const event = (await records.eventsInError(BATCH))[REFUSALS.length];
  const front = await Front.before(server);
  const page = await openBrowser(front.address + eventAddress(BATCH, event.EventNumber));
  await signIn(page, 'editor');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  // What goes without a token would get through.
  front.mostHeaderBytes = { path: 'crmRestApi/', bytes: front.headerBytes - 30 };
  await drawer.correct('Service', '+49 large');
  await expect(banner(page)).toBeVisible();
  // As many looks, and no second write.
  await expect.poll(() => front.tooLarge.filter((method) => method === 'GET').length, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(front.tooLarge.filter((method) => method === 'PATCH').length).toBeLessThanOrEqual(1);
  await expect(banner(page)).toBeVisible();
  front.mostHeaderBytes = undefined;
  await expect(banner(page)).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 large');
  await front.end();
});

test.describe('a system on another base', () => {
  test.use({ stock: { journey: 'headers too large elsewhere', events: 200, connections: { demo: true, oracle: {}, logiSense: { base: '/two' }, cloudFoundry: {} } } });

  test('says that its headers are too large, holds up nothing else, and goes on by itself', async ({ openBrowser, server, billing }) => {
    const bucket = await billing.make('headers elsewhere');
    const front = await Front.before(server);
    front.under.set('/two', server);
    const page = await openBrowser(`${front.address}${BUCKETS}/${bucket.identity}`);
    await signIn(page, 'editor');
    await sessionDialog(page).signInAgain('editor');
    const drawer = new BucketDrawer(page);
    await drawer.expectOpen(bucket.name);
    front.mostHeaderBytes = { path: 'two/', bytes: 0 };
    await drawer.correct('Name', 'headers elsewhere, renamed');
    const told = page.getByRole('alert').filter({ hasText: 'The request headers are too large for LogiSense.' });
    await expect(told).toContainText('delete the cookies of this site');
    await expect(sessionDialog(page).dialog).toBeHidden();
    await expect(banner(page)).toBeHidden();
    front.mostHeaderBytes = undefined;
    await expectAllSaved(page);
    await expect(told).toBeHidden();
    expect((await billing.bucket(bucket.identity)).name).toBe('headers elsewhere, renamed');
    await front.end();
  });
});

test('a page of 400 that speaks of something else is a refusal, and holds up nothing', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: 'subscriptionUsageEvents?', kind: page400('The plain HTTP request was sent to HTTPS port') });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'The server refused the request (400)' })).toBeVisible();
  await expect(banner(page)).toBeHidden();
});

test('who signs in with too many cookies is told so', async ({ openBrowser, faults }) => {
  const page = await openBrowser('/batches');
  await faults.set({ path: '/oauth/token', kind: { answer: { status: 431 } } });
  await page.getByRole('button', { name: /^editor / }).click();
  const told = (words: string) => expect(page.getByText(words, { exact: false })).toBeVisible();
  // Of cookies that are kept from scripts a page knows nothing.
  await told('The cookies of this site may have piled up, though this page sees none, or the access token is too large for the server.');
  await page.context().addCookies([{ name: 'gateway', value: 'x', url: page.url() }]);
  await page.getByRole('button', { name: /^editor / }).click();
  await told('The cookies of this site have piled up.');
});

test('a token that is too large is told with its size, and is no fault of cookies', async ({ openBrowser, server }) => {
  const page = await openBrowser('/batches');
  const body = new URLSearchParams({ grant_type: 'password', username: 'editor', password: 'editor' });
  const { access_token: known } = await (await fetch(`${server.address}/oauth/token`, { method: 'POST', body })).json();
  // A server on the way that takes no header of more than 8,000 bytes.
  let takesLarge = false;
  await page.context().route(/\/(crmRestApi|v3)\//, async (route) => {
    const headers = await route.request().allHeaders();
    const isLarge = (headers.authorization ?? '').length > 8000;
    if (isLarge && !takesLarge) return route.fulfill({ status: 431 });
    return route.continue({ headers: isLarge ? { ...headers, authorization: `Bearer ${known}` } : headers });
  });
  await page.getByLabel('Sign-in method').selectOption('access-token');
  await page.getByLabel('Access token', { exact: true }).fill('x'.repeat(9000));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('The access token takes 9000 bytes.', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('The cookies of this site have piled up.', { exact: false })).toBeHidden();
  takesLarge = true;
  await expect(banner(page)).toBeHidden();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Usage event batches' })).toBeVisible();
});
