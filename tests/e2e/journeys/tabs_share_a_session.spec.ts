// One person has one session in all open tabs of a browser. It is handed over in memory: nothing of it
// is ever on disk.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { refuseRenewal, sessionDialog, signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { StrangerPage, forged, showsForged } from '../stand/stranger_page';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'tabs share a session', events: 2000 } });

const signOut = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true });

/** Another tab of the same browser, and the requests by which it asked for a token. */
async function nextTab(page: Page, address: string): Promise<{ tab: Page; tokenRequests: string[] }> {
  const tab = await page.context().newPage();
  const tokenRequests: string[] = [];
  tab.on('request', (request) => {
    if (/token|login/i.test(new URL(request.url()).pathname)) tokenRequests.push(request.url());
  });
  await tab.goto(address);
  return { tab, tokenRequests };
}

test('a pasted link opens without a password where another tab is signed in', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', '/batches');
  const { tab, tokenRequests } = await nextTab(page, eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(tab, event.EventNumber);
  await drawer.expectOpen();
  await expect(signOut(tab)).toHaveAttribute('title', /^Edith Okafor, Editor\. /);
  await drawer.correct('Service', '+49 by the second tab');
  await expectAllSaved(tab);
  // The systems that have tokens of their own know the person too.
  await tab.goto('/buckets');
  await expect(tab.getByRole('grid', { name: 'Base buckets' }).getByRole('gridcell').first()).toBeVisible();
  await tab.goto('/service-usage');
  await expect(tab.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first()).toBeVisible();
  expect(tokenRequests).toEqual([]);
  const kept = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toMatch(/bearer|eyJ/i);
});

test('who signs out in one tab has signed out in all', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const { tab } = await nextTab(page, '/events');
  // The other tab says at once that it holds nothing that would be lost: no time is waited out.
  await tab.clock.install();
  await tab.clock.pauseAt(Date.now() + 60_000);
  await signOut(tab).click();
  for (const each of [tab, page]) {
    await expect(each.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(each.getByRole('grid')).toHaveCount(0);
  }
  // Nothing is left that a new tab could take over.
  const { tab: third } = await nextTab(page, '/batches');
  await signIn(third, 'viewer');
  await expect(signOut(third)).toHaveAttribute('title', /Viewer\. /);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('signing out asks where another tab holds something that is not saved', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Service').fill('+49 half typed');
  const { tab } = await nextTab(page, '/batches');
  const question = tab.waitForEvent('dialog').then(async (asked) => {
    await asked.dismiss();
    return asked.message();
  });
  await signOut(tab).click();
  expect(await question).toContain('In another tab, something of yours is not saved');
  await expect(signOut(page)).toBeVisible();
  await drawer.field('Service').press('Enter');
  await expectAllSaved(page);
  await signOut(tab).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a session that has ended goes on in every tab once the person has signed in again in one', async ({ sitDown, records, faults }) => {
  const [one, two] = (await records.eventsInError(BATCH)).slice(2, 4);
  const page = await sitDown('editor', eventAddress(BATCH, one.EventNumber));
  await new EventDrawer(page, one.EventNumber).expectOpen();
  const { tab } = await nextTab(page, eventAddress(BATCH, two.EventNumber));
  await new EventDrawer(tab, two.EventNumber).expectOpen();
  await refuseRenewal(page);
  await faults.set({ method: 'PATCH', times: 2, kind: { refuse: { status: 401 } } });
  await new EventDrawer(page, one.EventNumber).correct('Service', '+49 first tab');
  await expect(sessionDialog(page).dialog).toBeVisible();
  await new EventDrawer(tab, two.EventNumber).correct('Service', '+49 second tab');
  await expect(sessionDialog(tab).dialog).toBeVisible();
  await sessionDialog(tab).signInAgain('editor');
  for (const each of [tab, page]) {
    await expect(sessionDialog(each).dialog).toBeHidden();
    await expectAllSaved(each);
  }
  expect((await records.event(one.EventNumber)).ServiceId).toBe('+49 first tab');
  expect((await records.event(two.EventNumber)).ServiceId).toBe('+49 second tab');
});

test('a tab whose token has ended takes the newer one of another tab, without a word', async ({ sitDown, records, faults }) => {
  const [one, two] = (await records.eventsInError(BATCH)).slice(4, 6);
  const page = await sitDown('editor', eventAddress(BATCH, one.EventNumber));
  await new EventDrawer(page, one.EventNumber).expectOpen();
  const { tab } = await nextTab(page, eventAddress(BATCH, two.EventNumber));
  await new EventDrawer(tab, two.EventNumber).expectOpen();
  const endsOnce = { method: 'PATCH', times: 1, kind: { refuse: { status: 401 } } };
  await refuseRenewal(page);
  await faults.set(endsOnce);
  await new EventDrawer(tab, two.EventNumber).correct('Service', '+49 signs in');
  await sessionDialog(tab).signInAgain('editor');
  await expectAllSaved(tab);
  // The first tab still has the token of before.
  await page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector('dialog[open]')) document.title = 'asked';
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['open'] });
  });
  await faults.set(endsOnce);
  await new EventDrawer(page, one.EventNumber).correct('Service', '+49 by the newer token');
  await expectAllSaved(page);
  expect((await records.event(one.EventNumber)).ServiceId).toBe('+49 by the newer token');
  expect(await page.title()).not.toBe('asked');
});

test('where two people are signed in, a new tab asks who it is', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const { tab } = await nextTab(page, '/batches');
  await signOut(tab).click();
  await signIn(tab, 'viewer');
  await signIn(page, 'editor');
  const { tab: third } = await nextTab(page, '/batches');
  await expect(third.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(third, 'editor2');
  await expect(savedState(third)).toHaveText('All changes saved');
  await expect(signOut(page)).toHaveAttribute('title', /^Edith Okafor, Editor\. /);
});

test('an answer that comes after the person has signed out is thrown away', async ({ sitDown, server }) => {
  const page = await sitDown('editor', '/batches');
  const stranger = await StrangerPage.beside(page, server);
  // A tab that answers late, with the very session that the other one has.
  await stranger.answerWho([await stranger.sessionOfATab()], true);
  const { tab } = await nextTab(page, '/batches');
  await signIn(tab, 'editor2');
  await signOut(tab).click();
  await expect(tab.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await stranger.letGo();
  // Whoever comes next at that tab comes in as themselves.
  await signIn(tab, 'viewer');
  await expect(signOut(tab)).toHaveAttribute('title', /Viewer\. /);
});

test('a forged answer to the question of a new tab is not taken', async ({ sitDown, server }) => {
  const page = await sitDown('editor', '/batches');
  const stranger = await StrangerPage.beside(page, server);
  const own = await stranger.sessionOfATab();
  await stranger.answerWho([forged(own, { connections: 'of another console' })]);
  const { tab } = await nextTab(page, '/batches');
  const isForgedShown = showsForged(tab);
  await expect(signOut(tab)).toHaveAttribute('title', /^Edith Okafor, Editor\. /);
  await stranger.leave();
  // Of two who say that they are signed in nobody is believed.
  const another = await StrangerPage.beside(page, server);
  await another.answerWho([forged(own, { user: 'admin' })]);
  const { tab: third } = await nextTab(page, '/batches');
  const isForgedShownThere = showsForged(third);
  await another.hasAnswered();
  await signIn(third, 'viewer');
  await expect(signOut(third)).toHaveAttribute('title', /Viewer\. /);
  expect([isForgedShown(), isForgedShownThere()]).toEqual([false, false]);
});

test('a forged answer to the question of a tab whose session has ended is not taken', async ({ sitDown, server, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[6];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const stranger = await StrangerPage.beside(page, server);
  const own = await stranger.sessionOfATab();
  const isForgedShown = showsForged(page);
  const others = [{ connections: 'of another console' }, { user: 'admin' }, { subject: 'https://id.example\nadmin' }];
  await stranger.answerWho(others.map((words) => forged(own, words, 'admin')));
  await refuseRenewal(page);
  await faults.set({ method: 'PATCH', times: 1, kind: { refuse: { status: 401 } } });
  await drawer.correct('Service', '+49 nobody else');
  await stranger.hasAnswered();
  await sessionDialog(page).signInAgain('editor');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 nobody else');
  expect(isForgedShown()).toBe(false);
});
