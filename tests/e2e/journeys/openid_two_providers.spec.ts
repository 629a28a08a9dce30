// Oracle knows people by one provider, Cloud Foundry by another: each system is shown what its own provider gave, and
// nobody's answer is taken for the other's.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { leaveWaiting } from '../person/left_waiting';
import { goToProvider, signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectAllSaved } from '../person/saved_state';
import { expectSignedIn, sessionDialog } from '../person/sign_in';
import type { IdentityProvider } from '../stand/identity_provider';
import { linesOnDisk } from '../stand/journal';
import { expect, test } from '../stand/openid_test';

type Providers = { first: IdentityProvider; second: IdentityProvider };

/** Three connections; LogiSense has tokens of its own. */
const connections = ({ first, second }: Providers) => ({ oracle: first.connection, logiSense: {}, cloudFoundry: second.connection });

const BATCH = 'UB-2026-10-TEL';

test.use({
  journey: 'openid two providers',
  connect: async ({}, use) => use(connections),
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

/** Signs in at a system's provider beside the work, whose session is asked for. */
async function signInBeside(page: Page, provider: IdentityProvider): Promise<void> {
  const { dialog } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  const [beside] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('button', { name: `Sign in at ${new URL(provider.issuer).host}` }).click()]);
  await signInAtProvider(beside, 'editor');
  await expect(dialog).toBeHidden();
}

test('each system asks for its own sign-in and is shown its own token, in every tab', async ({ openBrowser, providers }) => {
  const { first, second } = providers;
  const page = await openBrowser('/batches');
  const shown = issuersShown(page);
  await signInByProvider(page, 'editor');
  expect(second.tokenRequests()).toEqual([]);
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  await signInBeside(page, second);
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

test('two tabs work with three connections for many lives of their tokens, and each refresh token is used once', async ({ openBrowser, providers, faults }) => {
  const { first, second } = providers;
  const both = [first, second];
  for (const provider of both) provider.tokenSeconds = 6;
  const page = await openBrowser('/batches');
  const logins: string[] = [];
  page.context().on('request', (request) => request.url().endsWith('/Access/Login') && logins.push(request.postData() ?? ''));
  await signInByProvider(page, 'editor');
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  await signInBeside(page, second);
  await screens(page).getByRole('link', { name: 'Buckets' }).click();
  await sessionDialog(page).signInAgain('editor');
  await expect(sessionDialog(page).dialog).toBeHidden();
  const tab = await page.context().newPage();
  await tab.goto('/batches');
  await expectSignedIn(tab);
  const isRenewedOften = () => both.every((provider) => provider.tokenRequests('refresh_token').length >= 3);
  while (!isRenewedOften()) {
    // What LogiSense gave is refused as well, once in each round.
    await faults.set({ path: '/ResourceServer/', times: 1, kind: { refuse: { status: 401 } } });
    for (const [link, grid] of [['Batches', 'Batches'], ['Service usage', 'Service usage events'], ['Buckets', 'Base buckets']]) {
      // Both run into the same old token.
      await Promise.all(
        [page, tab].map(async (each) => {
          await screens(each).getByRole('link', { name: link }).click();
          await expect(each.getByRole('grid', { name: grid }).getByRole('gridcell').first()).toHaveText(/./);
        }),
      );
    }
  }
  for (const each of [page, tab]) await expect(sessionDialog(each).dialog).toBeHidden();
  for (const provider of both) {
    expect([...provider.front.refreshTokenUses.values()].filter((times) => times !== 1)).toEqual([]);
    expect(provider.tokenRequests('authorization_code')).toHaveLength(1);
  }
  expect(logins.filter((body) => body.includes('editor'))).toHaveLength(1);
});

test('what waits for people of one provider is not sent by those of another who are called the same', async ({ openBrowser, providers, records, server }) => {
  const { first, second } = providers;
  const event = (await records.eventsInError(BATCH))[0];
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const context = await leaveWaiting(page, event.EventNumber, '+49 for people of the first');

  await server.writeConnections(JSON.stringify({ ...connections(providers), oracle: second.connection }));
  const other = await context.newPage();
  const shown = issuersShown(other);
  await other.goto(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(other, 'editor');
  await new EventDrawer(other, event.EventNumber).expectOpen();
  await expectAllSaved(other);
  await screens(other).getByRole('link', { name: 'Changes' }).click();
  await expect(other.getByText('One change that somebody else made, or that was made for other connections, is kept in this browser too.')).toBeVisible();
  expect(await linesOnDisk(other)).toBe(1);
  expect([...shown.oracle]).toEqual([second.issuer]);
  expect(first.tokenRequests('authorization_code')).toHaveLength(1);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  await other.close();

  await server.writeConnections(JSON.stringify(connections(providers)));
  const back = await context.newPage();
  await back.goto(eventAddress(BATCH, event.EventNumber));
  // The first provider knows this browser still.
  await goToProvider(back);
  await expect(back.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(back);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 for people of the first');
});

test('what waits for a person is not sent by another of the same provider and the same name', async ({ openBrowser, providers, records }) => {
  const { first } = providers;
  const event = (await records.eventsInError(BATCH))[1];
  const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const context = await leaveWaiting(page, event.EventNumber, '+49 for the one who left');

  // The name was given anew: whoever is called so now has another number.
  first.answerTokenWith({ idToken: { sub: 'person-who-came-later' } });
  const other = await context.newPage();
  await other.goto(eventAddress(BATCH, event.EventNumber));
  // The provider knows this browser still.
  await goToProvider(other);
  await new EventDrawer(other, event.EventNumber).expectOpen();
  await expectAllSaved(other);
  await screens(other).getByRole('link', { name: 'Changes' }).click();
  await expect(other.getByText('One change that somebody else made, or that was made for other connections, is kept in this browser too.')).toBeVisible();
  expect(await linesOnDisk(other)).toBe(1);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  await other.close();

  first.answerTokenWith();
  const back = await context.newPage();
  await back.goto(eventAddress(BATCH, event.EventNumber));
  await goToProvider(back);
  await expect(back.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(back);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 for the one who left');
});
