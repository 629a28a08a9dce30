//! What can be wrong with what must be done once.

use super::{In, Make, Out, Reducer, TheStore, join, mutant, the_store};
use crate::server::{Answer, Field, Key, TheAction, is_step};
use crate::tab::{StoreRequest, number};
use record_store::{
    Ending, Event, IntentId, IntentState, JournalLine, Limits, Notice, Outcome, RefusalKind, Request,
    RequestId, Time,
};
use std::collections::BTreeSet;
use std::time::Duration;

pub(super) const ACTIONS: &[(&str, Make)] = &[
    ("sends an action again after a lost answer", |limits| {
        answers(limits, is_act, |answer| {
            if *answer == Outcome::Lost {
                *answer = Outcome::NotSent { retry_after: None };
            }
        })
    }),
    ("takes a server under pressure for one that did nothing", |limits| {
        answers(limits, is_act, |answer| {
            if matches!(answer, Outcome::Pressure { .. }) {
                *answer = Outcome::NotSent { retry_after: None };
            }
        })
    }),
    ("takes a lost action for a refused one", |limits| {
        answers(limits, is_act, |answer| {
            if *answer == Outcome::Lost {
                *answer = Outcome::Refused { kind: RefusalKind::Business, reasons: Vec::new() };
            }
        })
    }),
    ("takes a lost action for done", |limits| {
        answers(limits, is_act, |answer| {
            if *answer == Outcome::Lost {
                *answer = Outcome::Done { record: None };
            }
        })
    }),
    ("takes not done from a look that left too early", |limits| {
        mutant::<()>(Limits { settling: Duration::ZERO, ..limits }, |store, (), event| store.apply(event))
    }),
    ("takes a look that found nothing for done", |limits| {
        answers(limits, is_probe, |answer| {
            if *answer == Outcome::NotDone {
                *answer = Outcome::Done { record: None };
            }
        })
    }),
    ("takes a look that found it for not done", |limits| {
        answers(limits, is_probe, |answer| {
            if matches!(answer, Outcome::Done { .. }) {
                *answer = Outcome::NotDone;
            }
        })
    }),
    ("sends what was not done again by itself", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for intent in refused(store, RefusalKind::NotDone) {
                let more = store.apply(Event::Retry { intent, at: Time::default() });
                join(&mut out, more);
            }
            out
        })
    }),
    ("takes a refusal after a lost attempt for final", |limits| {
        mutant::<()>(limits, |store, (), event| forgetting(store, event, |action| !action.creates))
    }),
    ("takes a lock's refusal after it was done for final", |limits| {
        mutant::<()>(limits, |store, (), event| forgetting(store, event, |action| action.name == Field::Lock))
    }),
    ("looks by the state it knows, not by the one the person saw", |limits| {
        looks(limits, |store, key, action, _| {
            let now = store.view(key).and_then(|view| view.confirmed(&Field::Status).copied());
            if let (Some(now), true) = (now, is_step(action.name)) {
                action.arguments.insert(Field::Status, now);
            }
        })
    }),
    ("decides a purge by rows from before it", |limits| {
        looks(limits, |_, _, action, since| {
            if action.name == Field::Purge {
                *since = Time::default();
            }
        })
    }),
    ("sends a purge again instead of looking", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for request in &mut out.requests {
                if let Request::Probe { request: number, intent, key, action, .. } = request
                    && action.name == Field::Purge
                {
                    let (number, intent, key, action) = (*number, *intent, *key, action.clone());
                    *request = Request::Act { request: number, intent, key, action };
                }
            }
            out
        })
    }),
    ("takes a lost purge for done", |limits| {
        answers(limits, is_purge, |answer| {
            if *answer == Outcome::Lost {
                *answer = Outcome::Done { record: None };
            }
        })
    }),
    ("takes a lost purge for refused", |limits| {
        answers(limits, is_purge, |answer| {
            if *answer == Outcome::Lost {
                *answer = Outcome::Refused { kind: RefusalKind::Business, reasons: Vec::new() };
            }
        })
    }),
    ("does an action to the record beside it", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            for request in &mut out.requests {
                if let Request::Act { key, .. } = request
                    && *key < 2
                {
                    *key = 1 - *key;
                }
            }
            out
        })
    }),
    ("keeps the old key after a create", |limits| {
        mutant::<Vec<(RequestId, Key)>>(limits, |store, asked, mut event| {
            if let Event::Answered { request, outcome: Outcome::Created { key, .. }, .. } = &mut event
                && let Some((_, draft)) = asked.iter().find(|(asked, _)| asked == request)
            {
                *key = *draft;
            }
            let out = store.apply(event);
            for request in &out.requests {
                if let Request::Act { key, .. } | Request::Probe { key, .. } = request {
                    asked.push((number(request), *key));
                }
            }
            out
        })
    }),
    ("forgets what was typed into a draft", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let drafts = store.actions().filter(|act| act.action().creates).map(|act| *act.key());
            let drafts: Vec<Key> = drafts.collect();
            let typed =
                store.intents().filter(|intent| drafts.contains(intent.key())).map(|intent| intent.id());
            let typed: Vec<IntentId> = typed.collect();
            let is_created = matches!(event, Event::Answered { outcome: Outcome::Created { .. }, .. });
            let mut out = store.apply(event);
            for intent in typed.into_iter().filter(|_| is_created) {
                let mut more = store.apply(Event::Discard { intent });
                more.notices.clear();
                join(&mut out, more);
            }
            out
        })
    }),
];

fn is_act(request: &StoreRequest) -> bool {
    matches!(request, Request::Act { .. })
}

fn is_purge(request: &StoreRequest) -> bool {
    matches!(request, Request::Act { action, .. } if action.name == Field::Purge)
}

fn is_probe(request: &StoreRequest) -> bool {
    matches!(request, Request::Probe { .. })
}

fn refused(store: &TheStore, wanted: RefusalKind) -> Vec<IntentId> {
    let is_wanted =
        |state: &IntentState<_>| matches!(state, IntentState::Refused { kind, .. } if *kind == wanted);
    store.actions().filter(|act| is_wanted(act.state())).map(|act| act.id()).collect()
}

/// Tries a refused action of this kind again as if it were new: what went before is not remembered.
fn forgetting(store: &mut TheStore, event: In, is_meant: fn(&TheAction) -> bool) -> Out {
    let Event::Retry { intent, at: again_at } = event else {
        return store.apply(event);
    };
    let asked = store.actions().find(|act| act.id() == intent);
    let Some((key, at, action)) = asked
        .filter(|act| matches!(act.state(), IntentState::Refused { .. }) && is_meant(act.action()))
        .map(|act| (*act.key(), act.at(), act.action().clone()))
    else {
        return store.apply(Event::Retry { intent, at: again_at });
    };
    let mut out = store.apply(Event::Discard { intent });
    out.notices.retain(|notice| !matches!(notice, Notice::Discarded { .. }));
    out.journal.retain(|line| !matches!(line, JournalLine::Ended { ending: Ending::Discarded, .. }));
    let more = store.apply(Event::Act { intent, key, action, at });
    join(&mut out, more);
    out
}

type SpoilLook = fn(&TheStore, &Key, &mut TheAction, &mut Time);

/// A mutant that asks the wrong thing when it looks.
struct Looks {
    store: TheStore,
    spoil: SpoilLook,
}

impl Reducer for Looks {
    fn apply(&mut self, event: In) -> Out {
        let mut out = self.store.apply(event);
        for request in &mut out.requests {
            if let Request::Probe { key, action, at, .. } = request {
                (self.spoil)(&self.store, key, action, at);
            }
        }
        out
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn looks(limits: Limits, spoil: SpoilLook) -> Box<dyn Reducer> {
    Box::new(Looks { store: the_store(limits), spoil })
}

/// A mutant that mistakes the answers to some of its requests.
struct Answers {
    store: TheStore,
    asked: BTreeSet<RequestId>,
    is_about: fn(&StoreRequest) -> bool,
    spoil: fn(&mut Answer),
}

impl Reducer for Answers {
    fn apply(&mut self, mut event: In) -> Out {
        if let Event::Answered { request, outcome, .. } = &mut event
            && self.asked.contains(request)
        {
            (self.spoil)(outcome);
        }
        let out = self.store.apply(event);
        self.asked.extend(out.requests.iter().filter(|request| (self.is_about)(request)).map(number));
        out
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn answers(limits: Limits, is_about: fn(&StoreRequest) -> bool, spoil: fn(&mut Answer)) -> Box<dyn Reducer> {
    Box::new(Answers { store: the_store(limits), asked: BTreeSet::new(), is_about, spoil })
}
