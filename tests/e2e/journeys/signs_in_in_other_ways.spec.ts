// A token service that wants a client, tokens that say nothing of their owner, and systems that know a
// person each in its own way.
import type { BrowserContext, Page } from '@playwright/test';
import { BUCKETS } from '../person/base_buckets_page';
import { ChangesPage } from '../person/changes_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import type { DemoServer } from '../stand/demo_server';
import { linesOnDisk } from '../stand/journal';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'signs in in other ways', events: 2000 } });

const basic = (id: string, secret = '') => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** A UAA that wants to know its client; `clients` are those that it knows. */
async function wantsClient(context: BrowserContext, clients: string[]): Promise<string[]> {
  const asked: string[] = [];
  await context.route('**/oauth/token', async (route) => {
    const headers = await route.request().allHeaders();
    asked.push(headers.authorization ?? '');
    if (clients.includes(headers.authorization ?? '')) {
      const { authorization: _, ...rest } = headers;
      return route.continue({ headers: rest });
    }
    return route.fulfill({
      status: 401,
      contentType: 'application/json',
      headers: { 'WWW-Authenticate': 'Basic realm="UAA/client", error="unauthorized", error_description="Bad credentials"' },
      body: JSON.stringify({ error: 'unauthorized', error_description: 'Bad credentials' }),
    });
  });
  return asked;
}

async function typeIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel('User', { exact: true }).fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const signedIn = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true });

test('a token service that wants a client is given the public one, and a wrong password is told as such', async ({ openBrowser }) => {
  const page = await openBrowser('/');
  const asked = await wantsClient(page.context(), [basic('cf')]);
  await typeIn(page, 'editor', 'wrong');
  await expect(page.getByRole('alert')).toHaveText('User and password do not match. Nothing was changed; try again.');
  await typeIn(page, 'editor', 'editor');
  await expect(signedIn(page)).toBeVisible();
  expect(asked).toEqual(['', basic('cf'), '', basic('cf')]);
});

test('why a token service gives no token is told by its cause', async ({ openBrowser }) => {
  const page = await openBrowser('/');
  const problem = page.getByRole('alert');
  const json = 'application/json';
  const locked = 'Your account has been locked because of too many failed attempts to login.';
  for (const [answer, words] of [
    [{ status: 401, contentType: json, body: JSON.stringify({ error: 'unauthorized', error_description: locked }) }, `This account is locked: ${locked}`],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'invalid_grant' }) }, 'User and password do not match'],
    [{ status: 401, contentType: json, headers: { 'WWW-Authenticate': 'Basic realm="tokens"' }, body: JSON.stringify({ error: 'invalid_grant' }) }, 'User and password do not match'],
    [{ status: 401, contentType: json, headers: { 'WWW-Authenticate': 'Basic realm="tokens"' }, body: JSON.stringify({ error: 'invalid_client' }) }, 'It does not accept the client “cf”, and did not look at user and password.'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'invalid_grant', error_description: 'Account disabled' }) }, 'The token service does not accept this user and password: Account disabled (invalid_grant). Nothing was changed.'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'unauthorized_client' }) }, 'does not let this console sign people in by a password: unauthorized_client.'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'unsupported_grant_type' }) }, 'The token service gives no tokens for a password'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'invalid_scope', error_description: 'Unknown scope: x' }) }, 'does not give the rights that were asked for: Unknown scope: x (invalid_scope).'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'invalid_request' }) }, 'The token service did not understand the request'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'mfa_required', error_description: '<b>Second factor</b>' }) }, 'The token service refused the request: <b>Second factor</b> (mfa_required).'],
    [{ status: 400, contentType: 'text/html', body: '<html>' }, 'answers 400 and does not say why'],
    [{ status: 200, contentType: json, body: '{"access_token":""}' }, 'What the token service gave cannot be used: the access token in its answer is empty. Hand this to whoever runs it.'],
    [{ status: 200, contentType: json, body: JSON.stringify({ access_token: 'a\r\nCookie: b', token_type: 'Bearer' }) }, 'the access token in its answer holds a blank, a line break'],
    [{ status: 200, contentType: json, body: '{"access_token":"a","token_type":"DPoP"}' }, 'only the type Bearer can be used here, and its access token is of the type “DPoP”'],
    [{ status: 400, contentType: json, body: JSON.stringify({ error: 'invalid_grant', error_description: 'AADSTS50055: The password is expired.' }) }, 'AADSTS50055: The password is expired. (invalid_grant)'],
    [{ status: 429, contentType: json, body: JSON.stringify({ error: 'access_denied', error_description: locked }) }, `This account is locked: ${locked}`],
    [{ status: 423, contentType: json, body: JSON.stringify({ error: 'locked_out', error_description: 'Ask the service desk' }) }, 'Ask the service desk (locked_out)'],
    [{ status: 404, contentType: json, body: '{}' }, 'There is no token service at /oauth/token: what stands there answers 404'],
    [{ status: 405, contentType: 'text/plain', body: 'no' }, 'what stands there answers 405'],
    [{ status: 200, contentType: json, body: '{"status":"UP"}' }, 'what stands there answers 200, without a token'],
    [{ status: 503, contentType: json, headers: { 'Retry-After': '7' }, body: '' }, 'The server is busy. Try again in 7 seconds.'],
  ] as const) {
    await page.context().route('**/oauth/token', (route) => route.fulfill(answer));
    await typeIn(page, 'editor', 'editor');
    await expect(problem, words).toContainText(words);
    await page.context().unroute('**/oauth/token');
  }
  await typeIn(page, 'editor', 'editor');
  await expect(signedIn(page)).toBeVisible();
});

test('a client that is refused is told apart from a wrong password, and another one can be named', async ({ openBrowser }) => {
  const page = await openBrowser('/');
  await wantsClient(page.context(), [basic('desk', 's3cret:ü')]);
  await typeIn(page, 'editor', 'editor');
  await expect(page.getByRole('alert')).toContainText('The token service gave no token. User and password may not match, or it does not accept the client “cf”: its answer does not say which.');
  await page.getByText('Client of the token service').click();
  await page.getByLabel('Client', { exact: true }).fill('other');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('it does not accept the client “other”');
  await page.getByLabel('Client', { exact: true }).fill('desk');
  await page.getByLabel('Client secret', { exact: true }).fill('s3cret:ü');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(signedIn(page)).toBeVisible();
});

async function tokenOf(server: DemoServer, user: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'password', username: user, password: user });
  const answer = await fetch(`${server.address}/oauth/token`, { method: 'POST', body });
  return (await answer.json()).access_token;
}

/** A gateway that gives people tokens which say nothing, and exchanges them for those of the systems. */
async function exchangesTokens(context: BrowserContext, tokens: Record<string, string>): Promise<void> {
  await context.route(/\/(crmRestApi|v3)\//, async (route) => {
    const headers = await route.request().allHeaders();
    const token = tokens[(headers.authorization ?? '').replace('Bearer ', '')];
    return route.continue({ headers: token ? { ...headers, authorization: `Bearer ${token}` } : headers });
  });
}

async function paste(page: Page, token: string): Promise<void> {
  await page.getByLabel('Sign-in method').selectOption('access-token');
  await page.getByLabel('Access token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(signedIn(page)).toBeVisible();
}

test('a pasted token that cannot be one, or that the system does not take, is told as that', async ({ openBrowser }) => {
  const page = await openBrowser('/');
  await page.getByLabel('Sign-in method').selectOption('access-token');
  const token = page.getByLabel('Access token', { exact: true });
  for (const [pasted, words] of [
    ['eyJ one two', 'This cannot be an access token: it holds a blank'],
    ['eyJ–one', 'This cannot be an access token'],
    ['nobodys', 'does not accept this access token'],
  ]) {
    await token.fill(pasted);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(words);
  }
});

test('nobody takes up what another one’s nameless token left', async ({ openBrowser, records, server, watch }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const address = eventAddress(BATCH, event.EventNumber);
  const page = await openBrowser(address);
  const context = page.context();
  await exchangesTokens(context, { 'opaque-one': await tokenOf(server, 'editor'), 'opaque-two': await tokenOf(server, 'editor2') });
  // A name that was typed before the way was chosen says nothing.
  await page.getByLabel('User', { exact: true }).fill('somebody');
  await paste(page, 'opaque-one');
  await expect(page.getByTestId('who')).toContainText('Whoever this token belongs to');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await context.setOffline(true);
  await drawer.correct('Service', '+49 nameless');
  await expect(savedState(page)).toHaveText('Offline, 1 saving');
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  await page.close();
  await context.setOffline(false);
  const other = await context.newPage();
  await other.goto('/changes');
  await paste(other, 'opaque-two');
  await expect(other.getByText('Nothing changed yet')).toBeVisible();
  await expect(other.getByRole('group', { name: 'Totals' })).toContainText('The token does not name its owner');
  expect(watch.writes).toEqual([]);
  await signedIn(other).click();
  await paste(other, 'opaque-one');
  await expect(other.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(other);
  await expect(new ChangesPage(other).rows(event.EventNumber, 'Done')).toHaveCount(1);
});

test('who brings another nameless token when the session has ended is asked whether they are the same, and a no sends nothing', async ({ openBrowser, records, server, watch, faults }) => {
  const event = (await records.eventsInError(BATCH))[4];
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await exchangesTokens(page.context(), { 'opaque-four': await tokenOf(server, 'editor'), 'opaque-five': await tokenOf(server, 'editor') });
  await paste(page, 'opaque-four');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await faults.set({ method: 'PATCH', times: 1, kind: { refuse: { status: 401 } } });
  await drawer.correct('Service', '+49 by its owner');
  const { dialog } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  const before = watch.writes.length;
  const bring = async (answer: 'accept' | 'dismiss') => {
    const question = page.waitForEvent('dialog').then(async (asked) => {
      await asked[answer]();
      return asked.message();
    });
    await dialog.getByLabel('Access token', { exact: true }).fill('opaque-five');
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    return question;
  };
  expect(await bring('dismiss')).toContain('This token does not tell whose it is. Are you the person who made the changes on this page?');
  await expect(dialog.getByRole('alert')).toContainText('Only the person who made the changes on this page can go on here');
  await expect(savedState(page)).toHaveText(/Paused/);
  expect(watch.writes.length).toBe(before);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);

  await bring('accept');
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 by its owner');
});

test('a nameless token’s owner is asked for where somebody knows it', async ({ openBrowser, server }) => {
  const page = await openBrowser('/batches');
  const context = page.context();
  await exchangesTokens(context, { 'opaque-three': await tokenOf(server, 'editor') });
  await context.route('**/userinfo', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ user_id: '7', user_name: 'editor' }) }));
  await paste(page, 'opaque-three');
  await expect(page.getByTestId('who')).toContainText('editor');
});

test('a token that only Oracle knows ends nothing but LogiSense’s screens', async ({ openBrowser, records, server }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const page = await openBrowser(BUCKETS);
  await page.context().route(/\/ResourceServer\//, (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[{"message":"The token is not known."}]}' }));
  await paste(page, await tokenOf(server, 'editor'));
  const session = sessionDialog(page);
  await expect(session.dialog.getByRole('heading')).toHaveText('Your session at LogiSense has ended');
  await session.dialog.getByRole('button', { name: 'Not now', exact: true }).click();
  await page.getByRole('link', { name: 'Batches', exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  await page.getByRole('grid', { name: 'Batches' }).getByRole('gridcell', { name: BATCH, exact: true }).dblclick();
  await expect(session.dialog).toBeHidden();
  await page.goto(eventAddress(BATCH, event.EventNumber));
  await paste(page, await tokenOf(server, 'editor'));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('Service', '+49 only Oracle');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 only Oracle');
});

for (const [system, path, address] of [
  ['LogiSense', '/ResourceServer/', BUCKETS],
  ['Cloud Foundry', '/v3/', '/service-usage'],
] as const) {
  test(`a 401 of ${system} holds up nothing of Oracle’s, and signing in there goes on there`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[system === 'LogiSense' ? 2 : 3];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ path, kind: { refuse: { status: 401 } } });
    await page.getByRole('link', { name: system === 'LogiSense' ? 'Buckets' : 'Service usage', exact: true }).click();
    const session = sessionDialog(page);
    await expect(session.dialog.getByRole('heading')).toHaveText(`Your session at ${system} has ended`);
    await session.dialog.getByRole('button', { name: 'Not now', exact: true }).click();
    await page.goBack();
    await drawer.expectOpen();
    await drawer.correct('Service', `+49 beside ${system}`);
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 beside ${system}`);
    await faults.clear();
    await page.getByRole('link', { name: system === 'LogiSense' ? 'Buckets' : 'Service usage', exact: true }).click();
    await expect(session.dialog).toBeVisible();
    await session.signInAgain('editor');
    await expect(session.dialog).toBeHidden();
    if (address === BUCKETS) {
      await expect(page.getByRole('group', { name: 'Totals' })).toContainText(/\d base buckets?/);
    } else {
      await expect(page.getByRole('grid', { name: 'Service usage events' })).toHaveAttribute('aria-rowcount', /[1-9]/);
    }
  });
}
