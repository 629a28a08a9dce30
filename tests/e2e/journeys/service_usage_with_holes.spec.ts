// Pages of service usage events that leave something out, repeat something or contradict each other: no list,
// no copy and no purge takes them for the whole.
import type { Page } from '@playwright/test';
import { PURGE_ADDRESS, PurgePage } from '../person/purge_page';
import { expect, test as base } from '../stand/desk_test';
import { Platform, type UsageEvent } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'service usage with holes', events: 200 } });

type Answer = { pagination: { total_results: number; next: { href: string } | null }; resources: UsageEvent[] };
type Asked = URLSearchParams;

const LIST = /\/v3\/service_usage_events\?/;

/** Changes what is asked of the list, what it answers, or the headers of that. */
async function spoil(page: Page, how: { asked?: (asked: Asked) => void; answer?: (answer: Answer, asked: Asked) => void; drop?: string }) {
  await page.route(LIST, async (route) => {
    const url = new URL(route.request().url());
    const asked = new URLSearchParams(url.searchParams);
    how.asked?.(url.searchParams);
    const response = await route.fetch({ url: url.href });
    const answer = (await response.json()) as Answer;
    how.answer?.(answer, asked);
    const { [how.drop ?? '']: _, ...headers } = response.headers();
    return route.fulfill({ status: response.status(), headers, json: answer });
  });
}

const isPage = (asked: Asked) => asked.get('per_page') === '2000';
const isFurther = (asked: Asked) => isPage(asked) && asked.has('after_guid');

const HOLES: { name: string; reason: RegExp; asked?: (asked: Asked) => void; answer?: (answer: Answer, asked: Asked) => void }[] = [
  {
    name: 'the middle of each page is missing',
    reason: /A page announces [\d,]+ events, brings 10 and says that none follow|[\d,]+ events were announced, and now there are [\d,]+/,
    answer: (answer, asked) => {
      if (isPage(asked)) answer.resources.splice(5, answer.resources.length - 10);
    },
  },
  {
    name: 'the first page is cut and the second one empty, as if that were the end',
    reason: /[\d,]+ events were announced, and now there are 5/,
    answer: (answer, asked) => {
      if (!isPage(asked)) return;
      if (!isFurther(asked)) answer.resources.splice(5);
      else Object.assign(answer, { resources: [], pagination: { total_results: 0, next: null } });
    },
  },
  {
    name: 'an empty page says that more follow',
    reason: /A page announces [\d,]+ events, brings 0 and says that more follow/,
    answer: (answer, asked) => {
      if (!isFurther(asked)) return;
      answer.resources = [];
      answer.pagination.next = { href: 'next' };
    },
  },
  {
    name: 'events are doubled',
    reason: /The event \S+ came twice/,
    answer: (answer, asked) => {
      if (!isPage(asked)) return;
      answer.resources.push(...answer.resources.slice(0, 50));
      answer.pagination.total_results += 50;
    },
  },
  {
    name: 'a gateway drops the cursor',
    reason: /The event \S+ came twice/,
    asked: (asked) => {
      if (isPage(asked)) asked.delete('after_guid');
    },
  },
];

for (const { name, reason, ...how } of HOLES) {
  test(`where ${name}, neither list nor copy nor purge takes it for the whole`, async ({ sitDown, platform }) => {
    const page = await sitDown('admin', '/batches');
    const desk = new PurgePage(page, platform);
    let downloads = 0;
    page.on('download', () => (downloads += 1));
    await spoil(page, how);
    await page.getByRole('link', { name: 'Service usage', exact: true }).click();
    const totals = page.getByRole('group', { name: 'Totals' });
    await expect(totals.getByText(/^Not all loaded/)).toHaveText(reason);
    await page.getByRole('button', { name: 'Export copy' }).click();
    const copy = page.getByRole('alert').filter({ hasText: 'No copy was saved' });
    await expect(copy).toHaveText(reason);
    await page.getByRole('link', { name: 'Purge and reseed' }).click();
    await desk.button('Begin with the copy').click();
    await expect(desk.step.getByText('The copy was not made.')).toBeVisible();
    await expect(desk.step.getByRole('alert')).toHaveText(reason);
    await desk.button('Cancel').click();
    expect([downloads, desk.posts]).toEqual([0, 0]);

    // What had come is no ground to go on from: the list is read from its first event.
    await page.goBack();
    await expect(totals.getByText(/^Not all loaded/)).toBeVisible();
    await page.unroute(LIST);
    await page.getByRole('button', { name: 'Load again' }).click();
    await expect(totals).toContainText('All loaded');
    await expect(page.getByTestId('row-count')).toHaveText(`${(await platform.count()).toLocaleString('en-GB')} events`);
  });
}

test('a reading that was stopped behind a hole does not come whole when it goes on', async ({ sitDown }) => {
  const page = await sitDown('admin', '/batches');
  const totals = page.getByRole('group', { name: 'Totals' });
  await spoil(page, {
    answer: (answer, asked) => {
      if (isPage(asked) && !isFurther(asked)) answer.resources.splice(5, 5);
    },
  });
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await page.route(/per_page=2000&after_guid/, async (route) => {
    await held;
    return route.fallback();
  });
  await page.getByRole('link', { name: 'Service usage', exact: true }).click();
  await expect(totals).toContainText('Loading all: 1,995 of');
  await totals.getByRole('button', { name: 'Stop' }).click();
  goOn();
  await totals.getByRole('button', { name: 'Load the rest' }).click();
  await expect(totals.getByText(/^Not all loaded/)).toHaveText(/events were announced, and now there are/);
});

test('following takes no event twice where a gateway drops the cursor', async ({ sitDown, platform }) => {
  const page = await sitDown('viewer', '/service-usage');
  await expect(page.getByText('All loaded, as of')).toBeVisible();
  await spoil(page, { asked: (asked) => asked.delete('after_guid') });
  await page.getByRole('button', { name: 'Follow new events' }).click();
  await expect(page.getByTestId('followed')).toHaveText(/The event \S+ came twice\. Refresh to read the list anew\./);
  await expect(page.getByTestId('row-count')).toHaveText(`${(await platform.count()).toLocaleString('en-GB')} events`);
});

const isNewest = (asked: Asked) => asked.has('order_by');

const LOOKS: { name: string; asked?: (asked: Asked) => void; answer?: (answer: Answer, asked: Asked) => void }[] = [
  { name: 'there is no newest event', answer: (answer, asked) => void (isNewest(asked) && (answer.resources = [])) },
  { name: 'the oldest event stands for the newest', asked: (asked) => asked.delete('order_by') },
  {
    name: 'nothing came since the copy, and here it is',
    answer: (answer, asked) => {
      if (isNewest(asked)) return;
      answer.pagination.total_results = 0;
      answer.resources = [{} as UsageEvent];
    },
  },
];

for (const { name, ...how } of LOOKS) {
  test(`the platform is not quiet by an answer that contradicts itself: ${name}`, async ({ sitDown, platform }) => {
    const page = await sitDown('admin', PURGE_ADDRESS);
    const desk = new PurgePage(page, platform);
    await desk.walkTo('proven');
    await spoil(page, how);
    await desk.button('I have read this').click();
    await expect(desk.step.getByText(/do not agree with each other or with the copy/)).toBeVisible();
    await page.unroute(LIST);
    await desk.button('Look again').click();
    await desk.name('Usage Desk demo');
    await spoil(page, how);
    await desk.countDown();
    await expect(desk.step.getByText(/do not agree with each other or with the copy/)).toBeVisible();
    expect(desk.posts).toBe(0);
  });
}

test('an event that was written behind the copy with an earlier time is found by its count', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('proven');
  await spoil(page, { answer: (answer, asked) => void (isNewest(asked) && (answer.pagination.total_results += 1)) });
  await desk.button('I have read this').click();
  await expect(desk.step.getByText(/1 event came after the copy was made/)).toBeVisible();
  expect(desk.posts).toBe(0);
});

test('where the platform does not tell its time, the clock of this computer is not taken for it', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('proven');
  await spoil(page, { drop: 'date' });
  await desk.button('I have read this').click();
  await expect(desk.step.getByText(/does not tell its time/)).toBeVisible();
  // An hour later by this computer's clock, it is as little known.
  await page.clock.setFixedTime(new Date(Date.now() + 3_600_000));
  await desk.button('Look again').click();
  await expect(desk.step.getByText(/does not tell its time/)).toBeVisible();
  await page.unroute(LIST);
  await desk.passSeconds(0);
  await desk.button('Look again').click();
  await desk.name('Usage Desk demo');
  await spoil(page, { drop: 'date' });
  await desk.countDown();
  await expect(desk.step.getByText(/does not tell its time/)).toBeVisible();
  expect(desk.posts).toBe(0);
});
