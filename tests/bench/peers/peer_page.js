// What the pages of all peers share: the columns, the JSON text, and window.bench.
import { COLUMNS } from '../harness/events.mjs';
import './peer_page.css';

export { COLUMNS };
export const NUMBERS = new Set(['UsageQuantity', 'BilledAmount']);
export const place = document.getElementById('grid');

export const parse = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** What `filter` means, as a test of a row; nothing where all rows pass. */
export function testOf(filter) {
  if (!filter) return null;
  const { col, op, value } = filter;
  if (op === 'equals') return (row) => row[col] === value;
  const sought = String(value).toLowerCase();
  return (row) => String(row[col]).toLowerCase().includes(sought);
}

/** How two rows compare by a column, rising. */
export const comparer = (column) =>
  NUMBERS.has(column)
    ? (one, other) => one[column] - other[column]
    : (one, other) => (one[column] < other[column] ? -1 : one[column] > other[column] ? 1 : 0);

/** Rows read off elements; `cells` gives the cells of a row by column name. */
export function rowsOf(elements, top, cell, columns) {
  const rows = Array.from(elements, (element) => {
    const box = element.getBoundingClientRect();
    const cells = Object.fromEntries(columns.map((column) => [column, cell(element, column)?.textContent ?? '']));
    return { top: box.top - top, bottom: box.bottom - top, cells };
  });
  return rows.sort((one, other) => one.top - other.top);
}

/** The vertical scroll of an element; `height` gives that of the rows' viewport. */
export function scrollerOf(find, height) {
  return {
    get top() {
      return find().scrollTop;
    },
    set top(top) {
      find().scrollTop = top;
    },
    get max() {
      return find().scrollHeight - find().clientHeight;
    },
    get height() {
      return height ? height() : find().clientHeight;
    },
  };
}

/** Makes the page's grid known, and loads what its address asks for. */
export function publish(bench) {
  window.bench = { kind: 'dom', wasmBytes: () => 0, ready: Promise.resolve(), ...bench };
  if (window.askedData) {
    Promise.all([window.askedData.then((answer) => answer.arrayBuffer()), window.bench.ready]).then(([buffer]) => window.bench.load(new Uint8Array(buffer)));
  }
}
