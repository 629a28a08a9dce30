//! The changes as a file for an auditor: what it covers first, then a line for each step.

use crate::api::{Access, RecordKey};
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, Entry};
use crate::features::change_text::{Told, after, detail_as_said, machine_time_text, parts};
use chrono::Utc;
use export_files::{BYTE_ORDER_MARK, CsvField, GUARD, push_csv_line};
use leptos::prelude::*;
use std::collections::BTreeMap;

pub struct Evidence {
    pub file_name: String,
    pub text: String,
}

const HEAD: [&str; 9] = [
    "Change",
    "Record",
    "Field or action",
    "Before",
    "After",
    "State now",
    "Reason",
    "Step at (UTC)",
    "Step",
];

fn field<'a>(told: &Told, exact: &'a str) -> CsvField<'a> {
    if told.is_number() { CsvField::Number(exact) } else { CsvField::Text(exact) }
}

/// The changes of this browser to the records that are meant, in the order they were made. `covers` says which
/// these are.
pub fn changes_as_csv(session: &Session, covers: &str, is_meant: impl Fn(&RecordKey) -> bool) -> Evidence {
    let now = Utc::now();
    let user = session.with_access(|access| access.map(Access::name_and_account)).unwrap_or_default();
    let system = window().location().origin().unwrap_or_default();
    session.sync.with_log(|log| {
        let mut entries: Vec<&Entry> = log.entries().filter(|entry| is_meant(&entry.persisted.key)).collect();
        entries.sort_by_key(|entry| (entry.persisted.at, entry.persisted.intent));
        let mut states: BTreeMap<ChangeStatus, usize> = BTreeMap::new();
        for entry in &entries {
            *states.entry(entry.status()).or_default() += 1;
        }
        let mut out = String::from(BYTE_ORDER_MARK);
        let mut about =
            |name: &str, value: CsvField<'_>| push_csv_line(&mut out, &[CsvField::Text(name), value]);
        about("Usage Desk", CsvField::Text(covers));
        about("System", CsvField::Text(&system));
        about("User", CsvField::Text(&user));
        about("As of (UTC)", CsvField::Time(&now.format("%Y-%m-%d %H:%M:%S").to_string()));
        about("Changes", CsvField::Number(&entries.len().to_string()));
        for (status, number) in &states {
            about(status.name(), CsvField::Number(&number.to_string()));
        }
        about("Texts", CsvField::Text(GUARD));
        about("", CsvField::Text(""));
        push_csv_line(&mut out, &HEAD.map(CsvField::Text));
        for entry in entries {
            // A bare number of sixteen digits would lose the last of them in a spreadsheet.
            let number = format!("C-{}", entry.persisted.intent.0);
            let (record, state, detail) =
                (entry.persisted.key.title(), entry.status().name(), detail_as_said(entry));
            for part in parts(entry) {
                let (from, to) = (part.from.exact(), after(entry, &part, Told::exact));
                for (at, status) in &entry.steps {
                    let at = machine_time_text(*at);
                    let line = [
                        CsvField::Text(&number),
                        CsvField::Text(&record),
                        CsvField::Text(part.what),
                        field(&part.from, &from),
                        field(&part.to, &to),
                        CsvField::Text(state),
                        CsvField::Text(&detail),
                        CsvField::Time(&at),
                        CsvField::Text(status.name()),
                    ];
                    push_csv_line(&mut out, &line);
                }
            }
        }
        Evidence { file_name: format!("usage-desk-changes-{}.csv", now.format("%Y%m%dT%H%M%SZ")), text: out }
    })
}
