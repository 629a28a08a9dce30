import type { Locator } from '@playwright/test';
import { ConflictCard } from '../person/conflict_card';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { tabTo } from '../person/tab_to';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'keyboard alone', events: 2000 } });

test('a person with a keyboard alone signs in, finds, corrects, opens, steps on and comes back to the same cell', async ({ openBrowser, records }) => {
  const inError = await records.eventsInError(BATCH);
  const page = await openBrowser('/batches');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await tabTo(page, 'textbox', 'User');
  await page.keyboard.type('editor');
  await page.keyboard.press('Tab');
  await page.keyboard.type('editor');
  await page.keyboard.press('Enter');

  const batches = page.getByRole('grid', { name: 'Usage event batches' });
  await expect(batches.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible();
  await tabTo(page, 'grid', 'Usage event batches');
  const activeBatch = () => batches.locator('[role=gridcell][id]');
  await expect(activeBatch()).toBeVisible();
  for (let steps = 0; steps < 12 && (await activeBatch().textContent()) !== BATCH; steps += 1) {
    await page.keyboard.press('ArrowDown');
    await expect(batches).toHaveAttribute('aria-activedescendant', new RegExp(`-${steps + 1}-0$`));
  }
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/batches/${BATCH}$`));

  await tabTo(page, 'button', 'Error');
  await page.keyboard.press('Enter');
  const grid = new EventGrid(page);
  await grid.expectRows(inError.length);
  await tabTo(page, 'grid', 'Usage events');

  // Down to the third event, right to its service.
  const [third, fourth] = [inError[2].EventNumber, inError[3].EventNumber];
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const column = Number(await grid.columnIndex('Service'));
  for (let steps = 1; steps < column; steps += 1) await page.keyboard.press('ArrowRight');
  const service = await grid.cell(third, 'Service');
  await expectActive(grid, service);
  // Typing begins an edit that replaces the text; Esc leaves what stood there.
  await page.keyboard.type('never');
  await expect(grid.editor('Service')).toHaveValue('never');
  await page.keyboard.press('Escape');
  await expect(service).toHaveText(inError[2].ServiceId);
  await expect(grid.root).toBeFocused();
  await page.keyboard.press('F2');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('+49 by keyboard');
  await page.keyboard.press('Enter');
  await expect(service).toHaveText('+49 by keyboard');
  await expectAllSaved(page);
  await page.keyboard.press('ArrowUp');
  await expectActive(grid, service);

  // The drawer opens from a cell that is not edited: the event's number.
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const drawer = new EventDrawer(page, third);
  await drawer.expectOpen();
  await expect(drawer.field('Service')).toHaveValue('+49 by keyboard');
  await tabTo(page, 'button', 'Next event');
  await page.keyboard.press('Enter');
  await new EventDrawer(page, fourth).expectOpen();
  await tabTo(page, 'button', 'Previous event');
  await page.keyboard.press('Enter');
  await drawer.expectOpen();
  await page.keyboard.press('Escape');
  await expect(drawer.root).toBeHidden();
  await expect(grid.root).toBeFocused();
  await expectActive(grid, await grid.cell(third, 'Event'));
  expect((await records.event(third)).ServiceId).toBe('+49 by keyboard');
});

/** The cell is the one that the grid says is active. Both are painted with the next frame, so both are read anew. */
async function expectActive(grid: EventGrid, cell: Locator): Promise<void> {
  const isActive = async () => {
    const [id, active] = [await cell.getAttribute('id'), await grid.root.getAttribute('aria-activedescendant')];
    return id !== null && id === active;
  };
  await expect.poll(isActive).toBe(true);
}

const decisions = [
  { name: 'takes theirs', keys: ['Space'], held: '+49 theirs' },
  { name: 'keeps mine', keys: ['Space', 'ArrowDown'], held: '+49 mine' },
  { name: 'writes another value', keys: ['Tab', 'ControlOrMeta+A'], typed: '+49 another', held: '+49 another' },
];

for (const [place, { name, keys, typed, held }] of decisions.entries()) {
  test(`a person with a keyboard alone decides a conflict, ${name}, and goes on in the field`, async ({ sitDown, records }) => {
    const event = (await records.eventsInError(BATCH))[place + 5];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await tabTo(page, 'textbox', 'Service');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('+49 mine');
    expect((await records.write(event.EventNumber, { ServiceId: '+49 theirs' })).status).toBe(200);
    await page.keyboard.press('Enter');
    const card = new ConflictCard(page, event.EventNumber);
    await expect(card.root).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(card.root.getByRole('button', { name: /conflicts/ })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(card.root.getByRole('radio', { name: /^Take theirs/ })).toBeFocused();
    for (const key of keys) await page.keyboard.press(key);
    if (typed) await page.keyboard.type(typed);
    await tabTo(page, 'button', 'Apply');
    await page.keyboard.press('Enter');
    await expect(card.root).toBeHidden();
    await expect(drawer.field('Service')).toBeFocused();
    await expect(drawer.field('Service')).toHaveValue(held);
    await expectAllSaved(page);
    expect((await records.event(event.EventNumber)).ServiceId).toBe(held);
  });
}
