//! Which intents are on disk as they stand: a set, whatever order writes end in.

use record_store::{Durability, Ending, IntentId};

const A: IntentId = IntentId(1);
const B: IntentId = IntentId(2);

fn behind(durability: &Durability) -> Vec<u64> {
    durability.behind().map(|intent| intent.0).collect()
}

/// A noted once, and on disk.
fn a_on_disk() -> Durability {
    let mut durability = Durability::default();
    durability.note_change(A, None);
    let line = durability.writing(A);
    durability.written(A, line);
    durability
}

#[test]
fn what_was_noted_is_behind_until_its_newest_line_is_written() {
    let mut durability = Durability::default();
    durability.note_change(A, None);
    let first = durability.writing(A);
    durability.note_change(A, None);
    let second = durability.writing(A);
    durability.written(A, first);
    assert_eq!(behind(&durability), [1]);
    durability.written(A, second);
    assert_eq!(behind(&durability), [0_u64; 0]);
}

#[test]
fn a_write_that_ends_late_takes_nothing_back() {
    let mut durability = Durability::default();
    durability.note_change(A, None);
    let first = durability.writing(A);
    durability.note_change(A, None);
    let second = durability.writing(A);
    durability.written(A, second);
    durability.written(A, first);
    assert!(!durability.is_behind(A));
}

#[test]
fn a_failed_write_leaves_its_own_intents_behind_and_no_others() {
    let mut durability = a_on_disk();
    durability.note_change(B, None);
    durability.writing(B);
    durability.not_written(B);
    assert_eq!(behind(&durability), [2]);
    assert!(!durability.may_hold_an_older_line(B), "nothing of it was ever there");
}

#[test]
fn with_the_disk_everything_that_stood_on_it_is_behind() {
    let mut durability = a_on_disk();
    durability.note_change(B, None);
    durability.disk_lost();
    assert_eq!(behind(&durability), [1, 2]);
    for intent in [A, B] {
        let line = durability.writing(intent);
        durability.written(intent, line);
    }
    assert_eq!(behind(&durability), [0_u64; 0]);
}

#[test]
fn an_older_line_on_disk_is_known_as_such() {
    let mut durability = a_on_disk();
    assert!(!durability.may_hold_an_older_line(A));
    durability.note_change(A, None);
    assert!(durability.may_hold_an_older_line(A));
    let line = durability.writing(A);
    durability.written(A, line);
    assert!(!durability.may_hold_an_older_line(A));
    durability.disk_lost();
    assert!(durability.may_hold_an_older_line(A), "the disk that comes back may hold any line of it");
}

#[test]
fn an_end_is_behind_only_where_a_line_could_be_taken_up() {
    let mut never_kept = Durability::default();
    never_kept.note_change(A, None);
    never_kept.note_change(A, Some(Ending::Settled));
    assert!(!never_kept.is_behind(A));

    let mut persisted = a_on_disk();
    persisted.note_change(A, Some(Ending::Discarded));
    assert!(persisted.is_behind(A));
    let line = persisted.writing(A);
    persisted.written(A, line);
    assert!(!persisted.is_behind(A));
}

#[test]
fn an_end_is_behind_while_an_earlier_write_is_under_way() {
    let mut durability = Durability::default();
    durability.note_change(A, None);
    let first = durability.writing(A);
    durability.note_change(A, Some(Ending::Discarded));
    assert!(durability.is_behind(A));
    let end = durability.writing(A);
    durability.written(A, first);
    assert!(durability.is_behind(A));
    durability.written(A, end);
    assert!(!durability.is_behind(A));
}

#[test]
fn what_was_taken_up_is_on_disk_unless_the_disk_was_lost_meanwhile() {
    let mut durability = Durability::default();
    durability.taken_up(A, true);
    durability.taken_up(B, false);
    assert_eq!(behind(&durability), [2]);
    assert!(durability.may_hold_an_older_line(B));
}

#[test]
fn an_ended_intent_that_is_told_anew_is_behind_until_that_is_written() {
    let mut durability = a_on_disk();
    durability.note_change(A, Some(Ending::Settled));
    let end = durability.writing(A);
    durability.written(A, end);
    durability.taken_up(A, true);
    durability.note_change(A, Some(Ending::Settled));
    assert!(durability.is_behind(A));
    let anew = durability.writing(A);
    durability.not_written(A);
    assert!(durability.is_behind(A));
    durability.written(A, anew);
    assert!(!durability.is_behind(A));
}
