//! An order as whole numbers: where a row stands is the digits of one long number, made of parts that take
//! as few bits as their columns need.

use super::codes::with_codes;
use super::column_data::ColumnData;
use super::decimals::{BLANK, Decimals};
use super::order::{Blanks, OrderKey, RowOrder, Ties};
use super::sum::{FRACTION, split};
use super::{Row, Table};
use grid_model::SortDirection;

/// A number below two to the power of `bits` for each row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub bits: u32,
    column: usize,
    source: Source,
}

/// Some bits of a part's number: where they begin in it, and in an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digits {
    pub from: u32,
    pub count: u32,
    pub place: u32,
}

/// Where a number comes from; with `top` it falls from there.
#[derive(Clone, Copy, Debug)]
enum Source {
    Blank { last: bool },
    Rank { top: Option<u64> },
    Number { least: i64, top: Option<u64> },
    Flag { falls: bool },
    Wide { word: WideWord, least: i128, top: Option<u128> },
    UnitOf { unit: usize, last: u64 },
    Key { least: i64, top: Option<u64> },
}

/// Sixty-four bits of a decimal that is not compact.
#[derive(Clone, Copy, Debug)]
enum WideWord {
    Whole { shift: u32 },
    Fraction { shift: u32 },
}

/// The parts of an order, the most significant first. The ranks of its texts are whole.
pub(super) fn parts(order: RowOrder<'_>) -> Vec<Part> {
    let table = order.table;
    let mut parts = Vec::new();
    order.keys.iter().for_each(|key| add_key(&mut parts, table, *key));
    if order.ties != Ties::Load {
        let (least, top) = span(table.keys.iter().copied());
        let source = Source::Key { least, top: (order.ties == Ties::KeyFalling).then_some(top) };
        parts.push(Part { bits: bits_of(top), column: 0, source });
    }
    parts.retain(|part| part.bits > 0);
    parts
}

fn add_key(parts: &mut Vec<Part>, table: &Table, key: OrderKey) {
    let OrderKey { column, direction, blanks } = key;
    let data = &table.columns[column];
    let falls = direction == SortDirection::Descending;
    let mut add = |bits, source| parts.push(Part { bits, column, source });
    if data.has_blanks() {
        add(1, Source::Blank { last: blanks == Blanks::Last });
    }
    match data {
        ColumnData::Text(text) => {
            let top = text.dictionary.len() as u64 - 1;
            add(bits_of(top), Source::Rank { top: falls.then_some(top) });
        }
        ColumnData::Flag { .. } => add(1, Source::Flag { falls }),
        ColumnData::Instant(instants) => {
            let (least, top) = span(instants.iter().copied().filter(|instant| *instant != BLANK));
            add(bits_of(top), Source::Number { least, top: falls.then_some(top) });
        }
        ColumnData::Decimal { values, unit, .. } => {
            if let Some((unit, text)) = unit.and_then(|unit| Some((unit, table.text(unit)?))) {
                let last = text.dictionary.len() as u64;
                add(bits_of(last), Source::UnitOf { unit, last });
            }
            match values {
                Decimals::Compact(compact) => {
                    let (least, top) =
                        span(compact.mantissas.iter().copied().filter(|value| *value != BLANK));
                    add(bits_of(top), Source::Number { least, top: falls.then_some(top) });
                }
                Decimals::Wide { values, .. } => {
                    let wholes = values.iter().map(|value| split(*value).0);
                    let (least, most) =
                        wholes.fold((0, 0), |(least, most), whole| (whole.min(least), whole.max(most)));
                    let top = (most - least).cast_unsigned();
                    for (shift, top) in [(64, top >> 64), (0, top & u128::from(u64::MAX))] {
                        let bits = if shift == 0 && most.abs_diff(least) >> 64 > 0 {
                            64
                        } else {
                            bits_of(top as u64)
                        };
                        let top = falls.then_some((most - least).cast_unsigned());
                        add(bits, Source::Wide { word: WideWord::Whole { shift }, least, top });
                    }
                    let top = falls.then_some(FRACTION.cast_unsigned() - 1);
                    for (shift, bits) in [(64, 30), (0, 64)] {
                        add(bits, Source::Wide { word: WideWord::Fraction { shift }, least, top });
                    }
                }
            }
        }
    }
}

/// The least number, and how far the greatest is from it.
fn span(numbers: impl Iterator<Item = i64>) -> (i64, u64) {
    let ends =
        numbers.fold((i64::MAX, i64::MIN), |(least, most), number| (least.min(number), most.max(number)));
    if ends.0 > ends.1 { (0, 0) } else { (ends.0, ends.1.abs_diff(ends.0)) }
}

fn bits_of(top: u64) -> u32 {
    64 - top.leading_zeros()
}

impl Part {
    /// Puts bits of the part's number into each item. An item's low half is its row.
    pub(super) fn put(&self, table: &Table, bits: Digits, items: &mut [u64]) {
        let data = &table.columns[self.column];
        let falling = |number: u64, top: Option<u64>| top.map_or(number, |top| top - number);
        match (self.source, data) {
            (Source::Blank { last }, _) => {
                each(items, bits, |row| u64::from(data.is_blank(row) == last));
            }
            (Source::Rank { top }, ColumnData::Text(text)) => {
                let ranks = text.ranks.as_slice();
                with_codes!(&text.codes, codes => each(items, bits, |row| match codes[row] {
                    0 => 0,
                    code => falling(u64::from(ranks[code as usize]), top),
                }));
            }
            (Source::Number { least, top }, ColumnData::Instant(numbers)) => {
                each_number(items, bits, numbers, least, top);
            }
            (
                Source::Number { least, top },
                ColumnData::Decimal { values: Decimals::Compact(compact), .. },
            ) => each_number(items, bits, &compact.mantissas, least, top),
            (Source::Flag { falls }, ColumnData::Flag { flags, blanks }) => {
                each(items, bits, |row| u64::from(!blanks.get(row) && flags.get(row) != falls));
            }
            (
                Source::Wide { word, least, top },
                ColumnData::Decimal { values: Decimals::Wide { values, blanks }, .. },
            ) => each(items, bits, |row| {
                let (whole, fraction) = split(values[row]);
                let (number, by) = match word {
                    WideWord::Whole { shift } => ((whole - least).cast_unsigned(), shift),
                    WideWord::Fraction { shift } => (fraction.cast_unsigned(), shift),
                };
                let number = top.map_or(number, |top| top - number) >> by;
                if blanks.get(row) { 0 } else { number as u64 }
            }),
            (Source::UnitOf { unit, last }, _) => {
                let Some(text) = table.text(unit) else { return };
                let ranks = text.ranks.as_slice();
                with_codes!(&text.codes, codes => each(items, bits, |row| match codes[row] {
                    _ if data.is_blank(row) => 0,
                    0 => last,
                    code => u64::from(ranks[code as usize]),
                }));
            }
            (Source::Key { least, top }, _) => {
                let number = |row: usize| falling(table.keys[row].abs_diff(least), top);
                each(items, bits, number);
            }
            _ => {}
        }
    }
}

fn each_number(items: &mut [u64], bits: Digits, numbers: &[i64], least: i64, top: Option<u64>) {
    each(items, bits, |row| match (numbers[row], top) {
        (BLANK, _) => 0,
        (number, None) => number.abs_diff(least),
        (number, Some(top)) => top - number.abs_diff(least),
    });
}

fn each(items: &mut [u64], bits: Digits, number: impl Fn(usize) -> u64) {
    let mask = (1 << bits.count) - 1;
    for item in items {
        let row = *item as Row as usize;
        *item |= (number(row) >> bits.from & mask) << bits.place;
    }
}
