// What a paste of ten thousand rows costs, three in a hundred of them bad: the time until each row has its verdict,
// the longest task until then, the time until each has its result, and the bad rows, mended in the file that the
// dialog saves of them and pasted back.
import { readFile } from 'node:fs/promises';
import { type Page, expect } from '@playwright/test';
import { BulkCorrection } from '../person/bulk_correction';
import { EventGrid } from '../person/event_grid';
import { test } from '../stand/desk_test';

const ROWS = 10_000;
const BAD = ROWS * 0.03;

// Some four in a hundred events are in error and can be changed.
test.use({ stock: { journey: 'pastes ten thousand rows', events: 280_000 } });

const shown = (number: number) => number.toLocaleString('en-GB');

async function pasteAtFirstQuantity(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  const column = await new EventGrid(page).columnIndex('Quantity');
  await new EventGrid(page).rowAt(1).locator(`[role=gridcell][aria-colindex="${column}"]`).click();
  await page.keyboard.press('ControlOrMeta+V');
}

async function correct(bulk: BulkCorrection, rows: number): Promise<number> {
  const began = Date.now();
  await bulk.correct();
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${shown(rows)} of ${shown(rows)} corrected`, { timeout: 900_000 });
  return Date.now() - began;
}

test('ten thousand rows are pasted', async ({ sitDown, watch }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR', { permissions: ['clipboard-read', 'clipboard-write'] });
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
  const bulk = new BulkCorrection(page);
  const lines = Array.from({ length: ROWS }, (_, row) => (row % (ROWS / BAD) < 1 ? 'n/a' : `${row + 1}.125`));
  const bad = lines.filter((line) => line === 'n/a').length;
  await page.evaluate(() => {
    const tasks: number[] = [];
    (window as any).tasks = tasks;
    new PerformanceObserver((list) => list.getEntries().forEach((task) => tasks.push(Math.round(task.duration)))).observe({ type: 'longtask' });
  });
  const began = Date.now();
  await pasteAtFirstQuantity(page, lines.join('\n'));
  await expect(bulk.dialog.getByTestId('will-change')).toHaveText(`${shown(ROWS - bad)} events will change`, { timeout: 300_000 });
  const verdicts = Date.now() - began;
  const tasks: number[] = await page.evaluate(() => (window as any).tasks);
  expect(watch.writes).toEqual([]);
  const download = page.waitForEvent('download');
  await bulk.dialog.getByRole('button', { name: `Save the ${shown(bad)} rows left out` }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  const settled = await correct(bulk, ROWS - bad);
  await bulk.close();
  await pasteAtFirstQuantity(page, file.replaceAll(',n/a,', ',7.5,').replaceAll(',', '\t'));
  await expect(bulk.dialog.getByTestId('will-change')).toHaveText(`${shown(bad)} events will change`, { timeout: 300_000 });
  await correct(bulk, bad);
  console.log(
    [
      `${ROWS} rows pasted, ${bad} of them bad`,
      `verdicts after ${(verdicts / 1000).toFixed(1)} s, longest task ${Math.max(0, ...tasks)} ms, ${tasks.length} over 50 ms`,
      `${ROWS - bad} settled in ${(settled / 1000).toFixed(1)} s, ${Math.round(((ROWS - bad) * 1000) / settled)} a second`,
    ].join('\n'),
  );
});
