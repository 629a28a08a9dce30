// One page, measured once: each step on the grid as the step before has left it.
import { readFileSync } from 'node:fs';

const IN_PAGE = readFileSync(new URL('in_page.js', import.meta.url), 'utf8');
const SWEEP = 5; // seconds
/** Rows of the page that is loaded by its address. */
export const NAVIGATED = 10_000;

/** Opens the page with its watch, in a window of its own. */
async function open(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.addInitScript(IN_PAGE);
  await page.goto(address);
  await page.waitForFunction(() => window.bench);
  await page.evaluate(() => window.bench.ready);
  return { context, page };
}

/** The private memory of the renderer that holds the most, in bytes; nothing where the system does not tell. */
async function privateMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    try {
      const lines = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm);
      return [...lines].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);
    } catch {
      return null;
    }
  });
  const known = sizes.filter((size) => size !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

async function taskSeconds(session) {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** What each step took, by its name; milliseconds, but for memory (bytes) and what its name says otherwise. */
export async function measurePage(browser, address, rows, expected) {
  const measured = {};
  const { context, page } = await open(browser, address);
  try {
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    const run = (step, ...words) => page.evaluate(([step, words]) => window.measure[step](...words), [step, words]);
    const load = await run('load', `/data/${rows}.json`, expected.loaded);
    measured.load = load.ms;
    measured.loadLongest = load.longest;
    await session.send('HeapProfiler.collectGarbage');
    measured.memory = await privateMemory(browser);

    measured.sortAmount = (await run('sort', 'BilledAmount', 'desc', expected.byAmountFalling)).ms;
    await run('sort', null, undefined, expected.loaded);
    measured.sortText = (await run('sort', 'ServiceId', 'asc', expected.byService)).ms;
    await run('sort', null, undefined, expected.loaded);

    measured.filterKey = 0;
    for (const [value, shown] of expected.typed) {
      const key = await run('filter', { col: 'EventNumber', op: 'contains', value }, shown);
      measured.filterKey = Math.max(measured.filterKey, key.ms);
    }
    await run('filter', null, expected.loaded);
    measured.filterStatus = (await run('filter', { col: 'EventStatus', op: 'equals', value: 'ERROR' }, expected.errors)).ms;
    await run('filter', null, expected.loaded);

    const before = await taskSeconds(session);
    const sweep = await run('sweep', SWEEP);
    measured.sweepTask = ((await taskSeconds(session)) - before) * 1000 / sweep.frames;
    measured.sweepRate = sweep.frames / SWEEP;
    measured.sweepGap99 = sweep.gap99;
    measured.sweepDropped = sweep.dropped;
    await run('top');
    measured.sweepBlanks = (await run('blanks', SWEEP)).blanks;
    await run('top');

    measured.edit = (await run('edit', expected.loaded.first[0], 'RatingSource', 'EDITED')).ms;
    measured.bulkEdit = (await run('bulkEdit', expected.changes)).ms;
  } finally {
    await context.close();
  }
  measured.navigation = await navigation(browser, address, expected.navigated);
  return measured;
}

/** From the navigation to a page with ten thousand rows until they are painted. */
async function navigation(browser, address, expected) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(IN_PAGE);
    await page.goto(`${address}?rows=${NAVIGATED}`, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.bench && window.measure);
    return await page.evaluate((expected) => window.measure.painted(expected), expected);
  } finally {
    await context.close();
  }
}
