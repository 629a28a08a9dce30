//! The resources of the usage-event REST API as data: how they nest, which table each stands on,
//! by which finders and lists of values it is known.
//!
//! Not here: the fields themselves (`rest_contract`), or what a request does with them.

use rest_contract::{Field, Lookup, Schema, oracle};

use super::lookups;

/// A REST collection and the table behind it.
#[derive(Debug)]
pub(super) struct Resource {
    /// The segment of the path, and the member name where it is nested.
    pub name: &'static str,
    /// What one item is called in a message.
    pub noun: &'static str,
    pub schema: &'static Schema,
    pub table: &'static str,
    pub id_column: &'static str,
    /// What `computed` expressions join; `{t}` stands for the table's alias.
    pub joins: &'static str,
    /// Fields that are not plain columns of the table, with their SQL.
    pub computed: &'static [(&'static str, &'static str)],
    /// The column that holds the parent item's id, for a child resource.
    pub parent_column: &'static str,
    pub children: &'static [&'static Resource],
    pub finders: &'static [Finder],
    /// Names of the list-of-values links, by field.
    pub lists_of_values: &'static [(&'static str, &'static str)],
    pub version: Version,
}

/// How an item's version is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Set-up data: no change indicator.
    None,
    /// The row's own version number. The letter keeps indicators of different resources apart.
    Row(u8),
    /// The row's version number, and a second number for values derived from other rows.
    RowAndDerived(u8, &'static str),
}

/// A named search: `finder=Name;Variable=value`.
#[derive(Debug)]
pub(super) struct Finder {
    pub name: &'static str,
    /// Variable and the field that it must equal.
    pub variables: &'static [(&'static str, &'static str)],
}

impl Resource {
    pub(super) fn child(&self, name: &str) -> Option<&'static Resource> {
        let children: &'static [&'static Resource] = self.children;
        children.iter().copied().find(|child| child.name == name)
    }

    /// The SQL of a field for the table under `alias`, and whether it needs the joins.
    pub(super) fn column(&self, field: &Field, alias: &str) -> (String, bool) {
        match self.computed.iter().find(|(name, _)| *name == field.name) {
            Some((_, sql)) => (sql.replace("{t}", alias), !self.joins.is_empty()),
            None => (format!("{alias}.{}", column_name(field.name)), false),
        }
    }

    pub(super) fn joins(&self, alias: &str) -> String {
        self.joins.replace("{t}", alias)
    }

    pub(super) fn key_field(&self) -> Option<&'static Field> {
        self.schema.field(self.schema.key)
    }

    pub(super) fn is_versioned(&self) -> bool {
        self.version != Version::None
    }
}

/// `EventStartTime` -> `event_start_time`.
pub(super) fn column_name(field: &str) -> String {
    let mut column = String::with_capacity(field.len() + 4);
    for (index, letter) in field.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            column.push('_');
        }
        column.push(letter.to_ascii_lowercase());
    }
    column
}

/// Whether a field may be null in the table, so that ordering must say where nulls go.
pub(super) fn is_nullable(resource: &Resource, field: &Field) -> bool {
    let never_null = [
        "BatchNumber",
        "BatchStatus",
        "CreatedBy",
        "CreationDate",
        "EventId",
        "EventNumber",
        "EventStatus",
        "LastUpdateDate",
        "LastUpdatedBy",
        "ObjectVersionNumber",
        "ReverseFlag",
        "UsageBatchId",
        "UsageChargeId",
        "UsageChargePuid",
        "UsageMessageId",
        "UsageType",
    ];
    resource.is_versioned() && !never_null.contains(&field.name)
}

/// The resources that a path may begin with.
pub(super) static ROOTS: &[&Resource] = &[
    &BATCHES,
    &SUBSCRIPTION_USAGE_EVENTS,
    &lookups::STATIC_LOOKUPS,
    &lookups::CURRENCIES,
    &lookups::UNITS_OF_MEASURE,
    &lookups::TIME_ZONES,
    &lookups::EVENT_TYPES,
    &lookups::SUBSCRIPTION_PRODUCTS,
    &lookups::ERROR_KEYS,
];

/// The collection that lists a field's values, and the query string that narrows it.
pub(super) fn list_of_values(lookup: Lookup) -> (&'static Resource, Option<String>) {
    match lookup {
        Lookup::Codes(lookup_type) => {
            let finder = format!("finder=LookupTypeIsActiveEnabledFinder%3BBindLookupType%3D{lookup_type}");
            (&lookups::STATIC_LOOKUPS, Some(finder))
        }
        Lookup::Currency => (&lookups::CURRENCIES, None),
        Lookup::UnitOfMeasure => (&lookups::UNITS_OF_MEASURE, None),
        Lookup::TimeZone => (&lookups::TIME_ZONES, None),
        Lookup::EventType => (&lookups::EVENT_TYPES, None),
        Lookup::Product => (&lookups::SUBSCRIPTION_PRODUCTS, None),
        Lookup::Batch => (&BATCHES, None),
        Lookup::ErrorKey => (&lookups::ERROR_KEYS, None),
    }
}

/// `subscriptionUsageEventBatches`. The counts come from `batch_event_counts`, which triggers keep
/// in step with the events.
pub(super) static BATCHES: Resource = Resource {
    name: "subscriptionUsageEventBatches",
    noun: "usage event batch",
    schema: &oracle::BATCH,
    table: "usage_event_batches",
    id_column: "usage_batch_id",
    joins: "",
    computed: &[
        (
            "CountOfUsageEvents",
            "(SELECT CAST(COALESCE(SUM(n.event_count), 0) AS BIGINT) FROM batch_event_counts n \
             WHERE n.usage_batch_id = {t}.usage_batch_id)",
        ),
        (
            "CountOfEventsErrored",
            "COALESCE((SELECT n.event_count FROM batch_event_counts n \
             WHERE n.usage_batch_id = {t}.usage_batch_id AND n.event_status = 'ORA_ERROR'), 0)",
        ),
        (
            "CountOfEventsInprocess",
            "COALESCE((SELECT n.event_count FROM batch_event_counts n \
             WHERE n.usage_batch_id = {t}.usage_batch_id AND n.event_status = 'ORA_IN_PROCESS'), 0)",
        ),
        (
            "CountOfEventsProcessed",
            "COALESCE((SELECT n.event_count FROM batch_event_counts n \
             WHERE n.usage_batch_id = {t}.usage_batch_id AND n.event_status = 'ORA_PROCESSED'), 0)",
        ),
        (
            "ReversedEventsCount",
            "COALESCE((SELECT n.event_count FROM batch_event_counts n \
             WHERE n.usage_batch_id = {t}.usage_batch_id AND n.event_status = 'ORA_REVERSED'), 0)",
        ),
    ],
    parent_column: "",
    children: &[&USAGE_EVENTS],
    finders: &[
        Finder { name: "BatchNumber", variables: &[("BatchNumber", "BatchNumber")] },
        Finder { name: "PrimaryKey", variables: &[("UsageBatchId", "UsageBatchId")] },
    ],
    lists_of_values: &[("BatchStatus", "BatchStatusVA"), ("UsageType", "UsageTypeVA")],
    version: Version::RowAndDerived(
        0xB0,
        "(SELECT CAST(COALESCE(SUM(n.revision), 0) AS BIGINT) FROM batch_event_counts n \
         WHERE n.usage_batch_id = t.usage_batch_id)",
    ),
};

const EVENT_RESOURCE: Resource = Resource {
    name: "usageEvents",
    noun: "usage event",
    schema: &oracle::EVENT,
    table: "usage_events",
    id_column: "event_id",
    joins: "LEFT JOIN usage_event_batches {t}b ON {t}b.usage_batch_id = {t}.usage_batch_id",
    computed: &[("BatchNumber", "{t}b.batch_number")],
    parent_column: "usage_batch_id",
    children: &[&USAGE_CHARGES, &USAGE_MESSAGES],
    finders: &[
        Finder { name: "EventNumber", variables: &[("EventNumber", "EventNumber")] },
        Finder { name: "PrimaryKey", variables: &[("EventId", "EventId")] },
    ],
    lists_of_values: &[
        ("CurrencyCode", "CurrencyCodeVA"),
        ("EventRatingType", "EventRatingTypeVA"),
        ("EventStatus", "EventStatusVA"),
        ("EventType", "EventTypeVA"),
        ("RatingSource", "RatingSourceVA"),
        ("SourceInterfaceType", "SourceInterfaceTypeVA"),
        ("SubscriptionProductPuid", "SubscriptionProductVA"),
        ("EventTimeZone", "TimezoneVA"),
        ("BatchNumber", "UsageEventBatchesVA"),
        ("Error", "UsageEventErrorKeysVVOVA"),
        ("ReportedUsageUnitOfMeasure", "UsageUomVA"),
    ],
    version: Version::Row(0xE0),
};

/// `usageEvents` of a batch.
pub(super) static USAGE_EVENTS: Resource = EVENT_RESOURCE;

/// `subscriptionUsageEvents`: the same events without their batch in the path.
pub(super) static SUBSCRIPTION_USAGE_EVENTS: Resource =
    Resource { name: "subscriptionUsageEvents", ..EVENT_RESOURCE };

pub(super) static USAGE_CHARGES: Resource = Resource {
    name: "usageCharges",
    noun: "usage charge",
    schema: &oracle::CHARGE,
    table: "usage_charges",
    id_column: "usage_charge_id",
    joins: "",
    computed: &[],
    parent_column: "event_id",
    children: &[],
    finders: &[
        Finder { name: "PrimaryKey", variables: &[("UsageChargeId", "UsageChargeId")] },
        Finder { name: "UsageChargePuid", variables: &[("UsageChargePuid", "UsageChargePuid")] },
    ],
    lists_of_values: &[],
    version: Version::Row(0xC0),
};

pub(super) static USAGE_MESSAGES: Resource = Resource {
    name: "usageMessages",
    noun: "usage message",
    schema: &oracle::MESSAGE,
    table: "usage_messages",
    id_column: "usage_message_id",
    joins: "LEFT JOIN usage_events {t}e ON {t}e.event_id = {t}.event_id \
            LEFT JOIN usage_event_batches {t}b ON {t}b.usage_batch_id = {t}e.usage_batch_id",
    computed: &[
        ("BatchId", "{t}e.usage_batch_id"),
        ("BatchNumber", "{t}b.batch_number"),
        ("EventNumber", "{t}e.event_number"),
    ],
    parent_column: "event_id",
    children: &[],
    finders: &[Finder { name: "PrimaryKey", variables: &[("UsageMessageId", "UsageMessageId")] }],
    lists_of_values: &[],
    version: Version::Row(0xD0),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_columns() {
        for (field, column) in [
            ("EventId", "event_id"),
            ("ReportedUsageUnitOfMeasure", "reported_usage_unit_of_measure"),
            ("UOMCode", "u_o_m_code"),
        ] {
            assert_eq!(column_name(field), column);
        }
    }

    #[test]
    fn every_finder_and_list_of_values_names_a_field() {
        for resource in ROOTS.iter().flat_map(|root| root.children.iter().chain([root])) {
            let fields =
                resource.finders.iter().flat_map(|finder| finder.variables.iter().map(|(_, field)| field));
            for field in fields.chain(resource.lists_of_values.iter().map(|(field, _)| field)) {
                assert!(resource.schema.field(field).is_some(), "{} has no {field}", resource.name);
            }
            assert!(resource.key_field().is_some(), "{} has no key", resource.name);
            let sorted = resource.schema.fields.windows(2).all(|pair| pair[0].name < pair[1].name);
            assert!(sorted, "{}: fields must be in alphabetical order", resource.name);
        }
    }
}
