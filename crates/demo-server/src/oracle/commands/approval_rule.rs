//! Rules of approvals: making one, and lifting one. A rule that is lifted stays in force for some hours more, so that
//! nobody takes it away for one act; and it is made or lifted in a request of its own.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use rest_contract::oracle::approval::{ADD_UP_HOURS, RuleKind};
use rest_contract::{Value, write_date_time};

use crate::database::{Connection, Parameter, Statement, Transaction};
use crate::oracle::commands::change::Change;
use crate::oracle::commands::creation_rules::Values;
use crate::oracle::commands::second_person::conflict;
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::query::selection::Selection;
use crate::oracle::records::history::{self, Stamp, Subject};
use crate::oracle::records::item::{self, Item};
use crate::oracle::request::exchange::Exchange;
use crate::oracle::request::read::missing;
use crate::oracle::schema::resource_tree::APPROVAL_RULES;

pub(in crate::oracle) const TABLE: &str = "approval_rules";

pub(super) async fn complete(
    connection: &mut Connection,
    new: &mut Values<'_>,
    id: i64,
) -> Result<(), Refusal> {
    new.own_id("ApprovalRuleId", id);
    new.require("RuleName");
    let kind = new.text("RuleKind").map(str::to_owned);
    let Some(kind) = kind.as_deref().and_then(RuleKind::of) else {
        let kinds = RuleKind::ALL.map(RuleKind::code).join(", ");
        new.refuse(code::INVALID_VALUE, "RuleKind", format!("The kind is one of {kinds}."));
        return Ok(());
    };
    let takes: &[&str] = match kind {
        RuleKind::Amount => &["AmountLimit", "CurrencyCode"],
        RuleKind::Reversals => &["CountLimit"],
        RuleKind::Purge => &[],
    };
    for name in ["AmountLimit", "CountLimit", "CurrencyCode"] {
        match (takes.contains(&name), new.get(name).is_some()) {
            (true, _) => new.require(name),
            (false, true) => {
                let text = format!("A rule of the kind {} has no {name}.", kind.code());
                new.refuse(code::INVALID_VALUE, name, text);
            }
            (false, false) => {}
        }
    }
    let is_negative = |value: &Value| match value {
        Value::Decimal(limit) => limit.is_sign_negative() && !limit.is_zero(),
        Value::Integer(limit) => *limit < 0,
        _ => false,
    };
    for name in ["AmountLimit", "CountLimit"] {
        if new.get(name).is_some_and(is_negative) {
            new.refuse(code::INVALID_VALUE, name, format!("{name} is not below zero."));
        }
    }
    let Some(currency) = new.text("CurrencyCode").map(str::to_owned) else { return Ok(()) };
    let mut sql = Statement::new("SELECT COUNT(*) FROM currencies WHERE currency_code = ");
    sql.bind(Parameter::text(&currency));
    if sql.integer(connection).await? == 0 {
        new.refuse(code::INVALID_VALUE, "CurrencyCode", format!("{currency} is no known currency."));
    }
    Ok(())
}

/// Lets the rule end after some hours, and answers until when it is in force.
pub(super) async fn lift(
    exchange: &Exchange,
    transaction: &mut Transaction,
    current: &Item,
) -> Result<Response, Refusal> {
    let stamp = exchange.stamp();
    if let Some(end) = current.value("EndDate").as_date_time().filter(|end| *end > stamp.at) {
        let end = write_date_time(&end);
        return Err(conflict(vec![format!("It has been lifted already. It is in force until {end}.")]));
    }
    remove_ended(transaction, &stamp).await?;
    let end = stamp.at + TimeDelta::hours(ADD_UP_HOURS);
    let mut sql = Statement::new("UPDATE approval_rules SET end_date = ");
    sql.bind(Parameter::instant(end)).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE approval_rule_id = ").bind(Parameter::Integer(current.id));
    if sql.execute(transaction).await? != 1 {
        // It had ended.
        return Err(missing(&APPROVAL_RULES, &current.key));
    }
    let subject = subject(current.id, &current.key, current.version + 1);
    history::add(transaction, &stamp, subject, [("EndDate", &Value::Null, &Value::DateTime(end))]).await?;
    let whole = Selection::whole(&APPROVAL_RULES);
    let lifted = item::find(transaction, &APPROVAL_RULES, None, &current.key, &whole).await?;
    let lifted = lifted.ok_or_else(|| missing(&APPROVAL_RULES, &current.key))?;
    Ok(exchange.item_response(StatusCode::OK, &lifted, Some(&whole)))
}

/// Notes in the history what the new rule says.
pub(super) async fn note(
    transaction: &mut Transaction,
    stamp: &Stamp,
    id: i64,
    values: &[Change],
) -> Result<(), Refusal> {
    let named = values.iter().find(|(field, _)| field.name == APPROVAL_RULES.natural_key);
    let key = named.map(|(_, value)| value.to_string()).unwrap_or_default();
    let changes = values.iter().map(|(field, value)| (field.name, &Value::Null, value));
    Ok(history::add(transaction, stamp, subject(id, &key, 1), changes).await?)
}

/// Rules whose end has come are no rules any more, and their names are free again.
pub(super) async fn remove_ended(transaction: &mut Transaction, stamp: &Stamp) -> Result<(), Refusal> {
    let mut sql = Statement::new("DELETE FROM approval_rules WHERE end_date <= ");
    sql.bind(stamp.instant());
    sql.execute(transaction).await?;
    Ok(())
}

fn subject(id: i64, key: &str, version: i64) -> Subject<'_> {
    Subject { resource: APPROVAL_RULES.name, id, key, version }
}
