// Rows that a grid is shown through a list of their places: for grids that leave order and filter to the page.
// An order by number goes over a typed array; texts are compared as JavaScript compares them.
import { NUMBERS, comparer, parse, testOf } from './peer_page.js';

export class OrderedRows {
  rows = [];
  /** Places in `rows`, as they are shown. */
  shown = new Uint32Array(0);
  #order = this.shown;
  #test = null;

  load(bytes) {
    this.rows = parse(bytes);
    this.#test = null;
    this.sort(null);
  }

  sort(column, direction) {
    const { rows } = this;
    const order = Uint32Array.from({ length: rows.length }, (_, at) => at);
    const sign = direction === 'desc' ? -1 : 1;
    if (column && NUMBERS.has(column)) {
      const numbers = Float64Array.from(rows, (row) => row[column]);
      order.sort((one, other) => sign * (numbers[one] - numbers[other]) || one - other);
    } else if (column) {
      const compare = comparer(column);
      order.sort((one, other) => sign * compare(rows[one], rows[other]) || one - other);
    }
    this.#order = order;
    this.#show();
  }

  filter(filter) {
    this.#test = testOf(filter);
    this.#show();
  }

  #show() {
    const test = this.#test;
    this.shown = test ? this.#order.filter((at) => test(this.rows[at])) : this.#order;
  }
}
