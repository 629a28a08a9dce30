//! What can be done to batches and events beside changing their fields, and how a read tells
//! afterwards whether it was done. Follows Oracle's pages "Reverse a usage event", "Add events to a
//! usage event batch" and the batch's other actions; the codes of a batch's states are not public,
//! so an unknown code only counts as "moved on".
//!
//! Not here: who may do what in which state, and sending.

use crate::{Record, Value};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The arguments of an action, and beside them what it is to be known by afterwards: fields of the
/// record as they were when the person asked, under their own names (`BatchStatus`,
/// `CountOfUsageEvents`, `ReverseFlag`), [`MEMBER`], [`SEEN_VERSION`]. Only the action's own arguments are
/// sent.
pub type Arguments = BTreeMap<&'static str, Value>;

/// Something that can be done once.
#[derive(Debug, PartialEq, Eq)]
pub struct Action {
    /// As the address names it, or what the HTTP method does.
    pub name: &'static str,
    /// For a person: "Reverse".
    pub title: &'static str,
    /// What can be said of the record afterwards: "is taken back by a reversal".
    pub done: &'static str,
    sends: Sends,
    shows: Shows,
}

#[derive(Debug, PartialEq, Eq)]
enum Sends {
    /// The record itself, to its collection.
    Record,
    /// Nothing: the method says it all.
    Nothing,
    /// These arguments. Those marked are JSON texts already.
    Arguments(&'static [(&'static str, bool)]),
}

/// What can be read afterwards.
#[derive(Debug, PartialEq, Eq)]
enum Shows {
    Exists,
    IsGone,
    IsReversed,
    /// The batch has left the state it was in and is not in one of these, or has been processed
    /// since.
    HasLeft(&'static [&'static str]),
    HasMoreEvents,
    HasFewerEvents,
    /// Fields of several records: the look at each of them is the caller's.
    Together,
}

pub const CREATE: Action = Action {
    name: "create",
    title: "Create",
    done: "is created",
    sends: Sends::Record,
    shows: Shows::Exists,
};
pub const DELETE: Action = Action {
    name: "delete",
    title: "Delete",
    done: "is deleted",
    sends: Sends::Nothing,
    shows: Shows::IsGone,
};
pub const REVERSE: Action = Action {
    name: "reverse",
    title: "Reverse",
    done: "is taken back by a reversal",
    sends: Sends::Arguments(&[("reverseBatchNumber", false), ("reverseEventNumber", false)]),
    shows: Shows::IsReversed,
};
pub const ADD_EVENTS: Action = Action {
    name: "addEvents",
    title: "Add events",
    done: "has its events",
    sends: Sends::Arguments(&[(RULES, true)]),
    shows: Shows::HasMoreEvents,
};
pub const DELETE_EVENTS: Action = Action {
    name: "deleteEvents",
    title: "Remove events",
    done: "no longer holds the removed events",
    sends: Sends::Arguments(&[("mode", false), (RULES, true)]),
    shows: Shows::HasFewerEvents,
};
pub const LOCK_FOR_REVIEW: Action = Action {
    name: "lockForReview",
    title: "Lock for review",
    done: "is locked for review",
    sends: Sends::Arguments(&[]),
    shows: Shows::HasLeft(&["ORA_DRAFT"]),
};
pub const REVERT: Action = Action {
    name: "revert",
    title: "Unlock",
    done: "is back in Draft",
    sends: Sends::Arguments(&[]),
    // A batch that somebody submitted meanwhile has left the lock as well, and is not back in Draft.
    shows: Shows::HasLeft(&["ORA_LOCKED", "ORA_IN_PROCESS", "ORA_COMPLETED", "ORA_COMPLETED_ERRORS"]),
};
pub const SUBMIT: Action = Action {
    name: "submit",
    title: "Submit",
    done: "is submitted",
    sends: Sends::Arguments(&[]),
    shows: Shows::HasLeft(&["ORA_LOCKED", "ORA_DRAFT"]),
};

/// One of the events that are to come into a batch or to leave it, by its number: where it is afterwards
/// tells what became of the action, whatever others did to the batch meanwhile.
pub const MEMBER: &str = "memberEvent";

/// The change indicator of the record that the person had in sight: what others have changed since is
/// not deleted.
pub const SEEN_VERSION: &str = "seenVersion";

/// Gives several base buckets of LogiSense the same values, all of them or none (its PATCH). The fields
/// are arguments under their own names.
pub const CHANGE_TOGETHER: Action = Action {
    name: "changeTogether",
    title: "Edit selected",
    done: "are changed",
    sends: Sends::Nothing,
    shows: Shows::Together,
};

/// The contents that the person had in sight, where a record has no version of its own: one text for
/// each record, parted by blanks.
pub const SEEN: &str = "seenContent";

/// The numbers of the events that are to be reversed into a batch once it is made, one a line: kept with
/// the making of the batch, so that nothing that follows is forgotten.
pub const THEN_REVERSE: &str = "thenReverse";

/// What an action is known by beside fields of the record: signs for the console alone.
pub const MARKS: [&str; 4] = [MEMBER, SEEN_VERSION, SEEN, THEN_REVERSE];

/// The argument that carries selection rules, a JSON array as text.
pub const RULES: &str = "ruleBuilderConditions";

pub const ACTIONS: [&Action; 9] = [
    &CREATE,
    &DELETE,
    &REVERSE,
    &ADD_EVENTS,
    &DELETE_EVENTS,
    &LOCK_FOR_REVIEW,
    &REVERT,
    &SUBMIT,
    &CHANGE_TOGETHER,
];

/// Names of arguments and of what an action is known by, so that a kept one can be read back.
pub const ARGUMENTS: [&str; 12] = [
    MEMBER,
    SEEN_VERSION,
    "ProcessedDatetime",
    "reverseBatchNumber",
    "reverseEventNumber",
    "mode",
    RULES,
    "BatchStatus",
    "CountOfUsageEvents",
    "ReverseFlag",
    SEEN,
    THEN_REVERSE,
];

impl Action {
    pub fn named(name: &str) -> Option<&'static Self> {
        ACTIONS.into_iter().find(|action| action.name == name)
    }

    /// What became of the record, by itself: "Submitted".
    pub fn outcome(&self) -> String {
        let words = self.done.strip_prefix("is ").unwrap_or(self.done);
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// Whether an argument is what the action asks for, and not what it is known by afterwards.
    pub fn asks_for(&self, argument: &str) -> bool {
        match &self.sends {
            Sends::Record => !MARKS.contains(&argument),
            Sends::Nothing => self.shows == Shows::Together && !MARKS.contains(&argument),
            Sends::Arguments(own) => own.iter().any(|(name, _)| *name == argument),
        }
    }

    /// The body of the request, where it is not the record itself.
    ///
    /// # Errors
    /// If an argument that carries JSON does not hold any.
    pub fn body(&self, arguments: &Arguments) -> Result<String, serde_json::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Argument<'a> {
            Plain(&'a Value),
            Json(&'a RawValue),
        }
        let Sends::Arguments(names) = &self.sends else {
            return Ok(String::new());
        };
        let mut body = BTreeMap::new();
        for (name, is_json) in *names {
            let argument = match arguments.get(name) {
                None | Some(Value::Null) => continue,
                Some(Value::Text(text)) if *is_json => Argument::Json(serde_json::from_str(text)?),
                Some(value) => Argument::Plain(value),
            };
            body.insert(*name, argument);
        }
        serde_json::to_string(&body)
    }

    /// Whether a reading shows that the action was done: `record` as it is now, `None` where it is
    /// not there; `related` are events that name it as theirs, or, where the arguments name a
    /// [`MEMBER`], that event and those made of it, as far as they are in the batch.
    pub fn was_done(&self, arguments: &Arguments, record: Option<&Record>, related: &[Record]) -> bool {
        let is_gone = self.shows == Shows::IsGone;
        let Some(record) = record else { return is_gone };
        let now = |field: &str| record.get(field);
        let before = |field: &str| arguments.get(field);
        let count = |value: Option<&Value>| value.and_then(Value::as_integer);
        match &self.shows {
            Shows::IsGone => false,
            Shows::Exists | Shows::Together => arguments
                .iter()
                .filter(|(_, value)| **value != Value::Null)
                .all(|(name, value)| now(name).is_none_or(|now| now == value)),
            Shows::IsReversed => {
                let quantity = |event: &Record| event.get("UsageQuantity").and_then(Value::as_decimal);
                let opposite = quantity(record).map(|quantity| -quantity);
                let was_reversible = before("ReverseFlag") == Some(&Value::Boolean(true));
                (was_reversible && now("ReverseFlag") == Some(&Value::Boolean(false)))
                    || related.iter().any(|event| quantity(event) == opposite)
            }
            Shows::HasLeft(states) => {
                let state = now("BatchStatus").and_then(Value::as_text);
                let has_moved = |field: &str| before(field).is_some_and(|before| now(field) != Some(before));
                (has_moved("BatchStatus") || has_moved("ProcessedDatetime"))
                    && state.is_some_and(|state| !states.contains(&state))
            }
            Shows::HasMoreEvents if before(MEMBER).is_some() => !related.is_empty(),
            Shows::HasFewerEvents if before(MEMBER).is_some() => related.is_empty(),
            Shows::HasMoreEvents => count(now("CountOfUsageEvents")) > count(before("CountOfUsageEvents")),
            Shows::HasFewerEvents => count(now("CountOfUsageEvents")) < count(before("CountOfUsageEvents")),
        }
    }

    /// Whether a look needs the events that name the record as theirs.
    pub fn looks_at_related(&self) -> bool {
        self.shows == Shows::IsReversed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{BATCH, EVENT};

    fn batch(status: &str, count: i64) -> Record {
        let body = format!(r#"{{"BatchNumber":"B","BatchStatus":"{status}","CountOfUsageEvents":{count}}}"#);
        Record::read(&BATCH, body.as_bytes()).expect("a batch")
    }

    #[test]
    fn what_is_asked_for_is_told_from_what_it_is_known_by() {
        assert!(!LOCK_FOR_REVIEW.asks_for("BatchStatus"));
        assert!(REVERSE.asks_for("reverseBatchNumber") && !REVERSE.asks_for("ReverseFlag"));
        assert!(ADD_EVENTS.asks_for(RULES) && !ADD_EVENTS.asks_for("CountOfUsageEvents"));
        assert!(CREATE.asks_for("BatchName") && !CREATE.asks_for(THEN_REVERSE));
        assert!(CHANGE_TOGETHER.asks_for("retired") && !CHANGE_TOGETHER.asks_for(SEEN));
        assert!(!DELETE.asks_for(SEEN) && !ADD_EVENTS.asks_for(MEMBER));
    }

    fn event(flag: bool, quantity: &str) -> Record {
        let body = format!(r#"{{"EventNumber":"E","ReverseFlag":{flag},"UsageQuantity":{quantity}}}"#);
        Record::read(&EVENT, body.as_bytes()).expect("an event")
    }

    fn asked(arguments: &[(&'static str, Value)]) -> Arguments {
        arguments.iter().cloned().collect()
    }

    #[test]
    fn only_an_actions_own_arguments_are_sent_and_rules_as_json() {
        let arguments = asked(&[
            (RULES, Value::Text(r#"[{"ConditionGroupType":"INCLUDE"}]"#.to_owned())),
            ("CountOfUsageEvents", Value::Integer(5)),
            ("mode", Value::Text("RULE".to_owned())),
        ]);
        let rules = r#""ruleBuilderConditions":[{"ConditionGroupType":"INCLUDE"}]"#;
        assert_eq!(ADD_EVENTS.body(&arguments).expect("json"), format!("{{{rules}}}"));
        assert_eq!(DELETE_EVENTS.body(&arguments).expect("json"), format!(r#"{{"mode":"RULE",{rules}}}"#));
        assert_eq!(SUBMIT.body(&arguments).expect("json"), "{}");
        assert!(ADD_EVENTS.body(&asked(&[(RULES, Value::Text("[oops".to_owned()))])).is_err());
    }

    #[test]
    fn a_batch_that_left_its_state_was_submitted_locked_or_reverted() {
        let check = |action: &Action, before: &str, now: &str, expected| {
            let arguments = asked(&[("BatchStatus", Value::Text(before.to_owned()))]);
            assert_eq!(action.was_done(&arguments, Some(&batch(now, 1)), &[]), expected, "{now}");
        };
        check(&SUBMIT, "ORA_LOCKED", "ORA_LOCKED", false);
        check(&SUBMIT, "ORA_LOCKED", "ORA_DRAFT", false);
        check(&SUBMIT, "ORA_LOCKED", "ORA_IN_PROCESS", true);
        check(&SUBMIT, "ORA_DRAFT", "ORA_COMPLETED", true);
        check(&SUBMIT, "ORA_LOCKED", "THEIR_OWN", true);
        let again = |processed: &str| {
            let body = format!(
                r#"{{"BatchNumber":"B","BatchStatus":"ORA_COMPLETED_ERRORS","ProcessedDatetime":"{processed}"}}"#
            );
            Record::read(&BATCH, body.as_bytes()).expect("a batch")
        };
        let before = again("2026-11-01T00:00:00+00:00");
        let evidence =
            ["BatchStatus", "ProcessedDatetime"].map(|name| (name, before.get(name).expect("set").clone()));
        assert!(!SUBMIT.was_done(&asked(&evidence), Some(&before), &[]));
        assert!(SUBMIT.was_done(&asked(&evidence), Some(&again("2026-11-02T00:00:00+00:00")), &[]));
        check(&LOCK_FOR_REVIEW, "ORA_DRAFT", "ORA_DRAFT", false);
        check(&LOCK_FOR_REVIEW, "ORA_DRAFT", "ORA_LOCKED", true);
        check(&REVERT, "ORA_LOCKED", "ORA_DRAFT", true);
        check(&REVERT, "ORA_LOCKED", "ORA_LOCKED", false);
        check(&REVERT, "ORA_LOCKED", "ORA_IN_PROCESS", false);
        check(&REVERT, "ORA_LOCKED", "THEIR_OWN", true);
    }

    #[test]
    fn events_were_added_or_removed_when_the_count_moved() {
        let arguments = asked(&[("CountOfUsageEvents", Value::Integer(5))]);
        assert!(ADD_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 9)), &[]));
        assert!(!ADD_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 5)), &[]));
        assert!(DELETE_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 0)), &[]));
        assert!(!DELETE_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 5)), &[]));
    }

    #[test]
    fn where_a_member_is_tells_more_than_a_count_that_others_may_have_moved() {
        let arguments =
            asked(&[("CountOfUsageEvents", Value::Integer(5)), (MEMBER, Value::Text("E".to_owned()))]);
        assert!(!ADD_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 9)), &[]));
        assert!(ADD_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 4)), &[event(true, "1")]));
        assert!(DELETE_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 9)), &[]));
        assert!(!DELETE_EVENTS.was_done(&arguments, Some(&batch("ORA_DRAFT", 4)), &[event(true, "1")]));
    }

    #[test]
    fn an_event_was_reversed_when_its_flag_fell_or_its_opposite_names_it() {
        let arguments = asked(&[("ReverseFlag", Value::Boolean(true))]);
        assert!(REVERSE.was_done(&arguments, Some(&event(false, "2.5")), &[]));
        assert!(!REVERSE.was_done(&arguments, Some(&event(true, "2.5")), &[]));
        assert!(REVERSE.was_done(&arguments, Some(&event(true, "2.5")), &[event(false, "-2.50")]));
        assert!(!REVERSE.was_done(&asked(&[]), Some(&event(false, "2.5")), &[event(false, "3")]));
    }

    #[test]
    fn a_record_was_created_when_it_holds_what_was_asked_for() {
        let arguments = asked(&[("BatchNumber", Value::Text("B".to_owned())), ("BatchName", Value::Null)]);
        assert!(CREATE.was_done(&arguments, Some(&batch("ORA_DRAFT", 0)), &[]));
        let other = asked(&[("BatchNumber", Value::Text("C".to_owned()))]);
        assert!(!CREATE.was_done(&other, Some(&batch("ORA_DRAFT", 0)), &[]));
        assert!(!CREATE.was_done(&arguments, None, &[]));
        assert!(DELETE.was_done(&asked(&[]), None, &[]));
        assert!(!DELETE.was_done(&asked(&[]), Some(&batch("ORA_DRAFT", 0)), &[]));
    }

    #[test]
    fn an_action_is_found_by_its_name_and_only_a_reversal_is_looked_up_among_others() {
        for action in ACTIONS {
            assert_eq!(Action::named(action.name).map(|found| found.title), Some(action.title));
            assert_eq!(action.looks_at_related(), action.name == REVERSE.name, "{}", action.name);
        }
        assert!(Action::named("purge").is_none());
    }
}
