//! What must hold: after every step for the client that acted, and for everyone when all is quiet.

use crate::client::{Client, Ending};
use crate::server::{FIELDS, Field, Server, derived_quantity};
use crate::world::World;
use record_store::{IntentId, IntentState, Mark};
use std::collections::BTreeMap;

/// Holds after every step.
pub(crate) fn after_a_step(client: &mut Client, server: &Server) -> Result<(), String> {
    let store = client.store.store();
    let mut standing = BTreeMap::new();
    for intent in store.intents() {
        standing.insert(intent.id(), intent);
    }

    for key in 0..server.records.len() {
        let Some(view) = store.view(&key) else {
            client.states.remove(&key);
            client.painted.remove(&key);
            continue;
        };
        if let Some(version) = view.version() {
            let state = server.state_of(key, version).ok_or("a base that the server never held")?;
            let before = client.states.insert(key, state).unwrap_or(state);
            if state < before {
                return Err(format!("S2: record {key} went from state {before} to {state}"));
            }
            for (field, value) in &server.records[key].states[state] {
                if view.confirmed(field) != Some(value) {
                    return Err(format!(
                        "{field} of record {key} counts as confirmed and is not what the server \
                         held at that version"
                    ));
                }
            }
        }
        for field in FIELDS {
            let mut shown = view.confirmed(&field);
            for intent in view.intents() {
                let counts = matches!(
                    intent.state(),
                    IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt
                );
                let mine = intent.changes().find(|c| *c.field == field).map(|c| c.mine);
                if counts && mine.is_some() {
                    shown = mine;
                }
            }
            if view.shown(&field) != shown {
                return Err(format!("S1: {field} of record {key} shows something else"));
            }
            let painted = client.painted.get(&key).and_then(|cells| cells.get(&field));
            let cell = (view.shown(&field).copied(), view.mark(&field));
            let blank = (None, Mark::Confirmed);
            if view.version().is_some() && painted.unwrap_or(&blank) != &cell {
                return Err(format!("the screen was not told of {field} of record {key}"));
            }
        }
    }

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

    for (id, typed) in &client.typed {
        let Some(intent) = standing.get(id) else {
            if typed.ending.is_none() {
                return Err(format!("proposal {} vanished", id.0));
            }
            continue;
        };
        if typed.ending.is_some() {
            return Err(format!("proposal {} ended and still stands", id.0));
        }
        for (field, value) in &typed.values {
            let kept = intent.changes().find(|change| change.field == field);
            let was_held = |state: &crate::server::Row| state.get(field) == Some(value);
            let is_kept = match kept {
                Some(change) => change.mine == value,
                None => {
                    typed.yielded.contains(field) || server.records[typed.key].states.iter().any(was_held)
                }
            };
            if !is_kept {
                return Err(format!("{field} typed in proposal {} vanished", id.0));
            }
        }
    }
    Ok(())
}

/// Holds when nothing is out and nobody does anything.
pub(crate) fn when_quiet(world: &World) -> Result<(), String> {
    let server = &world.server;
    for client in &world.clients {
        let store = client.store.store();
        let who = client.number;
        for intent in store.intents() {
            match intent.state() {
                IntentState::Conflict | IntentState::Refused { .. } => {}
                IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt => {
                    let (id, state) = (intent.id().0, intent.state());
                    return Err(format!("proposal {id} of client {who} still is {state:?}"));
                }
            }
        }
        for (key, record) in server.records.iter().enumerate() {
            let Some(view) = store.view(&key) else {
                continue;
            };
            if view.is_gone() != record.is_deleted {
                return Err(format!("client {who} is wrong about record {key} being gone"));
            }
            let is_behind = view.version() != Some(&server.version(key));
            if view.version().is_some() && !record.is_deleted && is_behind {
                return Err(format!("client {who} is behind on record {key}"));
            }
        }
        for (id, typed) in &client.typed {
            let commits = commits_of(server, who, *id).count();
            let was_put_back = was_put_back(server, who, *id);
            let id = id.0;
            let is_unknown = typed.was_in_doubt || typed.was_repeated;
            if commits > typed.decisions && !(is_unknown && was_put_back) {
                return Err(format!("proposal {id} of client {who} was accepted too often"));
            }
            let was_held = |(field, value)| {
                typed.yielded.contains(field)
                    || server.records[typed.key].states.iter().any(|state| state.get(field) == Some(value))
            };
            if typed.ending == Some(Ending::Settled) && !typed.values.iter().all(was_held) {
                return Err(format!("proposal {id} of client {who} settled without effect"));
            }
            let is_told = !typed.was_in_doubt && !typed.was_repeated;
            if typed.ending != Some(Ending::Settled) && commits > 0 && is_told {
                return Err(format!(
                    "proposal {id} of client {who} was accepted and counts as something else"
                ));
            }
        }
    }
    nothing_was_overwritten_unseen(world)
}

/// Finance's first wish: no lost update. Each accepted write replaced only values that its author
/// had seen, or that were the author's own. (Where values do not repeat, a value once seen and
/// still there has been changed by nobody.)
fn nothing_was_overwritten_unseen(world: &World) -> Result<(), String> {
    for commit in &world.server.commits {
        let client = &world.clients[commit.client];
        let Some(typed) = client.typed.get(&commit.intent) else {
            return Err("an accepted write that nobody proposed".to_owned());
        };
        for (field, before, written) in &commit.fields {
            if !typed.had(field, *written) {
                return Err(format!("{field} was written with a value nobody typed"));
            }
            let mut own = client.typed.values().filter(|own| own.key == commit.key);
            let is_known = own.any(|own| {
                let derived = own.values.get("rate").copied().map(derived_quantity);
                own.had(field, *before)
                    || own.seen.contains(&(*field, *before))
                    || (*field == "quantity" && derived == Some(*before))
            });
            if !is_known {
                return Err(format!(
                    "a lost update: proposal {} of client {} replaced {field} {before} of record \
                     {} unseen",
                    commit.intent.0, commit.client, commit.key
                ));
            }
        }
    }
    Ok(())
}

/// Whether somebody put back the very values that a write of this proposal had replaced. No reading
/// can tell that from a write that never arrived, so it is sent again, with the newest version.
fn was_put_back(server: &Server, client: usize, intent: IntentId) -> bool {
    let commits: Vec<_> = commits_of(server, client, intent).collect();
    commits.windows(2).any(|pair| {
        let replaced = |commit: &crate::server::Commit, field| {
            commit.fields.iter().find(|(f, ..)| *f == field).map(|(_, before, _)| *before)
        };
        let [first, second] = pair else { return false };
        second.fields.iter().all(|(field, before, _)| replaced(first, *field) == Some(*before))
    })
}

fn commits_of(
    server: &Server,
    client: usize,
    intent: IntentId,
) -> impl Iterator<Item = &crate::server::Commit> {
    server.commits.iter().filter(move |commit| commit.client == client && commit.intent == intent)
}
