//! Readings: every base bucket, one with its rows, and the lists that they refer to.

use super::access::NoAnswer;
use super::answers::{read, read_whole};
use super::{BUCKETS, DETAILS};
use crate::api::RestClient;
use crate::api::call::{Answer, Call};
use crate::api::failure::{Failure, FailureKind};
use gloo_net::http::Method;
use rest_contract::logisense::{
    BASE_BUCKET, BASE_BUCKET_DETAIL, BASE_PATH, BaseUnit, ItemList, ListEntry, PAGINATION_HEADER, Pagination,
    read_list, read_single,
};
use rest_contract::{Record, Schema};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Buckets are asked for in pages of so many.
const PAGE: i64 = 500;

/// Every base bucket, in the server's order.
pub struct BucketsRead {
    /// With their rows where the server pages with details.
    pub buckets: Vec<Record>,
    /// Whether the rows came along.
    pub has_details: bool,
}

/// What base buckets and their rows refer to; nothing of a list that could not be read now.
#[derive(Clone, Debug, Default)]
pub struct BillingLists {
    pub units: Vec<BaseUnit>,
    pub classes: Option<Vec<ListEntry>>,
    pub locations: Option<Vec<ListEntry>>,
    pub groups: Option<Vec<ListEntry>>,
}

impl RestClient {
    /// Reads every base bucket page by page, or all at once from a server that does not page.
    pub async fn read_buckets(&self) -> Result<BucketsRead, Failure> {
        match self.read_bucket_pages().await {
            Ok(Some(buckets)) => Ok(BucketsRead { buckets, has_details: true }),
            Ok(None) => {
                let buckets = self.read_bucket_list().await?;
                Ok(BucketsRead { buckets, has_details: false })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Nothing where the server knows no pages, or answers each with the same.
    async fn read_bucket_pages(&self) -> Result<Option<Vec<Record>>, Failure> {
        let mut buckets: Vec<Record> = Vec::new();
        let mut known = BTreeSet::new();
        for page_number in 1.. {
            let wanted = Pagination { page_number, page_size: PAGE, exclude_total_count: false };
            let header = serde_json::to_string(&wanted).unwrap_or_default();
            let path = format!("{BASE_PATH}/{BUCKETS}/Paged/Detail");
            let call = Call {
                method: Method::GET,
                path: &path,
                headers: &[(PAGINATION_HEADER, &header)],
                body: None,
            };
            let answer = self.billing_send(call).await?;
            if matches!(answer.status, 404 | 405 | 501) {
                return Ok(None);
            }
            let page = read_whole(answer, |body| read_list(&BASE_BUCKET, body))?;
            let (came, before) = (page.items.len(), known.len());
            // One that cannot be identified cannot be told from others either, and is kept.
            buckets.extend(
                page.items.into_iter().filter(|bucket| bucket.key().is_none_or(|key| known.insert(key))),
            );
            let is_short = came < page.page_size.unwrap_or(came).max(1);
            let total = page.total;
            let brought_nothing = known.len() == before;
            if brought_nothing && came > 0 {
                return Ok(None);
            }
            // A total is advisory, so that a short page alone ends the list.
            if is_short || (brought_nothing && total.is_none_or(|total| total <= known.len())) {
                return Ok(Some(buckets));
            }
        }
        Ok(Some(buckets))
    }

    pub(super) async fn read_bucket_list(&self) -> Result<Vec<Record>, Failure> {
        self.read_billing_list(&BASE_BUCKET, BUCKETS).await
    }

    pub(super) async fn read_detail_list(&self) -> Result<Vec<Record>, Failure> {
        self.read_billing_list(&BASE_BUCKET_DETAIL, DETAILS).await
    }

    async fn read_billing_list(&self, schema: &'static Schema, path: &str) -> Result<Vec<Record>, Failure> {
        let answer = self.billing_get(&format!("{path}/")).await?;
        read_whole(answer, |body| read_list(schema, body)).map(|list| list.items)
    }

    /// Reads a base bucket with its rows.
    pub async fn read_bucket(&self, identity: i64) -> Result<Record, Failure> {
        let answer = self.billing_get(&format!("{BUCKETS}/{identity}/Detail")).await?;
        read_whole(answer, |body| read_single(&BASE_BUCKET, body))
    }

    /// Units, and of the other lists those that could be read.
    pub async fn read_billing_lists(&self) -> Result<BillingLists, Failure> {
        let units: ItemList<BaseUnit> = self.billing_read("Usage/Bucket/BaseUnit/").await?;
        Ok(BillingLists {
            units: units.items,
            classes: self.read_entries("Usage/Class/").await,
            locations: self.read_entries("GeoTree/Location/").await,
            groups: self.read_entries("GeoTree/LocationGroup/").await,
        })
    }

    /// A list that the server does not have is empty; one that could not be read now is none.
    async fn read_entries(&self, path: &str) -> Option<Vec<ListEntry>> {
        match self.billing_read::<ItemList<ListEntry>>(path).await {
            Ok(list) => Some(list.items),
            Err(failure) if is_missing(&failure) => Some(Vec::new()),
            Err(failure) => {
                leptos::logging::warn!("{path} not read: {}", failure.title());
                None
            }
        }
    }

    pub(super) async fn billing_read<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        read(self.billing_get(path).await?)
    }

    pub(super) async fn billing_get(&self, path: &str) -> Result<Answer, NoAnswer> {
        let path = format!("{BASE_PATH}/{path}");
        self.billing_send(Call { method: Method::GET, path: &path, headers: &[], body: None }).await
    }
}

/// Whether a reading found that the record is not there.
pub(super) fn is_missing(failure: &Failure) -> bool {
    failure.kind == FailureKind::NotFound
}
