//! What holds when nothing is out and nobody does anything.

use crate::browser::{Ending, Wanted};
use crate::server::{
    Commit, DRAFTS, Deed, Field, Row, Server, TheAction, derived_quantity, is_guarded, is_step, was_seen,
};
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
    every_deed_was_asked_for(world)?;
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
        let persisted = (line.tab, line.persisted.key, line.persisted.mark);
        match standing.remove(id) {
            None => return Err(format!("the journal keeps intent {}, which has ended", id.0)),
            Some(now) if now != persisted => {
                return Err(format!("the journal says {persisted:?} of intent {}, which is {now:?}", id.0));
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
        return Err(format!("proposal {who} left before it was persisted"));
    }
    let is_unknown = wanted.was_in_doubt || wanted.was_repeated;
    // Taken up from an older line, an edit may go once more over the person's own later value; over
    // somebody else's it never does.
    let most = wanted.decisions + wanted.fell_back;
    if commits > most && !(is_unknown && was_put_back(server, id)) {
        return Err(format!("proposal {who} was accepted too often"));
    }
    let was_held = |(field, value): (&Field, &i64)| {
        let held = |state: &Row| state.get(field) == Some(value);
        words.yielded.contains(field)
            || (words.key < DRAFTS && server.records[words.key].states.iter().any(held))
    };
    if words.ending == Some(Ending::Settled) && !words.values.iter().all(was_held) {
        return Err(format!("proposal {who} settled without effect"));
    }
    let is_told = !is_unknown && !matches!(words.ending, Some(Ending::LeftBehind | Ending::LostWithTheDisk));
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
    let deeds = || server.deeds.iter().enumerate().filter(|(_, deed)| deed.intent == id);
    let times = deeds().count();
    if times > wanted.decisions {
        return Err(format!("S12: {name} {who} took effect {times} times"));
    }
    let ending = wanted.words.ending;
    if ending == Some(Ending::NeverKept) && times > 0 {
        return Err(format!("{name} {who} left before it was persisted"));
    }
    if !is_guarded(action) {
        // The store alone answers for exactly once.
        let right = match ending {
            Some(Ending::Settled) => times == 1 || (times == 0 && others_purged_since(server, wanted)),
            Some(Ending::LeftBehind | Ending::LostWithTheDisk) => times <= wanted.decisions.min(1),
            Some(Ending::Discarded | Ending::NeverKept) | None => times == 0,
        };
        if !right {
            return Err(format!("S12: {name} {who} ended as {ending:?} ({refusal:?}) with {times} effects"));
        }
        return Ok(());
    }
    if ending == Some(Ending::Settled) && !server.deeds.iter().any(|deed| is_what_was_asked(deed, wanted)) {
        return Err(format!("{name} {who} settled without effect"));
    }
    let stands = deeds().any(|(at, deed)| {
        // An attempt that came later than it may came after all that could be told of it.
        let came_later = wanted.was_late && wanted.refused_after.is_some_and(|done| at >= done);
        !came_later && can_still_be_read(server, action, deed)
    });
    match refusal {
        Some(RefusalKind::NotDone) if stands => Err(format!("{name} {who} counts as not done and was done")),
        Some(RefusalKind::Business | RefusalKind::Validation | RefusalKind::Contended) if stands => {
            Err(format!("{name} {who} counts as refused and was done"))
        }
        _ => Ok(()),
    }
}

/// Nothing was done that nobody wanted, nor to another record than it was wanted for.
fn every_deed_was_asked_for(world: &World) -> Result<(), String> {
    for Deed { intent, key, name, .. } in &world.server.deeds {
        let wanted = world.browsers.iter().find_map(|browser| browser.wanted.get(intent));
        let is_it = wanted.is_some_and(|wanted| {
            let is_asked =
                |action: &TheAction| action.name == *name && (action.creates || wanted.words.key == *key);
            wanted.action.as_ref().is_some_and(is_asked)
        });
        if !is_it {
            return Err(format!("{name} {} was done to record {key} and not asked for", intent.0));
        }
    }
    Ok(())
}

/// Whether somebody purged the platform after this purge was last sent off: then its rows are what it
/// was to bring about, whoever did it.
fn others_purged_since(server: &Server, wanted: &Wanted) -> bool {
    let is_purge = wanted.action.as_ref().is_some_and(|action| action.name == Field::Purge);
    let is_since = |deed: &Deed| deed.name == Field::Purge && deed.at >= wanted.words.sent_off_at;
    is_purge && server.deeds.iter().any(is_since)
}

/// Whether this deed, whoever did it, brought about what the person asked for: a record of the same
/// number, or the same done to the same record, a step of the life cycle since the person saw it.
fn is_what_was_asked(deed: &Deed, wanted: &Wanted) -> bool {
    let Some(action) = &wanted.action else {
        return false;
    };
    if action.creates {
        return deed.name == action.name && deed.number == action.arguments.get(&Field::Number).copied();
    }
    let is_since = !is_step(action.name) || wanted.saw_state.is_none_or(|saw| deed.state > saw);
    deed.name == action.name && deed.key == wanted.words.key && is_since
}

/// What was deleted cannot be looked at, and what was put back to how the person saw it looks as if it
/// had never been done.
fn can_still_be_read(server: &Server, action: &TheAction, deed: &Deed) -> bool {
    let record = &server.records[deed.key];
    let looks_untouched = |state: &Row| was_seen(action).all(|(field, seen)| state[&field] == seen);
    let was_put_back = is_step(action.name) && record.states[deed.state..].iter().any(looks_untouched);
    !record.is_deleted && !was_put_back
}

/// Finance's first wish: no lost update. Each accepted write replaced only values that its author
/// had seen in that tab, or that were the author's own and stood before them. (Where values do not
/// repeat, a value once seen and still there has been changed by nobody.)
fn nothing_was_overwritten_unseen(world: &World) -> Result<(), String> {
    let everyone = || world.browsers.iter().flat_map(|browser| browser.wanted.iter());
    let wanted: BTreeMap<IntentId, &Wanted> = everyone().map(|(id, wanted)| (*id, wanted)).collect();
    for Commit { intent, key, fields, before } in &world.server.commits {
        let Some(author) = wanted.get(intent) else {
            return Err("an accepted write that nobody proposed".to_owned());
        };
        let before_them = before_them(&wanted, author);
        let is_known = |field: &Field, before: &i64| {
            let is_own = wanted.iter().filter(|(_, own)| own.was_on(*key)).any(|(id, own)| {
                let was_before_them = before_them.contains(id);
                // Typed over one's own value of another tab, one replaces what that one was typed over.
                let is_typed = own.words.values.contains_key(field);
                if was_before_them && is_typed && own.seen.contains(&(*field, *before)) {
                    return true;
                }
                // What was corrected after an older line was taken up had been written all the same.
                let corrected = own.corrected.iter().filter(|(field, _)| *field == Field::Rate);
                let rates = own.words.values.get(&Field::Rate).into_iter();
                let mut rates = rates.chain(corrected.map(|(_, rate)| rate));
                let is_derived =
                    *field == Field::Quantity && rates.any(|rate| derived_quantity(*rate) == *before);
                let is_its = own.had(*field, *before) || is_derived;
                is_its && (was_before_them || own.typed_in == author.typed_in)
            });
            is_own || author.seen.contains(&(*field, *before))
        };
        for (field, before, written) in fields {
            if !author.had(*field, *written) {
                return Err(format!("{field} was written with a value nobody typed"));
            }
            if !is_known(field, before) {
                return Err(format!(
                    "a lost update: proposal {} replaced {field} {before} of record {key} unseen",
                    intent.0
                ));
            }
        }
        // Nor does a write go that means something else by now.
        for (field, seen) in &author.rests_on {
            if before[field] != *seen && !author.no_longer_rests_on.contains(field) {
                return Err(format!(
                    "proposal {} rests on {field} {seen} of record {key}, and went over {}",
                    intent.0, before[field]
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
