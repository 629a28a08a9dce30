//! Made up usage events, the same each time.

use grid_table::{ColumnKind, Edit, Table, Value};
use rust_decimal::Decimal;

pub(crate) const NUMBER: usize = 0;
pub(crate) const STATUS: usize = 2;
pub(crate) const SERVICE: usize = 4;
pub(crate) const START: usize = 6;
pub(crate) const END: usize = 7;
pub(crate) const QUANTITY: usize = 8;
const UNIT: usize = 9;
pub(crate) const CURRENCY: usize = 10;
pub(crate) const AMOUNT: usize = 11;
pub(crate) const ERROR: usize = 12;

const COLUMNS: [ColumnKind; 14] = [
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Instant,
    ColumnKind::Instant,
    ColumnKind::Amount { unit: UNIT },
    ColumnKind::Text,
    ColumnKind::Text,
    ColumnKind::Amount { unit: CURRENCY },
    ColumnKind::Text,
    ColumnKind::Text,
];

/// 1 January 2026, in microseconds.
const FIRST: i64 = 1_767_225_600_000_000;
/// Records that are put in at once.
const PAGE: usize = 5_000;

pub(crate) struct Events {
    numbers: Vec<String>,
    batches: Vec<String>,
    services: Vec<String>,
    products: Vec<String>,
    errors: Vec<String>,
}

impl Events {
    pub(crate) fn new(rows: usize) -> Self {
        let named = |count: usize, name: &dyn Fn(usize) -> String| (0..count).map(name).collect();
        Self {
            numbers: named(rows, &|at| format!("EV-{:09}", at * 7 + at % 3)),
            batches: named(200, &|at| format!("BATCH-{at:05}")),
            services: named(5_000, &|at| format!("service-{:06}", at * 7919 % 1_000_003)),
            products: named(400, &|at| format!("PRODUCT-METERED-{:024}", at * 104_729)),
            errors: named(30, &|at| format!("RATE-{at:03}: no rate was found for the product")),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn key(&self, row: usize) -> i64 {
        300_000_000_000_000 + row as i64 * 3
    }

    pub(crate) fn table(&self) -> Table {
        let mut table = Table::new(&COLUMNS);
        let rows: Vec<usize> = (0..self.rows()).collect();
        for page in rows.chunks(PAGE) {
            let values: Vec<_> = page.iter().map(|row| self.values(*row)).collect();
            let edits: Vec<_> = page
                .iter()
                .zip(&values)
                .map(|(row, values)| Edit::Put { key: self.key(*row), version: 1, values })
                .collect();
            table.edit(&edits).unwrap();
        }
        table
    }

    fn values(&self, row: usize) -> [Value<'_>; 14] {
        // Chance enough, and the same each time.
        let chance = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let die = |sides: usize, nth: u32| (chance.rotate_left(nth * 7 + 13) >> 20) as usize % sides;
        let of = |texts: &'static [&'static str], nth| Value::Text(texts[die(texts.len(), nth)]);
        let start = FIRST + row as i64 * 2_592_000 + die(1_000_000, 1) as i64;
        let error = die(600, 2);
        [
            Value::Text(&self.numbers[row]),
            Value::Text(&self.batches[row * self.batches.len() / self.rows()]),
            of(&["PROCESSED", "PROCESSED", "PROCESSED", "UNPROCESSED", "ERROR", "REVERSED"], 3),
            of(&["USAGE", "USAGE", "CREDIT", "REVERSAL"], 4),
            Value::Text(&self.services[die(self.services.len(), 5)]),
            Value::Text(&self.products[die(self.products.len(), 6)]),
            Value::Instant(start),
            Value::Instant(start + 3_600_000_000),
            Value::Decimal(decimal(die(4_000_000_000, 7) as i64, die(7, 8) as u32, 6)),
            of(&["GB", "HOUR", "EACH", "CALL"], 1),
            of(&["EUR", "USD", "GBP", "CHF", "JPY"], 2),
            Value::Decimal(decimal(die(100_000_000, 3) as i64 - 1_000_000, die(5, 4) as u32, 4)),
            self.errors.get(error).map_or(Value::Blank, |error| Value::Text(error)),
            of(&["RATE CARD", "CONTRACT", "EXTERNAL"], 5),
        ]
    }
}

/// So many of the last of `most` decimal places, of which only some are written.
fn decimal(mantissa: i64, places: u32, most: u32) -> Decimal {
    Decimal::new(mantissa / 10_i64.pow(most - places), places)
}
