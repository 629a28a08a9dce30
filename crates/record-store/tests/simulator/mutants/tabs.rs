//! What can be wrong with the journal, with the write lease, and with taking up what a dead tab left.

use super::{In, Make, Out, Reducer, TheStore, join, mutant, the_store};
use crate::server::{Field, Key};
use record_store::{
    Change, Content, Effects, Event, IntentId, JournalLine, Limits, Mark, Notice, PersistedIntent, Time,
};
use std::collections::BTreeSet;

type TheKept = PersistedIntent<Key, Field, i64>;

pub(super) const TABS: &[(&str, Make)] = &[
    ("forgets the journal", |limits| lines(limits, |_, journal| journal.clear())),
    ("writes the journal after the requests", |limits| {
        mutant::<Vec<JournalLine<Key, Field, i64>>>(limits, |store, late, event| {
            let mut out = store.apply(event);
            std::mem::swap(late, &mut out.journal);
            out
        })
    }),
    ("keeps in the journal what has ended", |limits| {
        lines(limits, |_, journal| journal.retain(|line| !matches!(line, JournalLine::Ended { .. })))
    }),
    ("does not keep what was refused", |limits| {
        lines(limits, |_, journal| {
            journal.retain(
                |line| !matches!(line, JournalLine::Put(persisted) if persisted.mark == Mark::Refused),
            );
        })
    }),
    ("keeps what was corrected as it was before", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let is_resolved = matches!(event, Event::Resolve { .. });
            let mut out = store.apply(event);
            if is_resolved && out.requests.is_empty() {
                out.journal.clear();
            }
            out
        })
    }),
    ("keeps whole records in the journal", |limits| {
        lines(limits, |store, journal| {
            for line in journal {
                let JournalLine::Put(PersistedIntent { key, content: Content::Edit(changes), .. }) = line
                else {
                    continue;
                };
                let Some(view) = store.view(key) else {
                    continue;
                };
                for cell in view.fields() {
                    if let Some(value) = cell.shown {
                        let whole = Change { base: cell.confirmed.copied(), mine: *value, contested: false };
                        changes.entry(*cell.field).or_insert(whole);
                    }
                }
            }
        })
    }),
    ("does not tell the journal of the server's key", |limits| {
        mutant::<()>(limits, |store, (), event| {
            let mut out = store.apply(event);
            if out.notices.iter().any(|notice| matches!(notice, Notice::Created { .. })) {
                out.journal.retain(|line| matches!(line, JournalLine::Ended { .. }));
            }
            out
        })
    }),
    ("takes up a sent edit as not sent", |limits| {
        taken_up(limits, |_, persisted| {
            for persisted in
                persisted.iter_mut().filter(|persisted| matches!(persisted.content, Content::Edit(_)))
            {
                not_sent(persisted);
            }
        })
    }),
    ("takes up a sent action as not sent", |limits| {
        taken_up(limits, |_, persisted| {
            for persisted in
                persisted.iter_mut().filter(|persisted| matches!(persisted.content, Content::Action(_)))
            {
                not_sent(persisted);
            }
        })
    }),
    ("takes up a purge as one that was pressed later", |limits| {
        taken_up(limits, |_, persisted| {
            for persisted in persisted.iter_mut().filter(|persisted| is_purge(persisted)) {
                persisted.sent_off_at = Time(persisted.sent_off_at.0 + 60_000);
            }
        })
    }),
    ("takes up what was refused as not sent", |limits| {
        taken_up(limits, |_, persisted| {
            for persisted in persisted.iter_mut().filter(|persisted| persisted.mark == Mark::Refused) {
                persisted.mark = Mark::Waiting;
                persisted.refusal = None;
            }
        })
    }),
    ("does not take up what was refused", |limits| {
        taken_up(limits, |_, persisted| persisted.retain(|persisted| persisted.mark != Mark::Refused))
    }),
    ("takes what another tab typed for what it typed over", |limits| {
        taken_up(limits, |store, persisted| {
            let standing: Vec<IntentId> = store.intents().map(|intent| intent.id()).collect();
            let all: Vec<IntentId> =
                persisted.iter().map(|persisted| persisted.intent).chain(standing).collect();
            for persisted in persisted {
                persisted.over.clone_from(&all);
            }
        })
    }),
    ("writes without the write lease", |limits| {
        mutant::<()>(limits, |store, (), event| match event {
            Event::WriteLease { .. } => Effects::default(),
            other => store.apply(other),
        })
    }),
    ("gives the write lease up while a write is out", |limits| Box::new(Hasty(the_store(limits)))),
    ("takes a bulk edit for done with its first record", |limits| {
        mutant::<BTreeSet<IntentId>>(limits, |store, bulk, event| {
            if let Event::AtOnce(events) = &event {
                bulk.extend(events.iter().filter_map(|each| match each {
                    Event::Propose { intent, .. } => Some(*intent),
                    _ => None,
                }));
            }
            let mut out = store.apply(event);
            let is_settled = |notice: &Notice<_, _>| match notice {
                Notice::Settled { intent, .. } => bulk.contains(intent),
                _ => false,
            };
            if out.notices.iter().any(is_settled) {
                for intent in std::mem::take(bulk) {
                    let mut more = store.apply(Event::Discard { intent });
                    for notice in &mut more.notices {
                        if let Notice::Discarded { intent, key } = *notice {
                            *notice = Notice::Settled { intent, key };
                        }
                    }
                    join(&mut out, more);
                }
            }
            out
        })
    }),
];

fn is_purge(persisted: &TheKept) -> bool {
    matches!(&persisted.content, Content::Action(action) if action.name == Field::Purge)
}

fn not_sent(persisted: &mut TheKept) {
    if matches!(persisted.mark, Mark::Sending | Mark::InDoubt) {
        persisted.mark = Mark::Waiting;
    }
}

/// It thinks of what waits, and not of what is out.
struct Hasty(TheStore);

impl Reducer for Hasty {
    fn apply(&mut self, event: In) -> Out {
        self.0.apply(event)
    }

    fn store(&self) -> &TheStore {
        &self.0
    }

    fn needs_write_lease(&self) -> bool {
        self.0.needs_write_lease() && self.0.summary().pending > 0
    }
}

/// A mutant that spoils the lines of its journal.
struct Lines {
    store: TheStore,
    spoil: fn(&TheStore, &mut Vec<JournalLine<Key, Field, i64>>),
}

impl Reducer for Lines {
    fn apply(&mut self, event: In) -> Out {
        let mut out = self.store.apply(event);
        (self.spoil)(&self.store, &mut out.journal);
        out
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn lines(limits: Limits, spoil: fn(&TheStore, &mut Vec<JournalLine<Key, Field, i64>>)) -> Box<dyn Reducer> {
    Box::new(Lines { store: the_store(limits), spoil })
}

/// A mutant that misreads what it takes up.
struct TakenUp {
    store: TheStore,
    spoil: fn(&TheStore, &mut Vec<TheKept>),
}

impl Reducer for TakenUp {
    fn apply(&mut self, mut event: In) -> Out {
        if let Event::Restored { persisted, .. } = &mut event {
            (self.spoil)(&self.store, persisted);
        }
        self.store.apply(event)
    }

    fn store(&self) -> &TheStore {
        &self.store
    }
}

fn taken_up(limits: Limits, spoil: fn(&TheStore, &mut Vec<TheKept>)) -> Box<dyn Reducer> {
    Box::new(TakenUp { store: the_store(limits), spoil })
}
