//! Where an event comes from and what became of it: the original, what takes it back, what replaces it,
//! and each re-rating, as a small picture that one can walk; with what all of it comes to.

use crate::api::{Failure, RecordKey};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::FailureLine;
use crate::features::selection::{EventPages, Selected};
use crate::routes;
use crate::text::{amounts_in_words, decimal};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::oracle::compared_amounts::{before_and_after, billed, re_rating_batches, takes_back};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::{Record, Value};

const SHAPE: &str = "fields=EventNumber,EventId,EventStatus,RelatedBatchId,RelatedEventId,BatchNumber,UsageQuantity,UsageUnitOfMeasure;usageCharges:BilledAmount,ChargeCurrency,ParentEntity,ParentEntityId,UsageChargePuid&onlyData=true";

/// One event of the family.
#[derive(Clone, Debug, PartialEq)]
struct Member {
    role: &'static str,
    number: String,
    batch: String,
    quantity: String,
    amounts: Amounts,
    is_open: bool,
}

/// A re-rating of the open event.
#[derive(Clone, Debug, PartialEq)]
struct ReRating {
    batch: String,
    before: Amounts,
    after: Amounts,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Family {
    members: Vec<Member>,
    re_ratings: Vec<ReRating>,
}

/// Read again when what the store holds of the event changes, as a reversal does.
#[component]
pub fn Lineage(session: Session, event: RecordKey) -> impl IntoView {
    let links = {
        let event = event.clone();
        Memo::new(move |_| {
            session.sync.revision.track();
            session.sync.with_view(&event, |view| {
                let view = view?;
                let number = |name: &'static str| view.confirmed(&name).and_then(Value::as_integer);
                let flag = view.confirmed(&"ReverseFlag").cloned();
                let status = view.confirmed(&"EventStatus").cloned();
                Some((number("EventId")?, number("RelatedEventId"), flag, status))
            })
        })
    };
    let number = StoredValue::new(event.name());
    let family = Fetched::new(session, async move || {
        let links = links.try_get_untracked().flatten();
        let (Some((id, related, ..)), Some(number)) = (links, number.try_get_value()) else {
            return Ok(Family::default());
        };
        family_of(session, &number, id, related).await
    });
    Effect::new(move || {
        session.sync.actions_done.track();
        session.renewed.track();
        // Calls get through again, or no more.
        session.client.gateway.track();
        if links.get().is_some() {
            family.read();
        }
    });
    let net = Memo::new(move |_| {
        let mut net = Amounts::new();
        family.found.with(|family| {
            for (currency, amount) in
                family.iter().flat_map(|family| &family.members).flat_map(|member| &member.amounts)
            {
                net.entry(currency.clone()).or_default().merge(amount);
            }
        });
        net
    });
    let member = |member: Member| {
        let address = routes::event(&member.number);
        let current = member.is_open.then_some("true");
        let name = if member.is_open {
            view! { <span class="mono">{member.number.clone()}</span> }.into_any()
        } else {
            view! { <a class="mono" href=address>{member.number.clone()}</a> }.into_any()
        };
        view! {
            <li class="lineage-member" aria-current=current data-role=member.role>
                <strong>{member.role}</strong>
                {name}
                <a class="mono" href=routes::batch(&member.batch)>{member.batch.clone()}</a>
                <span class="quiet">{member.quantity}</span>
                <span>{amounts_in_words(&member.amounts)}</span>
            </li>
        }
    };
    let re_rating = |one: ReRating| {
        // A batch that is gone, or that the role may not see, has no page to go to.
        let batch = if one.batch.is_empty() {
            view! { <span class="quiet">"in a batch that cannot be seen"</span> }.into_any()
        } else {
            view! { <a class="mono" href=routes::batch_result(&one.batch)>{one.batch.clone()}</a> }.into_any()
        };
        view! {
            <li class="lineage-member" data-role="Re-rated">
                <strong>"Re-rated"</strong>
                {batch}
                <span>{format!("{} \u{2192} {}", amounts_in_words(&one.before), amounts_in_words(&one.after))}</span>
            </li>
        }
    };
    move || {
        let found = family.found.get().unwrap_or_default();
        let failed = family.failure.get();
        (found.members.len() > 1 || !found.re_ratings.is_empty() || failed.is_some()).then(|| {
            let has_relatives = found.members.len() > 1;
            view! {
                <section aria-label="Lineage">
                    <h3>"Lineage"</h3>
                    {failed.map(|failure| view! { <FailureLine what="Lineage" failure=failure again=family.again() /> })}
                    <ol class="lineage">
                        {has_relatives.then(|| found.members.into_iter().map(member).collect_view())}
                        {found.re_ratings.into_iter().map(re_rating).collect_view()}
                    </ol>
                    {has_relatives.then(|| view! { <p class="lineage-net" data-testid="net"><strong>"Net "</strong>{amounts_in_words(&net.get())}</p> })}
                </section>
            }
        })
    }
}

/// Everything that names the event or its original, and these two themselves.
async fn family_of(session: Session, number: &str, id: i64, related: Option<i64>) -> Result<Family, Failure> {
    let ids = match related {
        Some(related) => format!("{related},{id}"),
        None => id.to_string(),
    };
    let selected =
        Selected::all(None, format!("EventId in ({ids}) or RelatedEventId in ({ids})"), EventAction::Change);
    let mut pages = EventPages::new(session.client, selected, SHAPE);
    let mut found = Vec::new();
    while let Some(events) = pages.next().await? {
        found.extend(events);
    }
    let members = found.iter().map(|event| {
        let original = related_to(event).and_then(|id| found.iter().find(|other| id_of(other) == Some(id)));
        member_of(event, original, number)
    });
    let mut family = Family { members: members.collect(), ..Family::default() };
    if let Some(event) = found.iter().find(|event| event.key().as_deref() == Some(number)) {
        for batch_id in re_rating_batches(event) {
            let q = format!("UsageBatchId = {batch_id}");
            let page = session.client.batch_page(&q, "UsageBatchId:asc", 0, 1).await?;
            let batch = page.items.first().and_then(Record::key).unwrap_or_default();
            let (before, after) = before_and_after(event, batch_id);
            family.re_ratings.push(ReRating { batch, before, after });
        }
    }
    Ok(family)
}

fn id_of(event: &Record) -> Option<i64> {
    event.get("EventId").and_then(Value::as_integer)
}

fn related_to(event: &Record) -> Option<i64> {
    event.get("RelatedEventId").and_then(Value::as_integer)
}

/// What an event is to the one that it names, `other` where that can be read.
fn role_of(event: &Record, other: Option<&Record>) -> &'static str {
    if related_to(event).is_none() {
        return "Original";
    }
    match other {
        // An original and what takes it back name each other: the one that was there first is the original.
        Some(other) if related_to(other) == id_of(event) && id_of(event) < id_of(other) => "Original",
        Some(other) if takes_back(event, other) => "Reversal",
        Some(_) => "Replacement",
        // The sign is left to tell.
        None => {
            let quantity = event.get("UsageQuantity").and_then(Value::as_decimal);
            if quantity.is_some_and(|quantity| quantity.is_sign_negative()) {
                "Reversal"
            } else {
                "Replacement"
            }
        }
    }
}

fn member_of(event: &Record, original: Option<&Record>, open: &str) -> Member {
    let quantity = event.get("UsageQuantity").and_then(Value::as_decimal);
    let text = |name: &str| event.text(name).unwrap_or_default().to_owned();
    let number = event.key().unwrap_or_default();
    Member {
        role: role_of(event, original),
        is_open: number == open,
        number,
        batch: text("BatchNumber"),
        quantity: quantity
            .map(|one| format!("{} {}", decimal(&one), text("UsageUnitOfMeasure")))
            .unwrap_or_default(),
        amounts: billed(event),
    }
}
