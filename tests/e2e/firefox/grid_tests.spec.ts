// The app's own tests for a browser (`tests/browser` and those beside the code), which a page runs and tells of
// (`crates/xtask/src/firefox.rs` serves it).
import { expect, test } from '@playwright/test';

const ADDRESS = process.env.USAGE_DESK_GRID_TESTS;

test('the grid passes its tests', async ({ page }) => {
  test.setTimeout(300_000);
  if (!ADDRESS) throw new Error('The variable USAGE_DESK_GRID_TESTS is missing: `cargo xtask test --only firefox` sets it.');
  await page.goto(ADDRESS);
  const output = page.locator('#output');
  await expect(output).toContainText('test result: ', { timeout: 240_000 });
  const told = (await output.textContent()) ?? '';
  const failed = told.split('\n').filter((line) => /\.\.\. FAIL|panicked at|^ *assertion|^ *(left|right): |waited in vain/.test(line));
  expect(failed).toEqual([]);
  expect(told).toMatch(/test result: ok\. [1-9]\d* passed; 0 failed/);
  expect(told).toContain('grid::scrolling');
});
