//! The model server: versioned records with a life cycle, a platform that can be purged, rules of
//! business, every state it was ever in, and everything that was ever done to it.

mod life_cycle;

pub(crate) use life_cycle::{is_guarded, is_step, offered, was_seen};

use life_cycle::{COMPLETED, DRAFT, IN_PROCESS, LOCKED, step_from};
use record_store::{Action, Fields, IntentId, Outcome, Reason, RefusalKind, System, Version};
use std::fmt::{Display, Formatter};

pub(crate) type Key = usize;

/// Records lie with two systems, each with a session and a pause of its own.
pub(crate) fn system_of(key: &Key) -> System {
    System(u8::from(key % 2 == 1))
}

pub(crate) const SYSTEMS: [System; 2] = [System(0), System(1)];

/// The names of fields first, then of an argument and of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Added,
    Amount,
    Number,
    Processed,
    Quantity,
    Rate,
    Reversed,
    Status,
    Tag,
    Add,
    Create,
    Lock,
    Purge,
    Reverse,
    Revert,
    Submit,
}

impl Display for Field {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        write!(to, "{}", format!("{self:?}").to_lowercase())
    }
}

pub(crate) type Row = Fields<Field, i64>;
pub(crate) type Answer = Outcome<Key, Field, i64>;
pub(crate) type TheAction = Action<Field, i64>;

/// Fields that people type into.
pub(crate) const FIELDS: [Field; 3] = [Field::Amount, Field::Quantity, Field::Rate];

/// Every field of a record: the typed ones, its natural key, and what actions make of it. The place of
/// each is its number in [`Field`].
pub(crate) const ALL_FIELDS: [Field; 8] = [
    Field::Added,
    Field::Amount,
    Field::Number,
    Field::Processed,
    Field::Quantity,
    Field::Rate,
    Field::Reversed,
    Field::Status,
];

/// Keys from here on are made up by a tab for records that the server does not know yet.
pub(crate) const DRAFTS: Key = 1_000_000;

/// What a purge is done to: no record, and without a version.
pub(crate) const PLATFORM: Key = DRAFTS - 1;

/// What the server makes of `quantity` when `rate` is written without it.
pub(crate) fn derived_quantity(rate: i64) -> i64 {
    rate * 1_000
}

/// One accepted write.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) intent: IntentId,
    pub(crate) key: Key,
    /// What was written, with the value each field had before.
    pub(crate) fields: Vec<(Field, i64, i64)>,
    /// The whole record before.
    pub(crate) before: Row,
}

/// One execution of an action.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) intent: IntentId,
    pub(crate) key: Key,
    pub(crate) name: Field,
    /// When.
    pub(crate) at: u64,
    /// The state of the record that it led to, as the server counts.
    pub(crate) state: usize,
    /// The natural key of what was created.
    pub(crate) number: Option<i64>,
}

/// Who asks for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) person: usize,
    pub(crate) intent: IntentId,
    pub(crate) key: Key,
    pub(crate) now: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its versions have only an opaque token.
    is_opaque: bool,
    /// Its period is closed: nothing may be done to it.
    is_closed: bool,
    pub(crate) is_deleted: bool,
    created_by: Option<usize>,
    /// Every state it was in, and its version; the last one is the current.
    pub(crate) states: Vec<Row>,
    versions: Vec<Version>,
}

impl Stored {
    fn new(key: Key, created_by: Option<usize>, typed: &Row) -> Self {
        let mut new = Self {
            is_opaque: key.is_multiple_of(2),
            is_closed: false,
            is_deleted: false,
            created_by,
            states: Vec::new(),
            versions: Vec::new(),
        };
        let value = |field: &Field| typed.get(field).copied().unwrap_or_default();
        new.enter(ALL_FIELDS.iter().map(|field| (*field, value(field))).collect());
        new
    }

    fn enter(&mut self, state: Row) {
        self.states.push(state);
        let count = self.states.len() as u64;
        self.versions.push(if self.is_opaque {
            // Tells states apart and says nothing of their order.
            let scrambled = count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            Version::opaque(format!("\"{scrambled:016X}\""))
        } else {
            Version::counted(count)
        });
    }

    pub(crate) fn current(&self) -> &Row {
        self.states.last().expect("a record starts with a state")
    }

    fn version(&self) -> Version {
        self.versions.last().expect("a record starts with a state").clone()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) records: Vec<Stored>,
    pub(crate) commits: Vec<Commit>,
    pub(crate) deeds: Vec<Deed>,
    /// The time that the rows of the last purge bear.
    seeded_at: Option<u64>,
}

impl Server {
    pub(crate) fn new(records: usize) -> Self {
        let status = |key: Key| *[DRAFT, LOCKED, COMPLETED, DRAFT].get(key).unwrap_or(&DRAFT);
        let first = |key: Key| {
            let row = Row::from([(Field::Number, key as i64), (Field::Status, status(key))]);
            Stored::new(key, None, &row)
        };
        Self {
            records: (0..records).map(first).collect(),
            commits: Vec::new(),
            deeds: Vec::new(),
            seeded_at: None,
        }
    }

    pub(crate) fn version(&self, key: Key) -> Version {
        self.records[key].version()
    }

    /// Which state of the record this version is.
    pub(crate) fn state_of(&self, key: Key, version: &Version) -> Option<usize> {
        let versions = &self.records.get(key)?.versions;
        versions.iter().rposition(|known| known == version)
    }

    /// A record that is there.
    fn there(&mut self, key: Key) -> Option<&mut Stored> {
        self.records.get_mut(key).filter(|record| !record.is_deleted)
    }

    pub(crate) fn read(&self, key: Key) -> Answer {
        match self.records.get(key).filter(|record| !record.is_deleted) {
            None => Outcome::Gone,
            Some(record) => Outcome::Read { version: record.version(), fields: record.current().clone() },
        }
    }

    pub(crate) fn list(&self) -> Vec<(Key, Version, Row)> {
        let rows = self.records.iter().enumerate().filter(|(_, record)| !record.is_deleted);
        rows.map(|(key, record)| (key, record.version(), record.current().clone())).collect()
    }

    /// A PATCH with a version. `tells_current`: a stale answer carries the current record.
    pub(crate) fn write(
        &mut self,
        (intent, key): (IntentId, Key),
        version: &Version,
        fields: &Row,
        tells_current: bool,
    ) -> Answer {
        let Some(record) = self.there(key) else {
            return Outcome::Gone;
        };
        let now = record.version();
        if now.token != version.token {
            return Outcome::Stale { current: tells_current.then(|| (now, record.current().clone())) };
        }
        let may_be_typed_into = matches!(record.current()[&Field::Status], DRAFT | COMPLETED);
        if record.is_closed || !may_be_typed_into {
            return refused(RefusalKind::Business, None);
        }
        if !is_valid(fields) {
            return refused(RefusalKind::Validation, Some(Field::Amount));
        }
        let before = record.current().clone();
        let mut after = before.clone();
        after.extend(fields.iter().map(|(field, value)| (*field, *value)));
        if let (Some(rate), None) = (fields.get(&Field::Rate), fields.get(&Field::Quantity)) {
            after.insert(Field::Quantity, derived_quantity(*rate));
        }
        record.enter(after.clone());
        let version = record.version();
        let fields = fields.iter().map(|(field, value)| (*field, before[field], *value)).collect();
        self.commits.push(Commit { intent, key, fields, before });
        Outcome::Accepted { version, fields: after }
    }

    /// A POST. `tells_record`: the answer carries the record as it is then.
    pub(crate) fn act(&mut self, asked: Asked, action: &TheAction, tells_record: bool) -> Answer {
        let Asked { intent, key, now, .. } = asked;
        if action.creates {
            return self.create(asked, &action.arguments);
        }
        let name = action.name;
        if name == Field::Purge {
            self.seeded_at = Some(now);
            self.deeds.push(Deed { intent, key, name, at: now, state: 0, number: None });
            return Outcome::Done { record: None };
        }
        let Some(record) = self.there(key) else {
            return Outcome::Gone;
        };
        let mut after = record.current().clone();
        let status = after[&Field::Status];
        let is_allowed = match name {
            Field::Reverse => after.insert(Field::Reversed, 1) == Some(0),
            Field::Add => {
                after.entry(Field::Added).and_modify(|added| *added += 1);
                status == DRAFT
            }
            step => step_from(step, status).is_some_and(|next| after.insert(Field::Status, next).is_some()),
        };
        if record.is_closed || !is_allowed {
            return refused(RefusalKind::Business, None);
        }
        record.enter(after.clone());
        let (version, state) = (record.version(), record.states.len() - 1);
        self.deeds.push(Deed { intent, key, name, at: now, state, number: None });
        Outcome::Done { record: tells_record.then_some((version, after)) }
    }

    fn create(&mut self, asked: Asked, arguments: &Row) -> Answer {
        let Asked { person, intent, now, .. } = asked;
        let number = arguments.get(&Field::Number).copied();
        let mut there = self.records.iter().filter(|record| !record.is_deleted);
        if there.any(|record| record.current().get(&Field::Number).copied() == number) {
            return refused(RefusalKind::Business, Some(Field::Number));
        }
        if !is_valid(arguments) {
            return refused(RefusalKind::Validation, Some(Field::Amount));
        }
        let key = self.records.len();
        let record = Stored::new(key, Some(person), arguments);
        let (version, fields) = (record.version(), record.current().clone());
        self.records.push(record);
        self.deeds.push(Deed { intent, key, name: Field::Create, at: now, state: 0, number });
        Outcome::Created { key, version, fields }
    }

    /// What the app finds when it looks whether something was done: the flag, the state that was left
    /// since the person saw it, the rows that carry the planted tag, rows that were seeded since they
    /// pressed (`since`), the record of that number that this person created.
    pub(crate) fn look(
        &self,
        (person, key): (usize, Key),
        action: &TheAction,
        since: u64,
        tells_record: bool,
    ) -> Answer {
        if action.creates {
            let number = action.arguments.get(&Field::Number);
            let found = self.records.iter().position(|record| {
                let is_that_one = record.current().get(&Field::Number) == number;
                !record.is_deleted && is_that_one && record.created_by == Some(person)
            });
            let created = |key: Key| {
                let record = &self.records[key];
                Outcome::Created { key, version: record.version(), fields: record.current().clone() }
            };
            return found.map_or(Outcome::NotDone, created);
        }
        let row = self.records.get(key).filter(|record| !record.is_deleted);
        let now = |field| row.map(|record| record.current()[&field]);
        let has_moved = was_seen(action).any(|(field, seen)| now(field).is_some_and(|now| now != seen));
        let is_done = match action.name {
            Field::Reverse => now(Field::Reversed) == Some(1),
            Field::Lock => has_moved && now(Field::Status) != Some(DRAFT),
            Field::Revert => has_moved && now(Field::Status) == Some(DRAFT),
            Field::Submit => has_moved && !matches!(now(Field::Status), Some(DRAFT | LOCKED)),
            Field::Purge => self.seeded_at.is_some_and(|seeded_at| seeded_at >= since),
            // What was added stays where it was added to, whatever becomes of the record.
            _ => {
                let tag = action.arguments.get(&Field::Tag).copied().unwrap_or_default();
                self.deeds.iter().any(|deed| deed.name == Field::Add && deed.intent.0 as i64 == tag)
            }
        };
        if is_done {
            let told = row.filter(|_| tells_record);
            return Outcome::Done { record: told.map(|record| (record.version(), record.current().clone())) };
        }
        let needs_row = !matches!(action.name, Field::Add | Field::Purge);
        if row.is_none() && needs_row { Outcome::Gone } else { Outcome::NotDone }
    }

    /// The server's job is done with what was handed to it. Says whether it was.
    pub(crate) fn complete(&mut self, key: Key) -> bool {
        let Some(record) = self.there(key) else {
            return false;
        };
        let mut after = record.current().clone();
        if after.get(&Field::Status) != Some(&IN_PROCESS) {
            return false;
        }
        after.insert(Field::Status, COMPLETED);
        after.entry(Field::Processed).and_modify(|times| *times += 1);
        record.enter(after);
        true
    }

    pub(crate) fn toggle_period(&mut self, key: Key) {
        self.records[key].is_closed ^= true;
    }

    pub(crate) fn delete(&mut self, key: Key) {
        self.records[key].is_deleted = true;
    }
}

/// The one rule of validation, on one field.
fn is_valid(fields: &Row) -> bool {
    fields.get(&Field::Amount).is_none_or(|amount| amount % 7 != 3)
}

pub(crate) fn refused(kind: RefusalKind, field: Option<Field>) -> Answer {
    Outcome::Refused { kind, reasons: vec![Reason { field, message: "not allowed".to_owned(), code: None }] }
}
