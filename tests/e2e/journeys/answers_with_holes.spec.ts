// Answers that are well formed and not whole, or do not come: nothing is summed, told or done as if they were.
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-09-TEL';
const ADDED_UP = /fields=EventNumber,EventId,EventStatus,RelatedEventId,UsageQuantity;usageCharges/;
const REVERSIBLE = "EventStatus = 'ORA_PROCESSED' and ReverseFlag = true";

test.use({ stock: { journey: 'answers with holes', events: 2000 } });

for (const came of [10, 0]) {
  test(`a total says how many rows did not come (${came} came)`, async ({ openBrowser, records }) => {
    const all = (await records.eventsOf(BATCH)).length;
    const page = await openBrowser(`/batches/${BATCH}`);
    await page.route(ADDED_UP, async (route) => {
      const response = await route.fetch();
      const whole = await response.json();
      await route.fulfill({ response, json: { ...whole, items: whole.items.slice(0, came), hasMore: false } });
    });
    await signIn(page, 'editor');
    const totals = page.getByLabel('Totals', { exact: true });
    await expect(totals.getByRole('alert')).toHaveText(`Not all loaded: ${came} rows came, ${all - came} did not`);
    await expect(totals).not.toContainText(/All [\d,]+ loaded/);
    await page.unroute(ADDED_UP);
    await totals.getByRole('button', { name: 'Recalculate' }).click();
    await expect(totals).toContainText(`All ${all} loaded`);
  });
}

test('an event that comes twice is added up once', async ({ openBrowser, records }) => {
  const all = (await records.eventsOf(BATCH)).length;
  const page = await openBrowser(`/batches/${BATCH}`);
  await page.route(ADDED_UP, async (route) => {
    const response = await route.fetch();
    const whole = await response.json();
    await route.fulfill({ response, json: { ...whole, items: whole.items.flatMap((item: unknown) => [item, item]) } });
  });
  await signIn(page, 'editor');
  await expect(page.getByLabel('Totals', { exact: true })).toContainText(`All ${all} loaded`);
});

test('charges that did not all come are left out of the total, which says so', async ({ openBrowser, records }) => {
  const events = await records.eventsOf(BATCH);
  const all = events.length;
  const billed = events.filter((event) => ['ORA_PROCESSED', 'ORA_REVERSED'].includes(event.EventStatus)).length;
  const page = await openBrowser(`/batches/${BATCH}`);
  await page.route(ADDED_UP, async (route) => {
    const response = await route.fetch();
    const whole = await response.json();
    const items = whole.items.map((event: { usageCharges: { items?: unknown[] } | unknown[] }) => {
      const charges = Array.isArray(event.usageCharges) ? event.usageCharges : (event.usageCharges.items ?? []);
      return { ...event, usageCharges: { items: charges.slice(0, 1), count: 1, hasMore: true, limit: 1, offset: 0 } };
    });
    await route.fulfill({ response, json: { ...whole, items } });
  });
  await signIn(page, 'editor');
  const totals = page.getByLabel('Totals', { exact: true });
  await expect(totals).toContainText(`All ${all} loaded`);
  await expect(totals.getByRole('group', { name: 'Billed' })).toContainText(`without ${billed} amounts`);
  await expect(totals.getByRole('group', { name: 'Charged, not processed' })).toContainText(`without ${all - billed} amounts`);
});

test('a lineage and a list of open batches that cannot be read are told, and read again', async ({ sitDown, records, faults }) => {
  const [event] = await records.eventsOf(BATCH, REVERSIBLE);
  const page = await sitDown('editor', `/batches/${BATCH}?find=${event.EventNumber}`);
  await faults.set({ path: 'BatchStatus', kind: { refuse: { status: 400 } } });
  const grid = new EventGrid(page);
  await (await grid.cell(event.EventNumber, 'Status')).click();
  await page.getByRole('button', { name: `Reverse ${event.EventNumber}…` }).click();
  const dialog = page.getByRole('dialog', { name: 'Reverse events' });
  await expect(dialog.getByText(/^Open reversal batches could not be read/)).toBeVisible();
  await faults.clear();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByText(/could not be read/)).toBeHidden();
  await page.keyboard.press('Escape');

  await faults.set({ path: 'RelatedEventId%20in', kind: { refuse: { status: 400 } } });
  await (await grid.cell(event.EventNumber, 'Status')).dblclick();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const lineage = drawer.root.getByRole('region', { name: 'Lineage' });
  await expect(lineage).toContainText('Lineage could not be read');
  await faults.clear();
  await lineage.getByRole('button', { name: 'Try again' }).click();
  await expect(drawer.root.getByText(/Lineage could not be read/)).toBeHidden();
});
