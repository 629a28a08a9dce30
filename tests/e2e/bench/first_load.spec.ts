// How long a person waits who opens the console for the first time, over a line of 10 Mbit/s and 40 ms with
// nothing cached: until the sign-in page can be used, and until batches stand on the screen (signed in at
// once). Each build takes its turn five times, so that a busy machine is as hard on all of them.
import type { Browser } from '@playwright/test';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { DemoServer } from '../stand/demo_server';

const TIMES = 5;
const BYTES_A_SECOND = 10_000_000 / 8;
const ROUND_TRIP = 40;

type Waits = { usable: number; rows: number };

async function open(browser: Browser, address: string): Promise<Waits> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const line = await context.newCDPSession(page);
    await line.send('Network.enable');
    const slow = { offline: false, latency: ROUND_TRIP, downloadThroughput: BYTES_A_SECOND, uploadThroughput: BYTES_A_SECOND };
    await line.send('Network.emulateNetworkConditions', slow);
    await page.addInitScript(() => {
      const waits: Partial<Waits> = {};
      (window as any).waits = waits;
      const look = () => {
        const field = document.querySelector<HTMLInputElement>('input[type=password]');
        if (waits.usable === undefined && field && !field.disabled && field.getClientRects().length > 0) waits.usable = performance.now();
        const cell = document.querySelector('[role=gridcell]');
        if (waits.rows === undefined && cell?.textContent?.trim()) waits.rows = performance.now();
        if (waits.rows === undefined) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(`${address}/batches`);
    await signIn(page, 'editor');
    const waits = () => page.evaluate(() => (window as any).waits as Waits);
    await expect.poll(async () => (await waits()).rows).toBeGreaterThan(0);
    return await waits();
  } finally {
    await context.close();
  }
}

test('the first load', async ({ browser }) => {
  const builds = [
    { name: 'before', dist: process.env.USAGE_DESK_DIST_BEFORE },
    { name: 'now', dist: process.env.USAGE_DESK_DIST },
  ].filter((build) => build.dist);
  const servers: DemoServer[] = [];
  try {
    for (const { name, dist } of builds) servers.push(await DemoServer.start({ journey: `first load ${name}`, events: 20_000, dist }));
    const waits: Waits[][] = builds.map(() => []);
    for (let time = 0; time < TIMES; time += 1) {
      for (const [at, server] of servers.entries()) waits[at].push(await open(browser, server.address));
    }
    const median = (numbers: number[]) => (numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)] / 1000).toFixed(2);
    const line = (name: string, of: Waits[]) => `${name}: sign-in page usable after ${median(of.map((wait) => wait.usable))} s, batches with rows after ${median(of.map((wait) => wait.rows))} s`;
    console.log([`10 Mbit/s, ${ROUND_TRIP} ms, nothing cached, medians of ${TIMES}`, ...builds.map(({ name }, at) => line(name, waits[at]))].join('\n'));
  } finally {
    for (const server of servers) await server.remove();
  }
});
