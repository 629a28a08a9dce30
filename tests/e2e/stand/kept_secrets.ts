// Whatever a browser keeps for the console, searched for what must not be kept: tokens, codes and verifiers.
import type { Page } from '@playwright/test';

/** The places at which one of the secrets stands. */
export async function secretsIn(page: Page, secrets: Iterable<string>): Promise<string[]> {
  const wanted = [...secrets];
  if (wanted.length === 0) throw new Error('there are no secrets to look for');
  const places = await page.evaluate(async () => {
    const places: Record<string, string> = {
      address: location.href,
      history: JSON.stringify(history.state),
      localStorage: JSON.stringify({ ...localStorage }),
      sessionStorage: JSON.stringify({ ...sessionStorage }),
      cookies: document.cookie,
      document: document.documentElement.outerHTML,
      resources: JSON.stringify(performance.getEntriesByType('resource').map(({ name }) => name)),
      window: window.name,
    };
    const done = (request: IDBRequest) =>
      new Promise<any>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name } of await indexedDB.databases()) {
      if (!name) continue;
      const database: IDBDatabase = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const kept = database.transaction(store).objectStore(store);
        const lines = [await done(kept.getAllKeys()), await done(kept.getAll())];
        // Bytes as their letters: what is sealed must not say anything.
        places[`${name}/${store}`] = JSON.stringify(lines, (_, value) =>
          value instanceof ArrayBuffer || ArrayBuffer.isView(value)
            ? String.fromCharCode(...new Uint8Array(value instanceof ArrayBuffer ? value : value.buffer))
            : value,
        );
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) places[`cache ${request.url}`] = await (await cache.match(request))!.text();
    }
    return places;
  });
  const cookies = JSON.stringify(await page.context().cookies());
  return Object.entries({ ...places, 'cookies of every host': cookies })
    .filter(([, text]) => wanted.some((secret) => text.includes(secret)))
    .map(([place]) => place);
}
