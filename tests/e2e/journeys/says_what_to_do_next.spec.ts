// A screen with nothing on it says why, and offers the next step: it is there to be pressed, and leads on.
import type { Page } from '@playwright/test';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'screens are accessible', events: 2000 } });

/** Nothing is called so. */
const NONE = 'zzzz-none';

type Empty = {
  address: string;
  /** What it says. */
  title: string;
  /** The step that it offers. */
  step: string | RegExp;
};

const EMPTY: Empty[] = [
  { address: '/?month=2026-02&zone=UTC', title: 'February 2026 has no usage events', step: /^Show November 2026/ },
  { address: `/events?find=${NONE}`, title: 'No event matches', step: 'Show all events' },
  { address: `/events?find=${NONE}&group=CurrencyCode`, title: 'No event matches', step: 'Show all events' },
  { address: `/batches?find=${NONE}`, title: 'No batch matches', step: 'Show all batches' },
  { address: '/batches/UB-NONE', title: 'There is no batch UB-NONE', step: 'Go to the batches' },
  { address: `/batches/UB-2026-10-TEL?find=${NONE}`, title: 'No event matches', step: 'Show all events' },
  { address: '/batches/UB-2026-10-REV/errors', title: 'No event is in error', step: 'Show the events of this batch' },
  { address: '/batches/UB-2026-11-NRG/rules', title: 'No rules', step: 'Show the events of this batch' },
  { address: '/batches/UB-2026-11-NRG/result', title: 'Not processed yet', step: 'Show the events of this batch' },
  { address: '/batches/UB-2026-11-NRG/history?changes=all', title: 'No changed values', step: 'Show the events of this batch' },
  { address: `/buckets?find=${NONE}`, title: 'No base bucket fits the filter', step: 'Take the filter away' },
  { address: '/buckets/none', title: 'There is no such base bucket', step: 'Go to the base buckets' },
  { address: `/service-usage?find=${NONE}`, title: 'No event matches', step: 'Show all events' },
  { address: `/service-usage/intervals?find=${NONE}`, title: 'No interval matches', step: 'Show all intervals' },
  { address: `/changes?find=${NONE}`, title: 'No change matches', step: 'Show all changes' },
  { address: '/changes?shown=open', title: 'Everything is settled', step: 'Show all changes' },
  { address: '/changes', title: 'Nothing changed yet', step: 'Go to the events' },
  { address: '/approvals', title: 'Nothing waits for your approval', step: 'Go to the batches' },
  { address: '/nowhere', title: 'There is no such page', step: 'Go to the first screen' },
];

/** The session stays: as a link within the page does. */
async function go(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
}

async function expectNextStep(page: Page, { address, title, step }: Empty): Promise<void> {
  const state = page.locator('.state').filter({ has: page.getByRole('heading', { name: title }) });
  await expect(state, address).toBeVisible();
  expect(await violations(page), address).toEqual([]);
  const way = state.getByRole('button', { name: step }).or(state.getByRole('link', { name: step }));
  await expect(way, address).toBeEnabled();
  await way.click();
  await expect(state, `${address}: ${step}`).toHaveCount(0);
}

test('every screen that has nothing to show offers the next step', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches');
  for (const [at, empty] of EMPTY.entries()) {
    // Both colours and widths in turn.
    await page.emulateMedia({ colorScheme: at % 2 ? 'dark' : 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(at % 4 < 2 ? { width: 1440, height: 900 } : { width: 1024, height: 768 });
    await go(page, empty.address);
    await expectNextStep(page, empty);
  }
});

test('lists that the system has nothing for lead to where data come from', async ({ sitDown, faults }) => {
  const body = JSON.stringify({ items: [], totalResults: 0, count: 0, hasMore: false, limit: 100, offset: 0, links: [] });
  const answer = { answer: { status: 200, content_type: 'application/json', body } };
  const page = await sitDown('editor', '/changes');
  await faults.set(...['/subscriptionUsageEvents?', '/subscriptionUsageEventBatches?'].map((path) => ({ method: 'GET', path, kind: answer })));
  const lists = [
    { address: '/events', title: 'No events here' },
    { address: '/batches', title: 'No batches yet' },
  ];
  for (const list of lists) {
    await go(page, list.address);
    await expectNextStep(page, { ...list, step: 'Import events from a file' });
  }
  // Who may not import is led to what they may do.
  const viewer = await sitDown('viewer', '/events');
  await expectNextStep(viewer, { ...lists[0], step: 'Go to the batches' });
});
