// A session at a provider is renewed by refresh tokens that are good once, over all tabs, beside the work. It ends by a
// refusal that can be read, by another person in the answer, and where nobody knows whether the refresh token was used; what
// waits to be sent stays.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expectSignedIn, sessionDialog } from '../person/sign_in';
import type { IdentityProvider } from '../stand/identity_provider';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/openid_test';
import { takePictures } from '../stand/pictures';
import { type ServerRecords, writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ journey: 'openid renews' });

const screens = (page: Page) => page.getByRole('navigation', { name: 'Screens' });

/** What the server no longer takes is renewed by the next call: each rule refuses what is shown until it changes. */
const oldTokens = { kind: { refuse: { status: 401 } } } as const;

/** An editor who has signed in at the provider, with an event in error open. */
async function atEvent(openBrowser: (address: string) => Promise<Page>, records: ServerRecords, place: number) {
  const event = (await records.eventsInError(BATCH))[place];
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  return { event, page, drawer };
}

/** No refresh token was used twice, but the one that the provider left as it was so many times. */
function expectEachUsedOnce(provider: IdentityProvider, left = 0): void {
  const uses = [...provider.front.refreshTokenUses.values()];
  expect(uses.filter((times) => times !== 1)).toEqual(left > 0 ? [left + 1] : []);
}

/** The dialog in which a session is taken up again at the provider, in a window beside the work. */
async function signInBeside(page: Page, user: string): Promise<void> {
  const { dialog } = sessionDialog(page);
  const [beside] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('button', { name: /^Sign in at / }).click()]);
  if (await beside.getByRole('heading', { name: 'Sign in at the provider' }).isVisible().catch(() => false)) await signInAtProvider(beside, user);
}

test('two tabs work for many lives of a token, and each refresh token is used once', async ({ openBrowser, provider, records }) => {
  provider.tokenSeconds = 6;
  const events = (await records.eventsInError(BATCH)).slice(0, 2);
  const page = await openBrowser(eventAddress(BATCH, events[0].EventNumber));
  await signInByProvider(page, 'editor');
  const tab = await page.context().newPage();
  await tab.goto(eventAddress(BATCH, events[1].EventNumber));
  await expectSignedIn(tab);
  const drawers = [new EventDrawer(page, events[0].EventNumber), new EventDrawer(tab, events[1].EventNumber)];
  for (const drawer of drawers) await drawer.expectOpen();
  let change = 0;
  while (provider.tokenRequests('refresh_token').length < 3) {
    change += 1;
    // Both run into the same old token.
    await Promise.all(drawers.map((drawer) => drawer.correct('Service', `+49 change ${change}`)));
    await Promise.all([page, tab].map((each) => expectAllSaved(each)));
  }
  expectEachUsedOnce(provider);
  for (const each of [page, tab]) await expect(sessionDialog(each).dialog).toBeHidden();
  for (const [place, event] of events.entries()) {
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(`+49 change ${change}`);
    expect(writesSeen(after), `of event ${place}`).toBe(writesSeen(event) + change);
  }
});

for (const how of [503, 429, 'html'] as const) {
  test(`a provider that answers ${how} to a renewal does not end the session`, async ({ openBrowser, provider, records, faults }) => {
    const { event, page, drawer } = await atEvent(openBrowser, records, 3);
    provider.goAway(how);
    await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
    await drawer.correct('Service', `+49 while ${how}`);
    await expect.poll(() => provider.tokenRequests('refresh_token').length).toBeGreaterThanOrEqual(1);
    await expect(sessionDialog(page).dialog).toBeHidden();
    provider.comeBack();
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 while ${how}`);
  });
}

test('a provider’s wish to wait is told with its end, and nobody has to wait for it', async ({ openBrowser, provider, records, faults }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 9);
  provider.goAway(429);
  provider.front.retryAfter = '400';
  await faults.set({ path: '/crmRestApi', ...oldTokens });
  await drawer.correct('Service', '+49 not waited for');
  await expect(savedState(page)).toHaveText(/^Paused until \d\d:\d\d, 1 saving$/);
  await expect(sessionDialog(page).dialog).toBeHidden();
  await screens(page).getByRole('link', { name: 'Batches', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Your session could not be renewed' })).toBeVisible();
  await expect(page.getByText(/it answers 429/)).toBeVisible();
  await expect(page.getByText('Next try in 7 minutes')).toBeVisible();
  await takePictures(page, 'renewal waits');
  expect(await violations(page)).toEqual([]);
  const asked = provider.tokenRequests('refresh_token').length;
  await faults.clear();
  provider.comeBack();
  await faults.set({ path: '/crmRestApi', times: 1, ...oldTokens });
  await page.locator('main').getByRole('button', { name: 'Try now', exact: true }).last().click();
  await expect(page.getByRole('grid', { name: 'Usage event batches' }).getByRole('gridcell').first()).toHaveText(/\w/);
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 not waited for');
  expect(provider.tokenRequests('refresh_token').length).toBe(asked + 1);
  expectEachUsedOnce(provider, asked);
});

test('what was not read for want of a renewal is read by itself once there is one', async ({ openBrowser, provider, records, faults }) => {
  const { page } = await atEvent(openBrowser, records, 10);
  provider.goAway(503);
  await faults.set({ path: '/crmRestApi', ...oldTokens });
  await screens(page).getByRole('link', { name: 'Batches', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Your session could not be renewed' })).toBeVisible();
  provider.comeBack();
  await faults.clear();
  await expect(page.getByRole('grid', { name: 'Usage event batches' }).getByRole('gridcell').first()).toHaveText(/\w/);
  await expect(page.getByRole('heading', { name: 'Your session could not be renewed' })).toBeHidden();
});

test('a tab whose own policy keeps it from the provider says so, keeps its session, and takes what another tab renews', async ({ openBrowser, provider, records, faults, watch }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 11);
  watch.expectsBlocked = provider.issuer;
  const tab = await page.context().newPage();
  await tab.route('**/batches', async (route) => {
    const response = await route.fetch();
    const policy = response.headers()['content-security-policy'].replaceAll(` ${provider.issuer}`, '');
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  // The list alone, which the other tab does not read.
  await faults.set({ path: 'subscriptionUsageEventBatches?', ...oldTokens });
  await tab.goto('/batches');
  await expectSignedIn(tab);
  await expect(tab.getByRole('heading', { name: 'Your session could not be renewed' })).toBeVisible();
  await expect(tab.getByText(`does not let it call ${provider.issuer}`).first()).toBeVisible();
  await expect(sessionDialog(tab).dialog).toBeHidden();
  expect(provider.tokenRequests('refresh_token')).toEqual([]);
  await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
  await drawer.correct('Service', '+49 renewed here');
  await expectAllSaved(page);
  await expect(tab.getByRole('grid', { name: 'Usage event batches' }).getByRole('gridcell').first()).toHaveText(/\w/);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 renewed here');
  expectEachUsedOnce(provider);
});

for (const how of ['cut', 'lost-answer'] as const) {
  test(`where nobody knows whether a refresh token was used (${how}), it is not used again: the person signs in beside the work`, async ({ openBrowser, provider, records, faults }) => {
    const { event, page, drawer } = await atEvent(openBrowser, records, 4);
    provider.goAway(how);
    await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
    await drawer.correct('Service', `+49 after ${how}`);
    await expect(sessionDialog(page).dialog).toBeVisible();
    provider.comeBack();
    await signInBeside(page, 'editor');
    await expect(sessionDialog(page).dialog).toBeHidden();
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 after ${how}`);
    expectEachUsedOnce(provider);
  });
}

test('a refusal that can be read ends the session, and the work stays', async ({ openBrowser, provider, records, faults }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 5);
  provider.front.refuseToken = { error: 'invalid_grant', error_description: 'grant request is invalid' };
  await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
  await drawer.correct('Service', '+49 refused');
  await expect(sessionDialog(page).dialog).toBeVisible();
  expect(provider.tokenRequests('refresh_token')).toHaveLength(1);
  provider.front.refuseToken = undefined;
  await signInBeside(page, 'editor');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 refused');
});

test('a renewal that names another person ends the session, and the queue stays', async ({ openBrowser, provider, records, faults }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 6);
  provider.answerTokenWith({ idToken: { sub: 'person-of-editor2' } });
  await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
  await drawer.correct('Service', '+49 another person');
  await expect(sessionDialog(page).dialog).toBeVisible();
  await expect(savedState(page)).toHaveText('Paused, 1 saving');
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  provider.answerTokenWith();
  await signInBeside(page, 'editor');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 another person');
});

for (const [what, patch] of [
  ['without an ID token', { idToken: null }],
  ['whose life is no number', { answer: { expires_in: '300' } }],
  ['that says nothing of its life', { answer: { expires_in: undefined } }],
  ['without another refresh token', { answer: { refresh_token: undefined } }],
] as const) {
  test(`a renewal ${what} is borne`, async ({ openBrowser, provider, records, faults }) => {
    const { event, page, drawer } = await atEvent(openBrowser, records, 7);
    provider.answerTokenWith(patch);
    await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
    await drawer.correct('Service', `+49 ${what}`);
    await expectAllSaved(page);
    await expect(sessionDialog(page).dialog).toBeHidden();
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 ${what}`);
    expect(provider.tokenRequests('refresh_token')).toHaveLength(1);
  });
}

test('an API that takes nothing is told after one renewal', async ({ openBrowser, provider, records, faults }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 8);
  await faults.set({ path: '/crmRestApi', ...oldTokens });
  await drawer.correct('Service', '+49 never taken');
  await expect(sessionDialog(page).dialog).toBeVisible();
  expect(provider.tokenRequests('refresh_token')).toHaveLength(1);
});

test('a tab that keeps its turn to renew, as one that sleeps would, is told in words, and work goes on once it gives the turn back', async ({ openBrowser, server, provider, records, faults }) => {
  const { event, page, drawer } = await atEvent(openBrowser, records, 12);
  // What the turn is called shows while a renewal is under way.
  const token = provider.front.holdToken();
  await faults.set({ method: 'PATCH', times: 1, ...oldTokens });
  await drawer.correct('Service', '+49 first');
  await token.arrived;
  const held = await page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name ?? '') ?? []);
  const turn = held.find((name) => name.startsWith('usage-desk-renewal'));
  expect(turn).toBeDefined();
  token.letGo();
  await expectAllSaved(page);
  const asleep = await page.context().newPage();
  await asleep.goto(`${server.address}/version`);
  await asleep.evaluate((name) => new Promise<void>((taken) => void navigator.locks.request(name, () => new Promise<never>(() => taken()))), turn ?? '');
  await faults.set({ path: '/crmRestApi', ...oldTokens });
  await drawer.correct('Service', '+49 second');
  await screens(page).getByRole('link', { name: 'Batches', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Your session could not be renewed' })).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('Another tab renews your session and has not come to an end.')).toBeVisible();
  await expect(sessionDialog(page).dialog).toBeHidden();
  await faults.clear();
  await asleep.close();
  // By itself, without anybody's press.
  await expect(page.getByRole('grid', { name: 'Usage event batches' }).getByRole('gridcell').first()).toHaveText(/\w/, { timeout: 40_000 });
  await expectAllSaved(page);
  expectEachUsedOnce(provider);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 second');
});
