// The journal of a person's changes, on the browser's disk.
import type { Page } from '@playwright/test';

/** How many lines the journal on disk has; looks without making a database. */
export function linesOnDisk(page: Page): Promise<number> {
  return page.evaluate(async () => {
    if (!(await indexedDB.databases()).some((each) => each.name === 'usage-desk' && each.version === 1)) return 0;
    return new Promise<number>((resolve, reject) => {
      const open = indexedDB.open('usage-desk');
      open.onerror = () => reject(open.error);
      open.onsuccess = () => {
        const database = open.result;
        database.onversionchange = () => database.close();
        const count = database.transaction('lines').objectStore('lines').count();
        count.onerror = () => reject(count.error);
        count.onsuccess = () => {
          database.close();
          resolve(count.result);
        };
      };
    });
  });
}
