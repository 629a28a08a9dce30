//! GET of collections and items (Oracle REST, "Manage collections", "Get all", "Get").

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::database::Connection;
use crate::oracle::protocol::parameters::{Page, Parameters};
use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::query::order::Order;
use crate::oracle::query::selection::Selection;
use crate::oracle::query::{self, Check, Comparison, Condition, Literal, Test};
use crate::oracle::records::item::{self, Item, Rows};
use crate::oracle::records::item_json::{Place, write_collection, write_item};
use crate::oracle::request::exchange::{Exchange, json_response};
use crate::oracle::schema::resource::Resource;

/// A page of a collection. The caller's snapshot makes page, total and children fit together.
pub(in crate::oracle) async fn collection(
    exchange: &Exchange,
    snapshot: &mut Connection,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let parameters = &exchange.parameters;
    let conditions = conditions(exchange)?;
    let order = Order::parse(resource, parameters.get("orderBy"))?;
    let page = Page::of(parameters)?;
    let selection = Selection::of(resource, parameters)?;
    let wants_total = parameters.flag("totalResults")?;

    let parent = exchange.find_parent(snapshot).await?;
    let rows = Rows { resource, parent, conditions: &conditions };
    let items = rows.page(snapshot, &order, page, &selection).await?;
    let total = if wants_total { Some(rows.count(snapshot).await?) } else { None };

    let mut body = Vec::with_capacity(1024 * (items.items.len() + 1));
    write_collection(&mut body, resource, &items, total, &selection, &exchange.place(), exchange.version);
    Ok(json_response(StatusCode::OK, body))
}

pub(in crate::oracle) async fn item(
    exchange: &Exchange,
    snapshot: &mut Connection,
    key: &str,
) -> Result<Response, Refusal> {
    let resource = exchange.target.resource;
    let selection = Selection::of(resource, &exchange.parameters)?;
    let parent = exchange.find_parent(snapshot).await?;
    let found = item::find(snapshot, resource, parent, key, &selection).await?;
    let item = found.ok_or_else(|| missing(resource, key))?;
    // The indicator tells nothing about children, so an answer that carries some is always sent.
    let known = item.indicator.as_ref().is_some_and(|indicator| indicator.is_known(&exchange.headers));
    if known && selection.children.is_empty() {
        return Ok(exchange.item_response(StatusCode::NOT_MODIFIED, &item, None));
    }
    Ok(exchange.item_response(StatusCode::OK, &item, Some(&selection)))
}

pub(in crate::oracle) fn missing(resource: &Resource, key: &str) -> Refusal {
    Refusal::not_found(format!("The {} \"{key}\"", resource.noun))
}

impl Exchange {
    /// The id of the item that the target's collection belongs to; each item of the path must exist.
    pub(in crate::oracle) async fn find_parent(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<i64>, Refusal> {
        let mut parent = None;
        for (resource, key) in &self.target.parents {
            let id = item::find_id(connection, resource, parent, key).await?;
            parent = Some(id.ok_or_else(|| missing(resource, key))?);
        }
        Ok(parent)
    }

    /// Where the target's collection stands.
    pub(in crate::oracle) fn place(&self) -> Place<'_> {
        let mut place = Place { base: &self.base, collection: String::new(), parent: None };
        let mut address = self.base.clone();
        for (resource, key) in &self.target.parents {
            place.collection = format!("{address}/{}", resource.name);
            let item = place.item(key);
            address = format!("{item}/child");
            place.parent = Some((item, resource.name));
        }
        place.collection = format!("{address}/{}", self.target.resource.name);
        place
    }

    /// An item as an answer, with its ETag; without a selection the body is empty.
    pub(in crate::oracle) fn item_response(
        &self,
        status: StatusCode,
        item: &Item,
        selection: Option<&Selection>,
    ) -> Response {
        let mut body = Vec::with_capacity(4096);
        if let Some(selection) = selection {
            write_item(&mut body, self.target.resource, item, selection, &self.place(), self.version);
        }
        let mut response = json_response(status, body);
        let tag = item.indicator.as_ref().and_then(|indicator| HeaderValue::from_str(&indicator.text()).ok());
        if let Some(tag) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// What `q` and `finder` ask for, together.
fn conditions(exchange: &Exchange) -> Result<Vec<Condition>, Refusal> {
    let mut conditions = Vec::new();
    if let Some(text) = exchange.parameters.get("q") {
        let parsed = query::parse(text, exchange.version);
        conditions.push(parsed.map_err(|error| Refusal::invalid_query("q", error.to_string()))?);
    }
    if let Some(condition) = finder(exchange.target.resource, &exchange.parameters)? {
        conditions.push(condition);
    }
    Ok(conditions)
}

/// `finder=Name;Variable=value,Other=value`
fn finder(resource: &Resource, parameters: &Parameters) -> Result<Option<Condition>, Refusal> {
    let Some(text) = parameters.get("finder") else { return Ok(None) };
    let refused = |reason: String| Refusal::invalid_query("finder", reason);
    let (name, values) = text.split_once(';').unwrap_or((text, ""));
    let Some(finder) = resource.finders.iter().find(|finder| finder.name == name.trim()) else {
        return Err(refused(format!("\"{name}\" is not a finder of {}", resource.name)));
    };
    let mut tests = Vec::new();
    for value in values.split(',').filter(|value| !value.trim().is_empty()) {
        let (variable, value) = value.split_once('=').unwrap_or((value, ""));
        let known = finder.variables.iter().find(|(one, _)| *one == variable.trim());
        let Some((_, field)) = known else {
            return Err(refused(format!("\"{variable}\" is not a variable of {name}")));
        };
        let value = value.trim().trim_matches(['"', '\'']);
        tests.push(Condition::Test(Test {
            attribute: (*field).to_owned(),
            fold: None,
            check: Check::Compare(Comparison::Equal, Literal::Quoted(value.to_owned())),
            position: 1,
        }));
    }
    if tests.is_empty() {
        return Err(refused(format!("{name} needs a value for one of its variables")));
    }
    Ok(Some(Condition::All(tests)))
}
