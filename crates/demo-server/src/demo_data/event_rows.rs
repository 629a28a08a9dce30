//! Writes made events into their tables.

use sqlx::Error;

use super::event_maker::{MadeCharge, MadeEvent, MadeMessage};
use crate::database::{BulkInsert, Parameter, Transaction};

const RATING_JOB: &str = "Rate Subscription Usage Events";
const IMPORT_JOB: &str = "Import Management";

#[derive(Debug)]
pub(super) struct EventRows {
    events: BulkInsert,
    charges: BulkInsert,
    messages: BulkInsert,
    next_event: i64,
    next_charge: i64,
    next_message: i64,
}

impl EventRows {
    pub(super) fn new(first_ids: [(&str, i64); 7]) -> Self {
        let first = |name: &str| first_ids.iter().find(|(one, _)| *one == name).map_or(1, |(_, id)| *id);
        Self {
            events: BulkInsert::new(
                "usage_events",
                &[
                    "event_id",
                    "event_number",
                    "usage_batch_id",
                    "event_status",
                    "event_type",
                    "event_type_id",
                    "event_rating_type",
                    "event_start_time",
                    "event_end_time",
                    "event_time_zone",
                    "le_event_start_date",
                    "service_id",
                    "subscription_product_puid",
                    "reported_usage_quantity",
                    "reported_usage_unit_of_measure",
                    "usage_quantity",
                    "usage_unit_of_measure",
                    "currency_code",
                    "corp_currency_code",
                    "curcy_conv_rate_type",
                    "error",
                    "file_name",
                    "priced_on",
                    "rating_source",
                    "source_interface_type",
                    "related_batch_id",
                    "related_event_id",
                    "reverse_flag",
                    "reverses_event_id",
                    "created_by",
                    "creation_date",
                    "last_updated_by",
                    "last_update_date",
                ],
            ),
            charges: BulkInsert::new(
                "usage_charges",
                &[
                    "usage_charge_id",
                    "usage_charge_puid",
                    "event_id",
                    "sequence_number",
                    "charge_name",
                    "charge_definition",
                    "charge_currency",
                    "priced_quantity",
                    "priced_quantity_unit_of_measure",
                    "user_reported_quantity",
                    "user_reported_unit_of_measure",
                    "conversion_rate",
                    "extended_amount",
                    "allowance_amount",
                    "billed_amount",
                    "parent_entity",
                    "parent_entity_id",
                    "subscription_id",
                    "subscription_product_id",
                    "created_by",
                    "creation_date",
                    "last_updated_by",
                    "last_update_date",
                ],
            ),
            messages: BulkInsert::new(
                "usage_messages",
                &[
                    "usage_message_id",
                    "event_id",
                    "message_name",
                    "message_type",
                    "message_text",
                    "translated_message_text",
                    "additional_message_text",
                    "message_user_details",
                    "parent_entity",
                    "parent_entity_id",
                    "created_by",
                    "creation_date",
                    "last_updated_by",
                    "last_update_date",
                ],
            ),
            next_event: first("usage_events"),
            next_charge: first("usage_charges"),
            next_message: first("usage_messages"),
        }
    }

    pub(super) fn next_ids(&self) -> [(&'static str, i64); 4] {
        [
            ("usage_event_batches", super::FIRST_IDS[0].1 + super::BATCHES.len() as i64),
            ("usage_events", self.next_event),
            ("usage_charges", self.next_charge),
            ("usage_messages", self.next_message),
        ]
    }

    pub(super) async fn push(
        &mut self,
        transaction: &mut Transaction,
        event: &MadeEvent,
    ) -> Result<(), Error> {
        self.add_event(event);
        if self.events.is_full() {
            // The events go in before what hangs on them.
            self.events.flush_full(transaction).await?;
            self.charges.flush_full(transaction).await?;
            self.messages.flush_full(transaction).await?;
        }
        Ok(())
    }

    fn add_event(&mut self, event: &MadeEvent) {
        let id = self.next_event;
        self.next_event += 1;
        let rated = event.priced_on.is_some();
        let row = [
            Parameter::Integer(id),
            Parameter::text(&event.number),
            Parameter::Integer(event.batch_id),
            Parameter::text(event.status),
            Parameter::text(event.event_type),
            Parameter::Integer(event.event_type_id),
            Parameter::text(if event.pre_rated { "ORA_PRE_RATED" } else { "ORA_TO_BE_RATED" }),
            Parameter::instant(event.start),
            Parameter::instant(event.end),
            Parameter::text(event.time_zone),
            Parameter::Text(event.start_day.to_string()),
            Parameter::text(&event.service_id),
            Parameter::text(&event.product_puid),
            Parameter::Decimal(event.reported.to_string()),
            Parameter::text(event.reported_unit),
            Parameter::Decimal(event.used.to_string()),
            Parameter::text(event.used_unit),
            event.currency.map_or(Parameter::Null, Parameter::text),
            Parameter::text("USD"),
            Parameter::text("Corporate"),
            event.error.as_ref().map_or(Parameter::Null, |message| Parameter::text(message.cause.name)),
            Parameter::text(&event.file_name),
            event.priced_on.map_or(Parameter::Null, Parameter::instant),
            Parameter::text(if event.pre_rated { "ORA_EXTERNAL" } else { "ORA_SUBSCRIPTION" }),
            Parameter::text(event.source),
            event.reverses.map_or(Parameter::Null, |(batch_id, _)| Parameter::Integer(batch_id)),
            event.reverses.map_or(Parameter::Null, |(_, event_id)| Parameter::Integer(event_id)),
            Parameter::Boolean(event.status == "ORA_PROCESSED" && event.reverses.is_none()),
            event.reverses.map_or(Parameter::Null, |(_, event_id)| Parameter::Integer(event_id)),
            Parameter::text(IMPORT_JOB),
            Parameter::instant(event.created),
            Parameter::text(if rated || event.error.is_some() { RATING_JOB } else { IMPORT_JOB }),
            Parameter::instant(event.updated),
        ];
        self.events.push(row);
        for charge in &event.charges {
            self.add_charge(id, event, charge);
        }
        if let Some(message) = &event.error {
            self.add_message(id, event, message);
        }
    }

    fn add_charge(&mut self, event_id: i64, event: &MadeEvent, charge: &MadeCharge) {
        let id = self.next_charge;
        self.next_charge += 1;
        let row = [
            Parameter::Integer(id),
            Parameter::Text(format!("{}-C{}", event.number, charge.tier)),
            Parameter::Integer(event_id),
            Parameter::Integer(charge.tier),
            Parameter::text(charge.name),
            Parameter::text("ORA_USAGE"),
            event.currency.map_or(Parameter::Null, Parameter::text),
            Parameter::Decimal(charge.priced.to_string()),
            Parameter::text(event.used_unit),
            Parameter::Decimal(event.reported.to_string()),
            Parameter::text(event.reported_unit),
            Parameter::Decimal(charge.conversion.to_string()),
            Parameter::Decimal(charge.extended.to_string()),
            Parameter::Decimal(charge.allowance.to_string()),
            Parameter::Decimal((charge.extended - charge.allowance).to_string()),
            Parameter::text("ORA_USAGE_EVENT"),
            Parameter::Integer(event_id),
            Parameter::Integer(event.subscription_id),
            Parameter::Integer(event.product_id),
            Parameter::text(RATING_JOB),
            Parameter::instant(event.updated),
            Parameter::text(RATING_JOB),
            Parameter::instant(event.updated),
        ];
        self.charges.push(row);
    }

    fn add_message(&mut self, event_id: i64, event: &MadeEvent, message: &MadeMessage) {
        let id = self.next_message;
        self.next_message += 1;
        let row = [
            Parameter::Integer(id),
            Parameter::Integer(event_id),
            Parameter::text(message.cause.name),
            Parameter::text("ORA_ERROR"),
            Parameter::text(message.cause.text),
            Parameter::text(message.cause.text),
            Parameter::text(&message.with_parameters),
            Parameter::text(message.cause.remedy),
            Parameter::text("ORA_USAGE_EVENT"),
            Parameter::Integer(event_id),
            Parameter::text(RATING_JOB),
            Parameter::instant(event.updated),
            Parameter::text(RATING_JOB),
            Parameter::instant(event.updated),
        ];
        self.messages.push(row);
    }

    /// Writes everything pending.
    pub(super) async fn flush(&mut self, transaction: &mut Transaction) -> Result<(), Error> {
        self.events.flush(transaction).await?;
        self.charges.flush(transaction).await?;
        self.messages.flush(transaction).await
    }
}
