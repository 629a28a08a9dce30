//! What bounds and wakes the store: how much is out at a time within one event, when it asks to be woken,
//! and that neither a line of the journal nor a reading comes up without need.

use crate::tab::{START, TestTab, accepted, read, refused, row, v};
use record_store::{
    Action, Content, Event, IntentId, Limits, Mark, Outcome, PersistedIntent, RefusalKind, System, Time,
};
use std::time::Duration;

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn few() -> Limits {
    Limits { writes: 2, reads: 2, ..Limits::default() }
}

fn propose(intent: u64, key: &'static str) -> Event<&'static str, &'static str, i64> {
    let base = (v("v1"), row(START));
    Event::Propose { intent: IntentId(intent), key, base, changes: row(&[("x", 1)]), at: Time(0) }
}

/// All of it at one stroke.
fn propose_all(tab: &mut TestTab) {
    tab.apply(Event::AtOnce((1..).zip(KEYS).map(|(intent, key)| propose(intent, key)).collect()));
}

#[test]
fn many_writes_of_one_stroke_leave_a_few_at_a_time() {
    let mut tab = TestTab::with(few());
    propose_all(&mut tab);
    assert_eq!(tab.wire(), "PATCH a v1 x=1; PATCH b v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH b v1 x=1; PATCH c v1 x=1");
}

#[test]
fn many_reads_of_one_stroke_leave_a_few_at_a_time() {
    let mut tab = TestTab::with(few());
    tab.apply(Event::AtOnce(KEYS.map(|key| Event::Hold { key }).into()));
    assert_eq!(tab.wire(), "GET a; GET b");
    tab.answer(read("v1", START));
    assert_eq!(tab.wire(), "GET b; GET c");
}

#[test]
fn reads_take_no_room_from_writes() {
    let mut tab = TestTab::with(few());
    tab.apply(Event::AtOnce(["r", "s", "t"].map(|key| Event::Hold { key }).into()));
    assert_eq!(tab.wire(), "GET r; GET s");
    propose_all(&mut tab);
    assert_eq!(tab.wire(), "GET r; GET s; PATCH a v1 x=1; PATCH b v1 x=1");
}

#[test]
fn a_record_is_read_once_at_a_time() {
    let mut tab = TestTab::new();
    tab.apply(Event::Hold { key: "r" });
    let reading = tab.out.clone();
    tab.act("r", "reverse");
    tab.out.rotate_left(1);
    tab.answer(Outcome::Done { record: None });
    assert_eq!(tab.out, reading, "what is wanted now is read once the earlier reading is in");
    tab.answer(read("v1", START));
    assert_eq!(tab.wire(), "GET r");
}

#[test]
fn looks_and_reads_share_their_bound() {
    let persisted = (1..).zip(KEYS).map(|(intent, key)| PersistedIntent {
        intent: IntentId(intent),
        key,
        at: Time(0),
        sent_off_at: Time(0),
        content: Content::Action(Action { name: "reverse", arguments: row(&[]), creates: false }),
        over: Vec::new(),
        mark: Mark::InDoubt,
        refusal: None,
        lost_at: Some(Time(0)),
    });
    let mut tab = TestTab::with(Limits { reads: 3, ..few() });
    let restored = Event::Restored { persisted: persisted.collect(), at: Time(0) };
    tab.apply(Event::AtOnce(vec![Event::Hold { key: "r" }, restored]));
    assert_eq!(tab.wire(), "LOOK a reverse; LOOK b reverse; LOOK c reverse");
    assert_eq!(tab.last.wake_at, None, "the others wait for room, which comes with an answer");
    tab.answer(Outcome::Done { record: Some((v("v1"), row(START))) });
    assert_eq!(tab.wire(), "LOOK b reverse; LOOK c reverse; LOOK d reverse");
}

#[test]
fn what_may_not_be_read_is_not_asked_for_again_by_itself() {
    let mut tab = TestTab::with(Limits { reads: 1, ..Limits::default() });
    tab.apply(Event::Hold { key: "r" });
    tab.answer(read("v1", START));
    let before = tab.store.stamp();
    tab.propose("r", &[("x", 1)]);
    tab.answer(Outcome::Lost);
    tab.pass(500);
    assert_eq!(tab.wire(), "GET r");
    // A row of an older list cannot be told from a newer state: the record is in line once more.
    tab.list(before, "v9", &[("x", 7), ("y", 7)]);
    tab.answer(refused(RefusalKind::Role, "not for you"));
    assert_eq!(tab.wire(), "");
    tab.pass(60_000);
    assert_eq!(tab.wire(), "");
}

fn resting() -> Outcome<&'static str, &'static str, i64> {
    Outcome::Pressure { retry_after: Some(Duration::from_secs(5)) }
}

#[test]
fn nobody_is_woken_for_what_cannot_leave() {
    let mut tab = TestTab::new();
    propose_all(&mut tab);
    tab.answer(resting());
    assert_eq!(tab.last.wake_at, Some(Time(5_000)));
    // Without the lease: the rest is somebody else's to wait for.
    tab.apply(Event::WriteLease { is_held: false });
    assert_eq!(tab.last.wake_at, None);
    tab.apply(Event::WriteLease { is_held: true });
    assert_eq!(tab.last.wake_at, Some(Time(5_000)));
    tab.apply(Event::SessionExpired { system: System::default() });
    assert_eq!(tab.last.wake_at, None);
    tab.apply(Event::SignedIn { system: System::default() });
    tab.apply(Event::WentOffline);
    assert_eq!(tab.last.wake_at, None);
}

#[test]
fn a_pause_is_over_at_its_end_though_some_still_wait_for_room() {
    let mut tab = TestTab::with(few());
    propose_all(&mut tab);
    tab.answer(resting());
    assert_eq!(tab.store.paused_until(), Some(Time(5_000)));
    tab.pass(4_999);
    assert_eq!(tab.store.paused_until(), Some(Time(5_000)));
    tab.pass(1);
    assert_eq!(tab.out.len(), 2);
    assert_eq!(tab.store.paused_until(), None);
}

#[test]
fn nobody_is_woken_where_nothing_waits_or_only_room_is_short() {
    let mut tab = TestTab::with(few());
    tab.propose("a", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(tab.last.wake_at, None);
    propose_all(&mut tab);
    assert_eq!(tab.last.wake_at, None, "three wait for room, which comes with an answer");
}

#[test]
fn a_reading_that_left_before_a_record_was_found_gone_does_not_bring_it_back() {
    let mut tab = TestTab::showing_r();
    let before = tab.store.stamp();
    tab.apply(Event::Gone { key: "r", asked_at: before });
    assert_eq!(tab.sees("r"), "x 0, y 0 (gone)");
    let item = |asked_at| Event::ItemRead {
        key: "r",
        asked_at,
        version: v("v2"),
        fields: row(&[("x", 5), ("y", 5)]),
    };
    tab.apply(item(before));
    assert_eq!(tab.sees("r"), "x 0, y 0 (gone)");
    tab.apply(item(tab.store.stamp()));
    assert_eq!(tab.sees("r"), "x 5, y 5");
}

#[test]
fn of_several_intents_only_the_one_that_moved_is_written_down() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    assert_eq!(tab.last.journal.len(), 1);
    tab.propose("r", &[("y", 2)]);
    assert_eq!(tab.last.journal.len(), 1);
    tab.apply(Event::WentOnline);
    assert_eq!(tab.last.journal.len(), 1, "the first is sent, the second waits as before");
    let stamp = tab.store.stamp();
    tab.list(stamp, "v1", START);
    assert_eq!(tab.last.journal, []);
}

#[test]
fn of_several_actions_only_the_one_that_moved_is_written_down() {
    let mut tab = TestTab::showing_r();
    let lock = tab.act("r", "lock");
    assert_eq!(tab.last.journal.len(), 1);
    tab.act("r", "submit");
    assert_eq!(tab.last.journal.len(), 1);
    tab.list(tab.store.stamp(), "v2", &[("x", 3), ("y", 0)]);
    assert_eq!(tab.last.journal, []);
    tab.answer(Outcome::Done { record: Some((v("v3"), row(START))) });
    assert_eq!(tab.last.journal.len(), 2, "the first has ended, the second is sent");
    assert_eq!(lock, IntentId(1));
}
