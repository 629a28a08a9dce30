// LogiSense at its worst: tokens that end, answers that are lost, strange or in another shape.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { expectAllSaved, savedState } from '../person/saved_state';
import { sessionDialog, signIn } from '../person/sign_in';
import { UNITS } from '../stand/billing';
import { expect, test } from '../stand/billing_test';
import { PROXY_PAGE } from '../stand/fault_switches';

test.use({ stock: { journey: 'base buckets under trouble', events: 200, tokenSeconds: 5 } });

const LOGIN = '/AuthorizationServer/';

test('a token that ends while a person edits is renewed, and nobody is asked anything', async ({ sitDown, billing }) => {
  const bucket = await billing.make('renewed');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('renewed');
  // From here on: opening the screen asked for the first token.
  const grants: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(LOGIN)) grants.push(new URLSearchParams(request.postData() ?? '').get('grant_type')!);
  });
  let name = '';
  for (let change = 1; !grants.includes('refresh_token'); change += 1) {
    name = `renewed ${change}`;
    await drawer.correct('Name', name);
    await expectAllSaved(page);
  }
  await expect(sessionDialog(page).dialog).toBeHidden();
  expect(grants).not.toContain('password');
  expect((await billing.bucket(bucket.identity)).name).toBe(name);
});

test('a token that can no longer be renewed costs nothing but the password: what was typed is sent once after it', async ({ sitDown, billing, faults, writesOf }) => {
  const bucket = await billing.make('signed in again');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(bucket.name);
  const body = JSON.stringify({ error: 'invalid_grant' });
  await faults.set({ path: '/ResourceServer/', kind: { answer: { status: 401 } } }, { path: LOGIN, kind: { answer: { status: 400, content_type: 'application/json', body } } });
  await drawer.correct('Name', 'typed while it ended');
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  await expect(savedState(page)).toHaveText(/Paused/);
  expect(writes).toEqual([]);
  await faults.clear();
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Name')).toHaveValue('typed while it ended');
  expect((await billing.bucket(bucket.identity)).name).toBe('typed while it ended');
  expect(writes).toHaveLength(1);
});

test('a system that does not know the person says so beside a way on', async ({ sitDown, faults }) => {
  const body = JSON.stringify({ error: 'invalid_grant', error_description: 'Nobody of that name.' });
  await faults.set({ path: LOGIN, kind: { answer: { status: 400, content_type: 'application/json', body } } });
  const page = await sitDown('editor', BUCKETS);
  await expect(page.getByText(/LogiSense does not accept the user and the password.*Nobody of that name/)).toBeVisible();
  await faults.clear();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new BucketGrid(page).root.getByRole('gridcell').first()).toHaveText(/\w/);
});

test('an edit whose answer is lost is decided by reading; typed values outlive a reload', async ({ sitDown, billing, faults, writesOf }) => {
  const bucket = await billing.make('lost answer');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(bucket.name);
  const before = await billing.writesSeen(bucket.identity);
  await faults.set({ method: 'PUT', times: 1, kind: 'cut_after' });
  await drawer.correct('Name', 'written, answer lost');
  await expectAllSaved(page);
  expect(await billing.writesSeen(bucket.identity)).toBe(before + 1);
  expect(writes).toHaveLength(1);

  // A page of a proxy tells nothing: what it stands for is found out, and sent again where it must be.
  await faults.set({ method: 'PUT', times: 1, kind: PROXY_PAGE });
  await drawer.correct('Name', 'behind a proxy');
  await expectAllSaved(page);
  expect(await billing.writesSeen(bucket.identity)).toBe(before + 2);

  // Refused with the reason and the tracking id, and kept over a reload.
  await billing.make('Taken');
  await drawer.correct('Name', 'taken');
  await expect(drawer.box('name').getByRole('alert').first()).toContainText(/taken by another base bucket.*tracking id/);
  await page.reload();
  await signIn(page, 'editor');
  await expect(savedState(page)).toHaveText('1 refused');
  await drawer.expectOpen('behind a proxy');
  await expect(drawer.field('Name')).toHaveValue('taken');
  await drawer.correct('Name', 'not taken');
  await expectAllSaved(page);
  expect((await billing.bucket(bucket.identity)).name).toBe('not taken');
});

test('a creation or a deletion whose answer is lost is looked up, and never sent twice', async ({ sitDown, billing, faults, writesOf }) => {
  const page = await sitDown('editor', BUCKETS);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await expect(grid.root.getByRole('gridcell').first()).toHaveText(/\w/);
  await page.getByRole('button', { name: 'New base bucket' }).click();
  const form = page.getByRole('dialog', { name: 'New base bucket' });
  await form.getByLabel('Name').fill('Made, answer lost');
  await form.getByLabel('Unit').selectOption('Data');
  await faults.set({ method: 'POST', path: 'Usage/Bucket/Base', times: 1, kind: 'cut_after' });
  await form.getByRole('button', { name: 'Create' }).click();
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('Made, answer lost');
  expect((await billing.buckets()).filter((bucket) => bucket.name === 'Made, answer lost')).toHaveLength(1);

  await faults.set({ method: 'DELETE', times: 1, kind: 'cut_after' });
  await drawer.delete();
  await expect(drawer.root.getByText(/The answer was lost and a reading found it gone/)).toBeVisible();
  expect(writes.map((write) => write.method)).toEqual(['POST', 'DELETE']);
  expect(await billing.named('Made, answer lost')).toBeUndefined();
});

for (const [what, change] of [
  ['no number', ({ identity: _, ...rest }: any) => rest],
  ['the number 0', (bucket: any) => ({ ...bucket, identity: 0 })],
  ['a null', (bucket: any) => ({ ...bucket, identity: null })],
] as const) {
  test(`a bucket that is answered with ${what} is looked up, made once, and opened as itself`, async ({ sitDown, billing, writesOf }) => {
    const page = await sitDown('editor', BUCKETS);
    const writes = writesOf(page.context());
    await expect(new BucketGrid(page).root.getByRole('gridcell').first()).toHaveText(/\w/);
    await page.context().route(/\/Usage\/Bucket\/Base\/$/, async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const response = await route.fetch();
      const body = await response.json();
      body.results.items = body.results.items.map(change);
      return route.fulfill({ response, json: body });
    });
    const name = `Made with ${what}`;
    await page.getByRole('button', { name: 'New base bucket' }).click();
    const form = page.getByRole('dialog', { name: 'New base bucket' });
    await form.getByLabel('Name').fill(name);
    await form.getByLabel('Unit').selectOption('Data');
    await form.getByRole('button', { name: 'Create' }).click();
    await new BucketDrawer(page).expectOpen(name);
    const made = (await billing.buckets()).filter((bucket) => bucket.name === name);
    expect(made).toHaveLength(1);
    await expect(page).toHaveURL(new RegExp(`/buckets/${made[0].identity}$`));
    expect(writes.map((write) => write.method)).toEqual(['POST']);
  });
}

test('a list that fails says why with the tracking id, and one without pages or with wrapped items is read all the same', async ({ sitDown, billing, faults }) => {
  const body = JSON.stringify({ trackingId: 'd2ae5304-2355-44eb-a328-272f02935f8b', type: 'read', errors: [{ code: 10400000, message: 'The list is being rebuilt.' }] });
  await faults.set({ path: 'Usage/Bucket/Base/Paged', times: 1, kind: { answer: { status: 500, content_type: 'application/json', body } } });
  const page = await sitDown('editor', BUCKETS);
  await expect(page.getByText('The list is being rebuilt.')).toBeVisible();
  await expect(page.getByText('Tracking id d2ae5304-2355-44eb-a328-272f02935f8b')).toBeVisible();
  await faults.set({ path: 'Usage/Bucket/Base/Paged', times: 1, kind: PROXY_PAGE });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/did not answer the server before it/)).toBeVisible();

  await faults.set({ path: 'Usage/Bucket/Base/Paged', kind: { answer: { status: 404 } } });
  await page.getByRole('button', { name: 'Try again' }).click();
  const all = await billing.buckets();
  const grid = new BucketGrid(page);
  await grid.expectRows(all.length);
  await expect(await grid.cell(all[0].name, 'Rows')).toHaveText('–');

  // The other shape of a write's answer, as the vendor's guide shows it.
  await faults.clear();
  const bucket = await billing.make('wrapped');
  await page.route('**/Usage/Bucket/Base/**', (route) => route.continue({ headers: { ...route.request().headers(), outputformat: '{"format":"result"}' } }));
  await page.goto(`${BUCKETS}/${bucket.identity}`);
  await signIn(page, 'editor');
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('wrapped');
  const answered = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await drawer.correct('Name', 'wrapped and renamed');
  expect((await (await answered).json()).results.items[0]).toMatchObject({ action: 'updated', instance: { name: 'wrapped and renamed' } });
  await expectAllSaved(page);
  expect(await billing.writesSeen(bucket.identity)).toBe(2);

  const empty = JSON.stringify({ trackingId: 'x', pagination: { pageNumber: 1, pageSize: 500, excludeTotalCount: false }, pagedResults: { totalCount: 0, items: [] } });
  await faults.set({ path: 'Usage/Bucket/Base/Paged', kind: { answer: { status: 200, content_type: 'application/json', body: empty } } });
  const other = await sitDown('editor', BUCKETS);
  await expect(other.getByRole('heading', { name: 'There are no base buckets' })).toBeVisible();
});

test('more buckets than a page holds are read page by page', async ({ sitDown, billing }) => {
  const before = (await billing.buckets()).length;
  const names = Array.from({ length: 1001 - before }, (_, place) => `Many ${place}`);
  for (let start = 0; start < names.length; start += 16) {
    await Promise.all(names.slice(start, start + 16).map((name) => billing.make(name, { usageBucketBaseUnitId: UNITS.count })));
  }
  const page = await sitDown('viewer', '/batches');
  const pages: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/Paged/Detail')) pages.push(JSON.parse(request.headers()['pagination']).pageNumber);
  });
  await page.getByRole('link', { name: 'Buckets' }).click();
  await new BucketGrid(page).expectRows(1001);
  expect(pages).toEqual([1, 2, 3]);
});

test('a base bucket that is made while the list is being read is in the list, without another press', async ({ sitDown, billing }) => {
  const before = (await billing.buckets()).length;
  const page = await sitDown('editor', BUCKETS);
  const grid = new BucketGrid(page);
  await grid.expectRows(before);
  // The answer tells of the list as it was before, and comes after the bucket was made.
  let comes = () => {};
  const made = new Promise<void>((resolve) => (comes = resolve));
  let asked = () => {};
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  await page.route(/\/Usage\/Bucket\/Base\/Paged\/Detail$/, async (route) => {
    const answer = await route.fetch();
    asked();
    await made;
    await route.fulfill({ response: answer });
  }, { times: 1 });
  await grid.readAgain();
  await wasAsked;
  await page.getByRole('button', { name: 'New base bucket' }).click();
  const form = page.getByRole('dialog', { name: 'New base bucket' });
  await form.getByLabel('Name').fill('Made meanwhile');
  await form.getByLabel('Unit').selectOption('Count');
  await form.getByRole('button', { name: 'Create' }).click();
  await new BucketDrawer(page).expectTitle('Made meanwhile');
  expect(await billing.named('Made meanwhile')).toBeDefined();
  await grid.expectRows(before);
  comes();
  await grid.expectRows(before + 1);
});
