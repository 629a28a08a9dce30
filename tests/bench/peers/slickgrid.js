// SlickGrid with its own DataView. Scrolling renders at once, so that no row is blank; a filter whose text
// gets longer tells that it narrows.
import { SlickDataView, SlickGrid } from 'slickgrid';
import 'slickgrid/dist/styles/css/slick.grid.css';
import 'slickgrid/dist/styles/css/slick-default-theme.css';
import { COLUMNS, comparer, parse, place, publish, rowsOf, scrollerOf, testOf } from './peer_page.js';

const columns = COLUMNS.map(([name, width]) => ({ id: name, field: name, name, width }));
const ID = '_place';
const view = new SlickDataView({ useCSPSafeFilter: true });
const grid = new SlickGrid(place, view, columns, { rowHeight: 28, forceSyncScrolling: true, enableColumnReorder: false, enableCellNavigation: true, enableTextSelectionOnCells: false });
view.onRowCountChanged.subscribe(() => {
  grid.updateRowCount();
  grid.render();
});
view.onRowsChanged.subscribe((_, { rows }) => {
  grid.invalidateRows(rows);
  grid.render();
});

let rows = [];
let filtered = null;
let test = null;
const passes = (row) => test === null || test(row);
const viewport = () => place.querySelector('.slick-viewport-top.slick-viewport-left');

publish({
  name: 'SlickGrid',
  load(bytes) {
    rows = parse(bytes);
    for (let at = 0; at < rows.length; at += 1) rows[at][ID] = at;
    view.beginUpdate();
    view.setItems(rows, ID);
    view.endUpdate();
  },
  sort(column, direction) {
    view.sort(comparer(column ?? ID), direction !== 'desc');
    grid.scrollRowToTop(0);
  },
  filter(filter) {
    const narrows = filter && filtered?.col === filter.col && filter.op === 'contains' && filtered.op === 'contains' && filter.value.includes(filtered.value);
    filtered = filter;
    test = testOf(filter);
    view.setRefreshHints({ isFilterNarrowing: Boolean(narrows), isFilterExpanding: filter === null });
    view.setFilter(passes);
    grid.scrollRowToTop(0);
  },
  edit(at, _id, column, value) {
    rows[at][column] = value;
    view.updateItem(at, rows[at]);
  },
  bulkEdit(changes) {
    view.beginUpdate(true);
    for (const { i, BilledAmount } of changes) rows[i].BilledAmount = BilledAmount;
    view.updateItems(changes.map(({ i }) => i), changes.map(({ i }) => rows[i]));
    view.endUpdate();
  },
  value: (at, _id, column) => rows[at][column],
  rowCount: () => view.getLength(),
  rows: (names) =>
    rowsOf(
      viewport().querySelectorAll('.slick-row'),
      viewport().getBoundingClientRect().top,
      (row, name) => row.querySelector(`.l${columns.findIndex(({ id }) => id === name)}`),
      names,
    ),
  scroller: scrollerOf(viewport),
});
