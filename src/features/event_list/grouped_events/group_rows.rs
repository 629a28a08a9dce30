//! What a group shows: its values, how many events it has, and what they come to in each currency.

use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::features::event_list::list_query::GroupLevel;
use crate::features::field_form::shown_text;
use crate::features::list::{ColumnSet, GroupSum, RowSpec};
use crate::routes::list_text;
use crate::text::{class_of, count, currency_name, sum_in_line};
use grid_model::{CellFace, Column, CopiedCell, SortDirection, SortKey, Tone};
use leptos::prelude::*;
use rest_contract::oracle::charged_amounts::Amounts;
use rest_contract::{ExactSum, Value};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::Arc;

pub struct Groups {
    pub session: Session,
    /// By which the events are grouped.
    pub fields: Vec<GroupLevel>,
}

#[derive(Clone)]
pub enum Shows {
    Value(usize),
    Events,
    /// What the events come to in a currency.
    Amount(String),
}

const EVENTS: &str = "Events";
const AMOUNT: &str = "Amount.";
/// Decimals for which room is kept so that points stand in line.
const AMOUNT_PLACES: usize = 4;

pub fn columns(fields: &[GroupLevel], currencies: &[String]) -> ColumnSet<Shows> {
    let value = |(at, level): (usize, &GroupLevel)| {
        let column = Column::new(level.name(), level.head(), 200).sortable();
        (if at == 0 { column.frozen().opening() } else { column }, Shows::Value(at))
    };
    let amount = |currency: &String| {
        let title = match currency.as_str() {
            "" => currency_name(""),
            currency => format!("Amount, {currency}"),
        };
        let column = Column::new(format!("{AMOUNT}{currency}"), title, 136).numeric().sortable();
        (column, Shows::Amount(currency.clone()))
    };
    let values: Vec<_> = fields.iter().enumerate().map(value).collect();
    let events = (Column::new(EVENTS, EVENTS, 100).numeric().sortable(), Shows::Events);
    ColumnSet::new(values.into_iter().chain([events]).chain(currencies.iter().map(amount)))
}

fn words(GroupLevel { field, spans }: &GroupLevel, value: &str, tables: &LookupTables) -> String {
    match value {
        "" => "(blank)".to_owned(),
        label if spans.is_some() => label.to_owned(),
        value => shown_text(field, Some(&Value::Text(value.to_owned())), "", tables),
    }
}

/// Blanks come last in any order, as they stand at first, and so do groups without an amount.
pub fn compared(
    fields: &[GroupLevel],
    keys: &[SortKey],
    one: &GroupSum,
    other: &GroupSum,
    tables: &LookupTables,
) -> Ordering {
    let by = |key: &SortKey| {
        let turned = |ordering: Ordering| match key.direction {
            SortDirection::Ascending => ordering,
            SortDirection::Descending => ordering.reverse(),
        };
        if key.column == EVENTS {
            return turned(one.rows.cmp(&other.rows));
        }
        if let Some(currency) = key.column.strip_prefix(AMOUNT) {
            let amount = |group: &GroupSum| {
                Decimal::from_str_exact(&group.amounts.get(currency).and_then(ExactSum::text)?).ok()
            };
            return last_if_none(amount(one), amount(other), |one, other| turned(one.cmp(other)));
        }
        let Some(at) = fields.iter().position(|level| level.name() == key.column) else {
            return Ordering::Equal;
        };
        let value = |group: &GroupSum| {
            let value = group.values.get(at).filter(|value| !value.is_empty())?;
            Some(words(&fields[at], value, tables).to_lowercase())
        };
        last_if_none(value(one), value(other), |one, other| turned(one.cmp(other)))
    };
    keys.iter().map(by).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

fn last_if_none<T>(one: Option<T>, other: Option<T>, compare: impl FnOnce(&T, &T) -> Ordering) -> Ordering {
    match (&one, &other) {
        (Some(one), Some(other)) => compare(one, other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

impl RowSpec for Groups {
    type Row = GroupSum;
    type ColumnKind = Shows;
    const READ_ONLY: &'static str = "Groups are counted. Open one to change its events.";

    fn key(&self, group: &GroupSum) -> Option<Arc<str>> {
        Some(list_text(&group.values).into())
    }

    fn cell(&self, group: &GroupSum, shows: Shows, text: &mut String) -> CellFace {
        let mut face = CellFace::default();
        match shows {
            Shows::Value(at) => {
                let (level, value) = (&self.fields[at], group.values[at].as_str());
                text.push_str(&words(level, value, &self.session.lookups.tables.get_untracked()));
                face.tone = match level.field.name {
                    _ if value.is_empty() => Tone::Quiet,
                    "EventStatus" => class_of(value).tone(),
                    _ => Tone::Plain,
                };
            }
            Shows::Events => text.push_str(&count(group.rows as u64)),
            Shows::Amount(currency) => {
                if let Some(sum) = group.amounts.get(&currency) {
                    text.push_str(&sum_in_line(sum, &currency, AMOUNT_PLACES));
                    // An amount that is of no currency is an alarm; none is not.
                    face.tone = if currency.is_empty() { Tone::Warn } else { Tone::Plain };
                }
            }
        }
        face
    }

    fn copied(&self, group: &GroupSum, shows: Shows) -> Option<CopiedCell> {
        match shows {
            Shows::Value(at) if group.values[at].is_empty() => Some(CopiedCell::Text(String::new())),
            Shows::Value(_) => None,
            Shows::Events => Some(CopiedCell::Number(group.rows.to_string())),
            Shows::Amount(currency) => {
                let sum = group.amounts.get(&currency).filter(|sum| sum.left_out() == 0)?;
                sum.text().map(CopiedCell::Number)
            }
        }
    }

    fn totalled(&self, group: &GroupSum) -> Amounts {
        group.amounts.clone()
    }
}
