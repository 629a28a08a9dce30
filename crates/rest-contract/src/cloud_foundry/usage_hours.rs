//! How long instances ran in a period, added up per organisation, space, plan, offering or instance,
//! and how that is spread over the period.

use super::intervals::{Interval, Pairing};
use super::usage_event::UsageField;
use super::usage_table::UsageTable;
use std::ops::Range;

/// The running time of all instances that share a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourGroup {
    /// The value by which the group is made, such as a plan's guid; may be empty.
    pub key: String,
    /// The row of the latest interval, for the texts by which people know the value.
    pub row: usize,
    /// Seconds that its instances ran, added up, within the period.
    pub seconds: i64,
    pub instances: usize,
    /// Instances that run at the period's end.
    pub running: usize,
    /// Where the group's first interval starts and its last one ends, within the period.
    pub span: Range<i64>,
    /// Whether every start that falls into the period is a true one.
    pub starts_are_true: bool,
}

/// The part of an interval that lies in a period; one that runs lasts to the period's end.
fn within(interval: &Interval, period: &Range<i64>) -> Option<Range<i64>> {
    let start = interval.start.max(period.start);
    let end = interval.end.unwrap_or(period.end).min(period.end);
    // An interval of no length still happened.
    (start < end || (start == end && interval.start == start && period.contains(&start)))
        .then_some(start..end)
}

/// The groups of a period, those with most hours first. Only intervals whose row `keep` wants.
pub fn hours_by(
    table: &UsageTable,
    pairing: &Pairing,
    by: UsageField,
    period: &Range<i64>,
    keep: &dyn Fn(usize) -> bool,
) -> Vec<HourGroup> {
    let mut groups: Vec<HourGroup> = Vec::new();
    // By the number of the group's text, so that half a million intervals are counted in a moment.
    let mut place_of: Vec<Option<usize>> = vec![None; table.codes()];
    let mut instances: Vec<(usize, u32)> = Vec::new();
    for interval in &pairing.intervals {
        let Some(part) = within(interval, period).filter(|_| keep(interval.row)) else { continue };
        let code = table.code_at(interval.row, by);
        let Some(known) = place_of.get_mut(code as usize) else { continue };
        let place = *known.get_or_insert_with(|| {
            groups.push(HourGroup {
                key: table.text_of(code).to_owned(),
                row: interval.row,
                seconds: 0,
                instances: 0,
                running: 0,
                span: part.clone(),
                starts_are_true: true,
            });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(place) else { continue };
        instances.push((place, table.code_at(interval.row, UsageField::InstanceGuid)));
        group.row = group.row.max(interval.row);
        group.seconds += part.end - part.start;
        group.span = group.span.start.min(part.start)..group.span.end.max(part.end);
        group.running += usize::from(interval.end.is_none_or(|end| end >= period.end));
        group.starts_are_true &= interval.start_is_true || interval.start < period.start;
    }
    instances.sort_unstable();
    instances.dedup();
    for (place, _) in instances {
        if let Some(group) = groups.get_mut(place) {
            group.instances += 1;
        }
    }
    groups
        .sort_unstable_by(|one, other| other.seconds.cmp(&one.seconds).then_with(|| one.key.cmp(&other.key)));
    groups
}

/// How many seconds of running time fall into each of `parts` equal parts of the period, for the
/// groups with these keys, in their order. The last part takes what the division leaves over.
pub fn parts_of(
    table: &UsageTable,
    pairing: &Pairing,
    by: UsageField,
    period: &Range<i64>,
    keep: &dyn Fn(usize) -> bool,
    keys: &[&str],
    parts: usize,
) -> Vec<Vec<i64>> {
    let mut sums = vec![vec![0_i64; parts]; keys.len()];
    let length = ((period.end - period.start) / i64::try_from(parts).unwrap_or(1).max(1)).max(1);
    // By the number of the group's text.
    let mut place_of = vec![None; table.codes()];
    for (place, key) in keys.iter().enumerate() {
        if let Some(known) = table.code_of(key).and_then(|code| place_of.get_mut(code as usize)) {
            *known = Some(place);
        }
    }
    let last = parts.saturating_sub(1);
    let part_at = |second: i64| usize::try_from((second - period.start) / length).unwrap_or(0).min(last);
    for interval in &pairing.intervals {
        let place = place_of.get(table.code_at(interval.row, by) as usize).copied().flatten();
        let Some(sums) = place.and_then(|place| sums.get_mut(place)) else { continue };
        let Some(lies) = within(interval, period).filter(|_| keep(interval.row)) else { continue };
        for part in part_at(lies.start)..=part_at(lies.end) {
            let begin = period.start + length * i64::try_from(part).unwrap_or_default();
            let end = if part == last { period.end } else { begin + length };
            if let Some(sum) = sums.get_mut(part) {
                *sum += (lies.end.min(end) - lies.start.max(begin)).max(0);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::usage_table::tests::table;
    use super::*;

    const HOUR: i64 = 3600;
    const LIVES: &str = "a CREATED i p 0
                         b CREATED j q 2
                         c UPDATED i q 4
                         d DELETED i q 6
                         k CREATED k q 7";

    fn check(by: UsageField, hours: Range<i64>, expected: &str) {
        let table = table(LIVES);
        let period = hours.start * HOUR..hours.end * HOUR;
        let groups = hours_by(&table, &Pairing::of(&table), by, &period, &|_| true);
        let told = groups.iter().map(|group| {
            let mark = if group.starts_are_true { "" } else { "?" };
            format!(
                "{}={} of {} ({} run) {}-{}{mark}",
                group.key,
                group.seconds / HOUR,
                group.instances,
                group.running,
                group.span.start / HOUR,
                group.span.end / HOUR
            )
        });
        assert_eq!(told.collect::<Vec<_>>().join("; "), expected);
    }

    #[test]
    fn hours_are_added_up_per_value_and_open_ones_last_to_the_end() {
        check(UsageField::PlanGuid, 0..10, "q=13 of 3 (2 run) 2-10?; p=4 of 1 (0 run) 0-4");
        check(
            UsageField::InstanceGuid,
            0..10,
            "j=8 of 1 (1 run) 2-10; i=6 of 1 (0 run) 0-6; k=3 of 1 (1 run) 7-10?",
        );
    }

    #[test]
    fn a_period_cuts_off_what_lies_outside() {
        check(UsageField::PlanGuid, 3..5, "q=3 of 2 (2 run) 3-5; p=1 of 1 (0 run) 3-4");
        check(UsageField::PlanGuid, 20..21, "q=2 of 2 (2 run) 20-21");
    }

    #[test]
    fn the_parts_of_a_period_add_up_to_its_hours() {
        let table = table(LIVES);
        let pairing = Pairing::of(&table);
        for parts in [1, 3, 7, 10] {
            let period = 0..10 * HOUR + 1;
            let sums =
                parts_of(&table, &pairing, UsageField::PlanGuid, &period, &|_| true, &["p", "q"], parts);
            let totals: Vec<i64> = sums.iter().map(|parts| parts.iter().sum()).collect();
            assert_eq!(totals, [4 * HOUR, 13 * HOUR + 2], "{parts} parts");
        }
        let sums =
            parts_of(&table, &pairing, UsageField::PlanGuid, &(0..10 * HOUR), &|_| true, &["q", "none"], 5);
        assert_eq!(sums, [vec![0, 2 * HOUR, 4 * HOUR, 3 * HOUR, 4 * HOUR], vec![0; 5]]);
    }

    #[test]
    fn only_the_wanted_rows_count() {
        let table = table(LIVES);
        let keep = |row: usize| table.text(row, UsageField::InstanceGuid) == "i";
        let groups = hours_by(&table, &Pairing::of(&table), UsageField::PlanGuid, &(0..10 * HOUR), &keep);
        assert_eq!(groups.iter().map(|group| group.seconds / HOUR).collect::<Vec<_>>(), [4, 2]);
    }

    fn plans(lines: &str, hours: Range<i64>) -> String {
        let table = table(lines);
        let period = hours.start * HOUR..hours.end * HOUR;
        let groups = hours_by(&table, &Pairing::of(&table), UsageField::PlanGuid, &period, &|_| true);
        let told = groups.iter().map(|group| {
            let mark = if group.starts_are_true { "" } else { "?" };
            format!("{}={} of {}{mark}", group.key, group.seconds / HOUR, group.instances)
        });
        told.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn an_instance_that_came_and_went_in_one_second_still_came() {
        let lines = "a CREATED i p 3\nb DELETED i p 3";
        assert_eq!(plans(lines, 0..10), "p=0 of 1");
        assert_eq!(plans(lines, 3..10), "p=0 of 1");
        assert_eq!(plans(lines, 0..3), "", "the period's end is no part of it");
        assert_eq!(plans("a CREATED i p 1\nb DELETED i p 3", 3..10), "", "it ended as the period began");
    }

    #[test]
    fn a_start_that_is_not_true_counts_where_it_falls_into_the_period() {
        assert_eq!(plans("i CREATED i p 7", 7..10), "p=3 of 1?");
        assert_eq!(plans("i CREATED i p 7", 8..10), "p=2 of 1");
    }

    #[test]
    fn parts_are_counted_from_the_periods_beginning() {
        let table = table(LIVES);
        let parts = |hours: Range<i64>, parts| {
            let period = hours.start * HOUR..hours.end * HOUR;
            let sums = parts_of(
                &table,
                &Pairing::of(&table),
                UsageField::PlanGuid,
                &period,
                &|_| true,
                &["q"],
                parts,
            );
            sums[0].iter().map(|seconds| seconds / HOUR).collect::<Vec<_>>()
        };
        assert_eq!(parts(2..12, 5), [2, 4, 3, 4, 4]);
        assert_eq!(parts(3..7, 2), [3, 3]);
    }
}
