//! What outlives the tab: the journal's lines, and what is taken up from them; and the write lease that
//! tabs of one browser take to write.

use crate::tab::{START, TestTab, accepted, read, refused, row, v};
use record_store::{
    Content, Ending, Event, IntentId, JournalLine, Mark, Outcome, PersistedIntent, RefusalKind, System, Time,
};
use std::collections::BTreeMap;

type TheKept = PersistedIntent<&'static str, &'static str, i64>;

/// What a journal holds after everything a desk was told to keep.
#[derive(Default)]
struct Book {
    persisted: BTreeMap<IntentId, TheKept>,
    ended: Vec<(IntentId, Ending)>,
}

impl Book {
    fn write(&mut self, tab: &TestTab) {
        for line in tab.last.journal.iter().cloned() {
            match line {
                JournalLine::Put(persisted) => {
                    self.persisted.insert(persisted.intent, persisted);
                }
                JournalLine::Ended { intent, ending } => {
                    self.persisted.remove(&intent);
                    self.ended.push((intent, ending));
                }
            }
        }
    }

    fn marks(&self) -> Vec<(u64, Mark)> {
        self.persisted.values().map(|persisted| (persisted.intent.0, persisted.mark)).collect()
    }

    /// A new tab that takes up what the old one left.
    fn taken_up(&self) -> TestTab {
        let mut tab = TestTab::new();
        tab.apply(Event::Restored { persisted: self.persisted.values().cloned().collect(), at: Time(0) });
        tab
    }
}

#[test]
fn an_edit_is_kept_as_sent_before_its_request_leaves_and_ends_with_its_answer() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    assert_eq!(tab.last.requests.len(), 1, "it leaves with this event");
    book.write(&tab);
    assert_eq!(book.marks(), [(1, Mark::Sending)]);
    let persisted = &book.persisted[&IntentId(1)];
    let Content::Edit(changes) = &persisted.content else { panic!("an edit") };
    assert_eq!((changes["x"].base, changes["x"].mine), (Some(0), 1));
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    book.write(&tab);
    assert_eq!(book.marks(), []);
    assert_eq!(book.ended, [(IntentId(1), Ending::Settled)]);
}

#[test]
fn a_read_that_changes_no_intent_writes_no_line() {
    let mut tab = TestTab::showing_r();
    assert_eq!(tab.last.journal, []);
    tab.apply(Event::Release { key: "r" });
    assert_eq!(tab.last.journal, []);
}

#[test]
fn what_was_given_up_ends_as_discarded() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    tab.answer(refused(RefusalKind::Business, "locked"));
    book.write(&tab);
    assert_eq!(book.marks(), [(1, Mark::Refused)]);
    assert_eq!(
        book.persisted[&IntentId(1)].refusal.as_ref().map(|(_, reasons)| reasons[0].message.as_str()),
        Some("locked")
    );
    tab.apply(Event::Discard { intent: IntentId(1) });
    book.write(&tab);
    assert_eq!(book.ended, [(IntentId(1), Ending::Discarded)]);
}

#[test]
fn an_edit_that_may_have_been_sent_is_read_before_anything_else_and_settled_if_it_landed() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    let mut next = book.taken_up();
    assert_eq!(next.wire(), "GET r");
    assert_eq!(next.sees("r"), "x 1 in doubt");
    next.answer(read("v2", &[("x", 1), ("y", 0)]));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("", "settled 1"));
}

#[test]
fn an_edit_that_did_not_land_is_sent_with_the_version_that_was_read() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    let mut next = book.taken_up();
    next.answer(read("v7", &[("x", 0), ("y", 9)]));
    assert_eq!(next.wire(), "PATCH r v7 x=1");
}

#[test]
fn an_edit_over_which_somebody_else_typed_is_a_conflict() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    let mut next = book.taken_up();
    next.answer(read("v2", &[("x", 5), ("y", 0)]));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("", "conflict 1 x"));
}

#[test]
fn several_edits_of_one_record_go_on_in_their_order() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.now = 5;
    for (field, value) in [("x", 1), ("x", 2), ("y", 3)] {
        tab.propose("r", &[(field, value)]);
        book.write(&tab);
    }
    let mut next = book.taken_up();
    assert_eq!(next.sees("r"), "x 2 waiting, y 3 waiting");
    next.answer(read("v1", START));
    assert_eq!(next.wire(), "PATCH r v1 x=1");
    next.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(next.wire(), "PATCH r v2 x=2");
    next.answer(accepted("v3", &[("x", 2), ("y", 0)]));
    assert_eq!(next.wire(), "PATCH r v3 y=3");
}

#[test]
fn a_row_typed_into_before_the_reading_is_in_does_not_pass_for_the_newest_state() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    let mut next = book.taken_up();
    // The list still shows an older state than the one that x was typed over.
    next.propose_over("r", "v0", &[("x", 8), ("y", 0)], &[("y", 4)]);
    assert_eq!(next.wire(), "GET r");
    next.answer(read("v1", START));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("PATCH r v1 x=1", ""));
}

#[test]
fn a_refused_edit_keeps_its_reason_and_is_not_sent() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.propose("r", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Business, "locked"));
    book.write(&tab);
    let mut next = book.taken_up();
    next.answer(read("v1", START));
    assert_eq!((next.wire().as_str(), next.persisted().as_str()), ("", "1: x=1 (locked)"));
}

#[test]
fn an_action_that_may_have_been_sent_is_looked_up_and_one_that_was_not_goes_on() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.act("r", "reverse");
    book.write(&tab);
    tab.apply(Event::WriteLease { is_held: false });
    tab.act("s", "reverse");
    book.write(&tab);
    assert_eq!(book.marks(), [(1, Mark::Sending), (2, Mark::Waiting)]);
    let next = book.taken_up();
    assert_eq!(next.to_do(), "1: reverse in doubt; 2: reverse waiting".replace("waiting", "sending"));
    assert_eq!(next.wire(), "LOOK r reverse; POST s reverse");
}

#[test]
fn the_same_line_taken_up_twice_is_one_intent() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.act("r", "reverse");
    book.write(&tab);
    let mut next = book.taken_up();
    next.apply(Event::Restored { persisted: book.persisted.values().cloned().collect(), at: Time(0) });
    assert_eq!((next.to_do().as_str(), next.wire().as_str()), ("1: reverse in doubt", "LOOK r reverse"));
}

/// A tab that has typed `x = 2` takes up `x = 1` of another, which has died; neither saw the other's.
fn two_tabs_typed_the_same_field() -> (TestTab, Book) {
    let mut dead = TestTab::showing_r();
    let mut book = Book::default();
    dead.apply(Event::WriteLease { is_held: false });
    dead.propose("r", &[("x", 1)]);
    book.write(&dead);
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.now = 5;
    tab.next_intent_is(2);
    let left = book.persisted.values().cloned().collect();
    tab.propose("r", &[("x", 2)]);
    book.write(&tab);
    tab.apply(Event::Restored { persisted: left, at: Time(6) });
    book.write(&tab);
    (tab, book)
}

#[test]
fn what_another_tab_left_does_not_pass_for_typed_over_ones_own() {
    let (mut tab, _) = two_tabs_typed_the_same_field();
    tab.apply(Event::WentOnline);
    tab.answer(read("v1", START));
    assert_eq!(tab.wire(), "PATCH r v1 x=2");
    tab.answer(accepted("v2", &[("x", 2), ("y", 0)]));
    assert_eq!((tab.wire().as_str(), tab.told().as_str()), ("", "settled 2; conflict 1 x"));
}

#[test]
fn whose_values_an_edit_was_typed_over_outlives_every_tab() {
    let (_, book) = two_tabs_typed_the_same_field();
    let mut next = book.taken_up();
    next.answer(read("v1", START));
    assert_eq!(next.wire(), "PATCH r v1 x=1");
    next.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("", "settled 1; conflict 2 x"));
}

#[test]
fn a_record_that_is_still_to_be_created_is_not_read_when_it_is_taken_up() {
    let mut tab = TestTab::new();
    let mut book = Book::default();
    tab.apply(Event::WriteLease { is_held: false });
    tab.create("draft", &[("x", 1)]);
    book.write(&tab);
    tab.now = 1;
    tab.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    book.write(&tab);
    let mut next = book.taken_up();
    assert_eq!((next.wire().as_str(), next.sees("draft").as_str()), ("POST draft create", "x 2 waiting"));
    next.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    assert_eq!(next.wire(), "PATCH r v1 x=2");
}

#[test]
fn without_its_turn_a_tab_reads_and_writes_nothing() {
    let mut tab = TestTab::new();
    tab.apply(Event::WriteLease { is_held: false });
    assert!(!tab.store.needs_write_lease());
    tab.apply(Event::Hold { key: "r" });
    assert_eq!(tab.wire(), "GET r");
    assert!(!tab.store.needs_write_lease(), "a reading needs no lease");
    tab.answer(read("v1", START));
    tab.propose("r", &[("x", 1)]);
    tab.act("s", "reverse");
    assert_eq!((tab.wire().as_str(), tab.sees("r").as_str()), ("", "x 1 waiting, y 0"));
    assert!(tab.store.needs_write_lease());
    tab.apply(Event::WriteLease { is_held: true });
    assert_eq!(tab.wire(), "PATCH r v1 x=1; POST s reverse");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert!(tab.store.needs_write_lease(), "the action is still out");
    tab.answer(Outcome::Done { record: None });
    assert!(!tab.store.needs_write_lease());
}

#[test]
fn a_tab_that_cannot_send_leaves_the_turn_to_others() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    assert!(!tab.store.needs_write_lease());
    tab.apply(Event::WentOnline);
    assert!(tab.store.needs_write_lease());
    tab.apply(Event::SessionExpired { system: System::default() });
    assert!(tab.store.needs_write_lease(), "its write is still out");
}

#[test]
fn s9_many_records_changed_at_one_stroke_settle_one_by_one() {
    let mut tab = TestTab::new();
    let proposal = |number: u64, key| Event::Propose {
        intent: IntentId(number),
        key,
        base: (v("v1"), row(START)),
        changes: row(&[("x", 1)]),
        at: Time(0),
    };
    let proposals = vec![proposal(1, "a"), proposal(2, "b"), proposal(3, "c")];
    tab.apply(Event::AtOnce(proposals));
    assert_eq!(tab.last.changed.len(), 3, "all are shown at once");
    assert_eq!(tab.wire(), "PATCH a v1 x=1; PATCH b v1 x=1; PATCH c v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.told(), "settled 1");
    tab.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(tab.told(), "refused 2");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.told(), "settled 3");
    assert_eq!(tab.persisted(), "2: x=1 (locked)");
}

#[test]
fn what_was_not_sent_goes_on_over_a_record_that_a_screen_has_read_already() {
    let mut tab = TestTab::showing_r();
    let mut book = Book::default();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    book.write(&tab);
    assert_eq!(book.marks(), [(1, Mark::Waiting)]);
    let mut next = TestTab::new();
    next.apply(Event::WriteLease { is_held: false });
    let stamp = next.store.stamp();
    next.apply(Event::ItemRead { key: "r", asked_at: stamp, version: v("v1"), fields: row(START) });
    next.apply(Event::Hold { key: "r" });
    next.apply(Event::Restored { persisted: book.persisted.values().cloned().collect(), at: Time(0) });
    assert_eq!(next.wire(), "GET r");
    next.answer(read("v1", START));
    assert!(next.store.needs_write_lease(), "{}", next.sees("r"));
    next.apply(Event::WriteLease { is_held: true });
    assert_eq!(next.wire(), "PATCH r v1 x=1");
}
