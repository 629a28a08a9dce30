// window.bench: what a harness asks of the page. It is there before the module is, and waits for it.
(() => {
  const TASK = 10; // milliseconds, then the browser has its turn
  const SLICE = 128 * 1024; // bytes that are read at a time
  const STEP = 100_000; // rows that are looked at at a time
  const asked = new URLSearchParams(location.search).get('rows');
  const data = asked && fetch(`/data/${encodeURIComponent(asked)}.json`);

  let page;
  let memory;
  const started = import('./bench-page.js').then(async (glue) => {
    ({ memory } = await glue.default());
    page = glue.BenchPage.mount();
    return page;
  });
  const frame = () => new Promise(requestAnimationFrame);
  const ready = started.then(async () => {
    while (!document.querySelector('.grid-head:nth-child(14)')) await frame();
    await frame();
  });

  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const nextTask = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(0);
    });

  /** Calls `act` until it says that it is done, as often as a task has time for it. */
  async function inTasks(act) {
    for (;;) {
      const end = performance.now() + TASK;
      do {
        if (act()) return;
      } while (performance.now() < end);
      await nextTask();
    }
  }

  const answered = () => inTasks(() => page.step(STEP));

  /** Gives `act` the bytes in slices. */
  async function inSlices(bytes, act) {
    let at = 0;
    await inTasks(() => {
      act(bytes.subarray(at, (at += SLICE)));
      return at >= bytes.length;
    });
  }

  const take = (bytes) => inSlices(bytes, (slice) => page.take(slice));

  // The list is as long as it will be, and its first rows are in sight, before the others are read.
  async function load(bytes) {
    await started;
    page.begin();
    await inSlices(bytes, (slice) => page.count(slice));
    page.take(bytes.subarray(0, SLICE));
    page.show();
    if (bytes.length > SLICE) await take(bytes.subarray(SLICE));
    page.end();
    await answered();
  }

  async function loadAsked() {
    const answer = await data;
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const reader = answer.body.getReader();
    await started;
    page.begin();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) await take(piece.value);
    page.end();
    await answered();
  }

  const grid = () => document.querySelector('.grid');
  const header = () => document.querySelector('.grid-header');
  const text = (value) => (value === null || value === undefined ? '' : String(value));
  const isNumber = (column) => column === 'UsageQuantity' || column === 'BilledAmount';

  window.bench = {
    name: 'Usage Desk',
    kind: 'dom',
    ready,
    load,
    async sort(column, direction) {
      await started;
      page.sort(column ?? undefined, direction === 'desc');
      await answered();
    },
    async filter(filter) {
      await started;
      if (filter) page.filter(filter.col, filter.op === 'equals', text(filter.value));
      else page.filter(undefined, false, '');
      await answered();
    },
    async edit(place, id, column, value) {
      page ?? (await started);
      page.edit(place, id, column, text(value));
      await answered();
    },
    async bulkEdit(changes) {
      page ?? (await started);
      const places = Uint32Array.from(changes, (change) => change.i);
      page.writeAmounts(places, changes.map((change) => text(change.BilledAmount)).join('\n'));
      await answered();
    },
    async value(place, id, column) {
      page ?? (await started);
      const value = page.value(place, id, column);
      return isNumber(column) ? (value === '' ? null : Number(value)) : value;
    },
    rowCount: () => (page ? page.rowCount() : 0),
    rows(columns) {
      const places = new Map([...header().querySelectorAll('.grid-title')].map((title, place) => [title.textContent, place]));
      const top = header().getBoundingClientRect().bottom;
      const rows = [...document.querySelectorAll('.grid-layer > .grid-row')].map((row) => {
        const box = row.getBoundingClientRect();
        // A number that its column has no room for stands on the cell whole.
        const says = (cell) => cell.getAttribute('aria-label') ?? cell.textContent;
        const cells = Object.fromEntries(columns.map((column) => [column, says(row.children[places.get(column)])]));
        return { top: box.top - top, bottom: box.bottom - top, cells };
      });
      return rows.sort((one, other) => one.top - other.top);
    },
    scroller: {
      get top() {
        return grid().scrollTop;
      },
      set top(top) {
        grid().scrollTop = top;
      },
      get max() {
        return grid().scrollHeight - grid().clientHeight;
      },
      get height() {
        return grid().clientHeight - header().offsetHeight;
      },
    },
    wasmBytes: () => (memory ? memory.buffer.byteLength : 0),
  };

  if (data) loadAsked();
})();
