import type { Page } from '@playwright/test';
import { BatchPage, createBatch } from '../person/batch_page';
import { BucketDrawer, BucketGrid } from '../person/base_buckets_page';
import { ConflictCard } from '../person/conflict_card';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { PURGE_ADDRESS, PurgePage } from '../person/purge_page';
import { savedState } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { violations } from '../stand/axe';
import { Billing } from '../stand/billing';
import { expect, test } from '../stand/desk_test';
import type { FaultSwitches } from '../stand/fault_switches';
import { takePictures, takesPictures } from '../stand/pictures';
import { Platform } from '../stand/platform';
import type { ServerRecords, User } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'screens are accessible', events: 2000 }, trace: 'off' });
// Each screen by itself, on as many browsers as there are: together they take the longest of all.
test.describe.configure({ mode: 'parallel', timeout: 240_000 });

type Screen = {
  name: string;
  address?: string;
  isSignedOut?: boolean;
  /** Who sits there; the editor unless said. */
  user?: User;
  /** Of a screen that another picture shows. */
  isVariant?: boolean;
  /** What a person does until the screen stands, and waits for. */
  reach: (page: Page, stand: { records: ServerRecords; faults: FaultSwitches; platform: Platform; billing: Billing }) => Promise<void>;
};

const EVENT_PLACES = { drawer: 0, conflict: 1, changes: 2 };

const screens: Screen[] = [
  {
    name: 'sign-in',
    isSignedOut: true,
    reach: async (page) => expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible(),
  },
  {
    name: 'sign-in refused',
    isVariant: true,
    isSignedOut: true,
    reach: async (page) => {
      await page.getByLabel('User', { exact: true }).fill('editor');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByRole('alert')).toContainText('do not match');
    },
  },
  {
    name: 'overview',
    address: '/?month=2026-09&zone=Europe/Berlin',
    reach: async (page) => {
      await expect(page.getByTestId('verdict')).toContainText('September 2026');
      await expect(page.getByRole('cell', { name: 'Locked for review' })).toBeVisible();
    },
  },
  {
    name: 'overview as a table, of a month that goes on',
    isVariant: true,
    address: '/?month=2026-11&zone=UTC',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Table', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Events per day, as a table' })).toBeVisible();
    },
  },
  {
    name: 'batches',
    address: '/batches',
    reach: async (page) => expect(page.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible(),
  },
  {
    name: 'batch detail',
    address: `/batches/${BATCH}`,
    reach: async (page) => {
      await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
      await expect(page.getByLabel('Totals', { exact: true })).toContainText(/All ([\d,]+ )?loaded, as of/);
    },
  },
  {
    name: 'filter of a column',
    address: '/events?UsageQuantity=from.1',
    reach: async (page) => {
      await expect(page.getByTestId('whole-line')).toContainText('All loaded, as of', { timeout: 60_000 });
      await new EventGrid(page).head('Currency').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Filter…' }).click();
      await expect(page.getByRole('dialog', { name: 'Filter by Currency' }).getByRole('checkbox', { name: /^EUR / })).toBeVisible();
    },
  },
  {
    name: 'export of a list',
    address: '/events?status=ORA_ERROR',
    reach: async (page) => {
      await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
      await page.getByRole('button', { name: 'Export…', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Export' });
      await dialog.getByRole('radio', { name: /^CSV/ }).check();
      await expect(dialog.getByRole('checkbox', { name: /byte order mark/ })).toBeChecked();
    },
  },
  {
    name: 'evidence of a batch',
    address: `/batches/${BATCH}`,
    reach: async (page) => {
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByRole('button', { name: 'Evidence…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Evidence of the batch' });
      await dialog.getByRole('button', { name: 'Make evidence' }).click();
      await expect(dialog.getByTestId('evidence-sha256')).toHaveText(/^[0-9a-f]{64}$/);
    },
  },
  {
    name: 'new batch',
    address: '/batches',
    reach: async (page) => {
      await page.getByRole('button', { name: 'New batch' }).click();
      await expect(page.getByRole('dialog', { name: 'New batch' }).getByLabel('Number')).toHaveValue(/^UB-/);
    },
  },
  {
    name: 'reverse events',
    address: `/batches/${BATCH}?status=ORA_PROCESSED`,
    reach: async (page) => {
      await new EventGrid(page).rowAt(1).getByRole('gridcell').nth(1).click();
      await page.getByRole('button', { name: /^Reverse TEL-.*…$/ }).click();
      await expect(page.getByRole('dialog', { name: 'Reverse events' }).getByTestId('allowed')).toContainText('1 event will be reversed');
    },
  },
  {
    name: 'rule builder',
    address: '/batches/UB-2026-11-API',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Remove events', exact: true }).click();
      const builder = page.getByRole('dialog', { name: 'Remove events' });
      await builder.getByLabel('Value').fill('UB-2026-11-API');
      await expect(builder.getByTestId('allowed')).toContainText('will be taken out');
      await builder.getByRole('button', { name: 'Add a group' }).click();
      await expect(builder.getByRole('group', { name: 'Group 2' })).toBeVisible();
    },
  },
  {
    name: 'errors by cause, and their correction',
    address: '/batches/UB-2026-10-TEL/errors',
    reach: async (page) => {
      await page.getByRole('button', { name: /^Fix all [\d,]+…$/ }).first().click();
      const dialog = page.getByRole('dialog', { name: 'Correct events' });
      await dialog.getByRole('button', { name: 'Change another field' }).click();
      await dialog.getByLabel('New value').last().fill('x');
      await expect(dialog.getByTestId('will-change')).toBeVisible();
    },
  },
  {
    name: 'errors by cause',
    address: '/batches/UB-2026-10-TEL/errors',
    reach: async (page) => {
      const values = page.getByRole('button', { name: /^Show \d+ values$/ });
      await expect(page.getByTestId('in-error')).toBeVisible();
      while ((await values.count()) > 0) await values.first().click();
    },
  },
  {
    name: 'rules, one kept',
    address: '/batches',
    reach: async (page) => {
      await createBatch(page, /^Re-rate/, 'Looked at');
      await page.getByRole('button', { name: 'Add events', exact: true }).click();
      const builder = page.getByRole('dialog', { name: 'Add events' });
      await builder.getByLabel('Value').fill('UB-2026-08-CLD');
      await builder.getByLabel('Name of the rule').fill('All of August');
      await builder.getByRole('button', { name: /^Add \d+ events$/ }).click();
      await expect(page.getByRole('log', { name: 'Notices' }).getByText('events added.')).toBeVisible();
      await new BatchPage(page).part('Rules').click();
      await expect(page.getByRole('article', { name: 'All of August' })).toBeVisible();
    },
  },
  {
    name: 'result of a reversal',
    address: '/batches/UB-2026-10-REV/result',
    reach: async (page) => expect(page.getByTestId('moved')).toBeVisible(),
  },
  {
    name: 'steps of a batch',
    address: `/batches/${BATCH}/history`,
    reach: async (page) => expect(page.locator('.timeline > li').first()).toBeVisible(),
  },
  {
    name: 'history of a batch',
    address: `/batches/${BATCH}/history?changes=all`,
    reach: async (page, { records }) => {
      await records.write((await records.eventsInError(BATCH))[3].EventNumber, { ServiceId: 'for the history' });
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(page.getByRole('gridcell', { name: 'for the history' }).first()).toBeVisible();
    },
  },
  {
    name: 'lineage and what a correction would cost',
    address: '/batches/UB-2026-10-REV',
    reach: async (page) => {
      await page.getByRole('grid', { name: 'Usage events' }).getByRole('gridcell', { name: /^REV-/ }).first().dblclick();
      await expect(page.getByRole('region', { name: 'Lineage' })).toBeVisible();
    },
  },
  {
    name: 'edit of a batch',
    isVariant: true,
    address: '/batches/UB-2026-11-API',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Edit the batch' }).getByLabel('Name')).toBeVisible();
    },
  },
  {
    name: 'submit with its estimate',
    address: '/batches/UB-2026-11-NRG',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Submit' }).getByRole('region', { name: 'Expected amounts' })).toBeVisible();
    },
  },
  {
    name: 'changes',
    address: `/batches/${BATCH}?status=ORA_ERROR`,
    reach: async (page, { records }) => {
      const event = (await records.eventsInError(BATCH))[EVENT_PLACES.changes].EventNumber;
      await new EventGrid(page).correct(event, 'Service', `+49 ${Date.now()}`);
      await expect(savedState(page)).toHaveText('All changes saved');
      await page.getByRole('link', { name: 'Changes', exact: true }).click();
      await page.getByRole('grid', { name: 'Changes' }).getByRole('gridcell', { name: 'Done' }).first().click();
      await expect(page.getByRole('complementary', { name: 'One change' })).toBeVisible();
    },
  },
  {
    name: 'event drawer',
    address: `/batches/${BATCH}?status=ORA_ERROR`,
    reach: async (page, { records }) => {
      const event = (await records.eventsInError(BATCH))[EVENT_PLACES.drawer].EventNumber;
      await (await new EventGrid(page).cell(event, 'Event')).dblclick();
      await new EventDrawer(page, event).expectOpen();
    },
  },
  {
    name: 'conflict card',
    address: `/batches/${BATCH}?status=ORA_ERROR`,
    reach: async (page, { records }) => {
      const event = (await records.eventsInError(BATCH))[EVENT_PLACES.conflict].EventNumber;
      await (await new EventGrid(page).cell(event, 'Event')).dblclick();
      const drawer = new EventDrawer(page, event);
      await drawer.expectOpen();
      const theirs = `+49 ${Date.now()}`;
      expect((await records.write(event, { ServiceId: theirs })).status).toBe(200);
      await drawer.correct('Service', '+49 mine');
      await expect(new ConflictCard(page, event).root).toBeVisible();
    },
  },
  {
    name: 'sync panel',
    isVariant: true,
    address: `/batches/${BATCH}`,
    reach: async (page) => {
      await savedState(page).click();
      await expect(page.getByRole('region', { name: 'Changes of this page' })).toBeVisible();
    },
  },
  {
    name: 'session dialog',
    isVariant: true,
    address: '/batches',
    reach: async (page, { faults }) => {
      await expect(page.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible();
      await faults.set({ path: '/crmRestApi/', kind: { answer: { status: 401 } } });
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(sessionDialog(page).dialog).toBeVisible();
    },
  },
  {
    name: 'keyboard map',
    address: '/batches',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Keys' }).click();
      await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    },
  },
  {
    name: 'base bucket, its forms open',
    address: '/buckets/1',
    reach: async (page) => {
      const drawer = new BucketDrawer(page);
      await expect(drawer.section('details').getByRole('listitem').first()).toBeVisible();
      for (const name of ['Retire…', 'Add a row', 'Delete…']) await drawer.button(name).click();
      await expect(drawer.button('Delete for good')).toBeVisible();
    },
  },
  {
    name: 'base bucket in use and in conflict',
    address: '/buckets',
    reach: async (page, { billing }) => {
      const users = await billing.users();
      const used = (await billing.buckets()).filter((bucket) => !bucket.retired && users.has(bucket.identity)).at(-1)!;
      await new BucketGrid(page).find(used.name);
      await new BucketGrid(page).open(used.name);
      const drawer = new BucketDrawer(page);
      await drawer.expectOpen(used.name);
      await drawer.delete();
      await expect(drawer.button('Retire it instead')).toBeVisible();
      expect((await billing.change(used.identity, { start: new Date().toISOString() })).status).toBe(200);
      await drawer.correct('Start', '2026-01-01 00:00:00');
      await expect(new ConflictCard(page, `Base bucket ${used.identity}`).root).toBeVisible();
    },
  },
  {
    name: 'base buckets changed together',
    address: '/buckets?find=Toll-free',
    reach: async (page) => {
      const grid = new BucketGrid(page);
      await expect(grid.root.getByRole('gridcell').first()).toHaveText(/Toll-free/);
      await grid.root.getByRole('gridcell').nth(1).click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.getByRole('button', { name: /^Edit \d+ selected…$/ }).click();
      await expect(page.getByRole('dialog', { name: 'Edit selected base buckets' })).toBeVisible();
    },
  },
  {
    name: 'new base bucket',
    isVariant: true,
    address: '/buckets',
    reach: async (page) => {
      await page.getByRole('button', { name: 'New base bucket' }).click();
      await page.getByRole('dialog', { name: 'New base bucket' }).getByRole('button', { name: 'Create' }).click();
      await expect(page.getByText('Give it a name.')).toBeVisible();
    },
  },
  {
    name: 'service usage event',
    address: '/service-usage',
    reach: async (page) => {
      const first = page.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first();
      await expect(first).toHaveText(/\d/);
      await first.dblclick();
      await expect(page.locator('.instance-life li').first()).toBeVisible();
    },
  },
  {
    name: 'intervals of service usage',
    address: '/service-usage/intervals',
    reach: async (page) => expect(page.getByRole('table')).toBeVisible(),
  },
  {
    name: 'purge, what goes and what comes',
    address: PURGE_ADDRESS,
    user: 'admin',
    reach: async (page, { platform }) => void (await new PurgePage(page, platform).walkTo('proven')),
  },
  {
    name: 'purge, its report',
    address: PURGE_ADDRESS,
    user: 'admin',
    reach: async (page, { platform }) => {
      const desk = new PurgePage(page, platform);
      await desk.walkTo('counting');
      await desk.countDown();
      await expect(desk.button('Save the receipt')).toBeVisible();
    },
  },
];

// Other journeys hold these against the same rules; pictures are taken of them here.
const pictured: Screen[] = [
  { name: 'events', address: '/events', reach: (page) => expectRows(page, 'Usage events') },
  { name: 'base buckets', address: '/buckets', reach: (page) => expectRows(page, 'Base buckets') },
  { name: 'service usage', address: '/service-usage', reach: (page) => expectRows(page, 'Service usage events') },
  { name: 'import', address: '/import', reach: async (page) => expect(page.getByRole('heading', { name: 'Choose a file of usage' })).toBeVisible() },
  { name: 'approvals', address: '/approvals', reach: async (page) => expect(page.getByText('Nothing waits for your approval')).toBeVisible() },
  {
    name: 'settings',
    address: '/batches',
    reach: async (page) => {
      await page.getByRole('link', { name: 'Settings' }).click();
      await expect(page.getByRole('heading', { name: 'This browser' })).toBeVisible();
    },
  },
];

async function expectRows(page: Page, list: string): Promise<void> {
  await expect(page.getByRole('grid', { name: list }).getByRole('gridcell').first()).toHaveText(/\w/);
}

// Both colours and both widths meet every rule. What the other two sights can add is a colour on a
// ground that only that width shows.
const sights = [
  { colorScheme: 'light' as const, viewport: { width: 1440, height: 900 }, rules: 'all' },
  { colorScheme: 'dark' as const, viewport: { width: 1440, height: 900 }, rules: 'contrast' },
  { colorScheme: 'dark' as const, viewport: { width: 1024, height: 768 }, rules: 'all' },
  { colorScheme: 'light' as const, viewport: { width: 1024, height: 768 }, rules: 'contrast' },
];

for (const screen of takesPictures ? [...screens, ...pictured] : screens) {
  test(`axe finds nothing on the screen "${screen.name}", light and dark, wide and narrow`, async ({ openBrowser, sitDown, records, faults, server }) => {
    const platform = new Platform(server);
    const billing = new Billing(server);
    const { colorScheme, viewport } = sights[0];
    const first = { colorScheme, viewport };
    const page = screen.isSignedOut ? await openBrowser('/', first) : await sitDown(screen.user ?? 'editor', screen.address, first);
    await screen.reach(page, { records, faults, platform, billing });
    // The screen stands, and is turned dark and made narrow under the person's hands.
    for (const sight of sights) {
      await page.emulateMedia({ colorScheme: sight.colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(sight.viewport);
      const told = await violations(page, sight.rules === 'contrast' ? ['color-contrast'] : undefined);
      expect.soft(told, `${sight.colorScheme}, ${sight.viewport.width} wide`).toEqual([]);
    }
    await takePictures(page, screen.name, !screen.isVariant);
  });
}
