//! What a person keeps of a purge: what was there, what was sent, what is there now.

use crate::pages::service_usage::labels;
use rest_contract::cloud_foundry::{AfterReport, InstanceEvent, PurgeMarker, PurgeSign};

/// The facts of a purge beside marker and report.
pub struct Facts<'a> {
    pub user: &'a str,
    pub origin: &'a str,
    pub answered: &'a str,
    pub request_id: Option<&'a str>,
}

pub fn receipt(marker: &PurgeMarker, sign: PurgeSign, report: &AfterReport, facts: &Facts<'_>) -> String {
    let none = || "none".to_owned();
    let time = |second: Option<i64>| second.map_or_else(none, |second| labels::time(second) + " UTC");
    let mut lines = vec![
        "Purge and reseed of service usage events".to_owned(),
        String::new(),
        format!("Platform: {}", marker.target),
        format!("Reached through: {}", facts.origin),
        format!("Person: {}", facts.user),
        format!("Sent, by the platform's clock: {}", time(Some(marker.sent_at))),
        format!("Sent, by this computer's clock: {}", time(marker.sent_at_here)),
        format!("Answer: {}", facts.answered),
        format!("Request id: {}", facts.request_id.unwrap_or("not known")),
        format!("Decided by reading: {}", sign_words(sign)),
        String::new(),
        format!("Events before: {}", marker.events),
        format!("Newest before: {}", marker.newest.as_ref().map_or_else(none, |newest| newest.guid.clone())),
        format!("SHA-256 of the kept copy: {}", marker.sha256),
        format!("Events after: {}", report.events),
        format!("Of these seeded: {}, at {}", report.seeded, time(report.seeded_at)),
        String::new(),
    ];
    let mut list = |title: &str, events: &[InstanceEvent]| {
        lines.push(format!("{title}: {}", events.len()));
        lines.extend(events.iter().map(|event| {
            format!(
                "  {} ({}), event {}, {}",
                event.name,
                event.instance,
                event.event,
                labels::time(event.at)
            )
        }));
    };
    list("Doubled starts", &report.doubled_starts);
    list("Orphaned stops", &report.orphaned_stops);
    list("Instances that ran before and of which nothing tells any more", &report.vanished);
    lines.push(format!("Start times that only the kept copy holds: {}", report.lost_starts.len()));
    lines.extend(report.lost_starts.iter().map(|lost| {
        let (was, is) = (labels::time(lost.was), labels::time(lost.is));
        format!("  {} ({}), truly {was}, now {is}", lost.name, lost.instance)
    }));
    lines.push(String::new());
    lines.push(format!("Written {} by this computer's clock", time(Some(labels::now()))));
    lines.join("\n") + "\n"
}

pub fn sign_words(sign: PurgeSign) -> &'static str {
    match sign {
        PurgeSign::NotSeen => "nothing of a purge is to be seen",
        PurgeSign::Done => "purged and reseeded",
        PurgeSign::Emptied => "purged, and nothing was seeded",
    }
}
