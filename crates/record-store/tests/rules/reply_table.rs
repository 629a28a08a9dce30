//! The reply table, line by line.

use crate::tab::{START, TestTab, accepted, check, read, refused, row, stale, v};
use record_store::{Event, Outcome, RefusalKind, Session, System, Time};
use std::time::Duration;

/// A desk with `x = 1` sent for record `r`.
fn sent() -> TestTab {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "");
    tab
}

#[test]
fn accepted_becomes_the_base_as_the_server_tells_it() {
    let mut tab = sent();
    tab.answer(accepted("v2", &[("x", 100), ("y", 3)]));
    check(&tab, "x 100, y 3", "", "settled 1");
}

#[test]
fn stale_without_overlap_is_rebased_said_and_sent_once_more() {
    let mut tab = sent();
    tab.answer(stale("v2", &[("x", 0), ("y", 9)]));
    check(&tab, "x 1 sending, y 9", "PATCH r v2 x=1", "merged 1 y");
}

#[test]
fn stale_without_a_body_is_read_first() {
    let mut tab = sent();
    tab.answer(Outcome::Stale { current: None });
    check(&tab, "x 1 waiting, y 0", "GET r", "");
    tab.answer(read("v2", &[("x", 0), ("y", 9)]));
    check(&tab, "x 1 sending, y 9", "PATCH r v2 x=1", "merged 1 y");
}

#[test]
fn fields_that_were_not_known_before_are_not_said_to_have_been_changed() {
    let mut tab = TestTab::new();
    // A row of a list, without y.
    tab.propose_over("r", "v1", &[("x", 0)], &[("x", 1)]);
    tab.answer(stale("v2", &[("x", 0), ("y", 9)]));
    check(&tab, "x 1 sending, y 9", "PATCH r v2 x=1", "");
}

#[test]
fn stale_with_equal_values_is_settled() {
    let mut tab = sent();
    tab.answer(stale("v2", &[("x", 1), ("y", 9)]));
    check(&tab, "x 1, y 9", "", "settled 1");
}

#[test]
fn stale_with_overlap_is_a_conflict_and_overwrites_nothing() {
    let mut tab = sent();
    tab.answer(stale("v2", &[("x", 5), ("y", 0)]));
    check(&tab, "x 5 conflict, y 0", "", "conflict 1 x");
    assert_eq!(tab.persisted(), "1: x=1");
}

#[test]
fn stale_again_and_again_ends() {
    let mut tab = sent();
    for attempt in 2..=6 {
        tab.answer(stale(&format!("v{attempt}"), START));
        let wire = format!("PATCH r v{attempt} x=1");
        check(&tab, "x 1 sending, y 0", &wire, "");
    }
    tab.answer(stale("v7", START));
    check(&tab, "x 0 refused, y 0", "", "refused 1");
    let intent = tab.store.intents().next().expect("persisted");
    let kind = intent.refusal().map(|(kind, _)| kind);
    assert_eq!(kind, Some(RefusalKind::Contended));
}

#[test]
fn a_refusal_of_business_validation_or_role_keeps_what_was_typed_and_is_not_sent_again() {
    for kind in [RefusalKind::Business, RefusalKind::Validation, RefusalKind::Role] {
        let mut tab = sent();
        tab.answer(refused(kind, "because"));
        check(&tab, "x 0 refused, y 0", "", "refused 1");
        tab.pass(3_600_000);
        check(&tab, "x 0 refused, y 0", "", "");
        assert_eq!(tab.persisted(), "1: x=1 (because)");
        let intent = tab.store.intents().next().expect("persisted");
        assert_eq!(intent.refusal().map(|(kind, _)| kind), Some(kind));
    }
}

#[test]
fn an_expired_session_pauses_everything_and_drops_nothing() {
    let mut tab = sent();
    tab.answer(Outcome::SessionExpired);
    check(&tab, "x 1 waiting, y 0", "", "");
    tab.propose("s", &[("x", 7)]);
    tab.pass(60_000);
    check(&tab, "x 1 waiting, y 0", "", "");
    assert_eq!(tab.store.summary().session, Session::Expired);
    tab.apply(Event::SignedIn { system: System::default() });
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1; PATCH s v1 x=7", "");
}

#[test]
fn a_401_from_before_the_last_sign_in_does_not_end_the_new_session() {
    let mut tab = sent();
    tab.apply(Event::SignedIn { system: System::default() });
    tab.answer(Outcome::SessionExpired);
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "");
    assert_eq!(tab.store.summary().session, Session::Active);
}

#[test]
fn gone_leaves_a_tombstone_and_reports_the_proposals() {
    let mut tab = sent();
    tab.propose("r", &[("y", 2)]);
    tab.answer(Outcome::Gone);
    check(&tab, "x 0 refused, y 0 refused (gone)", "", "gone r; refused 1; refused 2");
    assert_eq!(tab.persisted(), "1: x=1; 2: y=2");
}

#[test]
fn pressure_rests_the_whole_queue_for_as_long_as_the_server_asks() {
    let mut tab = sent();
    tab.answer(Outcome::Pressure { retry_after: Some(Duration::from_secs(20)) });
    check(&tab, "x 1 waiting, y 0", "", "");
    assert_eq!(tab.last.wake_at, Some(Time(20_000)));
    tab.propose("s", &[("x", 7)]);
    tab.pass(19_999);
    check(&tab, "x 1 waiting, y 0", "", "");
    tab.pass(1);
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1; PATCH s v1 x=7", "");
    assert_eq!(tab.last.wake_at, None);
}

#[test]
fn pressure_without_a_wish_backs_off_longer_each_time_up_to_a_bound() {
    let mut tab = sent();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        tab.answer(Outcome::Pressure { retry_after: None });
        let wake = tab.last.wake_at.expect("something waits").0;
        pauses.push(wake - tab.now);
        tab.pass(wake - tab.now);
    }
    let expected = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    assert_eq!(pauses, expected);
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.propose_over("r", "v2", &[("x", 1), ("y", 0)], &[("x", 2)]);
    tab.answer(Outcome::Pressure { retry_after: None });
    assert_eq!(tab.last.wake_at, Some(Time(tab.now + 500)));
}

/// A desk whose write was lost, with the look-up that follows on the wire.
fn lost() -> TestTab {
    let mut tab = sent();
    tab.propose("r", &[("y", 2)]);
    tab.answer(Outcome::Lost);
    check(&tab, "x 1 in doubt, y 2 waiting", "", "in doubt 1");
    tab.pass(500);
    check(&tab, "x 1 in doubt, y 2 waiting", "GET r", "");
    tab
}

#[test]
fn lost_and_done_is_settled() {
    let mut tab = lost();
    tab.answer(read("v2", &[("x", 1), ("y", 0)]));
    check(&tab, "x 1, y 2 sending", "PATCH r v2 y=2", "settled 1");
}

#[test]
fn lost_and_not_done_is_sent_again() {
    let mut tab = lost();
    tab.answer(read("v1", START));
    check(&tab, "x 1 sending, y 2 waiting", "PATCH r v1 x=1", "");
}

#[test]
fn lost_and_changed_by_others_is_compared() {
    let mut tab = lost();
    tab.answer(read("v5", &[("x", 8), ("y", 0)]));
    check(&tab, "x 8 conflict, y 2 sending", "PATCH r v5 y=2", "conflict 1 x; merged 2 x");
}

#[test]
fn lost_after_the_server_was_seen_to_hold_it_is_settled_whatever_came_later() {
    let mut tab = sent();
    tab.list(tab.store.stamp(), "v2", &[("x", 1), ("y", 0)]);
    tab.answer(Outcome::Lost);
    tab.pass(500);
    // Somebody put the old value back. Sending ours again would overwrite a decision of theirs.
    tab.answer(read("v3", START));
    check(&tab, "x 0, y 0", "", "settled 1");
}

#[test]
fn a_reading_that_left_before_the_loss_decides_nothing() {
    let mut tab = sent();
    let before = tab.store.stamp();
    tab.answer(Outcome::Lost);
    tab.list(before, "v1", START);
    assert_eq!(tab.sees("r"), "x 1 in doubt, y 0");
}

#[test]
fn a_lost_look_up_is_made_again() {
    let mut tab = lost();
    tab.answer(Outcome::Lost);
    tab.pass(30_000);
    check(&tab, "x 1 in doubt, y 2 waiting", "GET r", "");
}

#[test]
fn a_look_up_that_is_not_allowed_leaves_the_doubt_and_refuses_the_rest() {
    let mut tab = lost();
    tab.answer(refused(RefusalKind::Role, "no"));
    check(&tab, "x 1 in doubt, y 0 refused", "", "refused 2");
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    check(&tab, "x 1 in doubt, y 0 refused", "GET r", "");
}

#[test]
fn an_answer_that_is_none_to_a_write_leaves_it_in_doubt() {
    let created = Outcome::Created { key: "r", version: v("v2"), fields: row(START) };
    for answer in [read("v2", START), Outcome::Done { record: None }, created, Outcome::NotDone] {
        let mut tab = sent();
        tab.answer(answer);
        check(&tab, "x 1 in doubt, y 0", "GET r", "in doubt 1");
    }
}

#[test]
fn what_never_left_is_sent_again_after_a_pause() {
    let mut tab = sent();
    tab.answer(Outcome::NotSent { retry_after: None });
    check(&tab, "x 1 waiting, y 0", "", "");
    tab.pass(500);
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "");
}

#[test]
fn what_never_left_waits_as_long_as_it_is_told_and_that_is_told_as_a_pause() {
    let mut tab = sent();
    tab.answer(Outcome::NotSent { retry_after: Some(Duration::from_secs(20)) });
    check(&tab, "x 1 waiting, y 0", "", "");
    assert_eq!(tab.store.paused_until(), Some(Time(20_000)));
    tab.pass(19_999);
    assert_eq!(tab.wire(), "");
    tab.pass(1);
    check(&tab, "x 1 sending, y 0", "PATCH r v1 x=1", "");
}

#[test]
fn offline_keeps_proposals_in_order_and_sends_them_later() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("b", &[("x", 1)]);
    tab.propose("a", &[("x", 2)]);
    tab.propose("b", &[("y", 3)]);
    assert_eq!(tab.wire(), "");
    tab.apply(Event::WentOnline);
    assert_eq!(tab.wire(), "PATCH b v1 x=1; PATCH a v1 x=2");
}
