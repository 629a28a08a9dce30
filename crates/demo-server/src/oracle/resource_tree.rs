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
    pub writes: Writes,
    /// Actions of the collection, and of one item.
    pub collection_actions: &'static [&'static str],
    pub actions: &'static [&'static str],
    /// Large texts that are to be had raw at `enclosure/{field}`.
    pub enclosures: &'static [&'static str],
    /// The field by which a client knows an item that it made, unique over the table, and the
    /// sequence that its ids come from.
    pub natural_key: &'static str,
    pub sequence: &'static str,
}

/// Which methods beside GET a resource takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Writes {
    pub create: bool,
    pub change: bool,
    pub delete: bool,
}

impl Writes {
    pub(super) const NONE: Self = Self { create: false, change: false, delete: false };
    const ALL: Self = Self { create: true, change: true, delete: true };
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

    /// The action of one item that goes by this name. The page that names the action "Revert for Edit"
    /// could not be seen: both spellings lead to it.
    pub(super) fn action(&self, name: &str) -> Option<&'static str> {
        let name = if name == "revertForEdit" { "revert" } else { name };
        let actions: &'static [&'static str] = self.actions;
        actions.iter().copied().find(|one| *one == name)
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

    /// The field that holds the row's id.
    pub(super) fn id_field(&self) -> Option<&'static Field> {
        let fields: &'static [Field] = self.schema.fields;
        fields.iter().find(|field| column_name(field.name) == self.id_column)
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
    &lookups::USAGE_RATES,
    &lookups::UNIT_CONVERSIONS,
    &lookups::USAGE_ALLOWANCES,
    &USAGE_BATCH_ERRORS,
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

/// How many events a batch has.
const ALL_EVENTS: &str = "(SELECT CAST(COALESCE(SUM(n.event_count), 0) AS BIGINT) FROM batch_event_counts n \
                          WHERE n.usage_batch_id = {t}.usage_batch_id)";

/// How many of them have a status.
macro_rules! events_of_status {
    ($status:literal) => {
        concat!(
            "COALESCE((SELECT n.event_count FROM batch_event_counts n ",
            "WHERE n.usage_batch_id = {t}.usage_batch_id AND n.event_status = '",
            $status,
            "'), 0)"
        )
    };
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
        ("CountOfUsageEvents", ALL_EVENTS),
        ("CountOfEventsErrored", events_of_status!("ORA_ERROR")),
        ("CountOfEventsInprocess", events_of_status!("ORA_IN_PROCESS")),
        ("CountOfEventsProcessed", events_of_status!("ORA_PROCESSED")),
        ("ReversedEventsCount", events_of_status!("ORA_REVERSED")),
    ],
    parent_column: "",
    children: &[&RULE_CONDITIONS, &BUSINESS_UNIT_BATCHES, &BATCH_ERRORS, &BATCH_FILES, &USAGE_EVENTS],
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
    writes: Writes::ALL,
    collection_actions: &["getMetricsForUsageBatches", "getMyBatchesMetrics"],
    actions: &["addEvents", "deleteEvents", "lockForReview", "revert", "submit"],
    enclosures: &["CriteriaJson"],
    natural_key: "BatchNumber",
    sequence: "usage_event_batches",
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
    writes: Writes::ALL,
    collection_actions: &[],
    actions: &["reverse"],
    enclosures: &[],
    natural_key: "EventNumber",
    sequence: "usage_events",
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
    writes: Writes::ALL,
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "UsageChargePuid",
    sequence: "usage_charges",
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
    writes: Writes::ALL,
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "UsageMessageId",
    sequence: "usage_messages",
};

/// The stored selection rules of a batch.
pub(super) static RULE_CONDITIONS: Resource = Resource {
    name: "ruleBuilderConditions",
    noun: "rule condition",
    schema: &oracle::RULE_CONDITION,
    table: "rule_builder_conditions",
    id_column: "condition_id",
    joins: "",
    computed: &[("ReferenceEntityId", "{t}.usage_batch_id"), ("ReferenceEntityName", "'ORA_USAGE_BATCH'")],
    parent_column: "usage_batch_id",
    children: &[],
    finders: &[
        Finder { name: "ConditionNumber", variables: &[("ConditionNumber", "ConditionNumber")] },
        Finder { name: "PrimaryKey", variables: &[("ConditionId", "ConditionId")] },
    ],
    lists_of_values: &[("ConditionGroupType", "ConditionGroupTypeVA")],
    version: Version::Row(0xA0),
    writes: Writes::ALL,
    collection_actions: &[],
    actions: &[],
    enclosures: &["ConditionJson", "ConditionRestQParam"],
    natural_key: "ConditionNumber",
    sequence: "rule_builder_conditions",
};

pub(super) static BATCH_ERRORS: Resource = Resource {
    name: "usageEventBatchErrors",
    noun: "batch error",
    schema: &oracle::BATCH_ERROR,
    table: "usage_event_batch_errors",
    id_column: "event_batch_error_id",
    joins: "LEFT JOIN usage_event_batches {t}b ON {t}b.usage_batch_id = {t}.usage_batch_id \
            LEFT JOIN error_keys {t}k ON {t}k.message_name = {t}.message_name",
    computed: &[
        ("BatchId", "{t}.usage_batch_id"),
        ("BatchNumber", "{t}b.batch_number"),
        (
            "CountOfErroredEvents",
            "(SELECT COUNT(*) FROM usage_events n WHERE n.usage_batch_id = {t}.usage_batch_id \
             AND n.error = {t}.message_name AND n.event_status IN ('ORA_ERROR', 'ORA_PROCESSED'))",
        ),
        ("MessageText", "{t}k.message_text"),
        ("MessageUserDetails", "{t}k.message_user_details"),
    ],
    parent_column: "usage_batch_id",
    children: &[],
    finders: &[Finder { name: "PrimaryKey", variables: &[("EventBatchErrorId", "EventBatchErrorId")] }],
    lists_of_values: &[("MessageName", "UsageEventErrorKeysVVOVA")],
    version: Version::RowAndDerived(
        0xA1,
        "(SELECT COUNT(*) FROM usage_events n WHERE n.usage_batch_id = t.usage_batch_id \
         AND n.error = t.message_name AND n.event_status IN ('ORA_ERROR', 'ORA_PROCESSED'))",
    ),
    writes: Writes { create: true, change: true, delete: false },
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "EventBatchErrorNumber",
    sequence: "usage_event_batch_errors",
};

pub(super) static BATCH_FILES: Resource = Resource {
    name: "usageEventBatchFiles",
    noun: "batch file",
    schema: &oracle::BATCH_FILE,
    table: "usage_event_batch_files",
    id_column: "batch_file_id",
    joins: "",
    computed: &[("BatchId", "{t}.usage_batch_id")],
    parent_column: "usage_batch_id",
    children: &[],
    finders: &[Finder { name: "PrimaryKey", variables: &[("BatchFileId", "BatchFileId")] }],
    lists_of_values: &[],
    version: Version::Row(0xA2),
    writes: Writes::NONE,
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "",
    sequence: "usage_event_batch_files",
};

pub(super) static BUSINESS_UNIT_BATCHES: Resource = Resource {
    name: "usageBusinessUnitBatches",
    noun: "business unit batch",
    schema: &oracle::BUSINESS_UNIT_BATCH,
    table: "usage_business_unit_batches",
    id_column: "bu_batch_id",
    joins: "",
    computed: &[
        ("EventsCount", ALL_EVENTS),
        ("EventsErroredCount", events_of_status!("ORA_ERROR")),
        ("EventsProcessedCount", events_of_status!("ORA_PROCESSED")),
        ("InprocessEventsCount", events_of_status!("ORA_IN_PROCESS")),
    ],
    parent_column: "usage_batch_id",
    children: &[],
    finders: &[Finder { name: "PrimaryKey", variables: &[("BuBatchId", "BuBatchId")] }],
    lists_of_values: &[],
    version: Version::RowAndDerived(
        0xA3,
        "(SELECT CAST(COALESCE(SUM(n.revision), 0) AS BIGINT) FROM batch_event_counts n \
         WHERE n.usage_batch_id = t.usage_batch_id)",
    ),
    writes: Writes::NONE,
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "",
    sequence: "",
};

/// `usageBatchErrors`: the distinct errors over all batches.
pub(super) static USAGE_BATCH_ERRORS: Resource = Resource {
    name: "usageBatchErrors",
    noun: "error",
    schema: &oracle::USAGE_BATCH_ERROR,
    table: "usage_batch_errors",
    id_column: "error_key_id",
    joins: "",
    computed: &[(
        "CountOfErroredEvents",
        "(SELECT COUNT(*) FROM usage_events n WHERE n.error = {t}.message_name AND n.event_status = 'ORA_ERROR')",
    )],
    parent_column: "",
    children: &[],
    finders: &[Finder { name: "PrimaryKey", variables: &[("MessageName", "MessageName")] }],
    lists_of_values: &[],
    version: Version::None,
    writes: Writes::NONE,
    collection_actions: &[],
    actions: &[],
    enclosures: &[],
    natural_key: "",
    sequence: "",
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
