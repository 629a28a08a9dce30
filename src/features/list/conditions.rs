//! What is asked of a list's columns, as the page's address says it: `Error=contains.text`,
//! `CurrencyCode=is.EUR,USD`, `is-or-blank.EUR`, `is-not.EUR`, `is-not-or-blank.EUR`, `blank`, `not-blank`, `UsageQuantity=from.1.50`, `to.20`,
//! `between.1.50,20`.

use super::list_columns::ListColumns;
use crate::routes::{AddressQuery, list_text, texts_of_list};
use crate::ui::key_input::composed;
use rest_contract::Field;
use rest_contract::oracle::field_condition::FieldCondition;

/// Of each column one condition at most.
pub type Conditions = Vec<(&'static Field, FieldCondition)>;

/// What an address asks of the columns.
pub fn conditions_of(columns: &ListColumns, query: &AddressQuery) -> Conditions {
    let asked = |field: &'static Field| {
        let condition = condition_of(&query.text(field.name)).filter(|condition| condition.fits(field))?;
        Some((field, condition))
    };
    columns.fields().filter_map(asked).collect()
}

/// The row-match expressions of what is asked (Oracle REST, `q`).
pub fn terms_of(conditions: &Conditions) -> impl Iterator<Item = String> {
    conditions.iter().filter_map(|(field, condition)| match condition {
        FieldCondition::Contains(text) => FieldCondition::Contains(composed(text).into_owned()).q(field),
        condition => condition.q(field),
    })
}

fn condition_of(text: &str) -> Option<FieldCondition> {
    let (kind, rest) = text.split_once('.').unwrap_or((text, ""));
    let values = || texts_of_list(rest).into_iter().filter(|value| !value.is_empty()).collect();
    let one_of = |or_blank| FieldCondition::OneOf { values: values(), or_blank };
    let none_of = |nor_blank| FieldCondition::NoneOf { values: values(), nor_blank };
    let between = |from: &str, to: &str| FieldCondition::Between { from: from.to_owned(), to: to.to_owned() };
    Some(match kind {
        "contains" => FieldCondition::Contains(rest.to_owned()),
        "is" => one_of(false),
        "is-or-blank" => one_of(true),
        "is-not" => none_of(false),
        "is-not-or-blank" => none_of(true),
        "from" => between(rest, ""),
        "to" => between("", rest),
        "between" => rest.split_once(',').map(|(from, to)| between(from, to))?,
        "blank" => FieldCondition::Blank,
        "not-blank" => FieldCondition::NotBlank,
        _ => return None,
    })
}

/// What stands behind the column's name in an address.
pub fn condition_text(condition: &FieldCondition) -> String {
    let (kind, rest) = match condition {
        FieldCondition::Contains(text) => ("contains.", text.clone()),
        FieldCondition::OneOf { values, or_blank: false } => ("is.", list_text(values)),
        FieldCondition::OneOf { values, .. } => ("is-or-blank.", list_text(values)),
        FieldCondition::NoneOf { values, nor_blank: false } => ("is-not.", list_text(values)),
        FieldCondition::NoneOf { values, .. } => ("is-not-or-blank.", list_text(values)),
        FieldCondition::Between { from, to } if to.is_empty() => ("from.", from.clone()),
        FieldCondition::Between { from, to } if from.is_empty() => ("to.", to.clone()),
        FieldCondition::Between { from, to } => ("between.", [from, ",", to].concat()),
        FieldCondition::Blank => ("blank", String::new()),
        FieldCondition::NotBlank => ("not-blank", String::new()),
    };
    [kind, &rest].concat()
}
