// A list of LogiSense's that cannot be read for a moment takes no name away that was known.
import { BUCKETS, BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'names that a reading lost', events: 200 } });

for (const trouble of [
  { refuse: { status: 503 } },
  { answer: { status: 200, content_type: 'application/json', body: '{"items": 7}' } },
  'cut_before',
] as const) {
  test(`names stay where their list is lost by ${JSON.stringify(trouble)}`, async ({ sitDown, billing, faults }) => {
    const bucket = await billing.make(`named rows ${JSON.stringify(trouble).length}`);
    await billing.addRow(bucket.identity, { usageClassId: 1 });
    const page = await sitDown('editor', `${BUCKETS}/${bucket.identity}`);
    const drawer = new BucketDrawer(page);
    await drawer.expectOpen(bucket.name);
    const covers = drawer.section('details');
    await expect(covers).not.toContainText('Usage class 1');
    const said = await covers.textContent();
    await faults.set({ path: 'Usage/Class/', kind: trouble }, { path: 'GeoTree/', kind: trouble });
    await new BucketGrid(page).readAgain();
    await faults.applied();
    await new BucketGrid(page).expectRead();
    await expect(covers).toHaveText(said!);
    await faults.clear();
  });
}
