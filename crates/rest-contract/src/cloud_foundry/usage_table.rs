//! Many events in little room: texts are kept once and meant by number, so that half a million
//! events take some tens of megabytes.

use super::usage_event::{UsageEvent, UsageField};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// Events in the order in which the platform wrote them. A row is its place in that order.
#[derive(Clone, Debug, Default)]
pub struct UsageTable {
    /// All guids, one after the other, and where each ends.
    guids: String,
    guid_ends: Vec<u32>,
    created: Vec<i64>,
    codes: Vec<[u32; UsageField::COUNT]>,
    texts: Vec<Arc<str>>,
    code_of: HashMap<Arc<str>, u32>,
    /// Events that could not be read, each with the row before which it came.
    unread: Vec<(usize, UsageEvent)>,
}

impl UsageTable {
    /// Takes in an event; one that cannot be counted is only known to have come.
    pub fn push(&mut self, event: &UsageEvent) {
        if event.fault().is_some() {
            self.unread.push((self.len(), event.clone()));
            return;
        }
        self.guids.push_str(&event.guid);
        self.guid_ends.push(u32::try_from(self.guids.len()).unwrap_or(u32::MAX));
        self.created.push(event.created_at);
        let codes = UsageField::ALL.map(|field| self.code(event.text(field)));
        self.codes.push(codes);
    }

    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.code_of.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.code_of.insert(text, code);
        code
    }

    /// Lets go of all rows from this one on, as if they had not been read, with what came among them and could
    /// not be read.
    pub fn truncate(&mut self, rows: usize) {
        self.guid_ends.truncate(rows);
        self.guids.truncate(self.guid_ends.last().map_or(0, |end| *end as usize));
        self.created.truncate(rows);
        self.codes.truncate(rows);
        self.unread.retain(|(place, _)| *place < rows);
    }

    /// Events that came and are not among the rows, because they could not be read.
    pub fn unread(&self) -> impl ExactSizeIterator<Item = &UsageEvent> {
        self.unread.iter().map(|(_, event)| event)
    }

    /// The same, of those that came before a row.
    pub(super) fn unread_before(&self, row: usize) -> impl Iterator<Item = &UsageEvent> {
        self.unread.iter().filter(move |(place, _)| *place < row).map(|(_, event)| event)
    }

    pub fn len(&self) -> usize {
        self.created.len()
    }

    pub fn is_empty(&self) -> bool {
        self.created.is_empty()
    }

    pub fn guid(&self, row: usize) -> &str {
        self.guids.get(self.guid_span(row)).unwrap_or_default()
    }

    fn guid_span(&self, row: usize) -> Range<usize> {
        let end = |row: usize| self.guid_ends.get(row).map_or(0, |end| *end as usize);
        row.checked_sub(1).map_or(0, end)..end(row)
    }

    pub fn created_at(&self, row: usize) -> i64 {
        self.created.get(row).copied().unwrap_or_default()
    }

    pub fn text(&self, row: usize, field: UsageField) -> &str {
        self.text_of(self.code_at(row, field))
    }

    /// The number that stands for a text; equal texts have equal numbers.
    pub(super) fn code_at(&self, row: usize, field: UsageField) -> u32 {
        self.codes.get(row).and_then(|codes| codes.get(field as usize)).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn text_of(&self, code: u32) -> &str {
        self.texts.get(code as usize).map_or("", |text| text)
    }

    /// One number more than the greatest that stands for a text.
    pub(super) fn codes(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn code_of(&self, text: &str) -> Option<u32> {
        self.code_of.get(text).copied()
    }

    /// The last row with this guid.
    pub fn row_of(&self, guid: &str) -> Option<usize> {
        (0..self.len()).rev().find(|row| self.guid(*row) == guid)
    }

    pub fn last_guid(&self) -> Option<&str> {
        self.len().checked_sub(1).map(|row| self.guid(row))
    }

    /// Whether a purge wrote the row in place of an instance's history: then it has the instance's
    /// own guid.
    pub fn is_seeded(&self, row: usize) -> bool {
        self.text(row, UsageField::State) == "CREATED"
            && !self.guid(row).is_empty()
            && self.guid(row) == self.text(row, UsageField::InstanceGuid)
    }

    /// The values of a field with the label that the last row of each gives it, and how many rows
    /// have it, in the order of labels.
    pub fn values(&self, field: UsageField, label: UsageField) -> Vec<(String, String, usize)> {
        // The last row of each text and how many have it, by the text's number.
        let mut found: Vec<(usize, usize)> = vec![(0, 0); self.codes()];
        for row in 0..self.len() {
            if let Some(entry) = found.get_mut(self.code_at(row, field) as usize) {
                *entry = (row, entry.1 + 1);
            }
        }
        let occurring = (0..).zip(found).filter(|(_, (_, count))| *count > 0);
        let mut values: Vec<_> = occurring
            .map(|(code, (row, count))| {
                (self.text_of(code).to_owned(), self.text(row, label).to_owned(), count)
            })
            .collect();
        values.sort_unstable_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        values
    }

    /// The values of a field with their labels; where several have one label, each with the text of `owner` that
    /// its last row has, such as the offering of a plan.
    pub fn told_apart(
        &self,
        field: UsageField,
        label: UsageField,
        owner: UsageField,
    ) -> Vec<(String, String, Option<String>)> {
        let values = self.values(field, label);
        let owners: BTreeMap<_, _> =
            self.values(field, owner).into_iter().map(|(value, owner, _)| (value, owner)).collect();
        let mut labelled = BTreeMap::<&str, usize>::new();
        for (_, label, _) in &values {
            *labelled.entry(label).or_default() += 1;
        }
        let is_shared = |label: &str| labelled.get(label).is_some_and(|count| *count > 1);
        let owner = |value: &str, label: &str| owners.get(value).filter(|_| is_shared(label)).cloned();
        values.iter().map(|(value, label, _)| (value.clone(), label.clone(), owner(value, label))).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::usage_event::tests::event;
    use super::*;

    /// One event a line, see `event`.
    pub fn table(lines: &str) -> UsageTable {
        let mut table = UsageTable::default();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            table.push(&event(line));
        }
        table
    }

    fn sample() -> UsageTable {
        table(
            "e1 CREATED inst-a small 1
             e2 CREATED inst-b large 2
             e3 UPDATED inst-a large 3
             e4 MOVED   inst-c -     3
             e5 DELETED inst-b large 5",
        )
    }

    #[test]
    fn rows_keep_what_was_pushed() {
        let table = sample();
        assert_eq!((table.len(), table.last_guid()), (5, Some("e5")));
        assert_eq!(table.guid(1), "e2");
        assert_eq!(table.text(2, UsageField::PlanName), "large");
        assert_eq!(table.text(3, UsageField::PlanName), "");
        assert_eq!(table.created_at(4), 5 * 3600);
        assert_eq!(table.row_of("e3"), Some(2));
        assert_eq!((table.guid(5), table.row_of("e6")), ("", None));
    }

    #[test]
    fn values_are_counted_and_bear_their_latest_label() {
        let table = sample();
        let states: Vec<_> = table.values(UsageField::State, UsageField::State);
        let told: Vec<_> = states.iter().map(|(value, _, count)| format!("{value} {count}")).collect();
        assert_eq!(told, ["CREATED 2", "DELETED 1", "MOVED 1", "UPDATED 1"]);
        let (guid, label, count) = &table.values(UsageField::InstanceGuid, UsageField::PlanName)[2];
        assert_eq!((guid.as_str(), label.as_str(), *count), ("inst-b", "large", 2));
    }

    #[test]
    fn values_of_one_label_are_told_apart_by_what_they_belong_to() {
        let table = table(
            "e1 CREATED inst-a small 1
             e2 CREATED inst-b small 1
             e3 CREATED inst-c large 1",
        );
        let told = table.told_apart(UsageField::InstanceGuid, UsageField::PlanName, UsageField::InstanceGuid);
        let told: Vec<_> =
            told.iter().map(|(value, label, owner)| (&**value, &**label, owner.as_deref())).collect();
        let expected = [
            ("inst-c", "large", None),
            ("inst-a", "small", Some("inst-a")),
            ("inst-b", "small", Some("inst-b")),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_seeded_row_is_known_by_its_guid_and_state() {
        let table = table(
            "inst-a CREATED inst-a small 1
             inst-b DELETED inst-b small 1
             e3     CREATED inst-c small 1",
        );
        assert_eq!([0, 1, 2, 3].map(|row| table.is_seeded(row)), [true, false, false, false]);
    }

    #[test]
    fn rows_that_are_let_go_were_never_read() {
        let filled = || {
            let mut table = table("e1 CREATED inst-a small 1");
            table.push(&UsageEvent::read("first odd one"));
            table.push(&event("e2 CREATED inst-b large 2"));
            table.push(&UsageEvent::read("second odd one"));
            table
        };
        let unread =
            |table: &UsageTable| table.unread().map(|one| one.as_it_came().to_owned()).collect::<Vec<_>>();
        for (rows, kept, odd) in [
            (3, 2, vec!["first odd one", "second odd one"]),
            (2, 2, vec!["first odd one"]),
            (1, 1, vec![]),
            (0, 0, vec![]),
        ] {
            let mut table = filled();
            table.truncate(rows);
            assert_eq!((table.len(), table.is_empty()), (kept, kept == 0), "{rows}");
            assert_eq!(unread(&table), odd, "{rows}");
            table.push(&event("e3 DELETED inst-b large 5"));
            let guids: Vec<_> = (0..table.len()).map(|row| table.guid(row)).collect();
            assert_eq!(guids.last(), Some(&"e3"), "{rows}");
            assert_eq!(table.created_at(kept), 5 * 3600);
            assert_eq!(table.text(kept, UsageField::State), "DELETED");
        }
    }
}
