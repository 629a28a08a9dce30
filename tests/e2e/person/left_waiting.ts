import { type BrowserContext, type Page, expect } from '@playwright/test';
import { linesOnDisk } from '../stand/journal';
import { EventDrawer } from './event_drawer';
import { savedState } from './saved_state';

/** Types a service without a network and closes the tab: the change waits on the disk of the browser that is left. */
export async function leaveWaiting(page: Page, event: string, service: string): Promise<BrowserContext> {
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  const context = page.context();
  await context.setOffline(true);
  await drawer.correct('Service', service);
  await expect(savedState(page)).toHaveText('Offline, 1 saving');
  await expect.poll(() => linesOnDisk(page)).toBe(1);
  await page.close();
  await context.setOffline(false);
  return context;
}
