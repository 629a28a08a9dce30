use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Rows;

/// A record as it stood on the screen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Picked {
    pub key: Arc<str>,
    /// What tells this state of the record from another one; empty where there is only one.
    pub version: Arc<str>,
}

/// Chosen records, each in the version that was on the screen when it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    versions: BTreeMap<Arc<str>, Arc<str>>,
    /// Rows of the ranges that were drawn and not loaded then: nobody can say which records they are.
    left_out: usize,
}

impl Records {
    /// The records of the rows from one to another, whichever comes first.
    pub fn between(one: usize, other: usize, rows: &dyn Rows) -> Records {
        let mut records = Records::default();
        records.add_between(one, other, rows);
        records
    }

    pub(crate) fn add_between(&mut self, one: usize, other: usize, rows: &dyn Rows) {
        for row in one.min(other)..=one.max(other) {
            match rows.at(row) {
                Some(picked) => self.insert(picked),
                None => self.left_out += 1,
            }
        }
    }

    /// Chooses a record; one that is chosen already stays as it was chosen.
    pub fn insert(&mut self, picked: Picked) {
        self.versions.entry(picked.key).or_insert(picked.version);
    }

    /// Chooses a record as it is now, whenever it was chosen before.
    pub fn renew(&mut self, picked: Picked) {
        self.versions.insert(picked.key, picked.version);
    }

    pub fn remove(&mut self, key: &str) -> bool {
        self.versions.remove(key).is_some()
    }

    pub(crate) fn retain(&mut self, stays: impl Fn(&str) -> bool) {
        self.versions.retain(|key, _| stays(key));
    }

    pub fn contains(&self, key: &str) -> bool {
        self.versions.contains_key(key)
    }

    /// The version in which a record was chosen.
    pub fn version(&self, key: &str) -> Option<&str> {
        self.versions.get(key).map(AsRef::as_ref)
    }

    pub fn len(&self) -> usize {
        self.versions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Rows that a range ran over and that are not among these.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    pub fn iter(&self) -> impl Iterator<Item = Picked> + '_ {
        self.versions
            .iter()
            .map(|(key, version)| Picked { key: Arc::clone(key), version: Arc::clone(version) })
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.versions.keys().map(AsRef::as_ref)
    }

    pub(crate) fn keep_versions(&mut self, before: &Records) {
        for (key, version) in &mut self.versions {
            if let Some(chosen) = before.versions.get(key) {
                *version = Arc::clone(chosen);
            }
        }
    }

    pub(crate) fn carry(&mut self, key: &str, version: &str) -> bool {
        match self.versions.get_mut(key) {
            Some(chosen) if **chosen != *version => {
                *chosen = version.into();
                true
            }
            _ => false,
        }
    }
}

impl FromIterator<Picked> for Records {
    fn from_iter<T: IntoIterator<Item = Picked>>(picked: T) -> Records {
        let mut records = Records::default();
        picked.into_iter().for_each(|picked| records.insert(picked));
        records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(key: &str, version: &str) -> Picked {
        Picked { key: key.into(), version: version.into() }
    }

    #[test]
    fn a_record_keeps_the_version_that_it_was_chosen_in_until_it_is_renewed() {
        let mut records = Records::default();
        assert!(records.is_empty());
        records.insert(picked("a", "1"));
        records.insert(picked("a", "2"));
        assert_eq!((records.version("a"), records.version("b")), (Some("1"), None));
        records.renew(picked("a", "2"));
        assert_eq!((records.version("a"), records.len()), (Some("2"), 1));
        records.insert(picked("b", "7"));
        assert_eq!((records.len(), records.left_out(), records.is_empty()), (2, 0, false));
        assert_eq!([picked("a", "2"), picked("b", "7")].into_iter().collect::<Records>(), records);
    }
}
