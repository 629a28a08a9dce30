//! One event as it is on the wire (V3 API, "The service usage event object"), and a page of them.

use super::period::read_timestamp;
use crate::record::{ReadError, malformed};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The texts of an event. Documents allow null for nearly all of them; null is read as empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsageField {
    /// An open set: the platform may bring states that are not known here.
    State,
    InstanceName,
    InstanceGuid,
    /// `managed_service_instance` or `user_provided_service_instance`.
    InstanceType,
    PlanName,
    PlanGuid,
    OfferingName,
    OfferingGuid,
    SpaceName,
    SpaceGuid,
    OrganizationGuid,
    BrokerName,
    BrokerGuid,
}

impl UsageField {
    pub const ALL: [Self; 13] = [
        Self::State,
        Self::InstanceName,
        Self::InstanceGuid,
        Self::InstanceType,
        Self::PlanName,
        Self::PlanGuid,
        Self::OfferingName,
        Self::OfferingGuid,
        Self::SpaceName,
        Self::SpaceGuid,
        Self::OrganizationGuid,
        Self::BrokerName,
        Self::BrokerGuid,
    ];
    pub const COUNT: usize = Self::ALL.len();

    /// The path of the member in the event's JSON.
    pub fn path(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::InstanceName => "service_instance.name",
            Self::InstanceGuid => "service_instance.guid",
            Self::InstanceType => "service_instance.type",
            Self::PlanName => "service_plan.name",
            Self::PlanGuid => "service_plan.guid",
            Self::OfferingName => "service_offering.name",
            Self::OfferingGuid => "service_offering.guid",
            Self::SpaceName => "space.name",
            Self::SpaceGuid => "space.guid",
            Self::OrganizationGuid => "organization.guid",
            Self::BrokerName => "service_broker.name",
            Self::BrokerGuid => "service_broker.guid",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageEvent {
    pub guid: String,
    /// Seconds since 1970; the platform gives no fractions.
    pub created_at: i64,
    texts: [String; UsageField::COUNT],
}

impl UsageEvent {
    pub fn text(&self, field: UsageField) -> &str {
        self.texts.get(field as usize).map_or("", String::as_str)
    }

    /// Reads one event. `created_at` must be there: nothing can be said of an event without a time.
    pub fn read(json: &str) -> Result<Self, ReadError> {
        let wire: Wire = serde_json::from_str(json).map_err(malformed)?;
        let created_at = read_timestamp(&wire.created_at).ok_or_else(|| {
            ReadError::Malformed(format!("created_at of event {} is no time: {}", wire.guid, wire.created_at))
        })?;
        let text = |text: Option<String>| text.unwrap_or_default();
        Ok(Self {
            guid: wire.guid,
            created_at,
            // In the order of `UsageField::ALL`.
            texts: [
                text(wire.state),
                text(wire.service_instance.name),
                text(wire.service_instance.guid),
                text(wire.service_instance.kind),
                text(wire.service_plan.name),
                text(wire.service_plan.guid),
                text(wire.service_offering.name),
                text(wire.service_offering.guid),
                text(wire.space.name),
                text(wire.space.guid),
                text(wire.organization.guid),
                text(wire.service_broker.name),
                text(wire.service_broker.guid),
            ],
        })
    }
}

#[derive(Deserialize)]
struct Wire {
    guid: String,
    created_at: String,
    state: Option<String>,
    #[serde(default)]
    service_instance: Named,
    #[serde(default)]
    service_plan: Named,
    #[serde(default)]
    service_offering: Named,
    #[serde(default)]
    space: Named,
    #[serde(default)]
    organization: Named,
    #[serde(default)]
    service_broker: Named,
}

#[derive(Default, Deserialize)]
struct Named {
    guid: Option<String>,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// A page of the list (V3 API, "Pagination"). Its events are kept as the server's own bytes, so that
/// a copy of them is one.
#[derive(Debug)]
pub struct EventPage<'a> {
    /// How many events the question has in all. Not to be trusted on an empty page past the first.
    pub total: u64,
    pub has_more: bool,
    pub events: Vec<&'a str>,
}

impl<'a> EventPage<'a> {
    pub fn read(body: &'a [u8]) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Pagination<'a> {
            total_results: u64,
            #[serde(borrow)]
            next: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Page<'a> {
            #[serde(borrow)]
            pagination: Pagination<'a>,
            #[serde(borrow)]
            resources: Vec<&'a RawValue>,
        }
        let page: Page<'a> = serde_json::from_slice(body).map_err(malformed)?;
        Ok(Self {
            total: page.pagination.total_results,
            has_more: page.pagination.next.is_some_and(|next| next.get() != "null"),
            events: page.resources.into_iter().map(RawValue::get).collect(),
        })
    }

    /// The events; one that cannot be read fails the page, which would look complete without it.
    pub fn read_events(&self) -> Result<Vec<UsageEvent>, ReadError> {
        self.events.iter().map(|json| UsageEvent::read(json)).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `guid state instance plan hour`, the rest filled in; `-` for null.
    pub fn event(words: &str) -> UsageEvent {
        let mut words = words.split_whitespace();
        let mut next = || words.next().expect("guid state instance plan hour");
        let (guid, state, instance, plan, hour) = (next(), next(), next(), next(), next());
        let plan = if plan == "-" { "null".to_owned() } else { format!("\"{plan}\"") };
        let at = hour.parse::<i64>().expect("an hour") * 3600;
        let at = chrono::DateTime::from_timestamp(at, 0).expect("a time").format(super::super::TIMESTAMP);
        let json = format!(
            r#"{{"guid":"{guid}","created_at":"{at}","updated_at":"{at}","state":"{state}",
            "space":{{"guid":"space-1","name":"prod"}},"organization":{{"guid":"org-1"}},
            "service_instance":{{"guid":"{instance}","name":"name of {instance}","type":"managed_service_instance"}},
            "service_plan":{{"guid":{plan},"name":{plan}}},
            "service_offering":{{"guid":"offering-1","name":"database"}},
            "service_broker":{{"guid":null,"name":null}},"links":{{"self":{{"href":"x"}}}}}}"#
        );
        UsageEvent::read(&json).expect("an event")
    }

    #[test]
    fn every_text_comes_from_its_own_member() {
        let members: Vec<String> = UsageField::ALL.iter().map(|field| field.path().to_owned()).collect();
        let value = |path: &str| format!("\"value of {path}\"");
        let nested = |object: &str| {
            let inner: Vec<_> = members
                .iter()
                .filter_map(|path| path.strip_prefix(&format!("{object}.")))
                .map(|name| format!("\"{name}\":{}", value(&format!("{object}.{name}"))))
                .collect();
            format!("\"{object}\":{{{}}}", inner.join(","))
        };
        let objects = [
            "service_instance",
            "service_plan",
            "service_offering",
            "space",
            "organization",
            "service_broker",
        ];
        let json = format!(
            r#"{{"guid":"g","created_at":"1970-01-01T00:00:09Z","state":{},{}}}"#,
            value("state"),
            objects.map(nested).join(",")
        );
        let event = UsageEvent::read(&json).expect("an event");
        assert_eq!((event.guid.as_str(), event.created_at), ("g", 9));
        for field in UsageField::ALL {
            assert_eq!(event.text(field), format!("value of {}", field.path()));
        }
    }

    #[test]
    fn nulls_and_absent_objects_are_empty_and_a_state_nobody_knows_is_kept() {
        let json = r#"{"guid":"g","created_at":"2026-11-20T10:00:00Z","state":"MOVED","service_plan":{"guid":null}}"#;
        let event = UsageEvent::read(json).expect("an event");
        assert_eq!(event.text(UsageField::State), "MOVED");
        assert_eq!(event.text(UsageField::PlanGuid), "");
        assert_eq!(event.text(UsageField::SpaceGuid), "");
    }

    #[test]
    fn an_event_without_a_time_fails_its_page_and_is_named() {
        let body = br#"{"pagination":{"total_results":1,"total_pages":1,"first":{"href":"a"},"last":{"href":"a"},"next":null,"previous":null},
            "resources":[{"guid":"g-7","created_at":"yesterday","state":"CREATED"}]}"#;
        let page = EventPage::read(body).expect("a page");
        assert_eq!((page.total, page.has_more, page.events.len()), (1, false, 1));
        let problem = page.read_events().expect_err("no time").to_string();
        assert!(problem.contains("g-7") && problem.contains("yesterday"), "{problem}");
    }

    #[test]
    fn a_page_knows_whether_more_follow_and_keeps_the_bytes_of_its_events() {
        let body = br#"{"pagination":{"total_results":70,"next":{"href":"b"}},"resources":[ {"guid": "g" , "x":1.10} ]}"#;
        let page = EventPage::read(body).expect("a page");
        assert!(page.has_more);
        assert_eq!(page.events, [r#"{"guid": "g" , "x":1.10}"#]);
    }
}
