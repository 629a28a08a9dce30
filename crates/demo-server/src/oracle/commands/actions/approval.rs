//! What is done about approvals: looking at what an act comes to, approving, refusing, withdrawing.

use rest_contract::oracle::approval::{
    self, Act, ApprovalState, Barred, Content, Step, Waiting, Weighed, WeighedAmount,
};
use rest_contract::{Value, is_blank};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{NoArguments, arguments, bad_argument};
use crate::accounts::scope;
use crate::approvals::{self, Matter, Person};
use crate::database::{Connection, Parameter, Statement, Transaction};
use crate::oracle::commands::second_person::conflict;
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::records::history::{self, Subject};
use crate::oracle::records::item::Item;
use crate::oracle::records::large_text::decode_large;
use crate::oracle::request::exchange::Exchange;
use crate::oracle::schema::content_mark::MARK as CONTENT_MARK;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Weigh {
    /// Without one, the purge of the service usage events.
    batch_number: Option<String>,
}

/// What an act comes to now and whether it needs a second person, before anybody asks for one.
pub(super) async fn weigh(
    exchange: &Exchange,
    snapshot: &mut Connection,
    arguments: Weigh,
) -> Result<Json, Refusal> {
    let missing = || {
        let number = arguments.batch_number.as_deref().unwrap_or_default();
        Refusal::not_found(format!("The usage event batch \"{number}\""))
    };
    let matter =
        approvals::matter_of(snapshot, arguments.batch_number.as_deref()).await?.ok_or_else(missing)?;
    let rules = approvals::rules(snapshot).await?;
    let now = approvals::now(snapshot, matter, rules).await?.ok_or_else(missing)?;
    let stamp = exchange.stamp();
    let person = Person::of(snapshot, &stamp).await?;
    let found = approvals::newest(snapshot, matter, &now, &person).await?;
    let weighed = Weighed {
        action_code: now.act.code().to_owned(),
        batch_number: arguments.batch_number,
        content_digest: now.digest(),
        needs: approvals::needs(snapshot, &stamp, &person, &now).await?,
        event_count: now.count,
        not_known: now.not_known,
        amounts: amounts(&now),
        standing: found.map(|found| found.standing),
    };
    serde_json::to_value(weighed).map_err(|reason| Refusal::internal(&reason))
}

/// Which approvals wait for the asking person: those that they may approve.
pub(super) async fn waiting(exchange: &Exchange, snapshot: &mut Connection) -> Result<Json, Refusal> {
    let mut numbers = Vec::new();
    if exchange.principal.may(scope::WRITE) {
        let person = Person::of(snapshot, &exchange.stamp()).await?;
        let mut sql =
            Statement::new("SELECT t.approval_number, t.action_code, t.usage_batch_id, t.asked_by_account, ");
        sql.push("t.created_by FROM usage_approvals t WHERE t.decision = 'REQUESTED' AND t.content_mark = ");
        sql.push(CONTENT_MARK).push(" ORDER BY t.approval_id");
        for row in sql.rows(snapshot).await? {
            let (number, action): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (account, name): (String, String) = (row.try_get(3)?, row.try_get(4)?);
            let of = (Act::of(&action), row.try_get(2)?);
            let part = approvals::part(snapshot, of, &[&account, &name], &person).await?;
            if approval::may(Step::Approve, ApprovalState::Requested, part).is_ok() {
                numbers.push(number);
            }
        }
    }
    serde_json::to_value(Waiting { approval_numbers: numbers }).map_err(|reason| Refusal::internal(&reason))
}

fn amounts(content: &Content) -> Vec<WeighedAmount> {
    let amounts = content.amounts.iter();
    amounts
        .map(|(currency, amount)| WeighedAmount {
            currency_code: currency.clone(),
            amount: amount.text().unwrap_or_else(|| "?".to_owned()),
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Approve {
    /// The digest of what the person saw.
    content_digest: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refuse {
    reason: String,
}

/// The longest reason in characters.
const LONGEST_REASON: usize = 1000;

pub(super) async fn decide(
    exchange: &Exchange,
    transaction: &mut Transaction,
    step: Step,
    current: &Item,
    body: &[u8],
) -> Result<Json, Refusal> {
    let (seen, reason) = match step {
        Step::Approve => (Some(arguments::<Approve>(body)?.content_digest), None),
        Step::Refuse => (None, Some(reason_of(arguments(body)?)?)),
        Step::Withdraw => {
            let NoArguments {} = arguments(body)?;
            (None, None)
        }
    };
    let text = |name: &str| current.value(name).as_text().unwrap_or_default();
    let state = ApprovalState::of(text("State"))
        .ok_or_else(|| Refusal::internal(&format!("the stored state {} is not known", text("State"))))?;
    let act = Act::of(text("ActionCode"));
    let stamp = exchange.stamp();
    let person = Person::of(transaction, &stamp).await?;
    let batch_id = current.value("UsageBatchId").as_integer();
    let asked_by = [text("AskedByAccount"), text("CreatedBy")];
    let part = approvals::part(transaction, (act, batch_id), &asked_by, &person).await?;
    approval::may(step, state, part).map_err(barred_refusal)?;
    if let Some(seen) = seen {
        if seen != text("ContentDigest") {
            return Err(conflict(vec![
                "What you saw is not what the approval is for. Look at it again.".to_owned(),
            ]));
        }
        is_still_so(transaction, batch_id, current).await?;
    }
    let after = step.leads_to();
    let mut sql = Statement::new("UPDATE usage_approvals SET decision = ");
    sql.bind(Parameter::text(after.code())).push(", ");
    if step != Step::Withdraw {
        sql.push("decided_by = ").bind(Parameter::text(&stamp.by)).push(", decided_by_account = ");
        sql.bind(Parameter::text(&stamp.account)).push(", decided_date = ").bind(stamp.instant());
        sql.push(", decision_reason = ").bind(reason.map_or(Parameter::Null, Parameter::Text)).push(", ");
    }
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE approval_id = ").bind(Parameter::Integer(current.id));
    sql.execute(transaction).await?;
    let subject = Subject {
        resource: "usageApprovals",
        id: current.id,
        key: &current.key,
        version: current.version + 1,
    };
    let (before, now) = (Value::Text(state.code().to_owned()), Value::Text(after.code().to_owned()));
    history::add(transaction, &stamp, subject, [("State", &before, &now)]).await?;
    Ok(json!({
        "status": "SUCCESS",
        "message": format!("The approval {}: {}.", current.key, after.words()),
        "count": 1,
        "approvalNumber": current.key,
        "state": after.code(),
    }))
}

fn reason_of(refuse: Refuse) -> Result<String, Refusal> {
    let reason = refuse.reason;
    let problem = if is_blank(&reason) {
        "A refusal needs a reason.".to_owned()
    } else if reason.chars().count() > LONGEST_REASON {
        format!("The reason has more than {LONGEST_REASON} characters.")
    } else if reason.contains('\0') {
        "reason holds a NUL character, which no database text can.".to_owned()
    } else {
        return Ok(reason);
    };
    Err(bad_argument("reason", problem))
}

fn barred_refusal(barred: Barred) -> Refusal {
    match barred {
        Barred::Decided(_) | Barred::OutOfDate => conflict(vec![barred.to_string()]),
        _ => Refusal::bad_request(code::BUSINESS_RULE, "/AskedByAccount", barred.to_string()),
    }
}

/// Refuses where the content is not what was asked for any more, and says in what it differs.
async fn is_still_so(
    transaction: &mut Transaction,
    batch_id: Option<i64>,
    current: &Item,
) -> Result<(), Refusal> {
    let matter = batch_id.map_or(Matter::Platform, Matter::Batch);
    let rules = approvals::rules(transaction).await?;
    let now = approvals::now(transaction, matter, rules).await?;
    let asked = current.value("Content").as_text().and_then(decode_large);
    let asked = asked.and_then(|text| Content::read(&text));
    match (asked, now) {
        (Some(asked), Some(now)) if asked.digest() == now.digest() => Ok(()),
        (Some(asked), Some(now)) => {
            let amount = |currency: Option<&str>, digits: &str| {
                format!("{} {digits}", currency.unwrap_or("no currency"))
            };
            let differences = asked.differences(&now);
            let differences = differences.iter().map(|difference| difference.words(&amount));
            Err(conflict([Barred::OutOfDate.to_string()].into_iter().chain(differences).collect()))
        }
        _ => Err(conflict(vec![Barred::OutOfDate.to_string()])),
    }
}
