import { type Page, expect } from '@playwright/test';

/** One press on a person of the demo, at whatever address the page stands. */
export async function signIn(page: Page, user: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${user} `) }).click();
  await expectSignedIn(page);
}

/** A tab beside one that is signed in needs no more than this. */
export async function expectSignedIn(page: Page): Promise<void> {
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
}

/** No session of this browser is renewed: what has ended stays so until the person signs in. */
export async function refuseRenewal(page: Page): Promise<void> {
  await page.context().route('**/oauth/token', (route) => {
    const renews = route.request().postData()?.includes('grant_type=refresh_token');
    if (!renews) return route.fallback();
    return route.fulfill({ status: 400, contentType: 'application/json', body: '{"error":"invalid_grant"}' });
  });
}

/** The dialog over the app when a session has run out. */
export function sessionDialog(page: Page) {
  const dialog = page.getByRole('dialog', { name: /^Your session (at .+ )?has ended$/ });
  return {
    dialog,
    async signInAgain(password: string) {
      await dialog.getByLabel('Password').fill(password);
      await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    },
  };
}
