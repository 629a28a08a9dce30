//! When which instance ran under which plan: starts paired with stops.
//!
//! Events are taken in the order of the list, which is that of their writing; times alone would not
//! tell which came first. What the platform's own guidance for consumers says is kept to: a
//! `WAS_RUNNING` of a known instance and a repeated `DELETED` change nothing.

use super::usage_event::UsageField;
use super::usage_table::UsageTable;

/// A time in which an instance ran under one plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The row of the event that began it; its texts are those of the interval.
    pub row: usize,
    pub start: i64,
    /// Whether `start` is when it really began; not so after a purge, or where the beginning is
    /// older than the list.
    pub start_is_true: bool,
    /// None while it runs.
    pub end: Option<i64>,
}

/// What came of pairing; rows are those of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    pub intervals: Vec<Interval>,
    /// Starts of instances that ran already.
    pub doubled_starts: Vec<usize>,
    /// Stops of instances of which no start is known.
    pub orphaned_stops: Vec<usize>,
    /// Events whose state means nothing here.
    pub unknown_states: usize,
}

/// What is known of an instance on the way through the list.
#[derive(Clone, Copy)]
enum Life {
    /// In the interval with this place.
    Runs(usize),
    Stopped,
}

impl Pairing {
    pub fn of(table: &UsageTable) -> Self {
        let mut pairing = Self::default();
        // By the number of the instance's guid.
        let mut lives: Vec<Option<Life>> = vec![None; table.codes()];
        for row in 0..table.len() {
            let Some(life) = lives.get_mut(table.code_at(row, UsageField::InstanceGuid) as usize) else {
                continue;
            };
            let next = match (table.text(row, UsageField::State), *life) {
                ("CREATED" | "WAS_RUNNING" | "UPDATED", None)
                | ("CREATED" | "UPDATED", Some(Life::Stopped)) => Some(pairing.begin(table, row)),
                ("CREATED", Some(Life::Runs(_))) => {
                    pairing.doubled_starts.push(row);
                    None
                }
                ("UPDATED", Some(Life::Runs(place))) => pairing.update(table, row, place),
                ("DELETED", Some(Life::Runs(place))) => {
                    pairing.end(place, table.created_at(row));
                    Some(Life::Stopped)
                }
                ("DELETED", None) => {
                    pairing.orphaned_stops.push(row);
                    Some(Life::Stopped)
                }
                ("DELETED", Some(Life::Stopped)) | ("WAS_RUNNING", Some(_)) => None,
                _ => {
                    pairing.unknown_states += 1;
                    None
                }
            };
            *life = next.or(*life);
        }
        pairing
    }

    fn begin(&mut self, table: &UsageTable, row: usize) -> Life {
        let start_is_true = table.text(row, UsageField::State) == "CREATED" && !table.is_seeded(row);
        self.intervals.push(Interval { row, start: table.created_at(row), start_is_true, end: None });
        Life::Runs(self.intervals.len() - 1)
    }

    /// Another plan ends the interval and begins the next; another name alone does neither.
    fn update(&mut self, table: &UsageTable, row: usize, place: usize) -> Option<Life> {
        let before = self.intervals.get(place)?.row;
        let plan = |row| table.code_at(row, UsageField::PlanGuid);
        if plan(before) == plan(row) {
            return None;
        }
        let at = table.created_at(row);
        self.end(place, at);
        self.intervals.push(Interval { row, start: at, start_is_true: true, end: None });
        Some(Life::Runs(self.intervals.len() - 1))
    }

    /// Clocks of two hosts may differ: nothing ends before it began.
    fn end(&mut self, place: usize, at: i64) {
        if let Some(interval) = self.intervals.get_mut(place) {
            interval.end = Some(at.max(interval.start));
        }
    }

    /// The intervals that still run, one for each running instance.
    pub fn running(&self) -> impl Iterator<Item = &Interval> {
        self.intervals.iter().filter(|interval| interval.end.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::super::usage_table::tests::table;
    use super::*;

    /// Intervals as `instance/plan start-end`, `?` after a start that is not the true one.
    fn check(lines: &str, intervals: &str, doubled: &str, orphaned: &str, unknown: usize) {
        let table = table(lines);
        let pairing = Pairing::of(&table);
        let told = pairing.intervals.iter().map(|interval| {
            let instance = table.text(interval.row, UsageField::InstanceGuid);
            let plan = table.text(interval.row, UsageField::PlanGuid);
            let mark = if interval.start_is_true { "" } else { "?" };
            let end = interval.end.map_or(String::new(), |end| (end / 3600).to_string());
            format!("{instance}/{plan} {}{mark}-{end}", interval.start / 3600)
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), intervals, "intervals of {lines}");
        let guids = |rows: &[usize]| rows.iter().map(|row| table.guid(*row)).collect::<Vec<_>>().join(" ");
        assert_eq!(guids(&pairing.doubled_starts), doubled, "doubled starts of {lines}");
        assert_eq!(guids(&pairing.orphaned_stops), orphaned, "orphaned stops of {lines}");
        assert_eq!(pairing.unknown_states, unknown, "unknown states of {lines}");
    }

    #[test]
    fn a_start_and_a_stop_are_an_interval_and_a_start_alone_is_open() {
        check("a CREATED i p 1\nb CREATED j p 2\nc DELETED i p 4", "i/p 1-4, j/p 2-", "", "", 0);
    }

    #[test]
    fn another_plan_ends_one_interval_and_begins_the_next_and_another_name_does_not() {
        check(
            "a CREATED i p 1\nb UPDATED i p 2\nc UPDATED i q 3\nd DELETED i q 9",
            "i/p 1-3, i/q 3-9",
            "",
            "",
            0,
        );
    }

    #[test]
    fn an_instance_may_come_again_after_it_was_deleted() {
        check("a CREATED i p 1\nb DELETED i p 2\nc CREATED i p 5", "i/p 1-2, i/p 5-", "", "", 0);
    }

    #[test]
    fn a_second_start_is_doubled_and_keeps_the_first_time() {
        check("a CREATED i p 1\nb CREATED i p 3\nc DELETED i p 4", "i/p 1-4", "b", "", 0);
    }

    #[test]
    fn a_seeded_row_beside_the_instances_own_is_a_doubled_start_in_either_order() {
        check("x CREATED i p 3\ni CREATED i p 3", "i/p 3-", "i", "", 0);
        check("i CREATED i p 3\nx CREATED i p 3", "i/p 3?-", "x", "", 0);
    }

    #[test]
    fn a_stop_without_a_start_is_orphaned_once_and_a_repeated_stop_is_nothing() {
        check("a DELETED i p 1\nb DELETED i p 2", "", "", "a", 0);
        check("a CREATED i p 1\nb DELETED i p 2\nc DELETED i p 3", "i/p 1-2", "", "", 0);
    }

    #[test]
    fn a_stop_written_before_the_seeded_start_leaves_both_traces() {
        check("x DELETED i p 3\ni CREATED i p 3", "i/p 3?-", "", "x", 0);
    }

    #[test]
    fn a_beginning_older_than_the_list_is_not_the_true_one() {
        check("a UPDATED i p 4\nb DELETED i p 6", "i/p 4?-6", "", "", 0);
        check("a WAS_RUNNING i p 4", "i/p 4?-", "", "", 0);
        check("i CREATED i p 4", "i/p 4?-", "", "", 0);
    }

    #[test]
    fn was_running_of_a_known_instance_changes_nothing() {
        check("a CREATED i p 1\nb WAS_RUNNING i p 2", "i/p 1-", "", "", 0);
        check("a CREATED i p 1\nb DELETED i p 2\nc WAS_RUNNING i p 3", "i/p 1-2", "", "", 0);
    }

    #[test]
    fn a_state_that_is_not_known_is_counted_and_pairs_with_nothing() {
        check("a CREATED i p 1\nb FROZEN i p 2\nc DELETED i p 3\nd THAWED k p 4", "i/p 1-3", "", "", 2);
    }

    #[test]
    fn nothing_ends_before_it_began() {
        check("a CREATED i p 5\nb DELETED i p 4", "i/p 5-5", "", "", 0);
    }
}
