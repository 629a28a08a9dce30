// Base buckets are asked by their columns and in an order of several, by keys alone; a change that is not confirmed yet
// counts as it is seen.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { askByAddress, chips, expectBackAtHead, form, goToHead, openFilter } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { type Bucket, UNITS } from '../stand/billing';
import { expect, test } from '../stand/billing_test';

const LIST = 'Base buckets';

test.use({ stock: { journey: 'asks the list of base buckets', events: 200 } });

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
const byName = (one: Bucket, other: Bucket) => byText(one.name.toLowerCase(), other.name.toLowerCase()) || one.identity - other.identity;

test('what the address asks is what the buckets themselves answer', async ({ sitDown, billing }) => {
  await billing.make('zeta in small letters');
  await billing.make('Zeta in capitals', { usageBucketBaseUnitId: UNITS.time });
  const all = await billing.buckets();
  const page = await sitDown('viewer', BUCKETS);
  const grid = new EventGrid(page, LIST);
  await grid.expectRows(all.length);
  const day = (time: string | null) => (time ?? '').slice(0, 10);
  const questions: [string, (bucket: Bucket) => boolean, (one: Bucket, other: Bucket) => number][] = [
    ['?sort=name', () => true, byName],
    ['?sort=usageBucketBaseUnitId,-name', () => true, (one, other) => byText(one.usageBucketBaseUnitName, other.usageBucketBaseUnitName) || byText(other.name.toLowerCase(), one.name.toLowerCase()) || one.identity - other.identity],
    [`?usageBucketBaseUnitId=is.${UNITS.time}&sort=-identity`, (bucket) => bucket.usageBucketBaseUnitId === UNITS.time, (one, other) => other.identity - one.identity],
    ['?retired=is.Retired&sort=name', (bucket) => bucket.retired, byName],
    // As links of before say it.
    [`?retired=false&unit=${UNITS.data}&sort=name`, (bucket) => !bucket.retired && bucket.usageBucketBaseUnitId === UNITS.data, byName],
    ['?end=blank&name=contains.ZETA&sort=name', (bucket) => !bucket.end && bucket.name.toLowerCase().includes('zeta'), byName],
    [`?start=from.${day(all[3].start)}&sort=-start,name`, (bucket) => day(bucket.start) >= day(all[3].start), (one, other) => byText(other.start ?? '', one.start ?? '') || byName(one, other)],
    [`?identity=between.${all[2].identity},${all[8].identity}&sort=identity`, (bucket) => bucket.identity >= all[2].identity && bucket.identity <= all[8].identity, (one, other) => one.identity - other.identity],
    [`?find=${all[4].identity}&sort=name`, (bucket) => [bucket.name, bucket.ownerName, bucket.usageBucketBaseUnitName, String(bucket.identity)].some((text) => (text ?? '').toLowerCase().includes(String(all[4].identity))), byName],
  ];
  for (const [address, fits, order] of questions) {
    await askByAddress(page, BUCKETS + address);
    const names = all.filter(fits).sort(order).map((bucket) => bucket.name);
    await grid.expectRows(names.length);
    await expect.poll(async () => (await grid.firstCells()).slice(0, 12), address).toEqual(names.slice(0, 12));
  }
  await askByAddress(page, `${BUCKETS}?owner=x&retired=maybe`);
  await expect(page.getByRole('button', { name: 'Not understood, show without it' })).toHaveText('Not understood: owner, retired');
});

test('by keys alone an owner is chosen and an order of two columns; Back takes each back', async ({ sitDown, billing }) => {
  const all = await billing.buckets();
  const page = await sitDown('viewer', BUCKETS);
  const grid = new EventGrid(page, LIST);
  await grid.expectRows(all.length);
  const owner = all[0].ownerName;
  const owned = all.filter((bucket) => bucket.ownerName === owner);
  await openFilter(page, 'Owner', LIST);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type(owner);
  await expect(form(page).getByRole('checkbox', { name: `${owner} ${owned.length}`, exact: true })).toBeVisible();
  await tabTo(page, 'checkbox', `${owner} ${owned.length}`);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Owner', LIST);
  await grid.expectRows(owned.length);
  await expect(chips(page).getByRole('button', { name: `Owner is ${owner}, remove` })).toBeVisible();
  await goToHead(page, 'State', LIST);
  await page.keyboard.press('Enter');
  await goToHead(page, 'Name', LIST);
  await page.keyboard.press('Shift+Enter');
  const ordered = [...owned].sort((one, other) => Number(one.retired) - Number(other.retired) || byName(one, other));
  await expect.poll(() => grid.firstCells()).toEqual(ordered.slice(0, (await grid.firstCells()).length).map((bucket) => bucket.name));
  // The state is told by its own button, not by a chip beside it.
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Active' }).click();
  await expect(page).toHaveURL(/retired=is\.Active/);
  await expect(chips(page).getByRole('button', { name: /^State/ })).toHaveCount(0);
});

test('an edit that waits keeps its row, and counts in the next question as it is seen', async ({ sitDown, billing, faults }) => {
  const bucket = await billing.make('Counts as it is seen');
  await faults.set({ method: 'PUT', path: 'Usage/Bucket/Base', kind: { delay_ms: 4000 } });
  const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}?find=counts+as`);
  const drawer = new BucketDrawer(page);
  await drawer.expectOpen('Counts as it is seen');
  await drawer.correct('Name', 'Renamed meanwhile');
  const grid = new BucketGrid(page);
  await expect(await grid.cell('Renamed meanwhile', 'Unit')).toHaveText('Data');
  await grid.find('renamed mean');
  await expect(page).toHaveURL(/find=renamed/);
  await grid.expectRows(1);
  await grid.find('counts as');
  await expect(page.getByRole('heading', { name: 'No base bucket fits the filter' })).toBeVisible();
  await expectAllSaved(page);
});
