import AxeBuilder from '@axe-core/playwright';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'lays out columns', events: 2000 } });

test('a column is hidden, kept in sight and sorted from its menu, and an edit still meets the column it stands in', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const head = (title: string) => grid.head(title);
  const menu = page.getByRole('menu');
  await expect(grid.row(event.EventNumber)).toBeVisible();

  await head('Status').click({ button: 'right' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await menu.getByRole('menuitem', { name: 'Hide this column' }).click();
  await expect(head('Status')).toBeHidden();
  await expect(menu).toBeHidden();

  await head('Service').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Freeze column' }).click();
  await expect(head('Service')).toHaveAttribute('aria-colindex', '2');

  await grid.correct(event.EventNumber, 'Service', '+49 151 laid out');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 151 laid out');

  await head('Quantity').click({ button: 'right' });
  await menu.getByRole('menuitem', { name: 'Sort, largest first' }).press('Enter');
  await expect(head('Quantity')).toHaveAttribute('aria-sort', 'descending');
  await expect(page).toHaveURL(/sort=-UsageQuantity/);

  await head('Quantity').click({ button: 'right' });
  await page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: 'Show all columns' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(head('Status')).toBeVisible();
  await expect(grid.root).toBeFocused();
});
