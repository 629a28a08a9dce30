// The results as a table for people: medians, and the product's ratio to the best of the peers.

const MEGABYTE = 1_000_000;
const plain = (digits) => (value) => value.toFixed(digits);

/** Name of the step, what it is in words, how it is written, and whether more is better. */
const STEPS = [
  ['load', 'JSON text to painted, ms', plain(0)],
  ['loadLongest', 'its longest task over 50 ms (0: none)', plain(0)],
  ['sortAmount', 'order by amount, ms', plain(0)],
  ['sortText', 'order by text, ms', plain(0)],
  ['filterKey', 'filter, worst key typed, ms', plain(0)],
  ['filterStatus', 'filter by status, ms', plain(0)],
  ['sweepRate', 'whole range swept in 5 s, frames a second', plain(1), true],
  ['sweepGap99', '99 of 100 frames within, ms', plain(1)],
  ['sweepDropped', 'frames dropped', plain(0)],
  ['sweepTask', 'main thread a frame, ms', plain(1)],
  ['sweepBlanks', 'frames with a blank row', plain(0)],
  ['edit', 'one edit to paint, ms', plain(1)],
  ['bulkEdit', '10,000 edits to paint, ms', plain(1)],
  ['memory', 'private memory after the load, MB', (value) => (value / MEGABYTE).toFixed(0)],
  ['navigation', 'navigation to 10,000 rows painted, ms', plain(0)],
];

export function median(numbers) {
  const sorted = numbers.filter((number) => number !== null && number !== undefined).sort((one, other) => one - other);
  return sorted.length > 0 ? sorted[Math.floor(sorted.length / 2)] : null;
}

/** A table for each number of rows. What was not measured is absent. */
export function table({ chromium, code, rows }, product) {
  const parts = [`Chromium ${chromium}; medians.`];
  for (const [count, pages] of Object.entries(rows)) {
    const names = Object.keys(pages);
    const head = [`${Number(count).toLocaleString('en')} rows`, ...names, 'ratio to the best peer'];
    const lines = STEPS.map(([step, says, write, isMoreBetter]) => line(says, write, isMoreBetter, names.map((name) => median(pages[name].map((times) => times[step])))));
    lines.push(line('code, brotli, kB', (value) => (value / 1000).toFixed(0), false, names.map((name) => code[name])));
    parts.push([head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;

  function line(says, write, isMoreBetter, values) {
    const peers = values.slice(1).filter((value) => value !== null);
    const best = peers.length > 0 ? (isMoreBetter ? Math.max(...peers) : Math.min(...peers)) : null;
    const ratio = names().includes(product) && values[0] !== null && best ? (values[0] / best).toFixed(2) : '';
    return [says, ...values.map((value) => (value === null ? '' : write(value))), ratio];
  }

  function names() {
    return Object.keys(Object.values(rows)[0] ?? {});
  }
}
