//! Reads items from the database: one by its key, a page of a collection, the children of an item.

use chrono::{DateTime, NaiveDate};
use rest_contract::{Field, Kind, Value, read_decimal};

use crate::database::{Connection, Parameter, Row, Statement};
use crate::oracle::protocol::parameters::Page;
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::query::order::Order;
use crate::oracle::query::selection::Selection;
use crate::oracle::query::{self, Columns, Condition};
use crate::oracle::schema::change_indicator::ChangeIndicator;
use crate::oracle::schema::resource::{Resource, Version};

/// One row of a resource's table, with the selected fields and children.
#[derive(Debug)]
pub(in crate::oracle) struct Item {
    pub id: i64,
    /// The text of the path key.
    pub key: String,
    pub version: i64,
    pub indicator: Option<ChangeIndicator>,
    /// In the order of the selection's fields.
    pub values: Vec<(&'static Field, Value)>,
    pub children: Vec<(&'static Resource, Items)>,
}

impl Item {
    pub(in crate::oracle) fn value(&self, field: &str) -> &Value {
        self.values.iter().find(|(one, _)| one.name == field).map_or(&Value::Null, |(_, value)| value)
    }
}

/// A page of items.
#[derive(Debug)]
pub(in crate::oracle) struct Items {
    pub items: Vec<Item>,
    pub page: Page,
    pub has_more: bool,
}

/// Which rows a read is about.
#[derive(Clone, Debug)]
pub(in crate::oracle) struct Rows<'a> {
    pub resource: &'static Resource,
    /// The id of the parent item; nothing at the top of a path.
    pub parent: Option<i64>,
    pub conditions: &'a [Condition],
}

const ALIAS: &str = "t";

impl Rows<'_> {
    fn columns(&self) -> Columns {
        Columns { resource: self.resource, alias: ALIAS.to_owned() }
    }

    /// Appends `WHERE ...`; the answer says whether it uses the joins.
    fn push_where(&self, sql: &mut Statement) -> Result<bool, Refusal> {
        let mut joined = false;
        let mut word = " WHERE ";
        if let Some(parent) = self.parent {
            sql.push(word).push(&format!("{ALIAS}.{} = ", self.resource.parent_column));
            sql.bind(Parameter::Integer(parent));
            word = " AND ";
        }
        for condition in self.conditions {
            sql.push(word);
            joined |= query::condition(sql, &self.columns(), condition)
                .map_err(|error| Refusal::invalid_query("q", error.to_string()))?;
            word = " AND ";
        }
        Ok(joined)
    }

    fn from(&self, joined: bool) -> String {
        let joins = if joined { self.resource.joins(ALIAS) } else { String::new() };
        format!(" FROM {} {ALIAS} {joins}", self.resource.table)
    }

    /// How many rows there are.
    pub(in crate::oracle) async fn count(&self, connection: &mut Connection) -> Result<i64, Refusal> {
        let mut condition = Statement::default();
        let joined = self.push_where(&mut condition)?;
        let mut sql = Statement::new(&format!("SELECT COUNT(*){}", self.from(joined)));
        sql.append(&condition);
        Ok(sql.integer(connection).await?)
    }

    /// One page, in order.
    pub(in crate::oracle) async fn page(
        &self,
        connection: &mut Connection,
        order: &Order,
        page: Page,
        selection: &Selection,
    ) -> Result<Items, Refusal> {
        let resource = self.resource;
        let rows = self.page_statement(order, page, selection)?.rows(connection).await?;
        let limit = page.limit as usize;
        let has_more = rows.len() > limit;
        let mut items = Vec::with_capacity(rows.len().min(limit));
        for row in rows.iter().take(limit) {
            items.push(read_row(resource, selection, row)?);
        }
        add_children(connection, &mut items, selection).await?;
        Ok(Items { items, page, has_more })
    }

    /// What is added up is read once. Elsewhere the ids of the page are found first, over an index where there is one, and only then are their
    /// rows read: a deep offset skips index entries, not rows. The join is an outer one only to make
    /// the database go from the ids to their rows. One row beyond the page shows whether there are more.
    fn page_statement(&self, order: &Order, page: Page, selection: &Selection) -> Result<Statement, Refusal> {
        let resource = self.resource;
        let (order_sql, order_joined) = order.sql(&self.columns());
        let mut condition = Statement::default();
        let joined = self.push_where(&mut condition)? || order_joined;
        let mut sql = Statement::new("SELECT ");
        sql.push(&select_list(resource, selection));
        if resource.is_added_up {
            sql.push(&self.from(joined));
        } else {
            sql.push(&format!(
                " FROM (SELECT {ALIAS}.{} AS page_id{}",
                resource.id_column,
                self.from(joined)
            ));
        }
        sql.append(&condition);
        sql.push(&format!(" ORDER BY {order_sql} LIMIT "));
        sql.bind(Parameter::Integer(i64::from(page.limit) + 1)).push(" OFFSET ");
        sql.bind(Parameter::Integer(i64::from(page.offset)));
        if resource.is_added_up {
            return Ok(sql);
        }
        sql.push(&format!(
            ") page LEFT JOIN {} {ALIAS} ON {ALIAS}.{} = page.page_id {} ORDER BY {order_sql}",
            resource.table,
            resource.id_column,
            resource.joins(ALIAS),
        ));
        Ok(sql)
    }
}

/// The item with this path key under its parent, if there is one.
pub(in crate::oracle) async fn find(
    connection: &mut Connection,
    resource: &'static Resource,
    parent: Option<i64>,
    key: &str,
    selection: &Selection,
) -> Result<Option<Item>, Refusal> {
    let Some((condition, _)) = key_condition(resource, parent, key) else { return Ok(None) };
    let mut sql = Statement::new("SELECT ");
    sql.push(&select_list(resource, selection));
    sql.push(&format!(" FROM {} {ALIAS} {}", resource.table, resource.joins(ALIAS)));
    sql.append(&condition);
    let rows = sql.rows(connection).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut items = [read_row(resource, selection, row)?];
    add_children(connection, &mut items, selection).await?;
    let [item] = items;
    Ok(Some(item))
}

/// The whole item whose field has this value, under the parent if one is given.
pub(in crate::oracle) async fn find_by(
    connection: &mut Connection,
    resource: &'static Resource,
    parent: Option<i64>,
    (field, value): (&'static Field, &Value),
) -> Result<Option<Item>, Refusal> {
    let selection = Selection::whole(resource);
    let mut sql = Statement::new("SELECT ");
    sql.push(&select_list(resource, &selection));
    sql.push(&format!(" FROM {} {ALIAS} {}", resource.table, resource.joins(ALIAS)));
    sql.push(&format!(" WHERE {} = ", resource.column(field, ALIAS).0)).bind(stored(value));
    if let Some(parent) = parent {
        sql.push(&format!(" AND {ALIAS}.{} = ", resource.parent_column)).bind(Parameter::Integer(parent));
    }
    let rows = sql.rows(connection).await?;
    rows.first().map(|row| read_row(resource, &selection, row)).transpose()
}

/// The id of the item with this path key under its parent, if there is one.
pub(in crate::oracle) async fn find_id(
    connection: &mut Connection,
    resource: &'static Resource,
    parent: Option<i64>,
    key: &str,
) -> Result<Option<i64>, Refusal> {
    let Some((condition, _)) = key_condition(resource, parent, key) else { return Ok(None) };
    let mut sql =
        Statement::new(&format!("SELECT {ALIAS}.{} FROM {} {ALIAS}", resource.id_column, resource.table));
    sql.append(&condition);
    let rows = sql.rows(connection).await?;
    rows.first().map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Nothing where the key cannot be one: a text where the key is a number.
fn key_condition(resource: &'static Resource, parent: Option<i64>, key: &str) -> Option<(Statement, bool)> {
    let field = resource.key_field()?;
    let value = query::constant(field, &query::Literal::Quoted(key.to_owned())).ok()?;
    let (column, joined) = resource.column(field, ALIAS);
    let mut sql = Statement::new(&format!(" WHERE {column} = "));
    sql.bind(value);
    if let Some(parent) = parent {
        sql.push(&format!(" AND {ALIAS}.{} = ", resource.parent_column)).bind(Parameter::Integer(parent));
    }
    Some((sql, joined))
}

/// How many items' children are read with one statement.
const PARENTS_PER_STATEMENT: usize = 500;

/// Reads the selected children of all items, and theirs.
async fn add_children(
    connection: &mut Connection,
    items: &mut [Item],
    selection: &Selection,
) -> Result<(), Refusal> {
    for (child, inner) in &selection.children {
        for items in items.chunks_mut(PARENTS_PER_STATEMENT) {
            let (parents, mut found) = children_of(connection, child, items, inner).await?;
            Box::pin(add_children(connection, &mut found, inner)).await?;
            let mut found = parents.into_iter().zip(found).peekable();
            for item in items {
                let page = Page::OF_EXPANDED_CHILD;
                let mut own = Vec::new();
                while let Some((_, one)) = found.next_if(|(parent, _)| *parent == item.id) {
                    own.push(one);
                }
                let limit = page.limit as usize;
                let has_more = own.len() > limit;
                own.truncate(limit);
                item.children.push((child, Items { items: own, page, has_more }));
            }
        }
    }
    Ok(())
}

/// The children of the items in the items' order, beside the ids of their parents: for each no more
/// than one beyond a page.
async fn children_of(
    connection: &mut Connection,
    child: &'static Resource,
    items: &[Item],
    selection: &Selection,
) -> Result<(Vec<i64>, Vec<Item>), Refusal> {
    let (table, id, parent) = (child.table, child.id_column, child.parent_column);
    let mut sql = Statement::new("SELECT ");
    sql.push(&select_list(child, selection));
    sql.push(&format!(
        ", {ALIAS}.{parent} FROM (SELECT n.{id} AS page_id, \
         ROW_NUMBER() OVER (PARTITION BY n.{parent} ORDER BY n.{id}) AS place FROM {table} n WHERE n.{parent} IN ("
    ));
    sql.join(items, ", ", |sql, item| {
        sql.bind(Parameter::Integer(item.id));
    });
    sql.push(&format!(
        ")) page LEFT JOIN {table} {ALIAS} ON {ALIAS}.{id} = page.page_id {} WHERE page.place <= ",
        child.joins(ALIAS)
    ));
    sql.bind(Parameter::Integer(i64::from(Page::OF_EXPANDED_CHILD.limit) + 1));
    let rows = sql.rows(connection).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let parent: i64 = row.try_get(row.column_count() - 1)?;
        let place = items.iter().position(|item| item.id == parent).unwrap_or_default();
        found.push((place, parent, read_row(child, selection, row)?));
    }
    found.sort_by_key(|(place, _, item)| (*place, item.id));
    Ok(found.into_iter().map(|(_, parent, item)| (parent, item)).unzip())
}

/// No version, as wide as one.
const NONE: &str = "CAST(0 AS BIGINT)";

/// Id, key, version and derived version come first, then the selected fields.
fn select_list(resource: &'static Resource, selection: &Selection) -> String {
    let id = format!("{ALIAS}.{}", resource.id_column);
    let key = resource.key_field().map_or_else(|| id.clone(), |field| resource.column(field, ALIAS).0);
    let (version, derived) = match resource.version {
        Version::None => (NONE.to_owned(), NONE),
        Version::Row(_) => (format!("{ALIAS}.object_version_number"), NONE),
        Version::RowAndDerived(_, derived) => (format!("{ALIAS}.object_version_number"), derived),
    };
    let mut list = format!("{id}, CAST({key} AS TEXT), {version}, {derived}");
    for field in selected(resource, selection) {
        let column = resource.column(field, ALIAS).0;
        // Decimals travel as their digits.
        match field.kind {
            Kind::Decimal => list.push_str(&format!(", CAST({column} AS TEXT)")),
            _ => list.push_str(&format!(", {column}")),
        }
    }
    list
}

fn selected(resource: &'static Resource, selection: &Selection) -> impl Iterator<Item = &'static Field> {
    let fields: &'static [Field] = resource.schema.fields;
    selection.fields.iter().filter_map(|place| fields.get(*place))
}

fn read_row(resource: &'static Resource, selection: &Selection, row: &Row) -> Result<Item, Refusal> {
    let id = row.try_get(0)?;
    let version = row.try_get(2)?;
    let values = selected(resource, selection)
        .enumerate()
        .map(|(index, field)| Ok((field, read_value(row, index + 4, field)?)))
        .collect::<Result<Vec<_>, Refusal>>()?;
    Ok(Item {
        id,
        key: row.try_get(1)?,
        version,
        indicator: ChangeIndicator::of(resource, id, version, row.try_get(3)?),
        values,
        children: Vec::new(),
    })
}

fn read_value(row: &Row, index: usize, field: &Field) -> Result<Value, Refusal> {
    let damaged = || Refusal::internal(&format!("the stored value of {} cannot be read", field.name));
    Ok(match field.kind {
        Kind::Text => row.try_get::<Option<String>, _>(index)?.map_or(Value::Null, Value::Text),
        Kind::Decimal => match row.try_get::<Option<&str>, _>(index)? {
            None => Value::Null,
            Some(digits) => Value::Decimal(read_decimal(digits).map_err(|_| damaged())?),
        },
        Kind::Int32 | Kind::Int64 => {
            row.try_get::<Option<i64>, _>(index)?.map_or(Value::Null, Value::Integer)
        }
        Kind::Boolean => row.try_get::<Option<bool>, _>(index)?.map_or(Value::Null, Value::Boolean),
        Kind::DateTime => match row.try_get::<Option<i64>, _>(index)? {
            None => Value::Null,
            Some(micros) => Value::DateTime(DateTime::from_timestamp_micros(micros).ok_or_else(damaged)?),
        },
        Kind::Date => match row.try_get::<Option<&str>, _>(index)? {
            None => Value::Null,
            Some(day) => Value::Date(day.parse::<NaiveDate>().map_err(|_| damaged())?),
        },
    })
}

/// The form in which a value is stored and compared. One that was not understood is never here: what is to
/// be written is read strictly.
pub(crate) fn stored(value: &Value) -> Parameter {
    match value {
        Value::Null | Value::Unread(_) => Parameter::Null,
        Value::Text(text) => Parameter::Text(text.clone()),
        Value::Decimal(number) => Parameter::Decimal(number.to_string()),
        Value::Integer(number) => Parameter::Integer(*number),
        Value::Boolean(flag) => Parameter::Boolean(*flag),
        Value::DateTime(at) => Parameter::Integer(at.timestamp_micros()),
        Value::Date(day) => Parameter::Text(day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line;
    use crate::demo_data;
    use crate::oracle::protocol::framework_version::FrameworkVersion;
    use crate::oracle::schema::lookups::CHANGE_STEPS;
    use crate::oracle::schema::resource_tree::{SUBSCRIPTION_USAGE_EVENTS, USAGE_EVENTS};

    /// How the database finds the ids of a page, and then the rows of that page.
    async fn plan(connection: &mut Connection, rows: &Rows<'_>, order: &str) -> String {
        let order = Order::parse(rows.resource, Some(order)).unwrap();
        let selection = Selection::whole(rows.resource);
        let page = Page { limit: 499, offset: 900_000 };
        let mut sql = Statement::new("EXPLAIN QUERY PLAN ");
        sql.append(&rows.page_statement(&order, page, &selection).unwrap());
        let steps = sql.rows(connection).await.unwrap();
        steps.iter().map(|row| row.try_get::<String, _>("detail").unwrap()).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn deep_offsets_walk_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let database = command_line::open(folder.path().join("plan.db").to_str().unwrap()).await.unwrap();
        demo_data::fill_if_empty(&database, 300).await.unwrap();
        let mut connection = database.readers.begin().await.unwrap();
        for (parent, q, order, index) in [
            (None, "", "", "SCAN usage_events_by_id"),
            (None, "", "EventId:desc", "SCAN usage_events_by_id"),
            (None, "", "EventStartTime:desc", "SCAN usage_events_by_start"),
            (None, "", "UsageQuantity", "SCAN usage_events_by_quantity"),
            (None, "", "CurrencyCode:desc", "SCAN usage_events_by_currency"),
            (None, "", "LastUpdateDate:desc", "SCAN usage_events_by_change"),
            (None, "", "EventStatus", "SCAN usage_events_by_status"),
            (None, "EventStatus = 'ORA_ERROR'", "", "SEARCH usage_events_by_status"),
            (None, "Error = 'OSS_UOM_NOT_MAPPED'", "", "SEARCH usage_events_by_error"),
            (Some(1), "", "", "SEARCH usage_events_by_batch"),
            (Some(1), "EventStatus = 'ORA_ERROR'", "", "SEARCH usage_events_by_batch_and_status"),
        ] {
            let conditions = query::parse(q, FrameworkVersion::NEWEST).into_iter().collect::<Vec<_>>();
            let resource = if parent.is_some() { &USAGE_EVENTS } else { &SUBSCRIPTION_USAGE_EVENTS };
            let rows = Rows { resource, parent, conditions: &conditions };
            let plan = plan(&mut connection, &rows, order).await;
            let (way, name) = index.split_once(' ').unwrap();
            let way = if way == "SCAN" { "SCAN t" } else { "SEARCH t" };
            // Nothing is sorted but the page itself, and no row is read but its own.
            let steps = plan.split("; ").collect::<Vec<_>>();
            let expected = format!("{way} USING COVERING INDEX {name}");
            let fits = steps.len() >= 4
                && matches!(steps[0], "MATERIALIZE page" | "CO-ROUTINE page")
                && steps[1].split(" (").next() == Some(&expected)
                && steps[2].starts_with("SCAN page")
                && steps[3].starts_with("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)");
            assert!(fits, "{q:?} by {order:?}: {plan}");
        }
    }
    #[tokio::test]
    async fn the_steps_of_a_batch_are_read_from_its_own_changes() {
        let folder = tempfile::tempdir().unwrap();
        let database = command_line::open(folder.path().join("plan.db").to_str().unwrap()).await.unwrap();
        let mut connection = database.readers.begin().await.unwrap();
        let conditions = [query::parse("BatchNumber = 'B'", FrameworkVersion::NEWEST).unwrap()];
        let rows = Rows { resource: &CHANGE_STEPS, parent: None, conditions: &conditions };
        let plan = plan(&mut connection, &rows, "StepNumber:desc").await;
        for index in
            ["change_history_by_step (batch_number=?", "change_history_by_other_batch (other_batch_number=?"]
        {
            assert!(plan.contains(&format!("SEARCH h USING INDEX {index}")), "{plan}");
        }
        assert!(!plan.contains("SCAN h"), "{plan}");
    }
}
