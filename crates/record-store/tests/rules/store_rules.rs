//! S1 to S11 for record edits.

use crate::desk::{Desk, START, accepted, check, read, refused, row, stale, v};
use record_store::{
    Choice, Event, IntentId, Limits, Mark, Outcome, RefusalKind, Session, Stamp, Time, Version,
};
use std::time::Duration;

#[test]
fn s1_shown_is_the_base_under_the_proposals_in_order() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.propose("r", &[("x", 2), ("y", 5)]);
    check(&desk, "x 2 waiting, y 5 waiting", "PATCH r v1 x=1", "");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&desk, "x 2 sending, y 5 sending", "PATCH r v2 x=2 y=5", "settled 1");
    desk.answer(accepted("v3", &[("x", 2), ("y", 5)]));
    check(&desk, "x 2, y 5", "", "settled 2");
}

#[test]
fn s1_a_value_equal_to_the_base_is_settled_without_a_request() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 0)]);
    check(&desk, "x 0, y 0", "", "settled 1");
}

#[test]
fn s1_typing_the_old_value_back_is_sent_while_the_first_edit_is_out() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.propose("r", &[("x", 0)]);
    check(&desk, "x 0 waiting, y 0", "PATCH r v1 x=1", "");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&desk, "x 0 sending, y 0", "PATCH r v2 x=0", "settled 1");
}

#[test]
fn s1_values_the_server_derives_from_ones_own_write_are_no_conflict() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.propose("r", &[("y", 7)]);
    // The server sets y from x. The second proposal was typed over y as it was before.
    desk.answer(accepted("v2", &[("x", 1), ("y", 10)]));
    check(&desk, "x 1, y 7 sending", "PATCH r v2 y=7", "settled 1");
}

#[test]
fn s2_a_counted_version_never_goes_down() {
    let mut desk = Desk::new();
    desk.apply(Event::Hold { key: "r" });
    for (order, x, sees) in [(5, 50, "x 50"), (4, 40, "x 50"), (6, 60, "x 60")] {
        desk.apply(Event::ItemRead {
            key: "r",
            asked_at: Stamp::default(),
            version: Version::counted(order),
            fields: row(&[("x", x)]),
        });
        assert_eq!(desk.sees("r"), sees, "after version {order}");
    }
}

#[test]
fn s2_an_opaque_version_moves_only_by_a_read_that_left_after_the_base_was_learnt() {
    let mut desk = Desk::showing_r();
    let before = desk.store.stamp();
    desk.propose("r", &[("x", 1)]);
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    desk.apply(Event::ItemRead { key: "r", asked_at: before, version: v("v1"), fields: row(START) });
    // Not taken, but a screen shows the record, so it is asked for again.
    check(&desk, "x 1, y 0", "GET r", "");
    desk.answer(read("v3", &[("x", 1), ("y", 4)]));
    check(&desk, "x 1, y 4", "", "");
}

#[test]
fn s2_an_answer_that_was_overtaken_by_a_newer_read_settles_without_going_back() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    let while_out = desk.store.stamp();
    // Somebody wrote y right after our write; a read saw it before our answer came.
    desk.list(while_out, "v3", &[("x", 1), ("y", 9)]);
    check(&desk, "x 1 sending, y 9", "PATCH r v1 x=1", "");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&desk, "x 1, y 9", "", "settled 1");
    let view = desk.store.view(&"r").expect("held");
    assert_eq!(view.version(), Some(&v("v3")));
}

#[test]
fn s3_one_write_per_record_and_a_few_records_at_a_time() {
    let mut desk = Desk::with(Limits { writes: 2, ..Limits::default() });
    desk.propose("a", &[("x", 1)]);
    desk.propose("a", &[("y", 2)]);
    desk.propose("b", &[("x", 1)]);
    desk.propose("c", &[("x", 1)]);
    assert_eq!(desk.wire(), "PATCH a v1 x=1; PATCH b v1 x=1");
    desk.answer(accepted("a2", &[("x", 1), ("y", 0)]));
    // First come, first served: c has waited longer than a's second proposal.
    assert_eq!(desk.wire(), "PATCH b v1 x=1; PATCH c v1 x=1");
    desk.answer(accepted("b2", &[("x", 1), ("y", 0)]));
    assert_eq!(desk.wire(), "PATCH c v1 x=1; PATCH a a2 y=2");
}

#[test]
fn s4_a_write_carries_the_newest_known_version() {
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    desk.propose("r", &[("x", 1)]);
    let later = desk.store.stamp();
    desk.list(later, "v7", &[("x", 0), ("y", 3)]);
    check(&desk, "x 1 waiting, y 3", "", "merged 1 y");
    desk.apply(Event::WentOnline);
    check(&desk, "x 1 sending, y 3", "PATCH r v7 x=1", "");
}

#[test]
fn s5_a_refused_proposal_leaves_no_trace_in_the_values() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.propose("r", &[("y", 2)]);
    desk.answer(refused(RefusalKind::Validation, "too small"));
    check(&desk, "x 0 refused, y 2 sending", "PATCH r v1 y=2", "refused 1");
    assert_eq!(desk.kept(), "2: y=2; 1: x=1 (too small)");
}

#[test]
fn s6_every_standing_has_its_own_mark_and_count() {
    let mut desk = Desk::new();
    for key in ["sending", "doubt", "conflict", "refused"] {
        desk.propose(key, &[("x", 1)]);
    }
    desk.propose("sending", &[("y", 1)]);
    let requests: Vec<_> = (1..=4).map(record_store::RequestId).collect();
    desk.answer_to(requests[2], stale("v2", &[("x", 9), ("y", 0)]));
    desk.answer_to(requests[3], refused(RefusalKind::Role, "viewers may not"));
    desk.answer_to(requests[1], Outcome::Lost);
    let mark = |key, field| desk.store.view(&key).map(|view| view.mark(&field));
    assert_eq!(mark("sending", "x"), Some(Mark::Sending));
    assert_eq!(mark("sending", "y"), Some(Mark::Waiting));
    assert_eq!(mark("doubt", "x"), Some(Mark::InDoubt));
    assert_eq!(mark("conflict", "x"), Some(Mark::Conflict));
    assert_eq!(mark("refused", "x"), Some(Mark::Refused));
    assert_eq!(mark("refused", "y"), Some(Mark::Confirmed));
    let summary = desk.store.summary();
    let counts = [summary.pending, summary.sending, summary.in_doubt, summary.conflicts, summary.refused];
    assert_eq!(counts, [1, 1, 1, 1, 1]);
    assert_eq!(summary.unfinished(), 3);
}

#[test]
fn s6_a_conflict_shows_base_theirs_and_mine() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1), ("y", 2)]);
    desk.answer(stale("v2", &[("x", 9), ("y", 0)]));
    let intent = desk.store.intents().next().expect("kept");
    let fields: Vec<_> = intent
        .changes()
        .map(|c| (*c.field, c.base.copied(), c.theirs.copied(), *c.mine, c.overlaps))
        .collect();
    assert_eq!(fields, [("x", Some(0), Some(9), 1, true), ("y", Some(0), Some(0), 2, false)]);
}

#[test]
fn s7_a_late_or_repeated_answer_changes_nothing() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    let request = record_store::RequestId(2);
    desk.answer_to(request, accepted("v2", &[("x", 1), ("y", 0)]));
    for outcome in [
        accepted("v2", &[("x", 1), ("y", 0)]),
        stale("v0", &[("x", 8), ("y", 8)]),
        refused(RefusalKind::Business, "locked"),
        Outcome::Gone,
        Outcome::Lost,
        Outcome::SessionExpired,
        Outcome::Pressure { retry_after: None },
    ] {
        desk.answer_to(request, outcome);
        check(&desk, "x 1, y 0", "", "");
        assert_eq!(desk.last.changed, []);
        assert_eq!(desk.store.summary().session, Session::Active);
    }
}

#[test]
fn s8_a_list_neither_resurrects_nor_overwrites() {
    let mut desk = Desk::showing_r();
    let before = desk.store.stamp();
    desk.propose("r", &[("x", 1)]);
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    desk.list(before, "v1", START);
    assert_eq!(desk.sees("r"), "x 1, y 0");
    desk.apply(Event::Gone { key: "r", asked_at: desk.store.stamp() });
    desk.list(desk.store.stamp(), "v2", &[("x", 1), ("y", 0)]);
    assert_eq!(desk.sees("r"), "x 1, y 0 (gone)");
}

#[test]
fn s8_a_settled_edit_outlives_its_screen_long_enough_for_an_old_list() {
    let mut desk = Desk::new();
    let before = desk.store.stamp();
    desk.propose("r", &[("x", 1)]);
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    desk.list(before, "v1", START);
    check(&desk, "x 1, y 0", "", "");
}

#[test]
fn s8_a_newer_row_with_fewer_fields_makes_the_store_read_the_record() {
    let mut desk = Desk::showing_r();
    let later = desk.store.stamp();
    desk.list(later, "v2", &[("x", 5)]);
    check(&desk, "x 0, y 0", "GET r", "");
}

#[test]
fn s9_a_bulk_edit_settles_record_by_record() {
    let mut desk = Desk::new();
    for key in ["a", "b", "c"] {
        desk.propose(key, &[("x", 1)]);
    }
    desk.answer(accepted("a2", &[("x", 1), ("y", 0)]));
    desk.answer(refused(RefusalKind::Validation, "not for b"));
    desk.answer(accepted("c2", &[("x", 1), ("y", 0)]));
    assert_eq!(desk.sees("a"), "x 1, y 0");
    assert_eq!(desk.sees("b"), "x 0 refused, y 0");
    assert_eq!(desk.sees("c"), "x 1, y 0");
    assert_eq!(desk.kept(), "2: x=1 (not for b)");
}

#[test]
fn s10_the_same_events_give_the_same_effects() {
    let story = || {
        let mut desk = Desk::showing_r();
        let mut log = String::new();
        desk.propose("r", &[("x", 1)]);
        log += &format!("{:?}", desk.last);
        desk.answer(Outcome::Pressure { retry_after: Some(Duration::from_secs(2)) });
        log += &format!("{:?}", desk.last);
        desk.pass(2_000);
        log + &format!("{:?}", desk.last)
    };
    assert_eq!(story(), story());
}

#[test]
fn s11_clean_records_that_no_screen_holds_are_let_go() {
    let mut desk = Desk::with(Limits { lately_answered: 1, ..Limits::default() });
    for key in ["a", "b"] {
        desk.propose(key, &[("x", 1)]);
        desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    }
    assert_eq!(desk.sees("a"), "not held");
    assert_eq!(desk.sees("b"), "x 1, y 0");
    desk.apply(Event::ListRead {
        asked_at: desk.store.stamp(),
        rows: vec![("long list", v("v1"), row(START))],
    });
    assert_eq!(desk.sees("long list"), "not held");
}

#[test]
fn s11_a_held_record_and_a_refused_proposal_stay() {
    let mut desk = Desk::with(Limits { lately_answered: 0, ..Limits::default() });
    desk.apply(Event::Hold { key: "held" });
    desk.answer(read("v1", START));
    desk.propose("refused", &[("x", 1)]);
    desk.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(desk.sees("held"), "x 0, y 0");
    assert_eq!(desk.sees("refused"), "x 0 refused, y 0");
    desk.apply(Event::Release { key: "held" });
    desk.apply(Event::TimePassed { now: Time(1) });
    assert_eq!(desk.sees("held"), "not held");
}

#[test]
fn a_value_typed_over_something_else_than_the_store_knows_is_a_conflict() {
    let mut desk = Desk::showing_r();
    desk.propose_over("r", "v0", &[("x", 8), ("y", 0)], &[("x", 1)]);
    check(&desk, "x 0 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn a_conflict_ends_as_the_person_decides() {
    let decide = |choice, sees: &str, wire: &str, told: &str| {
        let mut desk = Desk::showing_r();
        let intent = desk.propose("r", &[("x", 1)]);
        desk.answer(stale("v2", &[("x", 9), ("y", 0)]));
        check(&desk, "x 9 conflict, y 0", "", "conflict 1 x");
        desk.apply(Event::Resolve { intent, choices: [("x", choice)].into() });
        check(&desk, sees, wire, told);
    };
    let kept = "PATCH r v2 x=1";
    decide(Choice::KeepMine, "x 1 sending, y 0", kept, "");
    decide(Choice::TakeTheirs, "x 9, y 0", "", "discarded 1");
    let edited = "PATCH r v2 x=4";
    decide(Choice::Edit(4), "x 4 sending, y 0", edited, "");
    decide(Choice::Edit(9), "x 9, y 0", "", "settled 1");
}

#[test]
fn a_conflict_that_others_change_again_is_told_again_and_not_sent() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.answer(stale("v2", &[("x", 9), ("y", 0)]));
    desk.list(desk.store.stamp(), "v3", &[("x", 9), ("y", 5)]);
    check(&desk, "x 9 conflict, y 5", "", "");
    desk.list(desk.store.stamp(), "v4", &[("x", 8), ("y", 5)]);
    check(&desk, "x 8 conflict, y 5", "", "conflict 1 x");
}

#[test]
fn a_later_proposal_goes_on_when_the_one_before_is_discarded() {
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    let first = desk.propose("r", &[("x", 1)]);
    desk.propose("r", &[("x", 2)]);
    desk.apply(Event::Discard { intent: first });
    check(&desk, "x 2 waiting, y 0", "", "discarded 1");
    desk.apply(Event::WentOnline);
    check(&desk, "x 2 sending, y 0", "PATCH r v1 x=2", "");
}

#[test]
fn what_is_being_sent_cannot_be_discarded() {
    let mut desk = Desk::showing_r();
    let intent = desk.propose("r", &[("x", 1)]);
    desk.apply(Event::Discard { intent });
    check(&desk, "x 1 sending, y 0", "PATCH r v1 x=1", "still sending 1");
}

#[test]
fn a_refused_proposal_is_sent_again_when_the_person_wants_it() {
    let mut desk = Desk::showing_r();
    let intent = desk.propose("r", &[("x", 1)]);
    desk.answer(refused(RefusalKind::Business, "period closed"));
    desk.apply(Event::Retry { intent, at: Time(desk.now) });
    check(&desk, "x 1 sending, y 0", "PATCH r v1 x=1", "");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&desk, "x 1, y 0", "", "settled 1");
}

#[test]
fn a_refused_proposal_sent_again_over_someone_elses_value_is_a_conflict() {
    let mut desk = Desk::showing_r();
    let intent = desk.propose("r", &[("x", 1)]);
    desk.answer(refused(RefusalKind::Business, "period closed"));
    desk.list(desk.store.stamp(), "v2", &[("x", 5), ("y", 0)]);
    desk.apply(Event::Retry { intent, at: Time(desk.now) });
    check(&desk, "x 5 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn a_repeated_proposal_is_one_proposal() {
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    for _ in 0..2 {
        desk.apply(Event::Propose {
            intent: IntentId(1),
            key: "r",
            base: (v("v1"), row(START)),
            changes: row(&[("x", 1)]),
            at: Time(0),
        });
    }
    assert_eq!(desk.kept(), "1: x=1");
}

#[test]
fn changed_names_the_record_and_the_fields_to_paint() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    let changed = |desk: &Desk| -> Vec<_> {
        let cells = desk.last.changed.iter();
        cells.map(|c| (c.key, c.fields.clone())).collect()
    };
    assert_eq!(changed(&desk), [("r", vec!["x"])]);
    desk.answer(accepted("v2", &[("x", 1), ("y", 4)]));
    assert_eq!(changed(&desk), [("r", vec!["x", "y"])]);
    desk.list(desk.store.stamp(), "v3", &[("x", 1), ("y", 4)]);
    // Only the version: the row that another screen keeps must still learn it.
    assert_eq!(changed(&desk), [("r", vec![])]);
}

#[test]
fn a_decision_made_while_a_newer_write_is_in_doubt_comes_last() {
    let mut desk = Desk::showing_r();
    let first = desk.propose("r", &[("x", 1)]);
    desk.answer(stale("v2", &[("x", 9), ("y", 0)]));
    desk.propose_over("r", "v2", &[("x", 9), ("y", 0)], &[("x", 2)]);
    desk.answer(Outcome::Lost);
    desk.apply(Event::Resolve { intent: first, choices: [("x", Choice::Edit(3))].into() });
    check(&desk, "x 3 waiting, y 0", "", "");
    desk.pass(500);
    // The lost write had arrived: it is settled and not sent over the later decision.
    desk.answer(read("v3", &[("x", 2), ("y", 0)]));
    check(&desk, "x 3 sending, y 0", "PATCH r v3 x=3", "settled 2");
    desk.answer(accepted("v4", &[("x", 3), ("y", 0)]));
    check(&desk, "x 3, y 0", "", "settled 1");
}

#[test]
fn a_conflict_does_not_end_because_others_put_the_old_value_back() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.answer(stale("v2", &[("x", 9), ("y", 0)]));
    desk.list(desk.store.stamp(), "v3", START);
    check(&desk, "x 0 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn s11_a_record_that_the_app_has_read_is_not_read_again_when_a_screen_holds_it() {
    let mut desk = Desk::new();
    let asked_at = Stamp::default();
    desk.apply(Event::ItemRead { key: "r", asked_at, version: v("v1"), fields: row(&[("x", 7)]) });
    desk.apply(Event::Hold { key: "r" });
    check(&desk, "x 7", "", "");
}
