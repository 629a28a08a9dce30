//! A new request for an approval.

use rest_contract::Value;
use rest_contract::oracle::approval::{ApprovalState, Content};
use rest_contract::oracle::life_cycle::{self, BatchAction};

use crate::approvals::{self, Matter, Person};
use crate::database::Connection;
use crate::oracle::commands::creation_rules::Values;
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::records::history::Stamp;
use crate::oracle::records::large_text::encode_large;
use crate::oracle::records::life_cycle_state;

/// What is asked for is the act as it is now; a digest that is sent must be that of it. The number is not the client's to
/// choose: who takes the next ones would stop every request.
pub(super) async fn request(
    connection: &mut Connection,
    stamp: &Stamp,
    new: &mut Values<'_>,
    id: i64,
) -> Result<(), Refusal> {
    new.own_id("ApprovalId", id);
    new.set("ApprovalNumber", Value::Text(format!("AP-{id}")));
    let batch = new.text("BatchNumber").map(str::to_owned);
    if batch.is_none() && new.text("ActionCode") != Some("PURGE") {
        new.require("BatchNumber");
        return Ok(());
    }
    let Some(matter) = approvals::matter_of(connection, batch.as_deref()).await? else {
        let text = format!("There is no usage event batch \"{}\".", batch.unwrap_or_default());
        new.refuse(code::INVALID_VALUE, "BatchNumber", text);
        return Ok(());
    };
    if let Matter::Batch(batch_id) = matter {
        let batch = life_cycle_state::batch(connection, batch_id).await?;
        if life_cycle::batch_action(batch.facts, BatchAction::SubmitByHand).is_err() {
            batch.allows(BatchAction::Submit)?;
        }
        new.set("UsageBatchId", Value::Integer(batch_id));
    }
    let rules = approvals::rules(connection).await?;
    let now = approvals::now(connection, matter, rules).await?;
    let Some(now) = now else { return Err(Refusal::not_found("The usage event batch")) };
    let person = Person::of(connection, stamp).await?;
    if approvals::needs(connection, stamp, &person, &now).await?.is_empty() {
        let text = "This needs no approval. It can be done at once.".to_owned();
        new.refuse(code::BUSINESS_RULE, "ActionCode", text);
    }
    let found = approvals::newest(connection, matter, &now, &person).await?;
    let open = found.map(|found| found.standing).filter(|standing| {
        matches!(standing.state(), Some(ApprovalState::Requested | ApprovalState::Approved))
    });
    if let Some(open) = open {
        let (number, by) = (open.approval_number, open.asked_by);
        new.refuse(
            code::DUPLICATE,
            "BatchNumber",
            format!("{by} has asked for the same already ({number})."),
        );
    }
    describe(connection, matter, new, &now).await?;
    new.set("AskedByAccount", Value::Text(stamp.account.clone()));
    Ok(())
}

async fn describe(
    connection: &mut Connection,
    matter: Matter,
    new: &mut Values<'_>,
    now: &Content,
) -> Result<(), Refusal> {
    let digest = now.digest();
    let text = |text: &str| Value::Text(text.to_owned());
    for (name, is) in [("ActionCode", now.act.code()), ("ContentDigest", digest.as_str())] {
        if new.text(name).is_some_and(|sent| sent != is) {
            let text = match name {
                "ActionCode" => format!("The action is {is} here."),
                _ => "What you saw has changed meanwhile. Look at it again.".to_owned(),
            };
            new.refuse(code::INVALID_VALUE, name, text);
        }
        new.set(name, text(is));
    }
    new.set("Content", Value::Text(encode_large(&now.text())));
    new.set("ContentMark", Value::Text(approvals::mark(connection, now.act, matter).await?));
    new.set("EventCount", Value::Integer(i64::try_from(now.count).unwrap_or(i64::MAX)));
    Ok(())
}
