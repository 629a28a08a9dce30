// Signing out ends the session here first, in all tabs, and then at the provider, without any token in the address.
// What comes late is thrown away, and Back shows nothing.
import { readFile } from 'node:fs/promises';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectAllSaved } from '../person/saved_state';
import { expectSignedIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { takePictures } from '../stand/pictures';
import { secretsIn } from '../stand/kept_secrets';
import { launchThatKeepsPages } from '../stand/keeps_pages';
import { expect, test } from '../stand/openid_test';
import { fingerprint } from '../stand/provider_front';

const BATCH = 'UB-2026-10-TEL';

test.use({ journey: 'openid signs out' });

const REFUSED = { kind: { refuse: { status: 401 } } } as const;

test('every tab is signed out, then the provider asks and leads back to the form', async ({ openBrowser, provider, server }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  const tab = await page.context().newPage();
  await tab.goto('/events');
  await expectSignedIn(tab);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(tab.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(tab.getByRole('grid')).toHaveCount(0);
  await page.getByRole('heading', { name: 'Sign out at the provider?' }).waitFor();
  const [{ query }] = provider.front.asked.filter(({ path }) => path === '/session/end');
  expect(query).toEqual({ client_id: 'usage-desk', logout_hint: 'editor', post_logout_redirect_uri: `${server.address}/` });
  // What could have renewed the session has been taken back.
  const revoked = () => provider.front.asked.filter(({ path }) => path === '/token/revocation');
  // Each tab takes back what it holds: of tokens that follow one another it may be the last.
  await expect.poll(() => revoked().length).toBe(2);
  for (const { form } of revoked()) {
    expect(form).toMatchObject({ client_id: 'usage-desk', token: fingerprint(provider.front.lastRefreshToken) });
  }
  const form = { grant_type: 'refresh_token', client_id: 'usage-desk', refresh_token: provider.front.lastRefreshToken };
  const refused = await fetch(`${provider.issuer}/token`, { method: 'POST', body: new URLSearchParams(form) });
  expect([refused.status, (await refused.json()).error]).toEqual([400, 'invalid_grant']);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  // The provider has forgotten the person as well.
  await goToProvider(page);
  await signInAtProvider(page, 'viewer');
  await expectSignedIn(page);
});

test('a provider that is away at sign-out is told of, and nobody is led there', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  provider.goAway(503, true);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  const host = new URL(provider.issuer).host;
  await expect(page.getByText(new RegExp(`^You are signed out here, in all tabs, and ${host} may still know you: .* ${host} answers 503 at .*Sign in and out once more when that is over\\.$`))).toBeVisible();
  await takePictures(page, 'signed out, provider away');
  expect(await violations(page)).toEqual([]);
  // As it says: signed in and out once more, the provider forgets the person.
  provider.comeBack();
  await goToProvider(page);
  await expectSignedIn(page);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign out at the provider?' }).waitFor();
});

test('Back after sign-out shows nothing of before', async ({ openBrowser, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  await new EventDrawer(page, event.EventNumber).expectOpen();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign out at the provider?' }).waitFor();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByText(event.EventNumber)).toHaveCount(0);
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
});

test('a page that slept is loaded anew, and nothing of it is seen before', async ({ openBrowser, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  await new EventDrawer(page, event.EventNumber).expectOpen();
  const loaded = page.waitForEvent('load');
  // As a browser tells it. Chromium keeps none where somebody is signed in, for the locks that the page holds.
  const isSeen = await page.evaluate(() => {
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    return document.documentElement.checkVisibility();
  });
  expect(isSeen).toBe(false);
  await loaded;
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
});

test('Back after sign-out to a page that the browser has kept shows nothing of before', async ({ server, records, watch, contextOptions }) => {
  const [event] = await records.eventsInError(BATCH);
  const browser = await launchThatKeepsPages();
  const context = await browser.newContext({ ...contextOptions, baseURL: server.address });
  await watch.over(context);
  const page = await context.newPage();
  await page.goto(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  await new EventDrawer(page, event.EventNumber).expectOpen();
  await page.evaluate(() => addEventListener('pageshow', ({ persisted }) => sessionStorage.setItem('woken', `${persisted}, seen ${document.documentElement.checkVisibility()}`)));
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign out at the provider?' }).waitFor();
  await page.goBack({ waitUntil: 'commit' });
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByText(event.EventNumber)).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.getItem('woken'))).toBe('true, seen false');
  await browser.close();
});

test('tokens that come after sign-out are thrown away', async ({ openBrowser, provider, records, faults }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const held = provider.front.holdToken();
  await faults.set({ method: 'PATCH', times: 1, ...REFUSED });
  page.on('dialog', (dialog) => dialog.accept());
  await drawer.correct('Service', '+49 too late');
  await held.arrived;
  // Without the provider's page, so that this one stays and could take what comes.
  await page.route('**/session/end?*', (route) => route.abort('aborted'));
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  const came = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/token');
  held.letGo();
  await (await came).finished();
  const tab = await page.context().newPage();
  await tab.goto('/batches');
  await expect(tab.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
});

test('tokens that come after sign-out in another tab are thrown away too', async ({ openBrowser, provider, records, faults }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const tab = await page.context().newPage();
  await tab.goto('/batches');
  await expectSignedIn(tab);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const held = provider.front.holdToken();
  await faults.set({ method: 'PATCH', times: 1, ...REFUSED });
  await drawer.correct('Service', '+49 too late');
  await held.arrived;
  for (const each of [page, tab]) each.on('dialog', (dialog) => dialog.accept());
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  const came = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/token');
  held.letGo();
  await (await came).finished();
  const third = await page.context().newPage();
  await third.goto('/batches');
  await expect(third.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
});

test('no token, code or verifier is in any storage, address, line of the log or diagnostic bundle', async ({ openBrowser, provider, records, faults, server }) => {
  const [, event] = await records.eventsInError(BATCH);
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  const addresses: string[] = [];
  page.on('framenavigated', (frame) => addresses.push(frame.url()));
  page.on('request', (request) => addresses.push(`${request.method()} ${request.url()} from ${request.headers().referer ?? ''}`));
  await signInByProvider(page, 'editor');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await faults.set({ method: 'PATCH', times: 1, ...REFUSED });
  await drawer.correct('Service', '+49 renewed');
  await expectAllSaved(page);
  const secrets = [...provider.front.secrets];
  // A code, a verifier, and of both token answers an access token, a refresh token and an ID token.
  expect(secrets.length).toBeGreaterThanOrEqual(8);
  expect(await secretsIn(page, secrets)).toEqual([]);
  const [code] = secrets;
  const found = (text: string) => secrets.filter((secret) => text.includes(secret));
  expect(found(said.join('\n'))).toEqual([]);
  expect(server.foundInLog(secrets)).toEqual([]);
  // The code comes in the address of the way back, once; nothing else is in any.
  const holding = addresses.filter((address) => found(address).length > 0);
  expect(holding.every((address) => address.includes('/callback?') && found(address).every((secret) => secret === code))).toBe(true);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save diagnostics' }).click()]);
  const text = await readFile(await download.path(), 'utf8');
  expect(found(text)).toEqual([]);
  // What was asked of the provider stands in it, without what was asked with it.
  const asked = JSON.parse(text).requests.filter(({ system }: { system: string }) => system === 'Identity provider');
  const lines = asked.map(({ method, path, outcome }: Record<string, string>) => `${method} ${path} ${outcome}`);
  expect(lines).toContain(`GET ${provider.issuer}/.well-known/openid-configuration 200`);
  expect(lines).toContain(`POST ${provider.issuer}/token 200`);
  expect(asked.every(({ milliseconds, at }: { milliseconds: number; at: string }) => milliseconds >= 0 && Date.parse(at) > 0)).toBe(true);
});
