//! The content of an act as it is now: its records with their versions, what it comes to, the rules in force; and who
//! has made or changed any of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rest_contract::oracle::approval::{Act, Content, RuleKind, Rules};
use rest_contract::oracle::life_cycle::BatchType;
use sqlx::Error;

use crate::database::{Connection, Parameter, Statement};
use crate::oracle::CONTENT_MARK;
use crate::rating;

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Handing a batch to the rating job.
    Batch(i64),
    /// Purging and reseeding the service usage events.
    Platform,
}

/// The batch with this number.
pub(crate) async fn matter_of(
    connection: &mut Connection,
    batch: Option<&str>,
) -> Result<Option<Matter>, Error> {
    let Some(number) = batch else { return Ok(Some(Matter::Platform)) };
    // Not every database can be asked for the zero character.
    if number.contains('\0') {
        return Ok(None);
    }
    let mut sql = Statement::new("SELECT usage_batch_id FROM usage_event_batches WHERE batch_number = ");
    sql.bind(Parameter::text(number));
    sql.rows(connection).await?.first().map(|row| Ok(Matter::Batch(row.try_get(0)?))).transpose()
}

/// The rules that stand: what a content names.
pub(crate) async fn rules(connection: &mut Connection) -> Result<Rules, Error> {
    read_rules(connection, Statement::new("end_date IS NULL")).await
}

/// The rules in force at this moment: those that stand, and those that were lifted of late.
pub(super) async fn rules_in_force(connection: &mut Connection, at: DateTime<Utc>) -> Result<Rules, Error> {
    let mut which = Statement::new("(end_date IS NULL OR end_date > ");
    which.bind(Parameter::instant(at)).push(")");
    read_rules(connection, which).await
}

async fn read_rules(connection: &mut Connection, which: Statement) -> Result<Rules, Error> {
    let mut sql = Statement::new(
        "SELECT rule_kind, currency_code, CAST(amount_limit AS TEXT), count_limit FROM approval_rules WHERE ",
    );
    sql.append(&which);
    let mut rules = Rules::default();
    for row in sql.rows(connection).await? {
        let kind: String = row.try_get(0)?;
        match RuleKind::of(&kind) {
            Some(RuleKind::Amount) => {
                let (currency, limit): (Option<String>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
                let limit = limit.and_then(|digits| rest_contract::read_decimal(&digits).ok());
                rules.limit(&currency.unwrap_or_default(), limit.unwrap_or_default());
            }
            Some(RuleKind::Reversals) => {
                let limit: Option<i64> = row.try_get(3)?;
                rules.count(limit.and_then(|limit| u64::try_from(limit).ok()).unwrap_or_default());
            }
            Some(RuleKind::Purge) => rules.purge = true,
            None => {}
        }
    }
    Ok(rules)
}

/// The content now; nothing where the batch is gone.
pub(crate) async fn now(
    connection: &mut Connection,
    matter: Matter,
    rules: Rules,
) -> Result<Option<Content>, Error> {
    match matter {
        Matter::Platform => platform(connection, rules).await.map(Some),
        Matter::Batch(id) => batch(connection, id, rules).await,
    }
}

async fn batch(connection: &mut Connection, id: i64, rules: Rules) -> Result<Option<Content>, Error> {
    let mut sql = Statement::new(
        "SELECT batch_number, object_version_number, usage_type FROM usage_event_batches WHERE usage_batch_id = ",
    );
    sql.bind(Parameter::Integer(id));
    let rows = sql.rows(connection).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (number, version, usage_type): (String, i64, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let act = match BatchType::of(&usage_type) {
        Some(BatchType::ReverseReplace) => Act::Reverse,
        _ => Act::Submit,
    };
    let mut content = Content::new(act, &number, rules);
    content.records.insert(("subscriptionUsageEventBatches".to_owned(), number), version);
    let mut sql = Statement::new(
        "SELECT event_number, object_version_number FROM usage_events WHERE usage_batch_id = ",
    );
    sql.bind(Parameter::Integer(id));
    for row in sql.rows(connection).await? {
        content.records.insert(("usageEvents".to_owned(), row.try_get(0)?), row.try_get(1)?);
    }
    let expected = rating::expected_of_batch(connection, id).await?;
    (content.count, content.reversals) = (expected.events, expected.reversals);
    (content.amounts, content.not_known) = (expected.amounts, expected.not_known);
    Ok(Some(content))
}

async fn platform(connection: &mut Connection, rules: Rules) -> Result<Content, Error> {
    let sql = Statement::new(
        "SELECT (SELECT COUNT(*) FROM service_usage_events), service_usage_event_guid, created_at FROM service_usage_events \
         ORDER BY service_usage_event_id DESC LIMIT 1",
    );
    let mut content = Content::new(Act::Purge, "", rules);
    if let Some(row) = sql.rows(connection).await?.first() {
        let (count, newest): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        content.records.insert(("service_usage_events".to_owned(), newest), row.try_get(2)?);
        content.count = u64::try_from(count).unwrap_or_default();
    }
    Ok(content)
}

/// The mark that goes with the content now (`oracle::schema::content_mark`).
pub(crate) async fn mark(connection: &mut Connection, act: Act, matter: Matter) -> Result<String, Error> {
    let mut sql = Statement::new("SELECT ");
    sql.push(CONTENT_MARK).push(" FROM (SELECT CAST(").bind(Parameter::text(act.code()));
    sql.push(" AS TEXT) AS action_code, CAST(");
    sql.bind(match matter {
        Matter::Batch(id) => Parameter::Integer(id),
        Matter::Platform => Parameter::Integer(0),
    });
    sql.push(" AS BIGINT) AS usage_batch_id) t");
    let rows = sql.rows(connection).await?;
    rows.first().ok_or(Error::RowNotFound)?.try_get(0)
}

/// Everybody who made or changed the batch, one of its events, or what belonged to one.
pub(super) async fn changers(connection: &mut Connection, matter: Matter) -> Result<BTreeSet<String>, Error> {
    let Matter::Batch(id) = matter else { return Ok(BTreeSet::new()) };
    let mut sql = Statement::default();
    let mut word = "";
    for table in ["usage_event_batches", "usage_events"] {
        for column in ["created_by", "last_updated_by"] {
            sql.push(word).push(&format!("SELECT {column} FROM {table} WHERE usage_batch_id = "));
            sql.bind(Parameter::Integer(id));
            word = " UNION ";
        }
    }
    for column in ["created_by", "last_updated_by"] {
        sql.push(&format!(
            " UNION SELECT c.{column} FROM usage_charges c JOIN usage_events t ON t.event_id = c.event_id \
             WHERE t.usage_batch_id = "
        ));
        sql.bind(Parameter::Integer(id));
    }
    sql.push(
        " UNION SELECT h.changed_by FROM change_history h JOIN usage_events t ON t.event_number = h.event_number \
         WHERE t.usage_batch_id = ",
    );
    sql.bind(Parameter::Integer(id));
    // Of what is not in it any more the history of the batch tells.
    for column in ["batch_number", "other_batch_number"] {
        sql.push(&format!(
            " UNION SELECT h.changed_by FROM change_history h JOIN usage_event_batches b \
             ON b.batch_number = h.{column} WHERE b.usage_batch_id = "
        ));
        sql.bind(Parameter::Integer(id));
    }
    sql.rows(connection).await?.iter().map(|row| row.try_get(0)).collect()
}

/// Who made the last change of the rules, of the batch or of what was or is in it, and when, in microseconds since 1970;
/// nothing where none was made after `since`.
pub(super) async fn last_change(
    connection: &mut Connection,
    matter: Matter,
    since: i64,
) -> Result<Option<(String, i64)>, Error> {
    let mut sql = Statement::new(
        "SELECT changed_by, changed_at FROM (SELECT changed_by, changed_at FROM change_history \
         WHERE resource_name = 'usageApprovalRules'",
    );
    if let Matter::Batch(id) = matter {
        for table in ["usage_event_batches", "usage_events"] {
            sql.push(&format!(
                " UNION ALL SELECT last_updated_by, last_update_date FROM {table} WHERE usage_batch_id = "
            ));
            sql.bind(Parameter::Integer(id));
        }
        sql.push(
            " UNION ALL SELECT c.last_updated_by, c.last_update_date FROM usage_charges c \
             JOIN usage_events t ON t.event_id = c.event_id WHERE t.usage_batch_id = ",
        );
        sql.bind(Parameter::Integer(id));
        // Of what is not in it any more the history of the batch tells.
        for column in ["batch_number", "other_batch_number"] {
            sql.push(&format!(
                " UNION ALL SELECT h.changed_by, h.changed_at FROM change_history h \
                 JOIN usage_event_batches b ON b.batch_number = h.{column} WHERE b.usage_batch_id = "
            ));
            sql.bind(Parameter::Integer(id));
        }
    }
    sql.push(") l WHERE changed_at > ").bind(Parameter::Integer(since));
    sql.push(" ORDER BY changed_at DESC LIMIT 1");
    sql.rows(connection).await?.first().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}
