// What a browser refuses or never answers is bounded and said: the desk works without it.
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'lacks of a browser', events: 2000 } });

const LACKS: [string, () => void][] = [
  [
    'channels between tabs are refused',
    () => {
      (window as any).BroadcastChannel = class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      };
    },
  ],
  [
    'the database never answers',
    () => {
      IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest;
    },
  ],
  [
    'locks are refused',
    () => {
      // The empty page before it has none.
      if (!navigator.locks) return;
      LockManager.prototype.request = () => Promise.reject(new DOMException('', 'SecurityError'));
      LockManager.prototype.query = () => Promise.reject(new DOMException('', 'SecurityError'));
    },
  ],
  [
    'all that a site could keep is refused',
    () => {
      const refuse = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, { get: refuse });
      (window as any).BroadcastChannel = refuse;
      if (!navigator.locks) return;
      LockManager.prototype.request = () => Promise.reject(new DOMException('', 'SecurityError'));
      LockManager.prototype.query = () => Promise.reject(new DOMException('', 'SecurityError'));
    },
  ],
];

for (const [place, [what, lack]] of LACKS.entries()) {
  test(`where ${what}, a person signs in, edits and signs out`, async ({ openBrowser, records }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const page = await openBrowser('/healthz');
    await page.addInitScript(lack);
    await page.goto(eventAddress(BATCH, event.EventNumber));
    await signIn(page, 'editor');
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await drawer.correct('Service', `+49 lacking ${place}`);
    await expectAllSaved(page);
    const after = await records.event(event.EventNumber);
    expect([after.ServiceId, writesSeen(after)]).toEqual([`+49 lacking ${place}`, writesSeen(event) + 1]);
    if (what !== 'channels between tabs are refused') {
      await expect(async () => {
        await savedState(page).click();
        await expect(page.getByRole('region', { name: 'Changes of this page' })).toContainText('not kept on disk', { timeout: 500 });
      }).toPass({ timeout: 30_000 });
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('button', { name: /^editor / })).toBeVisible();
  });
}

test('requests that are cut by leaving the page tell nobody of a failure', async ({ sitDown, faults }) => {
  const page = await sitDown('editor', '/batches');
  await expect(page.getByRole('grid', { name: 'Batches' })).toBeVisible();
  const told: string[] = [];
  await page.exposeFunction('tellAlert', (text: string) => told.push(text));
  await page.evaluate(() => {
    const look = () => document.querySelectorAll('[role=alert], h2').forEach((one) => /did not answer/.test(one.textContent ?? '') && (window as any).tellAlert(one.textContent));
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await faults.set({ path: 'subscriptionUsageEvents?', kind: { delay_ms: 60_000 } });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await faults.applied();
  await page.goto('/healthz');
  await faults.clear();
  await page.goBack();
  await signIn(page, 'editor');
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  expect(told).toEqual([]);
});
