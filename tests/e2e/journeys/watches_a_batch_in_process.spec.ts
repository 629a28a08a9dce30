// A batch in process is looked at by one watcher, and one bad answer takes nothing away.
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-11-CLD';

test.use({ stock: { journey: 'watches a batch in process', events: 2000 } });

test('looks go on one at a time after bad answers, and what was read last stays', async ({ sitDown, records }) => {
  expect((await records.batch(BATCH)).BatchStatus).toBe('ORA_IN_PROCESS');
  const page = await sitDown('editor', '/batches');
  let [under, most, looks, bad] = [0, 0, 0, 0];
  await page.route(new RegExp(`/subscriptionUsageEventBatches/${BATCH}$`), async (route) => {
    looks += 1;
    under += 1;
    most = Math.max(most, under);
    if (looks === 2 || looks === 3) {
      bad += 1;
      await route.fulfill({ status: 503, contentType: 'application/json', body: '{}' });
    } else {
      await route.continue();
    }
    under -= 1;
  });
  await page.goto(`/batches/${BATCH}`).catch(() => undefined);
  const { signIn } = await import('../person/sign_in');
  await signIn(page, 'editor');
  await expect(new EventGrid(page).rowAt(1)).toBeVisible();
  const facts = page.getByRole('region', { name: 'How the events stand' });
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  await expect(facts).toBeVisible();
  await expect.poll(() => bad, { timeout: 15_000 }).toBe(2);
  // Beside the failure everything stands, and looking goes on.
  await expect(facts).toBeVisible();
  await expect(steps).toBeVisible();
  const before = looks;
  await expect.poll(() => looks, { timeout: 15_000 }).toBeGreaterThan(before + 1);
  await expect(page.getByText('The server is busy')).toBeHidden();
  expect(most).toBe(1);
});
