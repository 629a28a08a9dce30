// People sign in at an identity provider: by a redirect there and back to what they wanted to look at. Whatever is not
// as it must be is told with both texts, and nobody is signed in by it.
import type { Page } from '@playwright/test';
import { answerConsent, goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectSignedIn } from '../person/sign_in';
import { pressEnterOn } from '../person/tab_to';
import { violations } from '../stand/axe';
import { secretsIn } from '../stand/kept_secrets';
import { expect, test } from '../stand/openid_test';
import { StrangerPage } from '../stand/stranger_page';
import { takePictures } from '../stand/pictures';
import type { TokenPatch } from '../stand/identity_provider';

test.use({ journey: 'openid signs in' });

const heading = (page: Page) => page.getByRole('heading', { name: 'Sign in', exact: true });

/** The console's own form again, with these words, and nobody signed in. */
async function expectTold(page: Page, words: string | RegExp): Promise<void> {
  await expect(heading(page)).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
  expect(new URL(page.url()).search).toBe('');
}

test('the way leads to the provider and back to what was asked for, and leaves nothing behind', async ({ openBrowser, provider, server }) => {
  const wanted = '/events?status=ORA_ERROR';
  const page = await openBrowser(wanted);
  await goToProvider(page);
  await expect(page.getByRole('heading', { name: 'Sign in at the provider' })).toBeVisible();
  const [{ query }] = provider.front.asked.filter(({ path }) => path === '/auth');
  expect(query).toMatchObject({ client_id: 'usage-desk', response_type: 'code', code_challenge_method: 'S256', redirect_uri: `${server.address}/callback` });
  expect(query.scope.split(' ')).toEqual(['openid', 'profile', 'offline_access']);
  await signInAtProvider(page, 'editor');
  await expectSignedIn(page);
  await expect(page).toHaveURL(wanted);
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toHaveAttribute('title', /^Edith Okafor, Editor\. /);

  const [asked, ...more] = provider.tokenRequests();
  expect(more).toEqual([]);
  expect(asked.form).toMatchObject({ grant_type: 'authorization_code', client_id: 'usage-desk', redirect_uri: `${server.address}/callback` });
  expect(asked.form).not.toHaveProperty('client_secret');
  expect(await secretsIn(page, provider.front.secrets)).toEqual([]);
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name !== 'usage-desk.recent'))).toEqual([]);
  // Back leads to the provider's pages, not to a used answer.
  await page.reload();
  await expect(heading(page)).toBeVisible();
  expect(provider.tokenRequests()).toHaveLength(1);
});

test('what a person changes is written by the name that the provider knows', async ({ openBrowser, records }) => {
  const [event] = await records.eventsInError('UB-2026-10-TEL');
  const page = await openBrowser(`/batches/UB-2026-10-TEL/events/${event.EventNumber}`);
  await signInByProvider(page, 'editor');
  const field = page.getByLabel('Service', { exact: true });
  await field.fill('+49 by the provider');
  await field.press('Enter');
  await expect.poll(async () => (await records.event(event.EventNumber)).LastUpdatedBy).toBe('editor');
});

test('a viewer is offered what a viewer may do, by the scopes of the token', async ({ openBrowser }) => {
  const page = await openBrowser('/events');
  await signInByProvider(page, 'viewer');
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toHaveAttribute('title', /^Vera Lindqvist, Viewer\. /);
});

test('who refuses consent is back at the form, and may think again', async ({ openBrowser, provider }) => {
  provider.asksForConsent = true;
  const page = await openBrowser('/batches');
  await goToProvider(page);
  await signInAtProvider(page, 'editor');
  await answerConsent(page, 'Refuse');
  await expectTold(page, /did not let you in, or you refused: The person said no\. \(access_denied\)/);
  expect(provider.tokenRequests()).toEqual([]);
  await takePictures(page, 'sign in at a provider');
  expect(await violations(page)).toEqual([]);
  // By keyboard alone.
  await pressEnterOn(page, 'button', /^Sign in at /);
  await answerConsent(page, 'Allow');
  await expectSignedIn(page);
});

for (const [what, change, words] of [
  ['another issuer', ({ searchParams }: URL) => searchParams.set('iss', 'https://evil.example'), /The answer is of “https:\/\/evil\.example”, and “http:\/\/127\.0\.0\.1:\d+” was asked/],
  ['the issuer with a slash', ({ searchParams }: URL) => searchParams.set('iss', `${searchParams.get('iss')}/`), /The answer is of “http:\/\/127\.0\.0\.1:\d+\/”, and/],
  ['no issuer', ({ searchParams }: URL) => searchParams.delete('iss'), /does not say whose it is/],
  ['two issuers', ({ searchParams }: URL) => searchParams.append('iss', searchParams.get('iss')!), /holds “iss” twice/],
  ['two codes', ({ searchParams }: URL) => searchParams.append('code', 'another'), /holds “code” twice/],
] as const) {
  test(`an answer with ${what} is not taken, and no code goes anywhere`, async ({ openBrowser, provider }) => {
    provider.front.changeWayBack = change;
    const page = await openBrowser('/batches');
    await goToProvider(page);
    await signInAtProvider(page, 'editor');
    await expectTold(page, words);
    expect(provider.tokenRequests()).toEqual([]);
  });
}

test('an answer of the other provider is held against the one that was asked', async ({ openBrowser, provider, providers }) => {
  provider.front.changeWayBack = ({ searchParams }) => searchParams.set('iss', providers.second.issuer);
  const page = await openBrowser('/batches');
  await goToProvider(page);
  await signInAtProvider(page, 'editor');
  await expectTold(page, `The answer is of “${providers.second.issuer}”, and “${provider.issuer}” was asked. Nothing was sent to either.`);
  expect([...provider.tokenRequests(), ...providers.second.tokenRequests()]).toEqual([]);
});

test('a provider that describes itself by another name is not gone to', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  const told = async (member: string, value: unknown, words: string) => {
    provider.describeItselfWith((body) => ({ ...body, [member]: value }));
    await goToProvider(page);
    await expect(page.getByRole('alert')).toContainText(words);
  };
  await told('issuer', `${provider.issuer}/`, `calls itself “${provider.issuer}/”, and connections.json names it “${provider.issuer}”`);
  await told('token_endpoint', 'http://evil.example/token', 'names the address “http://evil.example/token”, which must begin with https://');
  await told('authorization_endpoint', 'javascript:alert(1)', 'names the address “javascript:alert(1)”, which must begin with https://');
  await told('end_session_endpoint', 'http://evil.example/', 'which must begin with https://');
  await told('authorization_endpoint', `${provider.issuer}/auth#x`, 'which must end before its #');
  await told('token_endpoint', `${provider.issuer}/token#`, 'which must end before its #');
  await told('authorization_endpoint', `${provider.issuer}/auth?tenant=1&client_id=x`, 'which already says “client_id”');
  await told('code_challenge_methods_supported', ['plain'], 'does not take PKCE by S256');
  await told('token_endpoint', undefined, 'does not describe an OpenID provider: it does not name its token_endpoint.');
  expect(provider.front.asked.filter(({ path }) => path === '/auth')).toEqual([]);
  provider.describeItselfWith((body) => body);
  await signInByProvider(page, 'editor');
});

test('what a provider need not say of itself may be null or empty, and a query of its own stays', async ({ openBrowser, provider }) => {
  provider.describeItselfWith((body) => ({
    ...body,
    authorization_endpoint: `${body.authorization_endpoint}?tenant=one%20two`,
    end_session_endpoint: null,
    revocation_endpoint: '',
    authorization_response_iss_parameter_supported: null,
    code_challenge_methods_supported: [],
  }));
  await signInByProvider(await openBrowser('/batches'), 'editor');
  const [{ query }] = provider.front.asked.filter(({ path }) => path === '/auth');
  expect(query).toMatchObject({ tenant: 'one two', client_id: 'usage-desk', response_type: 'code' });
});

test('an ID token counts in fractions of seconds, and its names hold any sign', async ({ openBrowser, provider }) => {
  const now = Date.now() / 1000;
  const name = 'Zoë \u202e \u{1f600} \ud83d';
  provider.answerTokenWith({ idToken: { iat: now - 0.25, nbf: now - 0.125, exp: now + 3600.5, name } });
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  await expect(page.getByTestId('who')).toContainText('Zoë');
});

test('a provider that is away is told, and asked again by the next press', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  for (const [how, words] of [
    [503, 'answers 503'],
    ['cut', 'did not answer'],
    ['html', 'does not describe an OpenID provider'],
  ] as const) {
    provider.goAway(how, true);
    await goToProvider(page);
    await expect(page.getByRole('alert')).toContainText(words);
  }
  provider.comeBack();
  await signInByProvider(page, 'editor');
});

test('a provider of many tenants lets in people of those that the file names, and of no others', async ({ openBrowser, provider, server, faults }) => {
  const issuer = provider.speakForMany('tenant-a');
  const connectTo = (tenants?: string[]) => server.writeConnections(JSON.stringify({ oracle: { openIdConnect: { issuer, clientId: 'usage-desk', scopes: ['openid', 'offline_access'], tenants } } }));
  const begin = async (tenants?: string[]) => {
    await connectTo(tenants);
    const page = await openBrowser('/batches');
    await goToProvider(page);
    return page;
  };
  const unnamed = await begin();
  const both = `calls itself “${provider.issuer}/{tenantid}”, and connections.json names it “${issuer}”.`;
  await expectTold(unnamed, `${both} It speaks for many tenants: nobody is let in until connections.json names the “tenants” whose people are.`);
  const other = await begin(['tenant-b']);
  await signInAtProvider(other, 'editor');
  await expectTold(other, /it is of the tenant “tenant-a”, which connections.json does not name\. It is not taken/);

  const page = await begin(['tenant-b', 'tenant-a']);
  await signInAtProvider(page, 'editor');
  await expectSignedIn(page);
  // Their work is kept for them by the issuer of their own tenant, which a renewal has to name again.
  const { subject } = await (await StrangerPage.beside(page, server)).sessionOfATab();
  expect(subject).toBe(`${provider.issuer}/tenant-a\nperson-of-editor`);
  await faults.set({ path: '/crmRestApi/', times: 1, kind: { refuse: { status: 401 } } });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect.poll(() => provider.tokenRequests('refresh_token')).toHaveLength(1);
  await expect(page.getByRole('grid', { name: 'Usage events' }).getByRole('row').nth(1)).toBeVisible();
  await server.writeConnections(JSON.stringify({ environment: { name: 'TEST', colour: 'amber' }, oracle: provider.connection, cloudFoundry: provider.connection }));
});

test('the settings tell that the page’s own policy keeps a sign-in from the token endpoint', async ({ openBrowser, watch }) => {
  const page = await openBrowser('/version');
  watch.expectsBlocked = 'https://tokens.example.com';
  await page.route('**/.well-known/openid-configuration', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), token_endpoint: 'https://tokens.example.com/token' } });
  });
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Test the connection to Oracle Subscription Management' }).click();
  await expect(page.getByText('does not let it call https://tokens.example.com')).toBeVisible();
});

test('a provider that the page’s own policy does not name is told as that, and not as away', async ({ openBrowser, provider, watch }) => {
  const page = await openBrowser('/version');
  watch.expectsBlocked = provider.issuer;
  await page.route('**/batches', async (route) => {
    const response = await route.fetch();
    const policy = response.headers()['content-security-policy'].replaceAll(` ${provider.issuer}`, '');
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  });
  await page.goto('/batches');
  await goToProvider(page);
  await expect(page.getByRole('alert')).toContainText(`This page’s Content-Security-Policy does not let it call ${provider.issuer}. Whoever looks after the web server can add that to connect-src`);
  expect(provider.front.asked).toEqual([]);
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'sign in, provider blocked');
});

for (const [what, patch, words] of [
  ['is of another issuer', { idToken: { iss: 'https://evil.example' } }, 'it is of “https://evil.example”'],
  ['is for another client', { idToken: { aud: 'another' } }, 'it is for another, not for “usage-desk”'],
  ['answers another question', { idToken: { nonce: 'another' } }, 'it answers another question'],
  ['answers no question', { idToken: { nonce: undefined } }, 'it answers another question'],
  ['names nobody', { idToken: { sub: '' } }, 'it names nobody'],
  ['is none', { idToken: null }, 'gave no ID token that can be read'],
] as const satisfies readonly (readonly [string, TokenPatch, string])[]) {
  test(`who signs in by an ID token that ${what} is a stranger`, async ({ openBrowser, provider }) => {
    provider.answerTokenWith(patch);
    const page = await openBrowser('/batches');
    await goToProvider(page);
    await signInAtProvider(page, 'editor');
    await expectTold(page, new RegExp(words));
    expect(await secretsIn(page, provider.front.secrets)).toEqual([]);
  });
}

for (const [what, seconds] of [['half a minute slow', -30], ['half a minute fast', 30]] as const) {
  test(`a provider whose clock is ${what} signs people in`, async ({ openBrowser, provider }) => {
    provider.clockOffset(seconds);
    await signInByProvider(await openBrowser('/batches'), 'editor');
  });
}

test('a computer whose clock is an hour off signs people in', async ({ openBrowser }) => {
  for (const hours of [-1, 1]) {
    const page = await openBrowser('/version');
    await page.clock.install({ time: Date.now() + hours * 3_600_000 });
    await page.goto('/batches');
    await signInByProvider(page, 'editor');
  }
});

test('a life of a token that is no number is borne', async ({ openBrowser, provider }) => {
  provider.answerTokenWith({ answer: { expires_in: '300' } });
  await signInByProvider(await openBrowser('/batches'), 'editor');
});
