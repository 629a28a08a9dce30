// A proxy that packs answers changes their entity tags, or takes them off. Base buckets are saved all the
// same, and never over what somebody else did.
import { BUCKETS, BucketDrawer } from '../person/base_buckets_page';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/billing_test';

test.use({ stock: { journey: 'tags that a proxy changed', events: 200 } });

const WAYS: [string, (tag: string) => string | undefined][] = [
  ['weak', (tag) => `W/${tag}`],
  ['with -gzip', (tag) => tag.replace(/"$/, '-gzip"')],
  ['with ;gzip', (tag) => tag.replace(/"$/, ';gzip"')],
  ['with --gzip', (tag) => tag.replace(/"$/, '--gzip"')],
  ['weak with -br', (tag) => `W/${tag.replace(/"$/, '-br"')}`],
  ['another tag altogether', () => '"cdn-7f3a"'],
  ['no tag', () => undefined],
];

for (const [what, change] of WAYS) {
  test(`a bucket whose tag is changed (${what}) is saved, and never over somebody else’s`, async ({ openBrowser, billing }) => {
    const bucket = await billing.make(`through a proxy, ${what}`);
    const page = await openBrowser(`${BUCKETS}/${bucket.identity}`);
    await page.context().route(/\/Usage\/Bucket\/Base\/\d+$/, async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      const { etag, ...headers } = response.headers();
      const changed = etag === undefined ? undefined : change(etag);
      return route.fulfill({ response, headers: changed === undefined ? headers : { ...headers, etag: changed } });
    });
    await signIn(page, 'editor');
    const drawer = new BucketDrawer(page);
    await drawer.expectOpen(bucket.name);
    const name = `saved, ${what}`;
    await drawer.correct('Name', name);
    await expectAllSaved(page);
    expect((await billing.bucket(bucket.identity)).name).toBe(name);
    // Somebody else changes it, and a second change goes over theirs only where they do not overlap.
    expect((await billing.change(bucket.identity, { name: `theirs, ${what}` })).status).toBe(200);
    await drawer.correct('Name', `mine, ${what}`);
    await expect(page.getByText(/someone else changed Name too/)).toBeVisible();
    expect((await billing.bucket(bucket.identity)).name).toBe(`theirs, ${what}`);
  });
}
