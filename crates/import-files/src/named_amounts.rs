//! Amounts of several currencies in one cell, as the lists of this console write them: `2.00 USD, 3.00 EUR`.

use std::collections::BTreeMap;

use rest_contract::read_decimal;
use rust_decimal::Decimal;

use crate::event_row::is_currency_code;

/// The amounts of a cell that names the currency of each, in machine notation; nothing where it is no such list.
pub(crate) fn named_amounts(text: &str) -> Option<BTreeMap<String, Decimal>> {
    let mut amounts = BTreeMap::new();
    for part in text.split(", ") {
        let (digits, currency) = part.trim().split_once(' ')?;
        let currency = match currency {
            "without currency" => "",
            code => Some(code).filter(|code| is_currency_code(code))?,
        };
        let before = amounts.insert(currency.to_owned(), read_decimal(digits).ok()?);
        if before.is_some() {
            return None;
        }
    }
    Some(amounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_in_which_each_amount_has_its_own_currency_is_one() {
        let read = |text: &str| {
            let told = |amounts: BTreeMap<String, Decimal>| {
                amounts.iter().map(|(currency, amount)| format!("{currency}={amount}")).collect::<Vec<_>>()
            };
            named_amounts(text).map(told)
        };
        assert_eq!(read("2.00 USD, -3.050 EUR").unwrap(), ["EUR=-3.050", "USD=2.00"]);
        assert_eq!(read("1 without currency").unwrap(), ["=1"]);
        for other in
            ["", "2.00", "2,00 USD", "USD 2.00", "2.00 usd", "not known EUR", "1 EUR, 2 EUR", "1 EUR,"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
