//! Whether an amount is far outside of what is usual in its batch: more than ten times the median of the
//! batch's known amounts in its currency. A slip of a unit or of a decimal point makes an amount hundreds of
//! times too large; what is ten times as large may still be true, so it is only pointed at.
//!
//! Amounts count by their size, without their sign, and those that are nothing not at all: in a batch of which
//! an allowance covers most, any amount would be far outside. Of fewer than [`FEWEST`] amounts nothing is said.

use crate::ExactSum;
use std::collections::BTreeMap;

/// More than so many times the median is far outside.
pub const TIMES: u32 = 10;
/// Fewer known amounts tell nothing of what is usual.
pub const FEWEST: usize = 5;

/// The known amounts of batches; amounts are added in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UsualAmounts {
    /// By batch and currency.
    amounts: BTreeMap<(String, String), Vec<ExactSum>>,
}

/// What is usual in a batch and a currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    pub median: ExactSum,
    /// Of so many amounts.
    pub of: usize,
}

impl UsualAmounts {
    /// Takes in what an event of a batch is known to come to.
    pub fn add(&mut self, batch: &str, currency: &str, amount: ExactSum) {
        if !amount.is_zero() && amount.left_out() == 0 && amount.text().is_some() {
            self.amounts.entry((batch.to_owned(), currency.to_owned())).or_default().push(amount);
        }
    }

    /// What is usual, where enough is known.
    pub fn usual(&self) -> BTreeMap<(String, String), Usual> {
        let known = self.amounts.iter().filter(|(_, amounts)| amounts.len() >= FEWEST);
        known.filter_map(|(key, amounts)| Some((key.clone(), usual_of(amounts)?))).collect()
    }
}

fn usual_of(amounts: &[ExactSum]) -> Option<Usual> {
    let mut sorted: Vec<ExactSum> = amounts.iter().map(|amount| amount.size()).collect();
    sorted.sort_by(ExactSum::compare_sizes);
    let (low, high) = (sorted.get((sorted.len() - 1) / 2)?, sorted.get(sorted.len() / 2)?);
    let mut both = *low;
    both.merge(high);
    Some(Usual { median: both.half(), of: sorted.len() })
}

impl Usual {
    /// Whether an amount is far outside. One that cannot be told is not.
    pub fn is_far_outside(&self, amount: &ExactSum) -> bool {
        let most = self.median.times(TIMES);
        let is_known = |sum: &ExactSum| sum.text().is_some() && sum.left_out() == 0;
        is_known(&most) && is_known(amount) && amount.compare_sizes(&most).is_gt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn sum(text: &str) -> ExactSum {
        let mut sum = ExactSum::default();
        sum.add(text.parse::<Decimal>().unwrap());
        sum
    }

    fn usual(amounts: &[&str]) -> Option<Usual> {
        let mut all = UsualAmounts::default();
        amounts.iter().for_each(|amount| all.add("B", "EUR", sum(amount)));
        all.usual().remove(&("B".to_owned(), "EUR".to_owned()))
    }

    #[test]
    fn the_median_is_exact_and_leaves_out_what_is_nothing() {
        let told = |amounts: &[&str]| usual(amounts).map(|usual| (usual.median.text().unwrap(), usual.of));
        assert_eq!(told(&["3", "1", "2", "-5", "4"]), Some(("3".to_owned(), 5)));
        assert_eq!(told(&["1", "2", "0.03", "2.005", "7", "9"]), Some(("2.0025".to_owned(), 6)));
        assert_eq!(told(&["1", "2", "3", "4", "0.00", "0"]), None);
    }

    #[test]
    fn more_than_ten_times_the_median_is_far_outside() {
        let usual = usual(&["0.01", "0.02", "0.03", "0.04", "0.05"]).unwrap();
        let is_far = |text: &str| usual.is_far_outside(&sum(text));
        assert_eq!(
            ["0.30", "0.31", "-0.300001", "0", "3301.75"].map(is_far),
            [false, true, true, false, true]
        );
        let mut unknown = sum("99");
        unknown.leave_out();
        assert!(!usual.is_far_outside(&unknown));
    }

    #[test]
    fn each_batch_and_currency_has_its_own() {
        let mut all = UsualAmounts::default();
        for amount in ["1", "2", "3", "4", "5"] {
            all.add("A", "EUR", sum(amount));
            all.add("A", "JPY", sum(&format!("{amount}00")));
        }
        let usual = all.usual();
        let told: Vec<_> = usual
            .iter()
            .map(|((batch, currency), one)| format!("{batch} {currency} {}", one.median.text().unwrap()))
            .collect();
        assert_eq!(told, ["A EUR 3", "A JPY 300"]);
    }
}
