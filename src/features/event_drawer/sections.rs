//! The event's fields in the order in which a person reads them.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::record_panel::RecordField;
use leptos::prelude::*;

const SECTIONS: &[(&str, &[FieldName])] = &[
    (
        "Usage",
        &[
            "EventStatus",
            "Error",
            "UsageQuantity",
            "UsageUnitOfMeasure",
            "ReportedUsageQuantity",
            "ReportedUsageUnitOfMeasure",
            "ServiceId",
        ],
    ),
    ("When", &["EventStartTime", "EventEndTime", "EventTimeZone", "LeEventStartDate"]),
    (
        "Pricing",
        &[
            "CurrencyCode",
            "CorpCurrencyCode",
            "CurcyConvRateType",
            "EventRatingType",
            "RatingSource",
            "PricedOn",
        ],
    ),
    (
        "Product, batch and source",
        &[
            "SubscriptionProductPuid",
            "EventType",
            "BatchNumber",
            "FileName",
            "SourceInterfaceType",
            "EventId",
            "EventTypeId",
            "UsageBatchId",
        ],
    ),
    ("Reversal", &["ReverseFlag", "RelatedEventId", "RelatedBatchId"]),
    (
        "Created and changed",
        &["CreatedBy", "CreationDate", "LastUpdatedBy", "LastUpdateDate", "LastUpdateLogin"],
    ),
];

#[component]
pub fn Sections(session: Session, event: RecordKey) -> impl IntoView {
    let section = move |(title, fields): &(&'static str, &'static [FieldName])| {
        let fields = fields.iter().map(
            |name| view! { <RecordField session=session event=event.clone() key=event.clone() name=name /> },
        );
        view! {
            <section>
                <h3>{*title}</h3>
                <div class="fields">{fields.collect_view()}</div>
            </section>
        }
    };
    SECTIONS.iter().map(section).collect_view()
}
