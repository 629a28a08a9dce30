// A token service that gives tokens which the API does not take, tells their life in odd ways, or answers with something
// else than a token. Nobody is hammered, and only a refusal that can be read ends a session.
import type { Page } from '@playwright/test';
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { expectAllSaved, savedState } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/billing_test';
import { type Fault, PROXY_PAGE } from '../stand/fault_switches';

test.use({ stock: { journey: 'tokens that do not help', events: 200, tokenSeconds: 6 } });

const LOGIN = '/AuthorizationServer/';

/** What is asked for tokens from now on, each by its grant. */
function grants(page: Page): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(LOGIN)) all.push(new URLSearchParams(request.postData() ?? '').get('grant_type')!);
  });
  return all;
}

const read = async (page: Page) => {
  const grid = new BucketGrid(page);
  await grid.readAgain();
  await grid.expectRead();
};

test('an API that takes no token that the service gives is told, and the service is not asked without an end', async ({ sitDown, faults }) => {
  await faults.set({ path: '/ResourceServer/', kind: { answer: { status: 401 } } });
  const page = await sitDown('editor', '/batches');
  const asked = grants(page);
  const calls: string[] = [];
  page.on('request', (request) => request.url().includes('/ResourceServer/') && calls.push(request.url()));
  await page.getByRole('link', { name: 'Buckets', exact: true }).click();
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  expect(asked.length).toBeLessThanOrEqual(2);
  expect(calls.length).toBeLessThanOrEqual(6);
  // Who signs in again all the same gets one more try, and the word again.
  const before = calls.length;
  await session.signInAgain('editor');
  await expect.poll(() => asked.filter((grant) => grant === 'password').length).toBe(2);
  await expect.poll(() => calls.length).toBeGreaterThan(before);
  await expect(session.dialog).toBeVisible();
  expect(asked.length).toBeLessThanOrEqual(4);
  await faults.clear();
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expect(new BucketGrid(page).root.getByRole('gridcell').first()).toHaveText(/\w/);
});

for (const life of ['0', '1', '30', '"300"', 'absent', 'null', '2147483648', '-5']) {
  test(`a token whose life is told as ${life} serves, and is not asked for with each call`, async ({ openBrowser }) => {
    const page = await openBrowser('/batches');
    await page.route(`**${LOGIN}**`, async (route) => {
      const response = await route.fetch();
      const { expires_in: _, ...token } = await response.json();
      const text = JSON.stringify(token);
      const body = life === 'absent' ? text : `${text.slice(0, -1)},"expires_in":${life}}`;
      await route.fulfill({ response, body });
    });
    const asked = grants(page);
    await page.getByRole('button', { name: /^editor / }).click();
    await page.getByRole('link', { name: 'Buckets', exact: true }).click();
    await expect(new BucketGrid(page).root.getByRole('gridcell').first()).toHaveText(/\w/);
    await read(page);
    await read(page);
    await expect(sessionDialog(page).dialog).toBeHidden();
    // One token, and another one where reading took longer than the least time between two.
    expect(asked.length).toBeLessThanOrEqual(2);
  });
}

test('whoever sets the computer’s clock an hour on makes no token older', async ({ openBrowser }) => {
  const page = await openBrowser('/batches');
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + ((window as any).ahead ?? 0);
  });
  await page.route(`**${LOGIN}**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), expires_in: 1800 } });
  });
  const asked = grants(page);
  await page.getByRole('button', { name: /^editor / }).click();
  await page.getByRole('link', { name: 'Buckets', exact: true }).click();
  await expect(new BucketGrid(page).root.getByRole('gridcell').first()).toHaveText(/\w/);
  await page.evaluate(() => ((window as any).ahead = 3_600_000));
  await read(page);
  await page.evaluate(() => ((window as any).ahead = -3_600_000));
  await read(page);
  expect(asked).toEqual(['password']);
});

const NO_TOKENS: [string, Fault][] = [
  ['is cut off', 'cut_before'],
  ['answers 503', { answer: { status: 503, content_type: 'application/json', body: '{}', headers: { 'Retry-After': '1' } } }],
  ['answers 429', { answer: { status: 429, content_type: 'application/json', body: '{}', headers: { 'Retry-After': '1' } } }],
  ['is refused for now', { answer: { status: 400, content_type: 'application/json', body: '{"error":"temporarily_unavailable"}', headers: { 'Retry-After': '1' } } }],
  ['answers with a proxy’s page', PROXY_PAGE],
  ['answers 431', { answer: { status: 431 } }],
  ['answers 400 with a page', { answer: { status: 400, content_type: 'text/html', body: '<html><head><title>400 Bad Request</title></head></html>' } }],
  ['answers 401 with a page', { answer: { status: 401, content_type: 'text/html', body: '<html><head><title>401 Authorization Required</title></head></html>' } }],
  ['answers 400 with an empty object', { answer: { status: 400, content_type: 'application/json', body: '{}' } }],
  ['answers with half a token', { answer: { status: 200, content_type: 'application/json', body: '{"access_token":"ab' } }],
];

for (const [what, kind] of NO_TOKENS) {
  test(`a renewal that ${what} ends no session, and what is typed is sent once it works`, async ({ sitDown, billing, faults }) => {
    const bucket = await billing.make(`kept: ${what}`);
    const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
    const drawer = new BucketDrawer(page);
    await drawer.expectOpen(bucket.name);
    // The API knows the token no longer, so that the next call needs a renewal.
    await faults.set({ path: LOGIN, kind }, { path: '/ResourceServer/', kind: { answer: { status: 401 } } });
    await drawer.correct('Name', `renewed: ${what}`);
    await faults.applied(2);
    await expect(sessionDialog(page).dialog).toBeHidden();
    await expect(savedState(page)).not.toHaveText('All changes saved');
    await faults.clear();
    await expectAllSaved(page);
    expect((await billing.bucket(bucket.identity)).name).toBe(`renewed: ${what}`);
  });
}
