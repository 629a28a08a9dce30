// Journeys of a person at the desk, in a real Chromium, against a real demo server with the built
// app. `journeys/` holds what is proved, one file per journey; `person/` what a person does on a
// screen; `stand/` the server, the browser and the watch over both.
// Not here: what a crate's own tests prove (rules of writing, viewport arithmetic, the API's answers).
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

/** Where a whole Chromium is, where there is one. */
export const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const browser = process.env.CHROMIUM ?? usualPlaces.find((place) => existsSync(place));
if (!browser) {
  throw new Error('No Chromium was found. Install Chromium or Chrome, or name one in the variable CHROMIUM.');
}

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'results',
  reporter: [['list'], ['./stand/slowest_report.ts'], ['./stand/write_report.ts'], ['./stand/second_try_report.ts']],
  // A journey waits for more than half of its time: for answers that a fault delays, for frames, for
  // pauses of the product. Three for two cores keep the cores at work, and leave each its turn.
  workers: Math.min(Math.ceil(1.5 * availableParallelism()), 8),
  // See second_try_report.ts. A fault of the product that shows now and then is looked for with
  // `--retries 0 --repeat-each 20`.
  retries: 1,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // Without the page at every step, which takes a tenth of the run; `--trace on` keeps it.
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false, snapshots: false },
    launchOptions: {
      executablePath: browser,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
