//! The events that are to be corrected, as they were read, and the plan that the form makes of them.

use super::change_form::Draft;
use super::pasted_rows::{Pasted, PastedRows};
use crate::api::{Resource, fields_of, key_of, version_of};
use crate::data::latest::{Latest, Run};
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::data::sync::BulkRow;
use crate::features::selection::{BatchStates, EventPages, NamedEvent, Noticed, ReadingState, Selected};
use crate::text::day_in;
use grid_model::Records;
use leptos::prelude::*;
use rest_contract::oracle::correction::Change;
use rest_contract::oracle::correction_plan::{Plan, Planned};
use rest_contract::oracle::estimate::EventUsage;
use rest_contract::{Field, Record, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// More at a time are first to be made fewer by a filter: every one is held in memory.
const MOST_AT_ONCE: usize = 20_000;

/// Whole events, with the one link that carries their version.
const SHAPE: &str = "links=self,canonical";

/// An event with the status code of its batch.
type ReadEvent = (Record, String);

/// The events, the form's drafts and the plan; a handle.
#[derive(Clone, Copy)]
pub struct CorrectedEvents {
    session: Session,
    pub state: RwSignal<ReadingState>,
    pub drafts: RwSignal<Vec<Draft>>,
    /// Rows that say for each event what it becomes, in the place of the drafts.
    pub pasted: RwSignal<Option<Arc<PastedRows>>>,
    /// A blank cell of such a row empties its field.
    pub clears: RwSignal<bool>,
    events: RwSignal<Arc<Vec<ReadEvent>>>,
    /// Whether each change says what it makes of its field.
    pub is_said: Memo<bool>,
    pub plan: Memo<Plan>,
    pub noticed: Noticed,
    /// Of those that were to be taken by number, the ones that the selection does not hold any more.
    pub left: RwSignal<Vec<String>>,
    latest: Latest,
}

impl CorrectedEvents {
    /// Made within the dialog, whose end ends the reading.
    pub fn new(session: Session, drafts: Vec<Draft>) -> Self {
        let events = RwSignal::new(Arc::<Vec<ReadEvent>>::default());
        let drafts = RwSignal::new(drafts);
        let changes = move || -> Option<Vec<_>> {
            let tables = session.lookups.tables.get();
            drafts.with(|drafts| drafts.iter().map(|draft| draft.read(&tables).ok()).collect())
        };
        let (pasted, clears) = (RwSignal::new(None::<Arc<PastedRows>>), RwSignal::new(false));
        let is_said = Memo::new(move |_| pasted.with(Option::is_some) || changes().is_some());
        let plan = Memo::new(move |_| match pasted.get() {
            Some(rows) => plan_of_rows(&events.get(), &rows, clears.get(), &session.lookups.tables.get()),
            None => plan_of(&events.get(), &changes().unwrap_or_default(), &session.lookups.tables.get()),
        });
        Self {
            session,
            state: RwSignal::default(),
            drafts,
            pasted,
            clears,
            events,
            is_said,
            plan,
            noticed: Noticed::new(),
            left: RwSignal::default(),
            latest: Latest::new(session),
        }
    }

    /// Ends the reading. What was read so far is not offered: a part is not what was asked for.
    pub fn stop(&self) {
        self.latest.stop();
        self.events.set(Arc::default());
        self.left.set(Vec::new());
        self.noticed.clear();
        self.state.set(ReadingState::Idle);
    }

    /// Finds the events that pasted rows are meant for, and goes on with them.
    pub fn find(&self, pasted: Pasted, go_on: impl FnOnce(Records) + 'static) {
        self.stop();
        let rows = pasted.read();
        if rows.len() > MOST_AT_ONCE {
            return self.state.set(ReadingState::Counted(rows.len()));
        }
        self.state.set(ReadingState::Under(0, None));
        let this = *self;
        let find = async move |run: Run| pasted.find(rows, this.session.client, run).await;
        self.latest.start(find, move |found| match found {
            Ok(Some((rows, records))) => {
                this.pasted.set(Some(Arc::new(rows)));
                go_on(records);
            }
            Ok(None) => (),
            Err(failure) => this.state.set(ReadingState::Failed(failure)),
        });
    }

    pub fn read(&self, selected: Selected, only: Option<Arc<BTreeSet<String>>>) {
        self.stop();
        self.state.set(ReadingState::Under(0, None));
        let this = *self;
        let read = async move |run: Run| {
            let mut pages = EventPages::new(this.session.client, selected, SHAPE);
            let mut batches = BatchStates::default();
            let mut events = Vec::new();
            while let Some(page) = pages.next().await? {
                batches.learn(this.session.client, &page).await?;
                if !run.is_current() {
                    break;
                }
                let is_meant = |event: &Record| {
                    only.as_ref().is_none_or(|only| event.key().is_some_and(|number| only.contains(&number)))
                };
                events.extend(page.into_iter().filter(is_meant).map(|event| {
                    let status = batches.of(&event).to_owned();
                    (event, status)
                }));
                if let Some(found) = pages.total.filter(|found| only.is_none() && *found > MOST_AT_ONCE) {
                    return Ok(ReadingState::Counted(found));
                }
                if events.len() > MOST_AT_ONCE {
                    return Ok(ReadingState::MoreThan(MOST_AT_ONCE));
                }
                this.state.set(ReadingState::Under(pages.read, pages.total));
            }
            if run.is_current() {
                if let Some(only) = &only {
                    let read: BTreeSet<String> = events.iter().filter_map(|(event, _)| event.key()).collect();
                    this.left.set(only.difference(&read).cloned().collect());
                }
                this.noticed.take(pages.differences());
                this.events.set(Arc::new(events));
            }
            Ok(ReadingState::Done)
        };
        self.latest.start(read, move |outcome| {
            this.state.set(outcome.unwrap_or_else(ReadingState::Failed));
        });
    }

    /// What is to be sent: each event that changes, over the state in which it was read.
    pub fn rows(&self) -> Vec<BulkRow> {
        let events = self.events.get_untracked();
        self.plan.with_untracked(|plan| {
            let rows = plan.changed.iter().filter_map(|row| {
                let (event, _) = events.get(row.place)?;
                Some(BulkRow {
                    key: key_of(Resource::Event, event, None)?,
                    base: (version_of(event), fields_of(event)),
                    changes: row
                        .changes
                        .iter()
                        .map(|change| (change.field.name, change.after.clone()))
                        .collect(),
                })
            });
            rows.collect()
        })
    }

    /// The numbers of the batches that the events are in.
    pub fn batches(&self) -> Vec<String> {
        let batches = self.with_events(|event| event.text("BatchNumber").map(str::to_owned));
        batches.into_iter().collect()
    }

    /// How many may be corrected now.
    pub fn number_changed(&self) -> usize {
        let is_decided = self.state.get() == ReadingState::Done && !self.noticed.stops();
        if is_decided { self.plan.with(|plan| plan.changed.len()) } else { 0 }
    }

    /// Each event that was read, and what becomes of it.
    pub fn outcomes(&self) -> Vec<NamedEvent> {
        let plan = self.plan.get();
        let changed = plan.changed.iter().map(|row| NamedEvent::new(self.number(row), "will change"));
        let blocked = plan.blocked.iter().flat_map(|(reason, numbers)| {
            numbers
                .iter()
                .map(move |number| NamedEvent::excluded(number.clone(), format!("excluded: {reason}")))
        });
        let left = self.left.get().into_iter();
        let left = left.map(|number| NamedEvent::excluded(number, "not in the selection any more"));
        let since = self.noticed.differences.get().changed.into_iter();
        let since =
            since.map(|one| NamedEvent::excluded(one.number, "left out: changed since it was selected"));
        changed.chain(blocked).chain(left).chain(since).collect()
    }

    /// The number of a planned event.
    pub fn number(&self, row: &Planned) -> String {
        self.events
            .with(|events| events.get(row.place).and_then(|(event, _)| event.key()))
            .unwrap_or_default()
    }

    /// What `look` finds in the events, each once.
    pub fn with_events<T: Ord>(&self, look: impl Fn(&Record) -> Option<T>) -> BTreeSet<T> {
        self.events.with(|events| events.iter().filter_map(|(event, _)| look(event)).collect())
    }

    fn value_before(&self, row: &Planned, name: &str) -> Option<Value> {
        self.events.with(|events| events.get(row.place).and_then(|(event, _)| event.get(name).cloned()))
    }

    /// A field of a planned event once it is corrected.
    pub fn value_after(&self, row: &Planned, name: &str) -> Option<Value> {
        let changed = row.changes.iter().find(|change| change.field.name == name);
        changed.map(|change| change.after.clone()).or_else(|| self.value_before(row, name))
    }

    /// A field in words before, and once it is corrected; empty where it has none.
    pub fn text_before(&self, row: &Planned, name: &str) -> String {
        self.value_before(row, name).as_ref().and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    pub fn text_after(&self, row: &Planned, name: &str) -> String {
        self.value_after(row, name).as_ref().and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    /// What decides an event's amount as it stands.
    pub fn usage_before(&self, row: &Planned) -> EventUsage {
        self.events.with(|events| {
            events.get(row.place).map(|(event, _)| EventUsage::of(|name| event.get(name))).unwrap_or_default()
        })
    }

    /// What decides an event's amount once it is corrected.
    pub fn usage_after(&self, row: &Planned) -> EventUsage {
        self.events.with(|events| {
            let Some((event, _)) = events.get(row.place) else { return EventUsage::default() };
            let field = |name: &str| {
                let changed = row.changes.iter().find(|change| change.field.name == name);
                changed.map(|change| &change.after).or_else(|| event.get(name))
            };
            let mut usage = EventUsage::of(field);
            let moved = |name: &str| row.changes.iter().any(|change| change.field.name == name);
            if moved("EventStartTime") || moved("EventTimeZone") {
                let zone = field("EventTimeZone").and_then(Value::as_text).unwrap_or_default();
                usage.day = usage.start.and_then(|start| day_in(&start, zone));
            }
            usage
        })
    }
}

fn plan_of(events: &[ReadEvent], changes: &[(&'static Field, Change)], tables: &LookupTables) -> Plan {
    let mut plan = Plan::default();
    if !changes.is_empty() {
        events.iter().for_each(|(event, batch_status)| {
            plan.add(event, batch_status, tables.closed_periods(), changes);
        });
    }
    plan
}

fn plan_of_rows(events: &[ReadEvent], rows: &PastedRows, clears: bool, tables: &LookupTables) -> Plan {
    let mut plan = Plan::default();
    for (event, batch_status) in events {
        match rows.changes(event, clears, tables) {
            Ok(changes) => plan.add(event, batch_status, tables.closed_periods(), &changes),
            Err(reason) => plan.exclude(event, reason),
        }
    }
    plan
}
