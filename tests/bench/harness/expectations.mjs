// What a grid must show after each step, worked out from the rows themselves.
import { event } from './events.mjs';

/** The columns that the steps look at. */
export class Expectations {
  constructor(rows) {
    this.rows = rows;
    this.numbers = new Array(rows);
    this.services = new Array(rows);
    this.statuses = new Array(rows);
    this.amounts = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const made = event(row, rows);
      this.numbers[row] = made.EventNumber;
      this.services[row] = made.ServiceId;
      this.statuses[row] = made.EventStatus;
      this.amounts[row] = made.BilledAmount;
    }
  }

  /** After each step of `measurePage`. */
  all() {
    const TYPED = '0713';
    const typed = Array.from(TYPED, (_, at) => TYPED.slice(0, at + 1));
    const changed = Math.min(10_000, this.rows);
    return {
      loaded: this.loaded(),
      byAmountFalling: this.byAmountFalling(),
      byService: this.byService(),
      typed: typed.map((text) => [text, this.numberContains(text)]),
      errors: this.statusIs('ERROR'),
      // The first ones are in sight, the others all over the list.
      changes: Array.from({ length: changed }, (_, at) => {
        const row = at < 20 ? at : Math.floor((at * this.rows) / changed);
        return { i: row, id: this.numbers[row], BilledAmount: at + 0.25 };
      }),
      navigated: this.rows === 10_000 ? this.loaded() : new Expectations(10_000).loaded(),
    };
  }

  /** How many rows are shown, and the numbers of the first ones. */
  #of(rows, order) {
    return { count: rows, first: order.slice(0, 10).map((row) => this.numbers[row]) };
  }

  #filtered(fits) {
    const order = [];
    for (let row = 0; row < this.rows; row += 1) if (fits(row)) order.push(row);
    return this.#of(order.length, order);
  }

  loaded() {
    return this.#filtered(() => true);
  }

  byAmountFalling() {
    const order = Uint32Array.from({ length: this.rows }, (_, row) => row);
    order.sort((one, other) => this.amounts[other] - this.amounts[one] || one - other);
    return this.#of(this.rows, [...order.subarray(0, 10)]);
  }

  byService() {
    const order = Uint32Array.from({ length: this.rows }, (_, row) => row);
    const { services } = this;
    order.sort((one, other) => (services[one] < services[other] ? -1 : services[one] > services[other] ? 1 : one - other));
    return this.#of(this.rows, [...order.subarray(0, 10)]);
  }

  numberContains(text) {
    return this.#filtered((row) => this.numbers[row].includes(text));
  }

  statusIs(status) {
    return this.#filtered((row) => this.statuses[row] === status);
  }
}
