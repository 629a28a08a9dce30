//! The gate: every road to an act leads through `pass`.

use std::fmt;

use chrono::TimeDelta;
use rest_contract::ExactSum;
use rest_contract::Value;
use rest_contract::oracle::approval::{ADD_UP_HOURS, Act, ApprovalState, Content, Earlier, Need, Standing};
use sqlx::Error;

use super::content::{self, Matter};
use super::person::Person;
use super::standing::{self, Found};
use crate::database::{Connection, Parameter, Statement, Transaction};
use crate::oracle::{Stamp, Subject, add_history};

/// Leave to do the act, in this transaction. Only the gate gives it.
#[derive(Debug)]
pub(crate) struct Pass(());

/// Why the act is not done: it needs a second person, and there is no approval for it as it is now.
#[derive(Debug)]
pub(crate) struct Held {
    needs: Vec<Need>,
    standing: Option<Standing>,
}

/// Lets the act be done, or not. Writers take turns, so what is compared here still holds when the act is done, and of
/// two acts by one approval the second one finds it spent.
pub(crate) async fn pass(
    transaction: &mut Transaction,
    stamp: &Stamp,
    matter: Matter,
) -> Result<Result<Pass, Held>, Error> {
    let in_force = content::rules_in_force(transaction, stamp.at).await?;
    if in_force.is_empty() {
        return Ok(Ok(Pass(())));
    }
    let rules = content::rules(transaction).await?;
    let Some(now) = content::now(transaction, matter, rules).await? else { return Err(Error::RowNotFound) };
    if !in_force.concern(now.act) {
        return Ok(Ok(Pass(())));
    }
    let person = Person::of(transaction, stamp).await?;
    let needs = in_force.needs(&now, &earlier(transaction, stamp, &person).await?);
    if needs.is_empty() {
        note(transaction, stamp, &person, &now).await?;
        return Ok(Ok(Pass(())));
    }
    let found = standing::newest(transaction, matter, &now, &person).await?;
    match found {
        Some(found) if found.standing.can_be_used && spend(transaction, stamp, &found).await? => {
            Ok(Ok(Pass(())))
        }
        found => Ok(Err(Held { needs, standing: found.map(|found| found.standing) })),
    }
}

async fn spend(transaction: &mut Transaction, stamp: &Stamp, found: &Found) -> Result<bool, Error> {
    let mut sql = Statement::new("UPDATE usage_approvals SET decision = 'SPENT', acted_by = ");
    sql.bind(Parameter::text(&stamp.by)).push(", acted_date = ").bind(stamp.instant()).push(", ");
    stamp.push_new_version(&mut sql);
    sql.push(" WHERE approval_id = ").bind(Parameter::Integer(found.id)).push(" AND decision = 'APPROVED'");
    if sql.execute(transaction).await? != 1 {
        return Ok(false);
    }
    let subject = Subject {
        resource: "usageApprovals",
        id: found.id,
        key: &found.standing.approval_number,
        version: found.version + 1,
    };
    let [before, after] =
        [ApprovalState::Approved, ApprovalState::Spent].map(|state| Value::Text(state.code().to_owned()));
    add_history(transaction, stamp, subject, [("State", &before, &after)]).await?;
    Ok(true)
}

/// Why the person needs a second one for what the content is of; nothing where they need none.
pub(crate) async fn needs(
    connection: &mut Connection,
    stamp: &Stamp,
    person: &Person,
    now: &Content,
) -> Result<Vec<Need>, Error> {
    let in_force = content::rules_in_force(connection, stamp.at).await?;
    Ok(in_force.needs(now, &earlier(connection, stamp, person).await?))
}

/// What the person did of late without an approval.
async fn earlier(connection: &mut Connection, stamp: &Stamp, person: &Person) -> Result<Earlier, Error> {
    let since = stamp.at - TimeDelta::hours(ADD_UP_HOURS);
    let mut sql =
        Statement::new("SELECT currency_code, amount, reversals FROM unapproved_acts WHERE account = ");
    sql.bind(Parameter::Text(person.account.to_lowercase())).push(" AND acted_at > ");
    sql.bind(Parameter::instant(since));
    let mut earlier = Earlier::default();
    for row in sql.rows(connection).await? {
        let (currency, digits): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
        let reversals: i64 = row.try_get(2)?;
        earlier.amounts.entry(currency).or_default().merge(&ExactSum::of(&digits, 0));
        // A number that is none counts as more than any limit.
        earlier.reversals = earlier.reversals.saturating_add(u64::try_from(reversals).unwrap_or(u64::MAX));
    }
    Ok(earlier)
}

/// Notes an act that needed no approval.
async fn note(
    transaction: &mut Transaction,
    stamp: &Stamp,
    person: &Person,
    now: &Content,
) -> Result<(), Error> {
    let mut rows = crate::database::BulkInsert::new(
        "unapproved_acts",
        &["account", "acted_at", "currency_code", "amount", "reversals"],
    );
    let mut add = |currency: Option<&str>, amount: String, reversals: u64| {
        rows.push([
            Parameter::Text(person.account.to_lowercase()),
            stamp.instant(),
            currency.map_or(Parameter::Null, Parameter::text),
            Parameter::Text(amount),
            Parameter::Integer(i64::try_from(reversals).unwrap_or(i64::MAX)),
        ]);
    };
    for (currency, amount) in &now.amounts {
        // A sum that cannot be told is above every limit, and never comes here where there is one.
        add(currency.as_deref(), amount.text().unwrap_or_else(|| "0".to_owned()), 0);
    }
    if now.act == Act::Reverse && now.reversals > 0 {
        add(None, "0".to_owned(), now.reversals);
    }
    rows.flush(transaction).await
}

impl Held {
    /// What is told, sentence by sentence.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut sentences = self.needs.iter().map(ToString::to_string).collect::<Vec<_>>();
        let Some(standing) = &self.standing else {
            sentences.push("It needs the approval of a second person. Ask for one first.".to_owned());
            return sentences;
        };
        let number = &standing.approval_number;
        sentences.push(match standing.state() {
            Some(ApprovalState::Approved) => {
                format!("You approved {number} yourself; another person carries it out.")
            }
            Some(ApprovalState::Requested) => {
                format!(
                    "The approval {number} that {} asked for waits for a second person.",
                    standing.asked_by
                )
            }
            Some(ApprovalState::Refused) => {
                let by = standing.decided_by.as_deref().unwrap_or("somebody");
                format!("The approval {number} was refused by {by}.")
            }
            _ => format!("The approval {number} is out of date: its content has changed. Ask again."),
        });
        let amount =
            |currency: Option<&str>, digits: &str| format!("{} {digits}", currency.unwrap_or("no currency"));
        sentences.extend(standing.differences.iter().map(|difference| difference.words(&amount)));
        sentences
    }
}

impl fmt::Display for Held {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentences().join(" "))
    }
}
