//! What holds when nothing is out and nobody does anything.

use crate::browser::{Ending, Wanted};
use crate::server::{Commit, DRAFTS, Deed, Field, Server, derived_quantity};
use crate::world::World;
use record_store::{IntentId, IntentState, Mark, RefusalKind};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn when_quiet(world: &World) -> Result<(), String> {
    for tab in world.tabs.iter().filter(|tab| tab.is_alive) {
        everything_stands_still(tab)?;
        shows_what_the_server_holds(tab, &world.server)?;
    }
    for number in 0..world.browsers.len() {
        journal_is_what_stands(world, number)?;
        let refusals = refusals(world, number);
        for (id, wanted) in &world.browsers[number].wanted {
            match &wanted.action {
                None => edit_took_effect_as_told(&world.server, *id, wanted)?,
                Some(_) => action_took_effect_as_told(&world.server, *id, wanted, refusals.get(id))?,
            }
        }
    }
    nothing_was_overwritten_unseen(world)
}

/// Whatever is not for the person to decide has come to its end.
fn everything_stands_still(tab: &crate::tab::Tab) -> Result<(), String> {
    let store = tab.store.store();
    let edits = store.intents().map(|intent| (intent.id(), intent.key(), intent.state(), false));
    let acts = store.actions().map(|act| (act.id(), act.key(), act.state(), act.action().creates));
    for (id, key, state, creates) in edits.chain(acts) {
        let waits_to_be_created = !creates && store.view(key).is_some_and(|view| view.is_being_created());
        match state {
            IntentState::Conflict | IntentState::Refused { .. } => {}
            // It goes on when the person has decided about the record's creation.
            IntentState::Waiting if waits_to_be_created => {}
            IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt => {
                return Err(format!("intent {} in tab {} still is {state:?}", id.0, tab.number));
            }
        }
    }
    Ok(())
}

fn shows_what_the_server_holds(tab: &crate::tab::Tab, server: &Server) -> Result<(), String> {
    let who = tab.number;
    for (key, record) in server.records.iter().enumerate() {
        let Some(view) = tab.store.store().view(&key) else {
            continue;
        };
        if view.is_gone() != record.is_deleted {
            return Err(format!("tab {who} is wrong about record {key} being gone"));
        }
        let is_behind = view.version() != Some(&server.version(key));
        if view.version().is_some() && !record.is_deleted && is_behind {
            return Err(format!("tab {who} is behind on record {key}"));
        }
    }
    Ok(())
}

/// The journal holds every intent that stands, as it stands, for the tab that carries it; and
/// nothing that has ended.
fn journal_is_what_stands(world: &World, browser: usize) -> Result<(), String> {
    let mut standing = BTreeMap::new();
    for tab in world.tabs_of(browser) {
        let store = tab.store.store();
        let edits = store.intents().map(|intent| (intent.id(), *intent.key(), mark(intent.state())));
        let acts = store.actions().map(|act| (act.id(), *act.key(), mark(act.state())));
        standing.extend(edits.chain(acts).map(|(id, key, mark)| (id, (tab.number, key, mark))));
    }
    for (id, line) in &world.browsers[browser].journal {
        let kept = (line.tab, line.kept.key, line.kept.mark);
        match standing.remove(id) {
            None => return Err(format!("the journal keeps intent {}, which has ended", id.0)),
            Some(now) if now != kept => {
                return Err(format!("the journal says {kept:?} of intent {}, which is {now:?}", id.0));
            }
            Some(_) => {}
        }
    }
    match standing.keys().next() {
        Some(id) => Err(format!("the journal does not know of intent {}", id.0)),
        None => Ok(()),
    }
}

fn mark(state: &IntentState<Field>) -> Mark {
    match state {
        IntentState::Waiting => Mark::Waiting,
        IntentState::Sending { .. } => Mark::Sending,
        IntentState::InDoubt => Mark::InDoubt,
        IntentState::Conflict => Mark::Conflict,
        IntentState::Refused { .. } => Mark::Refused,
    }
}

/// Why each refused action of this browser counts as refused.
fn refusals(world: &World, browser: usize) -> BTreeMap<IntentId, RefusalKind> {
    let acts = world.tabs_of(browser).flat_map(|tab| tab.store.store().actions());
    acts.filter_map(|act| match act.state() {
        IntentState::Refused { kind, .. } => Some((act.id(), *kind)),
        _ => None,
    })
    .collect()
}

fn edit_took_effect_as_told(server: &Server, id: IntentId, wanted: &Wanted) -> Result<(), String> {
    let commits = commits_of(server, id).count();
    let words = &wanted.words;
    let who = id.0;
    if words.ending == Some(Ending::NeverKept) && commits > 0 {
        return Err(format!("proposal {who} left before it was kept"));
    }
    let is_unknown = wanted.was_in_doubt || wanted.was_repeated;
    if commits > wanted.decisions && !(is_unknown && was_put_back(server, id)) {
        return Err(format!("proposal {who} was accepted too often"));
    }
    let was_held = |(field, value): (&Field, &i64)| {
        let held = |state: &crate::server::Row| state.get(field) == Some(value);
        words.yielded.contains(field)
            || (words.key < DRAFTS && server.records[words.key].states.iter().any(held))
    };
    if words.ending == Some(Ending::Settled) && !words.values.iter().all(was_held) {
        return Err(format!("proposal {who} settled without effect"));
    }
    let is_told = !is_unknown && words.ending != Some(Ending::LeftBehind);
    if words.ending != Some(Ending::Settled) && commits > 0 && is_told {
        return Err(format!("proposal {who} was accepted and counts as something else"));
    }
    Ok(())
}

/// S12.
fn action_took_effect_as_told(
    server: &Server,
    id: IntentId,
    wanted: &Wanted,
    refusal: Option<&RefusalKind>,
) -> Result<(), String> {
    let Some(action) = &wanted.action else {
        return Ok(());
    };
    let (name, who) = (action.name, id.0);
    let deeds: Vec<&Deed> = server.deeds.iter().filter(|deed| deed.intent == id).collect();
    if deeds.len() > wanted.decisions {
        return Err(format!("S12: {name} {who} took effect {} times", deeds.len()));
    }
    let ending = wanted.words.ending;
    if ending == Some(Ending::NeverKept) && !deeds.is_empty() {
        return Err(format!("{name} {who} left before it was kept"));
    }
    if name == Field::Add {
        // Nothing guards it: the store alone answers for exactly once.
        let right = match ending {
            Some(Ending::Settled) => deeds.len() == 1,
            Some(Ending::LeftBehind) => deeds.len() <= 1,
            Some(Ending::Discarded | Ending::NeverKept) | None => deeds.is_empty(),
        };
        if !right {
            let times = deeds.len();
            return Err(format!("S12: {name} {who} ended as {ending:?} ({refusal:?}) with {times} effects"));
        }
        return Ok(());
    }
    if ending == Some(Ending::Settled) {
        let number = action.arguments.get(&Field::Number).copied();
        let is_same = |deed: &Deed| {
            let same_place =
                if action.creates { deed.number == number } else { deed.key == wanted.words.key };
            deed.name == name && same_place
        };
        if !server.deeds.iter().any(is_same) && name != Field::Revert {
            return Err(format!("{name} {who} settled without effect"));
        }
    }
    // What can be taken back by others, or be deleted, need not be there when it is looked for.
    let is_there = |deed: &&&Deed| {
        name != Field::Submit && name != Field::Revert && !server.records[deed.key].is_deleted
    };
    let stands = deeds.iter().any(|deed| is_there(&deed));
    match refusal {
        Some(RefusalKind::NotDone) if stands && !wanted.was_late => {
            Err(format!("{name} {who} counts as not done and was done"))
        }
        Some(RefusalKind::Business | RefusalKind::Validation | RefusalKind::Contended) if stands => {
            Err(format!("{name} {who} counts as refused and was done"))
        }
        _ => Ok(()),
    }
}

/// Finance's first wish: no lost update. Each accepted write replaced only values that its author
/// had seen in that tab, or that were the author's own and stood before them. (Where values do not
/// repeat, a value once seen and still there has been changed by nobody.)
fn nothing_was_overwritten_unseen(world: &World) -> Result<(), String> {
    let everyone = || world.browsers.iter().flat_map(|browser| browser.wanted.iter());
    let wanted: BTreeMap<IntentId, &Wanted> = everyone().map(|(id, wanted)| (*id, wanted)).collect();
    for Commit { intent, key, fields } in &world.server.commits {
        let Some(author) = wanted.get(intent) else {
            return Err("an accepted write that nobody proposed".to_owned());
        };
        for (field, before, written) in fields {
            if !author.had(*field, *written) {
                return Err(format!("{field} was written with a value nobody typed"));
            }
            let before_them = before_them(&wanted, author);
            let is_own = wanted.iter().filter(|(_, own)| own.words.key == *key).any(|(id, own)| {
                let was_before_them = before_them.contains(id);
                // Typed over one's own value of another tab, one replaces what that one was typed over.
                let is_typed = own.words.values.contains_key(field);
                if was_before_them && is_typed && own.seen.contains(&(*field, *before)) {
                    return true;
                }
                let derived = own.words.values.get(&Field::Rate).copied().map(derived_quantity);
                let is_its =
                    own.had(*field, *before) || (*field == Field::Quantity && derived == Some(*before));
                is_its && (was_before_them || own.typed_in == author.typed_in)
            });
            if !is_own && !author.seen.contains(&(*field, *before)) {
                return Err(format!(
                    "a lost update: proposal {} replaced {field} {before} of record {key} unseen",
                    intent.0
                ));
            }
        }
    }
    Ok(())
}

/// The intents that the author had before them, those that stood before these, and so on.
fn before_them(wanted: &BTreeMap<IntentId, &Wanted>, author: &Wanted) -> BTreeSet<IntentId> {
    let mut found = author.known.clone();
    let mut to_ask: Vec<IntentId> = found.iter().copied().collect();
    while let Some(known) = to_ask.pop().and_then(|id| wanted.get(&id)) {
        to_ask.extend(known.known.iter().filter(|id| found.insert(**id)));
    }
    found
}

/// Whether somebody put back the very values that a write of this proposal had replaced. No reading
/// can tell that from a write that never arrived, so it is sent again, with the newest version.
fn was_put_back(server: &Server, intent: IntentId) -> bool {
    let commits: Vec<_> = commits_of(server, intent).collect();
    commits.windows(2).any(|pair| {
        let replaced = |commit: &Commit, field| {
            commit.fields.iter().find(|(f, ..)| *f == field).map(|(_, before, _)| *before)
        };
        let [first, second] = pair else { return false };
        second.fields.iter().all(|(field, before, _)| replaced(first, *field) == Some(*before))
    })
}

fn commits_of(server: &Server, intent: IntentId) -> impl Iterator<Item = &Commit> {
    server.commits.iter().filter(move |commit| commit.intent == intent)
}
