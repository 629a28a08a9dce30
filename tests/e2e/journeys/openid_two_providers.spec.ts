// Oracle knows people by one provider, Cloud Foundry by another: each system is shown what its own provider gave, and
// nobody's answer is taken for the other's.
import type { Page } from '@playwright/test';
import { goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/openid_test';

test.use({
  journey: 'openid two providers',
  connect: async ({}, use) => use(({ first, second }) => ({ oracle: first.connection, cloudFoundry: second.connection })),
});

/** Who made the token that each system was shown, as a page sends it. */
function issuersShown(page: Page): Record<'oracle' | 'cloudFoundry', Set<string>> {
  const shown = { oracle: new Set<string>(), cloudFoundry: new Set<string>() };
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    const token = request.headers().authorization?.replace(/^bearer /i, '');
    if (!token) return;
    const { iss } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    if (pathname.startsWith('/crmRestApi/')) shown.oracle.add(iss);
    if (pathname.startsWith('/v3/')) shown.cloudFoundry.add(iss);
  });
  return shown;
}

const screens = (page: Page) => page.getByRole('navigation', { name: 'Screens' });

test('each system asks for its own sign-in and is shown its own token, in every tab', async ({ openBrowser, providers }) => {
  const { first, second } = providers;
  const page = await openBrowser('/batches');
  const shown = issuersShown(page);
  await signInByProvider(page, 'editor');
  expect(second.tokenRequests()).toEqual([]);
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  const { dialog } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  const [beside] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('button', { name: `Sign in at ${new URL(second.issuer).host}` }).click()]);
  await signInAtProvider(beside, 'editor');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first()).toBeVisible();
  await expect.poll(() => [...shown.cloudFoundry]).toEqual([second.issuer]);
  expect([...shown.oracle]).toEqual([first.issuer]);

  const tab = await page.context().newPage();
  const shownThere = issuersShown(tab);
  await tab.goto('/service-usage');
  await expect(tab.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first()).toBeVisible();
  await expect.poll(() => [...shownThere.cloudFoundry]).toEqual([second.issuer]);
  expect(second.tokenRequests()).toHaveLength(1);
});

test('a system whose provider is away holds up no other', async ({ openBrowser, providers }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  providers.second.goAway('cut', true);
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  const { dialog } = sessionDialog(page);
  await dialog.getByRole('button', { name: /^Sign in at / }).click();
  await expect(dialog.getByRole('alert')).toContainText('did not answer');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await screens(page).getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
});

test('an answer that comes by the way back of the other one is not taken, whether it says whose it is or not', async ({ openBrowser, providers }) => {
  const { first } = providers;
  first.describeItselfWith((body) => ({ ...body, authorization_response_iss_parameter_supported: false }));
  first.front.changeWayBack = (address) => {
    address.pathname = '/callback/cloud-foundry';
    address.searchParams.delete('iss');
  };
  const page = await openBrowser('/batches');
  await goToProvider(page);
  await signInAtProvider(page, 'editor');
  await expect(page.getByText('The answer came by the way back of another provider. Nothing was sent to either.')).toBeVisible();
  expect([...first.tokenRequests(), ...providers.second.tokenRequests()]).toEqual([]);
});

test('an answer of the wrong one of the two is not taken beside the work', async ({ openBrowser, providers }) => {
  const { first, second } = providers;
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  second.front.changeWayBack = ({ searchParams }) => searchParams.set('iss', first.issuer);
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  const { dialog } = sessionDialog(page);
  const [beside] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('button', { name: /^Sign in at / }).click()]);
  await signInAtProvider(beside, 'editor');
  await expect(dialog.getByRole('alert')).toContainText(`The answer is of “${first.issuer}”, and “${second.issuer}” was asked`);
  expect(second.tokenRequests()).toEqual([]);
  expect(first.tokenRequests()).toHaveLength(1);
});
