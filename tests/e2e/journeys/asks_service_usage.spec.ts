// Service usage events are asked by their columns: from memory comes what the platform's events say, in its order where
// nothing else is asked.
import { askByAddress, chips, expectBackAtHead, form, goToHead, openFilter } from '../person/column_filter';
import { EventGrid } from '../person/event_grid';
import { tabTo } from '../person/tab_to';
import { violations } from '../stand/axe';
import { expect, test as base } from '../stand/desk_test';
import { Platform, type UsageEvent } from '../stand/platform';

const LIST = 'Service usage events';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'asks service usage', events: 200 } });

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** An order as the list has it: what has no value comes last where values rise, and equal ones as they came. */
const by = (value: (event: UsageEvent) => string | null, falls = false) => (one: UsageEvent, other: UsageEvent) => {
  const [a, b] = [value(one) ?? '\uffff', value(other) ?? '\uffff'];
  return falls ? byText(b, a) : byText(a, b);
};

test('from memory come the rows that the platform’s events are', async ({ sitDown, platform }) => {
  const all = await platform.events();
  const page = await sitDown('viewer', '/service-usage');
  const grid = new EventGrid(page, LIST);
  await expect(page.getByText('All loaded, as of')).toBeVisible();
  const plan = all.find((event) => event.service_plan.name)!.service_plan.name!;
  const day = all[Math.floor(all.length / 2)].created_at.slice(0, 10);
  const questions: [string, (event: UsageEvent) => boolean, ...((one: UsageEvent, other: UsageEvent) => number)[]][] = [
    ['?sort=service_plan.name,-created_at', () => true, by((event) => event.service_plan.name), by((event) => event.created_at, true)],
    ['?sort=-service_plan.name', () => true, by((event) => event.service_plan.name, true)],
    ['?sort=space.name,state', () => true, by((event) => event.space.name), by((event) => event.state)],
    [`?service_plan.name=is.${encodeURIComponent(plan)}`, (event) => event.service_plan.name === plan],
    ['?service_plan.name=blank', (event) => !event.service_plan.name],
    ['?service_plan.name=not-blank&state=CREATED,DELETED', (event) => !!event.service_plan.name && ['CREATED', 'DELETED'].includes(event.state)],
    ['?state=contains.update', (event) => event.state === 'UPDATED'],
    [`?created_at=between.${day},${day}`, (event) => event.created_at.startsWith(day)],
    [`?guid=contains.${all[7].guid.slice(4, 13).toUpperCase()}`, (event) => event.guid.includes(all[7].guid.slice(4, 13))],
    [`?find=${all[3].service_instance.name.toUpperCase()}&from=${day}`, (event) => event.created_at.slice(0, 10) >= day && JSON.stringify(event).toLowerCase().includes(all[3].service_instance.name)],
    ['', () => true],
  ];
  for (const [address, fits, ...orders] of questions) {
    await askByAddress(page, `/service-usage${address}`);
    const order = (one: UsageEvent, other: UsageEvent) => orders.reduce((found, order) => found || order(one, other), 0);
    const wanted = all.filter(fits).sort(order).map((event) => event.created_at.replace('T', ' ').replace('Z', ''));
    await grid.expectRows(wanted.length);
    await expect.poll(async () => (await grid.firstCells()).slice(0, 15), address).toEqual(wanted.slice(0, 15));
  }
  await askByAddress(page, '/service-usage?from=soon&sort=nobody&by=nothing&plans=x');
  await expect(page.getByRole('button', { name: 'Not understood, show without it' })).toHaveText('Not understood: from, sort, by, plans');
});

test('by keys alone a type is chosen by its name and an order of two columns; the intervals follow, and Back takes each back', async ({ sitDown, platform }) => {
  const all = await platform.events();
  const page = await sitDown('viewer', '/service-usage');
  const grid = new EventGrid(page, LIST);
  await grid.expectRows(all.length);
  const own = all.filter((event) => event.service_instance.type === 'user_provided_service_instance');
  await openFilter(page, 'Type', LIST);
  await expect(form(page).getByRole('checkbox', { name: new RegExp(`^User-provided ${own.length}$`) })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type('user');
  await tabTo(page, 'checkbox', /^User-provided \d+$/);
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expectBackAtHead(page, 'Type', LIST);
  await grid.expectRows(own.length);
  await expect(chips(page).getByRole('button', { name: 'Type is User-provided, remove' })).toBeVisible();
  await goToHead(page, 'Instance', LIST);
  await page.keyboard.press('Enter');
  await goToHead(page, 'Created (UTC)', LIST);
  await page.keyboard.press('Shift+Enter');
  await expect(page).toHaveURL(/sort=service_instance\.name%2Ccreated_at/);
  const [first] = [...own].sort((one, other) => byText(one.service_instance.name, other.service_instance.name) || byText(one.created_at, other.created_at));
  await expect(await grid.rowAt(1)).toContainText(first.service_instance.name);

  await page.getByRole('link', { name: 'Intervals' }).click();
  const instances = new Set(own.map((event) => event.service_instance.guid));
  await page.getByRole('group', { name: 'Grouped by' }).getByRole('button', { name: 'Instance' }).click();
  await expect(page.locator('.intervals table caption')).toBeVisible();
  expect(await page.locator('.intervals tbody tr').count()).toBe(Math.min(instances.size, 60));
  await page.goBack();
  await expect(await grid.rowAt(1)).toContainText(first.service_instance.name);
  await chips(page).getByRole('button', { name: 'Type is User-provided, remove' }).click();
  await grid.expectRows(all.length);
});
