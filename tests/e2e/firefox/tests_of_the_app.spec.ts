// The tests of the app that run in a browser (`tests/browser`: the grid, its keys and clipboard, texts and zones), whose
// runner gives their page at an address.
import { expect, test } from '@playwright/test';

test('every test of the app passes', async ({ page }) => {
  const address = process.env.USAGE_DESK_BROWSER_TESTS;
  test.skip(!address, 'cargo xtask test --only firefox serves them');
  await page.goto(address!);
  const output = page.locator('#output');
  await expect(output).toContainText('test result:', { timeout: 110_000 });
  const said = (await output.textContent())!;
  expect(said.slice(said.indexOf('failures:')), 'the failures').toMatch(/test result: ok\. \d{2,} passed; 0 failed/);
});
