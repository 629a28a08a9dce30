// What ten thousand edits at one stroke cost the page: frames from the command to the changed cells,
// the longest task until the last answer, and the time until each of them has its result.
import { BulkCorrection } from '../person/bulk_correction';
import { expect, test } from '../stand/desk_test';

// Some four in a hundred events are in error and can be changed.
const EVENTS = Number(process.env.USAGE_DESK_BENCH_EVENTS ?? 260_000);

test.use({ stock: { journey: 'ten thousand edits', events: EVENTS } });

type Measured = { command?: number; shown?: number; frames: number; tasks: number[]; frameGaps: number[] };

test('ten thousand edits at one stroke', async ({ sitDown }) => {
  const page = await sitDown('editor', '/events?status=ORA_ERROR');
  const grid = page.getByRole('grid', { name: 'Usage events' });
  await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(1);
  const bulk = new BulkCorrection(page);
  await bulk.prepare(Number(await grid.getAttribute('aria-rowcount')) - 1, 'Service', 'bench');
  const rows = await bulk.willChange();
  await page.evaluate(() => {
    const measured: Measured = { frames: 0, tasks: [], frameGaps: [] };
    (window as any).measured = measured;
    const isShown = () => [...document.querySelectorAll('[role=gridcell]')].some((cell) => cell.textContent?.trim() === 'bench');
    let last = 0;
    const frame = (now: number) => {
      if (measured.command !== undefined) {
        if (last > 0) measured.frameGaps.push(now - last);
        last = now;
        if (measured.shown === undefined) {
          measured.frames += 1;
          if (isShown()) measured.shown = performance.now();
        }
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) if (measured.command !== undefined) measured.tasks.push(task.duration);
    }).observe({ type: 'longtask' });
    addEventListener('click', () => (measured.command ??= performance.now()), { capture: true, once: true });
  });
  const began = Date.now();
  await bulk.correct();
  await expect(bulk.dialog.getByTestId('corrected')).toHaveText(`${rows.toLocaleString('en')} of ${rows.toLocaleString('en')} corrected`, { timeout: 900_000 });
  const settled = Date.now() - began;
  const measured = (await page.evaluate(() => (window as any).measured)) as Measured;
  const gaps = measured.frameGaps.sort((one, other) => one - other);
  const at = (part: number) => Math.round(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * part))]);
  const longest = Math.round(Math.max(0, ...measured.tasks));
  console.log(
    [
      `${rows} edits at one stroke`,
      `shown after ${measured.frames} frames, ${Math.round((measured.shown ?? 0) - (measured.command ?? 0))} ms`,
      `longest task ${longest} ms, ${measured.tasks.length} tasks over 50 ms`,
      `time between frames: half within ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, longest ${at(1)} ms`,
      `settled in ${(settled / 1000).toFixed(1)} s, ${Math.round((rows * 1000) / settled)} a second`,
    ].join('\n'),
  );
  expect(measured.shown).toBeDefined();
});
