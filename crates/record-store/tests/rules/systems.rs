//! Records of two systems in one store: each system has a session and a pause of its own.

use crate::tab::{TestTab, accepted, read};
use record_store::{Event, Limits, Outcome, Session, Store, System, Time};
use std::time::Duration;

const FIRST: System = System(0);
const OTHER: System = System(1);

/// Records whose names begin with `b` are the other system's.
fn desk_with(limits: Limits) -> TestTab {
    let mut tab = TestTab::new();
    tab.store = Store::of_systems(limits, |key| if key.starts_with('b') { OTHER } else { FIRST });
    tab
}

fn tab() -> TestTab {
    desk_with(Limits::default())
}

fn pressure(seconds: u64) -> Outcome<&'static str, &'static str, i64> {
    Outcome::Pressure { retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn a_401_of_one_system_holds_up_no_other() {
    let mut tab = tab();
    tab.propose("b1", &[("x", 1)]);
    tab.answer(Outcome::SessionExpired);
    tab.propose("b1", &[("y", 2)]);
    tab.propose("r", &[("x", 1)]);
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
    assert_eq!((tab.store.session(FIRST), tab.store.session(OTHER)), (Session::Active, Session::Expired));
    assert_eq!(tab.store.summary().session, Session::Expired);
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "");

    tab.apply(Event::SignedIn { system: FIRST });
    assert_eq!(tab.wire(), "", "signing in at one system opens no other");
    tab.apply(Event::SignedIn { system: OTHER });
    assert_eq!(tab.wire(), "PATCH b1 v1 x=1");
    assert_eq!(tab.store.summary().session, Session::Active);
}

#[test]
fn a_session_that_a_screen_found_ended_is_that_systems_alone() {
    let mut tab = tab();
    tab.apply(Event::SessionExpired { system: OTHER });
    tab.propose("b1", &[("x", 1)]);
    tab.propose("r", &[("x", 1)]);
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
}

#[test]
fn a_pause_of_one_system_holds_up_no_other() {
    let mut tab = tab();
    tab.propose("b1", &[("x", 1)]);
    tab.answer(pressure(60));
    tab.propose("r", &[("x", 1)]);
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
    assert_eq!(tab.store.paused_until(), Some(Time(60_000)));
    assert_eq!(tab.last.wake_at, Some(Time(60_000)));
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.pass(59_999);
    assert_eq!(tab.wire(), "");
    tab.pass(1);
    assert_eq!(tab.wire(), "PATCH b1 v1 x=1");
    assert_eq!(tab.store.paused_until(), None);
}

#[test]
fn systems_take_turns_where_there_is_room_for_one() {
    let mut tab = desk_with(Limits { writes: 1, ..Limits::default() });
    for key in ["a", "c", "d", "b1", "b2"] {
        tab.propose(key, &[("x", 1)]);
    }
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH b1 v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH c v1 x=1");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH b2 v1 x=1");
}

#[test]
fn an_endless_wish_is_cut_to_minutes() {
    for seconds in [99_999_999, u64::MAX, 86_400] {
        let mut tab = TestTab::new();
        tab.propose("r", &[("x", 1)]);
        tab.answer(pressure(seconds));
        let longest = Limits::default().longest_wish;
        assert_eq!(tab.last.wake_at, Some(Time(0).after(longest)), "{seconds}");
        tab.pass(u64::try_from(longest.as_millis()).unwrap());
        assert_eq!(tab.wire(), "PATCH r v1 x=1", "{seconds}");
    }
}

#[test]
fn a_wish_of_no_time_still_rests_a_little() {
    let mut tab = TestTab::new();
    tab.propose("r", &[("x", 1)]);
    tab.answer(pressure(0));
    assert_eq!(tab.wire(), "");
    tab.pass(500);
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
}

#[test]
fn a_person_need_not_wait_for_the_end_of_a_pause() {
    let mut tab = TestTab::new();
    tab.propose("r", &[("x", 1)]);
    tab.answer(pressure(300));
    assert_eq!(tab.store.paused_until(), Some(Time(300_000)));
    tab.apply(Event::TriedNow { at: Time(1_000) });
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
    assert_eq!(tab.store.paused_until(), None);
}

#[test]
fn a_rest_that_no_server_asked_for_is_not_told_as_a_pause() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.answer(Outcome::Lost);
    assert_eq!(tab.store.paused_until(), None);
    tab.pass(500);
    tab.answer(read("v1", &[("x", 0), ("y", 0)]));
    assert_eq!(tab.wire(), "PATCH r v1 x=1");
}

#[test]
fn a_pause_with_nothing_waiting_is_not_told() {
    let mut tab = tab();
    tab.propose("r", &[("x", 1)]);
    tab.propose("b1", &[("x", 1)]);
    tab.answer(pressure(60));
    tab.apply(Event::Discard { intent: record_store::IntentId(1) });
    assert_eq!(tab.store.paused_until(), None);
}
