//! The number of an event whose file gives it none: derived from all that the row says, so that the same file
//! twice is noticed.

use super::columns::FocusColumns;
use std::collections::HashMap;

/// Rows of one file that say the same in every cell. Each is an event of its own: the first has the number that
/// follows from what it says, the next ones the same with `-2`, `-3`.
#[derive(Debug, Default)]
pub struct Twins(HashMap<u128, u32>);

impl Twins {
    pub(super) fn number(&mut self, columns: &FocusColumns, cells: &[&str]) -> String {
        let content = hash(columns.content(cells).flat_map(|(name, text)| [name, text]));
        let seen = self.0.entry(content).or_default();
        *seen = seen.saturating_add(1);
        match *seen {
            1 => format!("FOCUS-{content:032x}"),
            more => format!("FOCUS-{content:032x}-{more}"),
        }
    }
}

/// The 128-bit FNV-1a hash of texts, each with its length. It is no seal: a row that is made to look
/// like another one only refuses itself.
pub(super) fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> u128 {
    let add = |hash: u128, bytes: &[u8]| {
        bytes.iter().fold(hash, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
    };
    texts.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, text| {
        add(add(hash, &text.len().to_le_bytes()), text.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,Tags";

    fn numbers(header: &str, rows: &[&str]) -> Vec<String> {
        let columns = FocusColumns::of(header.split(',')).expect("a header");
        let mut twins = Twins::default();
        rows.iter().map(|row| twins.number(&columns, &row.split(',').collect::<Vec<_>>())).collect()
    }

    #[test]
    fn a_number_follows_from_what_the_row_says_and_from_nothing_else() {
        let first = numbers(HEADER, &["1,EUR,Usage,a,b,", "1,EUR,Usage,a,b,", "1,EUR,Usage,a,b,x"]);
        assert_eq!(first[1], format!("{}-2", first[0]));
        assert_ne!(first[2], first[0]);
        // A file that is loaded again next year must find these numbers.
        assert_eq!(first[0], "FOCUS-6dd2238e7790c33cda5dedd8c3ec3ca2");
        // The order of columns, a column without values and a word for none change nothing.
        let other = "Tags,x_new,ChargePeriodEnd,ChargePeriodStart,ChargeCategory,BillingCurrency,BilledCost";
        assert_eq!(numbers(other, &["NULL,,b,a,Usage,EUR,1"]), [first[0].clone()]);
        // What stands in another column is another row.
        assert_ne!(numbers(other, &[",x,b,a,Usage,EUR,1"]), [first[2].clone()]);
    }
}
