// Several base buckets in one operation: one PATCH, all or none, a result for each.
import { BUCKETS, BucketGrid } from '../person/base_buckets_page';
import { expectAllSaved } from '../person/saved_state';
import { UNITS } from '../stand/billing';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'changes buckets together', events: 200 } });

test('a selection gets another unit by one request, and each one its result', async ({ sitDown, billing, writesOf }) => {
  const made = [await billing.make('Trio one'), await billing.make('Trio two'), await billing.make('Trio three')];
  const page = await sitDown('editor', `${BUCKETS}?find=Trio`);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await grid.expectRows(3);
  const dialog = await grid.changeTogether(3);
  await dialog.getByRole('button', { name: 'Change all 3' }).click();
  await expect(dialog.getByText('Choose a unit.')).toBeVisible();
  await dialog.getByLabel('New unit').selectOption('Time');
  await dialog.getByRole('button', { name: 'Change all 3' }).click();
  for (const { name } of made) await expect(dialog.getByRole('row').filter({ hasText: name })).toContainText('Changed');
  expect(writes).toHaveLength(1);
  const item = ({ identity }: { identity: number }, place: number) => ({ patchType: 'update', patchClientId: place + 1, identity, usageBucketBaseUnitId: UNITS.time });
  expect([writes[0].method, writes[0].body]).toEqual(['PATCH', { details: {}, usageBucketBases: { items: made.map(item) } }]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  for (const { name, identity } of made) {
    await expect(await grid.cell(name, 'Unit')).toHaveText('Time');
    expect((await billing.bucket(identity)).usageBucketBaseUnitId).toBe(UNITS.time);
  }
});

test('with one bad item nothing is applied, and the item is named', async ({ sitDown, billing, writesOf }) => {
  const good = [await billing.make('Mixed good one'), await billing.make('Mixed good two')];
  const bad = await billing.make('Mixed bad one', { start: '2027-01-01T00:00:00.000Z' });
  const page = await sitDown('editor', `${BUCKETS}?find=Mixed`);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await grid.expectRows(3);
  const dialog = await grid.changeTogether(3);
  await dialog.getByLabel('What changes').selectOption('Retire, with the same end');
  await dialog.getByLabel('End (UTC)').fill('2026-12-31 00:00:00');
  await dialog.getByRole('button', { name: 'Change all 3' }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: 'Mixed bad one' })).toContainText('“Mixed bad one”: end must not be before start.');
  await expect(dialog.getByRole('alert').filter({ hasText: 'Mixed bad one' })).toContainText('tracking id');
  await expect(dialog.getByRole('row').filter({ hasText: 'Mixed bad one' })).toContainText('Not changed, for this one');
  for (const { name } of good) await expect(dialog.getByRole('row').filter({ hasText: name }).getByRole('cell').last()).toHaveText('Not changed');
  expect(writes).toHaveLength(1);
  for (const { identity } of [...good, bad]) {
    const after = await billing.bucket(identity);
    expect([after.retired, after.end, await billing.writesSeen(identity)]).toEqual([false, null, 1]);
  }
  // Corrected, it goes through.
  await dialog.getByLabel('End (UTC)').fill('2027-06-30 00:00:00');
  await dialog.getByRole('button', { name: 'Change all 3' }).click();
  for (const { name } of [...good, bad]) await expect(dialog.getByRole('row').filter({ hasText: name }).getByRole('cell').last()).toHaveText('Changed');
  expect(writes).toHaveLength(2);
  expect((await billing.bucket(bad.identity)).end).toBe('2027-06-30T00:00:00.000Z');
});

test('one that somebody else changed meanwhile holds all of them back, until they are read again', async ({ sitDown, billing, writesOf }) => {
  const [one, two] = [await billing.make('Pair one'), await billing.make('Pair two')];
  const page = await sitDown('editor', `${BUCKETS}?find=Pair`);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await grid.expectRows(2);
  const dialog = await grid.changeTogether(2);
  await dialog.getByLabel('New unit').selectOption('Count');
  expect((await billing.change(two.identity, { start: '2026-02-03T00:00:00.000Z' })).status).toBe(200);
  await dialog.getByRole('button', { name: 'Change all 2' }).click();
  await expect(dialog.getByText(/Someone else has changed “Pair two” since you chose/)).toBeVisible();
  expect(writes).toEqual([]);
  await dialog.getByRole('button', { name: 'Read them again' }).click();
  await expect(await grid.cell('Pair two', 'Start (UTC)')).toHaveText('2026-02-03 00:00:00');
  await dialog.getByRole('button', { name: 'Change all 2' }).click();
  await expect(dialog.getByRole('row').filter({ hasText: 'Pair two' }).getByRole('cell').last()).toHaveText('Changed');
  expect((await billing.bucket(one.identity)).usageBucketBaseUnitId).toBe(UNITS.count);
  expect(writes).toHaveLength(1);
});

test('a lost answer is looked up and the request not sent again', async ({ sitDown, billing, faults, writesOf }) => {
  const made = [await billing.make('Lost one'), await billing.make('Lost two')];
  const page = await sitDown('editor', `${BUCKETS}?find=Lost`);
  const writes = writesOf(page.context());
  const grid = new BucketGrid(page);
  await grid.expectRows(2);
  const dialog = await grid.changeTogether(2);
  await faults.set({ method: 'PATCH', times: 1, kind: 'cut_after' });
  await dialog.getByLabel('New unit').selectOption('Count');
  await dialog.getByRole('button', { name: 'Change all 2' }).click();
  await expect(dialog.getByRole('row').filter({ hasText: 'Lost one' })).toContainText('Changed, found by reading');
  expect(writes).toHaveLength(1);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expectAllSaved(page);
  for (const { identity } of made) expect(await billing.writesSeen(identity)).toBe(2);
});

test('one that the answer leaves out is in doubt until a reading has decided', async ({ sitDown, billing }) => {
  const made = [await billing.make('Part one'), await billing.make('Part two')];
  const page = await sitDown('editor', `${BUCKETS}?find=Part`);
  await page.route('**/Usage/Bucket/Base/**', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback();
    // Something on the way lets only the first item through.
    const body = route.request().postDataJSON();
    body.usageBucketBases.items.splice(1);
    return route.continue({ postData: JSON.stringify(body) });
  });
  const grid = new BucketGrid(page);
  await grid.expectRows(2);
  const dialog = await grid.changeTogether(2);
  await dialog.getByLabel('New unit').selectOption('Time');
  await dialog.getByRole('button', { name: 'Change all 2' }).click();
  const result = (name: string) => dialog.getByRole('row').filter({ hasText: name }).getByRole('cell').last();
  await expect(result('Part two')).toHaveText('Not changed', { timeout: 30_000 });
  await expect(result('Part one')).toHaveText('Changed, found by reading');
  expect((await billing.bucket(made[1].identity)).usageBucketBaseUnitId).not.toBe(UNITS.time);
});
