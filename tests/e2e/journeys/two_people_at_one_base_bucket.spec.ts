// LogiSense has no versions: what is read again before a write is the guard. Nobody overwrites anybody.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { ConflictCard } from '../person/conflict_card';
import { expectAllSaved, savedState } from '../person/saved_state';
import { UNITS } from '../stand/billing';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'two people at one base bucket', events: 200 } });

const decisions = [
  { name: 'keeps mine', decide: (card: ConflictCard) => card.keepMine('Name'), held: 'mine keeps', writes: 2 },
  { name: 'takes theirs', decide: (card: ConflictCard) => card.takeTheirs('Name'), held: 'theirs takes', writes: 1 },
];

for (const { name, decide, held, writes } of decisions) {
  test(`the second of two people sees what the first one made of the name, and ${name}`, async ({ sitDown, billing }) => {
    const word = name.split(' ')[0];
    const bucket = await billing.make(`before ${word}`);
    const address = `${BUCKETS}/${bucket.identity}`;
    const [first, second] = [await sitDown('admin', address), await sitDown('editor', address)];
    const [hers, his] = [new BucketDrawer(first), new BucketDrawer(second)];
    await hers.expectOpen(bucket.name);
    await his.expectOpen(bucket.name);
    const before = await billing.writesSeen(bucket.identity);
    await hers.correct('Name', `theirs ${word}`);
    await expectAllSaved(first);
    await his.correct('Name', `mine ${word}`);
    const card = new ConflictCard(second, `Base bucket ${bucket.identity}`);
    await card.expectTells('Name', { who: 'someone else', before: bucket.name, theirs: `theirs ${word}`, mine: `mine ${word}` });
    await expect(savedState(second)).toHaveText('1 in conflict');
    expect((await billing.bucket(bucket.identity)).name).toBe(`theirs ${word}`);
    await decide(card);
    await expectAllSaved(second);
    expect((await billing.bucket(bucket.identity)).name).toBe(held);
    expect(await billing.writesSeen(bucket.identity)).toBe(before + writes);
  });
}

test('two people on different fields are merged, and told', async ({ sitDown, billing, writesOf }) => {
  const bucket = await billing.make('merged');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('merged');
  expect((await billing.change(bucket.identity, { usageBucketBaseUnitId: UNITS.time })).status).toBe(200);
  await drawer.correct('Name', 'merged and renamed');
  await expect(page.getByText(/someone else changed Unit.* meanwhile. Both changes are kept/)).toBeVisible();
  await expectAllSaved(page);
  const after = await billing.bucket(bucket.identity);
  expect([after.name, after.usageBucketBaseUnitId]).toEqual(['merged and renamed', UNITS.time]);
  expect(writes.map((write) => write.body)).toEqual([{ identity: bucket.identity, name: 'merged and renamed' }]);
});

test('what comes in while a person types is not typed over: it is a conflict', async ({ sitDown, billing }) => {
  const bucket = await billing.make('as it was');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('as it was');
  await drawer.field('Name').fill('mine, typed');
  expect((await billing.change(bucket.identity, { name: 'theirs, in the meantime' })).status).toBe(200);
  await new BucketGrid(page).readAgain();
  await drawer.expectTitle('theirs, in the meantime');
  await expect(drawer.field('Name')).toHaveValue('mine, typed');
  await drawer.field('Name').press('Enter');
  const card = new ConflictCard(page, `Base bucket ${bucket.identity}`);
  await card.expectTells('Name', { who: 'someone else', before: 'as it was', theirs: 'theirs, in the meantime', mine: 'mine, typed' });
  expect((await billing.bucket(bucket.identity)).name).toBe('theirs, in the meantime');
});

test('a change that slips in between the reading and the write is caught by the entity tag', async ({ sitDown, billing, faults, writesOf }) => {
  const bucket = await billing.make('slipped in');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('slipped in');
  await faults.set({ method: 'PUT', times: 1, kind: { delay_ms: 1500 } });
  await drawer.correct('Name', 'mine, too late');
  await faults.applied();
  expect((await billing.change(bucket.identity, { name: 'theirs, in between' })).status).toBe(200);
  const card = new ConflictCard(page, `Base bucket ${bucket.identity}`);
  await card.expectTells('Name', { who: 'someone else', before: 'slipped in', theirs: 'theirs, in between', mine: 'mine, too late' });
  await card.takeTheirs('Name');
  await expectAllSaved(page);
  expect((await billing.bucket(bucket.identity)).name).toBe('theirs, in between');
  expect(writes.every((write) => /^"\d+"$/.test(write.ifMatch ?? ''))).toBe(true);
});

test('a base bucket that somebody changed is not deleted by who has not seen it', async ({ sitDown, billing, writesOf }) => {
  const bucket = await billing.make('changed before its end');
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
  const writes = writesOf(page.context());
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen(bucket.name);
  expect((await billing.change(bucket.identity, { name: 'changed, and not seen' })).status).toBe(200);
  await drawer.delete();
  await expect(drawer.section('delete').getByRole('alert')).toContainText('Someone else has changed it since you looked');
  expect(writes).toEqual([]);
  expect(await billing.named('changed, and not seen')).toBeDefined();
});
