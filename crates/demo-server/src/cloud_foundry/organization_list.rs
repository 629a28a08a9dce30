//! GET of the list of organizations (V3 API, "List organizations"): an event tells its organization by guid
//! alone, and here is what it is called.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::authentication::Caller;
use super::json_response;
use super::list_parameters::{ListParameters, Order};
use super::pagination::Pagination;
use super::refusal::Refusal;
use crate::database::{Database, Parameter, Row, Statement};

/// What can be asked of this list, beside its pages.
const FILTER: &str = "guids";

#[derive(Debug, Serialize)]
struct OrganizationPage {
    pagination: Pagination,
    resources: Vec<Organization>,
}

#[derive(Debug, Serialize)]
struct Organization {
    guid: String,
    name: String,
}

impl Organization {
    fn of(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self { guid: row.try_get("organization_guid")?, name: row.try_get("organization_name")? })
    }
}

/// Nobody has a role in an organization here, so that whoever is not a global reader sees none.
pub(super) async fn answer(
    database: &Database,
    caller: &Caller,
    origin: &str,
    query: Option<&str>,
) -> Result<Response, Refusal> {
    let parameters = ListParameters::of(query).map_err(Refusal::into_bad_query)?;
    let other = parameters.filters.iter().any(|(name, _)| name != FILTER);
    if other || parameters.order != Order::Arrival {
        let detail = format!("this list takes page, per_page and {FILTER}");
        return Err(Refusal::unprocessable(detail).into_bad_query());
    }
    let address = format!("{origin}/v3/organizations");
    let mut condition = Statement::new(if caller.reads_everything() { "TRUE" } else { "FALSE" });
    if let Some(guids) = &parameters.guids {
        condition.push(" AND organization_guid IN (''");
        for guid in guids {
            condition.push(", ").bind(Parameter::text(guid));
        }
        condition.push(")");
    }
    let mut snapshot = database.readers.begin().await?;
    let mut count = Statement::new("SELECT COUNT(*) FROM organizations WHERE ");
    let total = count.append(&condition).integer(&mut snapshot).await?;
    let mut page = Statement::new("SELECT * FROM organizations WHERE ");
    page.append(&condition).push(" ORDER BY organization_name, organization_guid");
    page.push(" LIMIT ").bind(Parameter::Integer(parameters.per_page));
    page.push(" OFFSET ").bind(Parameter::Integer((parameters.page - 1).saturating_mul(parameters.per_page)));
    let rows = page.rows(&mut snapshot).await?;
    drop(snapshot);
    let resources = rows.iter().map(Organization::of).collect::<Result<_, _>>()?;
    let pagination = Pagination::of(&address, &parameters, total);
    json_response(StatusCode::OK, &OrganizationPage { pagination, resources })
}
