//! The number of an event whose file gives it none.
//!
//! **The rule.** The number follows from what *identifies* the row: every cell with its column's name, but for the
//! measures (amounts, quantities, prices, rates). Rows of one file that are alike in all that are told apart by a
//! counter in the file's order: the first has the number alone, the next ones have `-2`, `-3` behind it. So
//! - the same file once more has the same numbers: nothing is new;
//! - a delivery with corrected amounts has the numbers of the first one: those rows are changed, not added again;
//! - two true rows that are equal are two events, and a third one in a later file is the only new one.
//!
//! What it cannot tell: a second delivery that is meant *in addition*, and alike in all but its measures. Its rows
//! are told as loaded already, and never replace anything unasked.

use std::collections::BTreeMap;

/// Gives the rows of one file their numbers.
#[derive(Debug, Default)]
pub struct RowNumbers(BTreeMap<u128, u32>);

impl RowNumbers {
    /// The number of the next row. `content` is the name and the text of each cell that identifies it, in the order
    /// of the names, so that the order of a file's columns tells nothing apart.
    pub(crate) fn next<'a>(
        &mut self,
        prefix: &str,
        content: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let content = hash(content.flat_map(|(name, text)| [name, text]));
        let seen = self.0.entry(content).or_default();
        *seen = seen.saturating_add(1);
        match *seen {
            1 => format!("{prefix}-{content:032x}"),
            more => format!("{prefix}-{content:032x}-{more}"),
        }
    }
}

/// Words that a column of a measure ends in.
const MEASURES: [&str; 20] = [
    "amount",
    "amounts",
    "cost",
    "costs",
    "credits",
    "discount",
    "discounts",
    "fee",
    "price",
    "prices",
    "qty",
    "quantity",
    "rate",
    "sum",
    "tax",
    "total",
    "usage",
    "value",
    "vat",
    "volume",
];

/// Whether a column's name says that it holds a measure: `BilledCost`, `unit price`, `x_EffectiveCostInUsd`.
pub fn is_measure(header: &str) -> bool {
    let words = words(header);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = match words.as_slice() {
        // The currency of an amount.
        [before @ .., "in", _] => before,
        all => all,
    };
    words.last().is_some_and(|last| MEASURES.contains(last))
}

/// The words of a name, in small letters: parted by signs, and by capitals as in `BilledCost`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The 128-bit FNV-1a hash of texts, each with its length. It is no seal: a row that is made to look
/// like another one only refuses itself.
pub(crate) fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> u128 {
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

    #[test]
    fn measures_are_known_by_the_last_word_of_a_columns_name() {
        for name in [
            "BilledCost",
            "amount",
            "Unit price",
            "x_EffectiveCostInUsd",
            "PricingQuantity",
            "x_BillingExchangeRate",
        ] {
            assert!(is_measure(name), "{name}");
        }
        for name in
            ["CostCenter", "x_CostCategories", "ChargeCategory", "Account", "PricingUnit", "", "SkuPriceId"]
        {
            assert!(!is_measure(name), "{name}");
        }
    }

    #[test]
    fn a_number_follows_from_what_identifies_the_row() {
        let mut numbers = RowNumbers::default();
        let mut next =
            |account, product| numbers.next("ROW", [("Account", account), ("Product", product)].into_iter());
        let first = next("a", "P");
        assert_eq!(next("a", "P"), format!("{first}-2"));
        assert_eq!(next("a", "P"), format!("{first}-3"));
        assert_ne!(next("aP", ""), first);
        // A file that is loaded again next year must find these numbers.
        assert_eq!(first, "ROW-e5a037dc72444b5d8fa3b6c4fcdcad92");
    }
}
