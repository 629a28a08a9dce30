//! The model server: versioned records, rules of business, every state it was ever in.

use record_store::{Fields, IntentId, Outcome, Reason, RefusalKind, Version};

pub(crate) type Key = usize;
pub(crate) type Field = &'static str;
pub(crate) type Row = Fields<Field, i64>;
pub(crate) type Answer = Outcome<Key, Field, i64>;

pub(crate) const FIELDS: [Field; 3] = ["amount", "quantity", "rate"];

/// What the server makes of `quantity` when `rate` is written without it.
pub(crate) fn derived_quantity(rate: i64) -> i64 {
    rate * 1_000
}

/// One accepted write.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) client: usize,
    pub(crate) intent: IntentId,
    pub(crate) key: Key,
    /// What was written, with the value each field had before.
    pub(crate) fields: Vec<(Field, i64, i64)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its versions have only an opaque token.
    is_opaque: bool,
    is_locked: bool,
    pub(crate) is_deleted: bool,
    /// Every state it was in, and its version; the last one is the current.
    pub(crate) states: Vec<Row>,
    versions: Vec<Version>,
}

impl Stored {
    fn new(key: Key) -> Self {
        let mut new = Self {
            is_opaque: key.is_multiple_of(2),
            is_locked: false,
            is_deleted: false,
            states: Vec::new(),
            versions: Vec::new(),
        };
        new.enter(FIELDS.iter().map(|field| (*field, 0)).collect());
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
}

#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) records: Vec<Stored>,
    pub(crate) commits: Vec<Commit>,
}

impl Server {
    pub(crate) fn new(records: usize) -> Self {
        Self { records: (0..records).map(Stored::new).collect(), commits: Vec::new() }
    }

    pub(crate) fn version(&self, key: Key) -> Version {
        let versions = &self.records[key].versions;
        versions.last().expect("a record starts with a state").clone()
    }

    /// Which state of the record this version is.
    pub(crate) fn state_of(&self, key: Key, version: &Version) -> Option<usize> {
        let versions = &self.records[key].versions;
        versions.iter().rposition(|known| known == version)
    }

    pub(crate) fn read(&self, key: Key) -> Answer {
        if self.records[key].is_deleted {
            return Outcome::Gone;
        }
        Outcome::Read { version: self.version(key), fields: self.records[key].current().clone() }
    }

    pub(crate) fn list(&self) -> Vec<(Key, Version, Row)> {
        (0..self.records.len())
            .filter(|key| !self.records[*key].is_deleted)
            .map(|key| (key, self.version(key), self.records[key].current().clone()))
            .collect()
    }

    /// A PATCH with a version. `tells_current`: a stale answer carries the current record.
    pub(crate) fn write(
        &mut self,
        (client, intent, key): (usize, IntentId, Key),
        version: &Version,
        fields: &Row,
        tells_current: bool,
    ) -> Answer {
        let now = self.version(key);
        let record = &mut self.records[key];
        if record.is_deleted {
            return Outcome::Gone;
        }
        if now.token != version.token {
            return Outcome::Stale { current: tells_current.then(|| (now, record.current().clone())) };
        }
        if record.is_locked {
            return refused(RefusalKind::Business, None);
        }
        // The one rule of validation, on one field.
        if fields.get("amount").is_some_and(|amount| amount % 7 == 3) {
            return refused(RefusalKind::Validation, Some("amount"));
        }
        let before = record.current().clone();
        let mut after = before.clone();
        after.extend(fields.iter().map(|(field, value)| (*field, *value)));
        if let (Some(rate), None) = (fields.get("rate"), fields.get("quantity")) {
            after.insert("quantity", derived_quantity(*rate));
        }
        record.enter(after.clone());
        self.commits.push(Commit {
            client,
            intent,
            key,
            fields: fields.iter().map(|(field, value)| (*field, before[field], *value)).collect(),
        });
        Outcome::Accepted { version: self.version(key), fields: after }
    }

    pub(crate) fn toggle_lock(&mut self, key: Key) {
        self.records[key].is_locked ^= true;
    }

    pub(crate) fn delete(&mut self, key: Key) {
        self.records[key].is_deleted = true;
    }
}

pub(crate) fn refused(kind: RefusalKind, field: Option<Field>) -> Answer {
    Outcome::Refused { kind, reasons: vec![Reason { field, message: "not allowed".to_owned(), code: None }] }
}
