// Measures the product's grid and its peers on the same rows, in one Chromium.
// node harness/run.mjs PAGE OUT ROWS
//   PAGE  the folder of the product's page
//   OUT   where data, the peers' pages, results.json and results.md go
//   ROWS  numbers of rows, with commas between them
// BENCH_ONLY names pages that alone are measured, with commas between them; BENCH_TIMES says how often;
// CHROMIUM names the browser.
import { createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { jsonText } from './events.mjs';
import { Expectations } from './expectations.mjs';
import { NAVIGATED, measurePage } from './measured_page.mjs';
import { checkPage } from './page_check.mjs';
import { PEERS, bundle, weight } from './peer_pages.mjs';
import { table } from './report.mjs';
import { serve } from './served_pages.mjs';

const [page, out, rowNumbers] = process.argv.slice(2);
const only = process.env.BENCH_ONLY?.split(',');
const PRODUCT = 'Usage Desk';
/** So often each page is measured with so many rows. */
const times = (rows) => Number(process.env.BENCH_TIMES) || (rows >= 1_000_000 ? 3 : 5);

async function writeData(folder, rows) {
  const file = join(folder, `${rows}.json`);
  if (existsSync(file)) return;
  const stream = createWriteStream(`${file}.part`);
  for (const piece of jsonText(rows)) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
  renameSync(`${file}.part`, file);
}

const data = join(out, 'data');
mkdirSync(data, { recursive: true });
const pages = [{ name: PRODUCT, folder: page }];
for (const [name, file] of PEERS) pages.push({ name, folder: await bundle(file, join(out, 'peers', file.replace('.js', ''))) });
const chosen = pages.filter(({ name }) => !only || only.includes(name));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const results = { chromium: browser.version(), code: Object.fromEntries(pages.map(({ name, folder }) => [name, weight(folder)])), rows: {} };
try {
  if (chosen[0]?.name === PRODUCT) {
    const server = await serve(page, data);
    await checkPage(browser, server.address).finally(() => server.close());
  }
  await writeData(data, NAVIGATED);
  for (const rows of rowNumbers.split(',').map(Number)) {
    await writeData(data, rows);
    const expected = new Expectations(rows).all();
    const of = (results.rows[rows] = Object.fromEntries(chosen.map(({ name }) => [name, []])));
    for (let time = 0; time < times(rows); time += 1) {
      // Each page in turn, so that a busy machine is as hard on all of them.
      for (const { name, folder } of chosen) {
        const server = await serve(folder, data);
        try {
          const measured = await measurePage(browser, server.address, rows, expected);
          of[name].push(measured);
          console.log(rows, name, JSON.stringify(measured));
        } catch (reason) {
          if (!browser.isConnected()) throw reason;
          // A page that fails has no figures, and its places in the report stay empty.
          console.log(rows, name, `FAILED: ${reason.message}`);
        } finally {
          server.close();
        }
      }
    }
    writeFileSync(join(out, 'results.json'), JSON.stringify(results, null, 1));
  }
} finally {
  await browser.close();
}
const report = table(results, PRODUCT);
writeFileSync(join(out, 'results.md'), report);
console.log(report);
