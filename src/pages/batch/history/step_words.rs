//! The steps of a batch in words: how many records, and of each field what was done to it in how many of them.
//! What tells of another batch leads to it.

use crate::data::lookups::LookupTables;
use crate::features::kept_history::{Happened, Line, NamedEvents, change_words, field_words, record_words};
use crate::features::rule_words::{decoded, kept_group_words};
use crate::text::{count, events};
use rest_contract::oracle::{BATCH, EVENT, StepKind};
use rest_contract::{Record, Value};

fn number(row: &Record, name: &str) -> i64 {
    row.get(name).and_then(Value::as_integer).unwrap_or_default()
}

fn kind(row: &Record) -> StepKind {
    StepKind::of(row.text("StepKind").unwrap_or_default())
}

/// `rows` are those of `changeSteps`, the rows of a step together.
pub fn steps(rows: &[Record], tables: &LookupTables) -> Vec<Happened> {
    let steps = rows.chunk_by(|one, next| number(one, "StepNumber") == number(next, "StepNumber"));
    steps.filter_map(|rows| step(rows, tables)).collect()
}

fn step(rows: &[Record], tables: &LookupTables) -> Option<Happened> {
    let at = rows.iter().filter_map(|row| row.get("ChangedAt")?.as_date_time()).max()?;
    let first = rows.first()?;
    // The fields of a request in their own order.
    let (changed, between): (Vec<_>, Vec<_>) =
        rows.iter().rev().partition(|row| kind(row) == StepKind::Changed);
    let records = changed.iter().map(|row| number(row, "RecordCount")).sum();
    let between = between.into_iter().filter_map(between_words);
    let lines = changed.iter().map(|row| field_line(row, tables));
    let changed = what_changed(&changed, records).into_iter().chain(lines).map(Line::from);
    let who = first.text("ChangedBy").unwrap_or_default().to_owned();
    Some(Happened { at, who, what: between.chain(changed).collect(), way: None })
}

/// How many records were changed, or which one; nothing for the batch's own record.
fn what_changed(changed: &[&Record], records: i64) -> Option<String> {
    let first = changed.first()?;
    let are_all = |resource: &str| changed.iter().all(|row| row.text("ResourceName") == Some(resource));
    match records {
        _ if are_all(BATCH.resource) => None,
        1 => Some(record_words(first)),
        _ if are_all(EVENT.resource) => Some(format!("{} changed", event_count(records))),
        _ => Some(format!("{} records changed", count(records))),
    }
}

fn event_count(number: i64) -> String {
    events(usize::try_from(number).unwrap_or_default())
}

fn field_line(row: &Record, tables: &LookupTables) -> String {
    let times = number(row, "ChangeCount");
    if row.get("ValuesDiffer") == Some(&Value::Boolean(true)) {
        return format!("{}: {} values", field_words(row), count(times));
    }
    if is_rule_text(row) {
        let told = |name| rule_value(row, name, tables).unwrap_or_else(|| "(empty)".to_owned());
        return format!("{}: {} \u{2192} {}", field_words(row), told("ValueBefore"), told("ValueAfter"));
    }
    // An event that is named by its identifier is told with the batch that it is in, not here.
    let words = change_words(row, tables, &NamedEvents::new());
    if times == 1 { words } else { format!("{words}, {} times", count(times)) }
}

fn is_rule_text(change: &Record) -> bool {
    matches!(change.text("FieldName"), Some("ConditionJson" | "ConditionRestQParam"))
}

/// A value of a rule's large texts, which travel in base64: the rule's words, or its query.
pub fn rule_value(change: &Record, member: &str, tables: &LookupTables) -> Option<String> {
    let text = change.text(member).filter(|_| is_rule_text(change) && member.starts_with("Value"))?;
    kept_group_words(text, tables).or_else(|| decoded(text))
}

/// What a step tells of the other batch.
fn between_words(row: &Record) -> Option<Line> {
    let other = row.text("OtherBatchNumber")?.to_owned();
    let times = number(row, "ChangeCount");
    let (is_one, of) = match row.text("EventNumber").filter(|_| times == 1) {
        Some(event) => (true, format!("event {event}")),
        None => (false, event_count(times)),
    };
    let events = |did: &str| {
        let of = if is_one { of.replacen("event ", "Event ", 1) } else { of.clone() };
        format!("{of} {did}")
    };
    let (reversals, added, taken_out) = if is_one {
        (format!("A reversal of {of}"), " was added", " was taken out")
    } else {
        (format!("Reversals of {of}"), " were added", " were taken out")
    };
    let (before, after) = match kind(row) {
        StepKind::Went => (events("went to"), " for re-rating"),
        StepKind::WentBack => (events("went back to"), ""),
        StepKind::Came => (events("came from"), " for re-rating"),
        StepKind::CameBack => (events("came back from"), ""),
        StepKind::Reversed => (format!("{reversals}{added} to"), ""),
        StepKind::ReversedNoLonger => (format!("{reversals}{taken_out} of"), ""),
        StepKind::Reverses => (format!("{reversals} of"), added),
        StepKind::ReversesNoLonger => (format!("{reversals} of"), taken_out),
        StepKind::Changed => return None,
    };
    Some(Line::Batch { before, number: other, after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::second_utc;
    use rest_contract::oracle::CHANGE_STEP;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// Step, kind, other batch, event, field, changes, records, before and after (`*`: they differ).
    type Row<'a> = (i64, &'a str, &'a str, &'a str, &'a str, i64, i64, &'a str, &'a str);

    fn told_of(rows: &[Row<'_>]) -> Vec<String> {
        let read = |&(step, kind, other, event, field, changes, records, before, after): &Row<'_>| {
            let text = |text: &str| {
                if text.is_empty() || text == "*" { "null".to_owned() } else { format!(r#""{text}""#) }
            };
            let [other, event, old, new] = [other, event, before, after].map(text);
            let body = format!(
                r#"{{"ChangeStepId":{step},"StepNumber":{step},"ChangedAt":"2026-11-29T15:00:0{step}Z","ChangedBy":"Edith",
                    "ResourceName":"usageEvents","RecordKey":{event},"EventNumber":{event},"FieldName":"{field}","StepKind":"{kind}",
                    "OtherBatchNumber":{other},"ChangeCount":{changes},"RecordCount":{records},"ValueBefore":{old},"ValueAfter":{new},
                    "ValuesDiffer":{}}}"#,
                before == "*"
            );
            Record::read(&CHANGE_STEP, body.as_bytes()).unwrap()
        };
        let rows: Vec<Record> = rows.iter().map(read).collect();
        let words = |line: &Line| match line {
            Line::Words(words) => words.clone(),
            Line::Batch { before, number, after } => format!("{before} [{number}]{after}"),
        };
        let step = |one: Happened| {
            let what: Vec<String> = one.what.iter().map(words).collect();
            format!("{} {}: {}", &second_utc(&one.at)[17..], one.who, what.join("; "))
        };
        steps(&rows, &LookupTables::default()).into_iter().map(step).collect()
    }

    #[wasm_bindgen_test]
    fn a_step_tells_how_many_records_and_each_field() {
        assert_eq!(
            told_of(&[
                (3, "CHANGED", "", "", "UsageQuantity", 1200, 0, "*", ""),
                (3, "CHANGED", "", "", "EventStatus", 50, 50, "A", "C"),
                (3, "CHANGED", "", "", "EventStatus", 2950, 2950, "A", "B"),
                (1, "CHANGED", "", "E-1", "ServiceId", 1, 1, "x", ""),
            ]),
            [
                "03 Edith: 3,000 events changed; Status: A \u{2192} B, 2,950 times; Status: A \u{2192} C, 50 times; Quantity: 1,200 values",
                "01 Edith: Event E-1; Service: x \u{2192} (empty)",
            ]
        );
    }

    #[wasm_bindgen_test]
    fn what_tells_of_another_batch_leads_to_it() {
        assert_eq!(
            told_of(&[
                (8, "WENT", "RR-1", "", "BatchNumber", 2, 2, "UB-1", "RR-1"),
                (7, "CAME_BACK", "RR-1", "E-1", "BatchNumber", 1, 1, "RR-1", "UB-1"),
                (6, "REVERSED", "RV-1", "E-1", "RelatedEventId", 1, 1, "", "11"),
                (5, "REVERSED_NO_LONGER", "RV-1", "", "RelatedEventId", 2, 2, "*", ""),
                (4, "REVERSES", "UB-1", "", "RelatedEventId", 12, 12, "*", ""),
                // What is taken out of a batch goes back, and what was made there is deleted.
                (3, "CHANGED", "", "E-9", "EventStatus", 1, 1, "A", ""),
                (3, "WENT_BACK", "UB-1", "", "BatchNumber", 2, 2, "RR-1", "UB-1"),
            ]),
            [
                "08 Edith: 2 events went to [RR-1] for re-rating",
                "07 Edith: Event E-1 came back from [RR-1]",
                "06 Edith: A reversal of event E-1 was added to [RV-1]",
                "05 Edith: Reversals of 2 events were taken out of [RV-1]",
                "04 Edith: Reversals of 12 events of [UB-1] were added",
                "03 Edith: 2 events went back to [UB-1]; Event E-9; Status: A \u{2192} (empty)",
            ]
        );
    }
}
