import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test as base } from '../stand/desk_test';
import { Platform, type UsageEvent } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'keeps and weighs service usage', events: 200 } });

test('a kept copy is every event, one a line, with the count and the hash that the screen tells', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const page = await sitDown('viewer', '/service-usage');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export copy' }).click();
  const saved = await download;
  const bytes = await readFile(await saved.path());
  expect(bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line))).toEqual(events);
  await expect(page.getByText(`Saved ${events.length.toLocaleString('en-GB')} events`)).toBeVisible();
  await expect(page.getByTestId('sha256')).toHaveText(createHash('sha256').update(bytes).digest('hex'));
  expect(saved.suggestedFilename()).toMatch(/^service-usage-events-\d{4}-\d\d-\d\dT\d{6}Z\.ndjson$/);
});

test('a copy that is cancelled is not saved, and one that breaks off says so', async ({ sitDown, faults }) => {
  const page = await sitDown('viewer', '/service-usage');
  await expect(page.getByText('All loaded, as of')).toBeVisible();
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await faults.set({ method: 'GET', path: 'per_page=2000', times: 1, kind: { delay_ms: 1000 } });
  const late = page.waitForResponse(/per_page=2000/);
  await page.getByRole('button', { name: 'Export copy' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await (await late).finished();
  await expect(page.getByRole('button', { name: 'Export copy' })).toBeVisible();
  // The second of the pages is cut off: half a copy is no copy.
  await faults.set({ method: 'GET', path: 'after_guid=', kind: 'cut_before' });
  await page.getByRole('button', { name: 'Export copy' }).click();
  await expect(page.getByText('No copy was saved')).toBeVisible();
  expect(downloads).toBe(0);
});

/** Seconds that instances ran under each plan until a time, by the events alone. */
function secondsByPlan(events: UsageEvent[], until: number): Map<string, number> {
  const running = new Map<string, { plan: string; since: number }>();
  const sums = new Map<string, number>();
  const stop = (instance: string, at: number) => {
    const open = running.get(instance);
    if (open) sums.set(open.plan, (sums.get(open.plan) ?? 0) + (at - open.since));
    running.delete(instance);
  };
  for (const event of events) {
    const at = Date.parse(event.created_at) / 1000;
    const { guid } = event.service_instance;
    stop(guid, at);
    if (event.state !== 'DELETED') running.set(guid, { plan: event.service_plan.name ?? 'None', since: at });
  }
  for (const guid of [...running.keys()]) stop(guid, until);
  return sums;
}

test('hours per plan are those that follow from the events, and lead to the instances by keyboard', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const page = await sitDown('viewer', '/service-usage/intervals');
  const table = page.getByRole('table');
  await expect(table).toBeVisible();
  expect((await table.getByRole('link').first().boundingBox())?.height).toBeGreaterThanOrEqual(24);
  const caption = (await table.getByRole('caption').or(table.locator('caption')).first().textContent())!;
  const until = Date.parse(`${/ to (\S+ \S+) UTC/.exec(caption)![1].replace(' ', 'T')}Z`) / 1000;
  const wanted = secondsByPlan(events, until);
  const rows = await table.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => [row.querySelector('th')!.firstChild!.textContent!, row.querySelector('td')!.textContent!]),
  );
  const found = new Map<string, number>();
  for (const [plan, hours] of rows) {
    const [h, m, s] = hours.replaceAll(',', '').split(':').map(Number);
    found.set(plan, (found.get(plan) ?? 0) + h * 3600 + m * 60 + s);
  }
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));

  const plan = table.getByRole('link').first();
  const name = await plan.textContent();
  await plan.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/by=instance/);
  await expect(table.getByRole('columnheader', { name: 'Start (UTC)' })).toBeVisible();
  await expect(table.getByRole('rowheader').first()).toContainText(name!);
  // From an instance to its events.
  const instance = table.getByRole('link').first();
  await instance.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/service-usage\?.*instance=/);
  const guid = new URL(page.url()).searchParams.get('instance');
  const ofInstance = events.filter((event) => event.service_instance.guid === guid);
  await expect(page.getByTestId('row-count')).not.toHaveText('Counting events');
  expect(ofInstance.length).toBeGreaterThan(0);
});

test('a month cuts intervals off at its ends', async ({ sitDown, platform }) => {
  const page = await sitDown('viewer', '/service-usage/intervals?from=2026-10-01&to=2026-10-31&by=space');
  const table = page.getByRole('table');
  await expect(table.locator('caption')).toContainText('From 2026-10-01 00:00:00 to 2026-11-01 00:00:00 UTC');
  const spaces = new Set((await platform.events()).map((event) => event.space.guid));
  await expect(table.locator('tbody tr')).toHaveCount(spaces.size);
});
