// Text comes from fingers, input methods, keyboards of every script, and by drag: it arrives where it was
// meant, whole, and nothing else happens.
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-11-API';

test.use({ stock: { journey: 'input of every kind', events: 2000 } });

/** An input method puts a text together in what has the focus, and then gives it out. */
async function compose(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (let end = 1; end <= text.length; end += 1) {
    await session.send('Input.imeSetComposition', { text: text.slice(0, end), selectionStart: end, selectionEnd: end });
  }
  await session.send('Input.insertText', { text });
  await session.detach();
}

test('a swipe over the list scrolls, and what is being typed stays as it is', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'");
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_DRAFT`, { hasTouch: true });
  const grid = new EventGrid(page);
  const editor = await grid.openEditor(event.EventNumber, 'Quantity');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('9');
  const place = await grid.root.boundingBox();
  if (!place) throw new Error('the grid has no place');
  const session = await page.context().newCDPSession(page);
  const [x, y] = [place.x + place.width / 2, place.y + place.height * 0.8];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  for (let way = 20; way <= 300; way += 20) {
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: y - way }] });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => grid.root.evaluate((root) => root.scrollTop)).toBeGreaterThan(100);
  await expect(editor).toHaveValue('9');
  await expect(editor).toBeFocused();
  expect((await records.event(event.EventNumber)).UsageQuantity).toBe(event.UsageQuantity);
  await page.keyboard.press('Escape');
});

test('text that an input method gives to an active cell opens its editor', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'");
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_DRAFT`);
  const grid = new EventGrid(page);
  for (const text of ['あああ', '東京', 'ü']) {
    await (await grid.cell(event.EventNumber, 'Service')).click();
    await expect(grid.root).toBeFocused();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.insertText', { text });
    await session.detach();
    await expect(grid.editor('Service')).toHaveValue(text);
    await page.keyboard.press('Escape');
    await expect(grid.editor('Service')).toBeHidden();
    await compose(page, text);
    await expect(grid.editor('Service')).toHaveValue(text);
    await page.keyboard.press('Escape');
    await expect(grid.editor('Service')).toBeHidden();
  }
});

test('keys that belong to an input method save nothing and close nothing', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'");
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const field = drawer.field('Service');
  const composing = (key: string) => field.evaluate((input, key) => input.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true })), key);
  await field.fill('とうきょう');
  for (const key of ['Enter', 'Escape', 'z']) await composing(key);
  await expect(field).toHaveValue('とうきょう');
  await expect(drawer.root).toBeVisible();
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  // In a dialog as well.
  await field.press('Escape');
  await drawer.close();
  await page.getByRole('searchbox', { name: 'Find events' }).focus();
  await (await new EventGrid(page).cell(event.EventNumber, 'Status')).click();
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Correct events' });
  await dialog.getByLabel('New value').evaluate((input) => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true })));
  await expect(dialog).toBeVisible();
});

test('undo and redo are found on keyboards of other scripts, and a field keeps its own', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_DRAFT'");
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_DRAFT`);
  const grid = new EventGrid(page);
  const quantity = async () => (await records.event(event.EventNumber)).UsageQuantity;
  const press = (key: string, code: string) => page.evaluate(([key, code]) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, code, ctrlKey: true, bubbles: true, cancelable: true })), [key, code]);
  await grid.correct(event.EventNumber, 'Quantity', '77');
  await expect.poll(quantity).toBe('77');
  await expectAllSaved(page);
  await press('я', 'KeyZ');
  await expect.poll(quantity).toBe(event.UsageQuantity);
  await expectAllSaved(page);
  await press('н', 'KeyY');
  await expect.poll(quantity).toBe('77');
  await expectAllSaved(page);
  await page.getByRole('searchbox', { name: 'Find events' }).focus();
  await press('я', 'KeyZ');
  await expectAllSaved(page);
  expect(await quantity()).toBe('77');
});

test('what is dropped beside a field does not take the page away', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  await expect(grid.rowAt(1)).toBeVisible();
  const isTaken = (selector: string) =>
    page.evaluate((selector) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'https://example.com/');
      const drop = (kind: string) => new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data });
      const element = document.querySelector(selector);
      return ['dragover', 'drop'].map((kind) => !element?.dispatchEvent(drop(kind)));
    }, selector);
  expect(await isTaken('[role=grid]')).toEqual([true, true]);
  expect(await isTaken('h1')).toEqual([true, true]);
  // A field takes a text as browsers do.
  expect(await isTaken('input[type=search]')).toEqual([false, false]);
});
