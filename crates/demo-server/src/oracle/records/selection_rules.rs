//! `ruleBuilderConditions`: which usage events a person means, said by rules. Each rule is a `q`
//! expression over a collection, and takes in or leaves out what it matches: an event is meant if a
//! rule takes it in and none leaves it out.
//!
//! The shape of a rule in an action's body is this service's own (the vendor's page leaves it open):
//! `{QualifiedRestObjectName, ConditionGroupType: INCLUDE | EXCLUDE, ConditionRestQParam, ConditionJson?}`,
//! the expression as plain text.

use rest_contract::read_integer;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::database::{BulkInsert, Connection, Database, Parameter, Statement, Transaction};
use crate::oracle::protocol::framework_version::FrameworkVersion;
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::query::{self, Columns, Condition};
use crate::oracle::records::history::{STAMP_COLUMNS, Stamp};
use crate::oracle::records::large_text::{decode_large, encode_large};
use crate::oracle::schema::lookups::SUBSCRIPTION_PRODUCTS;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::{BATCHES, USAGE_EVENTS};

/// More rules than this no person has built.
const MOST_RULES: usize = 100;

/// A collection that a rule can speak of, with the place of its table in a statement about events.
struct Object {
    names: &'static [&'static str],
    resource: &'static Resource,
    alias: &'static str,
    before: &'static str,
    after: &'static str,
}

const OBJECTS: [Object; 3] = [
    Object {
        names: &["subscriptionUsageEvents", "usageEvents"],
        resource: &USAGE_EVENTS,
        alias: "t",
        before: "",
        after: "",
    },
    Object {
        names: &["subscriptionUsageEventBatches"],
        resource: &BATCHES,
        alias: "tb",
        before: "",
        after: "",
    },
    Object {
        names: &["subscriptionProductsLOV", "subscriptionProducts"],
        resource: &SUBSCRIPTION_PRODUCTS,
        alias: "tp",
        before: "EXISTS (SELECT 1 FROM subscription_products tp \
                 WHERE tp.subscription_product_puid = t.subscription_product_puid AND ",
        after: ")",
    },
];

/// What statements about selected events read from: the event is `t`, its batch `tb`.
pub(in crate::oracle) const FROM_EVENTS: &str =
    " FROM usage_events t JOIN usage_event_batches tb ON tb.usage_batch_id = t.usage_batch_id ";

#[derive(Debug)]
pub(in crate::oracle) struct Rule {
    object: usize,
    excludes: bool,
    condition: Condition,
    number: Option<String>,
    group_name: Option<String>,
    text: String,
    json: Option<String>,
    position: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SentRule<'a> {
    qualified_rest_object_name: Option<String>,
    condition_group_type: Option<String>,
    condition_group_name: Option<String>,
    condition_number: Option<String>,
    condition_rest_q_param: Option<String>,
    #[serde(borrow)]
    condition_json: Option<&'a RawValue>,
}

fn refused(position: usize, field: &str, text: impl Into<String>) -> Refusal {
    Refusal::bad_request(code::INVALID_VALUE, format!("/ruleBuilderConditions/{position}/{field}"), text)
}

/// Reads the rules of an action's body.
pub(in crate::oracle) fn read(raw: &RawValue) -> Result<Vec<Rule>, Refusal> {
    let malformed = |reason: serde_json::Error| {
        let text = format!("ruleBuilderConditions is not an array of rules: {reason}");
        Refusal::bad_request(code::MALFORMED_BODY, "/ruleBuilderConditions", text)
    };
    let sent: Vec<SentRule<'_>> = serde_json::from_str(raw.get()).map_err(malformed)?;
    if sent.len() > MOST_RULES {
        let text = format!("At most {MOST_RULES} rules are taken.");
        return Err(Refusal::bad_request(code::INVALID_VALUE, "/ruleBuilderConditions", text));
    }
    sent.into_iter().enumerate().map(|(position, rule)| rule_of(position, rule)).collect()
}

fn rule_of(position: usize, sent: SentRule<'_>) -> Result<Rule, Refusal> {
    let name = sent.qualified_rest_object_name.as_deref().unwrap_or("subscriptionUsageEvents");
    let object = OBJECTS.iter().position(|object| object.names.contains(&name)).ok_or_else(|| {
        let text = format!("Rules over {name:?} cannot be followed.");
        refused(position, "QualifiedRestObjectName", text)
    })?;
    let excludes =
        match sent.condition_group_type.as_deref().unwrap_or("INCLUDE").to_ascii_uppercase().as_str() {
            "INCLUDE" => false,
            "EXCLUDE" => true,
            other => {
                let text = format!("{other:?} is neither INCLUDE nor EXCLUDE.");
                return Err(refused(position, "ConditionGroupType", text));
            }
        };
    let text = sent.condition_rest_q_param.unwrap_or_default();
    let condition = query::parse(&text, FrameworkVersion::NEWEST)
        .map_err(|error| refused(position, "ConditionRestQParam", error.to_string()))?;
    let too_long =
        |text: &Option<String>, most: usize| text.as_ref().is_some_and(|text| text.chars().count() > most);
    if too_long(&sent.condition_number, 120) || too_long(&sent.condition_group_name, 30) {
        let text = "ConditionNumber takes 120 characters, ConditionGroupName 30.";
        return Err(refused(position, "ConditionNumber", text));
    }
    let rule = Rule {
        object,
        excludes,
        condition,
        number: sent.condition_number.filter(|number| !number.is_empty()),
        group_name: sent.condition_group_name.filter(|name| !name.is_empty()),
        text,
        json: sent.condition_json.map(|json| json.get().to_owned()),
        position,
    };
    // Whether every attribute is known shows when the SQL is made.
    rule.push(&mut Statement::default())?;
    Ok(rule)
}

/// The rules that the batch keeps.
pub(in crate::oracle) async fn stored(
    connection: &mut Connection,
    batch_id: i64,
) -> Result<Vec<Rule>, Refusal> {
    let mut sql = Statement::new(
        "SELECT qualified_rest_object_name, condition_group_type, condition_rest_q_param \
         FROM rule_builder_conditions WHERE usage_batch_id = ",
    );
    sql.bind(Parameter::Integer(batch_id)).push(" ORDER BY condition_id");
    let rows = sql.rows(connection).await?;
    let mut rules = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter().enumerate() {
        let text: Option<String> = row.try_get(2)?;
        let sent = SentRule {
            qualified_rest_object_name: row.try_get(0)?,
            condition_group_type: row.try_get(1)?,
            condition_group_name: None,
            condition_number: None,
            condition_rest_q_param: text.and_then(|text| decode_large(&text)),
            condition_json: None,
        };
        rules.push(rule_of(position, sent)?);
    }
    Ok(rules)
}

/// Keeps the rules with the batch, as evidence of what was selected.
pub(in crate::oracle) async fn keep(
    transaction: &mut Transaction,
    stamp: &Stamp,
    batch_id: i64,
    rules: &[Rule],
) -> Result<(), Refusal> {
    let count = i64::try_from(rules.len()).unwrap_or(i64::MAX);
    let first = Database::take_ids(transaction, "rule_builder_conditions", count).await?;
    let mut last = Statement::new(
        "SELECT COALESCE(MAX(display_sequence), 0) FROM rule_builder_conditions WHERE usage_batch_id = ",
    );
    last.bind(Parameter::Integer(batch_id));
    let last = last.integer(transaction).await?;
    let columns = [
        "condition_id",
        "condition_number",
        "usage_batch_id",
        "display_sequence",
        "condition_group_name",
        "condition_group_type",
        "qualified_rest_object_name",
        "condition_json",
        "condition_rest_q_param",
    ];
    let columns = columns.into_iter().chain(STAMP_COLUMNS).collect::<Vec<_>>();
    let mut rows = BulkInsert::new("rule_builder_conditions", &columns);
    for (index, rule) in (0_i64..).zip(rules) {
        let number = rule.number.clone().unwrap_or_else(|| format!("RC-{}", first + index));
        let mut known =
            Statement::new("SELECT COUNT(*) FROM rule_builder_conditions WHERE condition_number = ");
        known.bind(Parameter::text(&number));
        if known.integer(transaction).await? > 0 {
            let text = format!("There is a rule condition with the ConditionNumber {number} already.");
            let path = format!("/ruleBuilderConditions/{}/ConditionNumber", rule.position);
            return Err(Refusal::bad_request(code::DUPLICATE, path, text));
        }
        let optional = |text: &Option<String>| text.as_deref().map_or(Parameter::Null, Parameter::text);
        let name =
            OBJECTS.get(rule.object).and_then(|object| object.names.first()).copied().unwrap_or_default();
        let [created_by, created, changed_by, changed, login] = stamp.of_new_row();
        rows.push([
            Parameter::Integer(first + index),
            Parameter::Text(number),
            Parameter::Integer(batch_id),
            Parameter::Integer(last + index + 1),
            optional(&rule.group_name),
            Parameter::text(if rule.excludes { "EXCLUDE" } else { "INCLUDE" }),
            Parameter::text(name),
            rule.json.as_deref().map_or(Parameter::Null, |json| Parameter::Text(encode_large(json))),
            Parameter::Text(encode_large(&rule.text)),
            created_by,
            created,
            changed_by,
            changed,
            login,
        ]);
        // One by one, so that a number that stands twice in the body is found.
        rows.flush(transaction).await?;
    }
    Ok(())
}

impl Rule {
    fn push(&self, sql: &mut Statement) -> Result<(), Refusal> {
        let Some(object) = OBJECTS.get(self.object) else { return Ok(()) };
        let columns = Columns { resource: object.resource, alias: object.alias.to_owned() };
        sql.push(object.before);
        query::condition(sql, &columns, &self.condition)
            .map_err(|error| refused(self.position, "ConditionRestQParam", error.to_string()))?;
        sql.push(object.after);
        Ok(())
    }
}

/// The condition of a statement with `FROM_EVENTS`: the events that the rules mean.
pub(in crate::oracle) fn condition(rules: &[Rule]) -> Result<Statement, Refusal> {
    let mut sql = Statement::new("(");
    let (excluding, including): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.excludes);
    if including.is_empty() {
        let text = "At least one rule must take events in (ConditionGroupType INCLUDE).";
        return Err(Refusal::bad_request(code::REQUIRED, "/ruleBuilderConditions", text));
    }
    for (index, rule) in including.into_iter().enumerate() {
        sql.push(if index == 0 { "(" } else { " OR (" });
        rule.push(&mut sql)?;
        sql.push(")");
    }
    sql.push(")");
    for rule in excluding {
        // What cannot be said to match, for want of a value, is not left out.
        sql.push(" AND NOT COALESCE((");
        rule.push(&mut sql)?;
        sql.push("), FALSE)");
    }
    Ok(sql)
}

/// A whole number as a JSON token, whatever its notation.
pub(in crate::oracle) fn read_id(raw: &RawValue) -> Option<i64> {
    read_integer(raw.get()).ok()
}
