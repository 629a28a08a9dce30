//! The resources of the usage-event REST API as data: how they nest, which table each stands on,
//! by which finders and lists of values it is known.
//!
//! Not here: the fields themselves (`rest_contract`), what a resource is (`resource`), or what a request does
//! with them.

use rest_contract::{Field, Lookup, oracle};

use crate::accounts::scope;
use crate::oracle::schema::content_mark;
use crate::oracle::schema::lookups;
use crate::oracle::schema::resource::{Finder, Resource, Version, Writes};

/// Whether a field may be null in the table, so that ordering must say where nulls go.
pub(in crate::oracle) fn is_nullable(resource: &Resource, field: &Field) -> bool {
    let never_null = [
        "BatchNumber",
        "BatchStatus",
        "ChangeCount",
        "ChangeId",
        "ChangeStepId",
        "ChangedAt",
        "CreatedBy",
        "CreationDate",
        "EventId",
        "EventNumber",
        "EventStatus",
        "LastUpdateDate",
        "LastUpdatedBy",
        "ObjectVersionNumber",
        "ReverseFlag",
        "RecordCount",
        "StepKind",
        "StepNumber",
        "ValuesDiffer",
        "UsageBatchId",
        "UsageChargeId",
        "UsageChargePuid",
        "UsageMessageId",
        "UsageType",
    ];
    let is_history = resource.table == lookups::CHANGE_HISTORY.table || resource.is_added_up;
    let has_nulls = resource.is_versioned() || is_history;
    has_nulls && !never_null.contains(&field.name)
}

/// The resources that a path may begin with.
pub(in crate::oracle) static ROOTS: &[&Resource] = &[
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
    &CLOSED_PERIODS,
    &APPROVALS,
    &APPROVAL_RULES,
    &lookups::CHANGE_HISTORY,
    &lookups::CHANGE_STEPS,
];

/// The collection that lists a field's values, and the query string that narrows it.
pub(in crate::oracle) fn list_of_values(lookup: Lookup) -> (&'static Resource, Option<String>) {
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

/// A search for the items of which a field equals the variable of the same name.
macro_rules! finder {
    ($name:literal, $field:literal) => {
        Finder { name: $name, variables: &[($field, $field)] }
    };
}

/// How many events a batch has.
const ALL_EVENTS: &str = "(SELECT CAST(COALESCE(SUM(n.event_count), 0) AS BIGINT) FROM batch_event_counts n \
                          WHERE n.usage_batch_id = {t}.usage_batch_id)";

/// Goes up with every change of a batch's counts.
const COUNTS_REVISION: &str = "(SELECT CAST(COALESCE(SUM(n.revision), 0) AS BIGINT) FROM batch_event_counts n \
                               WHERE n.usage_batch_id = t.usage_batch_id)";

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
pub(in crate::oracle) static BATCHES: Resource = Resource {
    name: "subscriptionUsageEventBatches",
    noun: "usage event batch",
    schema: &oracle::BATCH,
    table: "usage_event_batches",
    id_column: "usage_batch_id",
    computed: &[
        ("CountOfUsageEvents", ALL_EVENTS),
        ("CountOfEventsErrored", events_of_status!("ORA_ERROR")),
        ("CountOfEventsInprocess", events_of_status!("ORA_IN_PROCESS")),
        ("CountOfEventsProcessed", events_of_status!("ORA_PROCESSED")),
        ("ReversedEventsCount", events_of_status!("ORA_REVERSED")),
    ],
    children: &[&RULE_CONDITIONS, &BUSINESS_UNIT_BATCHES, &BATCH_ERRORS, &BATCH_FILES, &USAGE_EVENTS],
    finders: &[finder!("BatchNumber", "BatchNumber"), finder!("PrimaryKey", "UsageBatchId")],
    lists_of_values: &[("BatchStatus", "BatchStatusVA"), ("UsageType", "UsageTypeVA")],
    version: Version::RowAndDerived(0xB0, COUNTS_REVISION),
    writes: Writes::ALL,
    collection_actions: &["getMetricsForUsageBatches", "getMyBatchesMetrics"],
    actions: &["addEvents", "deleteEvents", "lockForReview", "revert", "submit"],
    enclosures: &["CriteriaJson"],
    natural_key: "BatchNumber",
    ..Resource::READ_ONLY
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
    finders: &[finder!("EventNumber", "EventNumber"), finder!("PrimaryKey", "EventId")],
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
    actions: &["reverse"],
    natural_key: "EventNumber",
    ..Resource::READ_ONLY
};

/// `usageEvents` of a batch.
pub(in crate::oracle) static USAGE_EVENTS: Resource = EVENT_RESOURCE;

/// `subscriptionUsageEvents`: the same events without their batch in the path.
pub(in crate::oracle) static SUBSCRIPTION_USAGE_EVENTS: Resource = Resource {
    name: "subscriptionUsageEvents",
    collection_actions: &["getMetricsForUsageEvents"],
    ..EVENT_RESOURCE
};

pub(in crate::oracle) static USAGE_CHARGES: Resource = Resource {
    name: "usageCharges",
    noun: "usage charge",
    schema: &oracle::CHARGE,
    table: "usage_charges",
    id_column: "usage_charge_id",
    parent_column: "event_id",
    finders: &[finder!("PrimaryKey", "UsageChargeId"), finder!("UsageChargePuid", "UsageChargePuid")],
    version: Version::Row(0xC0),
    writes: Writes::ALL,
    natural_key: "UsageChargePuid",
    ..Resource::READ_ONLY
};

pub(in crate::oracle) static USAGE_MESSAGES: Resource = Resource {
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
    finders: &[finder!("PrimaryKey", "UsageMessageId")],
    version: Version::Row(0xD0),
    writes: Writes::ALL,
    natural_key: "UsageMessageId",
    ..Resource::READ_ONLY
};

/// The stored selection rules of a batch.
pub(in crate::oracle) static RULE_CONDITIONS: Resource = Resource {
    name: "ruleBuilderConditions",
    noun: "rule condition",
    schema: &oracle::RULE_CONDITION,
    table: "rule_builder_conditions",
    id_column: "condition_id",
    computed: &[("ReferenceEntityId", "{t}.usage_batch_id"), ("ReferenceEntityName", "'ORA_USAGE_BATCH'")],
    parent_column: "usage_batch_id",
    finders: &[finder!("ConditionNumber", "ConditionNumber"), finder!("PrimaryKey", "ConditionId")],
    lists_of_values: &[("ConditionGroupType", "ConditionGroupTypeVA")],
    version: Version::Row(0xA0),
    writes: Writes::ALL,
    enclosures: &["ConditionJson", "ConditionRestQParam"],
    natural_key: "ConditionNumber",
    ..Resource::READ_ONLY
};

pub(in crate::oracle) static BATCH_ERRORS: Resource = Resource {
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
    finders: &[finder!("PrimaryKey", "EventBatchErrorId")],
    lists_of_values: &[("MessageName", "UsageEventErrorKeysVVOVA")],
    version: Version::RowAndDerived(
        0xA1,
        "(SELECT COUNT(*) FROM usage_events n WHERE n.usage_batch_id = t.usage_batch_id \
         AND n.error = t.message_name AND n.event_status IN ('ORA_ERROR', 'ORA_PROCESSED'))",
    ),
    writes: Writes { create: true, change: true, delete: false },
    natural_key: "EventBatchErrorNumber",
    ..Resource::READ_ONLY
};

pub(in crate::oracle) static BATCH_FILES: Resource = Resource {
    name: "usageEventBatchFiles",
    noun: "batch file",
    schema: &oracle::BATCH_FILE,
    table: "usage_event_batch_files",
    id_column: "batch_file_id",
    computed: &[("BatchId", "{t}.usage_batch_id")],
    parent_column: "usage_batch_id",
    finders: &[finder!("PrimaryKey", "BatchFileId")],
    version: Version::Row(0xA2),
    ..Resource::READ_ONLY
};

pub(in crate::oracle) static BUSINESS_UNIT_BATCHES: Resource = Resource {
    name: "usageBusinessUnitBatches",
    noun: "business unit batch",
    schema: &oracle::BUSINESS_UNIT_BATCH,
    table: "usage_business_unit_batches",
    id_column: "bu_batch_id",
    computed: &[
        ("EventsCount", ALL_EVENTS),
        ("EventsErroredCount", events_of_status!("ORA_ERROR")),
        ("EventsProcessedCount", events_of_status!("ORA_PROCESSED")),
        ("InprocessEventsCount", events_of_status!("ORA_IN_PROCESS")),
    ],
    parent_column: "usage_batch_id",
    finders: &[finder!("PrimaryKey", "BuBatchId")],
    version: Version::RowAndDerived(0xA3, COUNTS_REVISION),
    ..Resource::READ_ONLY
};

/// `usageBatchErrors`: the distinct errors over all batches.
pub(in crate::oracle) static USAGE_BATCH_ERRORS: Resource = Resource {
    name: "usageBatchErrors",
    noun: "error",
    schema: &oracle::USAGE_BATCH_ERROR,
    table: "usage_batch_errors",
    id_column: "error_key_id",
    computed: &[(
        "CountOfErroredEvents",
        "(SELECT COUNT(*) FROM usage_events n WHERE n.error = {t}.message_name AND n.event_status = 'ORA_ERROR')",
    )],
    finders: &[finder!("PrimaryKey", "MessageName")],
    ..Resource::READ_ONLY
};

/// `usageClosedPeriods`, this service's own. Creating one closes the period, deleting it opens it again.
pub(in crate::oracle) static CLOSED_PERIODS: Resource = Resource {
    name: "usageClosedPeriods",
    noun: "closed period",
    schema: &oracle::closed_period::CLOSED_PERIOD,
    table: "closed_periods",
    id_column: "closed_period_id",
    finders: &[finder!("PeriodName", "PeriodName"), finder!("PrimaryKey", "ClosedPeriodId")],
    version: Version::Row(0xA4),
    writes: Writes { create: true, change: false, delete: true },
    write_scope: scope::ADMINISTER,
    natural_key: "PeriodName",
    ..Resource::READ_ONLY
};

/// `usageApprovals`, this service's own: what a second person is asked for, and what became of it.
pub(in crate::oracle) static APPROVALS: Resource = Resource {
    name: "usageApprovals",
    noun: "approval",
    schema: &oracle::approval::APPROVAL,
    table: "usage_approvals",
    id_column: "approval_id",
    computed: &[("State", content_mark::STATE)],
    finders: &[finder!("ApprovalNumber", "ApprovalNumber"), finder!("PrimaryKey", "ApprovalId")],
    version: Version::RowAndDerived(0xA5, content_mark::STALENESS),
    writes: Writes { create: true, change: false, delete: false },
    collection_actions: &["waiting", "weigh"],
    actions: &["approve", "refuse", "withdraw"],
    enclosures: &["Content"],
    natural_key: "ApprovalNumber",
    ..Resource::READ_ONLY
};

/// `usageApprovalRules`, this service's own: which acts need a second person. None does without a rule.
pub(in crate::oracle) static APPROVAL_RULES: Resource = Resource {
    name: "usageApprovalRules",
    noun: "approval rule",
    schema: &oracle::approval::APPROVAL_RULE,
    table: "approval_rules",
    id_column: "approval_rule_id",
    finders: &[finder!("PrimaryKey", "ApprovalRuleId"), finder!("RuleName", "RuleName")],
    version: Version::Row(0xA6),
    writes: Writes { create: true, change: false, delete: true },
    write_scope: scope::ADMINISTER,
    natural_key: "RuleName",
    ..Resource::READ_ONLY
};

#[cfg(test)]
mod tests {
    use super::*;

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
