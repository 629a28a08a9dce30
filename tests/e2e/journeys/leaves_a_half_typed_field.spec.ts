import { EventDrawer } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'leaves a half-typed field', events: 2000 } });

test("what was typed into a field is sent when the person leaves by the browser's Back", async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await (await grid.cell(event.EventNumber, 'Event')).dblclick();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Service').fill('+49 on the way out');
  await page.goBack();
  await expect(drawer.root).toBeHidden();
  await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText('+49 on the way out');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 on the way out');
});

test('a page that is left while a text is being looked for is no fault, and asks for nothing', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await page.clock.install();
  const find = page.getByLabel('Find events');
  await find.fill('nobody waits for this');
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Batches', exact: true })).toBeVisible();
  await page.clock.runFor(2000);
  await expect(page).toHaveURL(/\/batches$/);
  await expect(find).toBeHidden();
});
