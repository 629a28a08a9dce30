//! S1 to S11 for record edits.

use crate::tab::{START, TestTab, accepted, check, read, refused, row, stale, v};
use record_store::{
    Choice, Event, IntentId, Limits, Mark, Outcome, RefusalKind, Session, Stamp, Time, Version,
};
use std::time::Duration;

#[test]
fn s1_shown_is_the_base_under_the_proposals_in_order() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("x", 2), ("y", 5)]);
    check(&tab, "x 2 waiting, y 5 waiting", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 2 sending, y 5 sending", "PATCH r v2 x=2 y=5", "settled 1");
    tab.answer(accepted("v3", &[("x", 2), ("y", 5)]));
    check(&tab, "x 2, y 5", "", "settled 2");
}

#[test]
fn s1_a_value_equal_to_the_base_is_settled_without_a_request() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 0)]);
    check(&tab, "x 0, y 0", "", "settled 1");
}

#[test]
fn s1_typing_the_old_value_back_is_sent_while_the_first_edit_is_out() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("x", 0)]);
    check(&tab, "x 0 waiting, y 0", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 0 sending, y 0", "PATCH r v2 x=0", "settled 1");
}

#[test]
fn s1_values_the_server_derives_from_ones_own_write_are_no_conflict() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("y", 7)]);
    // The server sets y from x. The second proposal was typed over y as it was before.
    tab.answer(accepted("v2", &[("x", 1), ("y", 10)]));
    check(&tab, "x 1, y 7 sending", "PATCH r v2 y=7", "settled 1");
}

#[test]
fn s2_a_counted_version_never_goes_down() {
    let mut tab = TestTab::new();
    tab.apply(Event::Hold { key: "r" });
    for (order, x, sees) in [(5, 50, "x 50"), (4, 40, "x 50"), (6, 60, "x 60")] {
        tab.apply(Event::ItemRead {
            key: "r",
            asked_at: Stamp::default(),
            version: Version::counted(order),
            fields: row(&[("x", x)]),
        });
        assert_eq!(tab.sees("r"), sees, "after version {order}");
    }
}

#[test]
fn s2_an_opaque_version_moves_only_by_a_read_that_left_after_the_base_was_learnt() {
    let mut tab = TestTab::showing_r();
    let before = tab.store.stamp();
    tab.propose("r", &[("x", 1)]);
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.apply(Event::ItemRead { key: "r", asked_at: before, version: v("v1"), fields: row(START) });
    // Not taken, but a screen shows the record, so it is asked for again.
    check(&tab, "x 1, y 0", "GET r", "");
    tab.answer(read("v3", &[("x", 1), ("y", 4)]));
    check(&tab, "x 1, y 4", "", "");
}

#[test]
fn s2_an_answer_that_was_overtaken_by_a_newer_read_settles_without_going_back() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    let while_out = tab.store.stamp();
    // Somebody wrote y right after our write; a read saw it before our answer came.
    tab.list(while_out, "v3", &[("x", 1), ("y", 9)]);
    check(&tab, "x 1 sending, y 9", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 1, y 9", "", "settled 1");
    let view = tab.store.view(&"r").expect("held");
    assert_eq!(view.version(), Some(&v("v3")));
}

#[test]
fn s3_one_write_per_record_and_a_few_records_at_a_time() {
    let mut tab = TestTab::with(Limits { writes: 2, ..Limits::default() });
    tab.propose("a", &[("x", 1)]);
    tab.propose("a", &[("y", 2)]);
    tab.propose("b", &[("x", 1)]);
    tab.propose("c", &[("x", 1)]);
    assert_eq!(tab.wire(), "PATCH a v1 x=1; PATCH b v1 x=1");
    tab.answer(accepted("a2", &[("x", 1), ("y", 0)]));
    // First come, first served: c has waited longer than a's second proposal.
    assert_eq!(tab.wire(), "PATCH b v1 x=1; PATCH c v1 x=1");
    tab.answer(accepted("b2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH c v1 x=1; PATCH a a2 y=2");
}

#[test]
fn s4_a_write_carries_the_newest_known_version() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    let later = tab.store.stamp();
    tab.list(later, "v7", &[("x", 0), ("y", 3)]);
    check(&tab, "x 1 waiting, y 3", "", "merged 1 y");
    tab.apply(Event::WentOnline);
    check(&tab, "x 1 sending, y 3", "PATCH r v7 x=1", "");
}

#[test]
fn s5_a_refused_proposal_leaves_no_trace_in_the_values() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("y", 2)]);
    tab.answer(refused(RefusalKind::Validation, "too small"));
    check(&tab, "x 0 refused, y 2 sending", "PATCH r v1 y=2", "refused 1");
    assert_eq!(tab.persisted(), "2: y=2; 1: x=1 (too small)");
}

#[test]
fn s6_every_standing_has_its_own_mark_and_count() {
    let mut tab = TestTab::new();
    for key in ["sending", "doubt", "conflict", "refused"] {
        tab.propose(key, &[("x", 1)]);
    }
    tab.propose("sending", &[("y", 1)]);
    let requests: Vec<_> = (1..=4).map(record_store::RequestId).collect();
    tab.answer_to(requests[2], stale("v2", &[("x", 9), ("y", 0)]));
    tab.answer_to(requests[3], refused(RefusalKind::Role, "viewers may not"));
    tab.answer_to(requests[1], Outcome::Lost);
    let mark = |key, field| tab.store.view(&key).map(|view| view.mark(&field));
    assert_eq!(mark("sending", "x"), Some(Mark::Sending));
    assert_eq!(mark("sending", "y"), Some(Mark::Waiting));
    assert_eq!(mark("doubt", "x"), Some(Mark::InDoubt));
    assert_eq!(mark("conflict", "x"), Some(Mark::Conflict));
    assert_eq!(mark("refused", "x"), Some(Mark::Refused));
    assert_eq!(mark("refused", "y"), Some(Mark::Confirmed));
    let summary = tab.store.summary();
    let counts = [summary.pending, summary.sending, summary.in_doubt, summary.conflicts, summary.refused];
    assert_eq!(counts, [1, 1, 1, 1, 1]);
    assert_eq!(summary.unfinished(), 3);
}

#[test]
fn s6_a_conflict_shows_base_theirs_and_mine() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1), ("y", 2)]);
    tab.answer(stale("v2", &[("x", 9), ("y", 0)]));
    let intent = tab.store.intents().next().expect("persisted");
    let fields: Vec<_> = intent
        .changes()
        .map(|c| (*c.field, c.base.copied(), c.theirs.copied(), *c.mine, c.overlaps))
        .collect();
    assert_eq!(fields, [("x", Some(0), Some(9), 1, true), ("y", Some(0), Some(0), 2, false)]);
}

#[test]
fn s7_a_late_or_repeated_answer_changes_nothing() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    let request = record_store::RequestId(2);
    tab.answer_to(request, accepted("v2", &[("x", 1), ("y", 0)]));
    for outcome in [
        accepted("v2", &[("x", 1), ("y", 0)]),
        stale("v0", &[("x", 8), ("y", 8)]),
        refused(RefusalKind::Business, "locked"),
        Outcome::Gone,
        Outcome::Lost,
        Outcome::SessionExpired,
        Outcome::Pressure { retry_after: None },
    ] {
        tab.answer_to(request, outcome);
        check(&tab, "x 1, y 0", "", "");
        assert_eq!(tab.last.changed, []);
        assert_eq!(tab.store.summary().session, Session::Active);
    }
}

#[test]
fn s8_a_list_neither_resurrects_nor_overwrites() {
    let mut tab = TestTab::showing_r();
    let before = tab.store.stamp();
    tab.propose("r", &[("x", 1)]);
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.list(before, "v1", START);
    assert_eq!(tab.sees("r"), "x 1, y 0");
    tab.apply(Event::Gone { key: "r", asked_at: tab.store.stamp() });
    tab.list(tab.store.stamp(), "v2", &[("x", 1), ("y", 0)]);
    assert_eq!(tab.sees("r"), "x 1, y 0 (gone)");
}

#[test]
fn s8_a_settled_edit_outlives_its_screen_long_enough_for_an_old_list() {
    let mut tab = TestTab::new();
    let before = tab.store.stamp();
    tab.propose("r", &[("x", 1)]);
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.list(before, "v1", START);
    check(&tab, "x 1, y 0", "", "");
}

#[test]
fn s4_a_write_after_a_page_was_let_go_carries_the_version_that_the_last_one_made() {
    // The page of before comes again late, early and twice; what was saved stands, and is what is written upon.
    let before_page = |tab: &mut TestTab, asked_at| tab.list(asked_at, "v1", &[("x", 1), ("y", 0)]);
    for times in 0..3 {
        let mut tab = TestTab::new();
        let asked_at = tab.store.stamp();
        before_page(&mut tab, asked_at);
        tab.propose_over("r", "v1", &[("x", 1), ("y", 0)], &[("x", 2)]);
        tab.answer(accepted("v2", &[("x", 2), ("y", 0)]));
        (0..times).for_each(|_| before_page(&mut tab, asked_at));
        // Typed over what the grid shows: the row with the version of the answer.
        tab.propose_over("r", "v2", &[("x", 2), ("y", 0)], &[("x", 3)]);
        check(&tab, "x 3 sending, y 0", "PATCH r v2 x=3", "");
        before_page(&mut tab, asked_at);
        tab.answer(accepted("v3", &[("x", 3), ("y", 0)]));
        // Which of the two is older, an opaque version does not tell: the record is read.
        check(&tab, "x 3, y 0", "GET r", "settled 2");
        tab.answer(read("v3", &[("x", 3), ("y", 0)]));
        check(&tab, "x 3, y 0", "", "");
    }
}

#[test]
fn s8_a_newer_row_with_fewer_fields_makes_the_store_read_the_record() {
    let mut tab = TestTab::showing_r();
    let later = tab.store.stamp();
    tab.list(later, "v2", &[("x", 5)]);
    check(&tab, "x 0, y 0", "GET r", "");
}

#[test]
fn s9_a_bulk_edit_settles_record_by_record() {
    let mut tab = TestTab::new();
    for key in ["a", "b", "c"] {
        tab.propose(key, &[("x", 1)]);
    }
    tab.answer(accepted("a2", &[("x", 1), ("y", 0)]));
    tab.answer(refused(RefusalKind::Validation, "not for b"));
    tab.answer(accepted("c2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.sees("a"), "x 1, y 0");
    assert_eq!(tab.sees("b"), "x 0 refused, y 0");
    assert_eq!(tab.sees("c"), "x 1, y 0");
    assert_eq!(tab.persisted(), "2: x=1 (not for b)");
}

#[test]
fn s10_the_same_events_give_the_same_effects() {
    let story = || {
        let mut tab = TestTab::showing_r();
        let mut log = String::new();
        tab.propose("r", &[("x", 1)]);
        log += &format!("{:?}", tab.last);
        tab.answer(Outcome::Pressure { retry_after: Some(Duration::from_secs(2)) });
        log += &format!("{:?}", tab.last);
        tab.pass(2_000);
        log + &format!("{:?}", tab.last)
    };
    assert_eq!(story(), story());
}

#[test]
fn s11_clean_records_that_no_screen_holds_are_let_go() {
    let mut tab = TestTab::with(Limits { lately_answered: 1, ..Limits::default() });
    for key in ["a", "b"] {
        tab.propose(key, &[("x", 1)]);
        tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    }
    assert_eq!(tab.sees("a"), "not held");
    assert_eq!(tab.sees("b"), "x 1, y 0");
    tab.apply(Event::ListRead {
        asked_at: tab.store.stamp(),
        rows: vec![("long list", v("v1"), row(START))],
    });
    assert_eq!(tab.sees("long list"), "not held");
}

#[test]
fn s11_a_held_record_and_a_refused_proposal_stay() {
    let mut tab = TestTab::with(Limits { lately_answered: 0, ..Limits::default() });
    tab.apply(Event::Hold { key: "held" });
    tab.answer(read("v1", START));
    tab.propose("refused", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(tab.sees("held"), "x 0, y 0");
    assert_eq!(tab.sees("refused"), "x 0 refused, y 0");
    tab.apply(Event::Release { key: "held" });
    tab.apply(Event::TimePassed { now: Time(1) });
    assert_eq!(tab.sees("held"), "not held");
}

#[test]
fn a_value_typed_over_something_else_than_the_store_knows_is_a_conflict() {
    let mut tab = TestTab::showing_r();
    tab.propose_over("r", "v0", &[("x", 8), ("y", 0)], &[("x", 1)]);
    check(&tab, "x 0 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn a_conflict_ends_as_the_person_decides() {
    let decide = |choice, sees: &str, wire: &str, told: &str| {
        let mut tab = TestTab::showing_r();
        let intent = tab.propose("r", &[("x", 1)]);
        tab.answer(stale("v2", &[("x", 9), ("y", 0)]));
        check(&tab, "x 9 conflict, y 0", "", "conflict 1 x");
        tab.apply(Event::Resolve { intent, choices: [("x", choice)].into() });
        check(&tab, sees, wire, told);
    };
    let persisted = "PATCH r v2 x=1";
    decide(Choice::KeepMine, "x 1 sending, y 0", persisted, "");
    decide(Choice::TakeTheirs, "x 9, y 0", "", "discarded 1");
    let edited = "PATCH r v2 x=4";
    decide(Choice::Edit(4), "x 4 sending, y 0", edited, "");
    decide(Choice::Edit(9), "x 9, y 0", "", "settled 1");
}

#[test]
fn a_conflict_that_others_change_again_is_told_again_and_not_sent() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.answer(stale("v2", &[("x", 9), ("y", 0)]));
    tab.list(tab.store.stamp(), "v3", &[("x", 9), ("y", 5)]);
    check(&tab, "x 9 conflict, y 5", "", "");
    tab.list(tab.store.stamp(), "v4", &[("x", 8), ("y", 5)]);
    check(&tab, "x 8 conflict, y 5", "", "conflict 1 x");
}

#[test]
fn a_later_proposal_goes_on_when_the_one_before_is_discarded() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    let first = tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("x", 2)]);
    tab.apply(Event::Discard { intent: first });
    check(&tab, "x 2 waiting, y 0", "", "discarded 1");
    tab.apply(Event::WentOnline);
    check(&tab, "x 2 sending, y 0", "PATCH r v1 x=2", "");
}

#[test]
fn what_is_being_sent_cannot_be_discarded() {
    let mut tab = TestTab::showing_r();
    let intent = tab.propose("r", &[("x", 1)]);
    tab.apply(Event::Discard { intent });
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "still sending 1");
}

#[test]
fn a_refused_proposal_is_sent_again_when_the_person_wants_it() {
    let mut tab = TestTab::showing_r();
    let intent = tab.propose("r", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Business, "period closed"));
    tab.apply(Event::Retry { intent, at: Time(tab.now) });
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 1, y 0", "", "settled 1");
}

#[test]
fn a_refused_proposal_sent_again_over_someone_elses_value_is_a_conflict() {
    let mut tab = TestTab::showing_r();
    let intent = tab.propose("r", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Business, "period closed"));
    tab.list(tab.store.stamp(), "v2", &[("x", 5), ("y", 0)]);
    tab.apply(Event::Retry { intent, at: Time(tab.now) });
    check(&tab, "x 5 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn a_repeated_proposal_is_one_proposal() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    for _ in 0..2 {
        tab.apply(Event::Propose {
            intent: IntentId(1),
            key: "r",
            base: (v("v1"), row(START)),
            changes: row(&[("x", 1)]),
            at: Time(0),
        });
    }
    assert_eq!(tab.persisted(), "1: x=1");
}

#[test]
fn changed_names_the_record_and_the_fields_to_paint() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    let changed = |tab: &TestTab| -> Vec<_> {
        let cells = tab.last.changed.iter();
        cells.map(|c| (c.key, c.fields.clone())).collect()
    };
    assert_eq!(changed(&tab), [("r", vec!["x"])]);
    tab.answer(accepted("v2", &[("x", 1), ("y", 4)]));
    assert_eq!(changed(&tab), [("r", vec!["x", "y"])]);
    tab.list(tab.store.stamp(), "v3", &[("x", 1), ("y", 4)]);
    // Only the version: the row that another screen keeps must still learn it.
    assert_eq!(changed(&tab), [("r", vec![])]);
    tab.list(tab.store.stamp(), "v3", &[("x", 1), ("y", 4)]);
    assert_eq!(changed(&tab), [], "nothing is painted anew that looks as before");
    tab.apply(Event::Gone { key: "r", asked_at: tab.store.stamp() });
    assert_eq!(changed(&tab), [("r", vec![])]);
}

#[test]
fn more_of_one_state_is_put_to_what_is_known_of_it() {
    let mut tab = TestTab::showing_r();
    tab.list(tab.store.stamp(), "v1", &[("z", 5)]);
    check(&tab, "x 0, y 0, z 5", "", "");
    assert_eq!(tab.last.changed.iter().flat_map(|changed| changed.fields.clone()).collect::<Vec<_>>(), ["z"]);
}

#[test]
fn a_screen_is_told_when_something_was_asked_for() {
    let mut tab = TestTab::showing_r();
    tab.pass(1_000);
    tab.propose("r", &[("x", 1)]);
    tab.pass(1_000);
    tab.act("r", "reverse");
    tab.create("new", &[("x", 3)]);
    let at: Vec<u64> = tab.store.intents().map(|intent| intent.at().0).collect();
    assert_eq!(at, [1_000]);
    let at: Vec<u64> = tab.store.actions().map(|action| action.at().0).collect();
    assert_eq!(at, [2_000, 2_000]);
    let is_being_created = |key| tab.store.view(&key).expect("held").is_being_created();
    assert!(is_being_created("new") && !is_being_created("r"));
}

#[test]
fn what_others_changed_after_a_write_is_told_to_what_was_typed_later() {
    let fields = [("x", 0), ("y", 0), ("z", 0)];
    let mut tab = TestTab::new();
    tab.apply(Event::Hold { key: "r" });
    tab.answer(read("v1", &fields));
    tab.propose_over("r", "v1", &fields, &[("x", 1)]);
    tab.propose_over("r", "v1", &fields, &[("y", 2)]);
    tab.list(tab.store.stamp(), "v3", &[("x", 1), ("y", 0), ("z", 9)]);
    // The answer to the write comes after a reading of what somebody made of it.
    tab.answer(accepted("v2", &[("x", 1), ("y", 0), ("z", 0)]));
    check(&tab, "x 1, y 2 sending, z 9", "PATCH r v3 y=2", "settled 1; merged 2 z");
}

#[test]
fn a_decision_made_while_a_newer_write_is_in_doubt_comes_last() {
    let mut tab = TestTab::showing_r();
    let first = tab.propose("r", &[("x", 1)]);
    tab.answer(stale("v2", &[("x", 9), ("y", 0)]));
    tab.propose_over("r", "v2", &[("x", 9), ("y", 0)], &[("x", 2)]);
    tab.answer(Outcome::Lost);
    tab.apply(Event::Resolve { intent: first, choices: [("x", Choice::Edit(3))].into() });
    check(&tab, "x 3 waiting, y 0", "", "");
    tab.pass(500);
    // The lost write had arrived: it is settled and not sent over the later decision.
    tab.answer(read("v3", &[("x", 2), ("y", 0)]));
    check(&tab, "x 3 sending, y 0", "PATCH r v3 x=3", "settled 2");
    tab.answer(accepted("v4", &[("x", 3), ("y", 0)]));
    check(&tab, "x 3, y 0", "", "settled 1");
}

#[test]
fn a_conflict_does_not_end_because_others_put_the_old_value_back() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.answer(stale("v2", &[("x", 9), ("y", 0)]));
    tab.list(tab.store.stamp(), "v3", START);
    check(&tab, "x 0 conflict, y 0", "", "conflict 1 x");
}

#[test]
fn s11_a_record_that_the_app_has_read_is_not_read_again_when_a_screen_holds_it() {
    let mut tab = TestTab::new();
    let asked_at = Stamp::default();
    tab.apply(Event::ItemRead { key: "r", asked_at, version: v("v1"), fields: row(&[("x", 7)]) });
    tab.apply(Event::Hold { key: "r" });
    check(&tab, "x 7", "", "");
}

#[test]
fn what_a_change_rests_on_is_not_sent_and_goes_with_it() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1), ("y", 0)]);
    check(&tab, "x 1 sending, y 0 sending", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 1, y 0", "", "settled 1");
    // Alone it is nothing to be sent, also after the server holds all that rested on it.
    tab.propose_over("r", "v2", &[("x", 1), ("y", 0)], &[("y", 0)]);
    check(&tab, "x 1, y 0", "", "settled 2");
}

#[test]
fn what_a_change_rests_on_is_not_refused_with_it() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1), ("y", 0)]);
    tab.answer(refused(RefusalKind::Validation, "too early"));
    assert_eq!(tab.sees("r"), "x 0 refused, y 0");
}

#[test]
fn what_a_change_rests_on_is_a_conflict_once_somebody_changed_it() {
    let mut tab = TestTab::showing_r();
    let intent = tab.propose("r", &[("x", 1), ("y", 0)]);
    tab.answer(stale("v2", &[("x", 0), ("y", 7)]));
    check(&tab, "x 0 conflict, y 7 conflict", "", "conflict 1 y");
    tab.apply(Event::Resolve { intent, choices: [("y", Choice::KeepMine)].into() });
    check(&tab, "x 1 sending, y 0 sending", "PATCH r v2 x=1 y=0", "");

    let mut tab = TestTab::showing_r();
    let intent = tab.propose("r", &[("x", 1), ("y", 0)]);
    tab.answer(stale("v2", &[("x", 0), ("y", 7)]));
    tab.apply(Event::Resolve { intent, choices: [("y", Choice::TakeTheirs)].into() });
    check(&tab, "x 1 sending, y 7", "PATCH r v2 x=1", "");

    // It was changed before the proposal was made, and the person had not seen it.
    let mut tab = TestTab::showing_r();
    tab.list(tab.store.stamp(), "v2", &[("x", 0), ("y", 7)]);
    tab.propose("r", &[("x", 1), ("y", 0)]);
    check(&tab, "x 0 conflict, y 7 conflict", "", "conflict 1 y");
    // And put back: there is nothing left to decide.
    tab.list(tab.store.stamp(), "v3", START);
    check(&tab, "x 1 sending, y 0 sending", "PATCH r v3 x=1", "");
}

#[test]
fn what_a_change_rests_on_is_a_conflict_also_where_ones_own_write_has_moved_it() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("z", 1)]);
    let intent = tab.propose("r", &[("x", 1), ("y", 0)]);
    // The server derives y from z.
    tab.answer(accepted("v2", &[("x", 0), ("y", 7), ("z", 1)]));
    check(&tab, "x 0 conflict, y 7 conflict, z 1", "", "settled 1; conflict 2 y");
    tab.apply(Event::Resolve { intent, choices: [("y", Choice::TakeTheirs)].into() });
    check(&tab, "x 1 sending, y 7, z 1", "PATCH r v2 x=1", "");
}

#[test]
fn what_a_change_rests_on_is_never_put_back_over_ones_own() {
    let begun = || {
        let mut tab = TestTab::showing_r();
        let intent = tab.propose("r", &[("x", 1), ("y", 0)]);
        tab.answer(stale("v2", &[("x", 7), ("y", 0)]));
        tab.propose("r", &[("y", 5)]);
        (tab, intent)
    };
    // The change was given up, and nothing is left of it.
    let (mut tab, intent) = begun();
    tab.apply(Event::Resolve { intent, choices: [("x", Choice::TakeTheirs)].into() });
    check(&tab, "x 7, y 5 sending", "PATCH r v2 y=5", "discarded 1");
    tab.answer(accepted("v3", &[("x", 7), ("y", 5)]));
    check(&tab, "x 7, y 5", "", "settled 2");
    // It is to go all the same, over a value that it does not rest on.
    let (mut tab, intent) = begun();
    tab.apply(Event::Resolve { intent, choices: [("x", Choice::KeepMine)].into() });
    tab.answer(accepted("v3", &[("x", 7), ("y", 5)]));
    check(&tab, "x 7 conflict, y 5 conflict", "", "settled 2; conflict 1 y");
}

#[test]
fn a_lost_write_is_done_whatever_became_of_what_it_rested_on() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1), ("y", 0)]);
    tab.answer(Outcome::Lost);
    tab.pass(500);
    tab.answer(read("v3", &[("x", 1), ("y", 7)]));
    check(&tab, "x 1, y 7", "", "settled 1");
}

#[test]
fn putting_a_value_back_over_ones_own_that_waits_is_a_change() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    tab.propose("r", &[("x", 0)]);
    check(&tab, "x 0 waiting, y 0", "", "");
    tab.apply(Event::WentOnline);
    check(&tab, "x 0 waiting, y 0", "PATCH r v1 x=1", "");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 0 sending, y 0", "PATCH r v2 x=0", "settled 1");
    tab.answer(accepted("v3", START));
    check(&tab, "x 0, y 0", "", "settled 2");
}
