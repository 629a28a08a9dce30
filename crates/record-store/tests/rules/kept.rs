//! What outlives the tab: the journal's lines, and what is taken up from them; and the turn that
//! tabs of one browser take to write.

use crate::desk::{Desk, START, accepted, read, refused, row, v};
use record_store::{Content, Ending, Event, IntentId, Journal, Kept, Mark, Outcome, RefusalKind, Time};
use std::collections::BTreeMap;

type TheKept = Kept<&'static str, &'static str, i64>;

/// What a journal holds after everything a desk was told to keep.
#[derive(Default)]
struct Book {
    kept: BTreeMap<IntentId, TheKept>,
    ended: Vec<(IntentId, Ending)>,
}

impl Book {
    fn write(&mut self, desk: &Desk) {
        for line in desk.last.journal.iter().cloned() {
            match line {
                Journal::Put(kept) => {
                    self.kept.insert(kept.intent, kept);
                }
                Journal::Ended { intent, ending } => {
                    self.kept.remove(&intent);
                    self.ended.push((intent, ending));
                }
            }
        }
    }

    fn marks(&self) -> Vec<(u64, Mark)> {
        self.kept.values().map(|kept| (kept.intent.0, kept.mark)).collect()
    }

    /// A new tab that takes up what the old one left.
    fn taken_up(&self) -> Desk {
        let mut desk = Desk::new();
        desk.apply(Event::Restored { kept: self.kept.values().cloned().collect(), at: Time(0) });
        desk
    }
}

#[test]
fn an_edit_is_kept_as_sent_before_its_request_leaves_and_ends_with_its_answer() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    assert_eq!(desk.last.requests.len(), 1, "it leaves with this event");
    book.write(&desk);
    assert_eq!(book.marks(), [(1, Mark::Sending)]);
    let kept = &book.kept[&IntentId(1)];
    let Content::Edit(changes) = &kept.content else { panic!("an edit") };
    assert_eq!((changes["x"].base, changes["x"].mine), (Some(0), 1));
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    book.write(&desk);
    assert_eq!(book.marks(), []);
    assert_eq!(book.ended, [(IntentId(1), Ending::Settled)]);
}

#[test]
fn a_read_that_changes_no_intent_writes_no_line() {
    let mut desk = Desk::showing_r();
    assert_eq!(desk.last.journal, []);
    desk.apply(Event::Release { key: "r" });
    assert_eq!(desk.last.journal, []);
}

#[test]
fn what_was_given_up_ends_as_discarded() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    desk.answer(refused(RefusalKind::Business, "locked"));
    book.write(&desk);
    assert_eq!(book.marks(), [(1, Mark::Refused)]);
    assert_eq!(
        book.kept[&IntentId(1)].refusal.as_ref().map(|(_, reasons)| reasons[0].message.as_str()),
        Some("locked")
    );
    desk.apply(Event::Discard { intent: IntentId(1) });
    book.write(&desk);
    assert_eq!(book.ended, [(IntentId(1), Ending::Discarded)]);
}

#[test]
fn an_edit_that_may_have_been_sent_is_read_before_anything_else_and_settled_if_it_landed() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    let mut next = book.taken_up();
    assert_eq!(next.wire(), "GET r");
    assert_eq!(next.sees("r"), "x 1 in doubt");
    next.answer(read("v2", &[("x", 1), ("y", 0)]));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("", "settled 1"));
}

#[test]
fn an_edit_that_did_not_land_is_sent_with_the_version_that_was_read() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    let mut next = book.taken_up();
    next.answer(read("v7", &[("x", 0), ("y", 9)]));
    assert_eq!(next.wire(), "PATCH r v7 x=1");
}

#[test]
fn an_edit_over_which_somebody_else_typed_is_a_conflict() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    let mut next = book.taken_up();
    next.answer(read("v2", &[("x", 5), ("y", 0)]));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("", "conflict 1 x"));
}

#[test]
fn several_edits_of_one_record_go_on_in_their_order() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.now = 5;
    for (field, value) in [("x", 1), ("x", 2), ("y", 3)] {
        desk.propose("r", &[(field, value)]);
        book.write(&desk);
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
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.apply(Event::WentOffline);
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    let mut next = book.taken_up();
    // The list still shows an older state than the one that x was typed over.
    next.propose_over("r", "v0", &[("x", 8), ("y", 0)], &[("y", 4)]);
    assert_eq!(next.wire(), "GET r");
    next.answer(read("v1", START));
    assert_eq!((next.wire().as_str(), next.told().as_str()), ("PATCH r v1 x=1", ""));
}

#[test]
fn a_refused_edit_keeps_its_reason_and_is_not_sent() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.propose("r", &[("x", 1)]);
    desk.answer(refused(RefusalKind::Business, "locked"));
    book.write(&desk);
    let mut next = book.taken_up();
    next.answer(read("v1", START));
    assert_eq!((next.wire().as_str(), next.kept().as_str()), ("", "1: x=1 (locked)"));
}

#[test]
fn an_action_that_may_have_been_sent_is_looked_up_and_one_that_was_not_goes_on() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.act("r", "reverse");
    book.write(&desk);
    desk.apply(Event::Turn { is_mine: false });
    desk.act("s", "reverse");
    book.write(&desk);
    assert_eq!(book.marks(), [(1, Mark::Sending), (2, Mark::Waiting)]);
    let next = book.taken_up();
    assert_eq!(next.to_do(), "1: reverse in doubt; 2: reverse waiting".replace("waiting", "sending"));
    assert_eq!(next.wire(), "LOOK r reverse; POST s reverse");
}

#[test]
fn the_same_line_taken_up_twice_is_one_intent() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.act("r", "reverse");
    book.write(&desk);
    let mut next = book.taken_up();
    next.apply(Event::Restored { kept: book.kept.values().cloned().collect(), at: Time(0) });
    assert_eq!((next.to_do().as_str(), next.wire().as_str()), ("1: reverse in doubt", "LOOK r reverse"));
}

/// A tab that has typed `x = 2` takes up `x = 1` of another, which has died; neither saw the other's.
fn two_tabs_typed_the_same_field() -> (Desk, Book) {
    let mut dead = Desk::showing_r();
    let mut book = Book::default();
    dead.apply(Event::Turn { is_mine: false });
    dead.propose("r", &[("x", 1)]);
    book.write(&dead);
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    desk.now = 5;
    desk.next_intent_is(2);
    let left = book.kept.values().cloned().collect();
    desk.propose("r", &[("x", 2)]);
    book.write(&desk);
    desk.apply(Event::Restored { kept: left, at: Time(6) });
    book.write(&desk);
    (desk, book)
}

#[test]
fn what_another_tab_left_does_not_pass_for_typed_over_ones_own() {
    let (mut desk, _) = two_tabs_typed_the_same_field();
    desk.apply(Event::WentOnline);
    desk.answer(read("v1", START));
    assert_eq!(desk.wire(), "PATCH r v1 x=2");
    desk.answer(accepted("v2", &[("x", 2), ("y", 0)]));
    assert_eq!((desk.wire().as_str(), desk.told().as_str()), ("", "settled 2; conflict 1 x"));
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
    let mut desk = Desk::new();
    let mut book = Book::default();
    desk.apply(Event::Turn { is_mine: false });
    desk.create("draft", &[("x", 1)]);
    book.write(&desk);
    desk.now = 1;
    desk.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    book.write(&desk);
    let mut next = book.taken_up();
    assert_eq!((next.wire().as_str(), next.sees("draft").as_str()), ("POST draft create", "x 2 waiting"));
    next.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    assert_eq!(next.wire(), "PATCH r v1 x=2");
}

#[test]
fn without_its_turn_a_tab_reads_and_writes_nothing() {
    let mut desk = Desk::new();
    desk.apply(Event::Turn { is_mine: false });
    assert!(!desk.store.needs_turn());
    desk.apply(Event::Hold { key: "r" });
    assert_eq!(desk.wire(), "GET r");
    assert!(!desk.store.needs_turn(), "a reading needs no turn");
    desk.answer(read("v1", START));
    desk.propose("r", &[("x", 1)]);
    desk.act("s", "reverse");
    assert_eq!((desk.wire().as_str(), desk.sees("r").as_str()), ("", "x 1 waiting, y 0"));
    assert!(desk.store.needs_turn());
    desk.apply(Event::Turn { is_mine: true });
    assert_eq!(desk.wire(), "PATCH r v1 x=1; POST s reverse");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert!(desk.store.needs_turn(), "the action is still out");
    desk.answer(Outcome::Done { record: None });
    assert!(!desk.store.needs_turn());
}

#[test]
fn a_tab_that_cannot_send_leaves_the_turn_to_others() {
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    desk.propose("r", &[("x", 1)]);
    assert!(!desk.store.needs_turn());
    desk.apply(Event::WentOnline);
    assert!(desk.store.needs_turn());
    desk.apply(Event::SessionExpired);
    assert!(desk.store.needs_turn(), "its write is still out");
}

#[test]
fn s9_many_records_changed_at_one_stroke_settle_one_by_one() {
    let mut desk = Desk::new();
    let proposal = |number: u64, key| Event::Propose {
        intent: IntentId(number),
        key,
        base: (v("v1"), row(START)),
        changes: row(&[("x", 1)]),
        at: Time(0),
    };
    let proposals = vec![proposal(1, "a"), proposal(2, "b"), proposal(3, "c")];
    desk.apply(Event::AtOnce(proposals));
    assert_eq!(desk.last.changed.len(), 3, "all are shown at once");
    assert_eq!(desk.wire(), "PATCH a v1 x=1; PATCH b v1 x=1; PATCH c v1 x=1");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(desk.told(), "settled 1");
    desk.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(desk.told(), "refused 2");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(desk.told(), "settled 3");
    assert_eq!(desk.kept(), "2: x=1 (locked)");
}

#[test]
fn what_was_not_sent_goes_on_over_a_record_that_a_screen_has_read_already() {
    let mut desk = Desk::showing_r();
    let mut book = Book::default();
    desk.apply(Event::WentOffline);
    desk.propose("r", &[("x", 1)]);
    book.write(&desk);
    assert_eq!(book.marks(), [(1, Mark::Waiting)]);
    let mut next = Desk::new();
    next.apply(Event::Turn { is_mine: false });
    let stamp = next.store.stamp();
    next.apply(Event::ItemRead { key: "r", asked_at: stamp, version: v("v1"), fields: row(START) });
    next.apply(Event::Hold { key: "r" });
    next.apply(Event::Restored { kept: book.kept.values().cloned().collect(), at: Time(0) });
    assert_eq!(next.wire(), "GET r");
    next.answer(read("v1", START));
    assert!(next.store.needs_turn(), "{}", next.sees("r"));
    next.apply(Event::Turn { is_mine: true });
    assert_eq!(next.wire(), "PATCH r v1 x=1");
}
