import type { Page } from '@playwright/test';
import { refuseRenewal, sessionDialog } from '../person/sign_in';
import { UsageGrid } from '../person/usage_grid';
import { expect, test as base } from '../stand/desk_test';
import { Platform } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'reads service usage', events: 200 } });

const shown = (time: string) => time.replace('T', ' ').replace('Z', '');

/** Waits until the whole list is in the page, from where everything is answered at once. */
async function whole(page: Page): Promise<void> {
  await expect(page.getByText('All loaded, as of')).toBeVisible();
}

test('a viewer reads every event, filters by what the platform knows and by what it does not, and a link shows the same', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const page = await sitDown('viewer', '/service-usage');
  const grid = new UsageGrid(page);
  await grid.expectRows(events.length);
  await expect(await grid.cellAt(1, 'Instance')).toHaveText(events[0].service_instance.name);
  await expect(await grid.cellAt(1, 'Created (UTC)')).toHaveText(shown(events[0].created_at));

  const deleted = events.filter((event) => event.state === 'DELETED');
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Deleted', exact: true }).click();
  await grid.expectRows(deleted.length);
  const plan = deleted.find((event) => event.service_plan.guid)!.service_plan;
  await page.getByLabel('Plan', { exact: true }).selectOption(plan.guid!);
  const ofPlan = deleted.filter((event) => event.service_plan.guid === plan.guid);
  await grid.expectRows(ofPlan.length);
  await page.getByLabel('Find events').fill(ofPlan[0].service_instance.name.toUpperCase());
  const found = ofPlan.filter((event) => event.service_instance.name.includes(ofPlan[0].service_instance.name));
  await grid.expectRows(found.length);
  await page.getByRole('columnheader', { name: 'Created (UTC)' }).click();
  await page.getByRole('columnheader', { name: 'Created (UTC)' }).click();
  const newest = [...found].sort((one, other) => other.created_at.localeCompare(one.created_at))[0];
  await expect(await grid.cellAt(1, 'Created (UTC)')).toHaveText(shown(newest.created_at));

  const link = new URL(page.url());
  const second = await sitDown('editor', link.pathname + link.search);
  await new UsageGrid(second).expectRows(found.length);
  await expect(await new UsageGrid(second).cellAt(1, 'Created (UTC)')).toHaveText(shown(newest.created_at));
});

test('what the platform can filter and order it is asked to, before everything is here', async ({ sitDown, platform, faults }) => {
  const events = await platform.events();
  const offering = events.find((event) => event.service_offering.guid)!.service_offering.guid!;
  // The whole list never comes, so whatever is seen was answered by the platform.
  await faults.set({ method: 'GET', path: 'per_page=2000', kind: { answer: { status: 503 } } });
  const page = await sitDown('viewer', `/service-usage?offering=${offering}&type=managed_service_instance&from=2026-09-01&to=2026-09-30&sort=-created_at`);
  const grid = new UsageGrid(page);
  const wanted = events.filter((event) => event.service_offering.guid === offering && event.created_at.startsWith('2026-09-'));
  expect(wanted.length).toBeGreaterThan(3);
  await grid.expectRows(wanted.length);
  const newest = wanted.map((event) => event.created_at).sort().at(-1)!;
  await expect(await grid.cellAt(1, 'Created (UTC)')).toHaveText(shown(newest));
});

test('a state that nobody knows is shown as it is and can be chosen', async ({ sitDown, platform, faults }) => {
  const [first, second] = await platform.events();
  const resources = [first, { ...second, state: 'HIBERNATED' }];
  const link = { href: 'http://platform/v3' };
  const body = JSON.stringify({ pagination: { total_results: 2, total_pages: 1, first: link, last: link, next: null, previous: null }, resources });
  await faults.set({ method: 'GET', path: '/v3/service_usage_events?', kind: { answer: { status: 200, content_type: 'application/json', body } } });
  const page = await sitDown('viewer', '/service-usage');
  const grid = new UsageGrid(page);
  await expect(await grid.cellAt(2, 'State')).toHaveText('HIBERNATED');
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'HIBERNATED' }).click();
  await grid.expectRows(1);
});

test('no rows for a role without rights, no rows at all, and no rows that match are three different things', async ({ sitDown, faults }) => {
  const developer = await sitDown('developer', '/service-usage');
  await expect(developer.getByRole('heading', { name: 'Your role may not see service usage events' })).toBeVisible();
  await expect(developer.getByText(/such as Global Auditor/)).toBeVisible();
  await expect(developer.getByTestId('row-count')).toHaveText('Not for your role');
  await expect(developer.getByRole('button', { name: 'Export copy' })).toBeDisabled();
  await developer.getByRole('link', { name: 'Intervals' }).click();
  await expect(developer.getByRole('heading', { name: 'Your role may not see service usage events' })).toBeVisible();
  await developer.goto('/service-usage?from=2026-09-01');
  await developer.getByRole('button', { name: /^developer / }).click();
  await expect(developer.getByRole('heading', { name: 'Your role may not see service usage events' })).toBeVisible();

  const viewer = await sitDown('viewer', '/service-usage?from=1999-01-01&to=1999-12-31');
  await expect(viewer.getByRole('heading', { name: 'No event matches' })).toBeVisible();
  await viewer.getByRole('button', { name: 'Show all events' }).click();
  await expect(await new UsageGrid(viewer).cellAt(1, 'Created (UTC)')).toHaveText(/\d/);

  const link = { href: 'http://platform/v3' };
  const body = JSON.stringify({ pagination: { total_results: 0, total_pages: 1, first: link, last: link, next: null, previous: null }, resources: [] });
  await faults.set({ method: 'GET', path: '/v3/service_usage_events?', kind: { answer: { status: 200, content_type: 'application/json', body } } });
  const auditor = await sitDown('viewer', '/service-usage');
  await expect(auditor.getByRole('heading', { name: 'There are no service usage events' })).toBeVisible();
});

test('an event has its own address, its fields and the life of its instance', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const event = events.find((one) => one.state === 'UPDATED')!;
  const page = await sitDown('viewer', `/service-usage/events/${event.guid}`);
  const drawer = page.getByRole('complementary', { name: `Event ${event.guid}` });
  await expect(drawer.getByRole('heading', { name: event.service_instance.name, exact: true })).toBeVisible();
  for (const text of [shown(event.created_at), event.guid, event.service_instance.guid, event.space.guid, event.organization.guid]) {
    await expect(drawer.getByText(text, { exact: true }).first()).toBeVisible();
  }
  const life = events.filter((one) => one.service_instance.guid === event.service_instance.guid);
  await expect(drawer.locator('.instance-life li')).toHaveCount(life.length);
  await drawer.getByRole('link', { name: shown(life[0].created_at) }).first().click();
  await expect(page).toHaveURL(new RegExp(`/service-usage/events/${life[0].guid}`));
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/service-usage$/);

  const developer = await sitDown('developer', `/service-usage/events/${event.guid}`);
  await expect(developer.getByRole('heading', { name: 'Your role may not see this event, if there is one' })).toBeVisible();
});

test('a reading of everything that the end of the session stops goes on after the new sign-in where it stood', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const page = await sitDown('viewer', '/batches');
  await refuseRenewal(page);
  // Small pages, so that there are several; the third one finds the session ended.
  const [size, asked] = [Math.ceil(events.length / 5), [] as (string | null)[]];
  await page.route(/\/v3\/service_usage_events\?per_page=2000/, async (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set('per_page', String(size));
    asked.push(url.searchParams.get('after_guid'));
    if (asked.length === 3) return route.fulfill({ status: 401, contentType: 'application/json', body: '{"errors":[{"code":1000,"title":"CF-InvalidAuthToken","detail":"Invalid Auth Token"}]}' });
    return route.fulfill({ response: await route.fetch({ url: url.href }) });
  });
  await page.getByRole('link', { name: 'Service usage', exact: true }).click();
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  await expect(page.getByText(/Not all loaded/)).toBeVisible();
  await session.signInAgain('viewer');
  await expect(session.dialog).toBeHidden();
  await whole(page);
  const cursors = [1, 2, 3, 4].map((pages) => events[pages * size - 1].guid);
  expect(asked).toEqual([null, cursors[0], cursors[1], cursors[1], cursors[2], cursors[3]]);
  await new UsageGrid(page).expectRows(events.length);
});

test('new events are followed, and what came late behind a young one is not missed', async ({ sitDown, platform, faults }) => {
  const before = await platform.count();
  const page = await sitDown('viewer', '/service-usage');
  await whole(page);
  await platform.makeInstance('followed');
  const [newest] = (await platform.events()).slice(-1);
  const made = Date.parse(newest.created_at);
  // How old an event is, the platform's clock tells and this computer's does not.
  await page.clock.setFixedTime(new Date(made + 3_600_000));
  await faults.setClock(new Date(made + 59_000));
  await page.getByRole('button', { name: 'Follow new events' }).click();
  await expect(page.getByTestId('followed')).toHaveText('1 new');
  const grid = new UsageGrid(page);
  await grid.expectRows(before + 1);
  const totals = page.getByRole('group', { name: 'Totals' });
  await expect(totals).toContainText('the last event is under 60 s old');
  await faults.setClock(new Date(made + 60_000));
  await expect(totals).not.toContainText('under 60 s old');
  await grid.expectRows(before + 1);
  // A purge takes the ground from under it, and it says so.
  expect((await platform.purge('admin')).status).toBe(200);
  await page.getByRole('button', { name: 'Stop following' }).click();
  await page.getByRole('button', { name: 'Follow new events' }).click();
  await expect(page.getByTestId('followed')).toContainText('purged or pruned');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await grid.expectRows((await platform.instances()).length);
});
