// The disk under a person's changes may be deleted, full, held by somebody, or never there. The header
// says what is not on it, leaving asks, and it heals by itself.
import type { BrowserContext, Page } from '@playwright/test';
import { ChangesPage } from '../person/changes_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { leavingAsks } from '../person/leaving';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expectSignedIn, signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { linesOnDisk } from '../stand/journal';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'disk goes away', events: 2000 } });

async function nextTab(context: BrowserContext, address: string): Promise<Page> {
  const next = await context.newPage();
  await next.goto(address);
  await signIn(next, 'editor');
  return next;
}

/** A page of this site without the console, which holds things up for others. */
async function besides(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto('/healthz');
  return page;
}

test('a journal that is deleted under the page is written anew', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const address = eventAddress(BATCH, event.EventNumber);
  const page = await sitDown('editor', address);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const context = page.context();
  await context.setOffline(true);
  await drawer.correct('Service', '+49 before');
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  await page.evaluate(() => new Promise((resolve, reject) => {
    const gone = indexedDB.deleteDatabase('usage-desk');
    gone.onsuccess = resolve;
    gone.onerror = () => reject(gone.error);
  }));
  await drawer.correct('Quantity', '12.5');
  await expect(savedState(page)).toHaveText('Offline, 2 saving');
  await expect.poll(() => linesOnDisk(page)).toBe(2);
  expect(await leavingAsks(page)).toBe(false);
  await context.setOffline(false);
  const next = await nextTab(context, address);
  await expect(next.getByText('2 changes from before are taken up where they stood.')).toBeVisible();
  await expectAllSaved(next);
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, after.UsageQuantity]).toEqual(['+49 before', '12.5']);
});

for (const why of ['QuotaExceededError', 'UnknownError', 'DataError']) {
  test(`a disk that takes nothing (${why}) is told, leaving asks, and it heals by itself`, async ({ sitDown, records }) => {
    const place = ['QuotaExceededError', 'UnknownError', 'DataError'].indexOf(why);
    const event = (await records.eventsInError(BATCH))[1 + place];
    const address = eventAddress(BATCH, event.EventNumber);
    const page = await sitDown('editor', address);
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const context = page.context();
    await expect.poll(() => page.evaluate(async () => (await indexedDB.databases()).length)).toBe(1);
    await page.evaluate((name) => {
      const real = IDBObjectStore.prototype.put;
      (window as any).theDiskWorksAgain = () => (IDBObjectStore.prototype.put = real);
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('', name);
      };
    }, why);
    await context.setOffline(true);
    await drawer.correct('Service', '+49 nowhere');
    await expect(savedState(page)).toHaveText('Offline, 1 saving, 1 not on disk');
    await savedState(page).click();
    const panel = page.getByRole('region', { name: 'Changes of this page' });
    await expect(panel).toContainText('1 change is not kept on disk. It is sent all the same; stay on this page until it is saved.');
    if (why === 'QuotaExceededError') await expect(panel).toContainText('full');
    await page.keyboard.press('Escape');
    expect(await leavingAsks(page)).toBe(true);
    await page.evaluate(() => (window as any).theDiskWorksAgain());
    await expect(savedState(page)).toHaveText('Offline, 1 saving', { timeout: 40_000 });
    // The header counts the line from when the disk is open again; it is written in the next moment.
    await expect.poll(() => linesOnDisk(page)).toBe(1);
    expect(await leavingAsks(page)).toBe(false);
    await context.setOffline(false);
    const next = await nextTab(context, address);
    await expectAllSaved(next);
    await expect(new EventDrawer(next, event.EventNumber).field('Service')).toHaveValue('+49 nowhere');
  });
}

test('a browser that keeps nothing still saves, one tab at a time, and says so', async ({ openBrowser, records, watch }) => {
  const [one, two] = (await records.eventsInError(BATCH)).slice(5, 7);
  const page = await openBrowser('/healthz');
  const context = page.context();
  await context.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw new DOMException('', 'SecurityError');
      },
    });
  });
  const first = await nextTab(context, eventAddress(BATCH, one.EventNumber));
  const second = await context.newPage();
  await second.goto(eventAddress(BATCH, two.EventNumber));
  await expectSignedIn(second);
  await new EventDrawer(first, one.EventNumber).expectOpen();
  await new EventDrawer(second, two.EventNumber).expectOpen();
  await new EventDrawer(first, one.EventNumber).correct('Service', '+49 private one');
  await new EventDrawer(second, two.EventNumber).correct('Service', '+49 private two');
  await expectAllSaved(first);
  await expectAllSaved(second);
  expect(watch.writes.length).toBe(2);
  await savedState(first).click();
  await expect(first.getByRole('region', { name: 'Changes of this page' })).toContainText('What you change now is not kept on disk.');
  await first.keyboard.press('Escape');
  await context.setOffline(true);
  await new EventDrawer(first, one.EventNumber).correct('Service', '+49 private three');
  await expect(savedState(first)).toHaveText('Offline, 1 saving, 1 not on disk');
  expect(await leavingAsks(first)).toBe(true);
  await context.setOffline(false);
  await expectAllSaved(first);
  expect(await leavingAsks(first)).toBe(false);
});

test('a journal that opens late is no second writer, and keeps what came before it', async ({ openBrowser, records }) => {
  const event = (await records.eventsInError(BATCH))[7];
  const address = eventAddress(BATCH, event.EventNumber);
  const holder = await openBrowser('/healthz');
  const context = holder.context();
  // A database that is to be deleted opens for nobody as long as somebody holds it.
  await holder.evaluate(() => new Promise<void>((resolve, reject) => {
    const open = indexedDB.open('usage-desk', 1);
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      (window as any).held = open.result;
      indexedDB.deleteDatabase('usage-desk').onblocked = () => resolve();
    };
  }));
  const page = await nextTab(context, address);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('Service', '+49 early');
  await expect(drawer.box('ServiceId').getByRole('status')).toHaveText('Not sent yet');
  await expectAllSaved(page);
  const turns = () => page.evaluate(async () => (await navigator.locks.query()).held!.filter((lock) => lock.name === 'usage-desk-turn').length);
  await expect.poll(turns).toBe(0);
  await context.setOffline(true);
  await drawer.correct('Service', '+49 late');
  await expect(savedState(page)).toHaveText('Offline, 1 saving, 1 not on disk');
  await holder.evaluate(() => (window as any).held.close());
  await expect(savedState(page)).toHaveText('Offline, 1 saving');
  await expect.poll(() => linesOnDisk(page)).toBeGreaterThan(0);
  await context.setOffline(false);
  await expectAllSaved(page);
  await expect.poll(turns).toBe(0);
  expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event) + 2);
});

test('a newer console in another tab takes the journal, and gives it back', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[8];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const context = page.context();
  const newer = await besides(context);
  await newer.evaluate(() => new Promise<void>((resolve, reject) => {
    const open = indexedDB.open('usage-desk', 2);
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      open.result.close();
      resolve();
    };
  }));
  await context.setOffline(true);
  await drawer.correct('Service', '+49 older console');
  await expect(savedState(page)).toHaveText('Offline, 1 saving, 1 not on disk');
  await savedState(page).click();
  await expect(page.getByRole('region', { name: 'Changes of this page' })).toContainText('Another tab runs a newer version of this console. Load this page anew.');
  await page.keyboard.press('Escape');
  await newer.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase('usage-desk').onsuccess = resolve)));
  await expect(savedState(page)).toHaveText('Offline, 1 saving', { timeout: 40_000 });
  await context.setOffline(false);
  await expectAllSaved(page);
});

test('lines that nobody can read are counted, told and kept', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[9];
  const address = eventAddress(BATCH, event.EventNumber);
  const page = await sitDown('editor', address);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const context = page.context();
  await drawer.correct('Service', '+49 readable');
  await expectAllSaved(page);
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  // Two lines of a console that knew other names, one of them sealed with a key that is gone.
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const open = indexedDB.open('usage-desk', 1);
      open.onerror = () => reject(open.error);
      open.onsuccess = () => resolve(open.result);
    });
    const ask = (request: IDBRequest) => new Promise<any>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const [line] = await ask(database.transaction('lines').objectStore('lines').getAll());
    const key = await ask(database.transaction('keys').objectStore('keys').get('seal'));
    const text = JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: line.iv }, key, line.sealed)));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    text.edit[0][0] = 'AFieldOfLastYear';
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(text)));
    const store = database.transaction('lines', 'readwrite').objectStore('lines');
    await ask(store.put({ ...line, intent: '1', tab: 'gone', iv, sealed, ended: 0 }));
    await ask(store.put({ ...line, intent: '2', tab: 'gone', iv, sealed: sealed.slice(1), ended: 0 }));
    database.close();
  });
  await page.close();
  const next = await nextTab(context, '/changes');
  const words = '2 changes from before cannot be read by this version of the console. They stay on this disk until you sign out.';
  await expect(new ChangesPage(next).root).toBeVisible();
  await expect(next.getByRole('group', { name: 'Totals' })).toContainText(words);
  expect(await linesOnDisk(next)).toBe(3);
  await expect(new ChangesPage(next).rows(event.EventNumber, 'Done')).toHaveCount(1);
});

test('settled changes are kept for thirty days and by the thousand, not for ever', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[10];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const context = page.context();
  await drawer.correct('Service', '+49 settled');
  await expectAllSaved(page);
  await context.setOffline(true);
  await drawer.correct('Service', '+49 not settled');
  await expect.poll(() => linesOnDisk(page)).toBe(2);
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const open = indexedDB.open('usage-desk', 1);
      open.onerror = () => reject(open.error);
      open.onsuccess = () => resolve(open.result);
    });
    const transaction = database.transaction('lines', 'readwrite');
    const store = transaction.objectStore('lines');
    const lines = await new Promise<any[]>((resolve) => {
      const all = store.getAll();
      all.onsuccess = () => resolve(all.result);
    });
    const settled = lines.find((line) => line.ended > 0);
    const now = Date.now();
    // Two too old, more than are kept, and one of somebody else's.
    for (const [at, days] of [31, 400].entries()) store.put({ ...settled, intent: `old ${at}`, ended: now - days * 86_400_000 });
    for (let at = 0; at < 5010; at += 1) store.put({ ...settled, intent: `many ${at}`, ended: now - 60_000 - at });
    store.put({ ...settled, intent: 'theirs', person: 'somebody else', ended: now - 400 * 86_400_000 });
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  });
  await page.close();
  await context.setOffline(false);
  const next = await nextTab(context, '/changes');
  await expect(next.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(next);
  // Somebody else's, the newest 5,000, and the one that was not settled.
  await expect.poll(() => linesOnDisk(next)).toBe(5002);
});
