//! Reading every event, page after page. The cursor is the last guid read (V3 API, "after_guid"):
//! page numbers would shift while events come and go.

use crate::rest_client::{Failure, RestClient};
use rest_contract::cloud_foundry::{EventPage, UsageEvent};

/// Events asked for at once. The platform would give 5000; fewer keep each step short enough for
/// the page to stay quick.
const PAGE: usize = 2_000;

/// What a reading has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub read: usize,
    pub total: usize,
}

/// Whether a reading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    Yes,
    No,
}

/// Is given each page: its events, the page they came on, and how far the reading is.
pub type TakePage<'a> = dyn FnMut(&[UsageEvent], &EventPage<'_>, Progress) -> GoOn + 'a;

/// Reads the events after `cursor`, or all of them, until `take` has enough.
pub async fn read_every_event(
    client: RestClient,
    cursor: Option<String>,
    take: &mut TakePage<'_>,
) -> Result<(), Failure> {
    let mut cursor = cursor;
    let mut read = 0;
    loop {
        let after = cursor
            .as_deref()
            .map(|guid| format!("&after_guid={}", String::from(js_sys::encode_uri_component(guid))));
        let answer = client.usage_events(&format!("per_page={PAGE}{}", after.unwrap_or_default())).await?;
        let page = answer.page()?;
        let events = answer.events(&page)?;
        let total = read + usize::try_from(page.total).unwrap_or(usize::MAX);
        read += events.len();
        let goes_on = take(&events, &page, Progress { read, total: total.max(read) });
        let Some(last) = events.last().filter(|_| goes_on == GoOn::Yes && page.has_more) else {
            return Ok(());
        };
        cursor = Some(last.guid.clone());
    }
}
