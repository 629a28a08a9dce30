//! What can be wrong with edits, reads and the screen.

use super::{In, Make, Out, Reducer, TheStore, join, mutant, the_store};
use crate::server::{Answer, Field, Key};
use record_store::{
    Choice, Event, IntentId, IntentState, Limits, Notice, Outcome, RefusalKind, Request, RequestId, Time,
};
use std::collections::BTreeMap;

pub(super) const EDITS: &[(&str, Make)] = &[
    ("writes without a version", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for request in &mut out.requests {
                if let Request::Write { version, .. } = request {
                    version.token.clear();
                }
            }
            out
        })
    }),
    ("writes with the first version it knew", |limits| {
        mutant::<BTreeMap<Key, _>>(limits, |store, first, event| {
            let mut out = store.apply(event);
            for request in &mut out.requests {
                if let Request::Write { key, version, .. } = request {
                    *version = first.entry(*key).or_insert_with(|| version.clone()).clone();
                }
            }
            out
        })
    }),
    ("sends each write twice", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            let again = out.requests.clone();
            out.requests.extend(again);
            out
        })
    }),
    ("trusts a late answer", |limits| {
        mutant::<BTreeMap<RequestId, Key>>(limits, |store, keys, event| {
            let late = match &event {
                Event::Answered { request, outcome: Outcome::Accepted { version, fields }, .. } => {
                    keys.get(request).map(|key| (*key, version.clone(), fields.clone()))
                }
                _ => None,
            };
            let mut out = store.apply(event);
            for request in &out.requests {
                if let Request::Write { request, key, .. } = request {
                    keys.insert(*request, *key);
                }
            }
            if let Some((key, version, fields)) = late
                && out.changed.is_empty()
            {
                let asked_at = store.stamp();
                let more = store.apply(Event::ItemRead { key, asked_at, version, fields });
                join(&mut out, more);
            }
            out
        })
    }),
    ("takes every list answer for the newest", |limits| {
        mutant::<()>(limits, |store, (), mut event| {
            if let Event::ListRead { asked_at, .. } = &mut event {
                *asked_at = store.stamp();
            }
            store.apply(event)
        })
    }),
    ("takes every item answer for the newest", |limits| {
        mutant::<()>(limits, |store, (), mut event| {
            if let Event::ItemRead { asked_at, .. } = &mut event {
                *asked_at = store.stamp();
            }
            store.apply(event)
        })
    }),
    ("believes its own values instead of the answer", |limits| {
        mutant::<BTreeMap<RequestId, _>>(limits, |store, sent, mut event| {
            if let Event::Answered { request, outcome: Outcome::Accepted { fields, .. }, .. } = &mut event
                && let Some(typed) = sent.get(request)
            {
                fields.clone_from(typed);
            }
            let out = store.apply(event);
            for request in &out.requests {
                if let Request::Write { request, fields, .. } = request {
                    sent.insert(*request, fields.clone());
                }
            }
            out
        })
    }),
    ("keeps mine in every conflict by itself", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for (intent, fields) in conflicts(store) {
                let choices = fields.into_iter().map(|f| (f, Choice::KeepMine)).collect();
                let more = store.apply(Event::Resolve { intent, choices });
                join(&mut out, more);
            }
            out
        })
    }),
    ("takes theirs in every conflict by itself", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for (intent, fields) in conflicts(store) {
                let choices = fields.into_iter().map(|f| (f, Choice::TakeTheirs)).collect();
                let more = store.apply(Event::Resolve { intent, choices });
                join(&mut out, more);
            }
            out
        })
    }),
    ("takes a lost write for refused", |limits| {
        outcomes(limits, |outcome, typed| match outcome {
            Outcome::Lost if typed.is_some() => {
                *outcome = Outcome::Refused { kind: RefusalKind::Business, reasons: Vec::new() };
            }
            _ => {}
        })
    }),
    ("takes a deleted record for a refusal", |limits| {
        mutant::<()>(limits, |store, (), mut event| match &mut event {
            Event::Gone { .. } => Out::default(),
            Event::Answered { outcome, .. } if *outcome == Outcome::Gone => {
                *outcome = Outcome::Refused { kind: RefusalKind::Business, reasons: Vec::new() };
                store.apply(event)
            }
            _ => store.apply(event),
        })
    }),
    ("retries refusals by itself", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for notice in out.notices.clone() {
                if let Notice::Refused { intent, .. } = notice {
                    let more = store.apply(Event::Retry { intent, at: Time::default() });
                    join(&mut out, more);
                }
            }
            out
        })
    }),
    ("drops what waits when the session ends", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let has_ended = matches!(event, Event::Answered { outcome: Outcome::SessionExpired, .. });
            let mut out = store.apply(event);
            if has_ended {
                let waiting: Vec<IntentId> = store
                    .intents()
                    .filter(|intent| *intent.state() == IntentState::Waiting)
                    .map(|intent| intent.id())
                    .collect();
                for intent in waiting {
                    let mut more = store.apply(Event::Discard { intent });
                    more.notices.clear();
                    join(&mut out, more);
                }
            }
            out
        })
    }),
    ("restores a snapshot when refused", |limits| {
        mutant::<BTreeMap<RequestId, TheStore>>(limits, |store, snapshots, event| {
            let refused = match &event {
                Event::Answered { request, outcome: Outcome::Refused { .. }, .. } => {
                    snapshots.remove(request)
                }
                _ => None,
            };
            let before = store.clone();
            let out = store.apply(event);
            for request in &out.requests {
                if let Request::Write { request, .. } = request {
                    snapshots.insert(*request, before.clone());
                }
            }
            if let Some(snapshot) = refused {
                *store = snapshot;
            }
            out
        })
    }),
    ("does not tell the screen of a rollback", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            if out.notices.iter().any(|n| matches!(n, Notice::Refused { .. })) {
                out.changed.clear();
            }
            out
        })
    }),
    ("forgets to say that something settled", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            out.notices.retain(|n| !matches!(n, Notice::Settled { .. }));
            out
        })
    }),
    ("sends while offline", |limits| {
        mutant::<()>(limits, |store, (), mut event| {
            if event == Event::WentOffline {
                event = Event::WentOnline;
            }
            store.apply(event)
        })
    }),
    ("goes on after a 401", |limits| {
        outcomes(limits, |outcome, _| {
            if *outcome == Outcome::SessionExpired {
                *outcome = Outcome::NotSent { retry_after: None };
            }
        })
    }),
    ("ignores Retry-After", |limits| {
        outcomes(limits, |outcome, _| {
            if let Outcome::Pressure { retry_after } = outcome {
                *retry_after = None;
            }
        })
    }),
    ("never wakes up", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            out.wake_at = None;
            out
        })
    }),
    ("forgets what a change rests on", |limits| {
        mutant::<()>(limits, |store, (), mut event| {
            forget_what_it_rests_on(&mut event);
            store.apply(event)
        })
    }),
    ("sends what a change rests on", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for request in &mut out.requests {
                let Request::Write { intent, fields, .. } = request else { continue };
                let Some(view) = store.intents().find(|view| view.id() == *intent) else { continue };
                fields.extend(view.changes().map(|change| (*change.field, *change.mine)));
            }
            out
        })
    }),
    ("hides others' changes from the comparison", |limits| {
        outcomes(limits, |outcome, typed| {
            if let (Outcome::Stale { current: Some((_, fields)) }, Some(before)) = (outcome, typed) {
                fields.extend(before.iter().map(|(field, value)| (*field, *value)));
            }
        })
    }),
];

/// A mutant that spoils outcomes. It is shown the confirmed values of the fields that the write
/// was about, if it was a write.
type SpoilOutcome = fn(&mut Answer, Option<&BTreeMap<Field, i64>>);

struct Outcomes {
    store: TheStore,
    written: BTreeMap<RequestId, BTreeMap<Field, i64>>,
    spoil: SpoilOutcome,
}

impl Reducer for Outcomes {
    fn apply(&mut self, mut event: In) -> Out {
        if let Event::Answered { request, outcome, .. } = &mut event {
            (self.spoil)(outcome, self.written.get(request));
        }
        let out = self.store.apply(event);
        for request in &out.requests {
            if let Request::Write { request, key, fields, .. } = request
                && let Some(view) = self.store.view(key)
            {
                let confirmed = |field: &Field| Some((*field, *view.confirmed(field)?));
                let before = fields.keys().filter_map(confirmed).collect();
                self.written.insert(*request, before);
            }
        }
        out
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn outcomes(limits: Limits, spoil: SpoilOutcome) -> Box<dyn Reducer> {
    Box::new(Outcomes { store: the_store(limits), written: BTreeMap::new(), spoil })
}

fn forget_what_it_rests_on(event: &mut In) {
    match event {
        Event::Propose { base: (_, seen), changes, .. } => {
            let is_change = |field: &Field, value: &i64| seen.get(field) != Some(value);
            // What changes nothing at all is told as such.
            if changes.iter().any(|(field, value)| is_change(field, value)) {
                changes.retain(|field, value| is_change(field, value));
            }
        }
        Event::AtOnce(events) => events.iter_mut().for_each(forget_what_it_rests_on),
        _ => {}
    }
}

fn conflicts(store: &TheStore) -> Vec<(IntentId, Vec<Field>)> {
    store
        .intents()
        .filter(|intent| *intent.state() == IntentState::Conflict)
        .map(|intent| {
            let overlapping = intent.changes().filter(|change| change.overlaps);
            (intent.id(), overlapping.map(|change| *change.field).collect())
        })
        .collect()
}
