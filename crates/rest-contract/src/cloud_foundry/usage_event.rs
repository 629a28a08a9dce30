//! One event as it is on the wire (V3 API, "The service usage event object"), and a page of them.

use super::event_reading::Flaw;
use super::period::read_timestamp;
use crate::blank_text::is_blank;
use crate::raw_entries::RawEntries;
use crate::record::{ReadError, malformed};
use serde_json::value::RawValue;
use std::borrow::Cow;

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

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageEvent {
    pub guid: String,
    /// Seconds since 1970; the platform gives no fractions.
    pub created_at: i64,
    texts: [String; UsageField::COUNT],
    fault: Option<String>,
    /// The event as it came, where it has a fault.
    as_it_came: String,
}

impl UsageEvent {
    /// An event without a fault, of what it says.
    pub fn of(guid: String, created_at: i64, text: impl Fn(UsageField) -> String) -> Self {
        Self { guid, created_at, texts: UsageField::ALL.map(text), ..Self::default() }
    }

    pub fn text(&self, field: UsageField) -> &str {
        self.texts.get(field as usize).map_or("", String::as_str)
    }

    /// Why the event cannot be counted, if so: without a guid nobody can tell it from another one, and
    /// without a time nothing can be said of it. Such an event is shown and is in no figure.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// When it was created, where that could be read.
    pub fn known_time(&self) -> Option<i64> {
        (self.fault.is_none() || self.created_at != 0).then_some(self.created_at)
    }

    /// The JSON of an event with a fault.
    pub fn as_it_came(&self) -> &str {
        &self.as_it_came
    }

    /// Reads one event, member by member. A text that comes as something else is kept as it came.
    pub fn read(json: &str) -> Self {
        let Ok(RawEntries(members)) = serde_json::from_str(json) else {
            let fault = Some("It is no JSON object.".to_owned());
            return Self { fault, as_it_came: json.to_owned(), ..Self::default() };
        };
        let member = |name: &str| find(&members, name);
        let text_at = |field: &UsageField| match field.path().split_once('.') {
            None => member(field.path()).map(as_text),
            Some((object, name)) => {
                let object = member(object)?;
                match serde_json::from_str(object) {
                    Ok(RawEntries(inner)) => find(&inner, name).map(as_text),
                    // Not the object that is due: what came instead stands for its name.
                    Err(_) => (name == "name").then(|| as_text(object)),
                }
            }
        };
        let guid = member("guid").and_then(plain_text).filter(|guid| !is_blank(guid));
        let created = member("created_at").map(as_text).unwrap_or_default();
        let created_at = read_timestamp(&created);
        let fault = match (&guid, created_at) {
            (None, _) => Some("It has no guid that could be read.".to_owned()),
            (_, None) if created.is_empty() => Some("It does not say when it was created.".to_owned()),
            (_, None) => Some(format!("Its time of creation could not be read: {created}")),
            _ => None,
        };
        Self {
            guid: guid.unwrap_or_default(),
            created_at: created_at.unwrap_or_default(),
            texts: UsageField::ALL.map(|field| text_at(&field).unwrap_or_default()),
            as_it_came: if fault.is_some() { json.to_owned() } else { String::new() },
            fault,
        }
    }
}

fn find<'a>(members: &[(Cow<'a, str>, &'a RawValue)], name: &str) -> Option<&'a str> {
    members.iter().find(|(known, _)| known == name).map(|(_, raw)| raw.get())
}

/// The text of a token; the token itself where it is none, nothing for null.
fn as_text(token: &str) -> String {
    match token {
        "null" => String::new(),
        _ => plain_text(token).unwrap_or_else(|| token.to_owned()),
    }
}

fn plain_text(token: &str) -> Option<String> {
    serde_json::from_str(token).ok()
}

/// A page of the list (V3 API, "Pagination"). Its events are kept as the server's own bytes, so that
/// a copy of them is one.
#[derive(Debug)]
pub struct EventPage<'a> {
    /// How many events the question has in all, where the page says so.
    pub total: Option<usize>,
    pub has_more: bool,
    pub events: Vec<&'a str>,
}

impl<'a> EventPage<'a> {
    /// # Errors
    /// If the answer is no list: not JSON, or without `resources`.
    pub fn read(body: &'a [u8]) -> Result<Self, ReadError> {
        let RawEntries(members) = serde_json::from_slice(body).map_err(malformed)?;
        let resources = find(&members, "resources")
            .ok_or_else(|| ReadError::Malformed("the answer has no list of resources".to_owned()))?;
        let resources: Vec<&'a RawValue> = serde_json::from_str(resources).map_err(malformed)?;
        let pagination = find(&members, "pagination").and_then(|token| serde_json::from_str(token).ok());
        let RawEntries(pagination) = pagination.unwrap_or(RawEntries(Vec::new()));
        let total = find(&pagination, "total_results");
        Ok(Self {
            total: total.and_then(|token| serde_json::from_str(token).ok()),
            has_more: match find(&pagination, "next") {
                Some(next) => next != "null",
                // Where the page does not say, the next one tells.
                None => !resources.is_empty(),
            },
            events: resources.into_iter().map(RawValue::get).collect(),
        })
    }

    /// How many events the question has in all, of which this is the first page.
    ///
    /// # Errors
    /// Where the page does not say, or says what it does not bear out: more events than it announces, none
    /// although some are announced, fewer although no page follows.
    pub fn count(&self) -> Result<usize, Flaw> {
        let announced = self.total.ok_or(Flaw::NoCount)?;
        let (came, has_more) = (self.events.len(), self.has_more);
        let is_borne_out = match came {
            0 => announced == 0 && !has_more,
            _ => announced == came || (announced > came && has_more),
        };
        if is_borne_out { Ok(announced) } else { Err(Flaw::Unlike { announced, came, has_more }) }
    }

    /// The events, each in its place.
    pub fn read_events(&self) -> Vec<UsageEvent> {
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
        let at = chrono::DateTime::from_timestamp(at, 0).expect("a time").format("%Y-%m-%dT%H:%M:%SZ");
        let json = format!(
            r#"{{"guid":"{guid}","created_at":"{at}","updated_at":"{at}","state":"{state}",
            "space":{{"guid":"space-1","name":"prod"}},"organization":{{"guid":"org-1"}},
            "service_instance":{{"guid":"{instance}","name":"name of {instance}","type":"managed_service_instance"}},
            "service_plan":{{"guid":{plan},"name":{plan}}},
            "service_offering":{{"guid":"offering-1","name":"database"}},
            "service_broker":{{"guid":null,"name":null}},"links":{{"self":{{"href":"x"}}}}}}"#
        );
        UsageEvent::read(&json)
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
        let event = UsageEvent::read(&json);
        assert_eq!((event.guid.as_str(), event.created_at), ("g", 9));
        for field in UsageField::ALL {
            assert_eq!(event.text(field), format!("value of {}", field.path()));
        }
    }

    #[test]
    fn nulls_and_absent_objects_are_empty_and_a_state_nobody_knows_is_kept() {
        let json = r#"{"guid":"g","created_at":"2026-11-20T10:00:00Z","state":"MOVED","service_plan":{"guid":null}}"#;
        let event = UsageEvent::read(json);
        assert_eq!(event.text(UsageField::State), "MOVED");
        assert_eq!(event.text(UsageField::PlanGuid), "");
        assert_eq!(event.text(UsageField::SpaceGuid), "");
    }

    #[test]
    fn one_odd_event_or_member_takes_nothing_else_away() {
        let read = |json: &str| {
            let event = UsageEvent::read(json);
            let texts: Vec<_> = UsageField::ALL
                .map(|field| event.text(field).to_owned())
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            (event.guid.clone(), texts.join("|"), event.fault().map(str::to_owned))
        };
        let check = |json: &str, guid: &str, texts: &str, fault: Option<&str>| {
            assert_eq!(read(json), (guid.to_owned(), texts.to_owned(), fault.map(str::to_owned)), "{json}");
        };
        let at = r#""created_at":"2026-11-20T10:00:00Z""#;
        check(&format!(r#"{{"guid":"g",{at},"service_plan":null,"state":7}}"#), "g", "7", None);
        check(&format!(r#"{{"guid":"g",{at},"space":"prod","service_plan":[1]}}"#), "g", "[1]|prod", None);
        check(
            &format!(r#"{{"guid":"g",{at},"space":{{"name":{{"x":1}},"guid":null}}}}"#),
            "g",
            r#"{"x":1}"#,
            None,
        );
        check(
            r#"{"guid":"g-7","created_at":"yesterday","state":"CREATED"}"#,
            "g-7",
            "CREATED",
            Some("Its time of creation could not be read: yesterday"),
        );
        check(r#"{"guid":"g"}"#, "g", "", Some("It does not say when it was created."));
        check(&format!(r#"{{"guid":7,{at}}}"#), "", "", Some("It has no guid that could be read."));
        for blank in ["", "  ", "\u{a0}", "\u{200b}"] {
            let json = format!(r#"{{"guid":"{blank}",{at}}}"#);
            check(&json, "", "", Some("It has no guid that could be read."));
        }
        let named = UsageEvent::read(r#"{"space":"prod"}"#);
        assert_eq!((named.text(UsageField::SpaceName), named.text(UsageField::SpaceGuid)), ("prod", ""));
        for odd in [r#"{"guid":"g"}"#, "[]"] {
            assert_eq!(UsageEvent::read(odd).as_it_came(), odd);
        }
        assert_eq!(UsageEvent::read(&format!(r#"{{"guid":"g",{at}}}"#)).as_it_came(), "");
        check("[]", "", "", Some("It is no JSON object."));
        check("null", "", "", Some("It is no JSON object."));
    }

    #[test]
    fn a_page_stands_whatever_it_says_of_itself() {
        for pagination in ["null", "7", r#"{"total_results":"many"}"#, r#"{"total_results":-1,"next":7}"#] {
            let body = format!(r#"{{"pagination":{pagination},"resources":[{{"guid":"g"}}]}}"#);
            let page = EventPage::read(body.as_bytes()).expect(pagination);
            assert_eq!((page.total, page.has_more, page.events.len()), (None, true, 1), "{pagination}");
        }
        for body in ["[]", "{}", r#"{"resources":7}"#, "<html>"] {
            assert!(EventPage::read(body.as_bytes()).is_err(), "{body} is no list");
        }
    }

    #[test]
    fn a_page_knows_whether_more_follow_and_keeps_the_bytes_of_its_events() {
        let body = br#"{"pagination":{"total_results":70,"next":{"href":"b"}},"resources":[ {"guid": "g" , "x":1.10} ]}"#;
        let page = EventPage::read(body).expect("a page");
        assert!(page.has_more);
        assert_eq!(page.events, [r#"{"guid": "g" , "x":1.10}"#]);
        assert_eq!(page.read_events(), [UsageEvent::read(page.events[0])]);
    }
}
