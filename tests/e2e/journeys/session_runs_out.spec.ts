import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { sessionDialog, signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
/** A token's life in seconds. Renewed sessions are not renewed again within five. */
const LIFE = 6;

test.use({ stock: { journey: 'session runs out', events: 2000, tokenSeconds: LIFE } });

test('a token that is too old while a person types is renewed, and nobody notices', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const renewed: number[] = [];
  page.on('response', (answer) => {
    if (answer.url().endsWith('/oauth/token') && answer.request().postData()?.includes('grant_type=refresh_token')) renewed.push(answer.status());
  });
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  for (let change = 1; renewed.length === 0; change += 1) {
    await drawer.correct('Service', `+49 change ${change}`);
    await expectAllSaved(page);
  }
  await drawer.correct('Service', '+49 after it');
  await expectAllSaved(page);
  expect(renewed).toEqual([200]);
  await expect(sessionDialog(page).dialog).toBeHidden();
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe('+49 after it');
  const values = new Set(watch.writes.map((write) => write.body.ServiceId));
  expect(writesSeen(after)).toBe(writesSeen(event) + values.size);
});

test('a session that is not renewed either costs nothing but the password', async ({ sitDown, records, faults }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const refused = { status: 400, content_type: 'application/json', body: '{"error":"invalid_grant"}' };
  await faults.set({ path: '/oauth/token', kind: { answer: refused } });
  // Changes follow one another until the token has run out under one of them.
  const session = sessionDialog(page);
  // What a hand types while the dialog comes up stands in the dialog: what came to the field is what counts.
  await drawer.field('Service').evaluate(({ id }) => {
    addEventListener('input', ({ target }) => {
      if ((target as HTMLInputElement).id === id) (window as any).typed = (target as HTMLInputElement).value;
    });
  });
  for (let change = 1; !(await session.dialog.isVisible()); change += 1) {
    await drawer.correct('Service', `+49 typed ${change}`);
    // Both may stand there: what ran into the old token may have been a reading.
    await expect(page.getByText('All changes saved').or(session.dialog).first()).toBeVisible();
  }
  const text: string = await page.evaluate(() => (window as any).typed);
  await faults.clear();
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Service')).toHaveValue(text);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(text);
});

test('of two people in two tabs each goes on by their own session', async ({ sitDown, records }) => {
  const [one, two] = (await records.eventsInError(BATCH)).slice(2, 4);
  const page = await sitDown('editor', eventAddress(BATCH, one.EventNumber));
  const tab = await page.context().newPage();
  await tab.goto(eventAddress(BATCH, two.EventNumber));
  await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signIn(tab, 'editor2');
  await signIn(page, 'editor');
  /** Corrects until the session was renewed, and once more. */
  const corrected = async (seat: Page, event: { EventNumber: string }, text: string) => {
    let renewed = 0;
    seat.on('response', (answer) => {
      if (answer.url().endsWith('/oauth/token') && answer.request().postData()?.includes('grant_type=refresh_token')) renewed += 1;
    });
    const drawer = new EventDrawer(seat, event.EventNumber);
    await drawer.expectOpen();
    for (let change = 1; renewed === 0; change += 1) {
      await drawer.correct('Service', `${text} ${change}`);
      await expectAllSaved(seat);
    }
    await drawer.correct('Service', text);
    await expectAllSaved(seat);
  };
  // The other person's session has been renewed more often by then, and later.
  await corrected(tab, two, '+49 of editor2');
  await corrected(page, one, '+49 of the editor');
  expect((await records.event(one.EventNumber)).LastUpdatedBy).toBe('Edith Okafor');
  expect((await records.event(two.EventNumber)).LastUpdatedBy).toBe('Emil Brandt');
});

for (const [what, answer, words] of [
  ['an unknown client', { status: 401, json: { error: 'invalid_client', error_description: 'Unknown client' } }, 'does not give a token: Unknown client (invalid_client).'],
  ['nothing at the address', { status: 404, body: '' }, 'does not give a token: there is nothing at its address, it answers 404.'],
  ['a token of another type', { status: 200, json: { access_token: 'a', token_type: 'DPoP' } }, 'only the type Bearer can be used here'],
] as const) {
  test(`a session that cannot be renewed for ${what} ends with the reason`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[0];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await page.context().route('**/oauth/token', (route) => {
      const renews = route.request().postData()?.includes('grant_type=refresh_token');
      return renews ? route.fulfill(answer) : route.fallback();
    });
    await faults.set({ path: '/crmRestApi/', kind: { refuse: { status: 401 } } });
    await drawer.correct('Service', `+49 after ${what}`);
    const session = sessionDialog(page);
    await expect(session.dialog).toContainText(words);
    await faults.clear();
    await session.signInAgain('editor');
    await expect(session.dialog).toBeHidden();
    await expectAllSaved(page);
  });
}
