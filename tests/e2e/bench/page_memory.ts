// What the process of a page holds in memory, by Linux's own account.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

/** Bytes of its own that each renderer holds, the module's memory included; of the largest one. */
async function held(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const own = processInfo
    .filter((process) => process.type === 'renderer')
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
      return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(0, ...(await Promise.all(own)));
}

/** Measures each second while something is done, and prints what it came to at five points of the way. */
export async function memoryOf(page: Page, name: string, act: () => Promise<void>): Promise<number[]> {
  const samples = [await held(page)];
  let isOver = false;
  const watch = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      samples.push(await held(page));
    }
  })();
  try {
    await act();
  } finally {
    isOver = true;
    await watch;
  }
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)}`.padStart(4);
  const points = [0, 0.25, 0.5, 0.75, 1].map((part) => megabytes(samples[Math.round(part * (samples.length - 1))]));
  console.log(`  ${name}: ${points.join(', ')} MB at its quarters; the most ${megabytes(Math.max(...samples))} MB`);
  return samples;
}
