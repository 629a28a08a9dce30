// AG Grid Community with the modules that are used alone, without animation. Rows have the ids that the grid
// gives, which are their places in the load; a filter is a function of ours.
import {
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  ExternalFilterModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
  createGrid,
  themeQuartz,
} from 'ag-grid-community';
import { COLUMNS, comparer, NUMBERS, parse, place, publish, rowsOf, scrollerOf, testOf } from './peer_page.js';

ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  ExternalFilterModule,
  RenderApiModule,
  RowApiModule,
  ScrollApiModule,
]);

let rows = [];
let test = null;
const compare = (field) => {
  const ofRows = comparer(field);
  return (one, other) => ofRows({ [field]: one }, { [field]: other });
};
const numbers = (one, other) => one - other;
let isReady;
const ready = new Promise((resolve) => {
  isReady = resolve;
});
const grid = createGrid(place, {
  theme: themeQuartz.withParams({ rowHeight: 28, headerHeight: 32, fontSize: 13, cellHorizontalPadding: 8 }),
  columnDefs: COLUMNS.map(([field, width]) => ({ field, width, sortable: true, comparator: NUMBERS.has(field) ? numbers : compare(field) })),
  rowData: [],
  rowHeight: 28,
  headerHeight: 32,
  animateRows: false,
  suppressRowHoverHighlight: true,
  suppressColumnMoveAnimation: true,
  suppressScrollOnNewData: false,
  isExternalFilterPresent: () => test !== null,
  doesExternalFilterPass: (node) => test(node.data),
  onGridReady: () => isReady(),
});
const viewport = () => place.querySelector('.ag-grid-viewport');
const header = () => place.querySelector('.ag-header');
const toTop = () => rows.length > 0 && grid.ensureIndexVisible(0, 'top');

publish({
  name: 'AG Grid',
  ready,
  load(bytes) {
    rows = parse(bytes);
    grid.setGridOption('rowData', rows);
  },
  sort(column, direction) {
    grid.applyColumnState({ state: column ? [{ colId: column, sort: direction }] : [], defaultState: { sort: null } });
    toTop();
  },
  filter(filter) {
    test = testOf(filter);
    grid.onFilterChanged();
  },
  edit(at, _id, column, value) {
    grid.getRowNode(String(at)).setDataValue(column, value);
  },
  bulkEdit(changes) {
    for (const { i, BilledAmount } of changes) rows[i].BilledAmount = BilledAmount;
    grid.refreshCells({ columns: ['BilledAmount'] });
  },
  value: (at, _id, column) => rows[at][column],
  rowCount: () => grid.getDisplayedRowCount(),
  rows: (names) => rowsOf(place.querySelectorAll('.ag-row[row-index]'), header().getBoundingClientRect().bottom, (row, name) => row.querySelector(`[col-id="${name}"]`), names),
  // The header stands within the element that scrolls.
  scroller: scrollerOf(viewport, () => viewport().clientHeight - header().offsetHeight),
});
