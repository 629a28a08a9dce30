import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { type Exact, add, digits, exact, shownDigits } from '../stand/exact_decimal';

// The material of the project's owner lies beside the checkout, or where the variable says.
const CHECKOUT = path.resolve(import.meta.dirname, '../../..');
const SHARED = process.env.USAGE_DESK_SHARED ?? path.resolve(CHECKOUT, '../shared');
const FILE = path.join(SHARED, 'data/focus-1.0-sample-600.csv');

test.use({ stock: { journey: 'loads a real file', events: 200 } });

/** Rows of a CSV file (RFC 4180) as records by the names of its head. */
function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;
  for (let cell = cells.exec(text); cell && cell.index < text.length; cell = cells.exec(text)) {
    const quoted = cell[1].startsWith('"');
    rows.at(-1)!.push(quoted ? cell[1].slice(1, -1).replaceAll('""', '"') : cell[1]);
    if (cell[2] !== ',') rows.push([]);
  }
  const [head, ...lines] = rows.filter((row) => row.length > 0);
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place]])));
}

test('a real FOCUS file keeps its rows, its sum per currency and every digit of its amounts', async ({ server, sitDown, records }) => {
  test.skip(!existsSync(FILE), `There is no ${path.basename(FILE)} in shared/data: set USAGE_DESK_SHARED to where it is.`);
  const rows = readCsv(await readFile(FILE, 'utf8'));
  expect(rows.length).toBe(600);

  const said = await server.load(FILE);
  const batch = /\bbatch (\S+)/.exec(said)![1];
  const refusedLines = [...said.matchAll(/^line (\d+):/gm)].map((match) => Number(match[1]));
  const [loaded, refused] = ['loaded', 'refused'].map((word) => Number(new RegExp(`^${word} (\\d+)`, 'm').exec(said)![1]));
  expect(loaded + refused).toBe(rows.length);
  expect(new Set(refusedLines).size, 'each refused row with its line and its reason').toBe(refused);
  // The head is line 1.
  const kept = rows.filter((_, place) => !refusedLines.includes(place + 2));
  expect(kept.length).toBe(loaded);
  const sums = new Map<string, Exact>();
  for (const row of kept) {
    const sum = sums.get(row.BillingCurrency) ?? exact('0');
    sums.set(row.BillingCurrency, add(sum, exact(row.BilledCost)));
  }

  const page = await sitDown('editor', `/batches/${batch}`);
  const grid = new EventGrid(page);
  await grid.expectRows(loaded);
  const totals = page.getByLabel('Totals', { exact: true });
  await expect(totals).toContainText(/All ([\d,]+ )?loaded, as of/);
  for (const [currency, sum] of sums) {
    const shown = await totals.locator(`[data-currency="${currency}"] dd`).textContent();
    expect(shownDigits(shown!), `the sum in ${currency}`).toBe(digits(sum));
  }
  await expect(totals.locator('[data-currency]')).toHaveCount(sums.size);

  // The smallest, the most negative, the longest, and seven from all over the file.
  const byLength = kept.toSorted((left, right) => right.BilledCost.length - left.BilledCost.length);
  const negative = kept.find((row) => row.BilledCost.startsWith('-'));
  const spread = Array.from({ length: 8 }, (_, place) => kept[Math.floor((place * (kept.length - 1)) / 7)]);
  const sampled = [byLength[0], ...(negative ? [negative] : [byLength[1]]), ...spread];
  expect(sampled.length).toBe(10);
  for (const row of sampled) {
    await page.getByRole('searchbox', { name: 'Find events' }).fill(row.Id);
    const cell = await grid.cell(row.Id, 'Amount');
    await expect(cell).toBeVisible();
    expect(shownDigits((await cell.textContent())!), `the amount of ${row.Id} in the grid`).toBe(row.BilledCost);
    const [charge] = (await records.event(row.Id)).usageCharges.items;
    expect(charge.BilledAmount, `the amount of ${row.Id} on the server`).toBe(row.BilledCost);
  }

  // And one in the drawer, where it can be corrected.
  const last = await sitDown('editor', eventAddress(batch, byLength[0].Id));
  const drawer = new EventDrawer(last, byLength[0].Id);
  await drawer.expectOpen();
  await expect(drawer.field('Amount')).toHaveValue(byLength[0].BilledCost);
});
