//! What is to be done once (S12): every answer, every probe, and how actions and edits of one record
//! wait for each other.

use crate::tab::{START, TestTab, accepted, read, refused, row, v};
use record_store::{Event, Mark, Outcome, RefusalKind, Request, System, Time};
use std::time::Duration;

type Answer = Outcome<&'static str, &'static str, i64>;

const DONE: Answer = Outcome::Done { record: None };

#[track_caller]
fn check(tab: &TestTab, to_do: &str, wire: &str, told: &str) {
    assert_eq!(tab.to_do(), to_do, "to do");
    assert_eq!(tab.wire(), wire, "on the wire");
    assert_eq!(tab.told(), told, "told");
}

/// A desk at which record `r` is shown and its reversal has been sent.
fn sent() -> TestTab {
    let mut tab = TestTab::showing_r();
    tab.act("r", "reverse");
    check(&tab, "1: reverse sending", "POST r reverse", "");
    tab
}

#[test]
fn done_is_settled_and_the_record_is_read_again() {
    let mut tab = sent();
    tab.answer(DONE);
    check(&tab, "", "GET r", "settled 1");
    tab.answer(read("v2", &[("x", -1), ("y", 0)]));
    assert_eq!(tab.sees("r"), "x -1, y 0");
}

#[test]
fn done_is_read_again_only_where_somebody_knows_or_shows_the_record() {
    let mut tab = TestTab::new();
    tab.act("r", "reverse");
    tab.answer(DONE);
    check(&tab, "", "", "settled 1");
    // Read by the app, and held by no screen.
    let item =
        Event::ItemRead { key: "r", asked_at: tab.store.stamp(), version: v("v1"), fields: row(START) };
    tab.apply(item);
    tab.act("r", "reverse");
    tab.answer(DONE);
    check(&tab, "", "GET r", "settled 2");
    // Shown, and not read yet, because that was refused.
    let mut tab = TestTab::new();
    tab.apply(Event::Hold { key: "r" });
    tab.answer(refused(RefusalKind::Role, "not for you"));
    tab.act("r", "reverse");
    assert_eq!(tab.wire(), "POST r reverse");
    tab.answer(DONE);
    check(&tab, "", "GET r", "settled 1");
}

#[test]
fn an_action_and_an_edit_of_one_record_leave_in_the_order_in_which_they_were_sent_off() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.propose("r", &[("x", 1)]);
    tab.apply(Event::WentOnline);
    tab.act("r", "reverse");
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "POST r reverse");
    tab.propose("r", &[("y", 2)]);
    assert_eq!(tab.wire(), "POST r reverse");
    let both = |order: [Event<&'static str, &'static str, i64>; 2]| {
        let mut tab = TestTab::showing_r();
        tab.apply(Event::AtOnce(order.into()));
        tab.wire()
    };
    let edit = || Event::Propose {
        intent: record_store::IntentId(1),
        key: "r",
        base: (v("v1"), row(START)),
        changes: row(&[("x", 1)]),
        at: Time(0),
    };
    let act = || Event::Act {
        intent: record_store::IntentId(2),
        key: "r",
        action: record_store::Action { name: "reverse", arguments: row(&[]), creates: false },
        at: Time(0),
    };
    assert_eq!(both([edit(), act()]), "PATCH r v1 x=1");
    assert_eq!(both([act(), edit()]), "POST r reverse");
}

#[test]
fn done_with_the_record_needs_no_reading() {
    let mut tab = sent();
    tab.answer(Outcome::Done { record: Some((v("v2"), row(&[("x", 5), ("y", 0)]))) });
    check(&tab, "", "", "settled 1");
    assert_eq!(tab.sees("r"), "x 5, y 0");
}

#[test]
fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    check(&tab, "1: reverse in doubt", "", "in doubt 1");
    tab.pass(1_000);
    check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
    tab.answer(DONE);
    check(&tab, "", "GET r", "settled 1");
}

#[test]
fn not_done_counts_only_from_a_look_that_left_after_the_attempt_can_have_landed() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(600);
    let mut looks = 0;
    while tab.now < 60_000 && tab.to_do() == "1: reverse in doubt" {
        if tab.wire() == "LOOK r reverse" {
            looks += 1;
            tab.answer(Outcome::NotDone);
        }
        assert!(!tab.wire().contains("POST"), "sent again by itself");
        if tab.to_do() == "1: reverse in doubt" {
            assert!(tab.now < 10_100, "in doubt after it was settled");
            tab.pass(500);
        }
    }
    check(&tab, "1: reverse refused NotDone", "", "refused 1");
    assert!(tab.now >= 10_000, "told after {} ms", tab.now);
    assert!(looks >= 3, "{looks} looks");
}

#[test]
fn what_was_proven_not_done_is_sent_again_only_by_the_person() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(20_000);
    tab.answer(Outcome::NotDone);
    check(&tab, "1: reverse refused NotDone", "", "refused 1");
    tab.pass(3_600_000);
    check(&tab, "1: reverse refused NotDone", "", "");
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    check(&tab, "1: reverse sending", "POST r reverse", "");
}

#[test]
fn a_look_is_told_when_the_person_last_sent_it_off() {
    let looked_since = |tab: &TestTab| {
        let since = tab.last.requests.iter().find_map(|request| match request {
            Request::Probe { at, .. } => Some(*at),
            _ => None,
        });
        since.expect("a look")
    };
    let mut tab = TestTab::new();
    tab.pass(1_000);
    tab.act("platform", "purge");
    let pressed_at = Time(tab.now);
    tab.answer(Outcome::Lost);
    tab.pass(20_000);
    assert_eq!(looked_since(&tab), pressed_at);
    tab.answer(Outcome::NotDone);
    // Nothing has told the store the time since.
    tab.now += 60_000;
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    let pressed_again_at = Time(tab.now);
    tab.answer(Outcome::Lost);
    tab.pass(20_000);
    assert_eq!(looked_since(&tab), pressed_again_at);
}

#[test]
fn a_refusal_after_a_lost_attempt_is_looked_up_for_the_lost_one_may_be_its_cause() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(20_000);
    tab.answer(Outcome::NotDone);
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    tab.answer(refused(RefusalKind::Business, "already reversed"));
    check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
    tab.answer(DONE);
    check(&tab, "", "GET r", "settled 1");
}

#[test]
fn a_refusal_after_a_lost_attempt_stands_where_nothing_was_done() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(20_000);
    tab.answer(Outcome::NotDone);
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    tab.answer(refused(RefusalKind::Business, "the period is closed"));
    tab.answer(Outcome::NotDone);
    check(&tab, "1: reverse refused Business", "", "refused 1");
}

#[test]
fn stale_and_gone_are_refusals_of_an_action_after_which_the_record_is_read() {
    for (answer, kind) in
        [(Outcome::Stale { current: None }, RefusalKind::Contended), (Outcome::Gone, RefusalKind::Gone)]
    {
        let mut tab = sent();
        tab.answer(answer);
        check(&tab, &format!("1: reverse refused {kind:?}"), "GET r", "refused 1");
    }
}

#[test]
fn an_answer_that_is_none_to_an_action_leaves_it_in_doubt() {
    for answer in [read("v2", &[("x", 5), ("y", 0)]), Outcome::NotDone] {
        let mut tab = sent();
        tab.answer(answer);
        check(&tab, "1: reverse in doubt", "LOOK r reverse", "in doubt 1");
    }
}

#[test]
fn a_look_that_tells_nothing_is_made_again() {
    let tells_nothing = [
        Outcome::Lost,
        Outcome::NotSent { retry_after: None },
        Outcome::Pressure { retry_after: None },
        accepted("v2", START),
        read("v2", START),
        Outcome::Stale { current: None },
    ];
    for answer in tells_nothing {
        let mut tab = sent();
        tab.answer(Outcome::Lost);
        tab.pass(600);
        tab.answer(answer);
        check(&tab, "1: reverse in doubt", "", "");
        tab.pass(2_000);
        check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
    }
}

#[test]
fn a_look_that_a_401_answers_is_made_again_after_the_sign_in() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(600);
    tab.answer(Outcome::SessionExpired);
    tab.pass(60_000);
    check(&tab, "1: reverse in doubt", "", "");
    tab.apply(Event::SignedIn { system: System::default() });
    check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_refusal_is_final_until_the_person_tries_again() {
    for kind in [RefusalKind::Business, RefusalKind::Validation, RefusalKind::Role] {
        let mut tab = sent();
        tab.answer(refused(kind, "because"));
        check(&tab, &format!("1: reverse refused {kind:?}"), "", "refused 1");
        tab.pass(3_600_000);
        check(&tab, &format!("1: reverse refused {kind:?}"), "", "");
        tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
        check(&tab, "1: reverse sending", "POST r reverse", "");
    }
}

#[test]
fn a_server_under_pressure_may_have_done_it() {
    let mut tab = sent();
    tab.answer(Outcome::Pressure { retry_after: Some(Duration::from_secs(20)) });
    check(&tab, "1: reverse in doubt", "", "in doubt 1");
    tab.pass(19_999);
    check(&tab, "1: reverse in doubt", "", "");
    tab.pass(1);
    check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_401_and_a_request_that_never_left_did_nothing_and_go_on() {
    let mut tab = sent();
    tab.answer(Outcome::SessionExpired);
    check(&tab, "1: reverse waiting", "", "");
    tab.apply(Event::SignedIn { system: System::default() });
    check(&tab, "1: reverse sending", "POST r reverse", "");
    tab.answer(Outcome::NotSent { retry_after: None });
    check(&tab, "1: reverse waiting", "", "");
    tab.pass(30_000);
    check(&tab, "1: reverse sending", "POST r reverse", "");
}

#[test]
fn while_offline_it_is_refused_at_once_and_not_queued() {
    let mut tab = TestTab::showing_r();
    tab.apply(Event::WentOffline);
    tab.act("r", "reverse");
    check(&tab, "1: reverse refused Offline", "", "refused 1");
    tab.apply(Event::WentOnline);
    check(&tab, "1: reverse refused Offline", "", "");
}

#[test]
fn it_cannot_be_given_up_while_it_may_take_effect() {
    let mut tab = sent();
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&tab, "1: reverse sending", "POST r reverse", "still sending 1");
    tab.answer(Outcome::Lost);
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&tab, "1: reverse in doubt", "", "still sending 1");
    tab.pass(20_000);
    tab.answer(Outcome::NotDone);
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&tab, "", "", "discarded 1");
}

#[test]
fn edits_and_actions_of_one_record_leave_in_the_order_they_were_sent_off() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.act("r", "submit");
    tab.propose("r", &[("y", 2)]);
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "POST r submit");
    tab.answer(Outcome::Done { record: Some((v("v3"), row(&[("x", 1), ("y", 0)]))) });
    assert_eq!(tab.wire(), "PATCH r v3 y=2");
}

#[test]
fn an_action_in_doubt_holds_back_what_comes_after_it_on_the_same_record_only() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.propose("r", &[("y", 2)]);
    tab.act("s", "reverse");
    tab.pass(600);
    assert_eq!(tab.wire(), "LOOK r reverse; POST s reverse");
}

#[test]
fn a_created_record_is_shown_before_the_server_knows_it_and_moves_to_the_servers_key() {
    let mut tab = TestTab::new();
    tab.create("draft", &[("x", 1), ("y", 2)]);
    assert_eq!(tab.sees("draft"), "x 1 sending, y 2 sending");
    assert_eq!(tab.wire(), "POST draft create");
    tab.propose_over("draft", "", &[("x", 1), ("y", 2)], &[("y", 3)]);
    assert_eq!(tab.sees("draft"), "x 1 sending, y 3 waiting");
    tab.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1), ("y", 2)]) });
    assert_eq!(tab.told(), "settled 1; created 1 as r");
    assert_eq!(tab.sees("r"), "x 1, y 3 sending");
    assert_eq!(tab.wire(), "PATCH r v1 y=3");
}

#[test]
fn a_create_whose_answer_was_lost_is_found_by_its_natural_key() {
    let mut tab = TestTab::new();
    tab.create("r", &[("x", 0), ("y", 0)]);
    tab.answer(Outcome::Lost);
    tab.pass(600);
    assert_eq!(tab.wire(), "LOOK r create");
    tab.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(START) });
    check(&tab, "", "", "settled 1; created 1 as r");
    assert_eq!(tab.sees("r"), "x 0, y 0");
}

#[test]
fn a_create_tried_again_does_not_wait_for_what_was_typed_into_it_meanwhile() {
    let mut tab = TestTab::new();
    tab.create("draft", &[("x", 1)]);
    tab.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    tab.answer(refused(RefusalKind::Business, "the period is closed"));
    assert_eq!(tab.wire(), "", "what was typed waits for the record");
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    assert_eq!(tab.wire(), "POST draft create");
    tab.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    assert_eq!(tab.wire(), "PATCH r v1 x=2");
}

#[test]
fn an_action_on_a_record_that_is_still_being_created_waits_for_it() {
    let mut tab = TestTab::new();
    tab.create("draft", &[("x", 1)]);
    tab.act("draft", "submit");
    tab.answer(refused(RefusalKind::Validation, "no such product"));
    check(&tab, "1: create refused Validation; 2: submit waiting", "", "refused 1");
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    tab.answer(Outcome::Created { key: "r", version: v("v1"), fields: row(&[("x", 1)]) });
    check(&tab, "2: submit sending", "POST r submit", "settled 1; created 1 as r");
}

#[test]
fn what_was_typed_into_a_record_given_up_is_looked_for_when_it_is_tried_again() {
    let mut tab = TestTab::new();
    tab.create("draft", &[("x", 1)]);
    tab.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    tab.answer(refused(RefusalKind::Validation, "no such product"));
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    tab.apply(Event::Retry { intent: record_store::IntentId(2), at: Time(tab.now) });
    assert_eq!(tab.wire(), "GET draft");
    tab.answer(Outcome::Gone);
    assert_eq!((tab.wire().as_str(), tab.told().as_str()), ("", "gone draft; refused 2"));
}

#[test]
fn what_was_typed_into_a_record_that_will_never_be_is_kept_as_refused() {
    let mut tab = TestTab::new();
    tab.create("draft", &[("x", 1)]);
    tab.propose_over("draft", "", &[("x", 1)], &[("x", 2)]);
    tab.answer(refused(RefusalKind::Validation, "no such product"));
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    assert_eq!(tab.told(), "discarded 1; refused 2");
    assert_eq!(tab.persisted(), "2: x=2");
}

#[test]
fn on_a_deleted_record_waiting_actions_are_refused_and_doubtful_ones_looked_up() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.act("r", "submit");
    let stamp = tab.store.stamp();
    tab.apply(Event::Gone { key: "r", asked_at: stamp });
    check(&tab, "1: reverse in doubt; 2: submit refused Gone", "", "gone r; refused 2");
    tab.pass(600);
    assert_eq!(tab.wire(), "LOOK r reverse");
}

#[test]
fn an_action_that_did_not_reach_a_record_that_was_found_gone_meanwhile_is_not_left_waiting() {
    for never_carried_out in [Outcome::SessionExpired, Outcome::NotSent { retry_after: None }] {
        let mut tab = sent();
        let stamp = tab.store.stamp();
        tab.apply(Event::Gone { key: "r", asked_at: stamp });
        check(&tab, "1: reverse sending", "POST r reverse", "gone r");
        tab.answer(never_carried_out);
        check(&tab, "1: reverse refused Gone", "", "refused 1");
    }
}

#[test]
fn an_action_in_doubt_on_a_deleted_record_ends_when_nothing_of_it_can_come_any_more() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    while tab.now < 10_000 {
        check(&tab, "1: reverse in doubt", "", if tab.now == 0 { "in doubt 1" } else { "" });
        tab.pass(2_000);
        tab.answer(Outcome::Gone);
    }
    check(&tab, "1: reverse refused Gone", "", "refused 1");
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    check(&tab, "", "", "discarded 1");
}

#[test]
fn who_may_not_look_stays_in_doubt_until_the_person_asks_for_another_look() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(600);
    tab.answer(refused(RefusalKind::Role, "you may not read this"));
    tab.pass(3_600_000);
    check(&tab, "1: reverse in doubt", "", "");
    tab.apply(Event::Retry { intent: record_store::IntentId(1), at: Time(tab.now) });
    check(&tab, "1: reverse in doubt", "LOOK r reverse", "");
}

#[test]
fn a_late_answer_of_a_look_changes_nothing() {
    let mut tab = sent();
    tab.answer(Outcome::Lost);
    tab.pass(600);
    let look = tab.out.clone();
    tab.answer(DONE);
    tab.out.extend(look);
    let last = tab.out.len() - 1;
    let late = tab.out.remove(last);
    tab.out.insert(0, late);
    tab.answer(DONE);
    check(&tab, "", "GET r", "");
}

#[test]
fn a_screen_sees_that_the_record_is_being_worked_on() {
    let tab = sent();
    let view = tab.store.view(&"r").expect("held");
    assert_eq!(view.actions().map(|action| action.action().name).collect::<Vec<_>>(), ["reverse"]);
    assert_eq!(view.mark(&"x"), Mark::Confirmed);
    assert_eq!(tab.store.summary().sending, 1);
    let told: Vec<_> = tab.last.changed.iter().map(|changed| changed.key).collect();
    assert_eq!(told, ["r"]);
}
