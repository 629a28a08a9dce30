//! What is asked of a server whose list comes here as a whole.

use super::table_spec::TableSpec;
use crate::api::{Failure, RecordKey, RestClient};
use crate::data::session::Session;
use crate::features::list::Page;
use chrono::{DateTime, SecondsFormat, Utc};

/// Which records of the whole list are asked for, whatever its query. They come by rising id.
#[derive(Clone, Debug)]
pub enum Asked<'a> {
    /// None; only how many there are.
    Count,
    /// The one with the greatest id.
    Last,
    /// Those behind an id, up to and with another one.
    Between { after: Option<i64>, to: Option<i64> },
    /// Those that were changed at this time or later, behind an id.
    ChangedSince { time: DateTime<Utc>, after: Option<i64> },
    /// These, with all that a row in sight shows.
    InSight(&'a [i64]),
}

/// As many as the vendor's servers give at once.
const PAGE: usize = 499;

impl Asked<'_> {
    /// Filter, order and greatest number of records by a field that holds the ids (Oracle REST, `q`, `orderBy`,
    /// `limit`).
    pub fn by_id(&self, id: &str) -> (String, String, usize) {
        let behind = |after: &Option<i64>| after.map(|after| format!("{id} > {after}"));
        let terms = match self {
            Asked::Count | Asked::Last => Vec::new(),
            Asked::Between { after, to } => {
                behind(after).into_iter().chain(to.map(|to| format!("{id} <= {to}"))).collect()
            }
            Asked::ChangedSince { time, after } => {
                let time = time.to_rfc3339_opts(SecondsFormat::Secs, true);
                std::iter::once(format!("LastUpdateDate >= '{time}'")).chain(behind(after)).collect()
            }
            Asked::InSight(ids) => {
                let ids: Vec<_> = ids.iter().map(i64::to_string).collect();
                vec![format!("{id} in ({})", ids.join(","))]
            }
        };
        let limit = if matches!(self, Asked::Count | Asked::Last) { 1 } else { PAGE };
        let way = if matches!(self, Asked::Last) { "desc" } else { "asc" };
        (terms.join(" and "), format!("{id}:{way}"), limit)
    }
}

/// A list of a server's that is read whole by its ids.
pub trait WholeSpec: TableSpec {
    fn session(&self) -> Session;

    /// The records with their ids, by which they are known in the table.
    async fn records(&self, client: RestClient, asked: Asked<'_>) -> Result<Page<(i64, Self::Row)>, Failure>;

    /// By which the record is known in the table.
    fn id(row: &Self::Row) -> Option<i64>;

    /// Takes over what the store knows of the row; whether that is all there is to know of the change.
    fn renewed(&self, row: &mut Self::Row, key: &RecordKey) -> bool;
}
