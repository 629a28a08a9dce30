//! Calls to Cloud Foundry's service usage events (V3 API, "Service Usage Event").

use super::call::{Answer, Call};
use super::failure::{Failure, FailureKind};
use super::{RestClient, System};
use gloo_net::http::Method;
use rest_contract::cloud_foundry::{
    EventPage, USAGE_EVENTS, UsageEvent, by_time, in_portions, refuses_purge,
};
use rest_contract::{NothingCame, Portion, ReadError};
use serde::Deserialize;

/// A page of events as it was sent.
pub struct UsageAnswer(Answer);

impl UsageAnswer {
    pub fn page(&self) -> Result<EventPage<'_>, Failure> {
        EventPage::read(&self.0.body).map_err(|error| Failure::unreadable(&self.0, &error))
    }

    /// The platform's clock when it answered, in seconds since 1970.
    pub fn date(&self) -> Option<i64> {
        self.0.date
    }
}

/// A part of the list.
pub struct UsageWindow {
    pub events: Vec<UsageEvent>,
    pub total: Option<usize>,
    pub has_more: bool,
}

/// The most that the platform gives at once.
const LONGEST_PAGE: usize = 5000;
/// Each window reads its portions from their first events on. So far down a list that would be hundreds of requests.
const FURTHEST: usize = 50_000;

/// What the platform said to a purge, with the id by which its log knows the call.
#[derive(Clone, Debug, PartialEq)]
pub struct PurgeAnswer {
    pub outcome: PurgeOutcome,
    pub request_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PurgeOutcome {
    Accepted,
    /// Nothing was done.
    Refused(Failure),
    /// No answer, or one that does not tell whether anything was done.
    Lost,
}

impl RestClient {
    /// A page of the list; `query` without its question mark.
    pub async fn usage_events(&self, query: &str) -> Result<UsageAnswer, Failure> {
        self.platform_get(&path_of(query)).await.map(UsageAnswer)
    }

    /// A window of the list that a query asks for, whatever its length: one that is too long for an address is asked in
    /// portions. They are put together by the time of creation, which is the only order that the platform knows.
    pub async fn usage_event_window(
        &self,
        query: &str,
        offset: usize,
        limit: usize,
    ) -> Result<UsageWindow, Failure> {
        // Windows begin at multiples of the page.
        let numbered = format!("page={}&per_page={limit}{query}", offset / limit + 1);
        if System::CloudFoundry.takes(&path_of(&numbered)) {
            let answer = self.usage_events(&numbered).await?;
            let page = answer.page()?;
            return Ok(UsageWindow {
                events: page.read_events(),
                total: page.total,
                has_more: page.has_more,
            });
        }
        let too_long = || System::CloudFoundry.too_long(&path_of(&numbered));
        let last = offset + limit;
        let numbered = |query: &str, page: usize| {
            path_of(&format!("page={page}&per_page={}{query}", last.min(LONGEST_PAGE)))
        };
        let fits = |query: &str| System::CloudFoundry.takes(&numbered(query, FURTHEST));
        let portions = in_portions(query, &fits).filter(|_| last <= FURTHEST).ok_or_else(too_long)?;
        let (mut read, mut total) = (Vec::new(), Some(0));
        for query in portions {
            let (mut portion, mut own_total, mut number) = (Portion::unread(), None, 1);
            while portion.is_short_of(last) {
                let answer = self.platform_get(&numbered(&query, number)).await?;
                let page =
                    EventPage::read(&answer.body).map_err(|error| Failure::unreadable(&answer, &error))?;
                own_total = page.total;
                let page = Portion { items: page.read_events(), has_more: page.has_more };
                portion.take(page).map_err(|NothingCame| {
                    not_in_portions(
                        "A portion of a long question says that more events follow, and gives none.",
                    )
                })?;
                number += 1;
            }
            total = total.zip(own_total).map(|(total, own)| total + own);
            read.push(portion);
        }
        let is_descending = query.split('&').any(|one| one.starts_with("order_by=-"));
        let (all, doubles) = by_time(read, last, is_descending).ok_or_else(|| {
            not_in_portions("The portions of a long question did not come in the order of their times.")
        })?;
        let total = total.map(|total: usize| total.saturating_sub(doubles));
        Ok(UsageWindow {
            events: all.items.into_iter().skip(offset).collect(),
            total,
            has_more: all.has_more,
        })
    }

    pub async fn usage_event(&self, guid: &str) -> Result<UsageEvent, Failure> {
        let guid = String::from(js_sys::encode_uri_component(guid));
        let answer = self.platform_get(&format!("{USAGE_EVENTS}/{guid}")).await?;
        let event = UsageEvent::read(&String::from_utf8_lossy(&answer.body));
        match event.fault() {
            None => Ok(event),
            Some(fault) => Err(Failure::unreadable(&answer, &ReadError::Malformed(fault.to_owned()))),
        }
    }

    /// Guids and names of a page of organizations, and whether more follow (V3 API, "List organizations").
    pub async fn organization_names(&self, page: usize) -> Result<(Vec<(String, String)>, bool), Failure> {
        #[derive(Deserialize)]
        struct Organization {
            guid: String,
            name: String,
        }
        let answer = self.platform_get(&format!("/v3/organizations?page={page}&per_page=5000")).await?;
        let page = EventPage::read(&answer.body).map_err(|error| Failure::unreadable(&answer, &error))?;
        let read =
            |json: &&str| serde_json::from_str(json).ok().map(|Organization { guid, name }| (guid, name));
        Ok((page.events.iter().filter_map(read).collect(), page.has_more))
    }

    /// The platform's own name (V3 API, "Platform Info"); empty where it has none.
    pub async fn platform_name(&self) -> Result<String, Failure> {
        #[derive(Deserialize)]
        struct Info {
            #[serde(default)]
            name: String,
        }
        let answer = self.platform_get("/v3/info").await?;
        let info: Result<Info, _> = serde_json::from_slice(&answer.body);
        info.map(|info| info.name)
            .map_err(|error| Failure::unreadable(&answer, &ReadError::Malformed(error.to_string())))
    }

    /// Sends the purge (V3 API, "Purge and seed service usage events"). Only `service_usage::purge`
    /// may call this, with the ticket of its procedure. What no page can prevent: a browser may itself
    /// repeat a request on a connection that was kept open and closes without an answer. The platform
    /// then seeds anew at a later time, and the reading afterwards shows that one.
    pub async fn purge_and_reseed_usage_events(&self) -> PurgeAnswer {
        let path = format!("{USAGE_EVENTS}/actions/destructively_purge_all_and_reseed");
        match self
            .send(System::CloudFoundry, Call { method: Method::POST, path: &path, headers: &[], body: None })
            .await
        {
            Ok(answer) => PurgeAnswer {
                // Success has no body to speak of.
                outcome: match answer.status {
                    200..=299 => PurgeOutcome::Accepted,
                    status if refuses_purge(status, &answer.body) => {
                        PurgeOutcome::Refused(Failure::of(&answer))
                    }
                    _ => PurgeOutcome::Lost,
                },
                request_id: answer.request_id,
            },
            Err(failure) if failure.is_unsent() => PurgeAnswer {
                request_id: failure.request_id.clone(),
                outcome: PurgeOutcome::Refused(failure),
            },
            Err(_) => PurgeAnswer { outcome: PurgeOutcome::Lost, request_id: None },
        }
    }

    async fn platform_get(&self, path: &str) -> Result<Answer, Failure> {
        self.send(System::CloudFoundry, Call::get(path)).await?.succeeded()
    }
}

fn not_in_portions(words: &str) -> Failure {
    Failure::new(System::CloudFoundry, FailureKind::Unreadable(words.to_owned()))
}

fn path_of(query: &str) -> String {
    format!("{USAGE_EVENTS}?{query}")
}

/// A list as a query parameter's value. A comma within a value is encoded once more, as the platform
/// wants it.
pub fn encoded_list(values: &[String]) -> String {
    let values: Vec<_> = values
        .iter()
        .map(|value| {
            let once = String::from(js_sys::encode_uri_component(value));
            once.replace("%2C", "%252C")
        })
        .collect();
    values.join(",")
}
