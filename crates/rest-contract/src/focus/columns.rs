//! Which column stands where.

use crate::blank_text::is_blank;
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

/// The places of a file's columns.
#[derive(Clone, Debug)]
pub struct FocusColumns {
    known: Vec<(&'static str, usize)>,
    /// All names in alphabetical order, so that the order of a file's columns tells nothing apart.
    all: Vec<(String, usize)>,
}

impl FocusColumns {
    /// # Errors
    /// If a column that every row needs is missing, or any column stands there twice.
    pub fn of<'a>(headers: impl Iterator<Item = &'a str>) -> Result<Self, ColumnFault> {
        let mut all: Vec<(String, usize)> = headers
            .enumerate()
            .map(|(place, name)| (name.trim_start_matches('\u{feff}').trim().to_owned(), place))
            .filter(|(name, _)| !name.is_empty())
            .collect();
        all.sort();
        if let Some(pair) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let name = pair[0].0.clone();
            let places = all.iter().filter(|(one, _)| *one == name).map(|(_, place)| place + 1).collect();
            return Err(ColumnFault::Doubled { name, places });
        }
        let place = |name: &'static str| {
            all.binary_search_by(|(one, _)| one.as_str().cmp(name))
                .ok()
                .and_then(|at| all.get(at))
                .map(|(_, place)| (name, *place))
        };
        let mut known = Vec::new();
        for name in NEEDED {
            known.push(place(name).ok_or(ColumnFault::Missing(name))?);
        }
        known.extend(OPTIONAL.into_iter().filter_map(place));
        Ok(Self { known, all })
    }

    /// A cell's text; `NULL` as a word is how some files say that there is none.
    pub(super) fn text<'a>(&self, cells: &[&'a str], name: &str) -> Option<&'a str> {
        let (_, place) = self.known.iter().find(|(one, _)| *one == name)?;
        text(cells.get(*place)?)
    }

    /// Every cell with a text and its column's name, in the order of the names; the file's own number
    /// of the row is no part of what the row says.
    pub(super) fn content<'a>(&self, cells: &[&'a str]) -> impl Iterator<Item = (&str, &'a str)> {
        self.all.iter().filter_map(|(name, place)| Some((name.as_str(), text(cells.get(*place)?)?)))
    }

    /// The name of the column at a place, from 0.
    pub fn name_at(&self, place: usize) -> &str {
        self.all.iter().find(|(_, at)| *at == place).map_or("", |(name, _)| name)
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
        check(&format!("\u{feff}{LEAST},x_Own,Tags"), Ok(()));
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
    fn a_place_has_its_columns_name() {
        let columns = FocusColumns::of(format!("{LEAST},,Tags").split(',')).expect("a header");
        let names = [0, 4, 5, 6, 7].map(|place| columns.name_at(place));
        assert_eq!(names, ["BilledCost", "ChargePeriodEnd", "", "Tags", ""]);
    }
}
