//! The open event as one of a pair of which the reversal is still to be processed: the original, whose
//! reversal waits in a batch, or that reversal, which will take its original back.

use crate::api::{Failure, RecordKey};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::selection::{EventPages, Selected};
use crate::routes;
use crate::text::amounts_in_words;
use crate::ui::controls::{Icon, IconName};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::Value;
use rest_contract::oracle::charged_amounts::{Amounts, covered_by, is_all_covered};
use rest_contract::oracle::compared_amounts::{expected_of_reversal, pending_reversal};
use rest_contract::oracle::life_cycle::EventAction;

const SHAPE: &str = "fields=EventNumber,EventId,BatchNumber,EventStatus,ReverseFlag,RelatedEventId,RelatedBatchId,UsageQuantity;usageCharges:BilledAmount,AllowanceAmount,ChargeCurrency,UsageChargePuid&onlyData=true";

/// The other event of the pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    pub number: String,
    batch: String,
    /// What the reversal will be billed.
    pub amounts: Amounts,
    /// What allowances covered of the price of the event.
    covered: Amounts,
}

impl Other {
    /// Whether all of it is nothing because allowances covered it.
    pub fn is_covered(&self) -> bool {
        let is_covered = |(currency, amount)| is_all_covered(amount, self.covered.get(currency));
        !self.amounts.is_empty() && self.amounts.iter().all(is_covered)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ReversalPair {
    None,
    /// The open event is the original.
    WaitsIn(Other),
    /// The open event is the reversal.
    TakesBack(Other),
}

/// Read again when what the store holds of the event changes, as a reversal does. Made within the drawer.
pub fn reversal_pair(session: Session, event: &RecordKey) -> Fetched<ReversalPair> {
    let key = event.clone();
    let links = Memo::new(move |_| {
        session.sync.revision.track();
        session.sync.with_view(&key, |view| {
            let view = view?;
            let value = |name: &'static str| view.confirmed(&name).cloned();
            let id = |name: &'static str| value(name).as_ref().and_then(Value::as_integer);
            Some((id("EventId")?, id("RelatedEventId"), value("EventStatus"), value("ReverseFlag")))
        })
    });
    let pair = Fetched::new(session, async move || match links.try_get_untracked().flatten() {
        Some((id, Some(related), ..)) => pair_of(session, id, related).await,
        _ => Ok(ReversalPair::None),
    });
    Effect::new(move || {
        session.sync.actions_done.track();
        session.renewed.track();
        if links.get().is_some() {
            pair.read();
        }
    });
    pair
}

async fn pair_of(session: Session, id: i64, related: i64) -> Result<ReversalPair, Failure> {
    let selected = Selected::all(None, format!("EventId in ({id},{related})"), EventAction::Change);
    let mut pages = EventPages::new(session.client, selected, SHAPE);
    let mut found = Vec::new();
    while let Some(events) = pages.next().await? {
        found.extend(events);
    }
    let of =
        |id: i64| found.iter().find(|event| event.get("EventId").and_then(Value::as_integer) == Some(id));
    let (Some(own), Some(other)) = (of(id), of(related)) else { return Ok(ReversalPair::None) };
    let told = |amounts: Amounts| Other {
        number: other.key().unwrap_or_default(),
        batch: other.text("BatchNumber").unwrap_or_default().to_owned(),
        amounts,
        covered: covered_by(other, |_| true),
    };
    let waits = pending_reversal(|name| own.get(name)).is_some();
    Ok(match (waits, expected_of_reversal(other, own), expected_of_reversal(own, other)) {
        (true, Some(amounts), _) => ReversalPair::WaitsIn(told(amounts)),
        (false, _, Some(amounts)) => ReversalPair::TakesBack(told(amounts)),
        _ => ReversalPair::None,
    })
}

/// Says of an original that its reversal waits, and where.
#[component]
pub fn PendingReversal(pair: Fetched<ReversalPair>) -> impl IntoView {
    move || {
        let Some(ReversalPair::WaitsIn(other)) = pair.found.get() else { return None };
        let batch = visible(&other.batch).into_owned();
        let number = visible(&other.number).into_owned();
        Some(view! {
            <div class="notice" data-tone=Tone::Warn.name() data-testid="pending-reversal">
                <Icon name=IconName::Clock />
                <div class="notice-text">
                    <strong>"Reversal pending in "<a class="mono" href=routes::batch(&other.batch)>{batch}</a></strong>
                    <span><a class="mono" href=routes::event(&other.number)>{number}</a>{format!(" comes to {} once that batch is processed.", amounts_in_words(&other.amounts))}</span>
                </div>
            </div>
        })
    }
}
