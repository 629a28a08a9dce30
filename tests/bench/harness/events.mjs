// Made-up usage events, the same each time: a row of them follows from its number alone.

/** Name and pixels, in order. */
export const COLUMNS = [
  ['EventNumber', 120],
  ['BatchNumber', 110],
  ['EventStatus', 110],
  ['EventType', 100],
  ['ServiceId', 120],
  ['SubscriptionProductPuid', 290],
  ['EventStartTime', 170],
  ['EventEndTime', 170],
  ['UsageQuantity', 120],
  ['UsageUnitOfMeasure', 80],
  ['CurrencyCode', 80],
  ['BilledAmount', 120],
  ['Error', 180],
  ['RatingSource', 110],
];

const STATUSES = ['PROCESSED', 'PROCESSED', 'PROCESSED', 'PROCESSED', 'UNPROCESSED', 'UNPROCESSED', 'ERROR', 'REVERSED'];
const TYPES = ['USAGE', 'USAGE', 'USAGE', 'CREDIT', 'REVERSAL'];
const UNITS = ['GB', 'HOUR', 'EACH', 'CALL'];
const CURRENCIES = ['EUR', 'EUR', 'USD', 'USD', 'GBP', 'CHF', 'JPY'];
const SOURCES = ['RATE CARD', 'CONTRACT', 'EXTERNAL'];
const FIRST = Date.UTC(2026, 0, 1);
const SEED = 20261129;

/** Throws of a die that follow from the row's number (mulberry32). */
function dice(row) {
  let state = (row * 0x9e3779b1 + SEED) | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * sides);
  };
}

const padded = (number, digits) => String(number).padStart(digits, '0');

/** The row of a number in a list of so many. */
export function event(row, rows) {
  const die = dice(row);
  const start = FIRST + row * 2600 + die(1000);
  const status = STATUSES[die(STATUSES.length)];
  return {
    EventNumber: `EV-${padded(row * 7 + die(7), 9)}`,
    BatchNumber: `BATCH-${padded(Math.floor((row * 200) / rows), 5)}`,
    EventStatus: status,
    EventType: TYPES[die(TYPES.length)],
    ServiceId: `service-${padded(die(50_000), 6)}`,
    SubscriptionProductPuid: `PRODUCT-METERED-${padded(die(400) * 104_729, 20)}`,
    EventStartTime: new Date(start).toISOString(),
    EventEndTime: new Date(start + 3_600_000).toISOString(),
    UsageQuantity: die(1_000_000_000) / 10 ** die(7),
    UsageUnitOfMeasure: UNITS[die(UNITS.length)],
    CurrencyCode: CURRENCIES[die(CURRENCIES.length)],
    BilledAmount: (die(50_000_000) - 500_000) / 10 ** die(5),
    Error: status === 'ERROR' ? `RATE-${padded(die(30), 3)}: no rate was found` : '',
    RatingSource: SOURCES[die(SOURCES.length)],
  };
}

/** The rows as JSON text, in pieces. */
export function* jsonText(rows) {
  const PIECE = 5_000;
  for (let from = 0; from < rows; from += PIECE) {
    const piece = Array.from({ length: Math.min(PIECE, rows - from) }, (_, at) => JSON.stringify(event(from + at, rows)));
    yield (from === 0 ? '[' : ',') + piece.join(',');
  }
  yield rows === 0 ? '[]' : ']';
}
