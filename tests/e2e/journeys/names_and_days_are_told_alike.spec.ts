// Things are called by their names, two of one name are told apart, a day is written in one form, and a choice says
// what it chooses.
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { UsageGrid } from '../person/usage_grid';
import { expect, test as base } from '../stand/desk_test';
import { Platform } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'names and days are told alike', events: 200 } });

test('no two entries of a filter read alike, and what they belong to tells them apart', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const organizations = await platform.organizations();
  const page = await sitDown('viewer', '/service-usage');
  await expect(page.getByText('All loaded, as of')).toBeVisible();
  for (const name of ['Offering', 'Plan', 'Space', 'Organisation', 'Type']) {
    const entries = await page.getByLabel(name, { exact: true }).locator('option').allTextContents();
    expect(entries.length, name).toBeGreaterThan(2);
    expect(new Set(entries).size, name).toBe(entries.length);
  }
  // One name in several organizations: each entry shows the events of one space.
  const spaces = new Map(events.map(({ space, organization }) => [space.guid, { name: space.name, in: organizations.get(organization.guid)! }]));
  const [guid, space] = [...spaces].find(([one, { name }]) => [...spaces].some(([other, { name: same }]) => other !== one && same === name))!;
  await page.getByLabel('Space', { exact: true }).selectOption({ label: `${space.name} (${space.in})` });
  await new UsageGrid(page).expectRows(events.filter((event) => event.space.guid === guid).length);
});

test('an organization has its name in list, filter, intervals and drawer; where none is told, its guid stands', async ({ sitDown, platform, faults }) => {
  const [event] = await platform.events();
  const { guid } = event.organization;
  const name = (await platform.organizations()).get(guid)!;
  const page = await sitDown('viewer', '/service-usage');
  await expect(await new UsageGrid(page).cellAt(1, 'Organisation')).toHaveText(name);
  await page.getByLabel('Organisation', { exact: true }).selectOption({ label: name });
  await expect(page).toHaveURL(new RegExp(`organization=${guid}`));
  await page.goto(`/service-usage/events/${event.guid}`);
  await page.getByRole('button', { name: /^viewer / }).click();
  await expect(page.getByRole('complementary').getByText(name, { exact: true })).toBeVisible();
  await page.goto('/service-usage/intervals?by=organization');
  await page.getByRole('button', { name: /^viewer / }).click();
  await expect(page.getByRole('rowheader', { name, exact: true })).toBeVisible();

  await faults.set({ method: 'GET', path: '/v3/organizations', kind: { refuse: { status: 404 } } });
  const other = await sitDown('viewer', '/service-usage');
  await expect(await new UsageGrid(other).cellAt(1, 'Organisation')).toHaveText(guid);
});

test('an event type has its name in the list and in the drawer of an event that is only read', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf('UB-2026-08-TEL', "EventStatus = 'ORA_PROCESSED'", 1);
  const page = await sitDown('viewer', eventAddress('UB-2026-08-TEL', event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const name = await (await new EventGrid(page).cell(event.EventNumber, 'Event type')).textContent();
  expect(name).not.toContain(event.EventType);
  await expect(drawer.box('EventType').locator('.field-value')).toHaveText(name!);
});

test('a day is typed and shown as ISO writes it, and half a day or none that exists asks for nothing', async ({ sitDown, platform }) => {
  const events = await platform.events();
  const page = await sitDown('viewer', '/service-usage');
  const grid = new UsageGrid(page);
  await grid.expectRows(events.length);
  const from = page.getByLabel('From this day (UTC)');
  await from.pressSequentially('2026-09-31');
  await from.press('Tab');
  await expect(from).toHaveAttribute('aria-invalid', 'true');
  await grid.expectRows(events.length);
  await from.fill('2026-09-30');
  await expect(from).not.toHaveAttribute('aria-invalid', 'true');
  await grid.expectRows(events.filter((event) => event.created_at >= '2026-09-30').length);
  await expect(page).toHaveURL(/from=2026-09-30/);
  // The browser's calendar behind the icon means the same.
  await page.locator('.day-picker input').first().fill('2026-10-15');
  await expect(from).toHaveValue('2026-10-15');
  await grid.expectRows(events.filter((event) => event.created_at >= '2026-10-15').length);
});

test('the theme is one choice of three that says what it is, and is kept', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  const theme = page.getByRole('combobox', { name: 'Theme' });
  await expect(theme.locator('option')).toHaveText(['System', 'Light', 'Dark']);
  await expect(theme).toHaveValue('system');
  await theme.selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(theme).toHaveValue('dark');
  await theme.selectOption('System');
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', /./);
});
