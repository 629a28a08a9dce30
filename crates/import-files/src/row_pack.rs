//! Rows in little room: the texts of their cells stand behind one another, for a cell of its own costs several times what
//! it says, and a month's file has millions.

use chrono::NaiveDateTime;

use crate::cell::{Cell, CellFault, Row};

/// The rows of a file, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowPack {
    blocks: Vec<Block>,
    len: usize,
}

/// So many bytes of text are in a block before the next one begins: nothing larger is ever moved as it grows.
const BLOCK: usize = 256 << 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Block {
    /// The place of its first row.
    first: usize,
    texts: String,
    cells: Vec<PackedCell>,
    rows: Vec<PackedRow>,
}

/// Where a cell's text ends; it begins where the one before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PackedCell {
    end: usize,
    kind: Kind,
}

/// Where a row's cells end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PackedRow {
    number: u64,
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Its width, a blank and its digits.
    Number,
    Moment,
    Error,
    NoResult,
    NoDate,
}

const MOMENT: &str = "%Y-%m-%dT%H:%M:%S%.f";

impl RowPack {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn push(&mut self, row: &Row) {
        if self.blocks.last().is_none_or(|block| block.texts.len() >= BLOCK) {
            if let Some(full) = self.blocks.last_mut() {
                full.texts.shrink_to_fit();
                full.cells.shrink_to_fit();
                full.rows.shrink_to_fit();
            }
            self.blocks.push(Block { first: self.len, ..Block::default() });
        }
        if let Some(block) = self.blocks.last_mut() {
            row.cells.iter().for_each(|cell| block.push(cell));
            block.rows.push(PackedRow { number: row.number, end: block.cells.len() });
            self.len += 1;
        }
    }

    pub fn get(&self, place: usize) -> Option<Row> {
        let block = self.blocks.partition_point(|block| block.first <= place).checked_sub(1)?;
        let block = self.blocks.get(block)?;
        block.row(place - block.first)
    }

    pub fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        self.blocks.iter().flat_map(|block| (0..block.rows.len()).filter_map(|place| block.row(place)))
    }
}

impl Block {
    fn push(&mut self, cell: &Cell) {
        let kind = match cell {
            Cell::Text(text) => {
                self.texts += text;
                Kind::Text
            }
            Cell::Number { digits, width } => {
                self.texts += &format!("{width} {digits}");
                Kind::Number
            }
            Cell::Moment(at) => {
                self.texts += &at.format(MOMENT).to_string();
                Kind::Moment
            }
            Cell::Fault(CellFault::Error(code)) => {
                self.texts += code;
                Kind::Error
            }
            Cell::Fault(CellFault::NoResult) => Kind::NoResult,
            Cell::Fault(CellFault::NoDate(digits)) => {
                self.texts += digits;
                Kind::NoDate
            }
        };
        self.cells.push(PackedCell { end: self.texts.len(), kind });
    }

    fn row(&self, place: usize) -> Option<Row> {
        let row = self.rows.get(place)?;
        let from =
            place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |before| before.end);
        let cells = (from..row.end).map(|place| self.cell(place)).collect::<Option<_>>()?;
        Some(Row { number: row.number, cells })
    }

    fn cell(&self, place: usize) -> Option<Cell> {
        let cell = self.cells.get(place)?;
        let from =
            place.checked_sub(1).and_then(|before| self.cells.get(before)).map_or(0, |before| before.end);
        let text = self.texts.get(from..cell.end)?;
        Some(match cell.kind {
            Kind::Text => Cell::Text(text.to_owned()),
            Kind::Number => {
                let (width, digits) = text.split_once(' ')?;
                Cell::Number { digits: digits.to_owned(), width: width.parse().ok()? }
            }
            Kind::Moment => Cell::Moment(NaiveDateTime::parse_from_str(text, MOMENT).ok()?),
            Kind::Error => Cell::Fault(CellFault::Error(text.to_owned())),
            Kind::NoResult => Cell::Fault(CellFault::NoResult),
            Kind::NoDate => Cell::Fault(CellFault::NoDate(text.to_owned())),
        })
    }
}

impl FromIterator<Row> for RowPack {
    fn from_iter<Rows: IntoIterator<Item = Row>>(rows: Rows) -> Self {
        let mut pack = Self::default();
        rows.into_iter().for_each(|row| pack.push(&row));
        pack
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = Cell> {
        let moment = (0..4_000_i64, 0..86_400_000_000_i64).prop_map(|(day, microsecond)| {
            let day = NaiveDate::default() + chrono::TimeDelta::days(day + 10_000);
            Cell::Moment(day.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::microseconds(microsecond))
        });
        prop_oneof![
            ".{0,12}".prop_map(Cell::Text),
            ("-?[0-9]{1,20}(E[0-9])?", 0..20_usize)
                .prop_map(|(digits, width)| Cell::Number { digits, width }),
            moment,
            "#[A-Z/0]{0,5}".prop_map(|code| Cell::Fault(CellFault::Error(code))),
            Just(Cell::Fault(CellFault::NoResult)),
            "-?[0-9.]{0,9}".prop_map(|digits| Cell::Fault(CellFault::NoDate(digits))),
        ]
    }

    proptest! {
        #[test]
        fn rows_come_out_as_they_went_in(cells in prop::collection::vec(prop::collection::vec(cell(), 0..6), 0..40)) {
            let rows: Vec<Row> =
                cells.into_iter().zip(2..).map(|(cells, number)| Row { number, cells }).collect();
            let pack: RowPack = rows.iter().cloned().collect();
            prop_assert_eq!(pack.len(), rows.len());
            prop_assert_eq!(pack.iter().collect::<Vec<_>>(), rows.clone());
            for (place, row) in rows.iter().enumerate() {
                prop_assert_eq!(pack.get(place), Some(row.clone()));
            }
            prop_assert_eq!(pack.get(rows.len()), None);
        }
    }

    #[test]
    fn rows_of_many_blocks_are_found_by_their_place() {
        let row = |number: u64| Row {
            number,
            cells: vec![Cell::Text(format!("{number}").repeat(9_000)), Cell::Text(String::new())],
        };
        let pack: RowPack = (0..100).map(row).collect();
        assert!(pack.blocks.len() > 3, "{}", pack.blocks.len());
        assert!((0..100).all(|place| pack.get(place) == Some(row(place as u64))));
        assert!(pack.iter().eq((0..100).map(row)));
    }
}
