//! The newest approval of an act, as it bears upon the act now, and what part a person has in one.

use chrono::DateTime;
use rest_contract::oracle::approval::{Act, ApprovalState, Content, Part, Standing};
use sqlx::Error;

use super::content::{Matter, changers, last_change};
use super::person::Person;
use crate::database::{Connection, Parameter, Statement};
use crate::oracle::CONTENT_MARK;

/// An approval with what only the database needs of it.
#[derive(Debug)]
pub(crate) struct Found {
    pub id: i64,
    pub version: i64,
    pub standing: Standing,
}

/// The newest approval of the act that was neither used nor withdrawn, held against the content now.
pub(crate) async fn newest(
    connection: &mut Connection,
    matter: Matter,
    now: &Content,
    person: &Person,
) -> Result<Option<Found>, Error> {
    let mut sql = Statement::new(
        "SELECT t.approval_id, t.object_version_number, t.approval_number, t.decision, t.created_by, t.decided_by, \
         t.decided_by_account, t.decision_reason, t.content, t.content_digest, t.creation_date, t.content_mark, ",
    );
    sql.push(CONTENT_MARK).push(" FROM usage_approvals t WHERE t.action_code = ");
    sql.bind(Parameter::text(now.act.code()));
    if let Matter::Batch(id) = matter {
        sql.push(" AND t.usage_batch_id = ").bind(Parameter::Integer(id));
    }
    sql.push(" AND t.decision IN ('REQUESTED', 'APPROVED', 'REFUSED') ORDER BY t.approval_id DESC LIMIT 1");
    let rows = sql.rows(connection).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (decision, digest): (String, String) = (row.try_get(3)?, row.try_get(9)?);
    let (decided_by, account): (Option<String>, Option<String>) = (row.try_get(5)?, row.try_get(6)?);
    let decided = ApprovalState::of(&decision).unwrap_or(ApprovalState::Refused);
    // The list knows the mark alone: what it shows as out of date is so here too.
    let (mark, mark_now): (String, String) = (row.try_get(11)?, row.try_get(12)?);
    let is_same = digest == now.digest() && mark == mark_now;
    let state = match decided {
        ApprovalState::Refused => decided,
        _ if is_same => decided,
        _ => ApprovalState::Stale,
    };
    let is_own = [&decided_by, &account].into_iter().flatten().any(|name| person.is(name));
    let mut standing = Standing {
        approval_number: row.try_get(2)?,
        state: state.code().to_owned(),
        asked_by: row.try_get(4)?,
        can_be_used: state == ApprovalState::Approved && !is_own,
        decided_by,
        reason: row.try_get(7)?,
        differences: Vec::new(),
        changed_by: None,
        changed_at: None,
    };
    if !is_same {
        let content: String = row.try_get(8)?;
        tell_differences(connection, matter, &mut standing, (&content, row.try_get(10)?), now).await?;
    }
    Ok(Some(Found { id: row.try_get(0)?, version: row.try_get(1)?, standing }))
}

/// What has changed since the content of `before`, as it stands in the database with the time of the request, and by
/// whom. Nobody is named for what follows from no change of the batch or the rules.
async fn tell_differences(
    connection: &mut Connection,
    matter: Matter,
    standing: &mut Standing,
    (before, since): (&str, i64),
    now: &Content,
) -> Result<(), Error> {
    let before = crate::oracle::decode_large(before).and_then(|text| Content::read(&text));
    standing.differences = before.map(|before| before.differences(now)).unwrap_or_default();
    if let Some((by, at)) = last_change(connection, matter, since).await? {
        standing.changed_by = Some(by);
        standing.changed_at = DateTime::from_timestamp_micros(at).map(|at| at.to_rfc3339());
    }
    Ok(())
}

/// What part the person has in an approval that these asked for: by account, and by name.
pub(crate) async fn part(
    connection: &mut Connection,
    (act, batch_id): (Option<Act>, Option<i64>),
    asked_by: &[&str],
    person: &Person,
) -> Result<Part, Error> {
    let matter = match (act, batch_id) {
        (Some(Act::Purge), _) | (_, None) => Matter::Platform,
        (_, Some(id)) => Matter::Batch(id),
    };
    let changers = changers(connection, matter).await?;
    let people = changers.iter().map(String::as_str).chain(asked_by.iter().copied().take(1));
    let by_another_sign_in = person.comes_otherwise_than_one_of(connection, people).await?;
    Ok(Part {
        by_another_sign_in,
        asked: asked_by.iter().any(|name| person.is(name)),
        changed: changers.iter().any(|name| person.is(name)),
        changer_is_unknown: changers.iter().any(|name| name.trim().is_empty()),
    })
}
