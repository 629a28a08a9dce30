//! Faults that other optimistic stores published, retold for record edits.

use crate::tab::{TestTab, accepted, check, refused};
use record_store::{Outcome, RefusalKind};

/// TanStack DB 1701: with overlapping edits, restoring a whole-row snapshot brings a field back
/// that was rolled back before.
#[test]
fn tanstack_db_1701_overlapping_refusals_revive_nothing() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    // The second edit starts from a row that shows x = 1.
    tab.propose("r", &[("y", 2)]);
    tab.answer(refused(RefusalKind::Validation, "x"));
    tab.answer(refused(RefusalKind::Validation, "y"));
    check(&tab, "x 0 refused, y 0 refused", "", "refused 2");
}

/// TanStack DB 904: of several quick updates of one record every second one was rolled back.
#[test]
fn tanstack_db_904_quick_updates_all_arrive() {
    let mut tab = TestTab::showing_r();
    for value in 1..=6 {
        tab.propose("r", &[("x", value)]);
        assert_eq!(tab.sees("r").split(' ').nth(1), Some(&*value.to_string()));
    }
    for value in 1..=6 {
        assert_eq!(tab.out.len(), 1);
        tab.answer(accepted(&format!("v{}", value + 1), &[("x", value), ("y", 0)]));
        assert_eq!(tab.told(), format!("settled {value}"));
        // The newest typed value stays on screen all the way.
        assert!(tab.sees("r").starts_with("x 6"), "{}", tab.sees("r"));
    }
    check(&tab, "x 6, y 0", "", "settled 6");
}

/// SWR 1965: two failing calls leave the optimistic value of the first on screen.
#[test]
fn swr_1965_two_failures_leave_no_ghost() {
    for outcome in [refused(RefusalKind::Business, "locked"), refused(RefusalKind::Role, "no"), Outcome::Gone]
    {
        let mut tab = TestTab::showing_r();
        tab.propose("r", &[("x", 1)]);
        tab.propose("r", &[("x", 2)]);
        tab.answer(outcome);
        if !tab.out.is_empty() {
            tab.answer(refused(RefusalKind::Business, "locked"));
        }
        assert!(tab.sees("r").starts_with("x 0 refused"), "{}", tab.sees("r"));
        assert_eq!(tab.store.summary().refused, 2);
    }
}

/// Apollo Client 3691: a counter runs backwards when the answer to an earlier call comes in
/// while a later one is shown.
#[test]
fn apollo_3691_a_counter_never_runs_backwards() {
    let mut tab = TestTab::showing_r();
    let mut highest = 0;
    let mut look = |tab: &TestTab| {
        let shown = *tab.store.view(&"r").and_then(|v| v.shown(&"x")).expect("held");
        assert!(shown >= highest, "{shown} after {highest}");
        highest = shown;
    };
    for value in 1..=3 {
        tab.propose("r", &[("x", value)]);
        look(&tab);
    }
    for value in 1..=3 {
        tab.answer(accepted(&format!("v{}", value + 1), &[("x", value), ("y", 0)]));
        look(&tab);
    }
    assert_eq!(highest, 3);
}

/// Apollo Client 5790 and 6183: the optimistic value is rolled back, and views that watch it are
/// never told.
#[test]
fn apollo_5790_6183_a_rollback_is_told_to_the_views() {
    let mut tab = TestTab::showing_r();
    tab.propose("r", &[("x", 1)]);
    tab.answer(refused(RefusalKind::Validation, "x"));
    let changed: Vec<_> = tab.last.changed.iter().map(|c| (c.key, &*c.fields)).collect();
    assert_eq!(changed, [("r", &["x"][..])]);
    assert_eq!(tab.sees("r"), "x 0 refused, y 0");
}
