// Runs in the page that is measured, beside its window.bench.
(() => {
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const nextTask = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(0);
    });
  const frame = () => new Promise(requestAnimationFrame);

  /** Rows of which at least a pixel is in sight, from the top. */
  const inSight = (columns) => {
    const { height } = window.bench.scroller;
    return window.bench.rows(columns).filter((row) => row.bottom > 0.5 && row.top < height - 0.5);
  };

  /** Whether rows with something in them stand from the top of the body to its end, or to that of the list. */
  function covers(rows, count) {
    const { height } = window.bench.scroller;
    let end = 0;
    for (const row of rows) {
      if (row.top > end + 1 || !row.cells.EventNumber) return false;
      end = row.bottom;
    }
    return end >= height - 1 || rows.length === count;
  }

  function shows({ count, first }) {
    if (window.bench.rowCount() !== count) return false;
    const rows = inSight(['EventNumber']);
    return covers(rows, count) && first.every((number, at) => at >= rows.length || rows[at].cells.EventNumber === number);
  }

  /** The moment at which a frame that shows this is painted. */
  async function painted(isThere) {
    const end = performance.now() + 120_000;
    for (;;) {
      await frame();
      if (isThere()) {
        await nextTask();
        return performance.now();
      }
      if (performance.now() > end) throw new Error(`not painted; in sight: ${JSON.stringify(inSight(['EventNumber']).slice(0, 4))} of ${window.bench.rowCount()}`);
    }
  }

  /** Milliseconds of the longest task over 50 ms. */
  let longest = 0;
  const note = (tasks) => {
    for (const { duration } of tasks) longest = Math.max(longest, duration);
  };
  const tasks = new PerformanceObserver((list) => note(list.getEntries()));
  tasks.observe({ type: 'longtask' });

  /** Milliseconds from the command until what it leads to is painted, and of the longest task over 50 ms. */
  async function timed(act, isThere) {
    await frame();
    await nextTask();
    tasks.takeRecords();
    longest = 0;
    const begin = performance.now();
    const done = act();
    const end = await painted(isThere);
    await done;
    await nextTask();
    note(tasks.takeRecords());
    return { ms: end - begin, longest };
  }

  const { min, max, round } = Math;

  /**
   * Scrolls through the whole list in so many seconds, and tells when each frame was. As a browser does for a
   * hand at the scrollbar, it moves between two frames; `look` is called when the frame that follows is painted.
   */
  async function sweep(seconds, look) {
    const { scroller } = window.bench;
    const end = scroller.max;
    const frames = [];
    const begin = performance.now();
    for (let part = 0; part < 1; ) {
      part = min(1, (performance.now() - begin) / (seconds * 1000));
      scroller.top = round(part * end);
      frames.push(await frame());
      await nextTask();
      look?.();
    }
    return frames;
  }

  window.measure = {
    async load(address, expected) {
      const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
      return timed(() => window.bench.load(bytes), () => shows(expected));
    },
    sort: (column, direction, expected) => timed(() => window.bench.sort(column, direction), () => shows(expected)),
    filter: (filter, expected) => timed(() => window.bench.filter(filter), () => shows(expected)),
    /** Edits the first row in the order of the load, which is at the top. */
    edit(id, column, value) {
      const isThere = () => inSight(['EventNumber', column]).some(({ cells }) => cells.EventNumber === id && cells[column] === value);
      return timed(() => window.bench.edit(0, id, column, value), isThere);
    },
    bulkEdit(changes) {
      const [{ id, BilledAmount }] = changes;
      const isThere = () => inSight(['EventNumber', 'BilledAmount']).some(({ cells }) => cells.EventNumber === id && cells.BilledAmount === String(BilledAmount));
      return timed(() => window.bench.bulkEdit(changes), isThere);
    },
    async sweep(seconds) {
      const frames = await sweep(seconds);
      const gaps = frames.slice(1).map((now, at) => now - frames[at]).sort((one, other) => one - other);
      return { frames: frames.length, gap99: gaps[max(0, Math.ceil(gaps.length * 0.99) - 1)], dropped: gaps.reduce((sum, gap) => sum + max(0, round((gap * 60) / 1000) - 1), 0) };
    },
    /** Frames of a scroll through the list in which a row was missing or empty, of how many. */
    async blanks(seconds) {
      let blanks = 0;
      const frames = await sweep(seconds, () => {
        if (!covers(inSight(['EventNumber']), window.bench.rowCount())) blanks += 1;
      });
      return { blanks, frames: frames.length };
    },
    async top() {
      window.bench.scroller.top = 0;
      await painted(() => covers(inSight(['EventNumber']), window.bench.rowCount()) && inSight(['EventNumber'])[0]?.top > -1);
    },
    painted: (expected) => painted(() => shows(expected)),
  };
})();
