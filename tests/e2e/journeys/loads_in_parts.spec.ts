// The app comes in parts: each with its first use, not before, under the strict policy; ahead of it when
// the browser is idle or a link is pointed at. A part that cannot be fetched says so, and nothing typed is
// lost.
import type { Page } from '@playwright/test';
import { BatchPage } from '../person/batch_page';
import { BucketGrid } from '../person/base_buckets_page';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { PartOnTheWay, fetchNothingAhead, fileOf, isInParts, manifest } from '../stand/built_parts';
import { expect, test } from '../stand/desk_test';
import { Front } from '../stand/front';
import { signIn } from '../person/sign_in';
import { tabTo } from '../person/tab_to';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'loads in parts', events: 2000 } });
test.skip(!isInParts, 'this build is in one piece');

/** The files of parts that a page has asked for. */
function askedFor(page: Page): Set<string> {
  const files = new Set<string>();
  page.on('request', (request) => files.add(new URL(request.url()).pathname.slice(1)));
  return files;
}

async function openDesk(openBrowser: (address?: string) => Promise<Page>, address: string): Promise<{ page: Page; files: Set<string> }> {
  const page = await openBrowser('about:blank');
  await fetchNothingAhead(page);
  const files = askedFor(page);
  await page.goto(address);
  await signIn(page, 'admin');
  return { page, files };
}

test('what is typed after the find bar was asked for stands in its field, before what finds it is here', async ({ openBrowser, records, watch }) => {
  const [event, other] = await records.eventsInError(BATCH);
  const { page } = await openDesk(openBrowser, `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await (await grid.cell(event.EventNumber, 'Quantity')).click();
  const way = await PartOnTheWay.of(page, 'changes');
  let comes = () => {};
  way.waits(new Promise<void>((resolve) => (comes = resolve)));
  await page.keyboard.press('ControlOrMeta+F');
  await page.keyboard.type(other.EventNumber);
  const bar = page.getByRole('search', { name: 'Find in the list' });
  await expect(bar.getByRole('textbox')).toHaveValue(other.EventNumber);
  await expect(bar.getByRole('button')).toHaveCount(0);
  comes();
  await expect(bar.getByText(/^1 of 1/)).toBeVisible();
  await expect(bar.getByRole('textbox')).toBeFocused();
  expect(watch.writes).toEqual([]);
});

test('each part comes with its first use', async ({ openBrowser, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[0].EventNumber;
  const { page, files } = await openDesk(openBrowser, `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await expect(await grid.cell(event, 'Event')).toBeVisible();
  // What stands on the screen has come with the page.
  const first = ['sync', 'desk', 'rail', 'lists', 'batches', 'batch'];
  for (const part of first) expect(files).toContain(fileOf(part));
  const parts = new Set(manifest.parts.map((part) => part.name).filter((part) => !first.includes(part)));
  // What a row opens comes as soon as the list has the keyboard.
  const ofRow = ['one_record', 'estimate'];
  for (const part of parts) if (!ofRow.includes(part)) expect(files).not.toContain(fileOf(part));

  const use = async (used: string[], open: () => Promise<void>): Promise<void> => {
    for (const part of used) expect(files, `${part} before its first use`).not.toContain(fileOf(part));
    await open();
    await expect(page.getByText('this part of the page')).toHaveCount(0);
    for (const part of used) {
      await expect.poll(() => files.has(fileOf(part)), `${part} with its first use`).toBe(true);
      parts.delete(part);
    }
  };
  const dialog = (name: string) => page.getByRole('dialog', { name });
  const cancel = (name: string) => dialog(name).getByRole('button', { name: 'Cancel' }).click();
  const batch = new BatchPage(page);
  const screen = async (name: string) => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
  };
  await (await grid.cell(event, 'Status')).click();
  await use(['correction'], async () => {
    await page.getByRole('button', { name: /^Correct.*…$/ }).click();
    await expect(dialog('Correct events').getByLabel('Field to change')).toBeVisible();
    await cancel('Correct events');
  });
  await use(['list_export'], async () => {
    await page.getByRole('button', { name: 'Export…', exact: true }).click();
    await expect(dialog('Export').getByText('Excel workbook (XLSX)')).toBeVisible();
    await cancel('Export');
  });
  await use(['batch_evidence'], async () => {
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Evidence…' }).click();
    await expect(dialog('Evidence of the batch').getByText('One ZIP file')).toBeVisible();
    await cancel('Evidence of the batch');
    await page.getByRole('button', { name: 'Details' }).click();
  });
  await grid.filterTo('Processed');
  const [rated] = await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true", 1);
  await (await grid.cell(rated.EventNumber, 'Status')).click();
  await use(['batch_work'], async () => {
    await page.getByRole('button', { name: /^Reverse.*…$/ }).click();
    await expect(dialog('Reverse events').getByText('A new batch')).toBeVisible();
    await cancel('Reverse events');
  });
  await grid.filterTo('Error');
  await (await grid.cell(event, 'Event')).dblclick();
  await new EventDrawer(page, event).expectOpen();
  for (const part of ofRow) {
    expect(files).toContain(fileOf(part));
    parts.delete(part);
  }
  await use(['rules'], async () => {
    await batch.part('Rules').click();
    await expect(page.getByRole('heading', { name: 'No rules' })).toBeVisible();
  });
  await use(['batch_tabs'], async () => {
    await batch.part('Errors').click();
    await expect(page.getByTestId('in-error')).toBeVisible();
  });
  await use(['overview'], async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Overview', exact: true }).click();
    await expect(page.getByRole('heading', { name: /^Overview of / })).toBeVisible();
  });
  // What answers lists that are here as a whole comes with the first of them.
  await use(['changes', 'whole_list'], () => screen('Changes'));
  await use(['create'], async () => {
    await screen('Batches');
    await page.getByRole('button', { name: 'New batch' }).click();
    await expect(dialog('New batch').getByLabel('Number')).toBeVisible();
    await cancel('New batch');
  });
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Events' }).click();
  await expect(page.getByTestId('whole-line')).toContainText('All loaded, as of');
  await use(['list_view'], async () => {
    await page.getByRole('button', { name: 'View…' }).click();
    await expect(dialog('View of the list').getByLabel('Group by')).toBeVisible();
    await cancel('View of the list');
  });
  // What hangs on a screen comes with the link to it.
  await use(['base_buckets', 'base_bucket', 'billing'], async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Buckets' }).click();
    const buckets = new BucketGrid(page);
    await buckets.expectRead();
    await buckets.open('Mobile data, Western Europe');
    await expect(page.getByRole('complementary')).toBeVisible();
  });
  await use(['service_usage', 'purge', 'usage_intervals'], async () => {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Service usage' }).click();
    const views = page.getByRole('navigation', { name: 'Views of service usage' });
    await views.getByRole('link', { name: 'Intervals' }).click();
    await expect(page.getByText('Running over time')).toBeVisible();
    await views.getByRole('link', { name: 'Events' }).click();
    const cell = page.getByRole('grid', { name: 'Service usage events' }).getByRole('gridcell').first();
    await expect(cell).toHaveText(/\w/);
    await cell.dblclick();
    await expect(page.getByRole('complementary', { name: /^Event / })).toBeVisible();
    await page.getByRole('link', { name: 'Purge and reseed' }).click();
    await expect(page.getByRole('heading', { name: 'Purge and reseed' })).toBeVisible();
  });
  // Its steps come with it.
  await use(['import', 'import_columns', 'import_outcome'], async () => {
    await screen('Import');
    await expect(page.getByRole('heading', { name: 'Choose a file of usage' })).toBeVisible();
  });
  await use(['workbooks'], async () => {
    // It is no workbook, and only what reads them can tell.
    const buffer = Buffer.from('PK\x03\x04');
    await page.getByLabel('File, or drop one here').setInputFiles({ name: 'usage.xlsx', mimeType: 'application/zip', buffer });
    await expect(page.getByRole('alert')).toContainText('the workbook cannot be opened');
  });
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await page.getByLabel('File, or drop one here').setInputFiles({
    name: 'usage.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`Event number;Start;ServiceId;Quantity;Unit\n${event};2026-09-05T00:00:00Z;other;1;HR\n`),
  });
  await page.getByRole('button', { name: 'Check all rows' }).click();
  await use(['import_corrections'], async () => {
    await page.getByRole('button', { name: 'Correct 1 event…' }).click();
    await expect(dialog('Correct events by the file').getByText('1 event will change')).toBeVisible();
    await cancel('Correct events by the file');
  });
  await use(['palette'], async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await expect(dialog('Commands').getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
  });
  // No rule asks for a second person here, so nothing leads to it.
  await use(['approvals'], async () => {
    await page.evaluate(() => {
      history.pushState(null, '', '/approvals');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await expect(page.getByRole('heading', { name: 'Approvals', exact: true })).toBeVisible();
  });
  await use(['settings'], async () => screen('Settings'));
  await use(['help'], async () => screen('Help'));
  await use(['tour'], async () => {
    await page.getByRole('button', { name: 'Start the tour' }).click();
    const tour = page.getByRole('region', { name: 'Tour' });
    await tour.getByRole('button', { name: 'Leave the tour' }).click();
    await expect(tour).toHaveCount(0);
  });
  await use(['openid'], async () => {
    await faults.set({ method: 'GET', path: '/crmRestApi/', times: 1, kind: { refuse: { status: 401 } } });
    await screen('Batches');
    await expect(page.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible();
  });
  expect([...parts], 'parts that nobody opened').toEqual([]);
});

test('a part is fetched ahead when a link to it is pointed at or a list that opens it has the keyboard', async ({ openBrowser }) => {
  const { page, files } = await openDesk(openBrowser, '/batches');
  await page.getByRole('link', { name: 'Changes' }).hover();
  await expect.poll(() => files.has(fileOf('changes'))).toBe(true);
  await page.getByRole('link', { name: 'Service usage' }).focus();
  await expect.poll(() => files.has(fileOf('service_usage'))).toBe(true);
  expect(files).not.toContain(fileOf('base_buckets'));
  await tabTo(page, 'grid', 'Usage event batches');
  await expect.poll(() => files.has(fileOf('batch'))).toBe(true);
});

test('all parts are fetched when the browser is idle, and one that cannot be had holds up no other', async ({ openBrowser }) => {
  const page = await openBrowser('about:blank');
  const files = askedFor(page);
  const way = await PartOnTheWay.of(page, 'correction');
  way.cut();
  await page.goto('/batches');
  await signIn(page, 'viewer');
  for (const part of manifest.parts) await expect.poll(() => files.has(fileOf(part.name)), part.name).toBe(true);
});

test('what the page begins with and cannot be had is said, and a reload brings it', async ({ openBrowser }) => {
  const scripts = manifest.first.map(({ file }) => file).filter((file) => /^app-.*\.js$/.test(file));
  expect(scripts.filter((file) => file.includes('/snippets/'))).not.toEqual([]);
  const page = await openBrowser('about:blank');
  const fault = page.getByRole('alert').filter({ hasText: 'Usage Desk could not be started' });
  for (const script of scripts) {
    const way = await PartOnTheWay.ofFile(page, script);
    for (const fail of ['cut', 'gone', 'startPage'] as const) {
      way[fail]();
      await page.goto('/');
      await expect(fault, `${script} ${fail}`).toBeVisible();
    }
    way.letThrough();
    await fault.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByLabel('Password'), script).toBeVisible();
  }
});

test('a wrong answer that the browser was told to keep is left again', async ({ openBrowser, server }) => {
  const front = await Front.before(server);
  try {
    const changes = fileOf('changes');
    const glue = manifest.first.map(({ file }) => file).find((file) => file.endsWith('/usage-desk.js'))!;
    front.answerOnce(changes, { status: 200, type: 'text/html' });
    front.answerOnce(glue, { status: 404, type: 'text/html' });
    const page = await openBrowser('about:blank', { baseURL: front.address });
    await fetchNothingAhead(page);
    await page.goto('/batches');
    await page.getByRole('alert').getByRole('button', { name: 'Reload' }).click();
    await signIn(page, 'editor');
    expect(front.asked.get(glue)).toBe(2);

    const link = page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Changes' });
    await link.hover();
    await expect.poll(() => front.asked.get(changes)).toBe(1);
    // Now the browser has it, and gives it first.
    await page.goto('/batches');
    await signIn(page, 'editor');
    await link.click();
    const fault = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' });
    const heading = page.getByRole('heading', { name: 'Changes', exact: true });
    await expect(fault.or(heading)).toBeVisible();
    if (await fault.isVisible()) await fault.getByRole('button', { name: 'Try again' }).click();
    await expect(heading).toBeVisible();
    expect(front.asked.get(changes)).toBe(2);
  } finally {
    await front.end();
  }
});

test('a server that knows no type of modules gives the parts all the same', async ({ openBrowser, server }) => {
  const front = await Front.before(server);
  front.knowsNoModules = true;
  try {
    const page = await openBrowser('/changes', { baseURL: front.address });
    await signIn(page, 'editor');
    await expect(page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
  } finally {
    await front.end();
  }
});

test('a part that cannot be fetched says so, what is typed stays, and it comes when it can be had', async ({ openBrowser, records }) => {
  const event = (await records.eventsInError(BATCH))[0].EventNumber;
  const { page } = await openDesk(openBrowser, eventAddress(BATCH, event));
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await drawer.field('Quantity').fill('a dozen');
  const way = await PartOnTheWay.of(page, 'correction');
  way.cut();
  const grid = new EventGrid(page);
  await (await grid.cell(event, 'Status')).click();
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  const fault = dialog.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' });
  await expect(fault).toBeVisible();
  await expect(fault.getByRole('button', { name: 'Reload' })).toHaveCount(0);

  // What comes under the part's address and is not the part is not taken for it.
  const again = async (): Promise<void> => {
    const asked = way.asked;
    await fault.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => way.asked).toBe(asked + 1);
    await expect(fault).toBeVisible();
  };
  await again();
  way.startPage();
  await again();
  way.halved();
  await again();
  way.anotherPart('changes');
  await again();

  const asked = way.asked;
  way.letThrough();
  await fault.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByLabel('Field to change')).toBeVisible();
  expect(way.asked).toBe(asked + 1);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(drawer.field('Quantity')).toHaveValue('a dozen');
});

test('signing in says so when what it leads to cannot be fetched, and goes on when it can be had', async ({ openBrowser }) => {
  const page = await openBrowser('about:blank');
  await fetchNothingAhead(page);
  const work = await PartOnTheWay.of(page, 'sync');
  const desk = await PartOnTheWay.of(page, 'desk');
  work.cut();
  desk.cut();
  await page.goto('/changes');
  await page.getByLabel('User').fill('editor');
  await page.getByLabel('Password').fill('editor');
  const send = () => page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await send();
  await expect(page.getByRole('alert').filter({ hasText: 'could not be fetched' })).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveValue('editor');

  work.letThrough();
  await send();
  const fault = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded' });
  await expect(fault).toBeVisible();
  desk.letThrough();
  await fault.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Changes', exact: true })).toBeVisible();
});
