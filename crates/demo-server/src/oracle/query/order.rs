//! `orderBy=Attribute:asc,Other:desc`, made total by the row's id.

use rest_contract::Field;

use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::query::Columns;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::is_nullable;

#[derive(Clone, Debug)]
pub(in crate::oracle) struct Order(Vec<(&'static Field, Direction)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the parameter; without one, rows come by id.
    pub(in crate::oracle) fn parse(resource: &Resource, text: Option<&str>) -> Result<Self, Refusal> {
        let mut terms = Vec::new();
        for term in text.unwrap_or_default().split(',').map(str::trim).filter(|term| !term.is_empty()) {
            let (name, direction) = term.split_once(':').unwrap_or((term, "asc"));
            let direction = match direction.trim().to_ascii_lowercase().as_str() {
                "asc" => Direction::Ascending,
                "desc" => Direction::Descending,
                other => {
                    let reason = format!("{name} can be ordered \"asc\" or \"desc\", not {other:?}");
                    return Err(Refusal::invalid_query("orderBy", reason));
                }
            };
            let Some(field) = resource.schema.field(name.trim()) else {
                let reason = format!("\"{name}\" is not an attribute of {}", resource.name);
                return Err(Refusal::invalid_query("orderBy", reason));
            };
            terms.push((field, direction));
        }
        Ok(Self(terms))
    }

    /// The terms of an ORDER BY clause, and whether they use the resource's joins.
    ///
    /// Nulls come last ascending and first descending, as in the vendor's database. The id breaks
    /// ties in the direction of the last term, so that an index can be walked either way.
    pub(in crate::oracle) fn sql(&self, columns: &Columns) -> (String, bool) {
        let mut terms = Vec::new();
        let mut joined = false;
        let mut last = "";
        for (field, direction) in &self.0 {
            let (column, needs_joins) = columns.resource.column(field, &columns.alias);
            joined |= needs_joins;
            last = match direction {
                Direction::Ascending => "",
                Direction::Descending => " DESC",
            };
            if is_nullable(columns.resource, field) {
                terms.push(format!("{column} IS NULL{last}"));
            }
            terms.push(format!("{column}{last}"));
        }
        terms.push(format!("{}.{}{last}", columns.alias, columns.resource.id_column));
        (terms.join(", "), joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::schema::resource_tree::USAGE_EVENTS;
    use axum::http::StatusCode;

    fn check(text: &str, expected: &str) {
        let columns = Columns { resource: &USAGE_EVENTS, alias: "t".to_owned() };
        let found = Order::parse(&USAGE_EVENTS, Some(text)).map(|order| order.sql(&columns).0);
        assert_eq!(found.ok().as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn every_order_is_total() {
        check("", "t.event_id");
        check("EventStatus", "t.event_status, t.event_id");
        check("EventStatus:desc", "t.event_status DESC, t.event_id DESC");
        check(
            "CurrencyCode:asc,EventNumber:DESC",
            "t.currency_code IS NULL, t.currency_code, t.event_number DESC, t.event_id DESC",
        );
        check("BatchNumber", "tb.batch_number, t.event_id");
    }

    #[test]
    fn unknown_terms_are_refused() {
        for text in ["Nope", "eventstatus", "EventStatus:up", "EventStatus desc"] {
            let refused = Order::parse(&USAGE_EVENTS, Some(text)).map_err(|refusal| refusal.status());
            assert_eq!(refused.err(), Some(StatusCode::BAD_REQUEST), "{text}");
        }
    }
}
