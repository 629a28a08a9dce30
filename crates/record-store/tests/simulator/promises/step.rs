//! What holds after every step.

use crate::browser::{Browser, Wanted};
use crate::mutants::TheStore;
use crate::server::{ALL_FIELDS, DRAFTS, Field, Key, Row, Server};
use crate::tab::Tab;
use crate::world::World;
use record_store::{ActionView, IntentId, IntentState, IntentView, JournalLine, Mark, RecordView};
use std::collections::{BTreeMap, BTreeSet};

type Standing<'a> = Vec<(IntentId, OnItsWay<'a>)>;

/// The values of [`ALL_FIELDS`], in their order.
type Values = [Option<i64>; ALL_FIELDS.len()];

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
    standing.extend(store.intents().map(|intent| (intent.id(), OnItsWay::Edit(intent))));
    standing.extend(store.actions().map(|act| (act.id(), OnItsWay::Act(act))));

    for (key, record) in server.records.iter().enumerate() {
        let Some(view) = store.view(&key) else {
            tab.states.remove(&key);
            tab.painted.remove(&key);
            continue;
        };
        let confirmed = ALL_FIELDS.map(|field| view.confirmed(&field).copied());
        if let Some(version) = view.version() {
            let state = server.state_of(key, version).ok_or("a base that the server never held")?;
            let before = tab.states.insert(key, state).unwrap_or(state);
            if state < before {
                return Err(format!("S2: record {key} went from state {before} to {state}"));
            }
            for ((field, value), confirmed) in record.states[state].iter().zip(confirmed) {
                // What was handed in with a row may be less than the record.
                if confirmed.is_some_and(|confirmed| confirmed != *value) {
                    return Err(format!(
                        "{field} of record {key} counts as confirmed and is not what the server held \
                         at that version"
                    ));
                }
            }
        }
        shows_base_under_proposals(&view, confirmed, tab.painted.get(&key))?;
    }
    for act in store.actions().filter(|act| act.action().creates) {
        let view = store.view(act.key()).ok_or("an action on no record")?;
        let confirmed = ALL_FIELDS.map(|field| view.confirmed(&field).copied());
        shows_base_under_proposals(&view, confirmed, tab.painted.get(act.key()))?;
    }

    summary_counts(store, &standing)?;
    for (id, wanted) in browser.wanted.iter_mut().filter(|(_, wanted)| wanted.carried_by == tab.number) {
        let is_claimed = tab.claimed.iter().any(|persisted| persisted.intent == *id);
        let Some((_, intent)) = standing.iter().find(|(standing, _)| standing == id) else {
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
        wanted.last_refused_after = wanted.refused_after.or(wanted.last_refused_after);
        is_still_there(*id, wanted, intent, server)?;
    }
    Ok(())
}

/// S1, and that the screen was told of it.
fn shows_base_under_proposals(
    view: &RecordView<'_, Key, Field, i64>,
    confirmed: Values,
    painted: Option<&BTreeMap<Field, (Option<i64>, Mark)>>,
) -> Result<(), String> {
    let key = view.key();
    let creation = view.actions().find(|act| act.action().creates);
    let mut expected = confirmed;
    if let Some(creation) = &creation {
        for (field, value) in &creation.action().arguments {
            let cell = &mut expected[*field as usize];
            *cell = cell.or(Some(*value));
        }
    }
    for intent in view.intents() {
        let counts = matches!(
            intent.state(),
            IntentState::Waiting | IntentState::Sending { .. } | IntentState::InDoubt
        );
        for change in intent.changes().filter(|_| counts) {
            expected[*change.field as usize] = Some(*change.mine);
        }
    }
    let is_known = view.version().is_some() || creation.is_some();
    for (field, expected) in ALL_FIELDS.into_iter().zip(expected) {
        let shown = view.shown(&field).copied();
        if shown != expected {
            return Err(format!("S1: {field} of record {key} shows something else"));
        }
        let blank = (None, Mark::Confirmed);
        let painted = || painted.and_then(|cells| cells.get(&field)).unwrap_or(&blank);
        if is_known && shown.is_some() && *painted() != (shown, view.mark(&field)) {
            return Err(format!("the screen was not told of {field} of record {key}"));
        }
    }
    Ok(())
}

fn summary_counts(store: &TheStore, standing: &Standing<'_>) -> Result<(), String> {
    let (mut pending, mut sending, mut in_doubt, mut conflicts, mut refused) = (0, 0, 0, 0, 0);
    for (_, intent) in standing {
        let count = match intent.state() {
            IntentState::Waiting => &mut pending,
            IntentState::Sending { .. } => &mut sending,
            IntentState::InDoubt => &mut in_doubt,
            IntentState::Conflict => &mut conflicts,
            IntentState::Refused { .. } => &mut refused,
        };
        *count += 1;
    }
    let summary = store.summary();
    let said = (summary.pending, summary.sending, summary.in_doubt, summary.conflicts, summary.refused);
    if said == (pending, sending, in_doubt, conflicts, refused) {
        Ok(())
    } else {
        Err(format!("the summary miscounts: {summary:?}"))
    }
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
                let persisted = intent.changes().find(|change| change.field == field);
                let was_held = |state: &Row| state.get(field) == Some(value);
                let is_kept = match persisted {
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
    let mine: Vec<IntentId> = carried(world.tabs[tab].store.store()).collect();
    for other in world.tabs_of(browser).filter(|other| other.number != tab) {
        let claimed = other.claimed.iter().map(|persisted| persisted.intent);
        let twice = carried(other.store.store()).chain(claimed).find(|id| mine.contains(id));
        if let Some(id) = twice {
            return Err(format!("two tabs carry intent {}", id.0));
        }
    }
    Ok(())
}

/// A tab never takes for kept what its disk does not hold: neither an intent as it stands, nor that one
/// has ended. Until it hears that the disk was deleted it cannot know.
pub(crate) fn what_is_not_on_disk_is_told(world: &World, tab: usize) -> Result<(), String> {
    let it = &world.tabs[tab];
    let browser = &world.browsers[it.browser];
    if it.has_disk.is_some_and(|deleted| deleted != browser.disk.deleted) {
        return Ok(());
    }
    for id in carried(it.store.store()) {
        let line = browser.journal.get(&id).filter(|line| line.tab == tab);
        let is_kept =
            line.is_some_and(|line| it.lines.get(&id) == Some(&JournalLine::Put(line.persisted.clone())));
        if !is_kept && !it.durability.is_behind(id) {
            return Err(format!("tab {tab} takes intent {} for persisted, and it is not on the disk", id.0));
        }
    }
    let standing: BTreeSet<IntentId> = carried(it.store.store()).collect();
    let claimed = |id: &IntentId| it.claimed.iter().any(|persisted| persisted.intent == *id);
    for (id, line) in browser.journal.iter().filter(|(_, line)| line.tab == tab) {
        let is_over = !standing.contains(id) && !claimed(id) && it.lines.contains_key(id);
        if is_over && !it.durability.is_behind(*id) {
            let mark = line.persisted.mark;
            return Err(format!("the disk has intent {} as {mark:?}, it has ended, nobody is told", id.0));
        }
    }
    Ok(())
}

fn carried(store: &TheStore) -> impl Iterator<Item = IntentId> {
    store.intents().map(|intent| intent.id()).chain(store.actions().map(|act| act.id()))
}
