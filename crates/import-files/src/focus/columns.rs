//! Which column stands where.

use crate::event_number::is_measure;
use crate::failed_rows::REASON_COLUMN;
use rest_contract::is_blank;
use std::fmt;

/// Columns that every row needs a value of.
const NEEDED: [&str; 5] =
    ["BilledCost", "BillingCurrency", "ChargeCategory", "ChargePeriodEnd", "ChargePeriodStart"];

/// Columns that some versions or providers leave out, or leave empty where the charge is no usage.
const OPTIONAL: [&str; 12] = [
    "ChargeDescription",
    "ConsumedQuantity",
    "ConsumedUnit",
    "Id",
    "ListCost",
    "PricingCurrency",
    "PricingQuantity",
    "PricingUnit",
    "ResourceId",
    "ServiceName",
    "SkuId",
    "SkuPriceId",
];

/// Why a header is not that of a FOCUS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnFault {
    Missing(&'static str),
    /// Which of two columns is meant nobody can tell. The places count from 1.
    Doubled {
        name: String,
        places: Vec<usize>,
    },
}

impl fmt::Display for ColumnFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => {
                write!(out, "the file has no column {name:?}; is it a FOCUS file (1.0 to 1.3)?")
            }
            Self::Doubled { name, places } => {
                let places: Vec<_> = places.iter().map(usize::to_string).collect();
                write!(
                    out,
                    "the file has the column {name:?} more than once, as columns {}",
                    places.join(" and ")
                )
            }
        }
    }
}

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Text,
    Number,
    Moment,
}

/// The places of a file's columns.
#[derive(Clone, Debug)]
pub struct FocusColumns {
    known: Vec<(&'static str, usize)>,
    /// All names in alphabetical order, so that the order of a file's columns tells nothing apart; and whether the
    /// column holds a measure.
    all: Vec<(String, usize, bool)>,
}

impl FocusColumns {
    /// # Errors
    /// If a column that every row needs is missing, or any column stands there twice.
    pub fn of<'a>(headers: impl Iterator<Item = &'a str>) -> Result<Self, ColumnFault> {
        let mut all: Vec<(String, usize, bool)> = headers
            .enumerate()
            .map(|(place, name)| (name.trim().to_owned(), place, is_measure(name)))
            .filter(|(name, ..)| !name.is_empty() && name != REASON_COLUMN)
            .collect();
        all.sort();
        if let Some(pair) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = pair[0].0.clone();
            let places = all.iter().filter(|(one, ..)| *one == name).map(|(_, place, _)| place + 1).collect();
            return Err(ColumnFault::Doubled { name, places });
        }
        let place = |name: &'static str| {
            all.binary_search_by(|(one, ..)| one.as_str().cmp(name))
                .ok()
                .and_then(|at| all.get(at))
                .map(|(_, place, _)| (name, *place))
        };
        let mut known = Vec::new();
        for name in NEEDED {
            known.push(place(name).ok_or(ColumnFault::Missing(name))?);
        }
        known.extend(OPTIONAL.into_iter().filter_map(place));
        Ok(Self { known, all })
    }

    /// Whether the file numbers its rows.
    pub(crate) fn has_numbers(&self) -> bool {
        self.known.iter().any(|(name, _)| *name == "Id")
    }

    /// A cell's text; `NULL` as a word is how some files say that there is none.
    pub(super) fn text<'a>(&self, cells: &[&'a str], name: &str) -> Option<&'a str> {
        let (_, place) = self.known.iter().find(|(one, _)| *one == name)?;
        text(cells.get(*place)?)
    }

    /// Every cell with a text and its column's name, in the order of the names.
    pub(super) fn content<'a>(&self, cells: &[&'a str]) -> impl Iterator<Item = (&str, &'a str)> {
        self.all.iter().filter_map(|(name, place, _)| Some((name.as_str(), text(cells.get(*place)?)?)))
    }

    /// The same of the cells that identify the row.
    pub(super) fn identity<'a>(&'a self, cells: &[&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let columns = self.all.iter().filter(|(_, _, is_measure)| !is_measure);
        columns.filter_map(|(name, place, _)| Some((name.as_str(), text(cells.get(*place)?)?)))
    }

    /// The column at a place, from 0, where rows are read by it: its name, and what it holds.
    pub(crate) fn used_at(&self, place: usize) -> Option<(&'static str, Holds)> {
        let (name, _) = self.known.iter().find(|(_, at)| *at == place)?;
        let holds = match *name {
            "ChargePeriodEnd" | "ChargePeriodStart" => Holds::Moment,
            name if is_measure(name) => Holds::Number,
            _ => Holds::Text,
        };
        Some((name, holds))
    }
}

fn text(cell: &str) -> Option<&str> {
    Some(cell.trim()).filter(|text| !is_blank(text) && !text.eq_ignore_ascii_case("null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd";

    fn check(header: &str, expected: Result<(), &str>) {
        let found = FocusColumns::of(header.split(',')).map(|_| ()).map_err(|fault| fault.to_string());
        assert_eq!(found.as_ref().map_err(String::as_str).copied(), expected, "{header}");
    }

    #[test]
    fn a_header_is_one_or_says_what_is_wrong() {
        check(LEAST, Ok(()));
        check(&format!("{LEAST},x_Own,Tags"), Ok(()));
        check(
            "BilledCost,BillingCurrency",
            Err("the file has no column \"ChargeCategory\"; is it a FOCUS file (1.0 to 1.3)?"),
        );
        check(
            &format!("{LEAST},Tags,BilledCost"),
            Err("the file has the column \"BilledCost\" more than once, as columns 1 and 7"),
        );
        check(
            &format!("{LEAST},x_a,x_a,x_a"),
            Err("the file has the column \"x_a\" more than once, as columns 6 and 7 and 8"),
        );
        check(&format!("{LEAST},,"), Ok(()));
        check("billedcost", Err("the file has no column \"BilledCost\"; is it a FOCUS file (1.0 to 1.3)?"));
    }

    #[test]
    fn a_place_has_its_column_where_rows_are_read_by_it() {
        let columns = FocusColumns::of(format!("{LEAST},,Tags").split(',')).expect("a header");
        let found = [0, 2, 4, 5, 6, 7].map(|place| columns.used_at(place));
        let expected = [
            Some(("BilledCost", Holds::Number)),
            Some(("ChargeCategory", Holds::Text)),
            Some(("ChargePeriodEnd", Holds::Moment)),
            None,
            None,
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_row_is_identified_by_all_but_its_measures() {
        let identity = |header: &str, row: &str| {
            let columns = FocusColumns::of(header.split(',')).expect("a header");
            let cells: Vec<_> = row.split(',').collect();
            columns.identity(&cells).map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>()
        };
        let first = identity(&format!("{LEAST},Tags"), "1,EUR,Usage,a,b,x");
        assert_eq!(
            first,
            [
                "BillingCurrency=EUR",
                "ChargeCategory=Usage",
                "ChargePeriodEnd=b",
                "ChargePeriodStart=a",
                "Tags=x"
            ]
        );
        // The order of columns, a column without values, a word for none and another amount change nothing.
        let other =
            "Tags,x_new,ChargePeriodEnd,ChargePeriodStart,ChargeCategory,BillingCurrency,BilledCost,ListCost";
        assert_eq!(identity(other, "x,NULL,b,a,Usage,EUR,2,3"), first);
        assert_ne!(identity(other, ",x,b,a,Usage,EUR,1,"), first);
    }
}
