// Base buckets from their making to their end, each write once and with nothing but what changed.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { expectAllSaved, savedState } from '../person/saved_state';
import { UNITS } from '../stand/billing';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'keeps base buckets', events: 200 } });

test('every base bucket is listed with its rows, filtered and ordered, and a link shows the same', async ({ sitDown, billing }) => {
  const all = await billing.buckets();
  const page = await sitDown('viewer', BUCKETS);
  const grid = new BucketGrid(page);
  await grid.expectRows(all.length);
  const first = await billing.bucket(all[0].identity);
  await expect(await grid.cell(first.name, 'Unit')).toHaveText(first.usageBucketBaseUnitName);
  await expect(await grid.cell(first.name, 'Owner')).toHaveText(first.ownerName);
  await expect(await grid.cell(first.name, 'State')).toHaveText('Active');
  await expect(await grid.cell(first.name, 'Start (UTC)')).toHaveText(first.start!.replace('T', ' ').slice(0, 19));
  const rows = Array.isArray(first.details) ? first.details.length : first.details ? 1 : 0;
  await expect(await grid.cell(first.name, 'Rows')).toHaveText(String(rows));

  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Retired' }).click();
  const retired = all.filter((bucket) => bucket.retired);
  await grid.expectRows(retired.length);
  await page.getByLabel('Unit', { exact: true }).selectOption('Time');
  const timed = retired.filter((bucket) => bucket.usageBucketBaseUnitId === UNITS.time);
  await grid.expectRows(timed.length);
  await page.getByRole('columnheader', { name: 'End (UTC)' }).click();
  await page.getByRole('columnheader', { name: 'End (UTC)' }).click();
  const newest = [...timed].sort((one, other) => other.end!.localeCompare(one.end!))[0];
  await expect(grid.root.locator('[aria-rowindex="2"]')).toContainText(newest.name);
  await page.getByLabel('Find base buckets').fill(newest.name.slice(0, 12).toUpperCase());
  const found = timed.filter((bucket) => bucket.name.toLowerCase().includes(newest.name.slice(0, 12).toLowerCase()));
  await grid.expectRows(found.length);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText(`${found.length} of ${all.length} base buckets`);

  const link = new URL(page.url());
  const second = await sitDown('editor', link.pathname + link.search);
  await new BucketGrid(second).expectRows(found.length);
  await expect(new BucketGrid(second).root.locator('[aria-rowindex="2"]')).toContainText(newest.name);
  await second.getByLabel('Find base buckets').fill('nobody has this');
  await expect(second.getByRole('heading', { name: 'No base bucket fits the filter' })).toBeVisible();
  await second.getByRole('button', { name: 'Take the filter away' }).click();
  await new BucketGrid(second).expectRows(all.length);
});

test('a base bucket is made, changed field by field, retired, brought back and deleted', async ({ sitDown, billing, writesOf }) => {
  const page = await sitDown('editor', BUCKETS);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await expect(grid.root.getByRole('gridcell').first()).toHaveText(/\w/);
  await page.getByRole('button', { name: 'New base bucket' }).click();
  const form = page.getByRole('dialog', { name: 'New base bucket' });
  // Only what base buckets may have is offered.
  await expect(form.getByLabel('Unit').getByRole('option')).toHaveText(['Choose what it measures', 'Count', 'Data', 'Time']);
  await form.getByLabel('Name').fill('  Made here ');
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form.getByText('Choose what it measures.')).toBeVisible();
  await form.getByLabel('Unit').selectOption('Count');
  await form.getByLabel(/^Start/).fill('2026-01-02 03:04:05');
  await form.getByRole('button', { name: 'Create' }).click();
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('Made here');
  const made = (await billing.named('Made here'))!;
  expect(writes.splice(0)).toEqual([{ method: 'POST', path: 'Usage/Bucket/Base/', ifMatch: undefined, body: { name: 'Made here', start: '2026-01-02T03:04:05.000Z', usageBucketBaseUnitId: UNITS.count } }]);
  await expect(page).toHaveURL(new RegExp(`/buckets/${made.identity}`));

  await drawer.correct('Name', 'Made and renamed');
  await expect(drawer.box('name').getByRole('status')).toHaveText('Saved');
  await drawer.field('Unit').selectOption('Time');
  await expectAllSaved(page);
  const path = `Usage/Bucket/Base/${made.identity}`;
  expect(writes.splice(0).map(({ method, path, body }) => ({ method, path, body }))).toEqual([
    { method: 'PUT', path, body: { identity: made.identity, name: 'Made and renamed' } },
    { method: 'PUT', path, body: { identity: made.identity, usageBucketBaseUnitId: UNITS.time } },
  ]);
  await grid.find('made and');
  await expect(await grid.cell('Made and renamed', 'Unit')).toHaveText('Time');

  await expect(drawer.root.locator('.drawer-head .badge')).toHaveText('Active');
  await drawer.button('Retire…').click();
  await drawer.field('End (UTC)').fill('2025-12-31 00:00:00');
  await drawer.button('Retire').click();
  await expect(drawer.root.getByText(/The end cannot lie before the start, 2026-01-02/)).toBeVisible();
  await drawer.field('End (UTC)').fill('2026-12-31 23:59:59');
  await drawer.button('Retire').click();
  await expect(drawer.section('life')).toContainText('Retired, with its end at 2026-12-31 23:59:59 UTC');
  await expectAllSaved(page);
  expect(writes.splice(0)[0].body).toEqual({ identity: made.identity, retired: true, end: '2026-12-31T23:59:59.000Z' });
  // What is retired says so and cannot be changed.
  await expect(drawer.root.getByText(/This base bucket is retired/)).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
  await drawer.button('Bring back').click();
  await expect(drawer.section('life')).toContainText('Active');
  await expectAllSaved(page);
  expect(writes.splice(0)[0].body).toEqual({ identity: made.identity, retired: false, end: null });
  const back = await billing.bucket(made.identity);
  expect([back.retired, back.end, back.name, back.usageBucketBaseUnitId]).toEqual([false, null, 'Made and renamed', UNITS.time]);

  // Undo and redo are writes of their own.
  await drawer.root.getByRole('heading', { name: 'Made and renamed' }).click();
  await page.keyboard.press('ControlOrMeta+Z');
  await expect(drawer.section('life')).toContainText('Retired, with its end at 2026-12-31 23:59:59 UTC');
  await expectAllSaved(page);
  expect((await billing.bucket(made.identity)).retired).toBe(true);
  await page.keyboard.press('ControlOrMeta+Y');
  await expect(drawer.section('life')).toContainText('Active');
  await expectAllSaved(page);
  expect((await billing.bucket(made.identity)).end).toBeNull();

  await drawer.delete();
  await expect(drawer.root.getByText('It is deleted')).toBeVisible();
  await expect(drawer.root.getByRole('listitem')).toHaveText([`Base bucket ${made.identity}: deleted`]);
  expect(await billing.named('Made and renamed')).toBeUndefined();
  await expect(grid.row('Made and renamed')).toHaveCount(0);
});

test('the rows of a base bucket are added, changed and removed', async ({ sitDown, billing, writesOf }) => {
  const bucket = await billing.make('Has rows');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}?find=has+rows`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('Has rows');
  await drawer.button('Add a row').click();
  await drawer.button('Add the row').click();
  await expect(drawer.root.getByText('Choose a usage class, a place, or both.')).toBeVisible();
  await drawer.field('Usage class').selectOption('Voice');
  await drawer.field('Place').selectOption('Nordics');
  await drawer.button('Add the row').click();
  const rows = drawer.root.getByRole('list', { name: 'Rows of this base bucket' }).getByRole('listitem');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Voice in Nordics');
  const [created] = writes.splice(0);
  expect([created.method, created.path, created.body.usageBucketBaseId, created.body.exclude]).toEqual(['POST', 'Usage/Bucket/BaseDetail/', bucket.identity, false]);
  const grid = new BucketGrid(page);
  await expect(await grid.cell('Has rows', 'Rows')).toHaveText('1');

  // From a group of locations to one location: both fields in one write, or it would be refused.
  await drawer.button('Change Voice in Nordics').click();
  await drawer.field('Place').selectOption('Sweden');
  await drawer.root.getByLabel('Left out rather than covered').check();
  await drawer.button('Change the row').click();
  await expect(rows).toContainText('Voice in Sweden');
  await expect(rows).toContainText('Left out');
  await expectAllSaved(page);
  const [changed] = writes.splice(0);
  expect(Object.keys(changed.body).sort()).toEqual(['exclude', 'geoTreeLocationGroupId', 'geoTreeLocationId', 'identity']);
  expect((await billing.bucket(bucket.identity)).details).toMatchObject({ usageClassName: 'Voice', geoTreeLocationName: 'Sweden', geoTreeLocationGroupId: null, exclude: true });

  await drawer.button('Remove Voice in Sweden').click();
  await drawer.button('Remove the row').click();
  await expect(rows).toHaveCount(0);
  await expect(await grid.cell('Has rows', 'Rows')).toHaveText('0');
  expect((await billing.bucket(bucket.identity)).details).toBeNull();
});

test('a deletion tells what went with the base bucket, in the server\u2019s own list', async ({ sitDown, billing }) => {
  // What only usage buckets that have ended draw on can be deleted, and their links go with it.
  const retired = (await billing.buckets()).filter((bucket) => bucket.retired);
  const page = await sitDown('editor', BUCKETS);
  const drawer = new BucketDrawer(page);
  let went = new Set<string>();
  for (const { identity, name } of retired.slice(0, 12)) {
    await page.goto(`${BUCKETS}/${identity}`);
    await page.getByRole('button', { name: /^editor / }).click();
    await drawer.expectOpen(name);
    const answered = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
    await drawer.delete();
    const { results } = await (await answered).json();
    const lines = results.items.map((item: any) => {
      if (item.lhsId) return `Link to usage bucket ${item.lhsId}: detached`;
      return item.identity ? `Base bucket ${item.identity}: deleted` : `Row ${item.foreignKeyIdentity}: deleted`;
    });
    await expect(drawer.root.getByRole('list', { name: 'What was deleted and detached' }).getByRole('listitem')).toHaveText(lines);
    went = new Set([...went, ...lines.map((line: string) => line.replace(/\d+/g, 'N'))]);
    if (went.size === 3) break;
  }
  expect(went).toEqual(new Set(['Base bucket N: deleted', 'Link to usage bucket N: detached', 'Row N: deleted']));
});

test('a base bucket in use is not deleted: its users are named, and it is retired instead', async ({ sitDown, billing, writesOf }) => {
  const users = await billing.users();
  const used = (await billing.buckets()).find((bucket) => !bucket.retired && users.has(bucket.identity))!;
  const page = await sitDown('editor', `${BUCKETS}/${used.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(used.name);
  const answered = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await drawer.delete();
  const { trackingId } = await (await answered).json();
  const refusal = drawer.section('delete').getByRole('alert');
  await expect(refusal).toContainText(`in use by usage bucket "${users.get(used.identity)![0]}"`);
  await expect(refusal).toContainText(`tracking id ${trackingId}`);
  await expect(savedState(page)).toHaveText('1 refused');
  await drawer.button('Retire it instead').click();
  await drawer.button('Retire').click();
  await expect(drawer.section('life')).toContainText('Retired, with its end at');
  await expectAllSaved(page);
  expect(writes.map((write) => write.method)).toEqual(['DELETE', 'PUT']);
  expect((await billing.bucket(used.identity)).retired).toBe(true);
});

test('a viewer reads base buckets, is told why not more, and someone without the right is told that', async ({ sitDown, billing }) => {
  const [bucket] = await billing.buckets();
  const page = await sitDown('viewer', `${BUCKETS}/${bucket.identity}`);
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(bucket.name);
  await expect(drawer.root.getByText('Your role is read-only. Ask an administrator for the role Editor.')).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
  await expect(drawer.root.getByRole('combobox')).toHaveCount(0);
  for (const name of ['Delete…', 'Retire…', 'Add a row']) await expect(drawer.button(name)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New base bucket' })).toBeDisabled();
  expect((await billing.change(bucket.identity, { name: 'forced' }, 'viewer')).status).toBe(403);

  const developer = await sitDown('developer' as any, BUCKETS);
  await expect(developer.getByRole('heading', { name: 'Your role may not see base buckets' })).toBeVisible();
  await expect(developer.getByText(/usage_bucket\.read/)).toBeVisible();
  await expect(developer.getByText(/Tracking id [0-9a-f-]{36}/)).toBeVisible();
});
