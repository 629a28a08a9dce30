// A session at a provider ends while work is open: the sign-in runs in a window beside it, whose answer reaches the tab
// that asked and nobody else. Nothing in the page is lost, whatever becomes of that window.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { signInAtProvider, signInByProvider } from '../person/provider_page';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expectSignedIn, sessionDialog } from '../person/sign_in';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { secretsIn } from '../stand/kept_secrets';
import { takePictures } from '../stand/pictures';
import { expect, test } from '../stand/openid_test';
import { StrangerPage, forged, showsForged } from '../stand/stranger_page';

const BATCH = 'UB-2026-10-TEL';

test.use({ journey: 'openid beside work' });

const ended = { path: '/crmRestApi', kind: { refuse: { status: 401 } } } as const;

/** An editor at an event whose session has ended under a change, and the dialog over it. */
async function sessionEnded({ openBrowser, provider, records, faults }: any, place: number, text: string) {
  const event = (await records.eventsInError(BATCH))[place];
  const page: Page = await openBrowser(eventAddress(BATCH, event.EventNumber));
  await signInByProvider(page, 'editor');
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  provider.front.refuseToken = { error: 'invalid_grant' };
  await faults.set({ method: 'PATCH', times: 1, ...ended });
  await drawer.correct('Service', text);
  const { dialog } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  provider.front.refuseToken = undefined;
  const button = dialog.getByRole('button', { name: /^Sign in at / });
  const open = async () => (await Promise.all([page.waitForEvent('popup'), button.click()]))[0];
  return { page, event, drawer, dialog, button, open };
}

test('ten rows wait and a cell is half typed when the session ends: the window beside costs neither', async ({ openBrowser, provider, records, faults }) => {
  const page = await openBrowser(`/batches/${BATCH}?status=ORA_ERROR`);
  await signInByProvider(page, 'editor');
  const events = (await records.eventsInError(BATCH)).slice(0, 11);
  const last = events.pop()!;
  const grid = new EventGrid(page);
  provider.front.refuseToken = { error: 'invalid_grant' };
  const held = provider.front.holdToken();
  await faults.set({ method: 'PATCH', ...ended });
  for (const { EventNumber } of events) await grid.correct(EventNumber, 'Service', `+49 of ${EventNumber}`);
  await held.arrived;
  const editor = await grid.openEditor(last.EventNumber, 'Service');
  await editor.fill('+49 half typ');
  held.letGo();
  const { dialog } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  await faults.clear();
  provider.front.refuseToken = undefined;
  const [beside] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('button', { name: /^Sign in at / }).click()]);
  // The provider knows the browser still.
  await beside.waitForEvent('close');
  await expect(dialog).toBeHidden();
  await expect(editor).toBeVisible();
  await expect(editor).toHaveValue('+49 half typ');
  await editor.fill('+49 half typed');
  await editor.press('Enter');
  await expect.poll(async () => (await records.event(last.EventNumber)).ServiceId).toBe('+49 half typed');
  await expectAllSaved(page);
  for (const { EventNumber } of events) expect((await records.event(EventNumber)).ServiceId).toBe(`+49 of ${EventNumber}`);
  expect(await secretsIn(page, provider.front.secrets)).toEqual([]);
});

test('where the browser opens no window, a link leads there', async ({ openBrowser, provider, records, faults }) => {
  const { page, dialog, button, event } = await sessionEnded({ openBrowser, provider, records, faults }, 2, '+49 blocked');
  await page.evaluate(() => (window.open = () => null));
  await button.click();
  const link = dialog.getByRole('link', { name: 'Nothing opened? Open it here' });
  await expect(link).toHaveAttribute('rel', /noopener/);
  const [beside] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await beside.waitForEvent('close').catch(() => {});
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 blocked');
});

test('a window that was closed is opened again, and only the later one counts', async ({ openBrowser, provider, records, faults }) => {
  const { page, dialog, open, event } = await sessionEnded({ openBrowser, provider, records, faults }, 3, '+49 closed');
  provider.asksForConsent = true;
  const first = await open();
  await first.getByRole('button', { name: 'Allow' }).waitFor();
  await first.close();
  await expect(dialog).toBeVisible();
  const second = await open();
  await second.getByRole('button', { name: 'Allow' }).click();
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 closed');
});

test('who refuses in the window beside may press again', async ({ openBrowser, provider, records, faults }) => {
  const { page, dialog, open } = await sessionEnded({ openBrowser, provider, records, faults }, 4, '+49 refused');
  provider.asksForConsent = true;
  const first = await open();
  await first.getByRole('button', { name: 'Refuse' }).click();
  await expect(dialog.getByRole('alert')).toContainText('you refused');
  await expect(savedState(page)).toHaveText('Paused, 1 saving');
  const second = await open();
  await second.getByRole('button', { name: 'Allow' }).click();
  await expectAllSaved(page);
});

test('another person who signs in beside the work does not go on with it', async ({ openBrowser, provider, records, faults }) => {
  const { page, dialog, open, event } = await sessionEnded({ openBrowser, provider, records, faults }, 5, '+49 of the editor');
  // At the provider the editor has gone, and somebody else sits down.
  await page.context().clearCookies();
  const beside = await open();
  await signInAtProvider(beside, 'editor2');
  await expect(dialog.getByRole('alert')).toContainText('This is editor2. Only Edith Okafor can go on here');
  await expect(savedState(page)).toHaveText('Paused, 1 saving');
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  await takePictures(page, 'another person beside the work');
  expect(await violations(page)).toEqual([]);
  // The provider knows that other person still, and is told to ask once more. By keyboard alone.
  await tabTo(page, 'button', /^Sign in at /);
  const [again] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
  await signInAtProvider(again, 'editor');
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 of the editor');
});

test('what others post to the channels signs nobody in and ends nothing', async ({ openBrowser, provider, records, faults, server }) => {
  const { page, dialog, open, event } = await sessionEnded({ openBrowser, provider, records, faults }, 6, '+49 foreign');
  provider.asksForConsent = true;
  const beside = await open();
  await beside.getByRole('button', { name: 'Allow' }).waitFor();
  const asked = provider.tokenRequests().length;
  // Any page of this origin: a file of the server will do.
  const stranger = await page.context().newPage();
  await stranger.goto(`${server.address}/version`);
  await stranger.evaluate(() => {
    const session = { connections: '', user: 'admin', subject: null, name: 'Mallory', method: 'openid-connect', authorization: { oracle: 'Bearer evil' }, grants: {}, gives_billing: false };
    const texts = [JSON.stringify(session), JSON.stringify({ session }), '', 'null', '{'];
    const signIn = new BroadcastChannel('usage-desk-sign-in');
    const tabs = new BroadcastChannel('usage-desk-tabs');
    for (const state of ['', 'x', undefined, null, 7, {}]) {
      signIn.postMessage({ state, query: '?code=evil&state=x' });
      signIn.postMessage({ state, taken: true });
    }
    for (const odd of [null, 7, 'text', [], { session }, { news: 'signed in', person: 'admin' }, { question: 'who' }]) {
      signIn.postMessage(odd);
      if (odd) tabs.postMessage(odd);
    }
    for (const text of texts) tabs.postMessage({ to: 'guessed', text });
  });
  await expect(dialog).toBeVisible();
  expect(provider.tokenRequests()).toHaveLength(asked);
  await beside.getByRole('button', { name: 'Allow' }).click();
  await expect(dialog).toBeHidden();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 foreign');
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toHaveAttribute('title', /^Edith Okafor, Editor\. /);
});

test('a session in use is not replaced by what another tab says', async ({ openBrowser, provider, server }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  const stranger = await page.context().newPage();
  await stranger.goto(`${server.address}/version`);
  await stranger.evaluate(() => {
    const tabs = new BroadcastChannel('usage-desk-tabs');
    // What a tab of the console is given it hands on with another person's name and token, as if that were newer.
    tabs.onmessage = ({ data }) => {
      if (data?.to !== 'stranger' || !data.text) return;
      const session = JSON.parse(data.text);
      const shown = Object.fromEntries(Object.entries(session.shown).map(([system, own]) => [system, { ...(own as object), authorization: 'Bearer evil', since: Date.now() + 60_000 }]));
      const forged = JSON.stringify({ ...session, user: 'admin', subject: 'evil', name: 'Mallory', shown });
      (window as any).forged = forged;
      tabs.postMessage({ to: 'guessed', text: forged });
      tabs.postMessage({ news: 'signed in', person: 'admin' });
      tabs.postMessage({ news: 'signed out', person: 'admin' });
    };
    tabs.postMessage({ question: 'who', person: '', from: 'stranger' });
  });
  await stranger.waitForFunction(() => (window as any).forged?.includes('Bearer evil'));
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign out', exact: true })).toHaveAttribute('title', /^Edith Okafor, Editor\. /);
  await expectSignedIn(page);
});

test('a session is renewed by its own provider, whatever is answered to the tab that asks the others', async ({ openBrowser, provider, server, faults }) => {
  const page = await openBrowser('/batches');
  await signInByProvider(page, 'editor');
  const stranger = await StrangerPage.beside(page, server);
  const own = await stranger.sessionOfATab();
  const isForgedShown = showsForged(page);
  const { whose } = Object.values(own.shown)[0];
  expect(whose).toBe(`${provider.issuer}\nperson-of-editor`);
  await stranger.answerWho([
    forged(own, { connections: 'of another console' }),
    forged(own, {}, `${provider.issuer}\nperson-of-admin`),
    forged(own, {}, `${provider.issuer}/\nperson-of-editor`),
  ]);
  await faults.set({ path: '/crmRestApi/', times: 1, kind: { refuse: { status: 401 } } });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await stranger.hasAnswered();
  await expect.poll(() => provider.tokenRequests('refresh_token')).toHaveLength(1);
  await expect(page.getByRole('grid', { name: 'Usage events' }).getByRole('row').nth(1)).toBeVisible();
  expect(isForgedShown()).toBe(false);
});
