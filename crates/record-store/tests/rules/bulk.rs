//! Many records changed at one stroke (S9): shown together, sent a few at a time, each settled by
//! itself, and nothing of it left behind.

use crate::tab::{self, START, TestTab, accepted, refused, v};
use record_store::{
    Event, Fields, IntentId, JournalLine, Limits, Notice, Outcome, RefusalKind, Request, Store, Time, Version,
};
use std::collections::VecDeque;

const RECORDS: u64 = 10_000;

/// A row as wide as an event of the list.
fn row() -> Fields<u8, u64> {
    (0..37).map(|field| (field, 0)).collect()
}

#[test]
fn s9_ten_thousand_records_are_shown_at_once_and_settle_one_by_one() {
    let mut store: Store<u64, u8, u64> = Store::new(Limits::default());
    let row = row();
    let proposal = |key: u64| Event::Propose {
        intent: IntentId(key),
        key,
        base: (Version::counted(1), row.clone()),
        changes: Fields::from([(3, key + 1)]),
        at: Time(0),
    };
    let proposals = (0..RECORDS).map(proposal).collect();
    let out = store.apply(Event::AtOnce(proposals));
    assert_eq!((out.changed.len() as u64, out.journal.len() as u64), (RECORDS, RECORDS));
    let (mut settled, mut refused, mut lines) = (0, 0, 0);
    let mut wire: VecDeque<_> = out.requests.into();
    while let Some(request) = wire.pop_front() {
        assert!(wire.len() < Limits::default().writes);
        let Request::Write { request, key, fields, .. } = request else { panic!("a write") };
        // Every tenth record is locked.
        let outcome = if key % 10 == 9 {
            Outcome::Refused { kind: RefusalKind::Business, reasons: Vec::new() }
        } else {
            Outcome::Accepted { version: Version::counted(2), fields }
        };
        let out = store.apply(Event::Answered { request, outcome, at: Time(0) });
        assert_eq!(out.notices.len(), 1, "one record, one result");
        match out.notices[0] {
            Notice::Settled { key: of, .. } if of == key => settled += 1,
            Notice::Refused { key: of, .. } if of == key => refused += 1,
            ref other => panic!("{other:?} of record {key}"),
        }
        lines += out.journal.iter().filter(|line| matches!(line, JournalLine::Ended { .. })).count();
        wire.extend(out.requests);
    }
    assert_eq!((settled, refused, lines), (9_000, 1_000, 9_000));
    let summary = store.summary();
    assert_eq!((summary.unfinished(), summary.refused), (0, 1_000));
    // Clean records are let go, what was refused is kept (S11).
    let held = (0..RECORDS).filter(|key| store.view(key).is_some()).count();
    assert_eq!(held, 1_000 + Limits::default().lately_answered);
}

/// A desk with record `a` locked, `b` being sent and `c` waiting behind it.
fn after_a_bulk_edit() -> TestTab {
    let mut tab = TestTab::with(Limits { writes: 2, ..Limits::default() });
    let proposal = |(number, key)| Event::Propose {
        intent: IntentId(number),
        key,
        base: (v("v1"), tab::row(START)),
        changes: tab::row(&[("x", 1)]),
        at: Time(0),
    };
    tab.apply(Event::AtOnce([(1, "a"), (2, "b"), (3, "c"), (4, "d")].map(proposal).into()));
    tab.answer(refused(RefusalKind::Business, "locked"));
    assert_eq!(tab.wire(), "PATCH b v1 x=1; PATCH c v1 x=1");
    tab
}

#[test]
fn s9_what_was_refused_of_many_is_tried_again_at_one_stroke() {
    let mut tab = after_a_bulk_edit();
    tab.answer(refused(RefusalKind::Business, "locked"));
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!(tab.persisted(), "1: x=1 (locked); 2: x=1 (locked)");
    tab.apply(Event::AtOnce(vec![
        Event::Retry { intent: IntentId(1), at: Time(tab.now) },
        Event::Retry { intent: IntentId(2), at: Time(tab.now) },
    ]));
    assert_eq!(tab.wire(), "PATCH a v1 x=1; PATCH b v1 x=1");
}

#[test]
fn s9_taking_many_back_stops_what_has_not_left_and_nothing_else() {
    let mut tab = after_a_bulk_edit();
    let discards = [1, 2, 3, 4].map(|number| Event::Discard { intent: IntentId(number) });
    tab.apply(Event::AtOnce(discards.into()));
    assert_eq!(tab.told(), "discarded 1; still sending 2; still sending 3; discarded 4");
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    tab.answer(accepted("v2", &[("x", 1), ("y", 0)]));
    assert_eq!((tab.wire(), tab.persisted()), (String::new(), String::new()));
}
