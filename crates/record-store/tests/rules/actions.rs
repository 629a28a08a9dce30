//! What is to be done once (S12): every answer, every probe, and how actions and edits of one record
//! wait for each other.

use crate::desk::{Desk, START, accepted, read, refused, row, v};
use record_store::{Event, Mark, Outcome, RefusalKind, Request, Time};
use std::time::Duration;

type Answer = Outcome<&'static str, &'static str, i64>;

const DONE: Answer = Outcome::Done { record: None };

#[track_caller]
fn check(desk: &Desk, to_do: &str, wire: &str, told: &str) {
    assert_eq!(desk.to_do(), to_do, "to do");
    assert_eq!(desk.wire(), wire, "on the wire");
    assert_eq!(desk.told(), told, "told");
}

/// A desk at which record `r` is shown and its reversal has been sent.
fn sent() -> Desk {
    let mut desk = Desk::showing_r();
    desk.act("r", "reverse");
    check(&desk, "1: reverse sending", "POST r reverse", "");
    desk
}

#[test]
fn done_is_settled_and_the_record_is_read_again() {
    let mut desk = sent();
    desk.answer(DONE);
    check(&desk, "", "GET r", "settled 1");
    desk.answer(read("v2", &[("x", -1), ("y", 0)]));
    assert_eq!(desk.sees("r"), "x -1, y 0");
}

#[test]
fn done_with_the_record_needs_no_reading() {
    let mut desk = sent();
    desk.answer(Outcome::Done { record: Some((v("v2"), row(&[("x", 5), ("y", 0)]))) });
    check(&desk, "", "", "settled 1");
    assert_eq!(desk.sees("r"), "x 5, y 0");
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    check(&desk, "1: reverse in doubt", "", "in doubt 1");
    desk.pass(1_000);
    check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
    desk.answer(DONE);
    check(&desk, "", "GET r", "settled 1");
}

#[test]
fn not_done_counts_only_from_a_look_that_left_after_the_attempt_can_have_landed() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(600);
    let mut looks = 0;
    while desk.now < 60_000 && desk.to_do() == "1: reverse in doubt" {
        if desk.wire() == "LOOK r reverse" {
            looks += 1;
            desk.answer(Outcome::NotDone);
        }
        assert!(!desk.wire().contains("POST"), "sent again by itself");
        if desk.to_do() == "1: reverse in doubt" {
            assert!(desk.now < 10_100, "in doubt after it was settled");
            desk.pass(500);
        }
    }
    check(&desk, "1: reverse refused NotDone", "", "refused 1");
    assert!(desk.now >= 10_000, "told after {} ms", desk.now);
    assert!(looks >= 3, "{looks} looks");
}

#[test]
fn what_was_proven_not_done_is_sent_again_only_by_the_person() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(20_000);
    desk.answer(Outcome::NotDone);
    check(&desk, "1: reverse refused NotDone", "", "refused 1");
    desk.pass(3_600_000);
    check(&desk, "1: reverse refused NotDone", "", "");
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    check(&desk, "1: reverse sending", "POST r reverse", "");
}

#[test]
fn a_look_is_told_when_the_person_last_sent_it_off() {
    let looked_since = |desk: &Desk| {
        let since = desk.last.requests.iter().find_map(|request| match request {
            Request::Probe { at, .. } => Some(*at),
            _ => None,
        });
        since.expect("a look")
    };
    let mut desk = Desk::new();
    desk.pass(1_000);
    desk.act("platform", "purge");
    let pressed_at = Time(desk.now);
    desk.answer(Outcome::Lost);
    desk.pass(20_000);
    assert_eq!(looked_since(&desk), pressed_at);
    desk.answer(Outcome::NotDone);
    // Nothing has told the store the time since.
    desk.now += 60_000;
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    let pressed_again_at = Time(desk.now);
    desk.answer(Outcome::Lost);
    desk.pass(20_000);
    assert_eq!(looked_since(&desk), pressed_again_at);
}

#[test]
fn a_refusal_after_a_lost_attempt_is_looked_up_for_the_lost_one_may_be_its_cause() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(20_000);
    desk.answer(Outcome::NotDone);
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    desk.answer(refused(RefusalKind::Business, "already reversed"));
    check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
    desk.answer(DONE);
    check(&desk, "", "GET r", "settled 1");
}

#[test]
fn a_refusal_after_a_lost_attempt_stands_where_nothing_was_done() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(20_000);
    desk.answer(Outcome::NotDone);
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    desk.answer(refused(RefusalKind::Business, "the period is closed"));
    desk.answer(Outcome::NotDone);
    check(&desk, "1: reverse refused Business", "", "refused 1");
}

#[test]
fn stale_and_gone_are_refusals_of_an_action_after_which_the_record_is_read() {
    for (answer, kind) in
        [(Outcome::Stale { current: None }, RefusalKind::Contended), (Outcome::Gone, RefusalKind::Gone)]
    {
        let mut desk = sent();
        desk.answer(answer);
        check(&desk, &format!("1: reverse refused {kind:?}"), "GET r", "refused 1");
    }
}

#[test]
fn an_answer_that_is_none_to_an_action_leaves_it_in_doubt() {
    for answer in [read("v2", &[("x", 5), ("y", 0)]), Outcome::NotDone] {
        let mut desk = sent();
        desk.answer(answer);
        check(&desk, "1: reverse in doubt", "LOOK r reverse", "in doubt 1");
    }
}

#[test]
fn a_look_that_tells_nothing_is_made_again() {
    let tells_nothing = [
        Outcome::Lost,
        Outcome::NotSent,
        Outcome::Pressure { retry_after: None },
        accepted("v2", START),
        read("v2", START),
        Outcome::Stale { current: None },
    ];
    for answer in tells_nothing {
        let mut desk = sent();
        desk.answer(Outcome::Lost);
        desk.pass(600);
        desk.answer(answer);
        check(&desk, "1: reverse in doubt", "", "");
        desk.pass(2_000);
        check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
    }
}

#[test]
fn a_look_that_a_401_answers_is_made_again_after_the_sign_in() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(600);
    desk.answer(Outcome::SessionExpired);
    desk.pass(60_000);
    check(&desk, "1: reverse in doubt", "", "");
    desk.apply(Event::SignedIn);
    check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_refusal_is_final_until_the_person_tries_again() {
    for kind in [RefusalKind::Business, RefusalKind::Validation, RefusalKind::Role] {
        let mut desk = sent();
        desk.answer(refused(kind, "because"));
        check(&desk, &format!("1: reverse refused {kind:?}"), "", "refused 1");
        desk.pass(3_600_000);
        check(&desk, &format!("1: reverse refused {kind:?}"), "", "");
        desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
        check(&desk, "1: reverse sending", "POST r reverse", "");
    }
}

#[test]
fn a_server_under_pressure_may_have_done_it() {
    let mut desk = sent();
    desk.answer(Outcome::Pressure { retry_after: Some(Duration::from_secs(20)) });
    check(&desk, "1: reverse in doubt", "", "in doubt 1");
    desk.pass(19_999);
    check(&desk, "1: reverse in doubt", "", "");
    desk.pass(1);
    check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_401_and_a_request_that_never_left_did_nothing_and_go_on() {
    let mut desk = sent();
    desk.answer(Outcome::SessionExpired);
    check(&desk, "1: reverse waiting", "", "");
    desk.apply(Event::SignedIn);
    check(&desk, "1: reverse sending", "POST r reverse", "");
    desk.answer(Outcome::NotSent);
    check(&desk, "1: reverse waiting", "", "");
    desk.pass(30_000);
    check(&desk, "1: reverse sending", "POST r reverse", "");
}

#[test]
fn while_offline_it_is_refused_at_once_and_not_queued() {
    let mut desk = Desk::showing_r();
    desk.apply(Event::WentOffline);
    desk.act("r", "reverse");
    check(&desk, "1: reverse refused Offline", "", "refused 1");
    desk.apply(Event::WentOnline);
    check(&desk, "1: reverse refused Offline", "", "");
}

#[test]
fn it_cannot_be_given_up_while_it_may_take_effect() {
    let mut desk = sent();
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&desk, "1: reverse sending", "POST r reverse", "still sending 1");
    desk.answer(Outcome::Lost);
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&desk, "1: reverse in doubt", "", "still sending 1");
    desk.pass(20_000);
    desk.answer(Outcome::NotDone);
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&desk, "", "", "discarded 1");
}

#[test]
fn edits_and_actions_of_one_record_leave_in_the_order_they_were_sent_off() {
    let mut desk = Desk::showing_r();
    desk.propose("r", &[("x", 1)]);
    desk.act("r", "submit");
    desk.propose("r", &[("y", 2)]);
    assert_eq!(desk.wire(), "PATCH r v1 x=1");
    desk.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(desk.wire(), "POST r submit");
    desk.answer(Outcome::Done { record: Some((v("v3"), row(&[("x", 1), ("y", 0)]))) });
    assert_eq!(desk.wire(), "PATCH r v3 y=2");
}

#[test]
fn an_action_in_doubt_holds_back_what_comes_after_it_on_the_same_record_only() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.propose("r", &[("y", 2)]);
    desk.act("s", "reverse");
    desk.pass(600);
    assert_eq!(desk.wire(), "LOOK r reverse; POST s reverse");
}

#[test]
fn a_created_record_is_shown_before_the_server_knows_it_and_moves_to_the_servers_key() {
    let mut desk = Desk::new();
    desk.create("draft", &[("x", 1), ("y", 2)]);
    assert_eq!(desk.sees("draft"), "x 1 sending, y 2 sending");
    assert_eq!(desk.wire(), "POST draft create");
    desk.propose_over("draft", "", &[("x", 1), ("y", 2)], &[("y", 3)]);
    assert_eq!(desk.sees("draft"), "x 1 sending, y 3 waiting");
    desk.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1), ("y", 2)]) });
    assert_eq!(desk.told(), "settled 1; created 1 as r");
    assert_eq!(desk.sees("r"), "x 1, y 3 sending");
    assert_eq!(desk.wire(), "PATCH r v1 y=3");
}

#[test]
fn a_create_whose_answer_was_lost_is_found_by_its_natural_key() {
    let mut desk = Desk::new();
    desk.create("r", &[("x", 0), ("y", 0)]);
    desk.answer(Outcome::Lost);
    desk.pass(600);
    assert_eq!(desk.wire(), "LOOK r create");
    desk.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(START) });
    check(&desk, "", "", "settled 1; created 1 as r");
    assert_eq!(desk.sees("r"), "x 0, y 0");
}

#[test]
fn a_create_tried_again_does_not_wait_for_what_was_typed_into_it_meanwhile() {
    let mut desk = Desk::new();
    desk.create("draft", &[("x", 1)]);
    desk.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    desk.answer(refused(RefusalKind::Business, "the period is closed"));
    assert_eq!(desk.wire(), "", "what was typed waits for the record");
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    assert_eq!(desk.wire(), "POST draft create");
    desk.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    assert_eq!(desk.wire(), "PATCH r v1 x=2");
}

#[test]
fn an_action_on_a_record_that_is_still_being_created_waits_for_it() {
    let mut desk = Desk::new();
    desk.create("draft", &[("x", 1)]);
    desk.act("draft", "submit");
    desk.answer(refused(RefusalKind::Validation, "no such product"));
    check(&desk, "1: create refused Validation; 2: submit waiting", "", "refused 1");
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    desk.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    check(&desk, "2: submit sending", "POST r submit", "settled 1; created 1 as r");
}

#[test]
fn what_was_typed_into_a_record_given_up_is_looked_for_when_it_is_tried_again() {
    let mut desk = Desk::new();
    desk.create("draft", &[("x", 1)]);
    desk.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    desk.answer(refused(RefusalKind::Validation, "no such product"));
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    desk.apply(Event::Retry { intent: record_store::IntentId(2), at: Time(desk.now) });
    assert_eq!(desk.wire(), "GET draft");
    desk.answer(Outcome::Gone);
    assert_eq!((desk.wire().as_str(), desk.told().as_str()), ("", "gone draft; refused 2"));
}

#[test]
fn what_was_typed_into_a_record_that_will_never_be_is_kept_as_refused() {
    let mut desk = Desk::new();
    desk.create("draft", &[("x", 1)]);
    desk.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    desk.answer(refused(RefusalKind::Validation, "no such product"));
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    assert_eq!(desk.told(), "discarded 1; refused 2");
    assert_eq!(desk.kept(), "2: x=2");
}

#[test]
fn on_a_deleted_record_waiting_actions_are_refused_and_doubtful_ones_looked_up() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.act("r", "submit");
    let stamp = desk.store.stamp();
    desk.apply(Event::Gone { key: "r", asked_at: stamp });
    check(&desk, "1: reverse in doubt; 2: submit refused Gone", "", "gone r; refused 2");
    desk.pass(600);
    assert_eq!(desk.wire(), "LOOK r reverse");
}

#[test]
fn an_action_that_did_not_reach_a_record_that_was_found_gone_meanwhile_is_not_left_waiting() {
    for never_carried_out in [Outcome::SessionExpired, Outcome::NotSent] {
        let mut desk = sent();
        let stamp = desk.store.stamp();
        desk.apply(Event::Gone { key: "r", asked_at: stamp });
        check(&desk, "1: reverse sending", "POST r reverse", "gone r");
        desk.answer(never_carried_out);
        check(&desk, "1: reverse refused Gone", "", "refused 1");
    }
}

#[test]
fn an_action_in_doubt_on_a_deleted_record_ends_when_nothing_of_it_can_come_any_more() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    while desk.now < 10_000 {
        check(&desk, "1: reverse in doubt", "", if desk.now == 0 { "in doubt 1" } else { "" });
        desk.pass(2_000);
        desk.answer(Outcome::Gone);
    }
    check(&desk, "1: reverse refused Gone", "", "refused 1");
    desk.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&desk, "", "", "discarded 1");
}

#[test]
fn who_may_not_look_stays_in_doubt_until_the_person_asks_for_another_look() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(600);
    desk.answer(refused(RefusalKind::Role, "you may not read this"));
    desk.pass(3_600_000);
    check(&desk, "1: reverse in doubt", "", "");
    desk.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(desk.now) });
    check(&desk, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_late_answer_of_a_look_changes_nothing() {
    let mut desk = sent();
    desk.answer(Outcome::Lost);
    desk.pass(600);
    let look = desk.out.clone();
    desk.answer(DONE);
    desk.out.extend(look);
    let last = desk.out.len() - 1;
    let late = desk.out.remove(last);
    desk.out.insert(0, late);
    desk.answer(DONE);
    check(&desk, "", "GET r", "");
}

#[test]
fn a_screen_sees_that_the_record_is_being_worked_on() {
    let desk = sent();
    let view = desk.store.view(&"r").expect("held");
    assert_eq!(view.actions().map(|action| action.action().name).collect::<Vec<_>>(), ["reverse"]);
    assert_eq!(view.mark(&"x"), Mark::Confirmed);
    assert_eq!(desk.store.summary().sending, 1);
    let told: Vec<_> = desk.last.changed.iter().map(|changed| changed.key).collect();
    assert_eq!(told, ["r"]);
}
