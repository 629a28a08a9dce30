//! The event's charges, each edited at its own version.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::record_panel::RecordField;
use crate::text::amount;
use crate::ui::controls::Notice;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Value;
use std::sync::Arc;

const FIELDS: &[FieldName] = &[
    "PricedQuantity",
    "PricedQuantityUnitOfMeasure",
    "ExtendedAmount",
    "AllowanceAmount",
    "BilledAmount",
    "ChargeCurrency",
    "ChargeName",
    "ChargeDefinition",
    "UserReportedQuantity",
    "UserReportedUnitOfMeasure",
    "ConversionRate",
    "ObjectVersionNumber",
];

#[component]
pub fn Charges(
    session: Session,
    event: RecordKey,
    charges: Arc<[RecordKey]>,
    /// There are more of them than can be shown.
    is_part: bool,
) -> impl IntoView {
    let number = charges.len();
    let each = charges
        .iter()
        .map(|key| view! { <Charge session=session event=event.clone() key=key.clone() /> })
        .collect_view();
    view! {
        <section aria-label="Charges">
            <h3>"Charges"<span class="quiet">{number}</span></h3>
            {is_part.then(|| view! { <Notice tone=Tone::Warn title="Some charges of this event are missing" text="What is missing here is in no total either." /> })}
            {(number == 0 && !is_part).then(|| view! { <p class="quiet">"No charges: this event has not been rated."</p> })}
            {each}
        </section>
    }
}

#[component]
fn Charge(session: Session, event: RecordKey, key: RecordKey) -> impl IntoView {
    let head = {
        let key = key.clone();
        move || {
            session.sync.revision.track();
            session.sync.with_view(&key, |view| {
                let text = |name: FieldName| {
                    view.as_ref().and_then(|view| view.shown(&name)?.as_text()).unwrap_or_default().to_owned()
                };
                let number = |name: FieldName| {
                    view.as_ref().and_then(|view| view.shown(&name)).and_then(Value::as_decimal)
                };
                let (billed, currency) = (number("BilledAmount"), text("ChargeCurrency"));
                // Nothing to pay because it is covered is another thing than nothing to pay.
                let covered = number("AllowanceAmount").filter(|covered| !covered.is_zero());
                let covered = covered.filter(|_| billed.is_some_and(|billed| billed.is_zero()));
                let covered = covered
                    .map(|covered| format!(" after {} covered by allowance", amount(&covered, &currency)));
                let billed = billed.map(|billed| amount(&billed, &currency)).unwrap_or_default();
                (text("ChargeName"), billed, currency + &covered.unwrap_or_default())
            })
        }
    };
    let head = Memo::new(move |_| head());
    let puid = key.name();
    view! {
        <article class="charge" aria-label=format!("Charge {puid}") data-charge=puid.clone()>
            <div class="charge-head">
                <strong>{move || head.get().0}</strong>
                <span class="quiet mono">{puid.clone()}</span>
                <span class="number">{move || head.get().1}" "<span class="quiet">{move || head.get().2}</span></span>
            </div>
            <div class="fields">
                {FIELDS.iter().map(|name| view! { <RecordField session=session event=event.clone() key=key.clone() name=name /> }).collect_view()}
            </div>
        </article>
    }
}
