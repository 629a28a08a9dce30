// What the product's page must get right before its figures mean anything: every value as it came, whatever
// way the JSON text is written, and orders, filters and edits of it.
import assert from 'node:assert/strict';
import { COLUMNS, event } from './events.mjs';

const ROWS = 3_000; // more than the page reads at a time
const NAMES = COLUMNS.map(([name]) => name);

const odd = `
 [ {"EventNumber" : "A\\"\\\\\\/\\n\\u00e9\\ud83d\\ude00", "Unknown": {"deep": [1, "]}", {}]}, "Error": null, "UsageQuantity": -0.000001,
    "BilledAmount": 1e3, "EventStartTime": "2024-02-29T23:59:59.999Z", "EventEndTime": "2024-02-29T23:59:59Z"} ,
   {"BilledAmount":-12.5,"EventNumber":"b Zürich","EventStartTime":"2024-02-30T00:00:00.000Z","EventEndTime":"2024-03-01T00:00:00Z","Error":"x"},
   {} ]
`;
const ODD_VALUES = [
  { EventNumber: 'A"\\/\né😀', Error: '', UsageQuantity: -0.000001, BilledAmount: 1000, EventStartTime: '2024-02-29T23:59:59.999Z', EventEndTime: '2024-02-29T23:59:59Z' },
  { EventNumber: 'b Zürich', Error: 'x', UsageQuantity: null, BilledAmount: -12.5, EventStartTime: '2024-02-30T00:00:00.000Z', EventEndTime: '2024-03-01T00:00:00Z' },
  { EventNumber: '', Error: '', UsageQuantity: null, BilledAmount: null, EventStartTime: '', EventEndTime: '' },
];

export async function checkPage(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  try {
    await page.goto(address);
    await page.evaluate(() => window.bench.ready);
    const load = (text) => page.evaluate((text) => window.bench.load(new TextEncoder().encode(text)), text);
    const values = (ids, names) =>
      page.evaluate(([ids, names]) => Promise.all(ids.map(async (id, at) => Object.fromEntries(await Promise.all(names.map(async (name) => [name, await window.bench.value(at, id, name)]))))), [ids, names]);
    const shown = (names) =>
      page.evaluate(async (names) => {
        for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
        return { count: window.bench.rowCount(), rows: window.bench.rows(names).map(({ cells }) => cells) };
      }, names);

    const rows = Array.from({ length: ROWS }, (_, row) => event(row, ROWS));
    await load(JSON.stringify(rows));
    assert.deepEqual(await values(rows.map(({ EventNumber }) => EventNumber), NAMES), rows);
    const { count, rows: first } = await shown(NAMES);
    assert.equal(count, ROWS);
    const written = (row) => Object.fromEntries(NAMES.map((name) => [name, String(row[name])]));
    assert.deepEqual(first, rows.slice(0, first.length).map(written));

    await page.evaluate(() => window.bench.filter({ col: 'EventStartTime', op: 'contains', value: '01:0' }));
    assert.equal((await shown([])).count, rows.filter(({ EventStartTime }) => EventStartTime.includes('01:0')).length);
    await page.evaluate(() => window.bench.filter({ col: 'BilledAmount', op: 'equals', value: 44882688 }));
    assert.equal((await shown([])).count, rows.filter(({ BilledAmount }) => BilledAmount === 44882688).length);
    await page.evaluate(() => window.bench.filter(null));
    await page.evaluate((id) => window.bench.edit(1, id, 'BilledAmount', 0.0001), rows[1].EventNumber);
    await page.evaluate((changes) => window.bench.bulkEdit(changes), rows.slice(2, 5).map(({ EventNumber }, at) => ({ i: at + 2, id: EventNumber, BilledAmount: at - 0.5 })));
    const amounts = (await values(rows.slice(0, 5).map(({ EventNumber }) => EventNumber), ['BilledAmount'])).map(({ BilledAmount }) => BilledAmount);
    assert.deepEqual(amounts, [rows[0].BilledAmount, 0.0001, -0.5, 0.5, 1.5]);

    await load(odd);
    assert.deepEqual(await values(ODD_VALUES.map(({ EventNumber }) => EventNumber), Object.keys(ODD_VALUES[0])), ODD_VALUES);
    assert.equal((await shown(['UsageQuantity'])).rows[0].UsageQuantity, '-0.000001');
    await page.evaluate(() => window.bench.filter({ col: 'EventNumber', op: 'contains', value: 'zÜR' }));
    assert.equal((await shown([])).count, 1);
    // Rows are counted before they are read: whatever stands in a text, and wherever it is cut.
    const knotty = { EventNumber: '}]{["\\\\"', Error: '\\\\', Unknown: { deep: [{}, '}', []] } };
    for (const long of [0, 1, 60, 61, 62, 63, 64]) await load(JSON.stringify(Array(2_000).fill({ ...knotty, RatingSource: 'x'.repeat(long) })));
    assert.equal((await shown([])).count, 2_000);
    for (const broken of ['[{"EventNumber":"a"}', '[{"EventNumber":"a"]', '{"EventNumber":"a"}', '[{"BilledAmount":"much"}]']) {
      await assert.rejects(load(broken), broken);
    }
  } finally {
    await page.close();
  }
}
