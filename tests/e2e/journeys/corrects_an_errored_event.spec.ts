import { expectAllSaved, savedState } from '../person/saved_state';
import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'corrects an errored event', events: 2000 } });

test('an editor finds errored events, corrects one in the grid and one in the drawer, and both are there after a reload', async ({ sitDown, records, faults, watch }) => {
  const inError = await records.eventsInError(BATCH);
  const [inGrid, inDrawer] = [inError[0].EventNumber, inError[1].EventNumber];
  const before = [await records.event(inGrid), await records.event(inDrawer)];

  const page = await sitDown('editor', '/batches');
  const batches = page.getByRole('grid', { name: 'Usage event batches' });
  await batches.getByRole('gridcell', { name: BATCH, exact: true }).dblclick();
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}$`));
  const grid = new EventGrid(page);
  await grid.filterTo('Error');
  await grid.expectRows(inError.length);

  // Slow enough that "saving" can be seen.
  await faults.set({ method: 'PATCH', kind: { delay_ms: 1500 } });
  await grid.correct(inGrid, 'Service', '+49 151 1234567');
  const cell = await grid.cell(inGrid, 'Service');
  await expect(cell).toHaveText('+49 151 1234567');
  await expect(cell).toHaveAccessibleDescription('Saving');
  await expect(savedState(page)).toHaveText('1 saving');
  await expect(cell).toHaveAccessibleDescription('Saved');
  await expectAllSaved(page);

  await (await grid.cell(inDrawer, 'Event')).dblclick();
  const drawer = new EventDrawer(page, inDrawer);
  await drawer.expectOpen();
  await expect(drawer.root.locator('.drawer-head .badge')).toHaveText(/error/i);
  await drawer.correct('Quantity', '12.3400');
  await expect(drawer.box('UsageQuantity').getByRole('status')).toHaveText('Saving');
  await expect(drawer.box('UsageQuantity').getByRole('status')).toHaveText('Saved');
  await expectAllSaved(page);

  const address = page.url();
  await page.reload();
  await signIn(page, 'editor');
  expect(page.url()).toBe(address);
  await drawer.expectOpen();
  await expect(drawer.field('Quantity')).toHaveValue('12.3400');
  await drawer.close();
  await expect(await grid.cell(inGrid, 'Service')).toHaveText('+49 151 1234567');

  const after = [await records.event(inGrid), await records.event(inDrawer)];
  expect(after[0].ServiceId).toBe('+49 151 1234567');
  expect(after[1].UsageQuantity).toBe('12.3400');
  expect(after.map(writesSeen)).toEqual(before.map((record) => writesSeen(record) + 1));
  expect(after[0].LastUpdatedBy).toBe('Edith Okafor');
  expect(watch.writes.map((write) => write.body)).toEqual([{ ServiceId: '+49 151 1234567' }, { UsageQuantity: 12.34 }]);
});
