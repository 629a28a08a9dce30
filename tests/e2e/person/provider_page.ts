// What a person does at the identity provider's own pages.
import type { Page } from '@playwright/test';
import { expectSignedIn } from './sign_in';

/** User and password at the provider; a person's password is the name. */
export async function signInAtProvider(page: Page, user: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in at the provider' }).waitFor();
  await page.getByLabel('User').fill(user);
  await page.getByLabel('Password').fill(user);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function answerConsent(page: Page, answer: 'Allow' | 'Refuse'): Promise<void> {
  await page.getByRole('button', { name: answer }).click();
}

/** From the console's sign-in form to the provider and back. */
export async function signInByProvider(page: Page, user: string): Promise<void> {
  await goToProvider(page);
  await signInAtProvider(page, user);
  await expectSignedIn(page);
}

/** The console's own button, which leads to the provider. */
export async function goToProvider(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Sign in at / }).click();
}
