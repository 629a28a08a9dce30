// A sign-in that was begun and comes to nothing: given up at the provider, too old, reloaded in the middle, or with a
// token that the system does not take. Nothing of it stays in the browser, and the person arrives where they were going.
import type { Page } from '@playwright/test';
import { goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectSignedIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { secretsIn } from '../stand/kept_secrets';
import { expect, test } from '../stand/openid_test';
import { takePictures } from '../stand/pictures';

test.use({ journey: 'openid given up' });

const WANTED = '/events?status=ORA_ERROR';

const heading = (page: Page) => page.getByRole('heading', { name: 'Sign in', exact: true });

/** What the tab keeps but for which records were opened last. */
const keptInTab = (page: Page) => page.evaluate(() => Object.keys(sessionStorage).filter((name) => name !== 'usage-desk.recent'));

/** What the page keeps of a sign-in that it begins: its state, nonce and verifier, as they are written. */
async function secretsOf(page: Page): Promise<string[]> {
  const secrets: string[] = [];
  await page.exposeBinding('noteKept', (_, text: string) => {
    const { answered, state, nonce, verifier } = JSON.parse(text);
    if (!answered) secrets.push(state, nonce, verifier);
  });
  await page.addInitScript(() => {
    const keep = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name, value) {
      if (this === sessionStorage && name !== 'usage-desk.recent') (window as any).noteKept(value);
      keep.call(this, name, value);
    };
  });
  return secrets;
}

for (const [what, comeBack] of [
  ['by Back', (page: Page) => page.goBack()],
  ['by another address', (page: Page) => page.goto('/batches')],
  ['by the answer to another question', (page: Page) => page.goto('/callback?code=x&state=another')],
] as const) {
  test(`who gives a sign-in up and comes back ${what} leaves nothing of it`, async ({ openBrowser }) => {
    const page = await openBrowser('/version');
    const secrets = await secretsOf(page);
    await page.goto('/batches');
    await goToProvider(page);
    await page.getByRole('heading', { name: 'Sign in at the provider' }).waitFor();
    expect(secrets.filter((secret) => /^[\w-]{43}$/.test(secret))).toHaveLength(3);
    await comeBack(page);
    await expect(heading(page)).toBeVisible();
    expect(await keptInTab(page)).toEqual([]);
    expect(await secretsIn(page, secrets)).toEqual([]);
    // The button leads there again.
    await signInByProvider(page, 'editor');
    expect(await keptInTab(page)).toEqual([]);
    expect(await secretsIn(page, secrets)).toEqual([]);
  });
}

test('a provider’s page that does not open is asked for again by another press', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  // A file in the page's place leaves the browser where it is, as a press on Stop does.
  const file = { contentType: 'application/octet-stream', headers: { 'content-disposition': 'attachment' }, body: 'no page' };
  await page.route(`${provider.issuer}/auth?**`, (route) => route.fulfill(file), { times: 1 });
  await goToProvider(page);
  await expect(page.getByText('If it does not, press again.')).toBeVisible();
  await signInByProvider(page, 'editor');
  expect(await keptInTab(page)).toEqual([]);
});

test('a reload while the code is exchanged goes on where the person was going', async ({ openBrowser, provider }) => {
  const page = await openBrowser(WANTED);
  await goToProvider(page);
  const token = provider.front.holdToken();
  await signInAtProvider(page, 'editor');
  await token.arrived;
  await expect(page).toHaveURL(WANTED);
  await page.reload();
  token.letGo();
  await expect(heading(page)).toBeVisible();
  const cut = page.getByText('Your sign-in was cut before it was finished, as by a reload. Nothing is lost: sign in again here.');
  await expect(cut).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'sign-in cut');
  expect(await keptInTab(page)).toEqual([]);
  // That is told once.
  await page.reload();
  await expect(heading(page)).toBeVisible();
  await expect(cut).toHaveCount(0);
  // The provider knows the browser still.
  await goToProvider(page);
  await expectSignedIn(page);
  await expect(page).toHaveURL(WANTED);
});

test('an answer that comes after more than an hour is not taken', async ({ openBrowser, provider }) => {
  const page = await openBrowser(WANTED);
  await goToProvider(page);
  await page.getByRole('heading', { name: 'Sign in at the provider' }).waitFor();
  await page.clock.install({ time: Date.now() + 3_700_000 });
  await signInAtProvider(page, 'editor');
  await expect(page.getByText('That sign-in was begun more than an hour ago')).toBeVisible();
  await expect(page).toHaveURL(WANTED);
  expect(await keptInTab(page)).toEqual([]);
  expect(provider.tokenRequests()).toEqual([]);
});

test('a token that the system does not take at first is told as that, and taken back', async ({ openBrowser, provider }) => {
  provider.answerTokenWith({ answer: { access_token: 'for.another.system' } });
  const page = await openBrowser(WANTED);
  await goToProvider(page);
  await signInAtProvider(page, 'editor');
  const { host } = new URL(provider.issuer);
  await expect(page.getByText(`Oracle Subscription Management does not accept the token that ${host} gave. Ask whoever set up this connection`)).toBeVisible();
  await expect(page.getByText('session has ended')).toHaveCount(0);
  await expect(heading(page)).toBeVisible();
  const revoked = provider.front.asked.filter(({ path }) => path === '/token/revocation');
  expect(revoked).toHaveLength(1);
  provider.answerTokenWith(undefined);
  await goToProvider(page);
  await expectSignedIn(page);
  await expect(page).toHaveURL(WANTED);
});
