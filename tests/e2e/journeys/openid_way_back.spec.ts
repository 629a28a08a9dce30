// The address that a provider leads back to, opened by somebody else, again, or beside a session: only the answer to a
// question of this browser is taken, once, and what it holds leaves the address whatever becomes of it.
import type { Page } from '@playwright/test';
import { goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectSignedIn } from '../person/sign_in';
import type { IdentityProvider } from '../stand/identity_provider';
import { expect, test } from '../stand/openid_test';

test.use({ journey: 'openid way back' });

const STRANGE = /belongs to no sign-in that this browser has begun, or was used before\. Nothing was sent/;

/** Every address that a page had, as the browser tells them. */
function addressesOf(page: Page): string[] {
  const addresses: string[] = [];
  page.on('framenavigated', (frame) => addresses.push(frame.url()));
  return addresses;
}

for (const [what, query, words] of [
  ['a code and any state', '?code=stolen&state=anything', STRANGE],
  ['a code without state', '?code=stolen', /opened without an answer/],
  ['nothing', '', /opened without an answer/],
  ['an error and any state', '?error=access_denied&state=anything', STRANGE],
  ['markup', '?code=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&state=%3Cb%3E', STRANGE],
  ['two states', '?code=stolen&state=a&state=b', /opened without an answer/],
] as const) {
  test(`${what} in a fresh tab signs nobody in and asks for no token`, async ({ openBrowser, provider }) => {
    const page = await openBrowser(`/callback${query}`);
    await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(page.getByText(words)).toBeVisible();
    await expect(page).toHaveURL('/');
    expect(provider.tokenRequests()).toEqual([]);
    // From here people sign in as ever.
    await signInByProvider(page, 'editor');
  });
}

test('a strange answer in a tab beside a session neither ends it nor is taken', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  const tab = await page.context().newPage();
  await tab.goto('/callback?code=stolen&state=anything');
  // The session of the browser goes on there, as in any new tab, or the form says why not: no token was asked for.
  await expect(tab.getByText(STRANGE)).toBeVisible();
  expect(new URL(tab.url()).search).toBe('');
  expect(provider.tokenRequests()).toHaveLength(1);
  await expectSignedIn(page);
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('grid')).toBeVisible();
});

test('an answer that was used is not taken again, by reload, by Back or in another tab', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  let answer = '';
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/callback') answer = request.url();
  });
  const addresses = addressesOf(page);
  await signInByProvider(page, 'editor');
  expect(answer).toContain('code=');
  expect(addresses.at(-1)).not.toContain('code=');
  await page.goto(answer);
  await expect(page.getByText(STRANGE)).toBeVisible();
  expect(page.url()).not.toContain('code=');
  const tab = await page.context().newPage();
  await tab.goto(answer);
  await expect(tab.getByText(STRANGE)).toBeVisible();
  expect(tab.url()).not.toContain('code=');
  expect(provider.tokenRequests()).toHaveLength(1);
});

/** The provider's answer does not come back by itself: the page stands elsewhere, and the answer is here. */
async function answerHeldBack(page: Page, provider: IdentityProvider): Promise<string> {
  let answer = '';
  provider.front.changeWayBack = (address) => {
    answer = address.toString();
    address.pathname = '/version';
    address.search = '';
  };
  await goToProvider(page);
  await signInAtProvider(page, 'editor');
  await page.waitForURL('**/version');
  expect(answer).toContain('code=');
  provider.front.changeWayBack = undefined;
  return answer;
}

test('an answer to an older question of the same tab is not taken', async ({ openBrowser, provider }) => {
  const page = await openBrowser('/batches');
  const answer = await answerHeldBack(page, provider);
  // Another sign-in is begun and has no answer yet; then the first one's comes.
  provider.asksForConsent = true;
  await page.goto('/batches');
  await goToProvider(page);
  await page.getByRole('button', { name: 'Allow' }).waitFor();
  await page.goto(answer);
  await expect(page.getByText(STRANGE)).toBeVisible();
  expect(provider.tokenRequests()).toEqual([]);
});

test('an answer of one browser is of no use in another', async ({ openBrowser, provider }) => {
  const answer = await answerHeldBack(await openBrowser('/batches'), provider);
  const other = await openBrowser(answer);
  await expect(other.getByText(STRANGE)).toBeVisible();
  expect(provider.tokenRequests()).toEqual([]);
});

for (const way of ['//evil.example/', '/\\evil.example', '/%5C%5Cevil.example/']) {
  test(`the way back is a path of this origin, also from ${way}`, async ({ openBrowser, server }) => {
    const page = await openBrowser(server.address + way);
    await signInByProvider(page, 'editor');
    expect(new URL(page.url()).origin).toBe(server.address);
  });
}
