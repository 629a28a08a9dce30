// A gateway stands before the systems and no longer knows the person: it leads to its own sign-in page,
// or sends one. Nothing is lost, nothing is hammered, and work goes on by itself.
import type { Page } from '@playwright/test';
import { BUCKETS, BucketGrid } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { refuseRenewal, sessionDialog, signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';
import type { Fault } from '../stand/fault_switches';
import { Front } from '../stand/front';
import { takePictures } from '../stand/pictures';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'gateway in the way', events: 2000 } });

const LOGIN_PAGE = '<!doctype html><html><head><title>Sign in</title></head><body><form method="post"><input name="user"></form></body></html>';

const GATEWAYS: [string, Fault][] = [
  ['leads to its sign-in page', { answer: { status: 302, headers: { Location: '/gateway/login?rd=%2F' } } }],
  // As if for good, which a browser would keep.
  ['leads there by 308', { answer: { status: 308, headers: { Location: '/gateway/login', 'Cache-Control': 'max-age=600' } } }],
  ['leads there by 307', { answer: { status: 307, headers: { Location: 'https://login.example.com/authorize' } } }],
  ['sends its sign-in page in the answer’s place', { answer: { status: 200, content_type: 'text/html; charset=utf-8', body: LOGIN_PAGE } }],
  ['sends it as XHTML', { answer: { status: 200, content_type: 'Application/XHTML+xml', body: LOGIN_PAGE } }],
  // As oauth2-proxy answers whoever wants JSON.
  ['answers 401 with JSON that says nothing', { answer: { status: 401, content_type: 'application/json', body: '{}' } }],
  ['answers 401 as JSON without a byte', { answer: { status: 401, content_type: 'application/json' } }],
  ['answers 401 with a page', { answer: { status: 401, content_type: 'text/html', body: LOGIN_PAGE } }],
];

const banner = (page: Page) => page.getByRole('alert').filter({ hasText: 'You are no longer signed in at the gateway.' });

GATEWAYS.forEach(([what, kind], place) => {
  test(`a gateway that ${what} stops the queue, and it goes on by itself`, async ({ sitDown, records, faults, watch }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ path: '/crmRestApi/', kind });
    await drawer.correct('Service', `+49 behind ${place}`);
    await expect(banner(page)).toBeVisible();
    await expect(savedState(page)).toHaveText(/^Paused, 1 (saving|in doubt)$/);
    await expect(sessionDialog(page).dialog).toBeHidden();
    const link = banner(page).getByRole('link', { name: 'Sign in at the gateway in a new tab' });
    await expect(link).toHaveAttribute('target', '_blank');
    // It covers nothing of the page.
    await page.getByRole('button', { name: 'Sign out', exact: true }).click({ trial: true });
    // More is typed, and nothing of it is tried while the way is blocked.
    const tried = watch.writes.length;
    await drawer.correct('Quantity', '77.5');
    await expect(savedState(page)).toHaveText(/^Paused, (2 saving|1 in doubt, 1 saving)$/);
    expect(watch.writes.length).toBe(tried);
    await faults.clear();
    await expect(banner(page)).toBeHidden();
    await expectAllSaved(page);
    const after = await records.event(event.EventNumber);
    expect([after.ServiceId, after.UsageQuantity]).toEqual([`+49 behind ${place}`, '77.5']);
    expect(writesSeen(after)).toBe(writesSeen(event) + 2);
  });
});

/** The page's own files are kept back too, as by a gateway before all of this origin. */
async function keepBackThePage(page: Page): Promise<() => Promise<void>> {
  const files = '**/connections.json';
  await page.context().route(files, (route) => route.fulfill({ status: 401, contentType: 'text/plain', body: 'Unauthorized' }));
  return () => page.context().unroute(files);
}

const UNCLEAR: [string, Fault][] = [
  ['401 as a text', { answer: { status: 401, content_type: 'text/plain; charset=utf-8', body: 'Unauthorized' } }],
  ['401 without a word', { answer: { status: 401 } }],
  ['403 with a page', { answer: { status: 403, content_type: 'text/html', body: LOGIN_PAGE } }],
  ['403 as a text', { answer: { status: 403, content_type: 'text/plain', body: 'Forbidden' } }],
  ['403 as JSON', { answer: { status: 403, content_type: 'application/json', body: '{"message":"Forbidden"}' } }],
  ['403 without a word', { answer: { status: 403 } }],
];

UNCLEAR.forEach(([what, kind], place) => {
  test(`${what} is the gateway’s where it keeps the page back too`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[GATEWAYS.length + 3 + place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const giveBack = await keepBackThePage(page);
    await faults.set({ path: '/crmRestApi/', kind });
    await drawer.correct('Service', `+49 unclear ${place}`);
    await expect(banner(page)).toBeVisible();
    await expect(savedState(page)).toHaveText('Paused, 1 saving');
    await expect(sessionDialog(page).dialog).toBeHidden();
    await giveBack();
    await faults.clear();
    await expect(banner(page)).toBeHidden();
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 unclear ${place}`);
  });
});

test('a 401 that may be either’s offers both ways, and coming back from the gateway is enough', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[GATEWAYS.length + 3 + UNCLEAR.length];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await refuseRenewal(page);
  await faults.set({ path: '/crmRestApi/', kind: UNCLEAR[0][1] });
  await drawer.correct('Service', '+49 either way');
  const { dialog } = sessionDialog(page);
  await expect(dialog).toContainText('no longer knows who you are, or a gateway before it does not');
  await expect(dialog.getByLabel('Password')).toBeVisible();
  await expect(dialog.getByRole('link', { name: 'Sign in at the gateway in a new tab' })).toHaveAttribute('target', '_blank');
  await expect(banner(page)).toBeHidden();
  await takePictures(page, 'session or gateway');
  expect(await violations(page)).toEqual([]);
  await faults.clear();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 either way');
});

test('a page of 403 where the gateway lets this page through is a refusal of this call alone', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: 'subscriptionUsageEvents?', kind: UNCLEAR[2][1] });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'The server refused the request (403)' })).toBeVisible();
  await expect(page.getByText('Something between this page and the system answered in its place')).toBeVisible();
  await expect(page.getByText('Your role does not allow this')).toBeHidden();
  await expect(banner(page)).toBeHidden();
});

test('a text of 403 where the gateway lets this page through is told as a matter of the role', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: 'subscriptionUsageEvents?', kind: UNCLEAR[3][1] });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Your role does not allow this' })).toBeVisible();
  await expect(banner(page)).toBeHidden();
});

test('who signs in where a gateway turns calls away is not told of a wrong password', async ({ openBrowser, faults }) => {
  const page = await openBrowser('/batches');
  await faults.set({ path: '/oauth/token', kind: GATEWAYS[5][1] });
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(banner(page)).toBeVisible();
  await expect(page.getByText('User and password do not match')).toBeHidden();
  await faults.set({ path: '/oauth/token', kind: UNCLEAR[0][1] });
  await expect(banner(page)).toBeHidden();
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(page.getByText('does not say why: user and password may not match, or a gateway before it does not know you')).toBeVisible();
  await faults.clear();
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
});

test('a list that a gateway bars is read by itself when it is through again', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: '/crmRestApi/', kind: GATEWAYS[0][1] });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(banner(page)).toBeVisible();
  await faults.clear();
  await expect(banner(page)).toBeHidden();
  await expect(new EventGrid(page).root.getByRole('row').nth(2)).toBeVisible();
});

test('in another tab nothing is asked any more either, and both go on by themselves', async ({ sitDown, records, faults, watch }) => {
  const [first, second] = (await records.eventsInError(BATCH)).slice(GATEWAYS.length);
  const page = await sitDown('editor', eventAddress(BATCH, first.EventNumber));
  const drawer = new EventDrawer(page, first.EventNumber);
  await drawer.expectOpen();
  const tab = await page.context().newPage();
  await tab.clock.install();
  await tab.goto(eventAddress(BATCH, second.EventNumber));
  const drawerThere = new EventDrawer(tab, second.EventNumber);
  await drawerThere.expectOpen();
  await tab.waitForLoadState('networkidle');
  // Time passes in this browser only where the journey says so: what that tab asks, it has not asked because it waited.
  await tab.clock.pauseAt(Date.now() + 60_000);
  await tab.waitForLoadState('networkidle');
  const asked: string[] = [];
  tab.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    const asks = request.headers().authorization ? 'as a person' : 'as nobody';
    if (/^[/](crmRestApi|ResourceServer|v3|oauth|parts.json)/.test(pathname)) asked.push(`${asks} ${pathname}${search}`);
  });
  await faults.set({ path: '/crmRestApi/', kind: GATEWAYS[0][1] });
  await drawer.correct('Service', '+49 of the first tab');
  await expect(banner(page)).toBeVisible();
  await expect(banner(tab)).toBeVisible();
  expect(asked).toEqual([]);
  // In two minutes it does nothing but look, more and more seldom, and as nobody.
  await drawerThere.correct('Service', '+49 of the second tab');
  await tab.clock.runFor('02:00');
  await expect(savedState(tab)).toHaveText('Paused, 1 saving');
  const looks = /^as nobody .*[/]subscriptionUsageEventBatches[?]limit=1&onlyData=true&?$/;
  expect(asked.filter((request) => !looks.test(request))).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(15);
  const tried = watch.writes.length;
  await faults.clear();
  // The clock stands still: the first looks because the person comes back to it, the other because it is told to.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(banner(page)).toBeHidden();
  await expect(banner(tab)).toBeHidden();
  await tab.clock.resume();
  for (const each of [page, tab]) await expectAllSaved(each);
  expect(watch.writes.length).toBe(tried + 2);
  expect((await records.event(first.EventNumber)).ServiceId).toBe('+49 of the first tab');
  expect((await records.event(second.EventNumber)).ServiceId).toBe('+49 of the second tab');
});

test('what a page of this origin says of a gateway is looked at, and is taken for no more', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[GATEWAYS.length + 2];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const stranger = await page.context().newPage();
  await stranger.goto('/connections.json');
  const say = (news: string, person: string) =>
    stranger.evaluate((said) => new BroadcastChannel('usage-desk-tabs').postMessage(said), { news, person });
  // Of nothing that is known here, and of what another connections.json names.
  await say('gateway shut', 'Anything');
  await say('gateway shut', 'PROD\n\n\n');
  await drawer.correct('Service', '+49 undisturbed');
  await expectAllSaved(page);
  await expect(banner(page)).toBeHidden();
  await say('gateway shut', 'Demo\n\n\n');
  await expect(banner(page)).toBeVisible();
  // It has looked itself.
  await expect(banner(page)).toBeHidden();
  await drawer.correct('Service', '+49 after a false word');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 after a false word');
});

for (const asks of ['Basic realm="gateway"', 'Bearer, Basic realm="x"', 'basic']) {
  test(`a system that asks by “${asks}” brings no dialog of the browser’s`, async ({ openBrowser, faults }) => {
    const page = await openBrowser('/batches');
    const session = await page.context().newCDPSession(page);
    const asked: string[] = [];
    session.on('Fetch.requestPaused', ({ requestId }) => void session.send('Fetch.continueRequest', { requestId }).catch(() => {}));
    session.on('Fetch.authRequired', ({ requestId, request }) => {
      asked.push(request.url);
      void session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response: 'CancelAuth' } });
    });
    await session.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*' }] });
    const kind: Fault = { answer: { status: 401, content_type: 'application/json', body: '{}', headers: { 'WWW-Authenticate': asks } } };
    await faults.set({ path: '/crmRestApi/', kind }, { path: '/ResourceServer/', kind }, { path: '/v3/', kind });
    await page.getByRole('button', { name: /^editor / }).click();
    await expect(page.getByRole('alert')).toContainText('The token service gave a token, but Oracle Subscription Management does not accept it.');
    await faults.clear();
    await page.getByRole('button', { name: /^editor / }).click();
    await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
    expect(asked).toEqual([]);
  });
}

test('behind a gateway that knows people by a cookie, every call carries it', async ({ openBrowser, server }) => {
  const page = await openBrowser('/batches');
  const context = page.context();
  await context.addCookies([{ name: 'gateway', value: 'known', url: server.address }]);
  const strangers: string[] = [];
  // As such gateways do: who has no cookie is led to where one signs in.
  await context.route(/\/(crmRestApi|ResourceServer|AuthorizationServer|v3|oauth)\//, async (route) => {
    const cookie = (await route.request().allHeaders()).cookie ?? '';
    if (cookie.includes('gateway=known')) return route.continue();
    strangers.push(new URL(route.request().url()).pathname);
    return route.fulfill({ status: 302, headers: { Location: '/gateway/login' } });
  });
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await page.getByRole('link', { name: 'Buckets', exact: true }).click();
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText(/\d base buckets?/);
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(new EventGrid(page).root.getByRole('row').nth(2)).toBeVisible();
  // Each system is asked once as nobody what it asks by, each token service tried once without it.
  expect(strangers.length).toBeLessThanOrEqual(5);
  await expect(banner(page)).toBeHidden();
});

test('a path that leads to no system is told as such, and is no gateway', async ({ sitDown, faults, server }) => {
  const own = await (await fetch(`${server.address}/`, { headers: { Accept: 'text/html' } })).text();
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await faults.set({ path: '/ResourceServer/', kind: { answer: { status: 200, content_type: 'text/html', body: own } } });
  await page.getByRole('link', { name: 'Buckets', exact: true }).click();
  await expect(page.getByText('This address does not lead to LogiSense')).toBeVisible();
  await expect(banner(page)).toBeHidden();
});

test.describe('systems with bases of their own at this origin', () => {
  test.use({ stock: { journey: 'gateway before all bases', events: 200, connections: { demo: true, oracle: {}, logiSense: { base: '/two' }, cloudFoundry: {} } } });

  test('stand behind the same gateway: what one of them meets stops all, and all go on by themselves', async ({ openBrowser, server, records, faults }) => {
    const event = (await records.everyEventInError())[0];
    const front = await Front.before(server);
    front.under.set('/two', server);
    const page = await openBrowser(front.address + eventAddress(event.BatchNumber, event.EventNumber));
    await signIn(page, 'editor');
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const tab = await page.context().newPage();
    await tab.goto(front.address + BUCKETS);
    await sessionDialog(tab).signInAgain('editor');
    await new BucketGrid(tab).expectRead();
    // Before the page itself stands the same one.
    await page.context().route('**/connections.json', (route) => route.fulfill({ status: 401 }));
    await faults.set({ path: '/ResourceServer/', kind: GATEWAYS[0][1] });
    await tab.getByRole('button', { name: 'Refresh', exact: true }).click();
    for (const each of [page, tab]) await expect(banner(each)).toBeVisible();
    await drawer.correct('Service', '+49 of the main base');
    await expect(savedState(page)).toHaveText('Paused, 1 saving');
    await page.context().unroute('**/connections.json');
    await faults.clear();
    await expect(banner(page)).toBeHidden();
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 of the main base');
    await front.end();
  });
});
