//! The event's charges, each edited at its own version.

use super::field::RecordField;
use crate::display_text::decimal_in_line;
use crate::record_sync::FieldName;
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
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
pub fn Charges(session: Session, event: RecordKey, charges: Arc<[RecordKey]>) -> impl IntoView {
    let number = charges.len();
    let each = charges
        .iter()
        .map(|key| view! { <Charge session=session event=event.clone() key=key.clone() /> })
        .collect_view();
    view! {
        <section aria-label="Charges">
            <h3>"Charges"<span class="quiet">{number}</span></h3>
            {(number == 0).then(|| view! { <p class="quiet">"No charges: this event has not been rated."</p> })}
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
                let amount =
                    view.as_ref().and_then(|view| view.shown(&"BilledAmount")).and_then(Value::as_decimal);
                let amount = amount.map(|amount| decimal_in_line(&amount, 0)).unwrap_or_default();
                (text("ChargeName"), amount, text("ChargeCurrency"))
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
