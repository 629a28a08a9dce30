// Glide Data Grid: a canvas, which asks for the cells in sight. What it has drawn is kept by row, so that the
// harness sees what is on the screen and not what is in the model.
import { createRef, useCallback, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import DataEditor, { GridCellKind } from '@glideapps/glide-data-grid';
import '@glideapps/glide-data-grid/dist/index.css';
import { OrderedRows } from './ordered_rows.js';
import { COLUMNS, NUMBERS, place, publish, scrollerOf } from './peer_page.js';

const ROW = 28;
const HEAD = 32;
const columns = COLUMNS.map(([title, width]) => ({ id: title, title, width }));
const isNumber = COLUMNS.map(([name]) => NUMBERS.has(name));
const rows = new OrderedRows();
const editor = createRef();
let drawn = new Map();
let region = { y: 0, height: 0, offset: 0 };
let showAnew;
let isReady;
const ready = new Promise((resolve) => {
  isReady = resolve;
});

const cell = ([column, row]) => {
  const text = String(rows.rows[rows.shown[row]][columns[column].id]);
  return { kind: GridCellKind.Text, data: text, displayData: text, allowOverlay: false, contentAlign: isNumber[column] ? 'right' : undefined };
};

function drawCell({ cell, col, row }, draw) {
  draw();
  let texts = drawn.get(row);
  if (!texts) drawn.set(row, (texts = []));
  texts[col] = cell.displayData;
  if (drawn.size > 2_000) for (const known of drawn.keys()) if (Math.abs(known - row) > 200) drawn.delete(known);
}

function Page() {
  const [revision, setRevision] = useState(0);
  showAnew = () => {
    drawn = new Map();
    flushSync(() => setRevision((before) => before + 1));
  };
  isReady();
  const getCellContent = useCallback((place) => cell(place), [revision]); // another function: all is drawn anew
  return (
    <DataEditor
      ref={editor}
      columns={columns}
      rows={rows.shown.length}
      getCellContent={getCellContent}
      drawCell={drawCell}
      onVisibleRegionChanged={({ y, height }, _x, offset) => (region = { y, height, offset })}
      rowHeight={ROW}
      headerHeight={HEAD}
      smoothScrollY
      width="100%"
      height="100%"
    />
  );
}
createRoot(place).render(<Page />);

const scroller = () => place.querySelector('.dvn-scroller');
const toTop = () => editor.current.scrollTo(0, 0, 'vertical');

publish({
  name: 'Glide Data Grid',
  kind: 'canvas',
  ready,
  load(bytes) {
    rows.load(bytes);
    showAnew();
  },
  sort(column, direction) {
    rows.sort(column, direction);
    showAnew();
    if (rows.shown.length > 0) toTop();
  },
  filter(filter) {
    rows.filter(filter);
    showAnew();
    if (rows.shown.length > 0) toTop();
  },
  edit(at, _id, column, value) {
    rows.rows[at][column] = value;
    const cells = Array.from({ length: region.height }, (_, row) => ({ cell: [columns.findIndex(({ id }) => id === column), region.y + row] }));
    editor.current.updateCells(cells);
  },
  bulkEdit(changes) {
    for (const { i, BilledAmount } of changes) rows.rows[i].BilledAmount = BilledAmount;
    const column = columns.findIndex(({ id }) => id === 'BilledAmount');
    editor.current.updateCells(Array.from({ length: region.height }, (_, row) => ({ cell: [column, region.y + row] })));
  },
  value: (at, _id, column) => rows.rows[at][column],
  rowCount: () => rows.shown.length,
  rows(names) {
    const places = names.map((name) => columns.findIndex(({ id }) => id === name));
    return Array.from({ length: Math.min(region.height + 1, rows.shown.length - region.y) }, (_, row) => {
      const texts = drawn.get(region.y + row) ?? [];
      const top = row * ROW + (region.offset ?? 0);
      return { top, bottom: top + ROW, cells: Object.fromEntries(names.map((name, at) => [name, texts[places[at]] ?? ''])) };
    });
  },
  scroller: scrollerOf(scroller, () => scroller().clientHeight - HEAD),
});
