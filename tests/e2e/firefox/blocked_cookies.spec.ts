// Firefox set to block all cookies refuses storage, channels and locks of its own accord.
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({
  stock: { journey: 'blocked cookies', events: 2000 },
  launchOptions: async ({ launchOptions }, use) => use({ ...launchOptions, firefoxUserPrefs: { 'network.cookie.cookieBehavior': 2 } }),
});

test('with all cookies blocked a person signs in, edits, and is told that nothing is kept on disk', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const refused = await page.evaluate(() => {
    try {
      return localStorage.length < 0;
    } catch {
      return true;
    }
  });
  expect(refused, 'the browser refuses to keep anything').toBe(true);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('Service', '+49 nothing kept');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 nothing kept');
  await savedState(page).click();
  await expect(page.getByRole('region', { name: 'Changes of this page' })).toContainText('not kept on disk');
});
