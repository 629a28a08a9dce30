//! What the events show after a purge: whether it was carried out, and what the race with instances
//! that came and went meanwhile has left behind.

use super::intervals::Pairing;
use super::purge_marker::PurgeMarker;
use super::usage_event::UsageField;
use super::usage_table::UsageTable;
use std::collections::{HashMap, HashSet};

/// Whether a purge that was sent was carried out, by what is there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurgeSign {
    /// The newest event from before stands unchanged.
    NotSeen,
    /// It is gone or newly written, and rows were seeded.
    Done,
    /// It is gone, and nothing was seeded: no instance exists, or the platform stopped half way.
    Emptied,
}

impl PurgeSign {
    pub fn of(marker: &PurgeMarker, now: &UsageTable) -> Self {
        let is_seeded = (0..now.len()).any(|row| now.is_seeded(row));
        let stands = match &marker.newest {
            // The guid of a seeded row comes again with every purge; its time does not.
            Some(newest) => {
                now.row_of(&newest.guid).is_some_and(|row| now.created_at(row) == newest.created_at)
            }
            None => !is_seeded,
        };
        match (stands, is_seeded) {
            (true, _) => Self::NotSeen,
            (false, true) => Self::Done,
            (false, false) => Self::Emptied,
        }
    }
}

/// An event that tells of an instance, for a person to look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceEvent {
    pub instance: String,
    pub name: String,
    pub event: String,
    pub at: i64,
}

/// A start whose time only the kept copy still knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostStart {
    pub instance: String,
    pub name: String,
    pub was: i64,
    pub is: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AfterReport {
    pub events: usize,
    pub seeded: usize,
    /// The one time that all seeded rows bear.
    pub seeded_at: Option<i64>,
    pub doubled_starts: Vec<InstanceEvent>,
    pub orphaned_stops: Vec<InstanceEvent>,
    /// Of instances whose true start the copy holds.
    pub lost_starts: Vec<LostStart>,
    /// Instances that ran by the copy and of which no event tells any more.
    pub vanished: Vec<InstanceEvent>,
}

impl AfterReport {
    /// `before` is the kept copy; without it, what only it can tell is empty.
    pub fn of(before: Option<&UsageTable>, after: &UsageTable) -> Self {
        let pairing = Pairing::of(after);
        let seeded: Vec<usize> = (0..after.len()).filter(|row| after.is_seeded(*row)).collect();
        let tell = |rows: &[usize]| rows.iter().map(|row| instance_event(after, *row)).collect();
        let mut report = Self {
            events: after.len(),
            seeded: seeded.len(),
            seeded_at: seeded.first().map(|row| after.created_at(*row)),
            doubled_starts: tell(&pairing.doubled_starts),
            orphaned_stops: tell(&pairing.orphaned_stops),
            ..Self::default()
        };
        let Some(before) = before else { return report };
        let seeded: HashMap<&str, usize> = seeded.into_iter().map(|row| (after.guid(row), row)).collect();
        let told: HashSet<&str> =
            (0..after.len()).map(|row| after.text(row, UsageField::InstanceGuid)).collect();
        let before_pairing = Pairing::of(before);
        let first_starts = first_starts(before, &before_pairing);
        for interval in before_pairing.running() {
            let instance = before.text(interval.row, UsageField::InstanceGuid);
            if !told.contains(instance) {
                report.vanished.push(instance_event(before, interval.row));
            } else if let (Some(row), Some(was)) = (seeded.get(instance), first_starts.get(instance)) {
                report.lost_starts.push(LostStart {
                    instance: instance.to_owned(),
                    name: after.text(*row, UsageField::InstanceName).to_owned(),
                    was: *was,
                    is: after.created_at(*row),
                });
            }
        }
        report
    }
}

/// When the instances that run truly began: the start of the first of their unbroken intervals.
fn first_starts<'a>(table: &'a UsageTable, pairing: &Pairing) -> HashMap<&'a str, i64> {
    let mut starts: HashMap<&str, (i64, Option<i64>, bool)> = HashMap::new();
    for interval in &pairing.intervals {
        let entry = starts.entry(table.text(interval.row, UsageField::InstanceGuid)).or_insert((
            interval.start,
            None,
            interval.start_is_true,
        ));
        // A change of plan continues a life; a stop and a start begin another one.
        let continues =
            table.text(interval.row, UsageField::State) == "UPDATED" && entry.1 == Some(interval.start);
        if !continues {
            *entry = (interval.start, None, interval.start_is_true);
        }
        entry.1 = interval.end;
    }
    starts
        .into_iter()
        .filter(|(_, (_, _, is_true))| *is_true)
        .map(|(instance, (start, ..))| (instance, start))
        .collect()
}

fn instance_event(table: &UsageTable, row: usize) -> InstanceEvent {
    InstanceEvent {
        instance: table.text(row, UsageField::InstanceGuid).to_owned(),
        name: table.text(row, UsageField::InstanceName).to_owned(),
        event: table.guid(row).to_owned(),
        at: table.created_at(row),
    }
}

#[cfg(test)]
mod tests {
    use super::super::purge_marker::NewestEvent;
    use super::super::usage_table::tests::table;
    use super::*;

    fn check_sign(newest: Option<(&str, i64)>, now: &str, sign: PurgeSign) {
        let marker = PurgeMarker {
            target: String::new(),
            sent_at: 0,
            sent_at_here: None,
            newest: newest.map(|(guid, hour)| NewestEvent { guid: guid.to_owned(), created_at: hour * 3600 }),
            events: 0,
            sha256: String::new(),
        };
        assert_eq!(PurgeSign::of(&marker, &table(now)), sign, "{newest:?} and {now:?}");
    }

    #[test]
    fn the_newest_event_and_the_seeded_rows_tell_whether_a_purge_was_carried_out() {
        check_sign(Some(("a", 1)), "a CREATED i p 1", PurgeSign::NotSeen);
        check_sign(Some(("a", 1)), "a CREATED i p 1\nb DELETED i p 2", PurgeSign::NotSeen);
        check_sign(Some(("a", 1)), "i CREATED i p 2", PurgeSign::Done);
        check_sign(Some(("a", 1)), "i CREATED i p 2\nb DELETED i p 3", PurgeSign::Done);
        check_sign(Some(("a", 1)), "", PurgeSign::Emptied);
        check_sign(Some(("a", 1)), "b CREATED j p 3", PurgeSign::Emptied);
        // The newest event was a seeded one: its guid comes again, its time does not.
        check_sign(Some(("i", 1)), "i CREATED i p 1", PurgeSign::NotSeen);
        check_sign(Some(("i", 1)), "i CREATED i p 2", PurgeSign::Done);
        check_sign(None, "", PurgeSign::NotSeen);
        check_sign(None, "x CREATED i p 2", PurgeSign::NotSeen);
        check_sign(None, "i CREATED i p 2", PurgeSign::Done);
    }

    fn names(events: &[InstanceEvent]) -> String {
        events.iter().map(|event| format!("{}/{}", event.instance, event.event)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_report_names_what_the_race_left_behind() {
        let before = table(
            "a CREATED i p 1
             b UPDATED i q 2
             c CREATED j p 3
             d CREATED gone p 4
             e UPDATED old p 5
             f CREATED dead p 5
             g DELETED dead p 6",
        );
        let after = table(
            "x CREATED new p 9
             y DELETED gone p 9
             i CREATED i q 9
             old CREATED old p 9
             new CREATED new p 9",
        );
        let report = AfterReport::of(Some(&before), &after);
        assert_eq!((report.events, report.seeded, report.seeded_at), (5, 3, Some(9 * 3600)));
        assert_eq!(names(&report.doubled_starts), "new/new");
        assert_eq!(names(&report.orphaned_stops), "gone/y");
        assert_eq!(names(&report.vanished), "j/c");
        let lost: Vec<_> = report
            .lost_starts
            .iter()
            .map(|lost| format!("{} {}->{}", lost.instance, lost.was / 3600, lost.is / 3600))
            .collect();
        // A change of plan does not hide when the instance began; `old` began before the list.
        assert_eq!(lost, ["i 1->9"]);
    }

    #[test]
    fn an_instance_that_stopped_began_anew_even_in_the_same_second() {
        let lost = |before: &str| {
            let report = AfterReport::of(Some(&table(before)), &table("i CREATED i q 9"));
            report.lost_starts.iter().map(|lost| lost.was / 3600).collect::<Vec<_>>()
        };
        assert_eq!(lost("a CREATED i p 1\nb DELETED i p 2\nc CREATED i q 2"), [2]);
        // When the second life began nobody knows: its first event is a change.
        assert_eq!(lost("a CREATED i p 1\nb DELETED i p 2\nc UPDATED i q 3"), [0; 0]);
        assert_eq!(lost("a CREATED i p 1\nb UPDATED i q 2\nc UPDATED i p 3"), [1]);
    }

    #[test]
    fn without_the_copy_the_report_tells_what_the_events_alone_show() {
        let after = table("i CREATED i p 2\nx CREATED i p 2");
        let report = AfterReport::of(None, &after);
        assert_eq!((report.seeded, names(&report.doubled_starts).as_str()), (1, "i/x"));
        assert!(report.lost_starts.is_empty() && report.vanished.is_empty());
    }
}
