// Clippy knows only `#[test]`.
#![allow(clippy::unwrap_used)]

use super::*;
use record_store::{Change, Content};
use wasm_bindgen_test::wasm_bindgen_test;

fn put(intent: u64) -> JournalLine<RecordKey, FieldName, Value> {
    let change = Change { base: None, mine: Value::Text("b".to_owned()), contested: false };
    JournalLine::Put(PersistedIntent {
        intent: IntentId(intent),
        key: RecordKey::event("E1"),
        at: Time(intent),
        sent_off_at: Time(intent),
        content: Content::Edit([("ServiceId", change)].into()),
        over: Vec::new(),
        mark: Mark::Waiting,
        refusal: None,
        lost_at: None,
    })
}

fn end(intent: u64) -> JournalLine<RecordKey, FieldName, Value> {
    JournalLine::Ended { intent: IntentId(intent), ending: Ending::Settled }
}

#[wasm_bindgen_test]
fn the_oldest_ended_changes_go_and_no_open_one() {
    let held = u64::try_from(ENDED_HELD).unwrap();
    let mut log = ChangeLog::default();
    for intent in 0..held + 3 {
        log.note(put(intent), Time(intent));
    }
    // The first stays open; of the others each ends, and one of them is told to end twice.
    for intent in (1..held + 3).chain([1]) {
        log.note(end(intent), Time(held + intent));
    }
    assert_eq!(log.prune(), [IntentId(1), IntentId(2)]);
    assert!(log.prune().is_empty());
    assert_eq!(log.entries().count(), ENDED_HELD + 1);
    assert_eq!(log.unsettled(), [IntentId(0)]);
    assert_eq!(log.entry(IntentId(3)).unwrap().ended_at(), Some(Time(held + 3)));
    assert_eq!(log.entry(IntentId(0)).unwrap().ended_at(), None);
}
