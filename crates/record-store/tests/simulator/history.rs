//! A schedule told line by line, short enough to be read.

use crate::browser::Batch;
use crate::server::{Answer, Field, Key, Row};
use crate::tab::{StoreEvent, StoreRequest, Tab};
use record_store::{Content, Event, IntentState, JournalLine, Outcome, PersistedIntent, Request, Version};

fn row(fields: &Row) -> String {
    let fields: Vec<String> = fields.iter().map(|(field, value)| format!("{field}={value}")).collect();
    fields.join(" ")
}

fn state(version: &Version, fields: &Row) -> String {
    format!("at {} {}", version.token, row(fields))
}

fn persisted(persisted: &PersistedIntent<Key, Field, i64>) -> String {
    let content = match &persisted.content {
        Content::Edit(changes) => {
            let changes = changes.iter().map(|(field, change)| {
                let base = change.base.map_or("-".to_owned(), |base| base.to_string());
                let contested = if change.contested { " contested" } else { "" };
                format!("{field}={} over {base}{contested}", change.mine)
            });
            changes.collect::<Vec<_>>().join(", ")
        }
        Content::Action(action) => action.name.to_string(),
    };
    format!("[{} on {}: {content}, {:?}]", persisted.intent.0, persisted.key, persisted.mark)
}

pub(crate) fn event(event: &StoreEvent) -> String {
    match event {
        Event::ListRead { rows, .. } => {
            let rows = rows.iter().map(|(key, version, fields)| format!("{key} {}", state(version, fields)));
            format!("list {}", rows.collect::<Vec<_>>().join("; "))
        }
        Event::ItemRead { key, asked_at, version, fields } => {
            format!("item {key} {} asked {asked_at:?}", state(version, fields))
        }
        Event::Propose { intent, key, base: (version, _), changes, .. } => {
            format!("types {} on {key} over {}: {}", intent.0, version.token, row(changes))
        }
        Event::AtOnce(events) => {
            let each = events.iter().map(self::event).collect::<Vec<_>>();
            format!("does at one stroke: {}", each.join("; "))
        }
        Event::Act { intent, key, action, .. } => {
            format!("wants {} on {key}: {} {}", intent.0, action.name, row(&action.arguments))
        }
        Event::Restored { persisted: lines, .. } => {
            format!("takes up {}", lines.iter().map(persisted).collect::<Vec<_>>().join(" "))
        }
        Event::Answered { request, outcome: answer, .. } => {
            format!("answer to request {}: {}", request.0, outcome(answer))
        }
        other => format!("{other:?}"),
    }
}

pub(crate) fn request(request: &StoreRequest) -> String {
    match request {
        Request::Write { request, intent, key, version, fields } => {
            format!(
                "request {}: PATCH {key} at {} {} (intent {})",
                request.0,
                version.token,
                row(fields),
                intent.0
            )
        }
        Request::Read { request, key } => format!("request {}: GET {key}", request.0),
        Request::Act { request, intent, key, action } => {
            format!("request {}: POST {key} {} (intent {})", request.0, action.name, intent.0)
        }
        Request::Probe { request, intent, key, action, .. } => {
            format!("request {}: LOOK {key} {} (intent {})", request.0, action.name, intent.0)
        }
    }
}

pub(crate) fn outcome(outcome: &Answer) -> String {
    match outcome {
        Outcome::Accepted { version, fields } => format!("accepted {}", state(version, fields)),
        Outcome::Read { version, fields } => format!("read {}", state(version, fields)),
        Outcome::Stale { current: Some((version, fields)) } => format!("stale {}", state(version, fields)),
        Outcome::Done { record: Some((version, fields)) } => format!("done {}", state(version, fields)),
        Outcome::Created { key, version, fields } => format!("created {key} {}", state(version, fields)),
        Outcome::Refused { kind, .. } => format!("refused {kind:?}"),
        other => format!("{other:?}"),
    }
}

pub(crate) fn batch(batch: &Batch) -> String {
    let lines = batch.lines.iter().map(|(line, _)| match line {
        JournalLine::Put(line) => persisted(line),
        JournalLine::Ended { intent, ending } => format!("[{} {ending:?}]", intent.0),
    });
    let requests = batch.requests.iter().map(request);
    let parts: Vec<String> = lines.chain(requests).collect();
    format!("to write and send: {}", parts.join(" "))
}

/// What stands in a tab.
pub(crate) fn tab(tab: &Tab) -> String {
    let store = tab.store.store();
    let standing = |state: &IntentState<Field>| match state {
        IntentState::Refused { kind, .. } => format!("Refused {kind:?}"),
        IntentState::Sending { request } => format!("Sending {}", request.0),
        other => format!("{other:?}"),
    };
    let edits = store.intents().map(|intent| {
        let changes = intent.changes().map(|change| format!("{}={}", change.field, change.mine));
        let changes: Vec<String> = changes.collect();
        format!("{} on {}: {} {}", intent.id().0, intent.key(), changes.join(" "), standing(intent.state()))
    });
    let acts = store.actions().map(|act| {
        format!("{} on {}: {} {}", act.id().0, act.key(), act.action().name, standing(act.state()))
    });
    let lines: Vec<String> = edits.chain(acts).collect();
    lines.join("; ")
}
