//! The arithmetic of rating, exact and pure: a quantity over the tiers of a rate, less what an allowance
//! covers.
//!
//! Amounts are rounded half away from zero to the decimals of the currency, once for each charge: the
//! extended amount, and the part of it that the allowance covers. Billed = extended - allowance, so it
//! is never rounded itself, and never negative for a positive quantity.
//!
//! The vendor's rater is not public, so this arithmetic is the project's own: the demo server rates by
//! it, and the console estimates by it.

use crate::exact_number::{exact_difference, exact_product};
use rust_decimal::{Decimal, RoundingStrategy};

/// More decimals than this a converted quantity does not keep; it is rounded as amounts are.
const QUANTITY_DECIMALS: u32 = 6;

/// A reported quantity in the unit that is priced. Nothing where it has more digits than can be kept.
pub fn converted(quantity: Decimal, conversion: Decimal) -> Option<Decimal> {
    rounded_product(quantity, conversion, QUANTITY_DECIMALS)
}

/// The product, rounded once. One that cannot be kept with all its digits has been rounded already: there is
/// none where that may decide what the second rounding makes of it.
fn rounded_product(one: Decimal, another: Decimal, decimals: u32) -> Option<Decimal> {
    let rounded = |product: Decimal, half| product.round_dp_with_strategy(decimals, half);
    let product = one.checked_mul(another)?;
    let up = rounded(product, RoundingStrategy::MidpointAwayFromZero);
    let is_plain = exact_product(one, another).is_some()
        // Smaller than anything that can be kept is nought.
        || product.is_zero()
        || (product.scale() > decimals && rounded(product, RoundingStrategy::MidpointTowardZero) == up);
    is_plain.then_some(up)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Each unit costs what its tier says.
    Tier,
    /// All units cost what the last tier reached says.
    Volume,
}

#[derive(Clone, Debug)]
pub struct Tier {
    pub name: String,
    /// The quantity above which the tier begins; zero for the first one.
    pub above: Decimal,
    pub unit_price: Decimal,
}

/// What one charge says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    pub name: String,
    pub quantity: Decimal,
    pub extended: Decimal,
    /// How much of the quantity the allowance covered.
    pub covered: Decimal,
    pub allowance: Decimal,
}

impl Priced {
    pub fn billed(&self) -> Decimal {
        self.extended - self.allowance
    }
}

/// The charges of a quantity. A correction (a negative quantity) costs what the quantity would have
/// cost, negated, and uses no allowance. Nothing where an amount has more digits than can be kept.
pub fn price(
    model: Model,
    tiers: &[Tier],
    quantity: Decimal,
    allowance: Decimal,
    decimals: u32,
) -> Option<Vec<Priced>> {
    let size = quantity.abs();
    let mut left = if quantity.is_sign_negative() { Decimal::ZERO } else { allowance.max(Decimal::ZERO) };
    let mut charges = Vec::new();
    for (tier, part) in parts(model, tiers, size)? {
        let covered = left.min(part);
        left = exact_difference(left, covered)?;
        let mut extended = amount(part, tier.unit_price, decimals)?;
        let mut in_tier = part;
        if quantity.is_sign_negative() && !quantity.is_zero() {
            (extended, in_tier) = (negated(extended), negated(in_tier));
        }
        charges.push(Priced {
            name: tier.name.clone(),
            quantity: in_tier,
            extended,
            covered,
            allowance: amount(covered, tier.unit_price, decimals)?,
        });
    }
    Some(charges)
}

/// The tiers that a quantity reaches, with the part of it that each prices. Nothing where a part has more
/// digits than can be kept.
fn parts(model: Model, tiers: &[Tier], size: Decimal) -> Option<Vec<(&Tier, Decimal)>> {
    let reached = tiers.iter().enumerate().filter(|(index, tier)| *index == 0 || size > tier.above);
    let reached = reached.map(|(_, tier)| tier).collect::<Vec<_>>();
    match model {
        Model::Volume => Some(reached.last().map(|tier| (*tier, size)).into_iter().collect()),
        Model::Tier => {
            let ends = reached.iter().skip(1).map(|tier| tier.above).chain([size]);
            let parts = reached.iter().zip(ends);
            parts.map(|(tier, end)| Some((*tier, exact_difference(end, tier.above)?))).collect()
        }
    }
}

fn amount(quantity: Decimal, unit_price: Decimal, decimals: u32) -> Option<Decimal> {
    let mut rounded = rounded_product(quantity, unit_price, decimals)?;
    rounded.rescale(decimals);
    // A number with too many digits keeps fewer decimals than asked for.
    (rounded.scale() == decimals).then_some(rounded)
}

/// The number with its sign turned; zero has none.
pub fn negated(number: Decimal) -> Decimal {
    if number.is_zero() { number.abs() } else { -number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tiers() -> Vec<Tier> {
        let tier = |name: &str, above, cents| Tier {
            name: name.to_owned(),
            above: Decimal::from(above),
            unit_price: Decimal::new(cents, 3),
        };
        vec![tier("a", 0, 1_000), tier("b", 300, 500), tier("c", 1_000, 25)]
    }

    fn check(model: Model, quantity: &str, allowance: i64, expected: &str) {
        let priced = price(model, &tiers(), quantity.parse().unwrap(), allowance.into(), 2).unwrap();
        let shown = priced
            .iter()
            .map(|one| {
                format!("{} {} {} {} {}", one.name, one.quantity, one.extended, one.allowance, one.billed())
            })
            .collect::<Vec<_>>()
            .join(", ");
        assert_eq!(shown, expected, "{model:?} {quantity} {allowance}");
    }

    #[test]
    fn each_unit_costs_what_its_tier_says() {
        check(Model::Tier, "300", 0, "a 300 300.00 0.00 300.00");
        check(Model::Tier, "300.01", 0, "a 300 300.00 0.00 300.00, b 0.01 0.01 0.00 0.01");
        check(
            Model::Tier,
            "1500",
            0,
            "a 300 300.00 0.00 300.00, b 700 350.00 0.00 350.00, c 500 12.50 0.00 12.50",
        );
        check(Model::Tier, "0", 5, "a 0 0.00 0.00 0.00");
    }

    #[test]
    fn all_units_cost_what_the_last_tier_says() {
        check(Model::Volume, "300", 0, "a 300 300.00 0.00 300.00");
        check(Model::Volume, "301", 0, "b 301 150.50 0.00 150.50");
        check(Model::Volume, "2000", 0, "c 2000 50.00 0.00 50.00");
    }

    #[test]
    fn an_allowance_covers_the_first_units() {
        check(Model::Tier, "400", 350, "a 300 300.00 300.00 0.00, b 100 50.00 25.00 25.00");
        check(Model::Volume, "400", 350, "b 400 200.00 175.00 25.00");
        check(Model::Tier, "10", -5, "a 10 10.00 0.00 10.00");
    }

    #[test]
    fn halves_are_rounded_up_and_corrections_mirror_it() {
        check(Model::Tier, "0.125", 0, "a 0.125 0.13 0.00 0.13");
        check(Model::Tier, "-0.125", 7, "a -0.125 -0.13 0.00 -0.13");
        check(Model::Tier, "-400", 0, "a -300 -300.00 0.00 -300.00, b -100 -50.00 0.00 -50.00");
    }

    #[test]
    fn converted_quantities_are_rounded_half_up() {
        let shown = |reported: &str, rate: &str| {
            converted(reported.parse().unwrap(), rate.parse().unwrap()).map(|one| one.to_string())
        };
        assert_eq!(shown("1.0000005", "1").unwrap(), "1.000001");
        assert_eq!(shown("-1.0000005", "1").unwrap(), "-1.000001");
        assert_eq!(shown("60", "0.016667").unwrap(), "1.000020");
        assert_eq!(shown("79228162514264337593543950335", "2"), None);
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        assert_eq!(price(Model::Volume, &tiers(), Decimal::MAX, Decimal::ZERO, 2), None);
        // The last tier would price 79228162514264337593543950034.5, which has a digit too many.
        let mut halves = tiers();
        halves[1].above = Decimal::new(3_005, 1);
        halves.pop();
        halves[1].unit_price = Decimal::ZERO;
        assert_eq!(price(Model::Tier, &halves, Decimal::MAX, Decimal::ZERO, 2), None);
    }

    #[test]
    fn a_product_is_rounded_once_or_not_at_all() {
        let check = |one: &str, another: &str, expected: Option<&str>| {
            let found = rounded_product(one.parse().unwrap(), another.parse().unwrap(), 2);
            assert_eq!(found.map(|one| one.to_string()).as_deref(), expected, "{one} x {another}");
        };
        // 0.00499...9, of which 28 places would be half a cent.
        check("0.0049999999999999999999999999", "0.9999999999999999999999999999", Some("0.00"));
        check("0.0099999999999999999999999999", "0.5000000000000000000000000049", None);
        check("0.0133333333333333333333333333", "0.5000000000000000000000000000", Some("0.01"));
        check("0.0000000000000000000000000001", "0.5", Some("0.00"));
        // 28 digits before the point leave no room for those behind it.
        check("1234567890123456789012345678", "1.2345", None);
        check("1234567890123456789012345678", "1.2", Some("1481481468148148146814814813.6"));
        check("-0.125", "1", Some("-0.13"));
    }

    proptest! {
        #[test]
        fn quantities_add_up_and_nothing_is_billed_below_zero(
            mantissa in 0_i64..10_000_000_000, scale in 0_u32..7, allowance in 0_i64..5_000, volume: bool,
        ) {
            let quantity = Decimal::new(mantissa, scale);
            let model = if volume { Model::Volume } else { Model::Tier };
            let priced = price(model, &tiers(), quantity, allowance.into(), 2).unwrap();
            prop_assert_eq!(priced.iter().map(|one| one.quantity).sum::<Decimal>(), quantity);
            prop_assert_eq!(
                priced.iter().map(|one| one.covered).sum::<Decimal>(), quantity.min(allowance.into())
            );
            prop_assert!(priced.iter().all(|one| one.billed() >= Decimal::ZERO && one.billed().scale() == 2));
            let mirrored = price(model, &tiers(), -quantity, Decimal::ZERO, 2).unwrap();
            let free = price(model, &tiers(), quantity, Decimal::ZERO, 2).unwrap();
            let sum = |all: &[Priced]| all.iter().map(Priced::billed).sum::<Decimal>();
            prop_assert_eq!(sum(&mirrored), -sum(&free));
        }
    }
}
