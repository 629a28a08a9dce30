import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const WHY = /Your role is Viewer.*subscription_usage\.write/;

test.use({ stock: { journey: 'viewer reads and cannot edit', events: 2000 } });

test('a viewer who tries to edit a cell is told why not', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  const cell = await grid.cell(event.EventNumber, 'Service');
  await expect(cell).toHaveAttribute('aria-readonly', 'true');
  await cell.click();
  await page.keyboard.press('F2');
  await expect(grid.editor('Service')).toBeHidden();
  await expect(grid.root.getByText(WHY)).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: WHY })).toBeAttached();
  // Typing over the cell is no way around it.
  await page.keyboard.type('x');
  await expect(grid.editor('Service')).toBeHidden();
  await expect(cell).toHaveText(event.ServiceId);
  expect(watch.writes).toEqual([]);
});

test('the drawer shows a viewer every field, none to edit, and says why', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.root.getByText(WHY)).toBeVisible();
  await expect(drawer.root.getByText(event.ServiceId, { exact: true })).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
  await expect(drawer.root.getByRole('combobox')).toHaveCount(0);
});

test('the server refuses a viewer who goes around the console', async ({ records }) => {
  const [event] = await records.eventsInError(BATCH);
  const answer = await records.write(event.EventNumber, { ServiceId: 'forced' }, 'viewer');
  expect(answer.status).toBe(403);
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, writesSeen(after)]).toEqual([event.ServiceId, writesSeen(event)]);
});

test('an editor is told why a processed event cannot be changed', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED'", 1);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.root.getByText(/Only events in draft or in error can be changed/)).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
});
