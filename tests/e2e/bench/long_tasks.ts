// What the main thread did while something was done.
import type { Page } from '@playwright/test';

/** Its long tasks in milliseconds, the longest first, printed beside how long it took. */
export async function longTasks(page: Page, name: string, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const tasks: number[] = ((window as any).longTasks = []);
    (window as any).longTaskWatch?.disconnect();
    const watch = ((window as any).longTaskWatch = new PerformanceObserver((list) => {
      for (const task of list.getEntries()) tasks.push(Math.round(task.duration));
    }));
    watch.observe({ type: 'longtask' });
  });
  const start = Date.now();
  await act();
  const took = Date.now() - start;
  const tasks: number[] = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...(window as any).longTasks].sort((one: number, other: number) => other - one);
  });
  console.log(`${name.padEnd(46)} ${String(took).padStart(7)} ms; longest task ${String(tasks[0] ?? 0).padStart(5)} ms; over 50 ms: ${tasks.length} (${tasks.slice(0, 6).join(', ')})`);
  return tasks[0] ?? 0;
}
