//! Readings: every base bucket, one with its rows, and the lists that they refer to.

use super::access::NoAnswer;
use super::answers::read;
use super::{BUCKETS, DETAILS};
use crate::rest_client::RestClient;
use crate::rest_client::call::{Answer, Call};
use crate::rest_client::failure::{Failure, FailureKind};
use gloo_net::http::Method;
use rest_contract::logisense::{
    BASE_PATH, BaseBucket, BaseBucketDetail, BaseUnit, ItemList, ListEntry, PAGINATION_HEADER, PagedItems,
    Pagination, Single,
};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Buckets are asked for in pages of so many.
const PAGE: i64 = 500;

/// Every base bucket, in the server's order.
pub struct BucketsRead {
    /// With their rows where the server pages with details.
    pub buckets: Vec<BaseBucket>,
    /// Whether the rows came along.
    pub has_details: bool,
}

/// What base buckets and their rows refer to.
#[derive(Clone, Debug, Default)]
pub struct BillingLists {
    pub units: Vec<BaseUnit>,
    pub classes: Vec<ListEntry>,
    pub locations: Vec<ListEntry>,
    pub groups: Vec<ListEntry>,
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
    async fn read_bucket_pages(&self) -> Result<Option<Vec<BaseBucket>>, Failure> {
        let mut buckets: Vec<BaseBucket> = Vec::new();
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
            let page: PagedItems<BaseBucket> = read(answer)?;
            let items = page.paged_results.items;
            let (came, before) = (items.len(), known.len());
            buckets.extend(items.into_iter().filter(|bucket| known.insert(bucket.identity)));
            let is_short = i64::try_from(came).is_ok_and(|came| came < page.pagination.page_size.max(1));
            let total = page.paged_results.total_count.and_then(|total| usize::try_from(total).ok());
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

    pub(super) async fn read_bucket_list(&self) -> Result<Vec<BaseBucket>, Failure> {
        let list: ItemList<BaseBucket> = self.billing_read(&format!("{BUCKETS}/")).await?;
        Ok(list.items)
    }

    pub(super) async fn read_detail_list(&self) -> Result<Vec<BaseBucketDetail>, Failure> {
        let list: ItemList<BaseBucketDetail> = self.billing_read(&format!("{DETAILS}/")).await?;
        Ok(list.items)
    }

    /// Reads a base bucket with its rows.
    pub async fn read_bucket(&self, identity: i64) -> Result<BaseBucket, Failure> {
        let single: Single<BaseBucket> = self.billing_read(&format!("{BUCKETS}/{identity}/Detail")).await?;
        Ok(single.instance)
    }

    /// Units, and as many of the other lists as the server has: a list that fails is empty, and its
    /// entries are shown by their numbers.
    pub async fn read_billing_lists(&self) -> Result<BillingLists, Failure> {
        let units: ItemList<BaseUnit> = self.billing_read("Usage/Bucket/BaseUnit/").await?;
        Ok(BillingLists {
            units: units.items,
            classes: self.read_entries("Usage/Class/").await,
            locations: self.read_entries("GeoTree/Location/").await,
            groups: self.read_entries("GeoTree/LocationGroup/").await,
        })
    }

    async fn read_entries(&self, path: &str) -> Vec<ListEntry> {
        let list: Result<ItemList<ListEntry>, Failure> = self.billing_read(path).await;
        list.map(|list| list.items).unwrap_or_default()
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
