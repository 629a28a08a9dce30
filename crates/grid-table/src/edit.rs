//! Records that come, change and go.

use super::value::{TableError, Value};
use super::{ColumnData, Row, Table};

/// One change to a table, by the record's key.
///
/// Versions keep what is older from replacing what is newer, in whatever order answers come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edit<'a> {
    /// A record as it was read: a new row at the end, or new values in the row that it has. What is older
    /// than the row, or not newer than the record's removal, changes nothing.
    Put { key: i64, version: i64, values: &'a [Value<'a>] },
    /// One value of a record that is here. Without a version it is a change that is not confirmed yet, and
    /// the row keeps the version that it has.
    Set { key: i64, version: Option<i64>, column: usize, value: Value<'a> },
    /// The record is deleted, and this was its last version: a late answer does not bring it back. `None`
    /// only takes it from the list, as when it no longer answers the question; it may come again.
    Remove { key: i64, last: Option<i64> },
}

/// What became of edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    pub inserted: usize,
    pub changed: usize,
    pub removed: usize,
    /// Older than what is here, or of records that are not.
    pub passed_over: usize,
}

/// Rows that edits touch, for whoever keeps something about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched {
    /// Rows that were there before, each once, rising.
    pub rows: Vec<Row>,
    /// By column, whether a value may change in one of these.
    pub columns: Vec<bool>,
}

impl Table {
    /// Takes edits in, in their order. A table that a [`super::View`] shows is edited by
    /// [`super::View::edit`].
    ///
    /// # Errors
    /// Where a value fits its column not at all; then nothing was changed.
    pub fn edit(&mut self, edits: &[Edit<'_>]) -> Result<Edited, TableError> {
        self.check(edits)?;
        Ok(self.take(edits))
    }

    pub(super) fn check(&self, edits: &[Edit<'_>]) -> Result<(), TableError> {
        let mut texts = 0_usize;
        let mut fits = |column: usize, value: &Value<'_>| {
            texts = texts.saturating_add(match value {
                Value::Text(text) => text.len(),
                Value::Amounts(amounts) => amounts.iter().map(|amount| amount.unit.len()).sum(),
                _ => 0,
            });
            let takes = self.columns.get(column).is_some_and(|data| data.takes(*value));
            if takes { Ok(()) } else { Err(TableError::WrongKind { column }) }
        };
        for edit in edits {
            match edit {
                Edit::Put { values, .. } if values.len() != self.columns.len() => {
                    return Err(TableError::WrongWidth { values: values.len() });
                }
                Edit::Put { values, .. } => {
                    values.iter().enumerate().try_for_each(|(column, value)| fits(column, value))?;
                }
                Edit::Set { column, value, .. } => fits(*column, value)?,
                Edit::Remove { .. } => {}
            }
        }
        let has_room = self.keys.len().saturating_add(edits.len()) < Row::MAX as usize;
        let is_full = |column: &ColumnData| matches!(column, ColumnData::Text(text) if text.dictionary.would_overflow(texts));
        if has_room && !self.columns.iter().any(is_full) { Ok(()) } else { Err(TableError::Full) }
    }

    /// What checked edits are going to touch.
    pub(super) fn touched_by(&self, edits: &[Edit<'_>]) -> Touched {
        let mut touched = Touched { rows: Vec::new(), columns: vec![false; self.columns.len()] };
        for edit in edits {
            let key = match edit {
                Edit::Put { key, .. } => {
                    touched.columns.fill(true);
                    *key
                }
                Edit::Set { key, column, .. } => {
                    touched.columns[*column] = true;
                    *key
                }
                Edit::Remove { key, .. } => *key,
            };
            touched.rows.extend(self.row(key));
        }
        touched.rows.sort_unstable();
        touched.rows.dedup();
        touched
    }

    /// Takes checked edits in.
    pub(super) fn take(&mut self, edits: &[Edit<'_>]) -> Edited {
        let mut edited = Edited::default();
        for edit in edits {
            let count = match edit {
                Edit::Put { key, version, values } => match self.row(*key) {
                    Some(row) if *version >= self.versions[row as usize] => {
                        self.versions[row as usize] = *version;
                        for (column, value) in values.iter().enumerate() {
                            self.set(row, column, *value);
                        }
                        &mut edited.changed
                    }
                    None if self.removed.is_empty()
                        || self.removed.get(key).is_none_or(|last| version > last) =>
                    {
                        self.append(*key, *version, values);
                        &mut edited.inserted
                    }
                    _ => &mut edited.passed_over,
                },
                Edit::Set { key, version, column, value } => match self.row(*key) {
                    Some(row) if version.is_none_or(|version| version >= self.versions[row as usize]) => {
                        if let Some(version) = version {
                            self.versions[row as usize] = *version;
                        }
                        self.set(row, *column, *value);
                        &mut edited.changed
                    }
                    _ => &mut edited.passed_over,
                },
                Edit::Remove { key, last } => {
                    if let Some(last) = last {
                        let known = self.removed.entry(*key).or_insert(*last);
                        *known = (*known).max(*last);
                    }
                    match self.row(*key) {
                        Some(row) if last.is_none_or(|last| last >= self.versions[row as usize]) => {
                            self.index.remove(*key, &self.keys);
                            self.alive.set(row as usize, false);
                            &mut edited.removed
                        }
                        _ => &mut edited.passed_over,
                    }
                }
            };
            *count += 1;
        }
        if edited.inserted + edited.changed + edited.removed > 0 {
            self.revision += 1;
        }
        edited
    }

    fn append(&mut self, key: i64, version: i64, values: &[Value<'_>]) {
        let row = self.keys.len() as Row;
        self.keys.push(key);
        self.greatest = self.greatest.max(Some(key));
        self.versions.push(version);
        self.alive.push(true);
        self.index.insert(row, &self.keys);
        for (column, value) in values.iter().enumerate() {
            self.columns[column].push(*value, self.composed);
            self.know_units(column, *value);
        }
    }

    fn set(&mut self, row: Row, column: usize, value: Value<'_>) {
        self.columns[column].set(row as usize, value, self.composed);
        self.know_units(column, value);
    }

    /// Gives the units of several amounts their codes, by which they are added up.
    fn know_units(&mut self, column: usize, value: Value<'_>) {
        let Value::Amounts(amounts) = value else { return };
        let ColumnData::Decimal { unit: Some(unit), .. } = self.columns[column] else { return };
        let ColumnData::Text(text) = &mut self.columns[unit] else { return };
        for amount in amounts {
            text.dictionary.code_or_add(&amount.unit, self.composed);
        }
    }
}
