//! What a figure says of the events that its link leads to. The list holds it against what is there by then.

use super::AddressQuery;
use rest_contract::ExactSum;
use rest_contract::oracle::charged_amounts::Amounts;

#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub events: usize,
    /// What they are billed; nothing where that was not added up, or not exactly.
    pub billed: Option<Amounts>,
    /// By the server's clock, in seconds since 1970.
    pub as_of: i64,
}

impl Counted {
    pub const NAME: &str = "counted";

    pub fn read(query: &AddressQuery) -> Option<Self> {
        let text = query.text(Self::NAME);
        let mut parts = text.split('@');
        let (events, as_of) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let amount = |text: &str| {
            let (digits, currency) = text.split_once(' ')?;
            let sum = ExactSum::of(digits, 0);
            sum.text().map(|_| (currency.to_owned(), sum))
        };
        let billed = parts.next().and_then(|text| text.split(',').map(amount).collect());
        Some(Self { events, billed, as_of })
    }

    /// As it stands in an address: `6@1793613600@126.00 EUR,900 JPY`.
    pub fn write(&self) -> String {
        let amount = |(currency, sum): (&String, &ExactSum)| {
            let is_plain = sum.left_out() == 0 && !currency.contains([',', '@']);
            sum.text().filter(|_| is_plain).map(|digits| format!("{digits} {currency}"))
        };
        let amounts = self.billed.iter().flatten().map(amount).collect::<Option<Vec<_>>>();
        let amounts = amounts.filter(|all| !all.is_empty()).map(|all| format!("@{}", all.join(",")));
        format!("{}@{}{}", self.events, self.as_of, amounts.unwrap_or_default())
    }

    /// Whether so many events, billed so much where that is known, are not what was counted.
    pub fn differs(&self, events: usize, billed: Option<&Amounts>) -> bool {
        let is_other = |then: &Amounts, now: &Amounts| {
            let of = |amounts: &Amounts, code: &str| amounts.get(code).copied().unwrap_or_default();
            then.keys().chain(now.keys()).any(|code| {
                let mut difference = of(now, code);
                difference.merge(&of(then, code).negated());
                !difference.is_zero()
            })
        };
        self.events != events
            || self.billed.as_ref().zip(billed).is_some_and(|(then, now)| is_other(then, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::query_text;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn amounts(all: &[(&str, &str)]) -> Amounts {
        all.iter().map(|(code, digits)| ((*code).to_owned(), ExactSum::of(digits, 0))).collect()
    }

    fn read(text: &str) -> Option<Counted> {
        Counted::read(&AddressQuery::read(&query_text([(Counted::NAME, text.to_owned())])))
    }

    #[wasm_bindgen_test]
    fn what_a_link_says_is_read_again() {
        for (billed, text) in [
            (None, "6@1793613600"),
            (Some(amounts(&[("EUR", "-126.00"), ("", "0.00125")])), "6@1793613600@0.00125 ,-126.00 EUR"),
        ] {
            let counted = Counted { events: 6, billed, as_of: 1_793_613_600 };
            assert_eq!(counted.write(), text);
            assert_eq!(read(text), Some(counted));
        }
        let mut unread = ExactSum::of("1", 0);
        unread.leave_out();
        let billed = Some(Amounts::from([("EUR".to_owned(), unread)]));
        assert_eq!(Counted { events: 1, billed, as_of: 0 }.write(), "1@0");
        for odd in ["", "6", "x@1", "6@", "-1@2", "6@1.5"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        for odd in ["6@1@EUR", "6@1@x EUR", "6@1@1 EUR,,"] {
            assert_eq!(read(odd), Some(Counted { events: 6, billed: None, as_of: 1 }), "{odd}");
        }
    }

    #[wasm_bindgen_test]
    fn another_count_and_another_amount_are_told_apart() {
        let counted =
            Counted { events: 3, billed: Some(amounts(&[("EUR", "28.00"), ("JPY", "0")])), as_of: 0 };
        for (events, billed, differs) in [
            (3, None, false),
            (4, None, true),
            (3, Some(amounts(&[("EUR", "28.0")])), false),
            (3, Some(amounts(&[("EUR", "28.01")])), true),
            (3, Some(amounts(&[("EUR", "28"), ("USD", "0.01")])), true),
            (3, Some(amounts(&[])), true),
        ] {
            assert_eq!(counted.differs(events, billed.as_ref()), differs, "{events} {billed:?}");
        }
        assert!(!Counted { billed: None, ..counted }.differs(3, Some(&amounts(&[("EUR", "1")]))));
    }
}
