//! What holds after every step.

use crate::browser::{Browser, Wanted};
use crate::mutants::TheStore;
use crate::server::{ALL_FIELDS, DRAFTS, Field, Key, Row, Server};
use crate::tab::Tab;
use crate::world::World;
use record_store::{ActionView, IntentId, IntentState, IntentView, Mark, RecordView};
use std::collections::BTreeMap;

type Standing<'a> = BTreeMap<IntentId, OnItsWay<'a>>;

enum OnItsWay<'a> {
    Edit(IntentView<'a, Key, Field, i64>),
    Act(ActionView<'a, Key, Field, i64>),
}

impl OnItsWay<'_> {
    fn state(&self) -> &IntentState<Field> {
        match self {
            Self::Edit(intent) => intent.state(),
            Self::Act(act) => act.state(),
        }
    }
}

/// For the tab that acted. What it heard, it heard from a server to which `heard_after` deeds had been
/// done.
pub(crate) fn after_a_step(
    tab: &mut Tab,
    browser: &mut Browser,
    server: &Server,
    heard_after: usize,
) -> Result<(), String> {
    let store = tab.store.store();
    let mut standing = Standing::new();
    for intent in store.intents() {
        standing.insert(intent.id(), OnItsWay::Edit(intent));
    }
    for act in store.actions() {
        standing.insert(act.id(), OnItsWay::Act(act));
    }

    for key in 0..server.records.len() {
        let Some(view) = store.view(&key) else {
            tab.states.remove(&key);
            tab.painted.remove(&key);
            continue;
        };
        if let Some(version) = view.version() {
            let state = server.state_of(key, version).ok_or("a base that the server never held")?;
            let before = tab.states.insert(key, state).unwrap_or(state);
            if state < before {
                return Err(format!("S2: record {key} went from state {before} to {state}"));
            }
            for (field, value) in &server.records[key].states[state] {
                // What was handed in with a row may be less than the record.
                if view.confirmed(field).is_some_and(|confirmed| confirmed != value) {
                    return Err(format!(
                        "{field} of record {key} counts as confirmed and is not what the server held \
                         at that version"
                    ));
                }
            }
        }
        shows_base_under_proposals(&view, tab.painted.get(&key))?;
    }
    for act in store.actions().filter(|act| act.action().creates) {
        let view = store.view(act.key()).ok_or("an action on no record")?;
        shows_base_under_proposals(&view, tab.painted.get(act.key()))?;
    }

    summary_counts(store, &standing)?;
    for (id, wanted) in browser.wanted.iter_mut().filter(|(_, wanted)| wanted.carried_by == tab.number) {
        let is_claimed = tab.claimed.iter().any(|kept| kept.intent == *id);
        let Some(intent) = standing.get(id) else {
            if wanted.words.ending.is_none() && !is_claimed {
                return Err(format!("intent {} vanished", id.0));
            }
            continue;
        };
        if wanted.words.ending.is_some() {
            return Err(format!("intent {} ended and still stands", id.0));
        }
        wanted.was_in_doubt |= *intent.state() == IntentState::InDoubt;
        let is_refused = matches!(intent.state(), IntentState::Refused { .. });
        wanted.refused_after = is_refused.then(|| wanted.refused_after.unwrap_or(heard_after));
        is_still_there(*id, wanted, intent, server)?;
    }
    Ok(())
}

/// S1, and that the screen was told of it.
fn shows_base_under_proposals(
    view: &RecordView<'_, Key, Field, i64>,
    painted: Option<&BTreeMap<Field, (Option<i64>, Mark)>>,
) -> Result<(), String> {
    let key = view.key();
    let creation = view.actions().find(|act| act.action().creates);
    let created_with = creation.as_ref().map(|act| &act.action().arguments);
    for field in ALL_FIELDS {
        let mut shown = view.confirmed(&field);
        if shown.is_none() {
            shown = created_with.and_then(|arguments| arguments.get(&field));
        }
        for intent in view.intents() {
            let counts = matches!(
                intent.state(),
                IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt
            );
            let mine = intent.changes().find(|change| *change.field == field).map(|change| change.mine);
            if counts && mine.is_some() {
                shown = mine;
            }
        }
        if view.shown(&field) != shown {
            return Err(format!("S1: {field} of record {key} shows something else"));
        }
        let painted = painted.and_then(|cells| cells.get(&field));
        let cell = (view.shown(&field).copied(), view.mark(&field));
        let blank = (None, Mark::Confirmed);
        let is_known = view.version().is_some() || created_with.is_some();
        let is_shown = is_known && cell.0.is_some();
        if is_shown && painted.unwrap_or(&blank) != &cell {
            return Err(format!("the screen was not told of {field} of record {key}"));
        }
    }
    Ok(())
}

fn summary_counts(store: &TheStore, standing: &Standing<'_>) -> Result<(), String> {
    let count = |wanted: fn(&IntentState<Field>) -> bool| {
        standing.values().filter(|intent| wanted(intent.state())).count()
    };
    let summary = store.summary();
    let counted = [
        (summary.pending, count(|state| *state == IntentState::Waiting)),
        (summary.sending, count(|state| matches!(state, IntentState::Sending { .. }))),
        (summary.in_doubt, count(|state| *state == IntentState::InDoubt)),
        (summary.conflicts, count(|state| *state == IntentState::Conflict)),
        (summary.refused, count(|state| matches!(state, IntentState::Refused { .. }))),
    ];
    if counted.iter().any(|(said, counted)| said != counted) {
        return Err(format!("the summary miscounts: {summary:?}"));
    }
    Ok(())
}

/// Everything the person typed is in the intent, on the record it was meant for, unless the server
/// holds it.
fn is_still_there(
    id: IntentId,
    wanted: &Wanted,
    intent: &OnItsWay<'_>,
    server: &Server,
) -> Result<(), String> {
    let Wanted { words, action, .. } = wanted;
    match intent {
        OnItsWay::Act(act) => {
            if Some(act.action()) != action.as_ref() || *act.key() != words.key {
                return Err(format!("action {} has become another one", id.0));
            }
        }
        OnItsWay::Edit(intent) => {
            if *intent.key() != words.key {
                return Err(format!("proposal {} has moved to another record", id.0));
            }
            for (field, value) in &words.values {
                let kept = intent.changes().find(|change| change.field == field);
                let was_held = |state: &Row| state.get(field) == Some(value);
                let is_kept = match kept {
                    Some(change) => change.mine == value,
                    None => {
                        words.yielded.contains(field)
                            || (words.key < DRAFTS && server.records[words.key].states.iter().any(was_held))
                    }
                };
                if !is_kept {
                    return Err(format!("{field} typed in proposal {} vanished", id.0));
                }
            }
        }
    }
    Ok(())
}

/// For all tabs of the browser in which `tab` acted.
pub(crate) fn between_tabs(world: &World, tab: usize) -> Result<(), String> {
    let browser = world.tabs[tab].browser;
    let mut writers = world.tabs_of(browser).filter(|tab| tab.open.values().any(Option::is_some));
    if writers.next().is_some() && writers.next().is_some() {
        return Err("two tabs of one browser have writes out".to_owned());
    }
    let store = world.tabs[tab].store.store();
    for other in world.tabs_of(browser).filter(|other| other.number != tab) {
        let theirs = other.store.store();
        let mine = store.intents().map(|intent| intent.id()).chain(store.actions().map(|act| act.id()));
        for id in mine {
            let carries = theirs.intents().any(|intent| intent.id() == id)
                || theirs.actions().any(|act| act.id() == id)
                || other.claimed.iter().any(|kept| kept.intent == id);
            if carries {
                return Err(format!("two tabs carry intent {}", id.0));
            }
        }
    }
    Ok(())
}
