//! Reading every event, page after page. The cursor is the last guid read (V3 API, "after_guid"):
//! page numbers would shift while events come and go.

use super::labels;
use crate::api::{Failure, FailureKind, RestClient, System};
use rest_contract::cloud_foundry::{EventPage, EventReading, ReadNext, UsageEvent};

/// Events asked for at once. The platform would give 5000; fewer keep each step short enough for
/// the page to stay quick.
const PAGE: usize = 2_000;

/// What a reading has come to, with what was here before it.
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

/// A page that was read.
pub struct PageRead<'a> {
    pub events: Vec<UsageEvent>,
    /// The events as the platform sent them.
    pub sent: EventPage<'a>,
    /// The platform's clock when it answered, in seconds since 1970.
    pub date: Option<i64>,
    pub progress: Progress,
}

/// Is given each page.
pub type TakePage<'a> = dyn FnMut(&PageRead<'_>) -> GoOn + 'a;

/// Reads the events that are still to come of a reading, until `take` has enough. What ends without a
/// failure and was not stopped is whole.
pub async fn read_every_event(
    client: RestClient,
    mut reading: EventReading,
    take: &mut TakePage<'_>,
) -> Result<(), Failure> {
    loop {
        let after = reading
            .cursor()
            .map(|guid| format!("&after_guid={}", String::from(js_sys::encode_uri_component(guid))));
        let answer = client.usage_events(&format!("per_page={PAGE}{}", after.unwrap_or_default())).await?;
        let sent = answer.page()?;
        let events = sent.read_events();
        let next = reading
            .take(&sent, &events)
            .map_err(|flaw| Failure::new(System::CloudFoundry, FailureKind::NotWhole(labels::flaw(&flaw))))?;
        let progress = Progress { read: reading.read(), total: reading.announced() };
        let page = PageRead { events, sent, date: answer.date(), progress };
        if take(&page) == GoOn::No || next == ReadNext::Nothing {
            return Ok(());
        }
    }
}
