//! The changes as a file for an auditor: what it covers first, then a line for each step.

use super::words::{detail, parts, record_name, time_text};
use crate::record_sync::{Entry, Standing};
use crate::sign_in::Session;
use chrono::Utc;
use grid_model::{BYTE_ORDER_MARK, CsvField, push_csv_line};
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

/// Every change of this browser, in the order they were made.
pub fn csv(session: &Session) -> Evidence {
    let now = Utc::now();
    let user = session.with_access(|access| access.map(|access| access.user.clone())).unwrap_or_default();
    let system = window().location().origin().unwrap_or_default();
    session.sync.with_log(|log| {
        let mut entries: Vec<&Entry> = log.entries().collect();
        entries.sort_by_key(|entry| (entry.kept.at, entry.kept.intent));
        let mut states: BTreeMap<Standing, usize> = BTreeMap::new();
        for entry in &entries {
            *states.entry(entry.standing()).or_default() += 1;
        }
        let mut out = String::from(BYTE_ORDER_MARK);
        let mut about =
            |name: &str, value: &str| push_csv_line(&mut out, &[CsvField::Text(name), CsvField::Text(value)]);
        about("Usage Desk", "Changes proposed in this browser since sign-in, and those taken up from before");
        about("System", &system);
        about("User", &user);
        about("As of (UTC)", &now.format("%Y-%m-%d %H:%M:%S").to_string());
        about("Changes", &entries.len().to_string());
        for (standing, number) in &states {
            about(standing.name(), &number.to_string());
        }
        about("", "");
        push_csv_line(&mut out, &HEAD.map(CsvField::Text));
        for entry in entries {
            let number = entry.kept.intent.0.to_string();
            let (record, state, detail) =
                (record_name(&entry.kept.key), entry.standing().name(), detail(entry));
            for part in parts(entry) {
                for (at, standing) in &entry.steps {
                    let at = time_text(*at);
                    let cells =
                        [&record, part.what, &part.from, &part.to, state, &detail, &at, standing.name()];
                    let mut line = vec![CsvField::Text(&number)];
                    line.extend(cells.map(CsvField::Text));
                    push_csv_line(&mut out, &line);
                }
            }
        }
        Evidence { file_name: format!("usage-desk-changes-{}.csv", now.format("%Y%m%dT%H%M%SZ")), text: out }
    })
}
