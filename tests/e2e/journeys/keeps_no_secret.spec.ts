// Whatever way somebody signs in: what proves who they are is in no storage, address, log or diagnostic bundle, neither of
// the browser nor of the server. Signing in at a provider has its own (`openid_signs_out`).
import { readFile } from 'node:fs/promises';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { linesOnDisk } from '../stand/journal';
import { secretsIn } from '../stand/kept_secrets';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'keeps no secret', events: 200 } });

for (const [place, way] of ['token-service', 'access-token', 'basic'].entries()) {
  test(`signed in by ${way}: no storage, address, log or bundle holds what proves it`, async ({ openBrowser, server, records }) => {
    const event = (await records.eventsInError(BATCH))[place].EventNumber as string;
    const page = await openBrowser(eventAddress(BATCH, event));
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => addresses.push(frame.url()));
    const secrets = new Set<string>();
    const asked: Promise<void>[] = [];
    page.on('request', (request) => {
      addresses.push(`${request.url()} from ${request.headers().referer ?? ''}`);
      asked.push(
        request.allHeaders().then(({ authorization }) => {
          const shown = authorization?.split(' ')[1];
          if (shown) secrets.add(shown);
        }),
      );
    });
    page.on('response', (response) => {
      if (!response.url().endsWith('/oauth/token')) return;
      asked.push(
        response.json().then(({ access_token, refresh_token }) => {
          for (const token of [access_token, refresh_token]) if (token) secrets.add(token);
        }),
      );
    });
    await page.getByLabel('Sign-in method').selectOption(way);
    if (way === 'access-token') {
      const body = new URLSearchParams({ grant_type: 'password', username: 'editor', password: 'editor' });
      const answer = await fetch(`${server.address}/oauth/token`, { method: 'POST', body });
      await page.getByLabel('Access token', { exact: true }).fill((await answer.json()).access_token);
    } else {
      await page.getByLabel('User', { exact: true }).fill('editor');
      await page.getByLabel('Password', { exact: true }).fill('editor');
    }
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const drawer = new EventDrawer(page, event);
    await drawer.expectOpen();
    // A change waits on the disk meanwhile, and another one is refused, so that both leave their lines.
    await page.context().setOffline(true);
    await drawer.correct('Service', `+49 ${way}`);
    await expect(savedState(page)).toHaveText('Offline, 1 saving');
    await expect.poll(() => linesOnDisk(page)).toBe(1);
    expect(await secretsIn(page, secrets)).toEqual([]);
    await page.context().setOffline(false);
    await expectAllSaved(page);
    await Promise.all(asked);
    // An access token; of a token service a token to renew it by as well.
    expect(secrets.size).toBeGreaterThanOrEqual(way === 'token-service' ? 2 : 1);
    expect(await secretsIn(page, secrets)).toEqual([]);
    const found = (text: string) => [...secrets].filter((secret) => text.includes(secret));
    expect(found([...said, ...addresses].join('\n'))).toEqual([]);
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save diagnostics' }).click()]);
    expect(found(await readFile(await download.path(), 'utf8'))).toEqual([]);
    expect(server.foundInLog(secrets)).toEqual([]);
  });
}
