// The rows get the room, whatever the window: the head of a batch is three lines, what is seldom wanted is folded
// away, a zoomed page keeps eight rows, and a phone can look up, read and take a step. Measured in pixels.
import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { BatchPage } from '../person/batch_page';
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { hiddenFocus, roomOfRows, sidewaysScroll, smallTargets } from '../person/room';
import { violations } from '../stand/axe';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';
const NAME = 'October voice and data';

test.use({ stock: { journey: 'room for the rows', events: 2000 } });
test.describe.configure({ mode: 'parallel' });

type Size = { name: string; above: number; rows: number; options: BrowserContextOptions };

const sized = (width: number, height: number, more: BrowserContextOptions = {}): BrowserContextOptions => ({ viewport: { width, height }, ...more });
const PHONE: BrowserContextOptions = sized(390, 844, { isMobile: true, hasTouch: true });
const ZOOMED: BrowserContextOptions = sized(720, 450, { deviceScaleFactor: 2 });

const sizes: Size[] = [
  { name: 'a usual window', above: 150, rows: 20, options: sized(1440, 900) },
  { name: 'a small window', above: 240, rows: 12, options: sized(1024, 768) },
  { name: 'a window at 200 %', above: 150, rows: 8, options: ZOOMED },
  { name: 'a phone', above: 250, rows: 8, options: PHONE },
];

/** The rows and all that stands around them are here. */
async function expectRead(page: Page): Promise<void> {
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await expect(page.getByRole('group', { name: 'Totals' })).toContainText(/All ([\d,]+ )?loaded, as of/);
  await expect(page.getByRole('heading', { name: NAME, level: 1 })).toBeInViewport({ ratio: 1 });
}

test('in a small window names stand whole: of a batch beside a way back, of an event beside its status', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}/events/${event.EventNumber}`, sized(1024, 768));
  const name = page.getByRole('heading', { name: NAME, level: 1 });
  const isWhole = () => name.evaluate((heading) => heading.clientWidth > 0 && heading.scrollWidth <= heading.clientWidth);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(name).toBeVisible();
  expect(await isWhole()).toBe(true);
  await drawer.field('Quantity').fill('a dozen');
  await drawer.close();
  const back = page.getByRole('log', { name: 'Notices' }).getByRole('link', { name: 'Go back there' });
  await expect(back).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Show the whole notice' })).toHaveAttribute('aria-expanded', 'false');
  expect(await isWhole()).toBe(true);
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  // The longest status is the one that takes two lines.
  const [ready] = await records.eventsOf('UB-2026-11-NRG', "EventStatus = 'ORA_READY'", 1);
  const other = await sitDown('editor', `/batches/UB-2026-11-NRG/events/${ready.EventNumber}`, sized(1440, 900));
  const title = new EventDrawer(other, ready.EventNumber).root.getByRole('heading', { name: ready.EventNumber });
  await expect(other.locator('.drawer-head').getByText('Ready for processing')).toBeVisible();
  const lines = await title.evaluate((heading) => {
    const text = document.createRange();
    text.selectNodeContents(heading);
    return text.getClientRects().length;
  });
  expect(lines).toBe(1);
});

for (const { name, above, rows, options } of sizes) {
  test(`in ${name} at most ${above} pixels stand above the first row, and at least ${rows} rows can be seen`, async ({ sitDown }) => {
    const page = await sitDown('editor', `/batches/${BATCH}`, options);
    await expectRead(page);
    const room = await roomOfRows(page);
    expect(room.above).toBeLessThanOrEqual(above);
    expect(room.rows).toBeGreaterThanOrEqual(rows);
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    expect(await smallTargets(page)).toEqual([]);
    if (name === 'a usual window') {
      const filters = page.getByRole('search', { name: 'Filter events' });
      const middles = await filters.getByRole('button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, height }) => Math.round(top + height / 2)));
      expect(Math.max(...middles) - Math.min(...middles), 'filters in one line').toBeLessThanOrEqual(2);
    }
    // Status and counts stand at every size.
    await expect(page.locator('.page-head').getByText('Completed with errors', { exact: true })).toBeInViewport();
    await expect(page.getByRole('region', { name: 'How the events stand' })).toContainText(/\d+ events.*in error.*processed/);
  });
}

test('a batch that waits for a step has its line, too, and a batch with many kinds of events its foot in a low window', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches/UB-2026-11-NRG', sized(1440, 900));
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  await expect(page.getByRole('button', { name: 'Unlock', exact: true })).toBeVisible();
  expect((await roomOfRows(page)).above).toBeLessThanOrEqual(150);
  const low = await sitDown('editor', '/batches/UB-2026-09-TEL', ZOOMED);
  await expect(low.getByRole('group', { name: 'Totals' })).toContainText(/All ([\d,]+ )?loaded, as of/);
  const foot = await low.getByRole('group', { name: 'Totals' }).evaluate((bar) => bar.getBoundingClientRect().bottom - innerHeight);
  expect(foot).toBeLessThanOrEqual(0);
});

test('the title of a page is read whole where there is room beside it, and what is told takes what the title leaves', async ({ sitDown }) => {
  const page = await sitDown('editor', '/buckets', sized(1024, 768));
  const title = page.getByRole('heading', { level: 1 });
  const isWhole = () => title.evaluate((heading) => heading.scrollWidth <= heading.clientWidth);
  await expect(title).toHaveText('Base buckets');
  expect(await isWhole()).toBe(true);
  await page.getByRole('button', { name: 'Edit selected…' }).press('Enter');
  await expect(page.locator('.notice-line').getByText('Select the base buckets to change first.')).toBeInViewport({ ratio: 0.5 });
  await page.goto(`/batches/${BATCH}`);
  await page.getByRole('button', { name: /^editor / }).click();
  await expectRead(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await isWhole()).toBe(true);
});

test('the details of a batch open by a key, and stay open or folded in this browser', async ({ sitDown, records }) => {
  const batch = await records.batch(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await expectRead(page);
  const about = page.getByRole('region', { name: 'About the batch' });
  await expect(about).toBeHidden();
  await page.getByRole('button', { name: 'Details', exact: true }).press('Enter');
  for (const fact of [BATCH, batch.BusinessUnitName, batch.BatchDescription, batch.CreationDate.slice(0, 10), batch.LastUpdateDate.slice(0, 10)]) {
    await expect(about).toContainText(fact);
  }
  const second = await page.context().newPage();
  await second.goto(`/batches/${BATCH}`);
  await expect(second.getByRole('region', { name: 'About the batch' })).toContainText(batch.BusinessUnitName);
  await second.getByRole('button', { name: 'Details', exact: true }).click();
  await page.reload();
  await expectRead(page);
  await expect(about).toBeHidden();
});

test('on a phone a batch is looked up, read and locked for review by taps', async ({ sitDown, records }) => {
  const draft = 'UB-2026-11-API';
  const page = await sitDown('editor', '/batches', PHONE);
  await page.getByRole('link', { name: draft, exact: true }).tap();
  await expect(page).toHaveURL(new RegExp(`/batches/${draft}$`));
  await page.getByRole('button', { name: 'Steps and details' }).tap();
  await expect(page.getByRole('region', { name: 'About the batch' })).toContainText((await records.batch(draft)).BusinessUnitName);
  const steps = page.getByRole('region', { name: 'Steps of the batch' });
  await steps.getByRole('button', { name: 'Lock for review', exact: true }).tap();
  await page.getByRole('dialog', { name: 'Lock for review' }).getByRole('button', { name: 'Lock for review', exact: true }).tap();
  await new BatchPage(page).expectAt('Locked for review');
  expect((await records.batch(draft)).BatchStatus).toBe('ORA_LOCKED');
  expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
  // What is seldom wanted is behind "More".
  await page.getByRole('button', { name: 'More', exact: true }).tap();
  await page.getByRole('button', { name: 'Sign out', exact: true }).tap();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('on a phone the filters unfold, an event fills the screen, and what it covers is out of reach', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}`, PHONE);
  await expectRead(page);
  await page.getByRole('button', { name: 'Filter', exact: true }).tap();
  await page.getByRole('group', { name: 'Status' }).getByRole('button', { name: 'Error', exact: true }).tap();
  await page.getByRole('button', { name: 'Filter: Error' }).tap();
  await expect(page.getByRole('group', { name: 'Status' })).toBeHidden();
  await page.getByRole('link', { name: event.EventNumber, exact: true }).tap();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  expect(await drawer.root.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  const title = drawer.root.getByRole('heading', { name: event.EventNumber });
  expect(await title.evaluate((heading) => heading.scrollWidth <= heading.clientWidth)).toBe(true);
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeHidden();
  await expect(new EventGrid(page).root).toBeHidden();
  expect(await smallTargets(page)).toEqual([]);
  await drawer.close();
  await expect(new EventGrid(page).root).toBeFocused();
});

test('at 200 % nothing that has the focus is hidden, from the rail to the totals', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`, ZOOMED);
  await expectRead(page);
  await page.getByRole('link', { name: 'Batches', exact: true }).focus();
  for (let presses = 0; presses < 40; presses += 1) {
    expect(await hiddenFocus(page)).toBeUndefined();
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body)) return;
  }
  throw new Error('40 presses of Tab do not lead through the page');
});

/** The lines of text in a bar that begin within it: those that are seen whole, and those that its edge cuts. */
const linesSeen = (bar: Locator) =>
  bar.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const whole = new Set<number>();
    const cut: string[] = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const line of range.getClientRects()) {
        if (line.width === 0 || line.top >= bottom - 0.5) continue;
        if (line.top < top - 0.5 || line.bottom > bottom + 0.5) cut.push(`${text.textContent} to ${line.bottom} of ${bottom}`);
        else if (text.parentElement!.closest('dl')) whole.add(Math.round(line.top));
      }
    }
    return { sums: whole.size, cut };
  });

for (const [window, options] of [['on a phone', PHONE], ['at 200 %', ZOOMED]] as const) {
  test(`${window} the sums of a batch begin with two whole lines at least, and none is cut`, async ({ sitDown }) => {
    for (const batch of ['UB-2026-10-TEL', 'UB-2026-10-CLD', 'UB-2026-11-API']) {
      const page = await sitDown('viewer', `/batches/${batch}`, options);
      const totals = page.getByRole('group', { name: 'Totals' }).first();
      await expect(totals).toContainText(/All ([\d,]+ )?loaded, as of/);
      const { sums, cut } = await linesSeen(totals);
      expect(cut, batch).toEqual([]);
      expect(sums, batch).toBeGreaterThanOrEqual(2);
    }
  });
}

/** What can be seen of `texts` lies beside the screen, or under a button. */
const hiddenTexts = (texts: Locator) =>
  texts.evaluateAll((all) => {
    const buttons = [...document.querySelectorAll('main .cause .button')].map((button) => button.getBoundingClientRect());
    const seen = all.filter((text) => text.checkVisibility());
    const hidden = seen.filter((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return right > innerWidth || buttons.some((button) => button.left < right && left < button.right && button.top < bottom && top < button.bottom);
    });
    return hidden.map((text) => text.textContent);
  });

for (const batch of ['UB-2026-10-CLD', 'UB-2026-11-API']) {
  test(`on a phone no amount of the errors of ${batch} is cut off or under a button, and a correction has room for its values`, async ({ sitDown }) => {
    const page = await sitDown('editor', `/batches/${batch}/errors`, PHONE);
    await expect(page.getByTestId('in-error')).toBeVisible();
    const screen = page.getByRole('region', { name: 'Errors by cause' });
    expect(await screen.evaluate((screen) => screen.scrollWidth - screen.clientWidth)).toBeLessThanOrEqual(0);
    expect(await hiddenTexts(screen.locator('tbody th, tbody td:not(.triage-act), dt, dd > span'))).toEqual([]);
    await screen.getByRole('button', { name: /^Fix all/ }).first().tap();
    const dialog = page.getByRole('dialog', { name: 'Correct events' });
    for (const field of [dialog.getByLabel('Field to change').first(), dialog.getByLabel('New value').first()]) {
      expect((await field.boundingBox())?.width).toBeGreaterThan(200);
    }
    expect(await dialog.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBeLessThanOrEqual(0);
  });
}

test('on a phone the open reversal batches are told in lines that fit', async ({ sitDown, records }) => {
  const number = await records.makeBatch(`RV-${Date.now()}`, 'ORA_REVERSE_REPLACE');
  await records.rename(number, 'Reversal of what was reported twice in the night of the first of November by all three mediation systems');
  const page = await sitDown('editor', '/batches/UB-2026-08-TEL', PHONE);
  await page.getByRole('grid').getByRole('link').first().tap();
  await page.getByRole('complementary').getByRole('button', { name: 'Reverse…' }).tap();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByText(number)).toBeVisible();
  await expect(dialog.getByTestId('open-batch-holds').first()).toBeVisible();
  expect(await dialog.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBeLessThanOrEqual(0);
});

/** What a person looks at on a phone and in a zoomed window. */
const screens: { name: string; address: string; stands: (page: Page) => Promise<void> }[] = [
  { name: 'batch', address: `/batches/${BATCH}`, stands: expectRead },
  {
    name: 'event',
    address: `/batches/${BATCH}`,
    stands: async (page) => {
      await expectRead(page);
      await new EventGrid(page).root.getByRole('link').first().click();
      await expect(page.getByRole('complementary').getByRole('heading', { name: 'Usage', exact: true })).toBeVisible();
    },
  },
  { name: 'errors', address: `/batches/${BATCH}/errors`, stands: async (page) => expect(page.getByTestId('in-error')).toBeVisible() },
  { name: 'events', address: '/events', stands: async (page) => expect(page.getByRole('group', { name: 'Totals' })).toContainText(/All ([\d,]+ )?loaded, as of/) },
  { name: 'service usage', address: '/service-usage', stands: async (page) => expect(page.getByText('All loaded, as of')).toBeVisible() },
];

for (const { name, address, stands } of screens) {
  test(`the screen "${name}" is accessible and nowhere wider than a phone or a zoomed window`, async ({ sitDown }) => {
    const page = await sitDown('editor', address, { ...PHONE, reducedMotion: 'reduce' });
    await stands(page);
    for (const [width, height] of [[390, 844], [720, 450]]) {
      await page.setViewportSize({ width, height });
      expect.soft(await violations(page), `${width} wide`).toEqual([]);
      expect.soft(await sidewaysScroll(page), `${width} wide`).toBeLessThanOrEqual(0);
      const cut = await page.locator('main :is(h2, h3, .badge, .cause-count)').evaluateAll((texts) =>
        texts.filter((text) => text.checkVisibility() && text.getBoundingClientRect().right > innerWidth).map((text) => text.textContent),
      );
      expect.soft(cut, `cut off, ${width} wide`).toEqual([]);
    }
  });
}

test('the purge stands whole on a phone and in a zoomed window', async ({ sitDown }) => {
  const page = await sitDown('admin', '/service-usage/purge', PHONE);
  await expect(page.getByRole('button', { name: 'Begin with the copy' })).toBeInViewport({ ratio: 1 });
  for (const [width, height] of [[390, 844], [720, 450]]) {
    await page.setViewportSize({ width, height });
    const beyond = await page.locator('.purge-page').evaluate((room) => room.scrollWidth - room.clientWidth);
    expect(beyond, `${width} wide`).toBeLessThanOrEqual(0);
  }
});
