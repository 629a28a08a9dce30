// RevoGrid, which is given the rows as they are to be shown.
import { defineCustomElements } from '@revolist/revogrid/loader';
import { OrderedRows } from './ordered_rows.js';
import { COLUMNS, place, publish, rowsOf, scrollerOf } from './peer_page.js';

defineCustomElements();
const grid = document.createElement('revo-grid');
Object.assign(grid, {
  columns: COLUMNS.map(([prop, size]) => ({ prop, name: prop, size })),
  source: [],
  rowSize: 28,
  readonly: true,
  resize: false,
  canMoveColumns: false,
  applyOnClose: false,
  hideAttribution: true,
});
grid.style.height = '100%';
place.append(grid);

const rows = new OrderedRows();
function show() {
  // Gathered, for the grid asks each row of what it is given.
  grid.source = Array.from(rows.shown, (at) => rows.rows[at]);
}
const body = () => grid.querySelector('revogr-viewport-scroll.rgCol .vertical-inner');
const toTop = () => {
  if (body()) body().scrollTop = 0;
};

publish({
  name: 'RevoGrid',
  ready: customElements.whenDefined('revo-grid').then(() => grid.componentOnReady?.()),
  load(bytes) {
    rows.load(bytes);
    grid.source = rows.rows;
  },
  sort(column, direction) {
    rows.sort(column, direction);
    show();
    toTop();
  },
  filter(filter) {
    rows.filter(filter);
    show();
    toTop();
  },
  edit(at, _id, column, value) {
    rows.rows[at][column] = value;
    return grid.refresh('rgRow');
  },
  bulkEdit(changes) {
    for (const { i, BilledAmount } of changes) rows.rows[i].BilledAmount = BilledAmount;
    return grid.refresh('rgRow');
  },
  value: (at, _id, column) => rows.rows[at][column],
  rowCount: () => rows.shown.length,
  rows: (names) =>
    rowsOf(
      body()?.querySelectorAll('revogr-data .rgRow') ?? [],
      body()?.getBoundingClientRect().top ?? 0,
      (row, name) => row.querySelector(`[data-rgCol="${COLUMNS.findIndex(([column]) => column === name)}"]`),
      names,
    ),
  scroller: scrollerOf(body),
});
