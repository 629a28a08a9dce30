// A screen of few colours that the person chose (forced colours): what colours say elsewhere is still told.
import type { Locator } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'forced colours', events: 60 } });

const paint = (element: Locator) =>
  element.evaluate((element) => {
    const { backgroundColor, color, outlineColor, outlineStyle } = getComputedStyle(element);
    const shape = getComputedStyle(element, '::before');
    return { backgroundColor, color, outlineColor, outlineStyle, shape: { color: shape.backgroundColor, border: shape.borderTopWidth, clip: shape.clipPath } };
  });

test('with forced colours the selected rows, the active cell and the kinds of states can be told apart', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?sort=EventStatus', { forcedColors: 'active', viewport: { width: 1440, height: 900 } });
  const grid = new EventGrid(page);
  await expect(grid.rowAt(3).getByRole('gridcell').first()).toHaveText(/\d/);
  await grid.root.focus();
  await page.keyboard.press('Shift+Space');
  const [chosen, other] = [grid.rowAt(1), grid.rowAt(2)];
  await expect(chosen).toHaveAttribute('aria-selected', 'true');
  const [ofChosen, ofOther] = [await paint(chosen), await paint(other)];
  expect(ofChosen.backgroundColor).not.toBe(ofOther.backgroundColor);
  expect(ofChosen.color).not.toBe(ofChosen.backgroundColor);
  const active = await paint(await grid.activeCell());
  expect(active.outlineStyle).toBe('solid');
  expect(active.outlineColor, 'the ring on a selected row').not.toBe(ofChosen.backgroundColor);
  await page.keyboard.press('ArrowDown');
  await expect(other.locator('.is-active')).toHaveCount(1);
  const below = await paint(await grid.activeCell());
  expect(below.outlineColor, 'the ring on a row that is not selected').not.toBe(ofOther.backgroundColor);
  // Each kind of state has a shape of its own beside its word.
  const shapes = new Map<string, string>();
  for (const tone of ['ok', 'warn', 'bad', 'info']) {
    const cell = grid.root.locator(`.grid-row:not([aria-selected="true"]) > .grid-cell[data-tone="${tone}"]`).first();
    if ((await cell.count()) === 0) continue;
    const { shape } = await paint(cell);
    shapes.set(tone, `${shape.clip} ${shape.border}`);
    if (shape.border === '0px') expect(shape.color, `the shape of ${tone}`).not.toBe(ofOther.backgroundColor);
  }
  expect(shapes.size).toBeGreaterThan(1);
  expect(new Set(shapes.values()).size).toBe(shapes.size);
});
