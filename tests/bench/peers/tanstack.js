// TanStack Table for order and filter, TanStack Virtual for what is in sight, and a pool of row elements, which
// both leave to the page.
import {
  columnFilteringFeature,
  constructTable,
  createFilteredRowModel,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/table-core';
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings';
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core';
import { COLUMNS, NUMBERS, comparer, parse, place, publish, rowsOf, scrollerOf } from './peer_page.js';
import './tanstack.css';

const ROW = 28;
const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  columnFilteringFeature,
  filteredRowModel: createFilteredRowModel(),
});

/** What a filter means of a row: its text in capitals is made once, for all rows. */
function filterFn(row, column, { op, value, sought }) {
  const held = row.original[column];
  return op === 'equals' ? held === value : String(held).toLowerCase().includes(sought);
}
const sortFn = (one, other, column) => comparers[column](one.original, other.original);
const comparers = Object.fromEntries(COLUMNS.map(([name]) => [name, comparer(name)]));

const table = constructTable({
  features,
  columns: COLUMNS.map(([name]) => ({ id: name, accessorKey: name, sortFn, filterFn, sortUndefined: false })),
  data: [],
  renderFallbackValue: '',
});
let rows = [];
let shown = [];

place.innerHTML = '<div class="head"></div><div class="body"><div class="sizer"></div></div>';
const [head, body] = place.children;
const sizer = body.firstChild;
const make = (className, text = '') => Object.assign(document.createElement('div'), { className, textContent: text });
head.append(...COLUMNS.map(([name], at) => Object.assign(make(`cell c${at}`, name))));
document.head.append(Object.assign(document.createElement('style'), { textContent: COLUMNS.map(([name, width], at) => `.c${at} { width: ${width}px; text-align: ${NUMBERS.has(name) ? 'right' : 'left'} }`).join('\n') }));

/** Row elements, each with what it shows. */
const pool = [];
const options = {
  getScrollElement: () => body,
  estimateSize: () => ROW,
  overscan: 4,
  scrollToFn: elementScroll,
  observeElementRect,
  observeElementOffset,
  onChange: () => paint(),
};
const virtual = new Virtualizer({ ...options, count: 0 });
virtual._didMount();
virtual._willUpdate();

function paint() {
  const items = virtual.getVirtualItems();
  while (pool.length < items.length) {
    const element = make('row');
    element.append(...COLUMNS.map((_, at) => make(`cell c${at}`)));
    element.childNodes.forEach((cell) => cell.append(''));
    sizer.append(element);
    pool.push({ element, texts: Array.from(element.childNodes, (cell) => cell.firstChild), row: null, start: -1 });
  }
  const taken = new Set();
  for (const item of items) {
    const slot = pool[item.index % pool.length];
    taken.add(slot);
    if (slot.start !== item.start) slot.element.style.transform = `translateY(${(slot.start = item.start)}px)`;
    const { original } = shown[item.index];
    COLUMNS.forEach(([name], at) => {
      const text = String(original[name]);
      if (slot.texts[at].data !== text) slot.texts[at].data = text;
    });
  }
  for (const slot of pool) slot.element.hidden = !taken.has(slot);
}

function show() {
  shown = table.getRowModel().rows;
  virtual.setOptions({ ...options, count: shown.length });
  virtual._willUpdate();
  virtual.measure();
  sizer.style.height = `${virtual.getTotalSize()}px`;
  paint();
}
const toTop = () => {
  body.scrollTop = 0;
};

publish({
  name: 'TanStack Table + Virtual',
  load(bytes) {
    rows = parse(bytes);
    table.setOptions((before) => ({ ...before, data: rows }));
    show();
  },
  sort(column, direction) {
    table.setSorting(column ? [{ id: column, desc: direction === 'desc' }] : []);
    toTop();
    show();
  },
  filter(filter) {
    table.setColumnFilters(filter ? [{ id: filter.col, value: { op: filter.op, value: filter.value, sought: String(filter.value).toLowerCase() } }] : []);
    toTop();
    show();
  },
  edit(at, _id, column, value) {
    rows[at][column] = value;
    paint();
  },
  bulkEdit(changes) {
    for (const { i, BilledAmount } of changes) rows[i].BilledAmount = BilledAmount;
    paint();
  },
  value: (at, _id, column) => rows[at][column],
  rowCount: () => shown.length,
  rows: (names) =>
    rowsOf(sizer.querySelectorAll('.row:not([hidden])'), body.getBoundingClientRect().top, (row, name) => row.children[COLUMNS.findIndex(([column]) => column === name)], names),
  scroller: scrollerOf(() => body),
});
