//! The change history, the auditor's evidence: who changed which field of what, when, from what to
//! what, written in the transaction of the change itself.

use chrono::{DateTime, SubsecRound as _, Utc};
use rest_contract::Value;
use sqlx::Error;

use crate::database::{BulkInsert, Parameter, Statement, Transaction};

/// When, by whom and in which request.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub at: DateTime<Utc>,
    pub by: String,
    pub request: String,
    /// The name that they signed in by; nothing for what the service does by itself.
    pub account: String,
}

impl Stamp {
    /// Of this moment, to the microsecond, as it is stored.
    pub(crate) fn now(by: &str, request: &str) -> Self {
        Self {
            at: Utc::now().trunc_subsecs(6),
            by: by.to_owned(),
            request: request.to_owned(),
            account: String::new(),
        }
    }

    /// The same of a person who signed in.
    pub(crate) fn of_account(self, account: &str) -> Self {
        Self { account: account.to_owned(), ..self }
    }

    pub(crate) fn instant(&self) -> Parameter {
        Parameter::instant(self.at)
    }

    /// The values of `created_by, creation_date, last_updated_by, last_update_date, last_update_login`.
    pub(crate) fn of_new_row(&self) -> [Parameter; 5] {
        let by = Parameter::text(&self.by);
        [by.clone(), self.instant(), by, self.instant(), Parameter::text(&self.request)]
    }

    /// Appends `object_version_number + 1` and who did it to an UPDATE's list of assignments.
    pub(crate) fn push_new_version(&self, sql: &mut Statement) {
        sql.push("object_version_number = object_version_number + 1, last_update_date = ");
        sql.bind(self.instant());
        sql.push(", last_updated_by = ").bind(Parameter::text(&self.by));
        sql.push(", last_update_login = ").bind(Parameter::text(&self.request));
    }
}

/// The columns that `Stamp::of_new_row` fills.
pub(crate) const STAMP_COLUMNS: [&str; 5] =
    ["created_by", "creation_date", "last_updated_by", "last_update_date", "last_update_login"];

/// The record that a history row is about, with the version that the change made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub resource: &'a str,
    pub id: i64,
    pub key: &'a str,
    pub version: i64,
}

/// A field with its value before and after.
pub(crate) type FieldChange<'a> = (&'a str, &'a Value, &'a Value);

pub(crate) async fn add(
    transaction: &mut Transaction,
    stamp: &Stamp,
    subject: Subject<'_>,
    changes: impl IntoIterator<Item = FieldChange<'_>>,
) -> Result<(), Error> {
    let text = |value: &Value| match value {
        Value::Null => Parameter::Null,
        value => Parameter::Text(value.to_string()),
    };
    let mut rows = BulkInsert::new("change_history", &COLUMNS);
    for (field, before, after) in changes {
        rows.push([
            stamp.instant(),
            Parameter::text(&stamp.by),
            Parameter::text(&stamp.request),
            Parameter::text(subject.resource),
            Parameter::Integer(subject.id),
            Parameter::text(subject.key),
            Parameter::Integer(subject.version),
            Parameter::text(field),
            text(before),
            text(after),
        ]);
    }
    rows.flush(transaction).await
}

const COLUMNS: [&str; 10] = [
    "changed_at",
    "changed_by",
    "request_id",
    "resource_name",
    "record_id",
    "record_key",
    "object_version_number",
    "field_name",
    "value_before",
    "value_after",
];

/// At which version of an event a change of many is noted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AtVersion {
    /// The change is made already, or ends the event.
    Present,
    /// The change follows.
    Next,
}

/// One history row for each event that `which` (the end of a statement over `usage_events t`) names:
/// for changes of many events by one statement. `before` and `after` are SQL for texts.
pub(crate) async fn add_for_events(
    transaction: &mut Transaction,
    stamp: &Stamp,
    at: AtVersion,
    (field, before, after): (&str, &Statement, &Statement),
    which: &Statement,
) -> Result<u64, Error> {
    let mut sql = Statement::new(&format!("INSERT INTO change_history ({}) SELECT ", COLUMNS.join(", ")));
    sql.bind(stamp.instant()).push(", ").bind(Parameter::text(&stamp.by)).push(", ");
    sql.bind(Parameter::text(&stamp.request)).push(", 'usageEvents', t.event_id, t.event_number, ");
    sql.push(match at {
        AtVersion::Present => "t.object_version_number, ",
        AtVersion::Next => "t.object_version_number + 1, ",
    });
    sql.bind(Parameter::text(field)).push(", ");
    sql.append(before).push(", ").append(after).push(" FROM usage_events t WHERE ").append(which);
    sql.execute(transaction).await
}
