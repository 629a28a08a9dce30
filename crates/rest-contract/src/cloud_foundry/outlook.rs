//! What a purge would take away and what it would put in its place, as far as events tell.

use super::intervals::Pairing;
use super::usage_event::UsageField;
use super::usage_table::UsageTable;
use std::ops::Range;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    pub events: usize,
    /// Seconds since 1970.
    pub oldest: Option<i64>,
    pub newest: Option<i64>,
    /// Events of the month that is open, which nothing could replace.
    pub updates_in_month: usize,
    pub deletions_in_month: usize,
    /// Instances that run by these events: each would be seeded as one start.
    pub running: usize,
    /// Of these, the ones whose true start is known now and would be replaced by the purge's time.
    pub starts_to_lose: usize,
}

impl Outlook {
    /// `month` is the open month, as `month_of` gives it.
    pub fn of(table: &UsageTable, month: &Range<i64>) -> Self {
        let pairing = Pairing::of(table);
        let rows = || 0..table.len();
        let in_month = |state: &str| {
            rows()
                .filter(|row| {
                    month.contains(&table.created_at(*row)) && table.text(*row, UsageField::State) == state
                })
                .count()
        };
        Self {
            events: table.len(),
            oldest: rows().map(|row| table.created_at(row)).min(),
            newest: rows().map(|row| table.created_at(row)).max(),
            updates_in_month: in_month("UPDATED"),
            deletions_in_month: in_month("DELETED"),
            running: pairing.running().count(),
            starts_to_lose: pairing.running().filter(|interval| interval.start_is_true).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::usage_table::tests::table;
    use super::*;

    #[test]
    fn what_would_be_lost_is_counted_within_the_open_month() {
        let table = table(
            "a CREATED i p 1
             b UPDATED i p 9
             c UPDATED i q 11
             d CREATED j p 12
             e DELETED j p 13
             k CREATED k p 14
             f DELETED l p 20
             g FROZEN  i q 21",
        );
        let outlook = Outlook::of(&table, &(10 * 3600..20 * 3600));
        let expected = Outlook {
            events: 8,
            oldest: Some(3600),
            newest: Some(21 * 3600),
            updates_in_month: 1,
            deletions_in_month: 1,
            running: 2,
            starts_to_lose: 1,
        };
        assert_eq!(outlook, expected);
        assert_eq!(Outlook::of(&UsageTable::default(), &(0..1)), Outlook::default());
    }
}
